//! The cloud side: who may reset a password, with which methods, under which rules.
//!
//! Every type here is plain data that a caller can build and judge alone, without any file.

mod methods;
mod reset;

pub use methods::{
    ConvergedMethod, GroupTarget, LegacyMethod, MethodKind, MethodState, MigrationState, Target,
};
pub use reset::{PasswordRuleSettings, QuestionSettings, ResetScope};
