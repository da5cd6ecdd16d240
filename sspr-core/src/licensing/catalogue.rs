//! The products that the library knows by name, and what speaks for a right of each.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Microsoft's table of products as it stood on 2026-06-24; `data/README.md` tells its columns.
static TABLE: &str = include_str!("../../data/products.tsv");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(TABLE));

/// All products of Microsoft's table of product names, with their rights to reset a password.
///
/// ```
/// use sspr::licensing::{Catalogue, Certainty};
///
/// let product = Catalogue::get().find("ENTERPRISEPACK")[0];
/// assert_eq!(product.name, "Office 365 E3");
/// let ground = product.ground.expect("Office 365 is listed");
/// assert!(!ground.writeback());
/// assert_eq!(ground.certainty(), Certainty::Ambiguous);
/// ```
#[derive(Debug)]
pub struct Catalogue {
    products: Vec<Product>,
    by_id: HashMap<Uuid, usize>,
}

/// A product that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its id (`skuId`), the only key.
    pub id: Uuid,
    /// Its part number (`skuPartNumber`), such as `ENTERPRISEPACK`. Not unique.
    pub part_number: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Other names of it in the same table.
    pub other_names: Vec<&'static str>,
    /// What speaks for a right to reset or write back; `None` when nothing does.
    pub ground: Option<Ground>,
    /// The Entra ID plans it holds.
    pub plans: Vec<EntraPlan>,
    /// Meant for rooms or shared devices.
    pub for_devices: bool,
}

/// What speaks for a product's right to reset or write back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Ground {
    /// It holds Entra ID P1 or P2.
    EntraPremium,
    /// Microsoft 365 Business Standard, which the licensing page names. No plan shows this right.
    BusinessStandard,
    /// It holds Entra ID Basic, which is retired.
    EntraBasic,
    /// A paid Office 365 suite without an Entra plan: an older wording named "any paid Office 365
    /// SKU", the present one does not.
    Office365,
    /// It holds Entra ID Basic for Education, of which no statement is known.
    EntraBasicEdu,
    /// Microsoft 365 Business Basic, which the page's "Business Standard or higher" leaves out.
    BusinessBasic,
    /// Microsoft 365 Apps alone.
    OfficeApps,
    /// It holds `AAD_SMB` without P1.
    EntraSmallBusiness,
    /// It holds `AAD_EDU` alone, whose meaning is not documented.
    EntraEdu,
}

/// How sure a right is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Certainty {
    /// Microsoft's pages state it.
    Granted,
    /// Microsoft's older pages stated it of a product that is retired.
    Historical,
    /// Microsoft's pages disagree or are silent.
    Ambiguous,
}

impl Ground {
    const WORDS: [(&'static str, Self); 9] = [
        ("entraPremium", Self::EntraPremium),
        ("businessStandard", Self::BusinessStandard),
        ("entraBasic", Self::EntraBasic),
        ("office365", Self::Office365),
        ("entraBasicEdu", Self::EntraBasicEdu),
        ("businessBasic", Self::BusinessBasic),
        ("officeApps", Self::OfficeApps),
        ("entraSmallBusiness", Self::EntraSmallBusiness),
        ("entraEdu", Self::EntraEdu),
    ];

    /// Whether it stands for the right to write a password back to the on-premises directory.
    pub const fn writeback(self) -> bool {
        matches!(self, Self::EntraPremium)
    }

    /// Whether it speaks for the right to reset a forgotten password of a cloud-only account;
    /// [`certainty`](Self::certainty) says how surely.
    pub const fn cloud_reset(self) -> bool {
        !matches!(self, Self::EntraSmallBusiness | Self::EntraEdu)
    }

    /// How sure the right is.
    pub const fn certainty(self) -> Certainty {
        match self {
            Self::EntraPremium | Self::BusinessStandard => Certainty::Granted,
            Self::EntraBasic => Certainty::Historical,
            Self::Office365
            | Self::EntraBasicEdu
            | Self::BusinessBasic
            | Self::OfficeApps
            | Self::EntraSmallBusiness
            | Self::EntraEdu => Certainty::Ambiguous,
        }
    }

    /// Why, in a few words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::EntraPremium => "holds Microsoft Entra ID P1 or P2",
            Self::BusinessStandard => "is named by Microsoft's licensing page",
            Self::EntraBasic => "holds Entra ID Basic, which is retired",
            Self::Office365 => {
                "is a paid Office 365 suite, which only an older wording of Microsoft's page names"
            }
            Self::EntraBasicEdu => {
                "holds Entra ID Basic for Education, of which Microsoft states nothing"
            }
            Self::BusinessBasic => {
                "is below \"Business Standard or higher\", the present wording of Microsoft's page"
            }
            Self::OfficeApps => "holds the Office applications alone",
            Self::EntraSmallBusiness => "holds AAD_SMB without Entra ID P1",
            Self::EntraEdu => "holds AAD_EDU alone, whose meaning is not documented",
        }
    }
}

