//! What a launch role may do with roles: make them under the product's path and within the
//! boundary, attach what the templates attach, pass them to the services that take them.

use super::grants::Grants;
use super::input::{RoleErrors, RoleInput};
use super::policy::Policy;
use super::usage::{STACKS, TypeUsage, Usage};
use crate::cfn::{Intrinsic, Node, Sub, Value};
use crate::iam::{Condition, Statement};
use crate::product::role_path;

/// Actions that widen what a role can do: within the boundary only.
const BOUNDED: [&str; 3] = [
    "iam:CreateRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
];

/// Actions that end or read a role: also of versions from before this catalog.
const DELETE_ACTIONS: [&str; 9] = [
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:ListRoleTags",
    "iam:UntagRole",
];

pub(super) fn add(
    input: &RoleInput<'_>,
    grants: &Grants<'_>,
    policy: &mut Policy,
    errors: &mut RoleErrors<'_>,
) {
    let path = role_path(&input.file.product);
    check_roles(input.usage, &path, errors);
    let own = Sub::new(format!(
        "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role{path}{STACKS}"
    ));
    let legacy = Sub::new(format!(
        "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{STACKS}"
    ));
    let mut own_and_legacy = vec![own.clone()];
    if grants.legacy_roles {
        own_and_legacy.push(legacy);
    }
    let pick = |wanted: &dyn Fn(&str) -> bool| -> Vec<&str> {
        let actions = grants.on_roles.iter().copied();
        actions.filter(|action| wanted(action)).collect()
    };
    let in_boundary = || Condition::arn_equals("iam:PermissionsBoundary", [&input.boundary]);
    let mut grant = |sid: &str, actions: Vec<&str>, on: Vec<Sub>, when: Vec<Condition>| {
        if !actions.is_empty() {
            policy.push(sid, |sid| {
                when.into_iter().fold(
                    Statement::allow(sid).actions(actions).on(on),
                    Statement::when,
                )
            });
        }
    };
    grant(
        "RolesWithinBoundary",
        pick(&|action| BOUNDED.contains(&action)),
        vec![own.clone()],
        vec![in_boundary()],
    );
    let attachable = attachable(input.usage, errors);
    if !attachable.is_empty() {
        grant(
            "PoliciesOfRoles",
            pick(&|action| action == "iam:AttachRolePolicy"),
            vec![own.clone()],
            vec![
                in_boundary(),
                Condition::arn_like("iam:PolicyARN", attachable),
            ],
        );
    }
    grant(
        "EndOfRoles",
        pick(&|action| DELETE_ACTIONS.contains(&action)),
        own_and_legacy.clone(),
        Vec::new(),
    );
    grant(
        "ChangesOfRoles",
        pick(&|action| {
            !BOUNDED.contains(&action)
                && !DELETE_ACTIONS.contains(&action)
                && action != "iam:AttachRolePolicy"
        }),
        vec![own],
        Vec::new(),
    );
    if !grants.passed_to.is_empty() {
        let services = grants.passed_to.iter().copied();
        let to = Condition::string_equals("iam:PassedToService", services);
        grant("PassRoles", vec!["iam:PassRole"], own_and_legacy, vec![to]);
    }
}

fn check_roles(usage: &Usage, path: &str, errors: &mut RoleErrors<'_>) {
    for role in &usage.roles {
        if role.path.as_deref() != Some(path) {
            errors.add(
                None,
                &format!(
                    "the role {} of the template is not under {path}",
                    role.logical_id
                ),
                "generate the template again: each role of a product gets both",
            );
        }
        if !role.is_bounded {
            errors.add(
                None,
                &format!(
                    "the role {} of the template has no permissions boundary",
                    role.logical_id
                ),
                "generate the template again: each role of a product gets both",
            );
        }
    }
}

/// The policies that the templates attach, by ARN.
fn attachable(usage: &Usage, errors: &mut RoleErrors<'_>) -> Vec<Value<String>> {
    let mut arns: Vec<Value<String>> = Vec::new();
    // A policy that names its roles is attached as those that roles name are.
    let mut add_own = usage.names_roles;
    for node in &usage.attached {
        let arn = match node.as_intrinsic() {
            None if node.as_str().is_some() => Value::from_node(node.clone()),
            Some(Intrinsic::ImportValue(name)) if is_same_everywhere(name) => {
                Value::from_node(node.clone())
            }
            Some(Intrinsic::Sub { .. }) if is_same_everywhere(node) => {
                Value::from_node(node.clone())
            }
            // A policy of the same stack.
            Some(Intrinsic::Ref(id) | Intrinsic::GetAtt { resource: id, .. })
                if own_policies(usage).is_some_and(|own| own.ids.contains(id)) =>
            {
                add_own = true;
                continue;
            }
            _ => {
                errors.add(
                    None,
                    "a role of the template gets a policy that isn't known before launch",
                    "attach policies by ARN, by import, or of the same stack",
                );
                continue;
            }
        };
        if !arns.contains(&arn) {
            arns.push(arn);
        }
    }
    for id in &usage.for_people {
        errors.add(
            None,
            &format!("the policy {id} of the template is given to users or groups"),
            "give it to a role of the product: launch roles reach nobody else",
        );
    }
    let own = own_policies(usage).filter(|_| add_own);
    arns.extend(own.into_iter().flat_map(|own| &own.names).map(|name| {
        let arn = format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{name}");
        Sub::new(arn).into()
    }));
    arns
}

/// The managed policies that the templates make.
fn own_policies(usage: &Usage) -> Option<&TypeUsage> {
    usage.types.get("AWS::IAM::ManagedPolicy")
}

/// Whether a text needs nothing but what is the same in every stack of an account.
pub(super) fn is_same_everywhere(node: &Node) -> bool {
    match node.as_intrinsic() {
        None => node.as_str().is_some(),
        Some(Intrinsic::Sub { text, variables }) => {
            let known = [
                "AWS::AccountId",
                "AWS::Partition",
                "AWS::Region",
                "AWS::URLSuffix",
            ];
            variables.is_empty()
                && crate::cfn::pieces(text).is_ok_and(|pieces| {
                    pieces.iter().all(|piece| match piece {
                        crate::cfn::Piece::Variable(name) => known.contains(name),
                        _ => true,
                    })
                })
        }
        Some(_) => false,
    }
}
