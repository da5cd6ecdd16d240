//! The access check and the inheritance of entries, held against a directory server that decides.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and prints its seed"
)]

#[path = "samba/domain.rs"]
mod domain;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::{BASE, CONNECTOR, Domain, Outcome};
use sspr::directory::security::{
    Ace, AceKind, Acl, Control, Granted, Mask, ObjectClass, SecurityDescriptor, Sid, SidAliases,
    Target, Token, Wanted, guids, inherit_into, well_known,
};
use uuid::Uuid;

/// A small generator, so that a seed gives the same cases everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.roll(choices.len() as u64)).unwrap()]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

#[test]
#[ignore = "needs Samba as a domain controller: apt-get install samba samba-ad-provision samba-dsdb-modules \
            samba-vfs-modules winbind python3-samba ldb-tools ldap-utils python3-markdown python3-cryptography"]
fn every_prediction_agrees_with_a_directory_server() {
    let number = |name: &str, default: u64| {
        std::env::var(name)
            .ok()
            .and_then(|value| value.parse().ok())
            .unwrap_or(default)
    };
    let (seed, cases) = (number("SSPR_SEED", 20_261_122), number("SSPR_CASES", 300));
    println!("seed {seed}, {cases} cases (SSPR_SEED and SSPR_CASES change them)");
    let domain = Domain::start();
    let world = World::build(&domain);
    let mut dice = Dice(seed);
    let mut tally = BTreeMap::new();
    for case in 0..cases {
        world.try_case(&mut dice, case, &mut tally);
    }
    println!("{tally:?}");
    for what in [
        "reset Done",
        "reset Denied",
        "lockoutTime Done",
        "lockoutTime Denied",
    ] {
        assert!(
            tally.contains_key(what),
            "the cases never came to {what}: {tally:?}"
        );
    }
}

struct World<'a> {
    domain: &'a Domain,
    token: Token,
    /// Whom entries may speak of: the connector, its groups, others.
    trustees: Vec<Sid>,
}

impl<'a> World<'a> {
    /// The connector account in a global group in a domain-local group, and a stranger.
    fn build(domain: &'a Domain) -> Self {
        let mut ldif = String::new();
        let password = secret(CONNECTOR.1);
        let _ = write!(
            ldif,
            "dn: CN=connector,CN=Users,{BASE}\nchangetype: add\nobjectClass: user\nsAMAccountName: connector\n\
             userPrincipalName: {}\nuserAccountControl: 512\nunicodePwd:: {password}\n\n\
             dn: CN=stranger,CN=Users,{BASE}\nchangetype: add\nobjectClass: user\nsAMAccountName: stranger\n\n\
             dn: CN=inner,CN=Users,{BASE}\nchangetype: add\nobjectClass: group\nsAMAccountName: inner\n\
             groupType: -2147483646\nmember: CN=connector,CN=Users,{BASE}\n\n\
             dn: CN=outer,CN=Users,{BASE}\nchangetype: add\nobjectClass: group\nsAMAccountName: outer\n\
             groupType: -2147483644\nmember: CN=inner,CN=Users,{BASE}\n\n",
            CONNECTOR.0
        );
        domain.change(&ldif);
        let sid = |name: &str| {
            let entry = domain.search(
                &format!("CN={name},CN=Users,{BASE}"),
                "base",
                "(objectClass=*)",
                &["objectSid"],
            );
            Sid::parse(&binary(&entry, "objectSid")[0]).unwrap()
        };
        let connector = sid("connector");
        let root = domain.search_as(CONNECTOR, "", "base", "(objectClass=*)", &["tokenGroups"]);
        let groups = binary(&root, "tokenGroups");
        let token = Token::exact(
            connector,
            groups.iter().map(|bytes| Sid::parse(bytes).unwrap()),
        );
        for expected in [
            well_known::EVERYONE,
            well_known::AUTHENTICATED_USERS,
            sid("outer"),
        ] {
            assert!(token.is_granted(&expected), "{expected} is in the token");
        }
        let trustees = vec![
            connector,
            sid("inner"),
            sid("outer"),
            sid("stranger"),
            well_known::AUTHENTICATED_USERS,
            well_known::EVERYONE,
            well_known::SELF,
            well_known::CREATOR_OWNER,
        ];
        Self {
            domain,
            token,
            trustees,
        }
    }

