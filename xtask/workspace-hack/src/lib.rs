//! Nothing: what counts are the features of the dependencies, in `Cargo.toml`.
