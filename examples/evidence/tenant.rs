//! The two tenants: their names, their people, their products.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// The SID of the domain, invented.
pub(super) const DOMAIN_SID: &str = "S-1-5-21-1004336348-1177238915-682003330";

/// The connector account, as an express installation names it.
pub(super) const CONNECTOR_ACCOUNT: &str = "MSOL_0123456789ab";

/// Products, as the catalogue of licences names them.
pub(super) const BUSINESS_PREMIUM: Product = Product {
    sku: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    part: "SPB",
    plans: &[
        ("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM"),
        (
            "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
            "EXCHANGE_S_STANDARD",
        ),
        ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1"),
    ],
};

/// See [`BUSINESS_PREMIUM`]; its part number is misleading, and real.
pub(super) const BUSINESS_STANDARD: Product = Product {
    sku: "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
    part: "O365_BUSINESS_PREMIUM",
    plans: &[
        (
            "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
            "EXCHANGE_S_STANDARD",
        ),
        ("57ff2da0-773e-42df-b2af-ffb7a2317929", "TEAMS1"),
    ],
};

/// A product, with the plans that the example shows.
pub(super) struct Product {
    pub(super) sku: &'static str,
    pub(super) part: &'static str,
    pub(super) plans: &'static [(&'static str, &'static str)],
}

/// One person.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Person {
    pub(super) id: Uuid,
    /// The part before the at sign, and the account name in the domain.
    pub(super) name: String,
    pub(super) upn: String,
    /// The container, below the domain; nothing for people of the cloud.
    pub(super) ou: Option<&'static str>,
    pub(super) enabled: bool,
    pub(super) guest: bool,
    pub(super) admin: bool,
    pub(super) product: Option<&'static Product>,
    /// In the group that may reset.
    pub(super) pilot: bool,
    pub(super) methods: &'static [&'static str],
    pub(super) phone: Option<&'static str>,
    pub(super) password_set: DateTime<Utc>,
}

impl Person {
    pub(super) fn synced(&self) -> bool {
        self.ou.is_some()
    }
}

/// A tenant and its domain.
pub(super) struct Tenant {
    pub(super) id: Uuid,
    /// Such as `contoso`.
    pub(super) name: &'static str,
    /// When everything was collected.
    pub(super) collected: DateTime<Utc>,
    /// Self-service reset is for everybody, and not for the pilot group.
    pub(super) everybody: bool,
    /// The group that may reset, if not everybody.
    pub(super) pilot_group: Uuid,
    pub(super) people: Vec<Person>,
    /// Products with the units bought.
    pub(super) products: Vec<(&'static Product, usize)>,
}

impl Tenant {
    /// Such as `contoso.com`.
    pub(super) fn domain(&self) -> String {
        format!("{}.com", self.name)
    }

    /// Such as `DC=contoso,DC=com`.
    pub(super) fn dn(&self) -> String {
        format!("DC={},DC=com", self.name)
    }

    /// Such as `CONTOSO`.
    pub(super) fn netbios(&self) -> String {
        self.name.to_uppercase()
    }

    /// Such as `contoso.onmicrosoft.com`.
    pub(super) fn initial_domain(&self) -> String {
        format!("{}.onmicrosoft.com", self.name)
    }

    /// A full host name.
    pub(super) fn host(&self, short: &str) -> String {
        format!("{short}.{}", self.domain())
    }

    /// Whether self-service reset is enabled for a person.
    pub(super) fn in_scope(&self, person: &Person) -> bool {
        !person.guest && (self.everybody || person.pilot)
    }

    /// The person of a name.
    pub(super) fn person(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }
}

/// An invented id: the tenant, what it is of, and a number.
pub(super) fn id(tenant: u16, kind: u16, number: usize) -> Uuid {
    Uuid::from_u128(
        (u128::from(tenant) << 112)
            | (u128::from(kind) << 80)
            | (0x4000 << 64)
            | (0x8000 << 48)
            | number as u128,
    )
}

/// The names of so many people: `adoe`, `bdoe`, …, `aroe`, ….
pub(super) fn names(count: usize) -> Vec<String> {
    const LAST: [&str; 5] = ["doe", "roe", "poe", "loe", "noe"];
    (0..count)
        .map(|index| {
            let first = char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
            let last = LAST.get(index / 26 % LAST.len()).copied().unwrap_or("doe");
            format!("{first}{last}")
        })
        .collect()
}

/// A time of the example: so many days, hours and minutes before the collection.
pub(super) fn before(tenant: &Tenant, days: i64, hours: i64, minutes: i64) -> DateTime<Utc> {
    tenant.collected - Duration::days(days) - Duration::hours(hours) - Duration::minutes(minutes)
}

/// 2026-11-20, nine in the morning, UTC.
pub(super) fn collected() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_165_200, 0).unwrap_or_default()
}
