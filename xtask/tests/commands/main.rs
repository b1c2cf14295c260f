//! The commands as a person meets them: on a copy of the repository, through the built program.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod checkout;
mod command_line;
mod diff;
mod external;
mod gates;
mod generate;
mod import;
mod json;
mod mistakes;
mod newcomer;
mod newcomers_page;
mod organization;
mod publisher;
mod reader;
mod recipe;
mod release;
mod resource_types;
mod sabotage;
mod services;
mod settings;
mod small_changes;
mod stopped;
mod terminal;
mod vendor;
mod vendored_data;
