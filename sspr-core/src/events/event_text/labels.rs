//! The labels of Event Viewer in the languages that are known here, and what a few of its words mean.

use crate::events::security::{AUDIT_FAILURE, AUDIT_SUCCESS};

/// The labels of one language.
pub(super) struct Labels {
    /// The language's name in English.
    pub(super) language: &'static str,
    pub(super) log: &'static str,
    pub(super) source: &'static str,
    pub(super) date: &'static str,
    pub(super) id: &'static str,
    pub(super) level: &'static str,
    pub(super) keywords: &'static str,
    pub(super) computer: &'static str,
    pub(super) description: &'static str,
    /// Critical, error, warning, information.
    levels: [&'static str; 4],
    /// An audit that succeeded, and one that failed.
    audits: [&'static str; 2],
}

/// The languages whose labels are known. Other languages are read by the positions of the lines.
pub(super) const LANGUAGES: [Labels; 8] = [
    Labels {
        language: "English",
        log: "Log Name",
        source: "Source",
        date: "Date",
        id: "Event ID",
        level: "Level",
        keywords: "Keywords",
        computer: "Computer",
        description: "Description",
        levels: ["Critical", "Error", "Warning", "Information"],
        audits: ["Audit Success", "Audit Failure"],
    },
    Labels {
        language: "German",
        log: "Protokollname",
        source: "Quelle",
        date: "Datum",
        id: "Ereignis-ID",
        level: "Ebene",
        keywords: "Schlüsselwörter",
        computer: "Computer",
        description: "Beschreibung",
        levels: ["Kritisch", "Fehler", "Warnung", "Informationen"],
        audits: ["Überwachung erfolgreich", "Überwachung gescheitert"],
    },
    Labels {
        language: "French",
        log: "Nom du journal",
        source: "Source",
        date: "Date",
        id: "ID de l'événement",
        level: "Niveau",
        keywords: "Mots clés",
        computer: "Ordinateur",
        description: "Description",
        levels: ["Critique", "Erreur", "Avertissement", "Information"],
        audits: ["Succès de l'audit", "Échec de l'audit"],
    },
    Labels {
        language: "Spanish",
        log: "Nombre de registro",
        source: "Origen",
        date: "Fecha",
        id: "Id. del evento",
        level: "Nivel",
        keywords: "Palabras clave",
        computer: "Equipo",
        description: "Descripción",
        levels: ["Crítico", "Error", "Advertencia", "Información"],
        audits: ["Auditoría correcta", "Error de auditoría"],
    },
    Labels {
        language: "Italian",
        log: "Nome registro",
        source: "Origine",
        date: "Data",
        id: "ID evento",
        level: "Livello",
        keywords: "Parole chiave",
        computer: "Computer",
        description: "Descrizione",
        levels: ["Critico", "Errore", "Avviso", "Informazioni"],
        audits: ["Controllo riuscito", "Controllo non riuscito"],
    },
    Labels {
        language: "Portuguese",
        log: "Nome do Log",
        source: "Fonte",
        date: "Data",
        id: "Identificação do Evento",
        level: "Nível",
        keywords: "Palavras-chave",
        computer: "Computador",
        description: "Descrição",
        levels: ["Crítico", "Erro", "Aviso", "Informações"],
        audits: ["Sucesso da Auditoria", "Falha de Auditoria"],
    },
    Labels {
        language: "Dutch",
        log: "Logboeknaam",
        source: "Bron",
        date: "Datum",
        id: "Gebeurtenis-id",
        level: "Niveau",
        keywords: "Trefwoorden",
        computer: "Computer",
        description: "Beschrijving",
        levels: ["Kritiek", "Fout", "Waarschuwing", "Informatie"],
        audits: ["Controle geslaagd", "Controle mislukt"],
    },
    Labels {
        language: "Japanese",
        log: "ログの名前",
        source: "ソース",
        date: "日付",
        id: "イベント ID",
        level: "レベル",
        keywords: "キーワード",
        computer: "コンピューター",
        description: "説明",
        levels: ["重大", "エラー", "警告", "情報"],
        audits: ["成功の監査", "失敗の監査"],
    },
];

/// Whether two words are the same but for case and the form of the apostrophe.
pub(super) fn same(one: &str, other: &str) -> bool {
    let fold = |text: &str| {
        text.trim()
            .chars()
            .map(|c| if c == '’' { '\'' } else { c })
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    fold(one) == fold(other)
}

/// A level by its name in any of the languages.
pub(super) fn level(word: &str) -> Option<u8> {
    LANGUAGES.iter().find_map(|labels| {
        let at = labels.levels.iter().position(|known| same(known, word))?;
        u8::try_from(at + 1).ok()
    })
}

/// The keywords that tell whether an audit succeeded, in any of the languages.
pub(super) fn keywords(words: &str) -> Option<u64> {
    let has = |known: &str| words.split(',').any(|word| same(word, known));
    LANGUAGES.iter().find_map(|labels| {
        let [success, failure] = labels.audits;
        match (has(success), has(failure)) {
            (true, false) => Some(AUDIT_SUCCESS),
            (false, true) => Some(AUDIT_FAILURE),
            _ => None,
        }
    })
}
