//! From templates to the policy of a launch role.

use super::gather::{Grants, Scope, gather};
use super::handler::Handlers;
use super::usage::{STACKS, Usage};
use super::{platform, roles};
use crate::cfn::{Sub, Template, Value};
use crate::iam::{ActionList, Condition, PolicyDocument, Statement};
use crate::portfolio::foundation::{LaunchRoleFile, ServiceAction};
use crate::yaml::{InputError, Location};
use std::collections::BTreeMap;

/// What a launch role is compiled from.
pub struct Needs<'a> {
    /// The templates: of the product now, and of each version of ours that is still active.
    pub templates: Vec<&'a Template>,
    /// What the organisation knows.
    pub file: &'a LaunchRoleFile,
    /// Where that stands.
    pub path: &'a str,
    /// Actions that people start on the product.
    pub service_actions: Vec<&'a ServiceAction>,
    /// The tag by which people reach their machines: a launch can't set it.
    pub protected_tag: Option<&'a str>,
    /// The bucket that holds the catalog's templates, by ARN: no product changes it.
    pub template_bucket: Value<String>,
    /// The boundary, by ARN.
    pub boundary: Value<String>,
}

/// A compiled role.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchRole {
    /// What it needs of Service Catalog, CloudFormation and IAM, and what the organisation adds.
    pub platform: PolicyDocument,
    /// What the handlers of its resource types need. The two share the room that IAM has for the
    /// policies of a role.
    pub resources: PolicyDocument,
    /// The actions that it grants, sorted, each once.
    pub actions: Vec<String>,
    /// The actions that it grants on any resource, each with the reason, sorted.
    pub unscoped: Vec<Unscoped>,
}

/// An action granted on any resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unscoped {
    /// The action.
    pub action: String,
    /// Why.
    pub reason: String,
}

/// Compiles the role of a product.
///
/// # Errors
/// Types that nobody has reviewed, roles outside the product's path or without boundary, policies
/// and functions that aren't known before launch, removals that remove nothing.
pub fn compile(
    needs: &Needs<'_>,
    handlers: &Handlers,
    actions: &ActionList,
) -> Result<LaunchRole, Vec<InputError>> {
    let mut usage = Usage::default();
    for template in &needs.templates {
        usage.add(template, handlers);
    }
    let mut faults = Faults {
        needs,
        errors: Vec::new(),
    };
    let grants = gather(needs, &usage, handlers, actions, &mut faults);
    let mut policy = Policy::default();
    for (action, reason) in &grants.any {
        policy.any_resource(action, reason);
    }
    platform::add(needs, &usage, actions, &mut policy);
    platform::add_functions(&usage, &mut policy, &mut faults);
    roles::add(needs, &usage, &grants, &mut policy, &mut faults);
    policy.add_scoped(needs, &grants);
    policy.add_given(needs);
    let role = policy.finish(needs);
    if faults.errors.is_empty() {
        Ok(role)
    } else {
        faults.errors.sort();
        Err(faults.errors)
    }
}

/// Mistakes found on the way.
pub(super) struct Faults<'a> {
    needs: &'a Needs<'a>,
    errors: Vec<InputError>,
}

impl Faults<'_> {
    /// Notes a mistake that is mended at the product's place in the file, or at another.
    pub(super) fn add(&mut self, at: Option<Location>, message: &str, hint: &str) {
        let product = &self.needs.file.product;
        self.errors.push(InputError {
            file: self.needs.path.to_owned(),
            at: at.unwrap_or(product.at),
            message: format!("launch role of {}: {message}", product.value),
            hint: Some(hint.to_owned()),
        });
    }
}

/// The policy in the making.
#[derive(Default)]
pub(super) struct Policy {
    statements: Vec<Statement>,
    /// The handlers' statements.
    on_types: Vec<Statement>,
    /// Actions granted on any resource, with the reason.
    any: BTreeMap<String, String>,
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

    /// Says why a statement of its own grants an action on any resource.
    pub(super) fn note_any(&mut self, action: &str, reason: &str) {
        self.any.insert(action.to_owned(), reason.to_owned());
    }

    fn add_scoped(&mut self, needs: &Needs<'_>, grants: &Grants) {
        for ((name, scope), actions) in &grants.scoped {
            let Scope {
                arns,
                of_stacks,
                tags,
            } = scope;
            push_unique(&mut self.on_types, name, |sid| {
                let mut statement = Statement::allow(sid)
                    .actions(actions.iter().cloned())
                    .on(arns.iter().map(|arn| Sub::new(arn.as_str())));
                if *of_stacks {
                    statement = statement.when(of_product_stacks());
                }
                match needs.protected_tag {
                    Some(tag) if *tags => statement
                        .when(Condition::string_not_equals("aws:TagKeys", [tag]).for_all_values()),
                    _ => statement,
                }
            });
        }
    }

    fn add_given(&mut self, needs: &Needs<'_>) {
        for grant in &needs.file.grants {
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

    fn all(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().chain(&self.on_types)
    }

    fn finish(mut self, needs: &Needs<'_>) -> LaunchRole {
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
        if !resourceless.is_empty() {
            push_unique(&mut self.on_types, "AnyResource", |sid| {
                Statement::allow(sid).actions(resourceless).on_any()
            });
        }
        let mut spelt: BTreeMap<String, String> = BTreeMap::new();
        for action in self.all().flat_map(Statement::action_names) {
            spelt
                .entry(action.to_lowercase())
                .or_insert_with(|| action.clone());
        }
        let writes: Vec<String> = spelt
            .values()
            .filter(|action| action.starts_with("s3:") && *action != "s3:GetObject")
            .cloned()
            .collect();
        if !writes.is_empty() {
            let bucket = needs.template_bucket.clone();
            let objects = Sub::new("${bucket}/*").with::<String>("bucket", &bucket);
            self.push("KeepTemplates", |sid| {
                Statement::deny(sid)
                    .actions(writes)
                    .on([bucket, objects.into()])
            });
        }
        LaunchRole {
            platform: PolicyDocument::new(self.statements),
            resources: PolicyDocument::new(self.on_types),
            actions: spelt.into_values().collect(),
            unscoped: self
                .any
                .into_iter()
                .map(|(action, reason)| Unscoped { action, reason })
                .collect(),
        }
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
