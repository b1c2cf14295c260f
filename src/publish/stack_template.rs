//! Templates of stacks, as text and as what they say.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::Deref;
use std::sync::OnceLock;

/// A stack's template, as it is given to CloudFormation. It is read once: every portfolio, product and constraint
/// asks what stacks declare.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct StackTemplate {
    text: String,
    json: OnceLock<Value>,
}

/// A template as JSON; null where it can't be read.
pub(super) fn json(template: &str) -> Value {
    crate::cfn::read(template).map_or(Value::Null, |template| template.to_json())
}

impl StackTemplate {
    /// As JSON; null where it can't be read.
    pub(super) fn json(&self) -> &Value {
        self.json.get_or_init(|| json(&self.text))
    }
}

impl Deref for StackTemplate {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<String> for StackTemplate {
    fn from(text: String) -> Self {
        Self {
            text,
            json: OnceLock::new(),
        }
    }
}

impl From<StackTemplate> for String {
    fn from(template: StackTemplate) -> Self {
        template.text
    }
}

impl PartialEq for StackTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for StackTemplate {}
