//! Launch paths: through which portfolio a product comes to whoever asks, with the constraints and
//! tag options on the way.
//! <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ListLaunchPaths.html>

use super::{artifact, invalid, not_found, page, product};
use crate::api::servicecatalog as api;
use crate::context::Context;
use crate::state::Region;
use crate::state::catalog::{Constraint, Portfolio, TagOption};
use crate::state::tag::{Tag, all};
use crate::wire::ApiError;
use std::collections::BTreeMap;

/// The ARN of the role behind a session; of a user, the user's own. Sessions don't say the path of
/// their role.
pub(super) fn principal(context: &Context<'_>) -> String {
    let arn = &context.caller.arn;
    let Some((head, rest)) = arn.split_once(":assumed-role/") else {
        return arn.clone();
    };
    let name = rest.split('/').next().unwrap_or_default();
    let role = context
        .state
        .accounts
        .get(context.account())
        .and_then(|account| account.iam.roles.get(name));
    match role {
        Some(role) => role.arn.clone(),
        None => format!("{}:role/{name}", head.replace(":sts:", ":iam:")),
    }
}

/// Whether a portfolio lets a principal in. A pattern has no account: it speaks of the caller's.
fn grants(portfolio: &Portfolio, principal: &str) -> bool {
    portfolio
        .principals
        .iter()
        .any(|(granted, kind)| match kind.as_str() {
            "IAM_PATTERN" => {
                let resource = |arn: &str| arn.splitn(6, ':').nth(5).map(str::to_owned);
                match (resource(granted), resource(principal)) {
                    (Some(pattern), Some(name)) => matches(pattern.as_bytes(), name.as_bytes()),
                    _ => false,
                }
            }
            _ => granted == principal,
        })
}

/// `*` for any text, `?` for one character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => {
            matches(&pattern[1..], text) || (!text.is_empty() && matches(pattern, &text[1..]))
        }
        (Some(b'?'), Some(_)) => matches(&pattern[1..], &text[1..]),
        (Some(wanted), Some(have)) if wanted == have => matches(&pattern[1..], &text[1..]),
        _ => false,
    }
}

/// The caller's own portfolios that hold a product and let the caller in.
pub(super) fn open<'a>(context: &'a Context<'_>, product_id: &str) -> Vec<&'a Portfolio> {
    let principal = principal(context);
    // The user that every key belongs to is the administrator of the local account.
    let is_open = |one: &Portfolio| principal.ends_with(":user/local") || grants(one, &principal);
    here(context)
        .flat_map(|here| here.catalog.portfolios.values())
        .filter(|one| one.products.contains(product_id) && is_open(one))
        .collect()
}

fn here<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'a Region> {
    context.here().into_iter()
}

/// The path that a request names, or the only one there is.
pub(super) fn choose(
    context: &Context<'_>,
    product_id: &str,
    id: Option<&str>,
    name: Option<&str>,
) -> Result<String, ApiError> {
    let open = open(context, product_id);
    if open.is_empty() {
        return Err(not_found(format!(
            "No launch paths found for resource: {product_id}"
        )));
    }
    let mut fitting = open
        .iter()
        .filter(|one| id.is_none_or(|id| one.id == id))
        .filter(|one| name.is_none_or(|name| one.name == name));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one.id.clone()),
        (None, _) => Err(not_found(format!(
            "Launch path {} for {product_id} not found.",
            id.or(name).unwrap_or_default()
        ))),
        _ => Err(invalid(
            "Multiple launch paths found; choose one with PathId",
        )),
    }
}

/// The constraints on a product in a portfolio.
pub(super) fn constraints<'a>(
    context: &'a Context<'_>,
    path: &'a str,
    product_id: &'a str,
) -> impl Iterator<Item = &'a Constraint> {
    here(context)
        .flat_map(|here| here.catalog.constraints.values())
        .filter(move |one| one.portfolio == path && one.product == product_id)
}

fn summaries(context: &Context<'_>, path: &str, product_id: &str) -> Vec<api::ConstraintSummary> {
    constraints(context, path, product_id)
        .map(|one| api::ConstraintSummary {
            r#type: Some(one.kind.clone()),
            description: one.description.clone(),
        })
        .collect()
}

