//! Templates as operations take them, inline or by URL.

use super::invalid;
use crate::context::Context;
use crate::s3;
use crate::wire::ApiError;
use compute_catalog::cfn::Template;

/// Bytes of a template given inline; from S3 it may have 1 MB.
const INLINE: usize = 51_200;

/// The text of a template that an operation was given, read or refused.
pub(super) fn load(
    context: &Context<'_>,
    body: Option<String>,
    url: Option<String>,
) -> Result<(String, Template), ApiError> {
    let text = match (body, url) {
        (Some(body), None) if body.len() > INLINE => {
            return Err(invalid(format!(
                "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {INLINE}"
            )));
        }
        (Some(body), None) => body,
        (None, Some(url)) => {
            let body = s3::read(context, &url).map_err(invalid)?;
            String::from_utf8(body.to_vec()).map_err(|error| invalid(error.to_string()))?
        }
        _ => {
            return Err(invalid(
                "Either Template URL or Template Body must be specified.",
            ));
        }
    };
    let template = parse(&text)?;
    Ok((text, template))
}

pub(super) fn parse(text: &str) -> Result<Template, ApiError> {
    crate::template::read(text.as_bytes()).map_err(invalid)
}

/// The capability that a template needs, and why.
pub(super) fn capability(template: &Template) -> Option<(&'static str, String)> {
    let iam: Vec<_> = template
        .resources
        .values()
        .filter(|resource| resource.kind.starts_with("AWS::IAM::"))
        .collect();
    let first = iam.first()?;
    let named = iam.iter().any(|resource| {
        [
            "RoleName",
            "ManagedPolicyName",
            "InstanceProfileName",
            "UserName",
            "GroupName",
        ]
        .iter()
        .any(|name| resource.properties.contains_key(*name))
    });
    let name = if named {
        "CAPABILITY_NAMED_IAM"
    } else {
        "CAPABILITY_IAM"
    };
    let reason = format!(
        "The following resource(s) require capabilities: [{}]",
        first.kind
    );
    Some((name, reason))
}

/// Refuses a template that makes IAM resources without the caller's word for it.
pub(super) fn check_capabilities(template: &Template, given: &[String]) -> Result<(), ApiError> {
    let has = |name: &str| given.iter().any(|other| other == name);
    match capability(template) {
        Some((needed, _)) if !has(needed) && !has("CAPABILITY_NAMED_IAM") => Err(ApiError::new(
            400,
            "InsufficientCapabilitiesException",
            format!("Requires capabilities : [{needed}]"),
        )),
        _ => Ok(()),
    }
}
