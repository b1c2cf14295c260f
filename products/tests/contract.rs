//! The upgrade contract: a stack of any published version updates to this one, and keeps what it
//! holds. `published.yaml` says what stacks hold, `contract.yaml` where a version departs from it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can't read its files has failed"
)]

mod catalog;

use compute_catalog::cfn::{Node, Parameter, Template};
use compute_catalog::resource::{OnChange, facts};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

const PRODUCTS: [&str; 3] = ["linux-docker", "notebook", "windows"];

/// Properties that AWS's schema calls conditional, and that change in place here: the machines are
/// in a VPC and start from a volume.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html>
const IN_PLACE: [&str; 3] = ["InstanceType", "SecurityGroupIds", "UserData"];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Published {
    newest: String,
    account: String,
    resources: IndexMap<String, Held>,
    fixed: IndexMap<String, IndexMap<String, Json>>,
    versions: Vec<Versions>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Held {
    r#type: String,
    #[allow(dead_code, reason = "for readers: what is lost with it")]
    class: Class,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Class {
    Data,
    Identity,
    Sticky,
    Plain,
}

/// Versions that have the same interface.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Versions {
    names: Vec<String>,
    parameters: IndexMap<String, Asked>,
    resources: IndexMap<String, String>,
    outputs: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    r#type: String,
    least: Option<i64>,
    most: Option<i64>,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Contract {
    exceptions: Vec<Exception>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Exception {
    at: String,
    #[serde(default)]
    values: Vec<String>,
    /// Only for stacks of versions before the newest.
    #[serde(default)]
    older: bool,
    reason: String,
}

/// Something that a stack has and this version doesn't take over.
#[derive(Debug, PartialEq)]
struct Departure {
    at: String,
    value: Option<String>,
    is_newest: bool,
    version: String,
}

impl Exception {
    fn covers(&self, departure: &Departure) -> bool {
        self.at == departure.at
            && !(self.older && departure.is_newest)
            && departure.value.as_ref().is_none_or(|value| {
                self.values
                    .iter()
                    .any(|pattern| match pattern.strip_suffix('*') {
                        Some(start) => value.starts_with(start),
                        None => value == pattern,
                    })
            })
    }
}

fn read<T: serde::de::DeserializeOwned + JsonSchema>(path: &str) -> T {
    compute_catalog::yaml::load(path, &catalog::text(path))
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn departures(template: &Template, published: &Published) -> Vec<Departure> {
    let mut found = Vec::new();
    for versions in &published.versions {
        let is_newest = versions.names.contains(&published.newest);
        let mut add = |at: String, value: Option<&str>| {
            found.push(Departure {
                at,
                value: value.map(str::to_owned),
                is_newest,
                version: versions.names.join(" "),
            });
        };
        for (name, asked) in &versions.parameters {
            match template.parameters.get(name) {
                Some(parameter) => compare(name, asked, parameter, &mut add),
                None => add(format!("Parameters.{name}"), None),
            }
        }
        for (name, parameter) in &template.parameters {
            if !versions.parameters.contains_key(name) && parameter.default.is_none() {
                add(format!("Parameters.{name}.Default"), None);
            }
        }
        for (id, kind) in &versions.resources {
            if template
                .resources
                .get(id)
                .is_none_or(|resource| resource.kind != *kind)
            {
                add(format!("Resources.{id}"), None);
            }
        }
        for name in versions
            .outputs
            .iter()
            .filter(|name| !template.outputs.contains_key(*name))
        {
            add(format!("Outputs.{name}"), None);
        }
    }
    found
}

fn compare(
    name: &str,
    asked: &Asked,
    parameter: &Parameter,
    add: &mut impl FnMut(String, Option<&str>),
) {
    let at = |attribute: &str| format!("Parameters.{name}.{attribute}");
    if parameter.kind.to_string() != asked.r#type {
        add(at("Type"), None);
    }
    let bound = |node: &Option<Node>| {
        node.as_ref()
            .and_then(Node::scalar_text)
            .map(|text| text.parse::<i64>().unwrap())
    };
    if bound(&parameter.min_value) > asked.least {
        add(at("MinValue"), None);
    }
    if bound(&parameter.max_value).is_some_and(|most| asked.most.is_none_or(|before| before > most))
    {
        add(at("MaxValue"), None);
    }
    let offered: Vec<String> = parameter
        .allowed_values
        .iter()
        .filter_map(Node::scalar_text)
        .collect();
    for value in asked
        .values
        .iter()
        .filter(|value| !offered.is_empty() && !offered.contains(value))
    {
        add(at("AllowedValues"), Some(value));
    }
}

#[test]
fn a_stack_of_every_published_version_can_pass_on_what_it_has() {
    for product in PRODUCTS {
        let published: Published = read(&format!("{product}/published.yaml"));
        let contract: Contract = read(&format!("{product}/contract.yaml"));
        let departures = departures(&catalog::build(product), &published);
        let unexplained: Vec<_> = departures
            .iter()
            .filter(|departure| {
                !contract
                    .exceptions
                    .iter()
                    .any(|exception| exception.covers(departure))
            })
            .collect();
        assert!(
            unexplained.is_empty(),
            "{product}: {unexplained:#?}\nhint: keep it, or give the reason in contract.yaml"
        );
        for exception in &contract.exceptions {
            assert!(
                exception.reason.len() > 20,
                "{product}: {}: why?",
                exception.at
            );
            assert!(
                departures
                    .iter()
                    .any(|departure| exception.covers(departure)),
                "{product}: no version needs the exception {}",
                exception.at
            );
        }
    }
}

#[test]
fn an_update_from_the_newest_version_replaces_no_resource() {
    for product in PRODUCTS {
        let published: Published = read(&format!("{product}/published.yaml"));
        let template = catalog::build(product);
        let mut compared = 0;
        for (id, held) in &published.resources {
            let Some(resource) = template.resources.get(id) else {
                continue; // The contract above has a reason for each.
            };
            assert_eq!(resource.kind, held.r#type, "{product}: {id}");
            let Some(facts) = facts(&held.r#type) else {
                assert!(held.r#type.starts_with("Custom::"), "{product}: {id}");
                continue;
            };
            let now = catalog::properties(&template, id, &[], &published.account);
            let fixed = published.fixed.get(id);
            let before = |name: &str| fixed.and_then(|fixed| fixed.get(name)).cloned();
            let names = now.keys().chain(fixed.into_iter().flat_map(IndexMap::keys));
            for name in names {
                if held.r#type == "AWS::IAM::Role" && name == "Path" {
                    // The one replacement: a role holds no data and nobody outside knows its
                    // name, and launch roles make roles under the product's path only.
                    let path = format!("/service-catalog/{product}/");
                    assert_eq!(now.get(name).and_then(Node::as_str), Some(path.as_str()));
                    continue;
                }
                let replaces = facts.on_change(&[name]) != OnChange::Updates
                    && !IN_PLACE.contains(&name.as_str());
                if replaces || before(name).is_some() {
                    compared += 1;
                    assert_eq!(
                        now.get(name).map(Node::to_json),
                        before(name),
                        "{product}: {id}.{name}"
                    );
                }
            }
        }
        assert!(compared > 10, "{product}: nothing was compared");
    }
}

#[test]
fn a_removed_output_or_value_or_resource_is_a_departure() {
    let published: Published = read("notebook/published.yaml");
    let mut template = catalog::build("notebook");
    let before = departures(&template, &published).len();
    template.outputs.shift_remove("LinuxInstanceId");
    template.resources.shift_remove("SSMParameterEncryptionKey");
    template
        .parameters
        .get_mut("NotebookType")
        .unwrap()
        .allowed_values
        .pop();
    let after = departures(&template, &published);
    assert_eq!(after.len(), before + 3 * published.versions.len());
    for at in [
        "Outputs.LinuxInstanceId",
        "Resources.SSMParameterEncryptionKey",
        "Parameters.NotebookType.AllowedValues",
    ] {
        assert!(
            after
                .iter()
                .any(|departure| departure.at == at && departure.is_newest),
            "{at}"
        );
    }
}
