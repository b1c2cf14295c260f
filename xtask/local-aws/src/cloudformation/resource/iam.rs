//! Roles, managed policies and instance profiles. They are of the account, not of a region.

use super::{CreatedResource, Place, generated, text};
use crate::cloudformation::invalid;
use crate::context::Context;
use crate::state::iam::Role;
use crate::wire::ApiError;
use serde_json::Value;

pub(super) fn has(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::IAM::Role" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::InstanceProfile"
    )
}

pub(super) fn create(
    context: &mut Context<'_>,
    kind: &str,
    place: Place<'_>,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    let name_of = match kind {
        "AWS::IAM::Role" => "RoleName",
        "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
        _ => "InstanceProfileName",
    };
    let name = text(properties, name_of).unwrap_or_else(|| generated(context, place, 64));
    let path = text(properties, "Path").unwrap_or_else(|| "/".to_owned());
    let account = context.account().to_owned();
    let exists = invalid(format!("{name} already exists"));
    match kind {
        "AWS::IAM::Role" => {
            if context.account_mut().iam.roles.contains_key(&name) {
                return Err(exists);
            }
            let role = Role {
                id: context.change().mint("AROA").to_uppercase(),
                arn: format!("arn:aws:iam::{account}:role{path}{name}"),
                path,
                trust: properties["AssumeRolePolicyDocument"].clone(),
                description: text(properties, "Description"),
                created: context.now,
                properties: properties.clone(),
            };
            let made = CreatedResource::new(
                name.clone(),
                &[("Arn", role.arn.clone()), ("RoleId", role.id.clone())],
            );
            context.account_mut().iam.roles.insert(name, role);
            Ok(made)
        }
        "AWS::IAM::ManagedPolicy" => {
            let arn = format!("arn:aws:iam::{account}:policy{path}{name}");
            let policies = &mut context.account_mut().iam.policies;
            if policies.contains_key(&arn) {
                return Err(exists);
            }
            policies.insert(arn.clone(), properties.clone());
            Ok(CreatedResource::new(arn.clone(), &[("PolicyArn", arn)]))
        }
        _ => {
            let profiles = &mut context.account_mut().iam.instance_profiles;
            if profiles.contains_key(&name) {
                return Err(exists);
            }
            profiles.insert(name.clone(), properties.clone());
            let arn = format!("arn:aws:iam::{account}:instance-profile{path}{name}");
            Ok(CreatedResource::new(name, &[("Arn", arn)]))
        }
    }
}

pub(super) fn update(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
    properties: &Value,
) -> Result<CreatedResource, ApiError> {
    let account = context.account().to_owned();
    let iam = &mut context.account_mut().iam;
    let missing = || invalid(format!("{physical} doesn't exist"));
    match kind {
        "AWS::IAM::Role" => {
            let role = iam.roles.get_mut(physical).ok_or_else(missing)?;
            role.trust = properties["AssumeRolePolicyDocument"].clone();
            role.description = text(properties, "Description");
            role.properties = properties.clone();
            let attributes = [("Arn", role.arn.clone()), ("RoleId", role.id.clone())];
            Ok(CreatedResource::new(physical, &attributes))
        }
        "AWS::IAM::ManagedPolicy" => {
            *iam.policies.get_mut(physical).ok_or_else(missing)? = properties.clone();
            Ok(CreatedResource::new(
                physical,
                &[("PolicyArn", physical.to_owned())],
            ))
        }
        _ => {
            let profile = iam.instance_profiles.get_mut(physical);
            *profile.ok_or_else(missing)? = properties.clone();
            let path = text(properties, "Path").unwrap_or_else(|| "/".to_owned());
            let arn = format!("arn:aws:iam::{account}:instance-profile{path}{physical}");
            Ok(CreatedResource::new(physical, &[("Arn", arn)]))
        }
    }
}

pub(super) fn delete(
    context: &mut Context<'_>,
    kind: &str,
    physical: &str,
) -> Result<(), ApiError> {
    let iam = &mut context.account_mut().iam;
    match kind {
        "AWS::IAM::Role" => drop(iam.roles.remove(physical)),
        "AWS::IAM::ManagedPolicy" => drop(iam.policies.remove(physical)),
        _ => drop(iam.instance_profiles.remove(physical)),
    }
    Ok(())
}

pub(super) fn actual(context: &Context<'_>, kind: &str, physical: &str) -> Option<Value> {
    let iam = &context.state.accounts.get(context.account())?.iam;
    match kind {
        "AWS::IAM::Role" => Some(iam.roles.get(physical)?.properties.clone()),
        "AWS::IAM::ManagedPolicy" => iam.policies.get(physical).cloned(),
        _ => iam.instance_profiles.get(physical).cloned(),
    }
}
