//! `cargo xtask`: the door to every command.

fn main() {}
