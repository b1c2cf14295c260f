//! What another value of a property does to resources of any of AWS's types.
//!
//! AWS's schemas list what replaces a resource, and what may (`vendor/updates.json`). What interrupts
//! one, and what an update refuses, only the pages of CloudFormation's reference tell:
//! `schemas/documented-updates.json` holds their "Update requires" of September 2023, when AWS took
//! their sources from public view (github.com/awsdocs/aws-cloudformation-user-guide, 6c68a17a). Where
//! the two disagree, the schema is younger and the page may still be right: it may replace.

use crate::schema::{self, on_change_of};
use serde_json::Value;

/// What an update does that gives a property another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnChange {
    /// It changes the resource that there is, without an interruption.
    Updates,
    /// It changes the resource that there is, and interrupts it.
    Interrupts,
    /// It may replace it, under conditions that the documentation states.
    MayReplace,
    /// It replaces it.
    Replaces,
    /// CloudFormation, or the service, refuses it.
    Fails,
}

/// Whether the type's schema is vendored for `check` alone, of which no Rust is made.
pub fn is_checked(type_name: &str) -> bool {
    schema::is_checked(type_name)
}

/// Whether AWS's schema of the type lists what replaces a resource.
pub fn is_replacement_listed(type_name: &str) -> bool {
    on_change_of(type_name).is_some_and(is_listed)
}

fn is_listed(lists: &Value) -> bool {
    lists.get("isListed") == Some(&Value::Bool(true))
}

/// What another value at a path of properties does, such as `DeploymentController`, `Type`; none where
/// neither AWS's schema nor its page says so. A schema that lists nothing at all says nothing: AWS's
/// list is then missing rather than empty (a volume's is, which can't move to another zone).
pub fn on_change(type_name: &str, path: &[String]) -> Option<OnChange> {
    let lists = on_change_of(type_name)?;
    let is_in = |key: &str| {
        let paths = lists.get(key).and_then(Value::as_array);
        let mut paths = paths.into_iter().flatten().filter_map(Value::as_str);
        paths.find_map(|listed| reach(listed, path))
    };
    let is_listed = is_listed(lists);
    // Items of lists are told by their places, which change with what stands before them: what a page
    // says of a part of one decides nothing alone.
    let whole = |key: &str| is_in(key) == Some(Reach::Whole);
    if whole("fails") {
        return Some(OnChange::Fails);
    }
    match (is_in("replaces"), is_in("replaced")) {
        (Some(Reach::Whole), _) => return Some(OnChange::Replaces),
        (None, Some(Reach::Whole)) if !is_listed => return Some(OnChange::Replaces),
        (None, None) => {}
        _ => return Some(OnChange::MayReplace),
    }
    if is_in("mayReplace").is_some() {
        return Some(OnChange::MayReplace);
    }
    // Of a whole property its own line says more than the lines of its parts.
    let has_own_line = path.len() == 1 && whole("updates");
    if whole("interrupts") || is_in("interrupts") == Some(Reach::Part) && !has_own_line {
        return Some(OnChange::Interrupts);
    }
    let is_tags = matches!(path, [name, ..] if name == "Tags");
    let updates = is_in("updates").is_some() || is_listed && (is_tags || is_checked(type_name));
    updates.then_some(OnChange::Updates)
}

/// The paths of the properties by which a resource of a type is known, where a template gives all of them:
/// there can be one alone with the same. None where AWS makes a part up, or its schema doesn't say.
pub fn identifier(type_name: &str) -> Vec<&'static str> {
    let lists = on_change_of(type_name);
    let paths = lists.and_then(|lists| lists.get("identifier")?.as_array());
    let paths = paths.into_iter().flatten();
    paths.filter_map(Value::as_str).collect()
}

/// How what is listed and what changed lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// What changed is what is listed, or lies below it.
    Whole,
    /// What is listed is a part of what changed.
    Part,
    /// What is listed is an item of a list or a part of one, such as the one that changed.
    Item,
}

fn reach(listed: &str, path: &[String]) -> Option<Reach> {
    let is_item = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let mut listed = listed.split('/');
    let mut has_items = false;
    for segment in path {
        match listed.next() {
            None => break,
            Some("*") if is_item(segment) => has_items = true,
            // Some lists leave out that there are several.
            Some(_) if is_item(segment) => return Some(Reach::Item),
            Some(name) if name == segment => {}
            Some(_) => return None,
        }
    }
    Some(match listed.next() {
        _ if has_items => Reach::Item,
        Some(_) => Reach::Part,
        None => Reach::Whole,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_updates_do_is_what_schemas_list_and_pages_say() {
        for (name, path, expected) in [
            (
                "AWS::DynamoDB::Table",
                "TableName",
                Some(OnChange::Replaces),
            ),
            (
                "AWS::DynamoDB::Table",
                "KeySchema",
                Some(OnChange::MayReplace),
            ),
            (
                "AWS::DynamoDB::Table",
                "BillingMode",
                Some(OnChange::Updates),
            ),
            // Its schema lists nothing, and its page says that they can't change.
            (
                "AWS::EC2::Volume",
                "AvailabilityZone",
                Some(OnChange::Fails),
            ),
            ("AWS::EC2::Volume", "Size", Some(OnChange::Updates)),
            ("AWS::EC2::Subnet", "CidrBlock", Some(OnChange::Replaces)),
            (
                "AWS::ECS::Service",
                "LaunchType",
                Some(OnChange::MayReplace),
            ),
            (
                "AWS::ECS::Service",
                "DeploymentController/Type",
                Some(OnChange::MayReplace),
            ),
            (
                "AWS::ECS::Service",
                "TaskDefinition",
                Some(OnChange::Updates),
            ),
            (
                "AWS::Neptune::DBInstance",
                "DBInstanceClass",
                Some(OnChange::Interrupts),
            ),
            (
                "AWS::OpenSearchService::Domain",
                "VPCOptions/SubnetIds/0",
                Some(OnChange::Interrupts),
            ),
            // The page said that it replaces, the schema no longer lists it.
            (
                "AWS::DocDB::DBCluster",
                "EngineVersion",
                Some(OnChange::MayReplace),
            ),
            // An item of a list may be another one in its place.
            (
                "AWS::DynamoDB::Table",
                "GlobalSecondaryIndexes/0/IndexName",
                Some(OnChange::Updates),
            ),
            ("AWS::IoT::Thing", "NoSuchProperty", None),
            ("AWS::No::Type", "Name", None),
        ] {
            let path: Vec<String> = path.split('/').map(str::to_owned).collect();
            assert_eq!(on_change(name, &path), expected, "{name} {path:?}");
        }
    }

    /// What has ended since, or is never in the region whose schemas are vendored.
    const ELSEWHERE: [&str; 9] = [
        "AWS::DataSync::StorageSystem",
        "AWS::DeviceFarm::",
        "AWS::IoT1Click::",
        "AWS::IoTEvents::",
        "AWS::IoTFleetHub::",
        "AWS::LookoutMetrics::",
        "AWS::NimbleStudio::",
        "AWS::OpsWorks::",
        "AWS::OpsWorksCM::",
    ];

    #[test]
    fn every_line_is_of_a_type_that_aws_has() {
        let strange: Vec<&str> = schema::on_change_types()
            .filter(|name| !crate::is_type(name))
            .filter(|name| !ELSEWHERE.iter().any(|start| name.starts_with(start)))
            .collect();
        assert_eq!(strange, Vec::<&str>::new());
    }
}
