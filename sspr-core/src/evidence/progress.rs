//! Telling a caller how far long work has come, and letting the caller stop it.

use std::ops::ControlFlow;

/// What is being done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage<'a> {
    /// Finding out what an input is.
    Recognising(&'a str),
    /// Reading an input.
    Reading(&'a str),
    /// Judging the rules.
    Judging,
}

/// A report of progress.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// What is being done.
    pub stage: Stage<'a>,
    /// Bytes of this input read so far.
    pub bytes: u64,
    /// Bytes of this input in all, if known.
    pub total: Option<u64>,
}

impl<'a> Progress<'a> {
    /// A report.
    pub fn new(stage: Stage<'a>, bytes: u64, total: Option<u64>) -> Self {
        Self {
            stage,
            bytes,
            total,
        }
    }
}

/// A callback that hears of progress and may stop the work with [`ControlFlow::Break`].
pub type OnProgress<'a> = dyn FnMut(Progress<'_>) -> ControlFlow<()> + 'a;
