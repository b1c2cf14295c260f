//! The upgrade contract: a stack of any published version updates to this one, and keeps what it
//! holds. `legacy.json` says what stacks hold, `contract.yaml` where a template departs from it.

use crate::catalog;
use crate::stack::Stack;
use compute_catalog::cfn::{self, Node, Parameter, Template};
use compute_catalog::change::{Accounts, Body, Effect, Running, Update};
use compute_catalog::release::LegacyVersions as Facts;
use compute_catalog::resource::{OnChange, facts};
use indexmap::{IndexMap, IndexSet};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Properties that AWS's schema calls conditional, and that change in place here: the machines are
/// in a VPC and start from a volume.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html>
const IN_PLACE: [&str; 3] = ["InstanceType", "SecurityGroupIds", "UserData"];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LegacyVersions {
    newest: Option<Newest>,
    versions: IndexMap<String, Version>,
}

/// The newest version, of products whose instance an update must not replace.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Newest {
    version: String,
    classes: IndexMap<String, Class>,
    account: String,
    region: String,
    fixed: IndexMap<String, IndexMap<String, Value>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Class {
    Data,
    Identity,
    Sticky,
    Plain,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Version {
    parameters: IndexMap<String, Asked>,
    resources: IndexMap<String, String>,
    outputs: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    r#type: String,
    #[allow(
        dead_code,
        reason = "a stack passes on the value it has, not the default"
    )]
    default: Option<String>,
    least: Option<i64>,
    most: Option<i64>,
    #[serde(default)]
    allowed_values: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Contract {
    exceptions: Vec<Exception>,
    /// Resources that an update replaces on purpose: nothing is lost with them.
    #[serde(default)]
    replaced: IndexMap<String, String>,
    /// Properties that stay because their change would replace what runs.
    #[serde(default)]
    kept: Vec<Kept>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// Logical id and property.
    at: String,
    reason: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Exception {
    at: String,
    /// Only where the published resource has this type.
    r#type: Option<String>,
    /// Only for stacks of versions before the newest.
    #[serde(default)]
    older: bool,
    reason: String,
}

/// Something that a stack has and the template doesn't take over.
#[derive(Debug)]
struct Departure<'a> {
    #[allow(dead_code, reason = "told when it fails")]
    version: &'a str,
    at: String,
    kind: Option<&'a str>,
    is_newest: bool,
}

impl Exception {
    fn covers(&self, departure: &Departure<'_>) -> bool {
        let is_there = match self.at.strip_suffix('*') {
            Some(start) => departure.at.starts_with(start),
            None => departure.at == self.at,
        };
        is_there
            && !(self.older && departure.is_newest)
            && self
                .r#type
                .as_deref()
                .is_none_or(|kind| departure.kind == Some(kind))
    }
}

fn read<T: DeserializeOwned + JsonSchema + 'static>(product: &str, file: &str) -> T {
    let path = format!("products/{product}/{file}");
    compute_catalog::yaml::load(&path, &catalog::read(&path))
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn keys() -> Vec<String> {
    products::all()
        .iter()
        .map(|product| product.key().to_string())
        .collect()
}

fn departures<'a>(template: &Template, published: &'a LegacyVersions) -> Vec<Departure<'a>> {
    let last = published.versions.keys().next_back();
    let mut found = Vec::new();
    for (name, version) in &published.versions {
        let mut add = |at: String, kind: Option<&'a str>| {
            found.push(Departure {
                version: name,
                at,
                kind,
                is_newest: Some(name) == last,
            });
        };
        for (name, asked) in &version.parameters {
            match template.parameters.get(name) {
                Some(parameter) => {
                    for attribute in refused(asked, parameter) {
                        add(format!("Parameters.{name}.{attribute}"), None);
                    }
                }
                None => add(format!("Parameters.{name}"), None),
            }
        }
        for (name, parameter) in &template.parameters {
            if !version.parameters.contains_key(name) && parameter.default.is_none() {
                add(format!("Parameters.{name}"), None);
            }
        }
        for (id, kind) in &version.resources {
            if template
                .resources
                .get(id)
                .is_none_or(|resource| resource.kind != *kind)
            {
                add(format!("Resources.{id}"), Some(kind));
            }
        }
        for name in version
            .outputs
            .iter()
            .filter(|name| !template.outputs.contains_key(*name))
        {
            add(format!("Outputs.{name}"), None);
        }
    }
    found
}

