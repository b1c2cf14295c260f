//! The policies of a launch role, in the making and made.

use super::grants::{Grants, Scope};
use super::input::RoleInput;
use super::usage::STACKS;
use crate::cfn::{Sub, Value};
use crate::iam::{self, Condition, PolicyDocument, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// The policies of a compiled role. The two share the room that IAM has for those of a role.
#[derive(Clone, Debug, PartialEq)]
pub struct RolePolicies {
    /// Who may take it.
    pub trust: PolicyDocument,
    /// What it needs of Service Catalog, CloudFormation and IAM, and what the organisation adds.
    pub platform: PolicyDocument,
    /// What the handlers of its resource types need.
    pub resources: PolicyDocument,
    /// Why what the handlers need is granted on any resource, where nothing but a missing review is
    /// the reason.
    pub unreviewed: Option<String>,
}

/// What the policies of a compiled role grant.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchRole {
    /// The actions that it grants, sorted, each once.
    pub actions: Vec<String>,
    /// The actions that it grants on any resource, each with the reason, sorted.
    pub unscoped: Vec<Unscoped>,
    /// The actions that AWS's schemas of unreviewed types name and that it doesn't grant, each with
    /// the reason, sorted.
    pub withheld: Vec<Unscoped>,
}

/// An action granted on any resource, or not at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unscoped {
    /// The action.
    pub action: String,
    /// Why.
    pub reason: String,
}

/// The policy in the making.
#[derive(Default)]
pub(super) struct Policy {
    statements: Vec<Statement>,
    /// The handlers' statements.
    on_types: Vec<Statement>,
    /// Actions granted on any resource, with the reason.
    any: BTreeMap<String, String>,
    /// Those among them that are so until somebody reviews their types.
    unreviewed: BTreeSet<String>,
    /// Actions that aren't granted, with the reason.
    withheld: BTreeMap<String, String>,
}

impl Policy {
    /// Adds a statement; a name that another has gets a number.
    pub(super) fn push(&mut self, sid: &str, statement: impl FnOnce(&str) -> Statement) {
        push_unique(&mut self.statements, sid, statement);
    }

    /// Grants an action on any resource, in the statement of all such.
    pub(super) fn any_resource(&mut self, action: &str, reason: &str) {
        self.any
            .entry(action.to_owned())
            .or_insert_with(|| reason.to_owned());
    }

    /// Says of an action on any resource that it is so until somebody reviews its type.
    pub(super) fn before_a_review(&mut self, action: &str) {
        self.unreviewed.insert(action.to_owned());
    }

    /// Says why an action isn't granted.
    pub(super) fn withhold(&mut self, action: &str, reason: &str) {
        self.withheld.insert(action.to_owned(), reason.to_owned());
    }

    /// Says why a statement of its own grants an action on any resource.
    pub(super) fn note_any(&mut self, action: &str, reason: &str) {
        self.any.insert(action.to_owned(), reason.to_owned());
    }

    /// Grants what the handlers need.
    pub(super) fn add_scoped(&mut self, input: &RoleInput<'_>, grants: &Grants<'_>) {
        for ((name, scope), actions) in &grants.scoped {
            let Scope {
                arns,
                of_stacks,
                ids,
                aliases,
                tags,
            } = scope;
            push_unique(&mut self.on_types, name, |sid| {
                let mut statement = Statement::allow(sid)
                    .actions(actions.iter().copied())
                    .on(arns.iter().map(|arn| Sub::new(arn.as_str())));
                if *of_stacks {
                    statement = statement.when(of_product_stacks());
                }
                if !ids.is_empty() {
                    statement = statement.when(of_logical_ids(ids));
                }
                if let Some(aliases) = aliases {
                    statement = statement.when(of_aliases(aliases));
                }
                match input.protected_tag {
                    Some(tag) if *tags => statement
                        .when(Condition::string_not_equals("aws:TagKeys", [tag]).for_all_values()),
                    _ => statement,
                }
            });
        }
    }

    /// Grants what the organisation adds.
    pub(super) fn add_given(&mut self, input: &RoleInput<'_>) {
        for grant in &input.file.grants {
            if grant.resources.iter().any(|arn| arn == "*") {
                for action in &grant.actions {
                    self.note_any(action, &grant.reason);
                }
            }
            self.push(grant.sid.as_str(), |sid| {
                Statement::allow(sid)
                    .actions(grant.actions.iter().cloned())
                    .on(grant.resources.iter().map(|arn| Sub::new(arn.as_str())))
            });
        }
    }

    /// Grants what the organisation adds, where that is all that the product needs.
    pub(super) fn give_alone(&mut self, input: &RoleInput<'_>) {
        let before = self.statements.len();
        self.add_given(input);
        let given = self.statements.split_off(before);
        self.on_types.extend(given);
    }

    /// Grants the reading of what versions are made of: Service Catalog keeps it in buckets of its own.
    /// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html>
    pub(super) fn read_templates(&mut self) {
        self.note_any(
            "s3:GetObject",
            "Service Catalog keeps the templates of versions in buckets of its own; its tag on them is the condition",
        );
        self.push("ReadTemplates", |sid| {
            Statement::allow(sid)
                .actions(["s3:GetObject"])
                .on_any()
                .when(Condition::string_equals(
                    "s3:ExistingObjectTag/servicecatalog:provisioning",
                    ["true"],
                ))
        });
    }

