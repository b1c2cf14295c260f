//! The actions that the handlers of the used types need, with the resources of each.

use super::handler::{Handler, Handlers};
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
pub(super) struct Grants {
    /// By type and scope.
    pub scoped: IndexMap<(String, Scope), BTreeSet<String>>,
    /// Actions on any resource, with the reason.
    pub any: BTreeMap<String, String>,
    /// Actions on roles, which [`super::roles`] binds.
    pub on_roles: BTreeSet<String>,
    /// Services that roles are passed to.
    pub passed_to: BTreeSet<String>,
    /// Versions from before this catalog made roles.
    pub former_roles: bool,
}

/// A type in use.
struct InUse<'a> {
    facts: &'static TypeFacts,
    handler: &'a Handler,
    usage: Cow<'a, TypeUsage>,
    /// The type's own resources.
    arns: Vec<String>,
    /// Only what ends what is there.
    only_leaves: bool,
}

pub(super) fn gather(
    needs: &Needs<'_>,
    usage: &Usage,
    handlers: &Handlers,
    actions: &ActionList,
    faults: &mut Faults<'_>,
) -> Grants {
    let mut grants = Grants::default();
    let mut removed: BTreeSet<String> = BTreeSet::new();
    for used in types_in_use(needs, usage, handlers, faults) {
        for action in needed(&used) {
            let removal = needs
                .file
                .removals
                .iter()
                .find(|r| r.action.eq_ignore_ascii_case(&action));
            if let Some(removal) = removal {
                removed.insert(removal.action.clone());
            } else if let Some(types) = actions.resource_types(&action) {
                let takes_resource = !types.is_empty();
                grants.take(&used, action, takes_resource, faults);
            }
        }
    }
    for removal in &needs.file.removals {
        if !removed.contains(&removal.action) {
            faults.add(
                Some(removal.at),
                &format!("the removal of `{}` removes nothing", removal.action),
                "delete the line, or correct the action",
            );
        }
    }
    grants
}

impl Grants {
    fn take(
        &mut self,
        used: &InUse<'_>,
        action: String,
        takes_resource: bool,
        faults: &mut Faults<'_>,
    ) {
        let name = used.facts.name;
        let is_role = name == "AWS::IAM::Role";
        if is_role && used.only_leaves {
            self.former_roles = true;
        }
        if action == "iam:PassRole" {
            match &used.handler.passes_to {
                Some(service) => {
                    self.passed_to.insert(service.clone());
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
            self.any.insert(action, TAKES_NO_RESOURCE.to_owned());
        } else if let Some(reason) = used.handler.any.get(&action) {
            self.any.insert(action, reason.clone());
        } else if let Some(scope) = scope(used, &action) {
            let short = name.trim_start_matches("AWS::").replace("::", "");
            self.scoped
                .entry((short, scope))
                .or_default()
                .insert(action);
        } else {
            faults.add(
                None,
                &format!("nobody has reviewed on which resources {name} calls {action}"),
                "add the action under `on` of the type in handlers.yaml",
            );
        }
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
                arns: named(&handler.arns, &usage),
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
    for name in &needs.file.adopted {
        let usage = TypeUsage {
            names: [STACKS.to_owned()].into(),
            ..TypeUsage::default()
        };
        add(name, Some(name.at), Cow::Owned(usage), true);
    }
    found
}

/// The actions, sorted by their lower-case spelling.
fn needed(used: &InUse<'_>) -> Vec<String> {
    let InUse {
        facts,
        handler,
        usage,
        only_leaves,
        ..
    } = used;
    let permissions = &facts.permissions;
    let lists: &[&[&str]] = if *only_leaves {
        &[permissions.read, permissions.delete]
    } else {
        &[
            permissions.create,
            permissions.read,
            permissions.update,
            permissions.delete,
        ]
    };
    let has = |property: &str| usage.properties.contains(property);
    let from_schema = lists.iter().flat_map(|list| list.iter().copied());
    let mut needed: BTreeMap<String, &str> = BTreeMap::new();
    for action in from_schema
        .filter(|action| handler.needs(action, has))
        .chain(handler.add.keys().map(String::as_str))
    {
        needed.entry(action.to_ascii_lowercase()).or_insert(action);
    }
    let spelt = |(mut spelt, action): (String, &str)| {
        // The service stays in lower case.
        let name = action.find(':').unwrap_or(action.len());
        spelt.replace_range(name.., &action[name..]);
        spelt
    };
    needed.into_iter().map(spelt).collect()
}

/// The resources of an action; none where they would belong to another service.
fn scope(used: &InUse<'_>, action: &str) -> Option<Scope> {
    let given = used.handler.resources_of(action);
    let arns = given.map_or(Cow::Borrowed(&used.arns), |given| {
        Cow::Owned(named(given, &used.usage))
    });
    let service = action.split(':').next().unwrap_or_default();
    let is_own = |arn: &String| {
        let rest = arn.strip_prefix("arn:${AWS::Partition}:");
        let rest = rest.and_then(|rest| rest.strip_prefix(service));
        rest.is_some_and(|rest| rest.starts_with(':'))
    };
    (arns.iter().all(is_own) && !arns.is_empty()).then(|| Scope {
        arns: arns.into_owned(),
        of_stacks: used.handler.is_tagged(action),
        tags: matches!(action, "ec2:CreateTags" | "ec2:DeleteTags"),
    })
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
