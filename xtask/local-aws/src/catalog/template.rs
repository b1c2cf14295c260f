//! What Service Catalog looks at in a template when a version is created.

use serde_json::{Value, json};

/// A template that can be launched.
pub(super) struct Template {
    body: Value,
}

impl Template {
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        if body.len() > 1 << 20 {
            return Err("the template is larger than 1 MB".to_owned());
        }
        let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
        let body: serde_yaml::Value =
            serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        let has = body
            .get("Resources")
            .and_then(|r| r.as_mapping())
            .is_some_and(|r| !r.is_empty());
        if !has {
            return Err(
                "Template format error: At least one Resources member must be defined.".to_owned(),
            );
        }
        Ok(Self { body: json!({}) })
    }

    pub(super) fn parameters(&self) -> Value {
        self.body.clone()
    }
}
