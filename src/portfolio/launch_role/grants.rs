//! The actions that the handlers of the used types call, with the resources of each.

use super::facts::{HandlerAction, HandlerFacts, Handlers};
use super::input::{RoleErrors, RoleInput};
use super::usage::{STACKS, TypeUsage};
use crate::cfn::IndexMap;
use crate::iam::{ActionList, gives_away_data};
use crate::resource::{TypeFacts, facts};
use crate::yaml::Location;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Why most actions on any resource are.
pub(super) const TAKES_NO_RESOURCE: &str = "the action takes no resource";

/// On which resources, and under what condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Scope {
    /// The resources.
    pub arns: Vec<String>,
    /// Only those that belong to a product's stack.
    pub of_stacks: bool,
    /// Only those of these logical ids; none: any.
    pub ids: Vec<String>,
    /// Only those without an alias of another name; none: whatever their aliases are.
    pub aliases: Option<Vec<String>>,
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
    /// Those among them of types that nobody has reviewed.
    pub unreviewed: BTreeSet<&'a str>,
    /// Actions on roles, which [`super::iam_roles`] binds.
    pub on_roles: BTreeSet<&'a str>,
    /// Services that roles are passed to.
    pub passed_to: BTreeSet<&'a str>,
    /// Versions from before this catalog made roles.
    pub legacy_roles: bool,
    /// Actions that AWS's schemas of unreviewed types name, and that aren't granted, with the reason.
    pub withheld: BTreeMap<&'a str, String>,
}

/// A type in use.
struct InUse<'a> {
    facts: &'static TypeFacts,
    handler: &'a HandlerFacts,
    usage: Cow<'a, TypeUsage>,
    /// Its resources, where they are others than those of the handler's file.
    arns: Option<&'a Vec<String>>,
    /// Logical ids beside those of the templates.
    further_ids: &'a [String],
    /// Only what reads and ends what is there.
    delete_only: bool,
    /// Made by versions from before this catalog.
    is_legacy: bool,
}

/// Actions of a type that are on the same resources, for the same reasons.
struct Group<'a> {
    /// Resources other than the type's own.
    given: Option<&'a Vec<String>>,
    /// Whose actions they are.
    service: &'a str,
    of_stacks: bool,
    own: bool,
    tags: bool,
    actions: Vec<&'a str>,
}

pub(super) fn gather<'a>(
    input: &'a RoleInput<'a>,
    handlers: &'a Handlers,
    actions: &ActionList,
    errors: &mut RoleErrors<'_>,
) -> Grants<'a> {
    let mut grants = Grants::default();
    let mut removed: BTreeSet<&str> = BTreeSet::new();
    let in_use = types_in_use(input, handlers, errors);
    let services: BTreeSet<&str> = in_use.iter().map(|used| own_service(used.facts)).collect();
    for used in in_use {
        let has = |property: &str| used.usage.properties.contains(property);
        // What templates that nobody has set isn't known: what deletes it is granted whole.
        let is_needed =
            |called: &&HandlerAction| called.is_needed(has) || used.is_legacy && called.deletes;
        let called = handlers.actions(used.facts, used.delete_only, actions);
        let mut groups = Vec::new();
        for called in called.iter().filter(is_needed) {
            let action = called.name.as_str();
            let mut removals = input.file.removals.iter();
            let removal = removals.find(|removal| removal.action.eq_ignore_ascii_case(action));
            if let Some(removal) = removal {
                removed.insert(&removal.action);
            } else if let Some(reason) = &used.handler.unreviewed {
                grants.take_unreviewed(&used, called, &services, reason);
            } else if let Some(takes_resource) = called.takes_resource {
                if !grants.take(&used, action, takes_resource, errors) {
                    group(&used, action, &mut groups);
                }
            } else {
                errors.add(
                    None,
                    &format!(
                        "AWS's schema of {} names `{action}`, an action that IAM doesn't know",
                        used.facts.name
                    ),
                    "list it under `remove` of the type in vendor/handlers.yaml, with the reason",
                );
            }
        }
        if used.handler.unreviewed.is_some()
            && !called.is_empty()
            && !called
                .iter()
                .any(|called| grants.any.contains_key(called.name.as_str()))
        {
            errors.add(
                None,
                &format!(
                    "nobody has reviewed the handlers of {}, and nothing that its schema names is granted without",
                    used.facts.name
                ),
                "add the type to vendor/handlers.yaml",
            );
        }
        for group in groups {
            grants.take_group(input, &used, group, errors);
        }
    }
    for removal in &input.file.removals {
        if !removed.contains(removal.action.as_str()) {
            errors.add(
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
        // What versions before this catalog made has logical ids that nobody knows.
        own: used.handler.is_own(action) && !used.is_legacy,
        tags: matches!(action, "ec2:CreateTags" | "ec2:DeleteTags"),
        actions: vec![action],
    };
    let kind = |group: &Group<'a>| {
        (
            group.given,
            group.service,
            group.of_stacks,
            group.own,
            group.tags,
        )
    };
    match groups.iter_mut().find(|known| kind(known) == kind(&new)) {
        Some(known) => known.actions.push(action),
        None => groups.push(new),
    }
}

