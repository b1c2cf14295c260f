//! The foundation's template.

use super::{Foundation, LaunchRoleFile, boundary, bucket};
use crate::cfn::{
    BuildError, Builder, ConditionHandle, Handle, Output, ParameterDeclaration, Sub, Template,
    Value, equals,
};
use crate::iam::{ActionList, Condition, PolicyDocument, Statement};
use crate::portfolio::launch_role::{Handlers, LaunchRole, Needs, compile};
use crate::portfolio::{LogicalId, StackName, export_name};
use crate::product::{BOUNDARY_EXPORT, Key};
use crate::resource::{iam, servicecatalog as sc};
use crate::yaml::InputError;
use indexmap::IndexMap;

/// The stack parameter that says whether the foundation exports what former stacks exported:
/// `true` in an account where those stacks are gone or never were, `false` where they still are.
pub const FORMER_EXPORTS_PARAMETER: &str = "FormerExports";

/// The compiled launch roles, by product, in the order of the file.
pub type CompiledRoles = IndexMap<Key, LaunchRole>;

/// What the foundation is built from.
pub struct FoundationBuild<'a> {
    /// The file.
    pub file: &'a Foundation,
    /// Its path.
    pub path: &'a str,
    /// The templates of each product: now, and of each version of ours that is still active.
    pub templates: &'a IndexMap<Key, Vec<&'a Template>>,
    /// The tag by which people reach their machines.
    pub protected_tag: Option<&'a str>,
    /// The reviewed facts about handlers.
    pub handlers: &'a Handlers,
    /// AWS's actions.
    pub actions: &'a ActionList,
}

/// The foundation's template, and what its launch roles grant.
///
/// # Errors
/// Everything that keeps a launch role from being compiled, and the template from holding together.
pub fn foundation_template(
    build: &FoundationBuild<'_>,
) -> Result<(Template, CompiledRoles), Vec<InputError>> {
    let file = build.file;
    let mut builder = Builder::new(
        "What the catalog stands on: bucket of templates, permissions boundary, launch roles, service actions",
    );
    let former = former_exports(&mut builder, file);
    let bucket = bucket::declare(&mut builder);
    builder.output(
        bucket::BUCKET,
        Output::new(&bucket, "Name of the bucket of templates")
            .export(export_name(&file.stack, bucket::BUCKET)),
    );
    let boundary = builder.resource(
        BOUNDARY_EXPORT,
        iam::ManagedPolicy::new(boundary::document(&file.boundary))
            .description("The most that roles made by products can do")
            .path("/service-catalog/"),
    );
    builder.output(
        BOUNDARY_EXPORT,
        Output::new(
            &boundary,
            "ARN of the permissions boundary of products' roles",
        )
        .export(export_name(&file.stack, BOUNDARY_EXPORT)),
    );
    let mut errors = Vec::new();
    let mut roles = CompiledRoles::new();
    for role in &file.launch_roles {
        let product = &role.product.value;
        let needs = Needs {
            templates: build.templates.get(product).cloned().unwrap_or_default(),
            file: role,
            path: build.path,
            service_actions: file
                .service_actions
                .iter()
                .filter(|action| action.products.iter().any(|key| key.value == *product))
                .collect(),
            protected_tag: build.protected_tag,
            template_bucket: bucket.arn(),
            boundary: boundary.reference(),
        };
        match compile(&needs, build.handlers, build.actions) {
            Ok(compiled) => {
                declare_role(&mut builder, &file.stack, role, &compiled, former.as_ref());
                roles.insert(product.clone(), compiled);
            }
            Err(found) => errors.extend(found),
        }
    }
    declare_actions(&mut builder, file);
    declare_parameter_policies(&mut builder, file, former.as_ref());
    match builder.build() {
        Ok(template) if errors.is_empty() => Ok((template, roles)),
        Ok(_) => Err(errors),
        Err(error) => {
            errors.extend(not_whole(build.path, &error));
            Err(errors)
        }
    }
}

/// A template that doesn't hold together, as mistakes in the file that it is made of.
pub(crate) fn not_whole(path: &str, error: &BuildError) -> Vec<InputError> {
    error
        .0
        .iter()
        .map(|defect| InputError {
            file: path.to_owned(),
            at: crate::yaml::Location { line: 1, column: 1 },
            message: format!("{}: {}", defect.at, defect.message),
            hint: Some("logical ids and outputs stand once in a stack".to_owned()),
        })
        .collect()
}

