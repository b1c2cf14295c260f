//! What `--format json` prints: one document a run, the same around every command's result. Its
//! schemas stand under `generated/schemas/json/`, one a command.

mod schema;

pub use schema::{FOLDER, schemas};

use crate::console::{self, OutputError};
use serde::Serialize;
use serde_json::json;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// The version of the form of documents. Fields are added without another version; none is changed or
/// left out without.
pub const VERSION: u32 = 1;

/// Whether a document was printed: there is one a run.
static IS_PRINTED: AtomicBool = AtomicBool::new(false);

/// A document with a command's result.
#[derive(Serialize)]
struct Document<'a, T> {
    version: u32,
    command: &'a str,
    result: &'a T,
}

/// The document of a command's result, for printing it.
///
/// # Errors
/// A value that JSON can't hold.
pub fn text(command: &str, result: &impl Serialize) -> serde_json::Result<String> {
    let document = Document {
        version: VERSION,
        command,
        result,
    };
    IS_PRINTED.store(true, Ordering::Relaxed);
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// Prints a command's result.
///
/// # Errors
/// A value that JSON can't hold; standard output can't be written.
pub fn print(command: &str, result: &impl Serialize) -> Result<(), OutputError> {
    let text = text(command, result);
    console::print(&text.map_err(|cause| OutputError::Failed(io::Error::other(cause)))?)
}

/// Prints why a command has no result, where it hasn't printed one; what people read of it goes to
/// standard error all the same. `exit` is the exit code that is to come.
pub fn print_error(command: &str, error: &impl fmt::Display, exit: u8) {
    if IS_PRINTED.swap(true, Ordering::Relaxed) {
        return;
    }
    let told = error.to_string();
    let hint = |line: &'_ str| line.trim_start().strip_prefix("hint: ").map(str::to_owned);
    let hints: Vec<String> = told.lines().filter_map(hint).collect();
    let message: Vec<&str> = told.lines().filter(|line| hint(line).is_none()).collect();
    let document = json!({
        "version": VERSION,
        "command": command,
        "error": { "message": message.join("\n"), "hints": hints, "exit": exit },
    });
    // Nobody is left to tell that nobody reads.
    let _ = console::print(&format!("{document:#}\n"));
}
