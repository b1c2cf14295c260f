//! Tag options: the tags that a launch asks for, with the values to choose from.
//!
//! A key and a value are one tag option of the whole account, however many portfolios offer it.
//! So they stand in one stack with their associations to portfolios: a value that leaves the list
//! leaves its associations and goes in one update.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html>

use super::{LogicalId, StackName};
use crate::yaml::Located;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Service Catalog's limit of tag options for one portfolio.
pub const MOST_PER_PORTFOLIO: usize = 25;

/// `portfolios/tag-options.yaml`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TagOptions {
    /// The stack.
    pub stack: Located<StackName>,
    /// The keys with their values.
    pub tag_options: Vec<TagOptionList>,
}

/// One key, with the values to choose from.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TagOptionList {
    /// The tag's key, such as `CostCenter`. With `Other` after it, it is a tag as well.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_TagOptionDetail.html>
    #[schemars(
        regex(pattern = "^[A-Za-z0-9 _.:/=+@-]{1,123}$"),
        extend(
            "not" = { "pattern": "^[Aa][Ww][Ss]:" },
            "patternErrorMessage" = "is no key of a tag: 1 to 123 letters, digits, blanks and `_.:/=+@-`, and not `aws:` first"
        )
    )]
    pub key: Located<String>,
    /// The value of what belongs to none: the first on the list.
    pub none: Located<CodedName>,
    /// The value for what the list lacks: the second. Its user writes the code in a tag of the
    /// key with `Other` after it.
    pub other: Located<CodedName>,
    /// The further values, in the order of the list; none is written `[]`, and preflight tells of it.
    pub values: Vec<Located<CodedName>>,
}

/// A name with its code: `Platform / 120100`.
///
/// Letters, digits, blanks and `. : + = @ _ -`, as tag values take them; six digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct CodedName(
    #[schemars(regex(
        pattern = r"^[A-Za-z0-9.:+=@_-]([A-Za-z0-9 .:+=@_-]*[A-Za-z0-9.:+=@_-])? / [0-9]{6}$"
    ))]
    String,
);

impl TryFrom<String> for CodedName {
    type Error = String;

    fn try_from(text: String) -> Result<CodedName, String> {
        let is_fit = text.rsplit_once(" / ").is_some_and(|(name, code)| {
            let takes = |c: char| c.is_ascii_alphanumeric() || " .:+=@_-".contains(c);
            !name.is_empty()
                && name.trim() == name
                && text.len() <= 256
                && name.chars().all(takes)
                && code.len() == 6
                && code.bytes().all(|b| b.is_ascii_digit())
        });
        if is_fit {
            Ok(CodedName(text))
        } else {
            Err(format!(
                "`{text}` is no value: a name of letters, digits, blanks and `.:+=@_-`, then ` / ` and six digits"
            ))
        }
    }
}

impl From<CodedName> for String {
    fn from(name: CodedName) -> String {
        name.0
    }
}

impl fmt::Display for CodedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CodedName {
    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six digits.
    pub fn code(&self) -> &str {
        self.0.rsplit_once(" / ").map_or("", |(_, code)| code)
    }
}

impl TagOptionList {
    /// All values in the order of the list: none, other, then the further ones.
    pub fn all_values(&self) -> impl Iterator<Item = &Located<CodedName>> {
        [&self.none, &self.other].into_iter().chain(&self.values)
    }

    /// The logical id of one value's tag option: its letters and digits, the key and `Tag`.
    pub fn logical_id(&self, value: &CodedName) -> LogicalId {
        LogicalId::from_text(&format!("{}{}Tag", value.as_str(), *self.key))
    }
}