fn former_exports(builder: &mut Builder, file: &Foundation) -> Option<ConditionHandle> {
    let any = file
        .launch_roles
        .iter()
        .any(|role| role.former_stack.is_some())
        || file
            .parameter_policies
            .iter()
            .any(|policy| policy.former_stack.is_some());
    any.then(|| {
        let parameter = builder.parameter(
            FORMER_EXPORTS_PARAMETER,
            ParameterDeclaration::string()
                .description(
                    "Whether to export what stacks exported that this one takes the place of",
                )
                .default("true")
                .allowed_values(["true", "false"]),
        );
        builder.condition("ExportsFormerNames", equals::<String>(&parameter, "true"))
    })
}

fn declare_role(
    builder: &mut Builder,
    stack: &StackName,
    file: &LaunchRoleFile,
    compiled: &LaunchRole,
    former: Option<&ConditionHandle>,
) {
    let id = LogicalId::of_key(&file.product, "LaunchRole");
    let trust = PolicyDocument::trust_within_account(["servicecatalog.amazonaws.com"]);
    let role = builder.resource(
        id.as_str(),
        iam::Role::new(trust)
            .description(format!("Launches {}", file.product.value))
            .policies([iam::Policy::new(compiled.policy.clone(), "Launch")]),
    );
    for (suffix, value, says) in [
        ("Arn", role.arn(), "ARN of the launch role"),
        ("Name", role.reference(), "Name of the launch role"),
    ] {
        let name = format!("{id}{suffix}");
        builder.output(
            &name,
            Output::new(value.clone(), says).export(export_name(stack, &name)),
        );
        if let (Some(former_stack), Some(former)) = (&file.former_stack, former) {
            builder.output(
                &format!("Former{name}"),
                Output::new(value, says)
                    .condition(former)
                    .export(export_name(former_stack, &format!("LaunchRole{suffix}"))),
            );
        }
    }
}

/// Service actions run as the launch role of the product that they are started on.
fn declare_actions(builder: &mut Builder, file: &Foundation) {
    for action in &file.service_actions {
        let definition = [
            sc::DefinitionParameter::new("Name", action.document.as_str()),
            sc::DefinitionParameter::new("Version", action.document_version.as_str()),
            sc::DefinitionParameter::new("AssumeRole", "LAUNCH_ROLE"),
            sc::DefinitionParameter::new(
                "Parameters",
                r#"[{"Name":"InstanceId","Type":"TARGET"}]"#,
            ),
        ];
        let id = action.logical_id.as_str();
        let handle: Handle<sc::ServiceAction> = builder.resource(
            id,
            sc::ServiceAction::new(
                definition,
                sc::ServiceActionDefinitionType::SsmAutomation,
                action.name.as_str(),
            )
            .description(action.description.as_str()),
        );
        let name = format!("{id}Id");
        builder.output(
            &name,
            Output::new(&handle, "Id of the service action")
                .export(export_name(&file.stack, &name)),
        );
    }
}

/// A machine writes a parameter where both carry the same value of the tag.
fn declare_parameter_policies(
    builder: &mut Builder,
    file: &Foundation,
    former: Option<&ConditionHandle>,
) {
    for given in &file.parameter_policies {
        let arn = Sub::new(format!(
            "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter{}*",
            given.path
        ));
        let own = Condition::string_equals(
            &format!("aws:ResourceTag/{}", given.tag),
            [format!("${{aws:PrincipalTag/{}}}", given.tag)],
        );
        let document = PolicyDocument::new([Statement::allow("WriteOwnParameter")
            .actions(["ssm:PutParameter"])
            .on([arn])
            .when(own)]);
        let id = given.logical_id.as_str();
        let policy = builder.resource(id, iam::ManagedPolicy::new(document));
        let arn: Value<String> = policy.reference();
        builder.output(
            id,
            Output::new(arn.clone(), "ARN of the policy").export(export_name(&file.stack, id)),
        );
        if let (Some(former_stack), Some(former)) = (&given.former_stack, former) {
            builder.output(
                &format!("Former{id}"),
                Output::new(arn, "ARN of the policy")
                    .condition(former)
                    .export(export_name(former_stack, id)),
            );
        }
    }
}
