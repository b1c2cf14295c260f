//! What Service Catalog looks at in a template: that it can be read, when a
//! version is created, and its parameters, for the launch form.

use compute_catalog::cfn::{self, Node};
use serde_json::{Value, json};

/// A template that can be launched.
pub(super) struct Template(cfn::Template);

impl Template {
    /// The error says what is wrong, where, all of it.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        crate::template::read(body).map(Self)
    }

    /// `ProvisioningArtifactParameters`
    pub(super) fn parameters(&self) -> Value {
        let text = |node: &Option<Node>| node.as_ref().and_then(Node::scalar_text);
        let parameters = self.0.parameters.iter().map(|(name, parameter)| {
            let allowed: Vec<String> = parameter
                .allowed_values
                .iter()
                .filter_map(Node::scalar_text)
                .collect();
            json!({
                "ParameterKey": name,
                "DefaultValue": text(&parameter.default),
                "ParameterType": parameter.kind.to_string(),
                "IsNoEcho": parameter.no_echo,
                "Description": parameter.description,
                "ParameterConstraints": {
                    "AllowedValues": allowed,
                    "AllowedPattern": parameter.allowed_pattern,
                    "ConstraintDescription": parameter.constraint_description,
                    "MinLength": parameter.min_length.map(|length| length.to_string()),
                    "MaxLength": parameter.max_length.map(|length| length.to_string()),
                    "MinValue": text(&parameter.min_value),
                    "MaxValue": text(&parameter.max_value),
                },
            })
        });
        parameters.collect()
    }
}