macro_rules! entra_plans {
    ($($(#[$doc:meta])* $plan:ident = $id:literal, $code:literal, $name:literal;)*) => {
        /// The service plans of Entra ID that matter to password reset.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum EntraPlan { $($(#[$doc])* $plan,)* }

        impl EntraPlan {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$plan),*];

            /// Its id (`servicePlanId`).
            pub const fn id(self) -> Uuid {
                match self { $(Self::$plan => Uuid::from_u128($id),)* }
            }

            /// Its name in the data, such as `AAD_PREMIUM`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$plan => $code,)* }
            }

            /// What Microsoft calls it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$plan => $name,)* }
            }
        }
    };
}

entra_plans! {
    /// Entra ID P1.
    Premium = 0x4178_1fb2_bc02_4b7c_bd55_b576_c07b_b09d, "AAD_PREMIUM", "Microsoft Entra ID P1";
    /// Entra ID P2.
    PremiumP2 = 0xeec0_eb4f_6444_4f95_aba0_50c2_4d67_f998, "AAD_PREMIUM_P2", "Microsoft Entra ID P2";
    /// Entra ID Basic, retired.
    Basic = 0xc4da_7f8a_5ee2_4c99_a7e1_87d2_df57_f6fe, "AAD_BASIC", "Microsoft Entra ID Basic (retired)";
    /// Entra ID Basic for Education.
    BasicEdu = 0x1d0f_309f_fdf9_4b2a_9ae7_9c48_b91f_1426, "AAD_BASIC_EDU", "Microsoft Entra ID Basic for Education";
    /// In the Business Premium suites beside P1. Alone it grants nothing.
    SmallBusiness = 0xde37_7cbc_0019_4ec2_b77c_3f22_3947_e102, "AAD_SMB", "Azure Active Directory (small business)";
    /// Meaning not documented.
    Edu = 0x3a39_76ce_de18_4a87_a78e_5e92_45e2_52df, "AAD_EDU", "Azure AD for Education";
}

impl EntraPlan {
    /// The plan of this id.
    pub fn of(id: Uuid) -> Option<Self> {
        Self::ALL.iter().copied().find(|plan| plan.id() == id)
    }

    /// The plan of this name, as the data or Microsoft writes it, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL.iter().copied().find(|plan| {
            plan.code().eq_ignore_ascii_case(name) || plan.name().eq_ignore_ascii_case(name)
        })
    }

    /// Whether it grants writeback, and with it every reset: P1 and P2 do.
    pub const fn writeback(self) -> bool {
        matches!(self, Self::Premium | Self::PremiumP2)
    }
}

impl Catalogue {
    /// The catalogue, read at its first use.
    pub fn get() -> &'static Self {
        &CATALOGUE
    }

    /// All products, by id.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// The product of this id.
    pub fn by_id(&self, id: Uuid) -> Option<&Product> {
        self.products.get(*self.by_id.get(&id)?)
    }

    /// The products that an id, a part number, a product's name or an Entra plan's id or name
    /// means, in any case. A plan means all products that hold it.
    pub fn find(&self, text: &str) -> Vec<&Product> {
        let text = text.trim();
        let id = Uuid::try_parse(text).ok();
        if let Some(product) = id.and_then(|id| self.by_id(id)) {
            return vec![product];
        }
        let plan = id.map_or_else(|| EntraPlan::named(text), EntraPlan::of);
        self.products
            .iter()
            .filter(|product| match plan {
                Some(plan) => product.plans.contains(&plan),
                None => {
                    product.part_number.eq_ignore_ascii_case(text)
                        || product.names().any(|name| name.eq_ignore_ascii_case(text))
                }
            })
            .collect()
    }

    fn parse(table: &'static str) -> Self {
        let products: Vec<_> = table.lines().filter_map(Product::parse).collect();
        let by_id = products
            .iter()
            .enumerate()
            .map(|(index, product)| (product.id, index))
            .collect();
        Self { products, by_id }
    }
}