/// The values that tag options leave to choose from, by key: those of the portfolio and of the
/// product, where they are active.
pub(super) fn tag_options(
    context: &Context<'_>,
    path: &str,
    product_id: &str,
) -> BTreeMap<String, Vec<String>> {
    let catalog = context.here().map(|here| &here.catalog);
    let of_portfolio = catalog.and_then(|catalog| catalog.portfolios.get(path));
    let of_product = catalog.and_then(|catalog| catalog.products.get(product_id));
    let ids = of_portfolio.into_iter().flat_map(|one| &one.tag_options);
    let ids = ids.chain(of_product.into_iter().flat_map(|one| &one.tag_options));
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in ids {
        let option = catalog.and_then(|catalog| catalog.tag_options.get(id));
        let Some(TagOption { key, value, .. }) = option.filter(|option| option.active) else {
            continue;
        };
        let known = values.entry(key.clone()).or_default();
        if !known.contains(value) {
            known.push(value.clone());
        }
    }
    values
}

/// The tags of a launch: what is given, what its portfolio has, and what tag options settle. A key
/// with several values has to be chosen.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html>
pub(super) fn tags(
    context: &Context<'_>,
    path: &str,
    product_id: &str,
    given: Vec<Tag>,
) -> Result<Vec<Tag>, ApiError> {
    let mut tags = given;
    for (key, values) in tag_options(context, path, product_id) {
        let chosen = tags.iter().find(|tag| tag.key == key);
        match (chosen, values.as_slice()) {
            (Some(tag), _) if values.contains(&tag.value) => {}
            (Some(tag), _) => {
                return Err(invalid(format!(
                    "the tag {key} takes one of {}, not {:?}",
                    values.join(", "),
                    tag.value
                )));
            }
            (None, [value]) => tags.push(Tag {
                key,
                value: value.clone(),
            }),
            (None, _) => {
                return Err(invalid(format!(
                    "the tag {key} has to be chosen: {}",
                    values.join(", ")
                )));
            }
        }
    }
    let portfolio = super::portfolio::find(context, path)?;
    for tag in &portfolio.tags {
        if !tags.iter().any(|other| other.key == tag.key) {
            tags.push(tag.clone());
        }
    }
    Ok(tags)
}

pub(super) fn list(
    context: &mut Context<'_>,
    input: api::ListLaunchPathsInput,
) -> Result<api::ListLaunchPathsOutput, ApiError> {
    product::look(context, &input.product_id)?;
    let paths = open(context, &input.product_id)
        .into_iter()
        .map(|one| api::LaunchPathSummary {
            id: Some(one.id.clone()),
            constraint_summaries: summaries(context, &one.id, &input.product_id),
            tags: all(one.tags.clone()),
            name: Some(one.name.clone()),
        })
        .collect();
    let (some, next) = page::page(paths, input.page_size, 20, input.page_token.as_deref())?;
    Ok(api::ListLaunchPathsOutput {
        launch_path_summaries: some,
        next_page_token: next,
    })
}

/// What the launch form shows.
pub(super) fn parameters(
    context: &mut Context<'_>,
    input: api::DescribeProvisioningParametersInput,
) -> Result<api::DescribeProvisioningParametersOutput, ApiError> {
    let product_id = product::named(context, input.product_id, input.product_name)?;
    let id = artifact::named(
        context,
        &product_id,
        input.provisioning_artifact_id,
        input.provisioning_artifact_name,
    )?;
    artifact::look(context, &product_id, &id)?;
    let path = choose(
        context,
        &product_id,
        input.path_id.as_deref(),
        input.path_name.as_deref(),
    )?;
    let kind = product::find(context, &product_id)?.kind;
    let version = artifact::find(context, &product_id, &id)?;
    let template = super::template::Template::frozen(context, kind, version)?;
    let options = tag_options(context, &path, &product_id).into_iter();
    let outputs = template.outputs();
    Ok(api::DescribeProvisioningParametersOutput {
        provisioning_artifact_parameters: template.parameters(),
        constraint_summaries: summaries(context, &path, &product_id),
        tag_options: options
            .map(|(key, values)| api::TagOptionSummary {
                key: Some(key),
                values,
            })
            .collect(),
        provisioning_artifact_outputs: outputs.clone(),
        provisioning_artifact_output_keys: outputs,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_of_principals_has_stars() {
        let role = b"role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Users_1a2b";
        assert!(matches(b"role/aws-reserved/*/AWSReservedSSO_Users_*", role));
        assert!(matches(b"role/*", role));
        assert!(!matches(b"role/*/Admins_*", role));
        assert!(matches(b"role/?", b"role/a"));
        assert!(!matches(b"role/?", b"role/"));
    }
}
