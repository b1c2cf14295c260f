//! `iam-escalation`: no policy lets its holder gain more than it grants.

use super::super::policy::{Allow, Purpose};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{IndexMap, Node};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-escalation",
    severity: Severity::Error,
    what: "No policy lets its holder gain more than it grants.",
    why: "Whoever can change a policy, or run code under a stronger role, has that role's rights.",
    fix: "name the role or policy that may be changed, bound by a condition on iam:PermissionsBoundary or its own path",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#prevent-privilege-escalation",
    check: Check::Template(check),
};

/// Actions that suffice alone, on any resource.
const ALONE: [&str; 19] = [
    "iam:addusertogroup",
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createpolicyversion",
    "iam:deleterolepermissionsboundary",
    "iam:deleteuserpermissionsboundary",
    "iam:putgrouppolicy",
    "iam:putrolepermissionsboundary",
    "iam:putrolepolicy",
    "iam:putuserpermissionsboundary",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
    "iam:updateloginprofile",
    "lambda:updatefunctioncode",
    "sts:assumerole",
];

/// Actions that start something under a role that is handed over.
const WITH_PASS_ROLE: [&str; 19] = [
    "batch:registerjobdefinition",
    "cloudformation:createchangeset",
    "cloudformation:createstack",
    "cloudformation:createstackset",
    "cloudformation:updatestack",
    "codebuild:createproject",
    "ec2:associateiaminstanceprofile",
    "ec2:replaceiaminstanceprofileassociation",
    "ec2:runinstances",
    "ecs:registertaskdefinition",
    "ecs:runtask",
    "events:puttargets",
    "glue:createjob",
    "lambda:createfunction",
    "lambda:updatefunctionconfiguration",
    "sagemaker:createnotebookinstance",
    "scheduler:createschedule",
    "ssm:startautomationexecution",
    "states:createstatemachine",
];

/// Policies of AWS's own that let their holder change what anybody may do.
const MANAGED: [&str; 3] = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.views() {
        let attached = view.get(&["ManagedPolicyArns"]).and_then(Node::as_list);
        for (index, policy) in attached.into_iter().flatten().enumerate() {
            let name = policy.as_str().and_then(|arn| arn.rsplit('/').next());
            if let Some(name) = name.filter(|name| MANAGED.contains(name)) {
                report.at(
                    view.path(&["ManagedPolicyArns", &index.to_string()]),
                    format!("`{name}` grants whatever is wanted"),
                );
            }
        }
    }
    // What one resource is granted, by all its statements together.
    let mut granted: IndexMap<&str, Vec<(String, &Allow<'_>)>> = IndexMap::default();
    for allow in &subject.allows {
        if allow.purpose != Purpose::Identity {
            continue;
        }
        let is_wide = allow.is_for_all() && !allow.is_conditional();
        for action in &allow.actions {
            let name = action.to_ascii_lowercase();
            if is_wide && ALONE.contains(&name.as_str()) {
                report.at(
                    allow.at.clone(),
                    format!("`{action}` on every resource grants whatever is wanted"),
                );
            }
            let entry = granted.entry(allow.property.id).or_default();
            entry.push((name, allow));
        }
    }
    for actions in granted.values() {
        let has = |wanted: &str| actions.iter().find(|(name, ..)| name == wanted);
        let Some((_, passes)) = has("iam:passrole") else {
            continue;
        };
        for runs in WITH_PASS_ROLE {
            if has(runs).is_some() && !passes.is_conditional() {
                report.at(
                    passes.at.clone(),
                    format!("`{runs}` runs code under any role that iam:PassRole hands over"),
                );
            }
        }
    }
}