/// What of a parameter's earlier values is no longer taken.
fn refused(asked: &Asked, parameter: &Parameter) -> Vec<String> {
    let mut found = Vec::new();
    if parameter.kind.to_string() != asked.r#type {
        found.push("Type".to_owned());
    }
    let bound = |node: &Option<Node>| match node {
        Some(Node::Integer(bound)) => Some(*bound),
        _ => None,
    };
    if bound(&parameter.min_value)
        .is_some_and(|least| asked.least.is_none_or(|before| before < least))
    {
        found.push("MinValue".to_owned());
    }
    if bound(&parameter.max_value).is_some_and(|most| asked.most.is_none_or(|before| before > most))
    {
        found.push("MaxValue".to_owned());
    }
    let offered: Vec<String> = parameter
        .allowed_values
        .iter()
        .filter_map(Node::scalar_text)
        .collect();
    let gone = asked
        .allowed_values
        .iter()
        .filter(|value| !offered.is_empty() && !offered.contains(value));
    found.extend(gone.map(|value| format!("AllowedValues.{value}")));
    found
}

#[test]
fn a_stack_of_every_published_version_passes_on_what_it_has() {
    for product in keys() {
        let published: LegacyVersions = read(&product, "legacy.json");
        let contract: Contract = read(&product, "contract.yaml");
        let template = catalog::template(&product);
        let departures = departures(&template, &published);
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
            "{product}: {unexplained:#?}\nhint: keep it, or give the reason in products/{product}/contract.yaml"
        );
        for exception in &contract.exceptions {
            let at = &exception.at;
            assert!(exception.reason.len() > 20, "{product}: {at}: why?");
            let is_used = departures
                .iter()
                .any(|departure| exception.covers(departure));
            assert!(is_used, "{product}: no version needs the exception {at}");
        }
    }
}

#[test]
fn no_exception_gives_up_what_holds_data_or_an_identity() {
    for product in keys() {
        let Some(newest) = read::<LegacyVersions>(&product, "legacy.json").newest else {
            continue;
        };
        let template = catalog::template(&product);
        for (id, class) in &newest.classes {
            let is_kept = template.resources.contains_key(id);
            assert!(
                is_kept || !matches!(class, Class::Data | Class::Identity),
                "{product}: {id}"
            );
        }
    }
}

#[test]
fn an_update_from_the_newest_version_replaces_no_resource() {
    let mut compared = 0;
    for product in keys() {
        let published: LegacyVersions = read(&product, "legacy.json");
        let Some(newest) = &published.newest else {
            continue;
        };
        let template = catalog::template(&product);
        let stack = Stack::at(&template, &newest.account, &newest.region);
        let mut replaced = read::<Contract>(&product, "contract.yaml").replaced;
        for (id, reason) in &replaced {
            assert_eq!(
                newest.classes.get(id),
                Some(&Class::Plain),
                "{product}: {id}"
            );
            assert!(reason.len() > 20, "{product}: {id}: why?");
        }
        let mut used = IndexSet::new();
        for (id, kind) in &published.versions[&newest.version].resources {
            let (Some(facts), true) = (facts(kind), template.resources.contains_key(id)) else {
                continue; // A custom resource, or a departure that the contract explains.
            };
            let now = stack.properties(id);
            let now = now.as_object().expect("properties are a map");
            let fixed = newest.fixed.get(id);
            for name in now.keys().chain(fixed.into_iter().flat_map(IndexMap::keys)) {
                let before = fixed.and_then(|fixed| fixed.get(name));
                let replaces = facts.on_change(&[name]) != OnChange::Updates
                    && !IN_PLACE.contains(&name.as_str());
                if replaces || before.is_some() {
                    compared += 1;
                    let is_kept = now.get(name) == before || replaced.contains_key(id);
                    assert!(
                        is_kept,
                        "{product}: {id}.{name}: {before:?} becomes {:?}",
                        now.get(name)
                    );
                    if now.get(name) != before {
                        used.insert(id.clone());
                    }
                }
            }
        }
        replaced.retain(|id, _| !used.contains(id));
        assert!(
            replaced.is_empty(),
            "{product}: no update replaces {replaced:?}"
        );
    }
    assert!(compared > 60, "{compared} properties were compared");
}

/// What people lose something with.
const DEAR: [&str; 5] = [
    "AWS::EC2::Instance",
    "AWS::EC2::Volume",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
];

