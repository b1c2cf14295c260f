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
    /// The value of what belongs to none: the first on the list. It is coded: `No Program / 000000`.
    #[serde(default)]
    pub none: Option<Located<TagValue>>,
    /// The value for what the list lacks: the second. Its user writes the code in a tag of the
    /// key with `Other` after it, so all values of the list are coded.
    #[serde(default)]
    pub other: Option<Located<TagValue>>,
    /// The further values, in the order of the list; none is written `[]`, and preflight tells of it.
    pub values: Vec<Located<TagValue>>,
}

/// The value of a tag: letters, digits, blanks and `_ . : / = + - @` of any script, 1 to 256 of them.
/// <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_TagOptionDetail.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct TagValue(#[schemars(length(min = 1, max = 256))] String);

impl TryFrom<String> for TagValue {
    type Error = String;

    fn try_from(text: String) -> Result<TagValue, String> {
        let takes = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
        let is_fit = (1..=256).contains(&text.chars().count()) && text.chars().all(takes);
        match is_fit {
            true => Ok(TagValue(text)),
            false => Err(format!(
                "`{text}` is no value of a tag: 1 to 256 letters, digits, blanks and `_.:/=+-@`"
            )),
        }
    }
}

impl From<TagValue> for String {
    fn from(value: TagValue) -> String {
        value.0
    }
}

impl fmt::Display for TagValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TagValue {
    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The six digits of a name with its code, `Platform / 120100`.
    pub fn code(&self) -> Option<&str> {
        let (name, code) = self.0.rsplit_once(" / ")?;
        let takes = |c: char| c.is_ascii_alphanumeric() || " .:+=@_-".contains(c);
        let is_name = !name.is_empty() && name.trim() == name && name.chars().all(takes);
        let is_code = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        (is_name && is_code).then_some(code)
    }
}

impl TagOptionList {
    /// All values in the order of the list: none, other, then the further ones.
    pub fn all_values(&self) -> impl Iterator<Item = &Located<TagValue>> {
        self.none.iter().chain(&self.other).chain(&self.values)
    }

    /// Whether each value is a name with its code.
    pub fn is_coded(&self) -> bool {
        self.none.is_some() || self.other.is_some()
    }

    /// The logical id of one value's tag option: its letters and digits, the key and `Tag`.
    pub fn logical_id(&self, value: &TagValue) -> LogicalId {
        LogicalId::from_text(&format!("{}{}Tag", value.as_str(), *self.key))
    }
}
