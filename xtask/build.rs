//! How the programs of this package, and of the benchmarks, are linked.

use std::env;

fn main() {
    // Nothing but the target decides: no file has to be looked at again.
    println!("cargo::rerun-if-changed=Cargo.toml");
    let target = |key: &str| env::var(key).unwrap_or_default();
    // At a fixed address nothing is relocated at each start, which takes a quarter of the time of
    // the shortest commands.
    if target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
