//! The upgrade contract: a stack of any published version updates to this one, and keeps what it
//! holds. `legacy.json` says what stacks hold, `contract.yaml` where a template departs from it.

mod departure;
mod exception;

use crate::catalog;
use crate::stack::Stack;
use compute_catalog::cfn::{self, Node};
use compute_catalog::change::{Accounts, Body, Effect, Running, Update};
use compute_catalog::release::{KeptProperty, LegacyVersions, Loss};
use compute_catalog::resource::{OnChange, facts};
use departure::departures;
use exception::{contract_of, covers};
use indexmap::IndexSet;

/// Properties that AWS's schema calls conditional, and that change in place here: the machines are
/// in a VPC and start from a volume.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-instance.html>
const IN_PLACE: [&str; 3] = ["InstanceType", "SecurityGroupIds", "UserData"];

/// What stacks of the published versions hold.
fn published(product: &str) -> LegacyVersions {
    let file = format!("products/{product}/legacy.json");
    let facts = LegacyVersions::read(&file, &catalog::read(&file));
    let facts = facts.unwrap_or_else(|error| panic!("{file}: {error}"));
    let template = catalog::read(&format!("products/{product}/legacy/template.yaml"));
    facts.with_names(&cfn::read(&template).unwrap_or_else(|errors| panic!("{product}: {errors:?}")))
}

fn keys() -> Vec<String> {
    products::all()
        .iter()
        .map(|product| product.key().to_string())
        .collect()
}

#[test]
fn a_stack_of_every_published_version_passes_on_what_it_has() {
    for product in keys() {
        let published = published(&product);
        let contract = contract_of(&product);
        let template = catalog::template(&product);
        let departures = departures(&template, &published);
        let unexplained: Vec<_> = departures
            .iter()
            .filter(|departure| {
                !contract
                    .exceptions
                    .iter()
                    .any(|exception| covers(exception, departure))
            })
            .collect();
        assert!(
            unexplained.is_empty(),
            "{product}: {unexplained:#?}\nhint: keep it, or give the reason in products/{product}/contract.yaml"
        );
        for exception in &contract.exceptions {
            let at = &exception.at.value;
            assert!(exception.reason.len() > 20, "{product}: {at}: why?");
            let is_used = departures
                .iter()
                .any(|departure| covers(exception, departure));
            assert!(is_used, "{product}: no version needs the exception {at}");
        }
    }
}

#[test]
fn no_exception_gives_up_what_holds_data_or_an_identity() {
    for product in keys() {
        let Some(newest) = published(&product).newest else {
            continue;
        };
        let template = catalog::template(&product);
        for (id, class) in &newest.classes {
            let is_kept = template.resources.contains_key(id);
            assert!(
                is_kept || !matches!(class, Loss::Data | Loss::Identity),
                "{product}: {id}"
            );
        }
    }
}

#[test]
fn an_update_from_the_newest_version_replaces_no_resource() {
    let mut compared = 0;
    for product in keys() {
        let published = published(&product);
        let Some(newest) = &published.newest else {
            continue;
        };
        let template = catalog::template(&product);
        let stack = Stack::at(&template, &newest.account, &newest.region);
        let mut replaced = contract_of(&product).replaced;
        for (id, reason) in &replaced {
            assert_eq!(
                newest.classes.get(id),
                Some(&Loss::Plain),
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
            for name in now
                .keys()
                .chain(fixed.into_iter().flat_map(|one| one.keys()))
            {
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

#[test]
fn in_no_account_an_update_from_the_newest_version_replaces_a_machine_bucket_volume_secret_or_key()
{
    let all = Accounts::of(&catalog::environments(str::to_owned));
    let mut compared = 0;
    for product in keys() {
        let facts = published(&product);
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
    let facts = published("linux-docker");
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
        let kept = contract_of(&product).kept;
        let Some(newest) = published(&product).newest else {
            assert!(kept.is_empty(), "{product}: kept from which version?");
            continue;
        };
        let template = catalog::template(&product);
        let stack = Stack::at(&template, &newest.account, &newest.region);
        for KeptProperty { at, reason } in &kept {
            let at = &at.value;
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
                assert!(
                    kept.iter().any(|kept| kept.at.value == at),
                    "{product}: {at}"
                );
            }
        }
    }
    assert_eq!(machines, 3);
}

#[test]
fn what_is_removed_without_a_reason_is_found() {
    let published = published("notebook");
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
