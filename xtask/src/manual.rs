//! `man`: made from the command line's grammar, so it can't lag behind it.

use crate::cli::{Cli, ManArgs};
use clap::CommandFactory;
use compute_catalog::yaml::choice;
use std::error::Error;

/// The manual page of the program or of one command, as roff.
///
/// # Errors
/// A command that isn't there.
pub fn man(args: &ManArgs) -> Result<String, Box<dyn Error>> {
    let mut grammar = Cli::command();
    grammar.build();
    let page = match &args.command {
        None => grammar,
        Some(name) => {
            let Some(found) = grammar.find_subcommand(name) else {
                let names = grammar.get_subcommands().map(clap::Command::get_name);
                let hint = choice(name, names);
                return Err(format!("there is no command `{name}`\n  hint: {hint}").into());
            };
            found.clone()
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    Ok(String::from_utf8(text)?)
}
