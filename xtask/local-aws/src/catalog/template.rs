//! What Service Catalog looks at in a template: that it can be read, when a
//! version is created, and its parameters, for the launch form.

use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::s3;
use crate::state::catalog::Artifact;
use crate::wire::ApiError;
use compute_catalog::cfn::{self, Node};
use compute_catalog::product::ProductType;

/// A template that can be launched.
pub(super) struct Template(cfn::Template);

impl Template {
    /// The error says what is wrong, where, all of it.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        crate::template::read(body).map(Self)
    }

    /// That of a version, as it was frozen. What an engine reads, its parser tells of.
    pub(super) fn frozen(
        context: &Context<'_>,
        kind: ProductType,
        artifact: &Artifact,
    ) -> Result<Self, ApiError> {
        no_engine(kind)?;
        let body = s3::frozen(context, &artifact.frozen)?;
        Self::read(&body).map_err(super::invalid)
    }

    /// `ProvisioningArtifactOutputs`
    pub(super) fn outputs(&self) -> Vec<api::ProvisioningArtifactOutput> {
        let outputs = self.0.outputs.iter();
        outputs
            .map(|(key, output)| api::ProvisioningArtifactOutput {
                key: Some(key.clone()),
                description: output.description.clone(),
            })
            .collect()
    }

    /// `ProvisioningArtifactParameters`
    pub(super) fn parameters(&self) -> Vec<api::ProvisioningArtifactParameter> {
        let text = |node: &Option<Node>| node.as_ref().and_then(Node::scalar_text);
        let parameters = self.0.parameters.iter().map(|(name, parameter)| {
            let allowed: Vec<String> = parameter
                .allowed_values
                .iter()
                .filter_map(Node::scalar_text)
                .collect();
            api::ProvisioningArtifactParameter {
                parameter_key: Some(name.clone()),
                default_value: text(&parameter.default),
                parameter_type: Some(parameter.kind.to_string()),
                is_no_echo: Some(parameter.no_echo),
                description: parameter.description.clone(),
                parameter_constraints: Some(api::ParameterConstraints {
                    allowed_values: allowed,
                    allowed_pattern: parameter.allowed_pattern.clone(),
                    constraint_description: parameter.constraint_description.clone(),
                    min_length: parameter.min_length.map(|length| length.to_string()),
                    max_length: parameter.max_length.map(|length| length.to_string()),
                    min_value: text(&parameter.min_value),
                    max_value: text(&parameter.max_value),
                }),
            }
        });
        parameters.collect()
    }
}

/// Refuses what only an engine can answer: no organisation's own runs here. What Service Catalog answers
/// where an account has none is unproved.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-parameters>
pub(super) fn no_engine(kind: ProductType) -> Result<(), ApiError> {
    match kind {
        ProductType::CloudFormationTemplate => Ok(()),
        ProductType::External => Err(super::invalid(
            "the local AWS has no engine for EXTERNAL products: no function ServiceCatalogExternalParameterParser, no queues",
        )),
    }
}
