//! `inner-names`: what a resource names within itself is there.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "inner-names",
    severity: Severity::Error,
    what: "What a resource names within itself is there: keys of a table, containers and volumes of a task.",
    why: "The service refuses the whole in the middle of a launch.",
    fix: "name what stands in the resource, or add it",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::DynamoDB::Table") {
        table(&view, report);
    }
    for view in subject.of_type("AWS::ECS::TaskDefinition") {
        task(&view, report);
    }
}

/// The texts of a field of each item of a list; none where one of them isn't known.
fn texts<'n>(list: Option<&'n Node>, field: &str) -> Option<Vec<&'n str>> {
    let items = list?.as_list()?;
    let texts = items.iter().map(|item| item.get(field)?.as_str());
    texts.collect()
}

/// A table defines the attributes that its keys and its indexes' keys name, and no others.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>
fn table(view: &View<'_>, report: &mut Report) {
    let Some(defined) = texts(view.get(&["AttributeDefinitions"]), "AttributeName") else {
        return;
    };
    let mut schemas = vec![view.get(&["KeySchema"])];
    for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        match view.get(&[indexes]) {
            None => {}
            Some(Node::List(all)) => schemas.extend(all.iter().map(|one| one.get("KeySchema"))),
            Some(_) => return,
        }
    }
    let mut used = Vec::new();
    for schema in schemas {
        match texts(schema, "AttributeName") {
            Some(names) => used.extend(names),
            None => return,
        }
    }
    if let Some(name) = used.iter().find(|name| !defined.contains(name)) {
        let message = format!(
            "the key `{name}` is none of the attributes: {}",
            defined.join(", ")
        );
        report.at(view.path(&["KeySchema"]), message);
    }
    if let Some(name) = defined.iter().find(|name| !used.contains(name)) {
        let message = format!("`{name}` is in no key: attributes that are in none aren't defined");
        report.at(view.path(&["AttributeDefinitions"]), message);
    }
}

/// Containers of a task have names of their own, wait for each other, and mount its volumes; in a network
/// of its own, a port is the same outside.
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html>
fn task(view: &View<'_>, report: &mut Report) {
    let containers = view.get(&["ContainerDefinitions"]);
    let Some(names) = texts(containers, "Name") else {
        return;
    };
    let volumes = match view.get(&["Volumes"]) {
        None => Some(Vec::new()),
        volumes => texts(volumes, "Name"),
    };
    let is_own = view.is(&["NetworkMode"], "awsvpc");
    let items = containers.and_then(Node::as_list).into_iter().flatten();
    for (index, container) in items.enumerate() {
        let place = index.to_string();
        let at = |field: &str| view.path(&["ContainerDefinitions", &place, field]);
        if names.iter().take(index).any(|name| *name == names[index]) {
            report.at(
                at("Name"),
                format!("another container has the name `{}`", names[index]),
            );
        }
        let waits = texts(container.get("DependsOn"), "ContainerName");
        for name in waits.into_iter().flatten() {
            if !names.contains(&name) {
                report.at(
                    at("DependsOn"),
                    format!("no container has the name `{name}`"),
                );
            }
        }
        let mounts = texts(container.get("MountPoints"), "SourceVolume");
        for name in mounts.into_iter().flatten() {
            if volumes.as_ref().is_some_and(|known| !known.contains(&name)) {
                report.at(
                    at("MountPoints"),
                    format!("no volume has the name `{name}`"),
                );
            }
        }
        let ports = container.get("PortMappings").and_then(Node::as_list);
        for port in ports.into_iter().flatten().filter(|_| is_own) {
            let number = |field: &str| port.get(field).and_then(Node::scalar_text);
            if let (Some(inside), Some(outside)) = (number("ContainerPort"), number("HostPort"))
                && inside != outside
                && outside != "0"
            {
                let message = format!(
                    "in the network mode awsvpc {inside} can't be {outside} outside: leave HostPort out"
                );
                report.at(at("PortMappings"), message);
            }
        }
    }
}
