//! Constraints: each type of constraint is a resource type of its own.

use super::{CreatedResource, read};
use crate::catalog::constraint;
use crate::context::Context;
use crate::state::catalog::Constraint;
use crate::wire::ApiError;
use serde::Deserialize;
use serde_json::{Value, json};

/// Resource type, constraint type.
const TYPES: [(&str, &str); 5] = [
    (
        "AWS::ServiceCatalog::LaunchNotificationConstraint",
        "NOTIFICATION",
    ),
    ("AWS::ServiceCatalog::LaunchRoleConstraint", "LAUNCH"),
    ("AWS::ServiceCatalog::LaunchTemplateConstraint", "TEMPLATE"),
    (
        "AWS::ServiceCatalog::ResourceUpdateConstraint",
        "RESOURCE_UPDATE",
    ),
    ("AWS::ServiceCatalog::StackSetConstraint", "STACKSET"),
];

pub(super) fn has(kind: &str) -> bool {
    TYPES.iter().any(|(name, _)| *name == kind)
}

/// The properties of all of them; each type takes its own.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Properties {
    #[serde(rename = "AcceptLanguage")]
    _accept_language: Option<String>,
    portfolio_id: String,
    product_id: String,
    description: Option<String>,
    role_arn: Option<String>,
    local_role_name: Option<String>,
    notification_arns: Option<Vec<String>>,
    rules: Option<String>,
    tag_update_on_provisioned_product: Option<String>,
    account_list: Option<Vec<String>>,
    region_list: Option<Vec<String>>,
    admin_role: Option<String>,
    execution_role: Option<String>,
    stack_instance_control: Option<String>,
}

/// The constraint that the properties describe; Service Catalog checks it.
fn constraint(kind: &str, properties: &Value) -> Result<Constraint, ApiError> {
    let one: Properties = read(kind, properties)?;
    let constraint_kind = TYPES
        .iter()
        .find(|(name, _)| *name == kind)
        .map_or("", |(_, kind)| *kind);
    let mut parameters = match constraint_kind {
        "LAUNCH" => json!({ "RoleArn": one.role_arn, "LocalRoleName": one.local_role_name }),
        "NOTIFICATION" => json!({ "NotificationArns": one.notification_arns }),
        "TEMPLATE" => {
            // The text of the property is the value of the API's `Rules`.
            let rules = one.rules.as_deref().unwrap_or_default();
            let rules: Value = serde_json::from_str(rules)
                .map_err(|error| super::super::invalid(format!("Rules isn't JSON: {error}")))?;
            json!({ "Rules": rules })
        }
        "RESOURCE_UPDATE" => json!({ "Version": "2.0", "Properties": {
            "TagUpdateOnProvisionedProduct": one.tag_update_on_provisioned_product,
        }}),
        _ => json!({ "Version": "2.0", "Properties": {
            "AccountList": one.account_list,
            "RegionList": one.region_list,
            "AdminRole": one.admin_role,
            "ExecutionRole": one.execution_role,
            "StackInstanceControl": one.stack_instance_control,
        }}),
    };
    if let Some(fields) = parameters.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    Ok(Constraint {
        id: String::new(),
        kind: constraint_kind.to_owned(),
        product: one.product_id,
        portfolio: one.portfolio_id,
        description: one.description,
        parameters: parameters.to_string(),
    })
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    let constraint = constraint(kind, properties)?;
    Ok(CreatedResource::new(
        constraint::add(context, constraint)?,
        &[],
    ))
}

pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    let new = constraint(kind, properties)?;
    constraint::change(context, physical, new.description, Some(new.parameters))?;
    Ok(CreatedResource::new(physical, &[]))
}

pub(super) fn delete(context: &mut Context<'_>, physical: &str) -> Result<(), ApiError> {
    constraint::remove(context, physical)
}

/// The declared properties while the constraint says the same; else what it says.
pub(super) fn actual(
    context: &Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Option<Value> {
    let found = context.here()?.catalog.constraints.get(physical)?;
    let declared = constraint(kind, properties).ok()?;
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let (found_parameters, declared_parameters) =
        (parse(&found.parameters), parse(&declared.parameters));
    let mut actual = properties.clone();
    if found.description != declared.description {
        actual["Description"] = json!(found.description);
    }
    if found_parameters != declared_parameters {
        let flat = found_parameters
            .get("Properties")
            .unwrap_or(&found_parameters);
        for (name, value) in flat.as_object().into_iter().flatten() {
            actual[name] = match name.as_str() {
                "Rules" => Value::String(value.to_string()),
                _ => value.clone(),
            };
        }
        for name in ["RoleArn", "LocalRoleName"] {
            if found_parameters.get(name).is_none() && actual.get(name).is_some() {
                actual[name] = Value::Null;
            }
        }
    }
    Some(actual)
}
