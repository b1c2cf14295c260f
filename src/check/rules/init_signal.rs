//! `init-signal`: a machine tells CloudFormation when it is ready, after it is.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path, Resource};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "init-signal",
    severity: Severity::Error,
    what: "A machine tells CloudFormation when it is ready, after it is.",
    why: "Without a signal the product counts as ready before it is; without a policy nobody listens; too early is as good as never.",
    fix: "declare a CreationPolicy, and call cfn-signal at the end of the user data",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for init in &subject.inits {
        let data = subject.user_data(init.id);
        let policy = init
            .resource
            .creation_policy
            .as_ref()
            .and_then(|policy| policy.get("ResourceSignal"));
        let at = |section: &str| Path::of(["Resources", init.id, section]);
        let count = policy.and_then(|policy| policy.get("Count"));
        if count
            .is_some_and(|count| count.scalar_text().is_none() && count.as_intrinsic().is_none())
        {
            report.at(
                at("CreationPolicy").join("ResourceSignal").join("Count"),
                "the number of signals is no number",
            );
        }
        let starts = first_call(data, "cfn-init");
        let signals = first_call(data, "cfn-signal");
        let elsewhere = subject.scripts.iter().any(|script| {
            script.id == init.id && !script.is_user_data && script.text.contains("cfn-signal")
        });
        // Machines of a group signal the group, and a condition may wait in place of the machine.
        let waits = |resource: &Resource| resource.kind == "AWS::CloudFormation::WaitCondition";
        let is_alone = init.resource.kind == "AWS::EC2::Instance"
            && !subject.template.resources.values().any(waits);
        if policy.is_none() && starts.is_some() && is_alone {
            report.at(
                at("CreationPolicy"),
                "nobody waits for the machine to be ready",
            );
        }
        if policy.is_some() && signals.is_none() && !elsewhere {
            report.at(
                at("CreationPolicy"),
                "nothing signals: the launch hangs until its time is over",
            );
        }
        if let (Some(start), Some(signal)) = (starts, signals)
            && signal < start
        {
            report.at(
                at("Properties").join("UserData"),
                "it signals before cfn-init has run",
            );
        }
        if policy
            .and_then(|policy| policy.get("Timeout"))
            .and_then(Node::scalar_text)
            .is_none()
            && policy.is_some()
        {
            report.at(
                at("CreationPolicy").join("ResourceSignal").join("Timeout"),
                "the wait has no time limit of its own: five minutes",
            );
        }
    }
}

/// The line on which a program is first called, comments aside.
fn first_call(script: &str, program: &str) -> Option<usize> {
    script.lines().position(|line| {
        !line.trim_start().starts_with('#')
            && line.contains(program)
            && !line.contains(&format!("{program} exit"))
            && !line.contains(&format!("{program} did not"))
    })
}
