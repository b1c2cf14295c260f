//! The reviewed file beside this one, and the same as JSON, which is read in a fifth of the time.
//!
//! Every command reads it. `generate` makes the JSON, which names the bytes that it is made of; as
//! long as it is made of others, the file itself is read.

use super::handler::Handler;
use crate::yaml::{InputError, load};
use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The reviewed file.
const FILE: &str = "src/portfolio/launch_role/handlers.yaml";
const TEXT: &str = include_str!("handlers.yaml");

/// Where the same stands as JSON, from the root of the repository.
pub const REVIEWED_JSON: &str = "src/portfolio/launch_role/handlers.json";
const JSON: &str = include_str!("handlers.json");

/// The digest of the file.
static DIGEST: LazyLock<String> = LazyLock::new(|| format!("sha256:{:x}", Sha256::digest(TEXT)));

/// What stands in the JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    #[serde(rename = "of")]
    _of: String,
    handlers: Vec<Handler>,
}

/// The reviewed facts, in the order of the file.
pub(super) fn reviewed() -> Result<Vec<Handler>, Vec<InputError>> {
    let made = is_up_to_date().then(|| serde_json::from_str::<Made>(JSON));
    match made {
        Some(Ok(made)) => Ok(made.handlers),
        _ => load(FILE, TEXT),
    }
}

/// The reviewed file as JSON.
///
/// # Errors
/// Mistakes in the file.
pub fn reviewed_json() -> Result<String, Vec<InputError>> {
    match is_up_to_date() {
        true => Ok(JSON.to_owned()),
        false => json(),
    }
}

fn json() -> Result<String, Vec<InputError>> {
    load::<Vec<Handler>>(FILE, TEXT)?;
    let handlers: Vec<Json> = load(FILE, TEXT)?;
    let lines: Vec<String> = handlers.iter().map(Json::to_string).collect();
    let (of, lines) = (&*DIGEST, lines.join(",\n"));
    Ok(format!("{{\"of\":{of:?},\"handlers\":[\n{lines}\n]}}\n"))
}

/// Whether the JSON is made of the file as it is now.
fn is_up_to_date() -> bool {
    JSON.contains(&*DIGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_what_the_reviewed_file_says() {
        assert_eq!(json().unwrap(), JSON, "run `cargo xtask generate`");
        assert_eq!(reviewed_json().unwrap(), JSON);
        let both = [reviewed().unwrap(), load(FILE, TEXT).unwrap()];
        assert!(!both[0].is_empty());
        assert_eq!(format!("{:?}", both[0]), format!("{:?}", both[1]));
    }
}
