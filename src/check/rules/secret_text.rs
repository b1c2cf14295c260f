//! `secret-text`: no password and no token stands in a template as text.

use super::super::subject::texts;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "secret-text",
    severity: Severity::Error,
    what: "No password and no token stands in a template as text.",
    why: "Everybody who may read the stack, the machine or the repository has it.",
    fix: "generate it in Secrets Manager, and fetch it where it is used",
    source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/create_secret.html",
    check: Check::Template(check),
};

/// How tokens begin, and how many letters and digits follow at least.
/// <https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns>
const TOKENS: [(&str, usize); 12] = [
    ("ghp_", 36),
    ("gho_", 36),
    ("ghs_", 36),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("sk_live_", 20),
    ("rk_live_", 20),
    ("npm_", 36),
    ("pypi-AgEIcHlwaS5vcmc", 20),
    ("AIza", 35),
];
/// What stands before a secret in a script or configuration.
const NAMES: [&str; 7] = [
    "password",
    "passwd",
    "secret_key",
    "secretkey",
    "secret_access_key",
    "api_key",
    "auth_token",
];
/// No shorter text is taken for a secret.
const SHORTEST: usize = 6;
/// What is no secret after such a name.
const HARMLESS: [&str; 12] = [
    "$", "{", "<", "`", "\"$", "'$", "true", "false", "none", "null", "required", "*",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    subject.template.each_value(&mut |at, node| {
        texts(at, node, &mut |at, text| {
            if TOKENS
                .iter()
                .any(|(start, length)| holds_token(text, start, *length))
            {
                report.at(at.path(), "a token stands in the template");
            }
        });
    });
    for script in &subject.scripts {
        for line in script.lines() {
            if let Some(name) = assigned(line) {
                let message = format!("a `{name}` is written out in a script");
                report.line(script.at.clone(), line, message);
            }
        }
    }
    for (id, resource) in &subject.template.resources {
        let at = Path::properties(id);
        for (name, node) in &resource.properties {
            given(&at, name, node, report);
        }
    }
    for view in subject.of_type("AWS::SecretsManager::Secret") {
        // What the form or a function gives is no text of the template.
        let written = view.resource.properties.get("SecretString");
        if let Some(text) = written.and_then(Node::as_str)
            && !text.contains("{{resolve:")
        {
            report.at(
                view.path(&["SecretString"]),
                "the secret stands in the template",
            );
        }
    }
}

/// How the names of properties end that hold a secret, without what divides words.
const PROPERTIES: [&str; 7] = [
    "password",
    "passwd",
    "authtoken",
    "clientsecret",
    "secretaccesskey",
    "secretkey",
    "privatekey",
];

/// Secrets that properties and variables are given as text.
fn given(above: &Path, name: &str, node: &Node, report: &mut Report) {
    let at = above.join(name);
    match node {
        Node::Map(map) => {
            for (name, node) in map {
                given(&at, name, node, report);
            }
        }
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                given(&at, &index.to_string(), item, report);
            }
        }
        Node::String(text) => {
            let plain: String = name
                .chars()
                .filter(|letter| letter.is_ascii_alphanumeric())
                .map(|letter| letter.to_ascii_lowercase())
                .collect();
            // A path or an address names where the secret is.
            let is_place = text.starts_with('/') || text.contains(':') || text.contains("${");
            let is_secret = PROPERTIES.iter().any(|end| plain.ends_with(end));
            if is_secret && !is_place && text.len() >= SHORTEST && !text.contains(' ') {
                report.at(at, format!("`{name}` stands in the template"));
            }
        }
        _ => {}
    }
}

/// What stands in a text that is a token by its form, or is given to a name of secrets: each line once.
pub(super) fn secrets(text: &str) -> Vec<(usize, String)> {
    let lines = (1..).zip(text.lines());
    lines
        .filter_map(|(number, line)| {
            let mut tokens = TOKENS.iter();
            if tokens.any(|(start, length)| holds_token(line, start, *length)) {
                return Some((number, "a token".to_owned()));
            }
            // Whatever isn't quoted there is a reference.
            let squeezed: String = line.split_whitespace().collect();
            let name = assigned_in(&squeezed, |value| value.starts_with(['"', '\'']))?;
            Some((number, format!("a `{name}`")))
        })
        .collect()
}

fn holds_token(text: &str, start: &str, length: usize) -> bool {
    text.match_indices(start).any(|(at, _)| {
        let rest = &text.as_bytes()[at + start.len()..];
        let is_it = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        rest.iter().take_while(|byte| is_it(byte)).count() >= length
    })
}

/// The name to which a line of a script gives a secret: `PASSWORD=abc`, `--password abc`.
fn assigned(line: &str) -> Option<&'static str> {
    assigned_in(line, |_| true)
}

/// The same, of values that may be secrets only.
fn assigned_in(line: &str, may_be: impl Fn(&str) -> bool) -> Option<&'static str> {
    let lower = line.to_ascii_lowercase();
    NAMES.into_iter().find(|name| {
        lower.match_indices(name).any(|(at, _)| {
            let rest = line[at + name.len()..].trim_start_matches(['"', '\'']);
            let Some(value) = rest.strip_prefix(['=', ':']) else {
                return false;
            };
            let value = value.trim_start();
            let word = value.split_whitespace().next().unwrap_or_default();
            let plain = word.trim_matches(['"', '\'', ';']);
            let lower = word.to_ascii_lowercase();
            may_be(word)
                && plain.len() >= 6
                && !HARMLESS.iter().any(|start| lower.starts_with(start))
        })
    })
}
