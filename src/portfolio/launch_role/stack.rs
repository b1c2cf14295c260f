//! The stack of one launch role.

use super::facts::Handlers;
use super::grants::gather;
use super::input::{RoleErrors, RoleInput};
use super::policy::{LaunchRole, Policy, RolePolicies};
use super::{Usage, external, iam_roles, platform};
use crate::cfn::{BuildError, Builder, Handle, Output, Sub, Template, import_value};
use crate::iam::ActionList;
use crate::portfolio::foundation::{self, LaunchRoleFile};
use crate::portfolio::{CatalogFiles, export_name};
use crate::product::{BOUNDARY_EXPORT, Key};
use crate::resource::iam;
use crate::yaml::{InputError, Location};

/// The logical id of the role.
const ROLE: &str = "LaunchRole";

/// The logical id of the policy beside the role's own. IAM takes 10,240 characters in a role and
/// 6,144 in a managed policy.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const PLATFORM: &str = "PlatformPolicy";

/// The template of a product's launch role, and what the role grants. `usage` is of the product's
/// templates: now, and of each version of ours that is still active.
///
/// # Errors
/// Everything that keeps the role from being compiled, or its template from holding together.
pub fn launch_role_template(
    catalog: &CatalogFiles,
    file: &LaunchRoleFile,
    usage: &Usage,
    handlers: &Handlers,
    actions: &ActionList,
) -> Result<(Template, LaunchRole), Vec<InputError>> {
    let (policies, role) = launch_role(catalog, file, usage, handlers, actions)?;
    let template = declare(catalog, file, policies).map_err(|error| {
        let at = file.product.at;
        not_whole(&catalog.foundation_path, at, &error)
    })?;
    Ok((template, role))
}

/// The policies of a product's launch role, and what they grant.
pub(in crate::portfolio) fn launch_role(
    catalog: &CatalogFiles,
    file: &LaunchRoleFile,
    usage: &Usage,
    handlers: &Handlers,
    actions: &ActionList,
) -> Result<(RolePolicies, LaunchRole), Vec<InputError>> {
    let stack = &catalog.foundation.stack;
    let bucket = import_value(export_name(stack, foundation::TEMPLATE_BUCKET));
    let input = RoleInput {
        usage,
        file,
        path: &catalog.foundation_path,
        service_actions: catalog.service_actions(&file.product).collect(),
        protected_tag: Some(&catalog.end_users.sessions.tag),
        template_bucket: Sub::new("arn:${AWS::Partition}:s3:::${bucket}")
            .with::<String>("bucket", bucket)
            .into(),
        boundary: import_value(export_name(stack, BOUNDARY_EXPORT)),
    };
    if usage.is_of_engine() {
        let engine = catalog.foundation.external_engine.as_ref();
        return external::compile(&input, engine.map(|engine| &engine.value));
    }
    compile(&input, handlers, actions)
}

/// Compiles a role: its policies, and what they grant.
fn compile(
    input: &RoleInput<'_>,
    handlers: &Handlers,
    actions: &ActionList,
) -> Result<(RolePolicies, LaunchRole), Vec<InputError>> {
    let mut errors = RoleErrors::of(input);
    let grants = gather(input, handlers, actions, &mut errors);
    let mut policy = Policy::default();
    for (action, reason) in &grants.any {
        policy.any_resource(action, reason);
        if grants.unreviewed.contains(action) {
            policy.before_a_review(action);
        }
    }
    for (action, reason) in &grants.withheld {
        policy.withhold(action, reason);
    }
    platform::add(input, actions, &mut policy);
    platform::add_functions(input, &mut policy, &mut errors);
    iam_roles::add(input, &grants, &mut policy, &mut errors);
    policy.add_scoped(input, &grants);
    policy.add_given(input);
    let role = policy.finish(input);
    let errors = errors.into_errors();
    if errors.is_empty() {
        Ok(role)
    } else {
        Err(errors)
    }
}

fn declare(
    catalog: &CatalogFiles,
    file: &LaunchRoleFile,
    policies: RolePolicies,
) -> Result<Template, BuildError> {
    let product = &file.product.value;
    let mut builder = Builder::new(format!("As whom {product} is launched"));
    let legacy = file
        .legacy_stack
        .as_ref()
        .map(|stack| (stack, foundation::legacy_exports(&mut builder)));
    // A constraint that names a role takes one of this name in the account of the catalog, too.
    // https://docs.aws.amazon.com/servicecatalog/latest/dg/API_CreateConstraint.html
    let local = catalog.local_role_names(product);
    for (index, name) in local.into_iter().enumerate() {
        let number = if index == 0 {
            String::new()
        } else {
            (index + 1).to_string()
        };
        let ids = (
            format!("Named{PLATFORM}{number}"),
            format!("Named{ROLE}{number}"),
        );
        let ids = (ids.0.as_str(), ids.1.as_str());
        declare_role(&mut builder, product, policies.clone(), ids, Some(name));
    }
    let handle = declare_role(&mut builder, product, policies, (PLATFORM, ROLE), None);
    for (suffix, value, says) in [
        ("Arn", handle.arn(), "ARN of the launch role"),
        ("Name", handle.reference(), "Name of the launch role"),
    ] {
        let name = format!("{ROLE}{suffix}");
        let output = Output::new(value, says);
        builder.output(
            &name,
            output.clone().export(export_name(&file.stack, &name)),
        );
        if let Some((stack, legacy)) = &legacy {
            builder.output(
                &format!("Legacy{name}"),
                output.condition(legacy).export(export_name(stack, &name)),
            );
        }
    }
    builder.build()
}

/// Declares a launch role with the policy beside it, by their logical ids; under a name of its own
/// where constraints call it by that.
pub(in crate::portfolio) fn declare_role(
    builder: &mut Builder,
    product: &Key,
    policies: RolePolicies,
    (platform_id, role_id): (&str, &str),
    name: Option<&str>,
) -> Handle<iam::Role> {
    let platform = builder.resource(
        platform_id,
        iam::ManagedPolicy::new(policies.platform)
            .description(format!("What every launch of {product} needs")),
    );
    let declared = iam::Role::new(policies.trust)
        .description(format!("Launches {product}"))
        .managed_policy_arns([platform.reference()])
        .policies([iam::Policy::new(policies.resources, "Resources")]);
    let declared = match name {
        Some(name) => declared.role_name(name),
        None => declared,
    };
    let declared = match &policies.unreviewed {
        Some(reason) => declared.suppress("iam-wildcard-resource", reason),
        None => declared,
    };
    builder.resource(role_id, declared)
}

fn not_whole(path: &str, at: Location, error: &BuildError) -> Vec<InputError> {
    error
        .0
        .iter()
        .map(|defect| InputError {
            file: path.to_owned(),
            at,
            message: format!("{}: {}", defect.at, defect.message),
            hint: Some("correct what the launch role is made of".to_owned()),
        })
        .collect()
}
