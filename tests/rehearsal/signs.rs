//! What would show a fact in the events of a launch shows it: its premise holds of every launch role.

use crate::harness::NOW;
use compute_catalog::cfn::{Node, Template, read};
use compute_catalog::rehearsal::{Behaviours, Premise};
use std::path::Path;

fn launch_roles() -> Vec<(String, Template)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(NOW)
        .join("launch-roles");
    let mut roles: Vec<(String, Template)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (name, read(&text).unwrap())
        })
        .collect();
    roles.sort_by(|a, b| a.0.cmp(&b.0));
    roles
}

/// Whether a pattern of a statement takes an action in: more of them than it does, never fewer.
fn covers(pattern: &serde_json::Value, action: &str) -> bool {
    let pattern = pattern.as_str().unwrap_or("*").to_lowercase();
    match pattern.split_once(['*', '?']) {
        Some((before, _)) => action.to_lowercase().starts_with(before),
        None => action.eq_ignore_ascii_case(&pattern),
    }
}

/// The statements of a template that allow an action without asking for a key.
fn unasked(node: &Node, premise: &Premise, found: &mut Vec<String>) {
    match node {
        Node::Map(map) => {
            let effect = map.get("Effect").and_then(Node::scalar_text);
            let actions = map.get("Action").map(Node::to_json).unwrap_or_default();
            let actions = match actions {
                serde_json::Value::Array(actions) => actions,
                one => vec![one],
            };
            let allows = effect.as_deref() == Some("Allow")
                && actions.iter().any(|one| covers(one, &premise.action));
            let conditions = map.get("Condition").map(Node::to_json).unwrap_or_default();
            let asks = conditions.as_object().is_some_and(|operators| {
                operators.iter().any(|(operator, keys)| {
                    !operator.ends_with("IfExists")
                        && !operator.starts_with("ForAllValues")
                        && keys.get(&premise.key).is_some()
                })
            });
            if allows && !asks {
                found.push(node.to_json().to_string());
            }
            map.values().for_each(|one| unasked(one, premise, found));
        }
        Node::List(items) => items.iter().for_each(|one| unasked(one, premise, found)),
        _ => {}
    }
}

#[test]
fn launch_roles_ask_for_the_keys_by_which_a_launch_shows_a_fact() {
    let roles = launch_roles();
    assert!(roles.len() > 5);
    let facts = &Behaviours::known().unwrap().facts;
    let signs = facts.iter().flat_map(|fact| &fact.shown_by);
    let premises: Vec<&Premise> = signs.filter_map(|sign| sign.only_with.as_ref()).collect();
    assert!(!premises.is_empty());
    for premise in premises {
        for (name, template) in &roles {
            let mut found = Vec::new();
            for resource in template.resources.values() {
                unasked(&Node::Map(resource.properties.clone()), premise, &mut found);
            }
            assert_eq!(found, Vec::<String>::new(), "{name}: {premise:?}");
        }
    }
}

#[test]
fn a_statement_that_doesn_t_ask_is_found() {
    let premise = Premise {
        action: "iam:CreateRole".to_owned(),
        key: "iam:PermissionsBoundary".to_owned(),
    };
    let statement = |condition: &str| {
        let text = format!(
            r#"{{"Effect": "Allow", "Action": ["iam:Create*"], "Resource": "*", "Condition": {condition}}}"#
        );
        let mut found = Vec::new();
        let node = Node::from_json(&serde_json::from_str(&text).unwrap());
        unasked(&node, &premise, &mut found);
        found.len()
    };
    assert_eq!(
        statement(r#"{"ArnEquals": {"iam:PermissionsBoundary": "x"}}"#),
        0
    );
    assert_eq!(
        statement(r#"{"ArnEqualsIfExists": {"iam:PermissionsBoundary": "x"}}"#),
        1
    );
    assert_eq!(statement("{}"), 1);
}
