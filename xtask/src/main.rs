//! `cargo xtask`: the door to every command.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main(products::all(), "publisher")
}
