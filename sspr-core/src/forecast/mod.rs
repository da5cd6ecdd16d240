//! What will happen: the answer that one person would get to one password.

mod candidate;
mod password;
mod reason;

pub use candidate::{Candidate, CandidateFault};
pub use password::{
    Answer, Managed, OperationForecast, PolicyUsed, Prediction, SideForecast, predict,
};
pub use reason::{Open, Reason};

#[cfg(test)]
mod tests;