impl Product {
    /// All its names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.other_names.iter().copied())
    }

    fn parse(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let id = Uuid::try_parse(fields.next()?).ok()?;
        let part_number = fields.next()?;
        let mut names = fields.next()?.split('|');
        let ground = fields.next().unwrap_or_default();
        let plans = fields.next().unwrap_or_default();
        Some(Self {
            id,
            part_number,
            name: names.next()?,
            other_names: names.collect(),
            ground: Ground::WORDS
                .iter()
                .find(|(word, _)| *word == ground)
                .map(|(_, ground)| *ground),
            plans: plans.split(',').filter_map(EntraPlan::named).collect(),
            for_devices: fields.next() == Some("device"),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn count(wanted: impl Fn(&Product) -> bool) -> usize {
        let products = Catalogue::get().products();
        products.iter().filter(|product| wanted(product)).count()
    }

    fn has_ground(product: &Product, wanted: impl Fn(Ground) -> bool) -> bool {
        product.ground.is_some_and(wanted)
    }

    #[test]
    fn the_table_holds_every_product_and_right_it_is_said_to_hold() {
        assert_eq!(Catalogue::get().products().len(), TABLE.lines().count());
        assert_eq!(count(|_| true), 619);
        assert_eq!(count(|p| p.ground.is_some()), 116);
        assert_eq!(count(|p| has_ground(p, Ground::writeback)), 68);
        assert_eq!(
            count(|p| has_ground(p, |g| g.cloud_reset() && !g.writeback())),
            45
        );
        assert_eq!(count(|p| has_ground(p, |g| !g.cloud_reset())), 3);
        assert_eq!(count(|p| p.plans.contains(&EntraPlan::Premium)), 65);
        assert_eq!(count(|p| p.plans.contains(&EntraPlan::PremiumP2)), 27);
        assert_eq!(
            count(|p| p.for_devices && has_ground(p, Ground::writeback)),
            10
        );
    }

    #[test]
    fn every_ground_in_the_table_is_known_and_agrees_with_the_plans() {
        for line in TABLE.lines() {
            let word = line.split('\t').nth(3).unwrap_or_default();
            assert!(
                word.is_empty() || Ground::WORDS.iter().any(|(known, _)| *known == word),
                "{line}"
            );
        }
        for product in Catalogue::get().products() {
            let premium = product.plans.iter().any(|plan| plan.writeback());
            assert_eq!(
                premium,
                product.ground == Some(Ground::EntraPremium),
                "{product:?}"
            );
        }
    }

    #[test]
    fn a_product_is_found_by_id_part_number_name_and_plan() {
        let catalogue = Catalogue::get();
        let by_id = catalogue.find("{F245ECC8-75AF-4F8E-B61F-27D8114DE5F3}");
        assert_eq!(by_id[0].ground, Some(Ground::BusinessStandard));
        assert_eq!(by_id[0].part_number, "O365_BUSINESS_PREMIUM");
        assert_eq!(catalogue.find("microsoft 365 business standard").len(), 1);
        assert_eq!(
            catalogue.find("mcopstn5").len(),
            2,
            "part numbers are not unique"
        );
        assert_eq!(catalogue.find("AAD_PREMIUM_P2").len(), 27);
        assert_eq!(
            catalogue.find("c4da7f8a-5ee2-4c99-a7e1-87d2df57f6fe").len(),
            1
        );
        assert_eq!(
            catalogue.find("Power Virtual Agent User License").len(),
            1,
            "an older name of the same product"
        );
        assert!(catalogue.find("no such product").is_empty());
        assert!(catalogue.find("").is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_finds_products_or_none(text in "\\PC{0,40}") {
            for product in Catalogue::get().find(&text) {
                prop_assert!(!product.part_number.is_empty());
            }
        }

        #[test]
        fn every_product_is_found_by_its_id_in_any_spelling(index in 0_usize..619) {
            let catalogue = Catalogue::get();
            let product = &catalogue.products()[index];
            for id in [product.id.to_string(), product.id.braced().to_string().to_uppercase()] {
                let found = catalogue.find(&format!(" {id} "));
                prop_assert!(found.iter().any(|found| found.id == product.id));
            }
            let named = catalogue.find(&product.part_number.to_lowercase());
            prop_assert!(named.iter().any(|found| found.id == product.id));
        }
    }
}
