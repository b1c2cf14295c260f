//! Template rules: what a portfolio lets people choose on a product's launch form.
//!
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/reference-template_constraint_rules.html>

use crate::yaml::Located;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// A rule: where the first comparison holds, the second must.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TemplateRule {
    /// Its name.
    pub name: super::LogicalId,
    /// Where it applies; left out, always.
    #[serde(default)]
    pub when: Option<Comparison>,
    /// What must hold.
    pub assert: Comparison,
    /// What the user is told when it doesn't.
    pub says: String,
}

/// A parameter compared with values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Comparison {
    /// The parameter of the template.
    pub parameter: String,
    /// It has one of these values.
    #[schemars(length(min = 1))]
    pub is_one_of: Vec<String>,
}

impl Comparison {
    fn to_json(&self) -> Json {
        json!({"Fn::Contains": [self.is_one_of, {"Ref": self.parameter}]})
    }
}

impl TemplateRule {
    /// The parameters that the rule names.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.when
            .iter()
            .chain([&self.assert])
            .map(|comparison| comparison.parameter.as_str())
    }
}

/// The rules as Service Catalog takes them: JSON text, by name.
pub(super) fn rules_text(rules: &[Located<TemplateRule>]) -> String {
    let rules: serde_json::Map<String, Json> = rules
        .iter()
        .map(|rule| {
            let mut body = serde_json::Map::new();
            if let Some(when) = &rule.when {
                body.insert("RuleCondition".to_owned(), when.to_json());
            }
            body.insert(
                "Assertions".to_owned(),
                json!([{"Assert": rule.assert.to_json(), "AssertDescription": rule.says}]),
            );
            (rule.name.to_string(), Json::Object(body))
        })
        .collect();
    Json::Object(rules).to_string()
}
