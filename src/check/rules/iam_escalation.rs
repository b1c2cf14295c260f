//! `iam-escalation`: no policy lets its holder gain more than it grants.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Path;
use indexmap::IndexMap;

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
const ALONE: [&str; 11] = [
    "iam:attachgrouppolicy",
    "iam:attachrolepolicy",
    "iam:attachuserpolicy",
    "iam:createaccesskey",
    "iam:createloginprofile",
    "iam:createpolicyversion",
    "iam:putgrouppolicy",
    "iam:putrolepolicy",
    "iam:putuserpolicy",
    "iam:setdefaultpolicyversion",
    "iam:updateassumerolepolicy",
];

/// Actions that start something under a role that is handed over.
const WITH_PASS_ROLE: [&str; 8] = [
    "batch:registerjobdefinition",
    "cloudformation:createstack",
    "codebuild:createproject",
    "ec2:runinstances",
    "ecs:registertaskdefinition",
    "glue:createjob",
    "lambda:createfunction",
    "sagemaker:createnotebookinstance",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    // What one resource is granted, by all its statements together.
    let mut granted: IndexMap<&str, Vec<(String, Path, bool)>> = IndexMap::new();
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
            let entry = (name, allow.at.clone(), allow.is_conditional());
            granted.entry(allow.view.id).or_default().push(entry);
        }
    }
    for actions in granted.values() {
        let has = |wanted: &str| actions.iter().find(|(name, ..)| name == wanted);
        let Some((_, at, is_conditional)) = has("iam:passrole") else {
            continue;
        };
        for runs in WITH_PASS_ROLE {
            if has(runs).is_some() && !is_conditional {
                report.at(
                    at.clone(),
                    format!("`{runs}` runs code under any role that iam:PassRole hands over"),
                );
            }
        }
    }
}
