//! The actions that the handlers of the used types need, with the resources of each.

use super::handler::Handler;
use super::handlers::Handlers;
use super::need::{Faults, Needs};
use super::usage::{STACKS, TypeUsage, Usage};
use crate::cfn::IndexMap;
use crate::iam::ActionList;
use crate::resource::{TypeFacts, facts};
use crate::yaml::Located;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Why most actions on any resource are.
pub(super) const TAKES_NO_RESOURCE: &str = "the action takes no resource";

/// On which resources, and under what condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Scope {
    /// The resources.
    pub arns: Vec<String>,
    /// Only those that belong to a product's stack.
    pub of_stacks: bool,
    /// Any tag but the protected one.
    pub tags: bool,
}

/// What the handlers need.
#[derive(Default)]
pub(super) struct Grants<'a> {
    /// By type and scope.
    pub scoped: IndexMap<(String, Scope), BTreeSet<&'a str>>,
    /// Actions on any resource, with the reason.
    pub any: BTreeMap<&'a str, &'a str>,
    /// Actions on roles, which [`super::roles`] binds.
    pub on_roles: BTreeSet<&'a str>,
    /// Services that roles are passed to.
    pub passed_to: BTreeSet<&'a str>,
    /// Versions from before this catalog made roles.
    pub legacy_roles: bool,
}

/// A type in use.
struct InUse<'a> {
    facts: &'static TypeFacts,
    handler: &'a Handler,
    usage: Cow<'a, TypeUsage>,
    /// Only what ends what is there.
    only_leaves: bool,
}

/// Actions of a type that are on the same resources, for the same reasons.
struct Group<'a> {
    /// Resources other than the type's own.
    given: Option<&'a Vec<String>>,
    /// Whose actions they are.
    service: &'a str,
    of_stacks: bool,
    tags: bool,
    actions: Vec<&'a str>,
}

pub(super) fn gather<'a>(
    needs: &Needs<'_>,
    usage: &'a Usage,
    handlers: &'a Handlers,
    actions: &ActionList,
    faults: &mut Faults<'_>,
) -> Grants<'a> {
    let mut grants = Grants::default();
    let mut removed: BTreeSet<&str> = BTreeSet::new();
    for used in types_in_use(needs, usage, handlers, faults) {
        let has = |property: &str| used.usage.properties.contains(property);
        let needed = handlers.needed(used.facts, used.only_leaves, actions);
        let mut groups = Vec::new();
        for needed in needed.iter().filter(|needed| needed.is_needed(has)) {
            let action = needed.name.as_str();
            let mut removals = needs.file.removals.iter();
            let removal = removals.find(|removal| removal.action.eq_ignore_ascii_case(action));
            if let Some(removal) = removal {
                removed.insert(&removal.action);
            } else if let Some(takes_resource) = needed.takes_resource
                && !grants.take(&used, action, takes_resource, faults)
            {
                group(&used, action, &mut groups);
            }
        }
        for group in groups {
            grants.take_group(&used, group, faults);
        }
    }
    for removal in &needs.file.removals {
        if !removed.contains(removal.action.as_str()) {
            faults.add(
                Some(removal.at),
                &format!("the removal of `{}` removes nothing", removal.action),
                "delete the line, or correct the action",
            );
        }
    }
    grants
}

/// Puts an action to those of its kind.
fn group<'a>(used: &InUse<'a>, action: &'a str, groups: &mut Vec<Group<'a>>) {
    let new = Group {
        given: used.handler.resources_of(action),
        service: action.split(':').next().unwrap_or_default(),
        of_stacks: used.handler.is_tagged(action),
        tags: matches!(action, "ec2:CreateTags" | "ec2:DeleteTags"),
        actions: vec![action],
    };
    let kind = |group: &Group<'a>| (group.given, group.service, group.of_stacks, group.tags);
    match groups.iter_mut().find(|known| kind(known) == kind(&new)) {
        Some(known) => known.actions.push(action),
        None => groups.push(new),
    }
}