    fn try_case(&self, dice: &mut Dice, case: u64, tally: &mut BTreeMap<String, u32>) {
        let ou = format!("OU=case{case},{BASE}");
        let class = if dice.chance(75) {
            "user"
        } else {
            "inetOrgPerson"
        };
        let person = format!("CN=person,{ou}");
        let mut ldif = String::new();
        let _ = write!(
            ldif,
            "dn: {ou}\nchangetype: add\nobjectClass: organizationalUnit\n\n\
             dn: {person}\nchangetype: add\nobjectClass: {class}\nsAMAccountName: person{case}\n\
             userAccountControl: 512\nunicodePwd:: {}\n\n",
            secret(&format!("Example-Person-{case}")),
        );
        self.domain.change(&ldif);
        self.store(&ou, &self.random_list(dice), false);
        let protected = dice.chance(15);
        if protected || dice.chance(50) {
            self.store(&person, &self.random_list(dice), protected);
        }

        let parent = self.descriptor(&ou);
        let descriptor = self.descriptor(&person);
        let class = ObjectClass(if class == "user" {
            guids::USER
        } else {
            guids::INET_ORG_PERSON
        });
        compare_inheritance(&parent, &descriptor, class, case, tally);

        let entry = self
            .domain
            .search(&person, "base", "(objectClass=*)", &["objectSid"]);
        let sid = Sid::parse(&binary(&entry, "objectSid")[0]).ok();
        let target = Target {
            descriptor: &descriptor,
            class,
            sid,
        };
        let attempts = [
            (
                "reset",
                Wanted::ControlAccess(guids::RESET_PASSWORD),
                format!(
                    "replace: unicodePwd\nunicodePwd:: {}\n",
                    secret(&format!("Example-Reset-{case}"))
                ),
            ),
            (
                "lockoutTime",
                Wanted::write(guids::LOCKOUT_TIME),
                "replace: lockoutTime\nlockoutTime: 0\n".into(),
            ),
            (
                "pwdLastSet",
                Wanted::write(guids::PWD_LAST_SET),
                "replace: pwdLastSet\npwdLastSet: 0\n".into(),
            ),
        ];
        for (what, wanted, change) in attempts {
            let predicted = target.check(&self.token, wanted);
            let outcome = self
                .domain
                .attempt(&format!("dn: {person}\nchangetype: modify\n{change}"));
            *tally.entry(format!("{what} {outcome:?}")).or_default() += 1;
            let agrees = match outcome {
                Outcome::Done => predicted.granted == Granted::Yes,
                Outcome::Denied => predicted.granted == Granted::No,
                // An object that cannot be seen does not exist for the caller.
                Outcome::Other(32) => continue,
                Outcome::Other(_) => false,
            };
            let excused = !agrees && deviation(&descriptor, wanted, &self.token);
            if excused {
                *tally.entry(format!("{what} deviation")).or_default() += 1;
            }
            assert!(
                agrees || excused,
                "case {case}, {what}: predicted {predicted:?}, the server said {outcome:?}\n{}",
                descriptor.to_sddl()
            );
        }
    }

    fn random_list(&self, dice: &mut Dice) -> Vec<Ace> {
        let rights = [
            Some(guids::RESET_PASSWORD),
            Some(guids::CHANGE_PASSWORD),
            Some(guids::LOCKOUT_TIME),
            Some(guids::PWD_LAST_SET),
            Some(guids::USER_ACCOUNT_RESTRICTIONS),
            Some(guids::USER),
            Some(Uuid::from_u128(0x1234)),
            None,
        ];
        let masks = [
            Mask::CONTROL_ACCESS,
            Mask::WRITE_PROPERTY,
            Mask::CONTROL_ACCESS | Mask::WRITE_PROPERTY,
            Mask::READ_PROPERTY,
            Mask::FULL_CONTROL,
            Mask::GENERIC_WRITE,
        ];
        let mut entries = Vec::new();
        for _ in 0..=dice.roll(4) {
            let mut ace = Ace::new(
                if dice.chance(75) {
                    AceKind::Allow
                } else {
                    AceKind::Deny
                },
                *dice.pick(&masks),
                *dice.pick(&self.trustees),
            )
            .with_types(
                *dice.pick(&rights),
                *dice.pick(&[
                    None,
                    None,
                    Some(guids::USER),
                    Some(guids::INET_ORG_PERSON),
                    Some(guids::GROUP),
                ]),
            );
            ace.flags = *dice.pick(&[
                0,
                Ace::CONTAINER_INHERIT,
                Ace::CONTAINER_INHERIT | Ace::INHERIT_ONLY,
            ]);
            if ace.flags != 0 && dice.chance(15) {
                ace.flags |= Ace::NO_PROPAGATE;
            }
            entries.push(ace);
        }
        entries
    }