impl<'a> Grants<'a> {
    /// Takes an action of a type that nobody has reviewed: on any resource, where it is of a service
    /// that the product has a type of. Never one by which a launch could gain rights.
    fn take_unreviewed(
        &mut self,
        used: &InUse<'a>,
        called: &'a HandlerAction,
        services: &BTreeSet<&str>,
        reason: &'a str,
    ) {
        let action = called.name.as_str();
        let service = action.split(':').next().unwrap_or_default();
        let name = used.facts.name;
        if called.takes_resource.is_none() {
            let why = format!("{reason}, and IAM has no such action");
            self.withheld.insert(action, why);
        } else if service == "iam" {
            let why = format!("{name} may not act on roles and policies before a review");
            self.withheld.insert(action, why);
        } else if gives_away_data(action) {
            let why = format!(
                "{reason}, and it would read everything of the account: a line under `grants` names on what"
            );
            self.withheld.insert(action, why);
        } else if services.contains(service) {
            self.any.entry(action).or_insert(reason);
            self.unreviewed.insert(action);
        } else {
            let why = format!("{reason}, and the product has no type of this service");
            self.withheld.insert(action, why);
        }
    }

    /// Takes an action, where something else than the resources of its type decides on what it is.
    fn take(
        &mut self,
        used: &InUse<'a>,
        action: &'a str,
        takes_resource: bool,
        errors: &mut RoleErrors<'_>,
    ) -> bool {
        let name = used.facts.name;
        let is_role = name == "AWS::IAM::Role";
        if is_role && used.is_legacy {
            self.legacy_roles = true;
        }
        if action == "iam:PassRole" {
            match &used.handler.passes_to {
                Some(service) => {
                    self.passed_to.insert(service);
                }
                None => errors.add(
                    None,
                    &format!("nobody has reviewed to which service {name} passes a role"),
                    "add `passesTo` to the type in vendor/handlers.yaml, or remove iam:PassRole there",
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
    fn take_group(
        &mut self,
        input: &RoleInput<'_>,
        used: &InUse<'a>,
        group: Group<'a>,
        errors: &mut RoleErrors<'_>,
    ) {
        let name = used.facts.name;
        let own_arns = used.arns.unwrap_or(&used.handler.arns);
        let own = named(own_arns, &used.usage);
        let arns = named(group.given.unwrap_or(own_arns), &used.usage);
        let is_own = |arn: &String| {
            let rest = arn.strip_prefix("arn:${AWS::Partition}:");
            let rest = rest.and_then(|rest| rest.strip_prefix(group.service));
            rest.is_some_and(|rest| rest.starts_with(':'))
        };
        if arns.is_empty() || !arns.iter().all(is_own) {
            for action in group.actions {
                errors.add(
                    None,
                    &format!("nobody has reviewed on which resources {name} calls {action}"),
                    "add the action under `on` of the type in vendor/handlers.yaml",
                );
            }
            return;
        }
        if (group.of_stacks || group.own) && !has_system_tags(used) {
            errors.add(
                None,
                &format!("CloudFormation puts none of its tags on {name}: what is asked of them never holds"),
                "bind the type's actions in vendor/handlers.yaml by something else than `tagged` or `own`",
            );
        }
        let ids = match group.own {
            true => used
                .usage
                .ids
                .iter()
                .chain(used.further_ids)
                .cloned()
                .collect(),
            false => BTreeSet::new(),
        };
        let aliases = used.handler.aliases.as_ref().map(|aliases| {
            let names = [&input.usage.types, &input.usage.barred];
            let names = names.iter().filter_map(|types| types.get(aliases));
            names
                .flat_map(|usage| usage.names.iter().cloned())
                .collect()
        });
        // Beside the type's own resources stand others that a call names, which may be of any stack.
        let is_bound = |arn: &String| own.contains(arn);
        let (bound, free): (Vec<String>, Vec<String>) = match group.of_stacks {
            true => arns.into_iter().partition(is_bound),
            false => (Vec::new(), arns),
        };
        let short = name.trim_start_matches("AWS::").replace("::", "");
        let ids: Vec<String> = ids.into_iter().collect();
        let aliases: Option<Vec<String>> =
            aliases.map(|names: BTreeSet<String>| names.into_iter().collect());
        for (arns, of_stacks) in [(bound, true), (free, false)] {
            if arns.is_empty() {
                continue;
            }
            let scope = Scope {
                arns,
                of_stacks,
                ids: ids.clone(),
                aliases: aliases.clone(),
                tags: group.tags,
            };
            let granted = self.scoped.entry((short.clone(), scope)).or_default();
            granted.extend(&group.actions);
        }
    }
}

/// Whether CloudFormation's tags are on the resources of a type, or on those that theirs come from.
/// <https://github.com/aws-cloudformation/cloudformation-resource-schema>: `cloudFormationSystemTags`
fn has_system_tags(used: &InUse<'_>) -> bool {
    match &used.handler.tags_of {
        Some(parent) => facts(parent).is_some_and(|facts| facts.tagging.system_tags),
        None => used.facts.tagging.system_tags,
    }
}

fn types_in_use<'a>(
    input: &'a RoleInput<'a>,
    handlers: &'a Handlers,
    errors: &mut RoleErrors<'_>,
) -> Vec<InUse<'a>> {
    let mut found: Vec<InUse<'a>> = Vec::new();
    let of_macro = |name: &String| {
        let mut types = input.file.macro_types.iter();
        let mut grants = input.file.grants.iter();
        types.any(|given| given.value == *name)
            || is_extension(name)
            // A person has said what a type needs that no schema tells of.
            || facts(name).is_none() && grants.any(|grant| grant.value.needed_by.value == *name)
    };
    for (name, usage) in input.usage.types.iter().filter(|(name, _)| !of_macro(name)) {
        let usage = Cow::Borrowed(usage);
        if let Some(mut used) = in_use(name, None, usage, handlers, errors) {
            let mut legacy = input.file.legacy_types.iter();
            let legacy = legacy.find(|legacy| legacy.name.value == *name);
            used.further_ids = legacy.map_or(&[], |legacy| &legacy.logical_ids);
            found.push(used);
        }
    }
    for (name, usage) in input
        .usage
        .barred
        .iter()
        .filter(|(name, _)| !of_macro(name))
    {
        let usage = Cow::Borrowed(usage);
        if let Some(mut used) = in_use(name, None, usage, handlers, errors) {
            used.delete_only = true;
            found.push(used);
        }
    }
    for legacy in &input.file.legacy_types {
        let usage = Cow::Owned(TypeUsage {
            names: [STACKS.to_owned()].into(),
            ..TypeUsage::default()
        });
        let at = Some(legacy.name.at);
        if let Some(mut used) = in_use(&legacy.name, at, usage, handlers, errors) {
            used.delete_only = true;
            used.is_legacy = true;
            used.arns = (!legacy.resources.is_empty()).then_some(&legacy.resources);
            found.push(used);
        }
    }
    found
}

/// The service of a type: the one that most of its handlers' actions are of, in lower case; the
/// first of several.
fn own_service(facts: &TypeFacts) -> &'static str {
    let permissions = &facts.permissions;
    let all = [
        permissions.create,
        permissions.read,
        permissions.update,
        permissions.delete,
    ];
    let services: Vec<&'static str> = all
        .into_iter()
        .flatten()
        .filter_map(|action| Some(action.split_once(':')?.0))
        .collect();
    let count = |service: &str| services.iter().filter(|other| **other == service).count();
    let most = services.iter().map(|service| count(service)).max();
    let mut own = services
        .iter()
        .filter(|service| Some(count(service)) == most);
    own.next().copied().unwrap_or_default()
}

/// Whether a type is somebody's own: its handlers act as the execution role that it was registered with,
/// and not as whoever launches. A module is none: its resources stand in the stack, and nobody here knows
/// them.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/registry-register-private-extension.html>
fn is_extension(name: &str) -> bool {
    let parts: Vec<&str> = name.split("::").collect();
    matches!(parts.as_slice(), [owner, _, _] if !["AWS", "Alexa", "Custom"].contains(owner))
}

/// A type, as far as it is known.
fn in_use<'a>(
    name: &str,
    at: Option<Location>,
    usage: Cow<'a, TypeUsage>,
    handlers: &'a Handlers,
    errors: &mut RoleErrors<'_>,
) -> Option<InUse<'a>> {
    match (facts(name), handlers.of(name)) {
        (Some(facts), Some(handler)) => {
            return Some(InUse {
                facts,
                handler,
                usage,
                arns: None,
                further_ids: &[],
                delete_only: false,
                is_legacy: false,
            });
        }
        (None, _) => errors.add(
            at,
            &format!("{name} is no type whose handlers are known"),
            &match name.starts_with("AWS::") {
                true => format!(
                    "correct it, add it: `cargo xtask vendor add {name}`, or write under `grants` what it needs, with `neededBy: {name}`"
                ),
                false => format!(
                    "write under `grants` what it makes needs, with `neededBy: {name}`"
                ),
            },
        ),
        (_, None) => errors.add(
            at,
            &format!("nobody has reviewed the handlers of {name}"),
            "add the type to vendor/handlers.yaml",
        ),
    }
    None
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