impl<'a> Grants<'a> {
    /// Takes an action, where something else than the resources of its type decides on what it is.
    fn take(
        &mut self,
        used: &InUse<'a>,
        action: &'a str,
        takes_resource: bool,
        faults: &mut Faults<'_>,
    ) -> bool {
        let name = used.facts.name;
        let is_role = name == "AWS::IAM::Role";
        if is_role && used.only_leaves {
            self.legacy_roles = true;
        }
        if action == "iam:PassRole" {
            match &used.handler.passes_to {
                Some(service) => {
                    self.passed_to.insert(service);
                }
                None => faults.add(
                    None,
                    &format!("nobody has reviewed to which service {name} passes a role"),
                    "add `passesTo` to the type in handlers.yaml, or remove iam:PassRole there",
                ),
            }
        } else if is_role || action.ends_with("RolePolicy") {
            self.on_roles.insert(action);
        } else if !takes_resource {
            self.any.insert(action, TAKES_NO_RESOURCE);
        } else if let Some(reason) = used.handler.any.get(action) {
            self.any.insert(action, reason);
        } else {
            return false;
        }
        true
    }

    /// Takes actions on resources; none where these would belong to another service.
    fn take_group(&mut self, used: &InUse<'a>, group: Group<'a>, faults: &mut Faults<'_>) {
        let name = used.facts.name;
        let arns = named(group.given.unwrap_or(&used.handler.arns), &used.usage);
        let is_own = |arn: &String| {
            let rest = arn.strip_prefix("arn:${AWS::Partition}:");
            let rest = rest.and_then(|rest| rest.strip_prefix(group.service));
            rest.is_some_and(|rest| rest.starts_with(':'))
        };
        if arns.is_empty() || !arns.iter().all(is_own) {
            for action in group.actions {
                faults.add(
                    None,
                    &format!("nobody has reviewed on which resources {name} calls {action}"),
                    "add the action under `on` of the type in handlers.yaml",
                );
            }
            return;
        }
        let short = name.trim_start_matches("AWS::").replace("::", "");
        let scope = Scope {
            arns,
            of_stacks: group.of_stacks,
            tags: group.tags,
        };
        let granted = self.scoped.entry((short, scope)).or_default();
        granted.extend(group.actions);
    }
}

fn types_in_use<'a>(
    needs: &Needs<'_>,
    usage: &'a Usage,
    handlers: &'a Handlers,
    faults: &mut Faults<'_>,
) -> Vec<InUse<'a>> {
    let mut found = Vec::new();
    let mut add = |name: &str, at, usage: Cow<'a, TypeUsage>, only_leaves| match (
        facts(name),
        handlers.of(name),
    ) {
        (Some(facts), Some(handler)) => {
            found.push(InUse {
                facts,
                handler,
                usage,
                only_leaves,
            });
        }
        (None, _) => faults.add(
            at,
            &format!("{name} is no type whose handlers are known"),
            "correct it, add it to vendor/types.txt, or list it under `macroTypes`",
        ),
        (_, None) => faults.add(
            at,
            &format!("nobody has reviewed the handlers of {name}"),
            "add the type to src/portfolio/launch_role/handlers.yaml",
        ),
    };
    for (name, usage) in &usage.types {
        let is_of_macro = |given: &Located<String>| given.value == *name;
        if !needs.file.macro_types.iter().any(is_of_macro) {
            add(name, None, Cow::Borrowed(usage), false);
        }
    }
    for name in &needs.file.legacy_types {
        let usage = TypeUsage {
            names: [STACKS.to_owned()].into(),
            ..TypeUsage::default()
        };
        add(name, Some(name.at), Cow::Owned(usage), true);
    }
    found
}

/// These ARNs with each of the names in the place of `{name}`, sorted.
fn named(arns: &[String], usage: &TypeUsage) -> Vec<String> {
    let mut all = BTreeSet::new();
    for arn in arns {
        match arn.contains("{name}") {
            true => all.extend(usage.names.iter().map(|name| arn.replace("{name}", name))),
            false => all.extend([arn.clone()]),
        }
    }
    all.into_iter().collect()
}