    /// Stores an access list. Everybody may look, so that an attempt is decided by the right alone.
    fn store(&self, dn: &str, entries: &[Ace], protected: bool) {
        let mut entries = entries.to_vec();
        let mut look = Ace::new(
            AceKind::Allow,
            Mask::READ_PROPERTY | Mask::LIST_CONTENTS | Mask::LIST_OBJECT | Mask::READ_CONTROL,
            well_known::EVERYONE,
        );
        look.flags = Ace::CONTAINER_INHERIT;
        entries.insert(0, look);
        let descriptor = SecurityDescriptor {
            control: Control(
                Control::DACL_PRESENT
                    | if protected {
                        Control::DACL_PROTECTED
                    } else {
                        0
                    },
            ),
            dacl: Some(Acl {
                revision: 4,
                entries,
            }),
            ..SecurityDescriptor::default()
        };
        let bytes = base64(&descriptor.to_bytes().unwrap());
        self.domain.change(&format!(
            "dn: {dn}\nchangetype: modify\nreplace: nTSecurityDescriptor\nnTSecurityDescriptor:: {bytes}\n"
        ));
    }

    fn descriptor(&self, dn: &str) -> SecurityDescriptor {
        let entry = self
            .domain
            .search(dn, "base", "(objectClass=*)", &["nTSecurityDescriptor"]);
        let bytes = &binary(&entry, "nTSecurityDescriptor")[0];
        let descriptor = SecurityDescriptor::parse(bytes).unwrap();
        let again =
            SecurityDescriptor::from_sddl(&descriptor.to_sddl(), &SidAliases::default()).unwrap();
        assert_eq!(
            again.access_list(),
            descriptor.access_list(),
            "SDDL keeps what the server stored"
        );
        descriptor
    }
}

/// Where Samba is known to decide otherwise than Windows: an *object* entry that allows extended
/// rights and not writing, with no object type or a type that covers the attribute, lets Samba
/// write the attribute as well.
fn deviation(descriptor: &SecurityDescriptor, wanted: Wanted, token: &Token) -> bool {
    let Wanted::WriteProperty {
        attribute,
        property_set,
    } = wanted
    else {
        return false;
    };
    descriptor
        .access_list()
        .unwrap_or_default()
        .iter()
        .any(|ace| {
            ace.ace_type.kind() == AceKind::Allow
                && ace.types.is_some_and(|types| {
                    types.object.is_none_or(|object| {
                        object == attribute || Some(object) == property_set || object == guids::USER
                    })
                })
                && ace.mask.has(Mask::CONTROL_ACCESS)
                && !ace.mask.has(Mask::WRITE_PROPERTY)
                && ace.sid.is_some_and(|sid| token.is_granted(&sid))
        })
}

fn compare_inheritance(
    parent: &SecurityDescriptor,
    child: &SecurityDescriptor,
    class: ObjectClass,
    case: u64,
    tally: &mut BTreeMap<String, u32>,
) {
    let stored: Vec<_> = child
        .access_list()
        .unwrap_or_default()
        .iter()
        .filter(|ace| ace.has(Ace::INHERITED))
        .cloned()
        .collect();
    let expected = if child.is_protected() {
        Vec::new()
    } else {
        inherit_into(
            parent.access_list().unwrap_or_default(),
            class,
            child.owner,
            child.group,
        )
    };
    *tally.entry("inheritance compared".to_owned()).or_default() += 1;
    assert!(
        stored == expected,
        "case {case}: the server stored, and should have\n{}\n{}\nfrom {}",
        as_sddl(stored),
        as_sddl(expected),
        parent.to_sddl()
    );
}

fn as_sddl(entries: Vec<Ace>) -> String {
    SecurityDescriptor {
        control: Control(Control::DACL_PRESENT),
        dacl: Some(Acl {
            revision: 4,
            entries,
        }),
        ..SecurityDescriptor::default()
    }
    .to_sddl()
}

/// A password as the directory takes it: in quotes, UTF-16LE, base64.
fn secret(text: &str) -> String {
    let bytes: Vec<u8> = format!("\"{text}\"")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    base64(&bytes)
}

/// The base64 values of an attribute.
fn binary(ldif: &str, attribute: &str) -> Vec<Vec<u8>> {
    ldif.lines()
        .filter_map(|line| line.strip_prefix(attribute)?.strip_prefix(":: "))
        .map(unbase64)
        .collect()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0_usize, |word, byte| word << 8 | usize::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            text.push(if place <= chunk.len() {
                char::from(ALPHABET[word >> (18 - 6 * place) & 63])
            } else {
                '='
            });
        }
    }
    text
}

fn unbase64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0_usize, 0);
    for byte in text.bytes() {
        let Some(value) = ALPHABET.iter().position(|&known| known == byte) else {
            continue;
        };
        word = word << 6 | value;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).unwrap());
        }
    }
    bytes
}
