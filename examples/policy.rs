//! The Password reset blade, written down and judged without any file:
//! `cargo run -p sspr-examples --bin policy`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use sspr::policy::{
    CloudPasswordRules, LegacyMethod, MigrationState, PolicyDraft, PolicyFaults, ResetScope,
    SsprPolicy,
};

fn main() -> Result<(), PolicyFaults> {
    let draft = PolicyDraft {
        scope: Some(ResetScope::All),
        methods_required: Some(2),
        methods: Some([LegacyMethod::Email, LegacyMethod::MobilePhone].into()),
        migration: Some(MigrationState::PreMigration),
        reconfirm_days: Some(800),
        helpdesk_customised: Some(true),
        ..PolicyDraft::default()
    };

    // An impossible policy cannot be built; all that is wrong with it is said at once.
    if let Err(faults) = SsprPolicy::try_from(draft.clone()) {
        for fault in &faults {
            println!("wrong: {fault}");
        }
    }

    let policy = SsprPolicy::try_from(PolicyDraft {
        reconfirm_days: Some(180),
        helpdesk_customised: Some(false),
        ..draft
    })?;
    if let Some(usable) = policy.usable_methods() {
        let (count, needed) = (usable.independent(), usable.needed());
        println!("{count} methods are usable, a reset takes {needed}");
    }

    // What the cloud asks of a password, before the domain is asked.
    for fault in CloudPasswordRules::default().check("short") {
        println!("the cloud refuses \"short\": {fault:?}");
    }
    Ok(())
}
