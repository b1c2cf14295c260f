//! What stays and what goes when a product is terminated, or an update replaces a part of it.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>

use super::{LaunchForm, words};
use crate::cfn::{DeletionPolicy, Intrinsic, Node, Resource, Template, UpdateReplacePolicy};
use serde::Serialize;
use std::collections::BTreeSet;

/// What happens to one resource that holds something of its user's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// Its logical id.
    pub id: String,
    /// What it holds.
    pub what: String,
    /// When there is one; empty where there always is.
    pub when: String,
    /// What happens to it when the product is terminated.
    pub on_terminate: String,
    /// What happens to it when an update puts a new one in its place.
    pub on_replace: String,
}

/// The resources of a template that hold something, in the order of the template.
pub(super) fn retention(template: &Template, form: &LaunchForm) -> Vec<Retention> {
    let machinery = logs_of_functions(template);
    template
        .resources
        .iter()
        .filter(|(id, _)| !machinery.contains(id.as_str()))
        .filter_map(|(id, resource)| {
            let when = resource
                .condition
                .as_ref()
                .map(|name| words::condition(name, template, form))
                .unwrap_or_default();
            Some(Retention {
                id: id.clone(),
                what: what(resource)?,
                when,
                on_terminate: on_terminate(resource),
                on_replace: on_replace(resource).to_owned(),
            })
        })
        .collect()
}

/// What people would miss if a resource went; nothing for a resource that can be made anew.
fn what(resource: &Resource) -> Option<String> {
    let what = match resource.kind.as_str() {
        "AWS::S3::Bucket" => "The bucket and every object in it",
        "AWS::EC2::Instance" => "The instance and its disk",
        "AWS::EC2::Volume" => "The volume",
        // One that AWS generates is the product's own.
        "AWS::SecretsManager::Secret"
            if resource.properties.contains_key("GenerateSecretString") =>
        {
            return None;
        }
        "AWS::SecretsManager::Secret" => "The secrets",
        "AWS::Logs::LogGroup" => {
            return Some(match resource.properties.get("RetentionInDays") {
                Some(Node::Integer(1)) => "The logs of the last day".to_owned(),
                Some(Node::Integer(days)) => format!("The logs of the last {days} days"),
                _ => "The logs".to_owned(),
            });
        }
        _ => return None,
    };
    Some(what.to_owned())
}

fn on_terminate(resource: &Resource) -> String {
    let keeps_a_disk = disks(resource).any(|deleted| !deleted);
    match resource.deletion_policy {
        Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate) => {
            "kept in the account"
        }
        Some(DeletionPolicy::Snapshot) => "deleted; a snapshot is kept",
        Some(DeletionPolicy::Delete) | None => match resource.kind.as_str() {
            "AWS::EC2::Instance" if keeps_a_disk => {
                "the instance is deleted; a disk is kept in the account"
            }
            "AWS::S3::Bucket" => "deleted when empty; otherwise the termination fails",
            _ => "deleted",
        },
    }
    .to_owned()
}

fn on_replace(resource: &Resource) -> &'static str {
    match resource.update_replace_policy {
        Some(UpdateReplacePolicy::Retain) => "the old one is kept in the account",
        Some(UpdateReplacePolicy::Snapshot) => "a snapshot of the old one is kept",
        Some(UpdateReplacePolicy::Delete) | None => "the old one is deleted with what it holds",
    }
}

/// The log groups that a template's own functions write to: nobody's but the product's.
fn logs_of_functions(template: &Template) -> BTreeSet<&str> {
    let functions = template.resources.values();
    let functions = functions.filter(|resource| resource.kind == "AWS::Lambda::Function");
    functions
        .filter_map(|function| {
            let logs = function.properties.get("LoggingConfig")?.get("LogGroup")?;
            match logs.as_intrinsic()? {
                Intrinsic::Ref(name) => Some(name.as_str()),
                _ => None,
            }
        })
        .collect()
}

/// Whether each disk of an instance is deleted with it.
fn disks(resource: &Resource) -> impl Iterator<Item = bool> {
    let mappings = resource.properties.get("BlockDeviceMappings");
    let disks = mappings.and_then(Node::as_list).unwrap_or_default();
    disks
        .iter()
        .map(|disk| {
            disk.get("Ebs")
                .and_then(|ebs| ebs.get("DeleteOnTermination"))
        })
        .map(|deleted| deleted != Some(&Node::Bool(false)))
}
