//! Asking a person before something is done that costs or can't be taken back.

use crate::command_error::CommandError;
use std::io::{BufRead, IsTerminal};
use xtask::console::print;

/// Whether whoever sits there answers `yes`.
///
/// # Errors
/// Nobody sits there: `nobody` says what else there is to do. An answer that can't be read.
pub(super) fn confirmed(question: &str, nobody: CommandError) -> Result<bool, CommandError> {
    if !std::io::stdin().is_terminal() {
        return Err(nobody);
    }
    print(&format!("{question} Only `yes` does: "))?;
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| CommandError::input("the answer can't be read").because(error))?;
    Ok(answer.trim() == "yes")
}
