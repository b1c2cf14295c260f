//! Nothing to do: without a build script, Cargo leaves out build dependencies and their features.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}
