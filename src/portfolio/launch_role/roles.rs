//! What a launch role may do with roles: make them under the product's path and within the
//! boundary, attach what the templates attach, pass them to the services that take them.

use super::gather::Grants;
use super::need::{Faults, Needs};
use super::policy::Policy;
use super::usage::{STACKS, Usage};
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
const LEAVING: [&str; 8] = [
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:UntagRole",
];

pub(super) fn add(
    needs: &Needs<'_>,
    usage: &Usage,
    grants: &Grants<'_>,
    policy: &mut Policy,
    faults: &mut Faults<'_>,
) {
    let path = role_path(&needs.file.product);
    check_roles(usage, &path, faults);
    let own = Sub::new(format!(
        "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role{path}{STACKS}"
    ));
    let legacy = Sub::new(format!(
        "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{STACKS}"
    ));
    let mut own_and_former = vec![own.clone()];
    if grants.legacy_roles {
        own_and_former.push(legacy);
    }
    let pick = |wanted: &dyn Fn(&str) -> bool| -> Vec<&str> {
        let actions = grants.on_roles.iter().copied();
        actions.filter(|action| wanted(action)).collect()
    };
    let in_boundary = || Condition::arn_equals("iam:PermissionsBoundary", [&needs.boundary]);
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
    let attachable = attachable(usage, faults);
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
        pick(&|action| LEAVING.contains(&action)),
        own_and_former.clone(),
        Vec::new(),
    );
    grant(
        "ChangesOfRoles",
        pick(&|action| {
            !BOUNDED.contains(&action)
                && !LEAVING.contains(&action)
                && action != "iam:AttachRolePolicy"
        }),
        vec![own],
        Vec::new(),
    );
    if !grants.passed_to.is_empty() {
        let services = grants.passed_to.iter().copied();
        let to = Condition::string_equals("iam:PassedToService", services);
        grant("PassRoles", vec!["iam:PassRole"], own_and_former, vec![to]);
    }
}

fn check_roles(usage: &Usage, path: &str, faults: &mut Faults<'_>) {
    for role in &usage.roles {
        if role.path.as_deref() != Some(path) {
            faults.add(
                None,
                &format!(
                    "the role {} of the template is not under {path}",
                    role.logical_id
                ),
                "generate the template again: each role of a product gets both",
            );
        }
        if !role.is_bounded {
            faults.add(
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
fn attachable(usage: &Usage, faults: &mut Faults<'_>) -> Vec<Value<String>> {
    let mut arns: Vec<Value<String>> = Vec::new();
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
            Some(Intrinsic::Ref(_) | Intrinsic::GetAtt { .. })
                if usage.types.contains_key("AWS::IAM::ManagedPolicy") =>
            {
                Sub::new(format!(
                    "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{STACKS}"
                ))
                .into()
            }
            _ => {
                faults.add(
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
    arns
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
