//! `init-signal`: a machine tells CloudFormation when it is ready, after it is.

use super::super::scripts::{Script, holds_word};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::unknown_line;
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
    for (id, resource) in &subject.template.resources {
        let policy = resource.creation_policy.as_ref();
        let policy = policy.and_then(|policy| policy.get("ResourceSignal"));
        let is_init = subject.inits.iter().any(|init| init.id == id);
        // Who signals another thing than a machine may stand anywhere.
        let is_machine = resource.kind == "AWS::EC2::Instance";
        if is_init || is_machine && policy.is_some() {
            of_machine(subject, id, resource, policy, report);
        }
    }
}

fn of_machine(
    subject: &Subject<'_>,
    id: &str,
    resource: &Resource,
    policy: Option<&Node>,
    report: &mut Report,
) {
    let at = |section: &str| Path::of(["Resources", id, section]);
    if let Some(policy) = policy {
        let is_number =
            |count: &Node| count.scalar_text().is_some() || count.as_intrinsic().is_some();
        if policy.get("Count").is_some_and(|count| !is_number(count)) {
            report.at(
                at("CreationPolicy").join("ResourceSignal").join("Count"),
                "the number of signals is no number",
            );
        }
        if policy.get("Timeout").and_then(Node::scalar_text).is_none() {
            report.at(
                at("CreationPolicy").join("ResourceSignal").join("Timeout"),
                "the wait has no time limit of its own: five minutes",
            );
        }
    }
    // Machines of a group signal the group, and a condition may wait in place of the machine.
    let waits = |resource: &Resource| resource.kind == "AWS::CloudFormation::WaitCondition";
    let is_machine = resource.kind == "AWS::EC2::Instance";
    let is_alone = is_machine && !subject.template.resources.values().any(waits);
    let elsewhere = |script: &&Script<'_>| match is_machine {
        true => script.id == id && !script.is_user_data,
        false => !(script.id == id && script.is_user_data),
    };
    let others: Vec<&Script<'_>> = subject.scripts.iter().filter(elsewhere).collect();
    let signals_elsewhere = others
        .iter()
        .any(|one| holds_word(&one.text, "cfn-signal", '-'));
    let mut texts: Vec<&str> = subject.user_data(id).collect();
    if texts.is_empty() {
        texts.push("");
    }
    for text in texts {
        let starts = first_call(text, "cfn-init");
        let signals = first_call(text, "cfn-signal");
        if policy.is_none() && starts.is_some() && is_alone {
            report.at(
                at("CreationPolicy"),
                "nobody waits for the machine to be ready",
            );
        }
        if policy.is_some() && signals.is_none() && !signals_elsewhere {
            let others = others.iter().map(|script| &*script.text);
            match others.chain([text]).find_map(unknown_line) {
                Some(line) => report.of(
                    Severity::Warning,
                    at("CreationPolicy"),
                    format!("whether anything signals isn't known: `{line}` may be anything"),
                ),
                None => report.at(
                    at("CreationPolicy"),
                    "nothing signals: the launch hangs until its time is over",
                ),
            }
        }
        if let (Some(start), Some(signal)) = (starts, last_call(text, "cfn-signal"))
            && signal < start
        {
            report.at(
                at("Properties").join("UserData"),
                "it signals before cfn-init has run",
            );
        }
    }
}

/// The line on which a program is first called, comments aside.
fn first_call(script: &str, program: &str) -> Option<usize> {
    calls(script, program).next()
}

/// The line on which a program is last called; none where a trap or a function may call it at any time.
fn last_call(script: &str, program: &str) -> Option<usize> {
    let mut lines = script.lines();
    let is_later = lines.any(|line| {
        let line = line.trim_start();
        line.starts_with("trap ") || line.starts_with("function ") || line.contains("()")
    });
    match is_later {
        true => None,
        false => calls(script, program).last(),
    }
}

fn calls(script: &str, program: &str) -> impl Iterator<Item = usize> {
    let lines = script.lines().enumerate();
    lines
        .filter(move |(_, line)| {
            !line.trim_start().starts_with('#')
                && holds_word(line, program, '-')
                && !line.contains(&format!("{program} exit"))
                && !line.contains(&format!("{program} did not"))
        })
        .map(|(at, _)| at)
}
