//! The foundation's template.

use super::{Foundation, boundary, bucket};
use crate::cfn::{
    BuildError, Builder, ConditionHandle, Handle, Output, ParameterDeclaration, Sub, Template,
    Value, equals,
};
use crate::iam::{Condition, PolicyDocument, Statement};
use crate::portfolio::export_name;
use crate::product::BOUNDARY_EXPORT;
use crate::resource::{iam, servicecatalog as sc};

/// The stack parameter that says whether to export what legacy stacks exported: `true` in an account
/// where those stacks are gone and others still import their names.
pub const LEGACY_EXPORTS_PARAMETER: &str = "LegacyExports";

/// Why the boundary may be wider than a policy that grants.
const GRANTS_NOTHING: &str =
    "a boundary grants nothing: it is the most that a role of a product can be granted";

/// The foundation's template.
///
/// # Errors
/// Everything in the file that keeps the template from holding together.
pub fn foundation_template(file: &Foundation) -> Result<Template, BuildError> {
    let mut builder = Builder::new(
        "What the catalog stands on: bucket of templates, permissions boundary, service actions",
    );
    let replaces = file
        .parameter_policies
        .iter()
        .any(|policy| policy.legacy_stack.is_some());
    let legacy = replaces.then(|| legacy_exports(&mut builder));
    let bucket = bucket::declare(&mut builder);
    builder.output(
        bucket::TEMPLATE_BUCKET,
        Output::new(&bucket, "Name of the bucket of templates")
            .export(export_name(&file.stack, bucket::TEMPLATE_BUCKET)),
    );
    let mut policy = iam::ManagedPolicy::new(boundary::document(&file.boundary, &bucket))
        .suppress("iam-wildcard-resource", GRANTS_NOTHING)
        .description("The most that roles made by products can do")
        .path("/service-catalog/");
    let mut actions = file.boundary.iter().flat_map(|one| &one.actions);
    if actions.any(|action| action.contains('*')) {
        policy = policy.suppress("iam-wildcard-action", GRANTS_NOTHING);
    }
    let boundary = builder.resource(BOUNDARY_EXPORT, policy);
    builder.output(
        BOUNDARY_EXPORT,
        Output::new(
            &boundary,
            "ARN of the permissions boundary of products' roles",
        )
        .export(export_name(&file.stack, BOUNDARY_EXPORT)),
    );
    declare_actions(&mut builder, file);
    declare_parameter_policies(&mut builder, file, legacy.as_ref());
    builder.build()
}

/// Declares the parameter and the condition of the exports of legacy stacks.
pub(crate) fn legacy_exports(builder: &mut Builder) -> ConditionHandle {
    let parameter = builder.parameter(
        LEGACY_EXPORTS_PARAMETER,
        ParameterDeclaration::string()
            .description("Whether to export what stacks exported that this one takes the place of")
            .default("false")
            .allowed_values(["true", "false"]),
    );
    builder.condition("ExportsFormerNames", equals::<String>(&parameter, "true"))
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
    legacy: Option<&ConditionHandle>,
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
        if let (Some(legacy_stack), Some(legacy)) = (&given.legacy_stack, legacy) {
            builder.output(
                &format!("Legacy{id}"),
                Output::new(arn, "ARN of the policy")
                    .condition(legacy)
                    .export(export_name(legacy_stack, id)),
            );
        }
    }
}
