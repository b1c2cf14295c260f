//! `role-use`: a role is given to a service that it trusts.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::{Intrinsic, Node};
use crate::iam::service_fault;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "role-use",
    severity: Severity::Error,
    what: "A role is given to a service that it trusts, by what that service takes: name or ARN.",
    why: "The service can't take the role: the launch fails, or the first use does.",
    fix: "name the service in the role's trust policy; an instance takes a profile's name, a profile a role's",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    check: Check::Template(check),
};

/// The type, the path of the property that takes a role, and the service that takes the role.
const USES: [(&str, &[&str], &str); 10] = [
    (
        "AWS::Batch::JobDefinition",
        &["ContainerProperties", "ExecutionRoleArn"],
        "ecs-tasks.amazonaws.com",
    ),
    (
        "AWS::Batch::JobDefinition",
        &["ContainerProperties", "JobRoleArn"],
        "ecs-tasks.amazonaws.com",
    ),
    (
        "AWS::EC2::SpotFleet",
        &["SpotFleetRequestConfigData", "IamFleetRole"],
        "spotfleet.amazonaws.com",
    ),
    ("AWS::Lambda::Function", &["Role"], "lambda.amazonaws.com"),
    (
        "AWS::Scheduler::Schedule",
        &["Target", "RoleArn"],
        "scheduler.amazonaws.com",
    ),
    (
        "AWS::Events::Rule",
        &["Targets", "0", "RoleArn"],
        "events.amazonaws.com",
    ),
    (
        "AWS::Batch::ComputeEnvironment",
        &["ServiceRole"],
        "batch.amazonaws.com",
    ),
    (
        "AWS::ECS::TaskDefinition",
        &["ExecutionRoleArn"],
        "ecs-tasks.amazonaws.com",
    ),
    (
        "AWS::ECS::TaskDefinition",
        &["TaskRoleArn"],
        "ecs-tasks.amazonaws.com",
    ),
    (
        "AWS::StepFunctions::StateMachine",
        &["RoleArn"],
        "states.amazonaws.com",
    ),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (kind, path, service) in USES {
        for view in subject.of_type(kind) {
            if let Some(role) = role_of(subject, view.get(path))
                && !trusts(subject, role, service)
            {
                let message = format!("the role `{role}` doesn't trust {service}");
                report.at(view.path(path), message);
            }
        }
    }
    for view in subject.of_type("AWS::IAM::InstanceProfile") {
        profile(subject, view, report);
    }
    for view in subject.of_type("AWS::EC2::Instance") {
        instance(subject, view, report);
    }
    principals(subject, report);
}

/// The role of this template that a value is the ARN of.
fn role_of<'s>(subject: &'s Subject<'_>, node: Option<&'s Node>) -> Option<&'s str> {
    let Intrinsic::GetAtt { resource, .. } = node?.as_intrinsic()? else {
        return None;
    };
    is_of(subject, resource, "AWS::IAM::Role").then_some(resource.as_str())
}

fn is_of(subject: &Subject<'_>, id: &str, kind: &str) -> bool {
    let resource = subject.template.resources.get(id);
    resource.is_some_and(|resource| resource.kind == kind)
}

/// Whether a role trusts a service. What isn't known may.
fn trusts(subject: &Subject<'_>, role: &str, service: &str) -> bool {
    let Some(resource) = subject.template.resources.get(role) else {
        return true;
    };
    subject.views_of(role, resource).all(|view| {
        let Some(document) = view
            .get(&["AssumeRolePolicyDocument"])
            .and_then(Node::as_map)
        else {
            return true;
        };
        Node::one_or_more(document.get("Statement"))
            .into_iter()
            .any(|statement| {
                let Some(principal) = statement.get("Principal") else {
                    return true;
                };
                let services = Node::one_or_more(principal.get("Service"));
                let base = service.trim_end_matches(".amazonaws.com");
                principal.as_str() == Some("*")
                    || statement.as_intrinsic().is_some()
                    || services.iter().any(|name| match name.as_str() {
                        Some(name) => name.split('.').next() == Some(base),
                        None => true,
                    })
            })
    })
}

fn profile(subject: &Subject<'_>, view: View<'_>, report: &mut Report) {
    let roles = view.get(&["Roles"]).and_then(Node::as_list);
    let is_given = roles.is_some();
    let roles = roles.unwrap_or_default();
    if roles.len() > 1 || is_given && roles.is_empty() {
        report.at(
            view.path(&["Roles"]),
            format!("a profile holds one role, not {}", roles.len()),
        );
    }
    for (index, role) in roles.iter().enumerate() {
        let is_arn = role.as_str().is_some_and(|text| text.starts_with("arn:"))
            || role_of(subject, Some(role)).is_some();
        if is_arn {
            let at = view.path(&["Roles", &index.to_string()]);
            report.at(at, "a profile takes a role's name, not its ARN");
        }
        if let Some(Intrinsic::Ref(id)) = role.as_intrinsic()
            && is_of(subject, id, "AWS::IAM::Role")
            && !trusts(subject, id, "ec2.amazonaws.com")
        {
            let at = view.path(&["Roles", &index.to_string()]);
            report.at(
                at,
                format!("the role `{id}` doesn't trust ec2.amazonaws.com"),
            );
        }
    }
}

fn instance(subject: &Subject<'_>, view: View<'_>, report: &mut Report) {
    let at = view.path(&["IamInstanceProfile"]);
    let Some(profile) = view.get(&["IamInstanceProfile"]) else {
        return;
    };
    match (profile.as_intrinsic(), profile.as_str()) {
        (Some(Intrinsic::GetAtt { attribute, .. }), _) if attribute == "Arn" => {
            report.at(at, "an instance takes a profile's name, not its ARN");
        }
        (Some(Intrinsic::Ref(id)), _) if is_of(subject, id, "AWS::IAM::Role") => {
            report.at(at, format!("`{id}` is a role; an instance takes a profile"));
        }
        (_, Some(text)) if text.starts_with("arn:") => {
            report.at(at, "an instance takes a profile's name, not its ARN");
        }
        _ => {}
    }
}

/// Services that there aren't.
fn principals(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        for (kind, name) in allow.principals() {
            let Some(name) = name.as_str().filter(|_| kind == "Service") else {
                continue;
            };
            if let Some(fault) = service_fault(name) {
                let message = format!("there is no service `{name}`: {fault}");
                report.at(allow.at.join("Principal"), message);
            }
        }
    }
}
