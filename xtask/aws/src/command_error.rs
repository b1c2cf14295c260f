//! Failures: what failed, on what, why, and what to do next. The kind decides the exit code.

use compute_catalog::yaml::InputError;
use std::error::Error;
use std::fmt;
use std::path::Path;
use xtask::console::{self, OutputError, READER_GONE};
use xtask::diagnostic::{Part, parts, say_error};

/// Why a command failed.
#[derive(Debug, Clone)]
pub struct CommandError {
    /// What failed, on what.
    pub what: String,
    /// Why, from near to far.
    pub causes: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// What it means for the exit code.
    pub exit: Exit,
    /// Where files can't be read: what is wrong in them, one by one.
    pub parts: Vec<Part>,
}

/// Exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Something is found, refused, or failed part-way.
    Refused = 1,
    /// Wrong use, or input that can't be read.
    Input = 2,
    /// AWS can't be reached, or refuses the identity.
    Unreachable = 3,
    /// Whoever read the output went away; nobody is left to tell.
    ReaderGone = READER_GONE,
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        let exit = match error {
            OutputError::ReaderGone => Exit::ReaderGone,
            OutputError::Failed(_) => Exit::Input,
        };
        Self {
            exit,
            ..Self::new(error.to_string())
        }
    }
}

impl CommandError {
    /// A failure with exit code 1.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            causes: Vec::new(),
            hint: None,
            parts: Vec::new(),
            exit: Exit::Refused,
        }
    }

    /// A failure with exit code 2.
    pub fn input(what: impl Into<String>) -> Self {
        Self {
            exit: Exit::Input,
            ..Self::new(what)
        }
    }

    /// Files that can't be read, each mistake with its place.
    pub fn unreadable(error: &(dyn Error + 'static)) -> Self {
        Self {
            parts: parts(error),
            ..Self::input(error.to_string())
        }
    }

    /// Tells it with its line.
    #[must_use]
    pub fn at(mut self, mistake: InputError) -> Self {
        self.parts.push(Part::Mistake(mistake));
        self
    }

    /// Tells a person. `root` is the folder from which files are named.
    pub fn say(&self, root: &Path) {
        match self.parts.is_empty() {
            true => console::error(self),
            false => say_error(&self.parts, root),
        }
    }

    /// Adds a cause.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for cause in &self.causes {
            write!(f, "\n  because: {cause}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl Error for CommandError {}
