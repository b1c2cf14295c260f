//! `completions` and `man`: made from the command line's grammar, so they can't lag behind it.

use crate::cli::{Cli, CompletionsArgs, ManArgs};
use clap::CommandFactory;
use compute_catalog::yaml::nearest;
use std::io::Write;
use std::process::ExitCode;

/// The program's own name; `cargo xtask` is an alias that builds and starts it.
const PROGRAM: &str = "xtask";

/// Writes the completions of a shell.
pub fn completions(args: &CompletionsArgs, out: &mut impl Write) -> ExitCode {
    let mut grammar = Cli::command().name(PROGRAM).bin_name(PROGRAM);
    clap_complete::generate(args.shell, &mut grammar, PROGRAM, out);
    ExitCode::SUCCESS
}

/// Writes the manual page of the program or of one command, as roff.
///
/// # Errors
/// A command that isn't there; output that can't be written.
pub fn man(args: &ManArgs, out: &mut impl Write) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut grammar = Cli::command();
    grammar.build();
    let page = match &args.command {
        None => grammar,
        Some(name) => {
            let names = || grammar.get_subcommands().map(clap::Command::get_name);
            let Some(found) = grammar.find_subcommand(name) else {
                let hint = nearest(name, names()).map_or_else(
                    || format!("one of: {}", names().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(format!("there is no command `{name}`\n  hint: {hint}").into());
            };
            found.clone()
        }
    };
    clap_mangen::Man::new(page).render(out)?;
    Ok(ExitCode::SUCCESS)
}
