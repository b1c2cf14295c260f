//! `plain-secret`: no secret stands in plain text.

use super::super::scripts::places;
use super::super::subject::texts;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{ParameterType, Path, Target};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "plain-secret",
    severity: Severity::Error,
    what: "No secret stands in plain text.",
    why: "User data, metadata, environment variables and outputs are shown to everyone who can describe the stack or the machine, and a command line to everyone on the machine.",
    fix: "keep it in Secrets Manager, and hand over its name; mark the parameter NoEcho; let a program read it from a file or its input",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html#creds",
    check: Check::Template(check),
};

const NAMES: [&str; 6] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
];

/// What names of what is about a secret end in.
const ABOUT: [&str; 9] = [
    "arn",
    "id",
    "kmskey",
    "length",
    "name",
    "parameter",
    "path",
    "prefix",
    "version",
];

/// The shortest text that holds a secret or a reference to one: an access key id.
const SHORTEST: usize = 20;

/// What AWS's access key ids begin with, and how many characters follow.
const KEYS: [(&str, usize); 2] = [("AKIA", 16), ("ASIA", 16)];

fn check(subject: &Subject<'_>, report: &mut Report) {
    let template = subject.template;
    for (name, parameter) in &template.parameters {
        let is_text =
            parameter.kind == ParameterType::String && parameter.allowed_values.is_empty();
        let lower = name.to_ascii_lowercase();
        // What a secret is called, where it is and what encrypts it is no secret.
        let is_about = ABOUT.iter().any(|end| lower.ends_with(end));
        let is_secret = NAMES.iter().any(|word| lower.contains(word)) && !is_about;
        if is_text && is_secret && !parameter.no_echo {
            report.of(
                subject.of_house(),
                Path::of(["Parameters", name]),
                format!("`{name}` is named like a secret, and is echoed"),
            );
        }
    }
    let secret = |target: Target<'_>| {
        let parameter = target.name().and_then(|name| template.parameters.get(name));
        parameter.is_some_and(|parameter| parameter.no_echo)
    };
    for reference in subject.references_to(secret) {
        if let Some(place) = shown(reference.at.segments(), template) {
            let name = reference.name().unwrap_or_default();
            report.at(
                reference.at.clone(),
                format!("the secret `{name}` stands in {place}"),
            );
        }
    }
    command_lines(subject, report);
    template.each_value(&mut |at, node| {
        texts(at, node, &mut |at, text| {
            // Nearly all texts are too short for what is looked for.
            if text.len() < SHORTEST {
                return;
            }
            let found = KEYS
                .iter()
                .any(|(prefix, length)| holds_key(text, prefix, *length));
            if found || text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
                report.at(at.path(), "a key stands in the template");
            }
            if text.contains("{{resolve:secretsmanager:") || text.contains("{{resolve:ssm-secure:")
            {
                let at = at.path();
                if let Some(place) = shown(at.segments(), template) {
                    report.at(at, format!("a secret is resolved into {place}"));
                }
            }
        });
    });
}

/// What hands a program a secret on its command line.
const FLAGS: [&str; 4] = ["--password", "--secret", "--token", "--api-key"];

/// What fetches a secret into the text of a command.
const FETCHED: &str = "$(aws ";

/// Secrets on the command lines of scripts: fetched into an argument, or written out.
fn command_lines(subject: &Subject<'_>, report: &mut Report) {
    for script in &subject.scripts {
        // Most scripts hold none of what is looked for: they aren't read line by line.
        let holds = |part: &&str| script.text.contains(part);
        let flags: Vec<&str> = FLAGS.into_iter().filter(holds).collect();
        if flags.is_empty() && !holds(&FETCHED) {
            continue;
        }
        for line in script.lines() {
            if is_fetched_into_argument(line) {
                let message = format!("a secret is fetched into a command line: {}", line.trim());
                report.line(script.at.clone(), line, message);
            }
            if let Some(flag) = flags.iter().find(|flag| has_literal(line, flag)) {
                let message = format!("the value of `{flag}` stands on a command line");
                report.line(script.at.clone(), line, message);
            }
        }
    }
}

/// Whether `$(aws … get-secret-value …)` stands anywhere but in an assignment, or with a command
/// of the shell itself, which starts no program.
fn is_fetched_into_argument(line: &str) -> bool {
    const BUILT_IN: [&str; 3] = ["printf", "echo", "export"];
    places(line, FETCHED).any(|at| {
        let (before, inside) = line.split_at(at);
        let inside = inside.split(')').next().unwrap_or_default();
        if !inside.contains("get-secret-value") && !inside.contains("--with-decryption") {
            return false;
        }
        let word = before.trim_end_matches('"').rsplit(char::is_whitespace);
        let is_assigned = word.into_iter().next().is_some_and(|word| {
            word.strip_suffix('=').is_some_and(|name| {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                !name.is_empty() && name.chars().all(is_name)
            })
        });
        let command = before.split_whitespace().next().unwrap_or_default();
        !is_assigned && !BUILT_IN.contains(&command)
    })
}

/// Whether a flag is followed by a value that is written out, rather than by a variable.
fn has_literal(line: &str, flag: &str) -> bool {
    places(line, flag).any(|at| {
        let rest = &line[at + flag.len()..];
        let value = rest.strip_prefix('=').or_else(|| rest.strip_prefix(' '));
        value.is_some_and(|value| {
            let first = value.trim_start_matches(['"', '\'', ' ']).chars().next();
            first.is_some_and(|c| c.is_ascii_alphanumeric())
        })
    })
}

/// What a path leads into, where that is shown to people.
fn shown(segments: &[String], template: &crate::cfn::Template) -> Option<&'static str> {
    let segment = |index: usize| segments.get(index).map(String::as_str).unwrap_or_default();
    if segment(0) == "Outputs" {
        return Some("an output");
    }
    if segment(0) != "Resources" {
        return None;
    }
    let kind = template
        .resources
        .get(segment(1))
        .map(|resource| resource.kind.as_str());
    match (kind.unwrap_or_default(), segment(2), segment(3)) {
        (_, "Metadata", _) => Some("metadata"),
        ("AWS::EC2::Instance", _, "UserData") => Some("user data"),
        (_, _, "Tags") => Some("a tag"),
        ("AWS::Lambda::Function", _, "Environment") => Some("an environment variable"),
        ("AWS::Batch::JobDefinition", _, "ContainerProperties")
            if matches!(segment(4), "Environment" | "Command") =>
        {
            Some("the job's environment or command")
        }
        ("AWS::SSM::Parameter", _, "Value") => Some("a plain parameter"),
        _ => None,
    }
}

/// Whether a text holds an access key id: the prefix and so many further letters and digits.
fn holds_key(text: &str, prefix: &str, length: usize) -> bool {
    places(text, prefix).any(|at| {
        let rest = &text[at + prefix.len()..];
        let key = rest
            .bytes()
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        key.count() == length
    })
}
