//! What machines do when they start: the scripts with stand-ins for what is outside, and the files.

mod agent;
mod files;
mod machine;
mod notebook;
mod powershell;
mod real;
mod scripts;
