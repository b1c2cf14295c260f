//! A product's own words: what its page says beyond what the template tells.

use crate::yaml::{InputError, load};
use schemars::JsonSchema;
use serde::Deserialize;

/// `products/<key>/guide.yaml`: sections of the page that only a person can write.
///
/// The texts are Markdown with `{{output "Name"}}`, `{{parameter "Name"}}`, `{{profile}}` and
/// `{{organization}}`; a name that the template lacks is an error, so that a text can't outlive
/// what it speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Guide {
    /// The sections, in order.
    pub sections: Vec<GuideSection>,
}

/// One section.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GuideSection {
    /// Its heading.
    #[schemars(length(min = 1, max = 80))]
    pub title: String,
    /// Its text.
    #[schemars(length(min = 1))]
    pub text: String,
}

impl Guide {
    /// Reads a guide file.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<Guide, Vec<InputError>> {
        load(file, text)
    }
}
