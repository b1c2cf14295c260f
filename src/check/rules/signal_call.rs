//! `signal-call`: signals and cfn-init name this resource, and say how it went.

use super::super::scripts::{Script, joined, option};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Map, Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "signal-call",
    severity: Severity::Error,
    what: "cfn-init and cfn-signal name a resource of the template and its region, a signal is sent whatever happened, and the wait is at most 12 hours.",
    why: "The launch hangs until its time is over, or counts as good although it failed.",
    fix: "`--resource` is the machine's logical id, `--region ${AWS::Region}`; signal in a `trap … EXIT` where `bash -e` may end the script before",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-signal.html",
    check: Check::Template(check),
};

/// Commands whose result says nothing of the machine.
const IDLE: [&str; 5] = ["echo ", "printf ", "sleep ", "date", "true"];
/// What a script has that goes on only where something was done.
const CHOOSES: [&str; 8] = [
    "||", "&&", "exit ", "if ", "case ", "while ", "until ", "catch",
];
const MOST_SECONDS: u64 = 12 * 60 * 60;

fn check(subject: &Subject<'_>, report: &mut Report) {
    for script in &subject.scripts {
        calls(subject, script, report);
    }
    for (id, resource) in &subject.template.resources {
        let policy = resource.creation_policy.as_ref();
        policy_keys(id, policy, report);
        counts(subject, id, &resource.kind, policy, report);
        let timeout = policy.and_then(|policy| policy.get("ResourceSignal")?.get("Timeout"));
        if let Some(text) = timeout.and_then(Node::scalar_text)
            && seconds(&text).is_none_or(|seconds| seconds > MOST_SECONDS)
        {
            let at = Path::of([
                "Resources",
                id,
                "CreationPolicy",
                "ResourceSignal",
                "Timeout",
            ]);
            report.at(
                at,
                format!("`{text}` is no time up to 12 hours, such as `PT15M`"),
            );
        }
    }
}

/// The parts of a creation policy.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html>
const PARTS: [&str; 3] = ["ResourceSignal", "AutoScalingCreationPolicy", "StartFleet"];

fn policy_keys(id: &str, policy: Option<&Node>, report: &mut Report) {
    let at = Path::of(["Resources", id, "CreationPolicy"]);
    let mut known = |at: &Path, node: Option<&Node>, names: &[&str]| {
        let keys = node.and_then(Node::as_map).into_iter().flat_map(Map::keys);
        for key in keys.filter(|key| !names.contains(&key.as_str())) {
            let message = format!("`{key}` is none of {}", names.join(", "));
            report.at(at.join(key), message);
        }
    };
    known(&at, policy, &PARTS);
    let signal = policy.and_then(|policy| policy.get("ResourceSignal"));
    known(&at.join("ResourceSignal"), signal, &["Count", "Timeout"]);
}

/// One machine sends as many signals as its scripts call for.
fn counts(subject: &Subject<'_>, id: &str, kind: &str, policy: Option<&Node>, report: &mut Report) {
    let count = policy.and_then(|policy| policy.get("ResourceSignal")?.get("Count"));
    let count = count.and_then(Node::scalar_text);
    let Some(count) = count.and_then(|text| text.parse::<usize>().ok()) else {
        return;
    };
    // A group has many machines, and others may signal a resource of another type.
    if kind != "AWS::EC2::Instance" || count < 2 {
        return;
    }
    let scripts = subject
        .scripts
        .iter()
        .filter(|script| script.text.contains("cfn-signal"));
    let calls: usize = scripts
        .flat_map(|script| {
            script
                .lines()
                .map(|line| line.matches("cfn-signal").count())
        })
        .sum();
    if calls < count {
        let at = Path::of(["Resources", id, "CreationPolicy", "ResourceSignal", "Count"]);
        report.at(
            at,
            format!("it waits for {count} signals, and scripts send {calls}"),
        );
    }
}