    fn all(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().chain(&self.on_types)
    }

    /// Why actions are granted on any resource that they could be kept from, where each of them
    /// waits for a review.
    fn unreviewed_of(&self, unscoped: &[String]) -> Option<String> {
        let changes = unscoped.iter();
        let changes: Vec<&String> = changes
            .filter(|action| iam::actions().changes_resources(action))
            .collect();
        let is_unreviewed = |action: &&String| self.unreviewed.contains(*action);
        if changes.is_empty() || !changes.iter().all(is_unreviewed) {
            return None;
        }
        let reasons: BTreeSet<&str> = changes
            .into_iter()
            .filter_map(|action| self.any.get(action).map(String::as_str))
            .collect();
        Some(reasons.into_iter().collect::<Vec<_>>().join("; "))
    }

    /// The role, with what all of it may not do.
    pub(super) fn finish(mut self, input: &RoleInput<'_>) -> (RolePolicies, LaunchRole) {
        let stated = |action: &String| {
            self.all()
                .any(|statement| statement.action_names().contains(action))
        };
        let resourceless: Vec<String> = self
            .any
            .keys()
            .filter(|action| !stated(action))
            .cloned()
            .collect();
        let unreviewed = self.unreviewed_of(&resourceless);
        if !resourceless.is_empty() {
            push_unique(&mut self.on_types, "AnyResource", |sid| {
                Statement::allow(sid).actions(resourceless).on_any()
            });
        }
        // Of two spellings of an action, the first stays.
        let mut actions: Vec<&String> = self.all().flat_map(Statement::action_names).collect();
        actions.sort_by_cached_key(|action| action.to_ascii_lowercase());
        actions.dedup_by(|next, kept| next.eq_ignore_ascii_case(kept));
        let actions: Vec<String> = actions.into_iter().cloned().collect();
        let writes: Vec<String> = actions
            .iter()
            .filter(|action| action.starts_with("s3:") && *action != "s3:GetObject")
            .cloned()
            .collect();
        if !writes.is_empty() {
            let bucket = input.template_bucket.clone();
            let objects = Sub::new("${bucket}/*").with::<String>("bucket", &bucket);
            self.push("KeepTemplates", |sid| {
                Statement::deny(sid)
                    .actions(writes)
                    .on([bucket, objects.into()])
            });
        }
        let policies = RolePolicies {
            // No page of AWS says that Service Catalog tells for which account it acts.
            trust: PolicyDocument::trust_within_account_if_told(["servicecatalog.amazonaws.com"]),
            platform: PolicyDocument::new(self.statements),
            resources: PolicyDocument::new(self.on_types),
            unreviewed,
        };
        // What one type may not have without a review, another may bring.
        let granted = |action: &String| {
            actions
                .iter()
                .any(|other| other.eq_ignore_ascii_case(action))
        };
        self.withheld.retain(|action, _| !granted(action));
        let each = |reasons: BTreeMap<String, String>| {
            let reasons = reasons.into_iter();
            reasons
                .map(|(action, reason)| Unscoped { action, reason })
                .collect()
        };
        let role = LaunchRole {
            unscoped: each(self.any),
            withheld: each(self.withheld),
            actions,
        };
        (policies, role)
    }
}

fn push_unique(
    statements: &mut Vec<Statement>,
    sid: &str,
    statement: impl FnOnce(&str) -> Statement,
) {
    let taken = |sid: &str| statements.iter().any(|other| other.sid() == sid);
    let unique = (2..)
        .map(|number| format!("{sid}{number}"))
        .find(|numbered| !taken(numbered))
        .filter(|_| taken(sid))
        .unwrap_or_else(|| sid.to_owned());
    statements.push(statement(&unique));
}

/// Holds for resources that belong to a stack of Service Catalog.
pub(super) fn of_product_stacks() -> Condition {
    Condition::string_like(
        "aws:ResourceTag/aws:cloudformation:stack-name",
        [Sub::new(STACKS)],
    )
}

/// Holds for resources of these logical ids. Functions say whose they are by CloudFormation's tags;
/// no page of AWS says that Lambda sends them with every call, and the names are bound beside this.
fn of_logical_ids(ids: &[String]) -> Condition {
    let key = "aws:ResourceTag/aws:cloudformation:logical-id";
    Condition::string_equals(key, ids.iter().map(String::as_str)).if_exists()
}

/// Holds for keys without an alias of another name than these: a key has none before its alias is made
/// and after it is deleted, and CloudFormation puts none of its own tags on keys.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases>
fn of_aliases(names: &[String]) -> Condition {
    let key = "kms:ResourceAliases";
    match names {
        [] => Condition::null(key, true),
        names => {
            // A name without a variable needs no function.
            let names = names.iter().map(|name| match name.contains("${") {
                true => Value::from(Sub::new(name.as_str())),
                false => Value::from(name.as_str()),
            });
            Condition::string_like(key, names).for_all_values()
        }
    }
}
