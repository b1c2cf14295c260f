//! What machines, functions and jobs call in AWS, decided by the role that they run as.

use super::account::Account;
use super::behaviour::CallRow;
use super::cause::Cause;
use super::fill::{Values, at};
use super::outside::Program;
use super::rows::refused;
use super::stack::{Known, Stack};
use super::world::World;
use crate::cfn::{Evaluation, IndexMap, Intrinsic, Map, Node};

/// Judges what a program calls in a stack: everything that isn't possible.
pub(super) fn judge(
    world: &World<'_>,
    account: &Account,
    stack: &Stack,
    program: &Program,
    event: Option<&Map>,
) -> Vec<Cause> {
    let Some(made) = stack.resources.get(&program.runs_on) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let roles = account.roles_at(&made.properties, &program.role);
    if roles.is_empty() {
        found.push(Cause::NoRole {
            property: program.role.clone(),
            value: at(&made.properties, &program.role).join(", "),
            wanted: "the role that the program runs as".to_owned(),
        });
    }
    let here = Here {
        world,
        account,
        stack,
        event,
        properties: &made.properties,
    };
    let is_set = |path: &String| !at(&made.properties, path).is_empty();
    let rows: Vec<&CallRow> = program
        .calls
        .iter()
        .filter(|row| row.with.is_empty() || row.with.iter().any(is_set))
        .collect();
    for role in roles {
        let name = role.origin.to_string();
        found.extend(refused(world, account, role, &name, &rows, &here));
    }
    found
}

/// The values of a stack.
struct Here<'a> {
    world: &'a World<'a>,
    account: &'a Account,
    stack: &'a Stack,
    event: Option<&'a Map>,
    properties: &'a Map,
}

impl Values for Here<'_> {
    fn value(&self, name: &str) -> Option<String> {
        if let Some(path) = name.strip_prefix("Event.") {
            return at(self.event?, path).into_iter().next();
        }
        let given = match name {
            "Partition" => Some(&self.account.partition),
            "Region" => Some(&self.account.region),
            "Account" => Some(&self.account.id),
            "Stack" => Some(&self.stack.request.name),
            _ => None,
        };
        if let Some(given) = given {
            return Some(given.clone());
        }
        // A resource or parameter of the template, as `Fn::Sub` would take it.
        let template = &self.stack.request.template;
        let (first, _) = name.split_once('.').unwrap_or((name, ""));
        let is_there = template.parameters.contains_key(first)
            || self.stack.resources.contains_key(first)
            || first.starts_with("AWS::");
        if !is_there {
            return self.account.exports.get(name).cloned();
        }
        let known = Known {
            world: self.world,
            account: self.account,
            pseudo: self.account.pseudo(&self.stack.request.name),
            made: &self.stack.resources,
        };
        let evaluation = Evaluation::new(template, &self.stack.request.parameters, &known).ok()?;
        let text: Node = Intrinsic::Sub {
            text: format!("${{{name}}}"),
            variables: IndexMap::default(),
        }
        .into();
        evaluation.node(&text).value()?.scalar_text()
    }

    fn properties(&self) -> &Map {
        self.properties
    }

    fn the(&self, kind: &str, name: &str) -> Option<String> {
        Some(self.account.find(kind, name)?.arn.clone())
    }
}