fn calls(subject: &Subject<'_>, script: &Script<'_>, report: &mut Report) {
    if !script.text.contains("cfn-") {
        return;
    }
    let has_policy = |id: &str| {
        let resource = subject.template.resources.get(id);
        resource.is_some_and(|resource| resource.creation_policy.is_some())
    };
    let lines: Vec<&str> = script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let traps = script.text.contains("trap ");
    // The first line says how the shell runs; elsewhere such a line is a comment.
    let first = script.text.trim_start().lines().next().unwrap_or_default();
    let mut stops = is_strict(first);
    let mut before = "";
    for line in joined(&lines) {
        let line = line.as_str();
        // Of several lines that are one command, the first.
        let first = lines.iter().copied().find(|one| {
            let start = one.trim_end_matches('\\').trim_end();
            !start.is_empty() && line.starts_with(start)
        });
        let first = first.unwrap_or(line);
        stops |= is_strict(line);
        let program = ["cfn-signal", "cfn-init"]
            .into_iter()
            .find(|program| starts(line, program));
        if let Some(program) = program {
            let resource = option(line, &["--resource", "-r"]);
            if let Some(id) = resource.filter(|id| is_plain(id)) {
                if !subject.template.resources.contains_key(id) {
                    report.line(
                        script.at.clone(),
                        first,
                        format!("{program} names `{id}`, and there is no such resource"),
                    );
                } else if program == "cfn-signal"
                    && id != script.id
                    && has_policy(script.id)
                    && !has_policy(id)
                {
                    report.line(
                        script.at.clone(),
                        first,
                        format!("it signals `{id}`, and `{}` waits", script.id),
                    );
                }
            }
            let by_handle = line.contains("http") || line.contains("WaitHandle");
            if !by_handle && option(line, &["--region"]).is_none() && line.contains("--stack") {
                let message =
                    format!("{program} without `--region` calls us-east-1 from everywhere");
                report.line(script.at.clone(), first, message);
            }
            let says = option(line, &["-e", "--exit-code", "-s", "--success"]);
            let is_good = says.is_some_and(|says| matches!(says.trim_matches('"'), "0" | "true"));
            if program == "cfn-signal"
                && is_good
                && script.is_user_data
                && !CHOOSES.iter().any(|word| script.text.contains(word))
                && !stops
                && !traps
            {
                let message = "it signals success, whatever happened before";
                report.line(script.at.clone(), first, message);
            }
            if program == "cfn-signal" && line.contains("$?") {
                if IDLE.iter().any(|idle| before.starts_with(idle)) {
                    let message = format!("it signals the result of `{before}`");
                    report.line(script.at.clone(), first, message);
                }
                let guarded = traps || line.contains("||") || line.contains("&&");
                if stops && !guarded && script.is_user_data {
                    let message = "`-e` ends the script at what fails, before it signals";
                    report.line(script.at.clone(), first, message);
                }
            }
        }
        before = lines
            .iter()
            .copied()
            .find(|one| line.starts_with(*one))
            .unwrap_or("");
    }
}

/// Whether a line starts a program, rather than speak of it.
fn starts(line: &str, program: &str) -> bool {
    line.split_whitespace().any(|word| {
        let word = word.trim_matches(['"', '\'', '&', '(']);
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        name == program || name.strip_suffix(".exe") == Some(program)
    }) && !line.starts_with("echo")
}

fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The seconds of `PT1H30M`.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT").filter(|rest| !rest.is_empty())?;
    let mut total = 0u64;
    for (unit, factor) in [('H', 3600), ('M', 60), ('S', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(factor)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(total)
}

/// Whether a line makes the shell end at the first command that fails: `#!/bin/bash -e`, `set -e`.
fn is_strict(line: &str) -> bool {
    let flags = line.split_once(" -");
    let flags = flags.filter(|_| line.starts_with("#!") || line.starts_with("set "));
    let flags = flags.and_then(|(_, flags)| flags.split(' ').next());
    flags.is_some_and(|flags| flags.contains('e') && !flags.starts_with("-"))
}
