//! Where security templates lie in a copy of SYSVOL and in a backup of GPOs.

use super::GpoId;

/// The place of a `GptTmpl.inf` that tells which GPO it belongs to, together with the file that
/// lies there beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePath {
    /// `Policies/{id}/Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf`, as in SYSVOL, where the
    /// folder's name is the id of the GPO (MS-GPOL 2.2.4, `gPCFileSysPath`).
    Sysvol {
        /// The GPO's folder, in lower case; its `GPT.INI` lies in it.
        folder: String,
        /// The GPO.
        id: GpoId,
        /// The DNS name of the domain, where the folder above `Policies` is named like one.
        domain: Option<String>,
    },
    /// `DomainSysvol/GPO/Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf`, as in a backup.
    Backup {
        /// The backup's folder, in lower case; its `bkupInfo.xml` and `Backup.xml` lie in it.
        folder: String,
    },
}

/// The end of a template's path, below the folder of its GPO.
const TEMPLATE: &str = "/machine/microsoft/windows nt/secedit/gpttmpl.inf";

impl TemplatePath {
    /// The place of a path, if it is one of the two. Case and the kind of slash do not count.
    pub fn of(path: &str) -> Option<Self> {
        let path = normal(path);
        let folder = path.strip_suffix(TEMPLATE)?;
        if let Some(folder) = folder.strip_suffix("domainsysvol/gpo") {
            let folder = folder.trim_end_matches('/').to_owned();
            return Some(Self::Backup { folder });
        }
        let mut parts = folder.rsplit('/');
        let id = parts.next()?;
        if !(id.starts_with('{') && id.ends_with('}')) || parts.next()? != "policies" {
            return None;
        }
        let id = id.parse().ok()?;
        let domain = parts
            .next()
            .filter(|name| name.contains('.') && *name != ".");
        Some(Self::Sysvol {
            folder: folder.to_owned(),
            id,
            domain: domain.map(str::to_owned),
        })
    }

    /// The folder that a file stands in, as the places name folders.
    pub fn folder_of(path: &str) -> String {
        let path = normal(path);
        let end = path.rfind('/').unwrap_or_default();
        path.get(..end).unwrap_or_default().to_owned()
    }
}

fn normal(path: &str) -> String {
    path.replace('\\', "/").to_lowercase()
}
