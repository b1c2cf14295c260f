//! What a command says: its result on standard output, all else on standard error.
//!
//! The one place for colour, and for readers that go away: `cargo xtask diff | head` ends as every
//! program does in a pipe, without a word.

use anstyle::{AnsiColor, Style};
use clap::Args;
use serde::Serialize;
use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a command whose reader went away: what a shell reports of a program that
/// SIGPIPE ended.
pub const READER_GONE: u8 = 128 + 13;

/// Why a result did not reach whoever reads it.
#[derive(Debug)]
pub enum OutputError {
    /// The reader went away: nobody is left to tell.
    ReaderGone,
    /// Standard output doesn't take it: a full disk, say.
    Failed(io::Error),
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputError::ReaderGone => f.write_str("nobody reads standard output any more"),
            OutputError::Failed(cause) => write!(f, "cannot write to standard output: {cause}"),
        }
    }
}

impl std::error::Error for OutputError {}

impl From<io::Error> for OutputError {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::BrokenPipe => OutputError::ReaderGone,
            _ => OutputError::Failed(cause),
        }
    }
}

/// Writes a part of the result. Colour in it reaches only a terminal, or who asks for it.
///
/// # Errors
/// Standard output can't be written.
pub fn print(text: &str) -> Result<(), OutputError> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Writes the whole result as one indented JSON document.
///
/// # Errors
/// A value that JSON can't hold; standard output can't be written.
pub fn print_json(value: &impl Serialize) -> Result<(), OutputError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|cause| OutputError::Failed(io::Error::other(cause)))?;
    print(&format!("{text}\n"))
}

/// Says something beside the result. Whether anybody hears it changes nothing.
pub fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// How much is said beside the result.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Verbosity {
    /// Say nothing of what goes on; results, findings and errors stay
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: each suppression with its reason
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

static QUIET: AtomicBool = AtomicBool::new(false);
static VERBOSE: AtomicBool = AtomicBool::new(false);

impl Verbosity {
    /// Makes it that of the whole program, as is the choice of colour.
    pub fn write_global(self) {
        QUIET.store(self.quiet, Ordering::Relaxed);
        VERBOSE.store(self.verbose, Ordering::Relaxed);
    }
}

/// Whether somebody wants to know more.
pub fn is_verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// Says what goes on, to those who want to know.
pub fn progress(line: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        say(line);
    }
}

/// Says what went wrong, its hints with it.
pub fn error(message: &impl fmt::Display) {
    say(&painted(&format!("error: {message}")));
}

/// The state of a stack or of a resource in a column of its own: failures red, what is done green.
pub fn status(state: &str) -> String {
    let color = match state {
        failed if failed.contains("FAILED") || failed.contains("ROLLBACK") => AnsiColor::Red,
        done if done.ends_with("COMPLETE") => AnsiColor::Green,
        _ => AnsiColor::Cyan,
    };
    let style = color.on_default();
    format!("{style}{state:<24}{style:#}")
}

/// A message with its severity and its hints in colour.
pub fn painted(message: &str) -> String {
    let lines = message.split_inclusive('\n').map(|line| {
        let words = line.trim_start_matches(' ');
        let indent = &line[..line.len() - words.len()];
        match MARKS.iter().find(|(mark, _)| words.starts_with(mark)) {
            Some((mark, style)) => {
                format!("{indent}{style}{mark}{style:#}{}", &words[mark.len()..])
            }
            None => line.to_owned(),
        }
    });
    lines.collect()
}

/// What stands first on a line of a message.
const MARKS: [(&str, Style); 3] = [
    ("error:", AnsiColor::Red.on_default().bold()),
    ("warning:", AnsiColor::Yellow.on_default().bold()),
    ("hint:", AnsiColor::Cyan.on_default().bold()),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_painted_where_a_line_begins_and_nowhere_else() {
        let text = "error: no hint: here\n  hint: do that\n";
        let painted = painted(text);
        assert!(painted.starts_with("\u{1b}["), "{painted:?}");
        assert_eq!(painted.matches("\u{1b}[0m").count(), 2, "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
    }
}
