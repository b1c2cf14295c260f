//! The publisher: reads an account, applies a plan to it. Deciding stands in the core.

fn main() {}