fn facts_of(product: &str) -> Facts {
    let file = format!("products/{product}/legacy.json");
    let facts =
        Facts::read(&file, &catalog::read(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let template = catalog::read(&format!("products/{product}/legacy/template.yaml"));
    facts.with_names(&cfn::read(&template).unwrap_or_else(|errors| panic!("{product}: {errors:?}")))
}

#[test]
fn in_no_account_an_update_from_the_newest_version_replaces_a_machine_bucket_volume_secret_or_key()
{
    let all = Accounts::of(&catalog::environments(str::to_owned));
    let mut compared = 0;
    for product in keys() {
        let facts = facts_of(&product);
        let Some((newest, version)) = facts.versions.iter().next_back() else {
            continue;
        };
        let running = Running {
            name: *newest,
            body: Body::Facts(&facts),
        };
        let template = catalog::template(&product);
        for account in all.iter() {
            let update = Update::of(&running, &template, &all.alone(account));
            for (id, kind) in &version.resources {
                if DEAR.contains(&kind.as_str()) {
                    compared += 1;
                    let effect = update.impact.effect(id);
                    assert!(
                        effect < Effect::Unknown,
                        "{product} in {}: {id}: {effect}",
                        account.name
                    );
                }
            }
            assert!(
                !update.loses_data(),
                "{product} in {}: {:?}",
                account.name,
                update.lines()
            );
        }
    }
    assert!(compared >= 18, "{compared}");
}

#[test]
fn another_subnet_in_one_account_alone_is_found() {
    let facts = facts_of("linux-docker");
    let running = Running {
        name: *facts.versions.keys().next_back().expect("a version"),
        body: Body::Facts(&facts),
    };
    let all = Accounts::of(&catalog::environments(str::to_owned));
    let mut template = catalog::template("linux-docker");
    let rows = template.mappings.get_mut("Accounts").expect("the mapping");
    let row = rows.values_mut().next_back().expect("a row");
    row.insert(
        "PrivateSubnet".to_owned(),
        Node::from("us-east-1-other-PrivateSubnet"),
    );
    let update = Update::of(&running, &template, &all);
    assert_eq!(
        update.impact.effect("EC2Instance"),
        Effect::Replaced,
        "{:?}",
        update.lines()
    );
    let hit = update
        .impact
        .resources
        .iter()
        .find(|one| one.id == "EC2Instance")
        .expect("the machine");
    assert!(!hit.reasons[0].when.is_always(), "{:?}", hit.reasons);
}

#[test]
fn d54_what_stays_for_the_sake_of_running_machines_would_replace_them() {
    let mut machines = 0;
    for product in keys() {
        let kept = read::<Contract>(&product, "contract.yaml").kept;
        let Some(newest) = read::<LegacyVersions>(&product, "legacy.json").newest else {
            assert!(kept.is_empty(), "{product}: kept from which version?");
            continue;
        };
        let template = catalog::template(&product);
        let stack = Stack::at(&template, &newest.account, &newest.region);
        for Kept { at, reason } in &kept {
            assert!(reason.len() > 20, "{product}: {at}: why?");
            let (id, property) = at.split_once('.').expect("a logical id and a property");
            let facts = facts(&template.resources[id].kind).expect("AWS describes the type");
            let effect = facts.on_change(&[property]);
            assert!(
                matches!(effect, OnChange::Replaces | OnChange::Fails),
                "{product}: {at} can change in place: {effect:?}"
            );
            let before = newest.fixed.get(id).and_then(|fixed| fixed.get(property));
            assert_eq!(
                stack.properties(id).get(property),
                before,
                "{product}: {at}"
            );
        }
        // Every machine stands in the subnet that it was launched in, whatever its stack is called.
        for (id, resource) in &template.resources {
            if resource.kind == "AWS::EC2::Instance" {
                machines += 1;
                let at = format!("{id}.SubnetId");
                assert!(kept.iter().any(|kept| kept.at == at), "{product}: {at}");
            }
        }
    }
    assert_eq!(machines, 3);
}

#[test]
fn what_is_removed_without_a_reason_is_found() {
    let published: LegacyVersions = read("notebook", "legacy.json");
    let mut template = catalog::template("notebook");
    let before = departures(&template, &published).len();
    template.outputs.shift_remove("LinuxInstanceId");
    template.resources.shift_remove("SSMParameterEncryptionKey");
    template.parameters["NotebookType"].allowed_values.pop();
    template.parameters["VolumeSize"].min_value = Some(Node::Integer(60));
    let after = departures(&template, &published);
    assert_eq!(after.len(), before + 4 * published.versions.len());
    for at in [
        "Outputs.LinuxInstanceId",
        "Resources.SSMParameterEncryptionKey",
        "Parameters.NotebookType.AllowedValues.Jupyter",
        "Parameters.VolumeSize.MinValue",
    ] {
        let found = after
            .iter()
            .any(|departure| departure.at == at && departure.is_newest);
        assert!(found, "{at}");
    }
}
