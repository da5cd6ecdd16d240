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
    /// Reading a part of a directory or tenant.
    Collecting {
        /// What is being read, such as `people`.
        part: &'a str,
        /// How many items of it were read so far.
        items: u64,
        /// How many there are, if known.
        of: Option<u64>,
    },
    /// Waiting before something is asked again, as a service asked or because it failed.
    Waiting {
        /// What is being waited for, such as `/v1.0/users`.
        what: &'a str,
        /// For how many seconds yet.
        seconds: u64,
    },
}

/// A report of progress.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// What is being done.
    pub stage: Stage<'a>,
    /// Bytes of this input read so far, or received from a server.
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
