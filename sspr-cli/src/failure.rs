//! Why a run could not do its work, in a sentence, with what to try.

use std::io::{self, Write};

use crate::output::clean;

/// Why a run ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The reader of the output went away.
    Closed,
    /// Anything else, in a sentence.
    Said {
        message: String,
        help: Option<String>,
    },
}

impl Failure {
    /// A failure in a sentence.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Said {
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to try.
    pub(crate) fn help(self, text: impl Into<String>) -> Self {
        match self {
            Self::Said { message, .. } => Self::Said {
                message,
                help: Some(text.into()),
            },
            Self::Closed => Self::Closed,
        }
    }

    /// Shows it.
    pub(crate) fn write(&self, stream: &mut dyn Write) -> io::Result<()> {
        if let Self::Said { message, help } = self {
            writeln!(stream, "error: {}", clean(message))?;
            if let Some(help) = help {
                writeln!(stream, "  try: {}", clean(help))?;
            }
        }
        Ok(())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::new(format!("the output could not be written: {error}"))
        }
    }
}

impl From<sspr::Error> for Failure {
    fn from(error: sspr::Error) -> Self {
        let failure = Self::new(error.to_string());
        match error.help {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}
