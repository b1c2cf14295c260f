//! The reviewed file beside this one, and the same as JSON, which is read in a fifth of the time.
//!
//! Every command reads it. `generate` makes the JSON, which holds a digest of itself and of the file
//! that it is made of; where either is another, the file itself is read.

use super::handler::Handler;
use crate::digest::Digest;
use crate::yaml::{InputError, load};
use serde::Deserialize;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// The reviewed file.
const FILE: &str = "src/portfolio/launch_role/handlers.yaml";
const TEXT: &str = include_str!("handlers.yaml");

/// Where the same stands as JSON, from the root of the repository.
pub const REVIEWED_JSON: &str = "src/portfolio/launch_role/handlers.json";
const JSON: &str = include_str!("handlers.json");

/// Whether the JSON is what `generate` makes of the file as it is now.
static IS_UP_TO_DATE: LazyLock<bool> = LazyLock::new(|| {
    let lines = JSON.split_once('\n');
    lines.is_some_and(|(first, rest)| first == first_line(rest))
});

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
    let made = IS_UP_TO_DATE.then(|| serde_json::from_str::<Made>(JSON));
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
    match *IS_UP_TO_DATE {
        true => Ok(JSON.to_owned()),
        false => json(),
    }
}

fn json() -> Result<String, Vec<InputError>> {
    load::<Vec<Handler>>(FILE, TEXT)?;
    let handlers: Vec<Json> = load(FILE, TEXT)?;
    let lines: Vec<String> = handlers.iter().map(Json::to_string).collect();
    let rest = format!("{}\n]}}\n", lines.join(",\n"));
    Ok(format!("{}\n{rest}", first_line(&rest)))
}

/// The first line of the JSON that goes on like this.
fn first_line(rest: &str) -> String {
    let digest = Digest::of_all([TEXT, rest]);
    format!("{{\"of\":\"{digest}\",\"handlers\":[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_what_the_reviewed_file_says() {
        assert_eq!(json().unwrap(), JSON, "run `cargo xtask generate`");
        assert_eq!(reviewed_json().unwrap(), JSON);
        assert!(*IS_UP_TO_DATE);
        let both = [reviewed().unwrap(), load(FILE, TEXT).unwrap()];
        assert!(!both[0].is_empty());
        assert_eq!(format!("{:?}", both[0]), format!("{:?}", both[1]));
    }
}
