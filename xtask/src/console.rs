//! What a command says: its result on standard output, all else on standard error.
//!
//! The one place for colour, and for readers that go away: `cargo xtask diff | head` ends as every
//! program does in a pipe, without a word.

use anstyle::{AnsiColor, Style};
use clap::Args;
use serde::Serialize;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

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

/// Writes a part of a result that people read: as `print`, and on a terminal its lines are wrapped
/// where a word ends, what belongs to a line below it.
///
/// # Errors
/// Standard output can't be written.
pub fn print_text(text: &str) -> Result<(), OutputError> {
    match width() {
        Some(width) => print(&wrapped(text, width)),
        None => print(text),
    }
}

/// How many columns the terminal has to which results go; nothing where they go elsewhere.
pub fn width() -> Option<usize> {
    width_of(io::stdout())
}

#[cfg(unix)]
fn width_of(stream: impl std::os::fd::AsFd) -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(stream)?;
    // A terminal that doesn't know its width says 0.
    (width.0 >= NARROWEST).then_some(usize::from(width.0))
}

#[cfg(windows)]
fn width_of(stream: impl std::os::windows::io::AsHandle) -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(stream)?;
    (width.0 >= NARROWEST).then_some(usize::from(width.0))
}

/// Nothing is read in fewer columns.
const NARROWEST: u16 = 20;

/// Lines of at most that many columns, where their words allow it. What is wrapped is indented by two
/// more than its line.
fn wrapped(text: &str, width: usize) -> String {
    let lines = text.split('\n').map(|line| {
        let is_short = textwrap::core::display_width(line) <= width;
        if is_short || is_excerpt(line) {
            return line.to_owned();
        }
        let plain = anstream::adapter::strip_str(line).to_string();
        let indent = plain.len() - plain.trim_start_matches(' ').len();
        let below = " ".repeat(indent + 2);
        let options = textwrap::Options::new(width)
            .subsequent_indent(&below)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(line, options)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a line shows one of a file, or what is marked in it: those are cut to the width already.
fn is_excerpt(line: &str) -> bool {
    let plain = anstream::adapter::strip_str(line).to_string();
    let words = plain.trim_start_matches([' ', '.']);
    let words = words.trim_start_matches(|c: char| c.is_ascii_digit());
    words.starts_with(" | ") || words.starts_with("| ")
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
    let line = match width_of(io::stderr()) {
        Some(width) => wrapped(line, width),
        None => line.to_owned(),
    };
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// How long something may take before a person is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Something that is waited for, until it is dropped.
pub struct Waiting(Option<(Sender<()>, JoinHandle<()>)>);

/// Says what is waited for, to a person at a terminal, where it takes longer than a second.
pub fn waiting(what: &'static str) -> Waiting {
    if !io::stderr().is_terminal() {
        return Waiting(None);
    }
    let (done, over) = channel::<()>();
    let watch = std::thread::spawn(move || {
        if over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            progress(what);
        }
    });
    Waiting(Some((done, watch)))
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((done, watch)) = self.0.take() {
            // The other side learns of it by the channel's end.
            drop(done);
            let _ = watch.join();
        }
    }
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

/// What stands first on a line of a message, a plan or a comparison.
const MARKS: [(&str, Style); 24] = [
    ("error:", RED.bold()),
    ("warning:", YELLOW.bold()),
    ("hint:", CYAN.bold()),
    ("edit:", CYAN.bold()),
    // What a plan does, and why.
    ("create ", GREEN),
    ("add ", GREEN),
    ("open ", GREEN),
    ("upload ", GREEN),
    ("give ", GREEN),
    ("share ", GREEN),
    ("update ", YELLOW),
    ("change ", YELLOW),
    ("delete ", RED),
    ("remove ", RED),
    ("hide ", RED),
    ("because ", DIM),
    ("impact:", YELLOW),
    // What a comparison finds.
    ("added:", GREEN),
    ("changed in place:", GREEN),
    ("interrupted:", YELLOW),
    ("unknown:", YELLOW),
    ("removed:", RED),
    ("replaced:", RED),
    ("the update fails:", RED.bold()),
];

const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();
const DIM: Style = Style::new().dimmed();

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

    #[test]
    fn what_is_wrapped_stands_below_its_line_and_excerpts_stay() {
        let text = "  because this is a reason of many words\n12 | a line of a file that is long\n";
        assert_eq!(
            wrapped(text, 24),
            "  because this is a\n    reason of many words\n12 | a line of a file that is long\n"
        );
        let word = "https://example.org/a/long/address";
        assert_eq!(wrapped(word, 24), word, "an address stays one word");
        let painted = painted("  hint: do that, and then do what follows");
        let plain = |text: &str| anstream::adapter::strip_str(text).to_string();
        assert_eq!(
            plain(&wrapped(&painted, 24)),
            wrapped(&plain(&painted), 24),
            "colour takes no column"
        );
    }
}
