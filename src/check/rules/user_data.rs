//! `user-data`: user data reaches the machine, and runs there.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::text_of;
use crate::cfn::{Intrinsic, Node};
use crate::yaml::nearest;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "user-data",
    severity: Severity::Error,
    what: "User data is Base64, at most 16 KB, and begins as what runs it wants.",
    why: "EC2 refuses the instance, or the machine starts and nothing of it runs.",
    fix: "give it through Fn::Base64; begin with `#!`, `#cloud-config`, `<powershell>` or `<script>`",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    check: Check::Template(check),
};

/// Before it is encoded.
const MOST_BYTES: usize = 16 * 1024;

/// What cloud-init and EC2Launch know.
const BEGINNINGS: [&str; 12] = [
    "#!",
    "#cloud-config",
    "#cloud-boothook",
    "#include",
    "#part-handler",
    "#template",
    "Content-Type:",
    "MIME-Version:",
    "<powershell",
    "<script",
    "version:",
    "## template",
];

/// What runs scripts.
const PROGRAMS: [&str; 12] = [
    "ash", "bash", "dash", "env", "ksh", "node", "perl", "pwsh", "python", "python3", "sh", "zsh",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::Instance") {
        let Some(data) = view.get(&["UserData"]) else {
            continue;
        };
        let at = view.path(&["UserData"]);
        let inner = match (data, data.as_intrinsic()) {
            (_, Some(Intrinsic::Base64(inner))) => inner,
            (Node::String(text), _) => {
                if !is_base64(text) {
                    report.at(at, "it isn't Base64: EC2 refuses it");
                }
                continue;
            }
            (_, Some(Intrinsic::Sub { text, .. }))
                if text.contains('\n') || text.starts_with("#!") =>
            {
                report.at(at, "it isn't Base64: EC2 refuses it");
                continue;
            }
            (_, Some(Intrinsic::Join { .. })) => {
                report.at(at, "it isn't Base64: EC2 refuses it");
                continue;
            }
            _ => continue,
        };
        let text = text_of(inner);
        if text.len() > MOST_BYTES {
            let message = format!("it has {} bytes, and EC2 takes {MOST_BYTES}", text.len());
            report.at(at.clone(), message);
        }
        // What begins with something that isn't known may begin with anything.
        let start = text.trim_start_matches(['\u{feff}', '\n']);
        let first = start.lines().next().unwrap_or_default();
        if let Some(program) = first.strip_prefix("#!") {
            let name = program.split_whitespace().next().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default();
            let near = nearest(name, PROGRAMS);
            if let (false, Some(near)) = (PROGRAMS.contains(&name), near) {
                let message = format!("no machine has `{name}`; did you mean `{near}`?");
                report.line(at.clone(), first, message);
            }
        }
        let is_known = BEGINNINGS.iter().any(|known| starts_with(start, known));
        if !is_known && !start.starts_with("${") && !start.is_empty() {
            // One line may be data that a program of the image reads.
            let severity = match start.trim_end().contains('\n') {
                true => Severity::Error,
                false => Severity::Warning,
            };
            let message = "it begins as nothing that a machine runs: `#!` is missing";
            report.of(severity, at, message);
        }
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    let begins = text.get(..start.len());
    begins.is_some_and(|begins| begins.eq_ignore_ascii_case(start))
}

fn is_base64(text: &str) -> bool {
    let is_it = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\n\r".contains(&byte);
    text.bytes().all(is_it) && text.len() >= 4
}
