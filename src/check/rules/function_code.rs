//! `function-code`: a function can be created, and its code is found.

use super::super::{Check, Report, Rule, Severity, Subject, python};
use crate::cfn::Node;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "function-code",
    severity: Severity::Error,
    what: "A function's runtime can still be created, and its handler is in its code.",
    why: "Lambda refuses the function, or fails at its first call.",
    fix: "name a runtime that Lambda supports; code that stands in the template is the file `index`",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    check: Check::Template(check),
};

/// How many bytes all variables of a function take together.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const VARIABLES: usize = 4096;

/// When Lambda stopped, or stops, to create functions of a runtime, and the day of the list.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Runtimes {
    as_of: String,
    create_block: BTreeMap<String, String>,
}

/// Whether Lambda creates no functions of a runtime any more, on the day of AWS's list.
fn is_ended(runtime: &str) -> bool {
    static LIST: LazyLock<Option<Runtimes>> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../vendor/lambda-runtimes.json")).ok()
    });
    LIST.as_ref().is_some_and(|list| {
        let ended = list.create_block.get(runtime);
        ended.is_some_and(|ended| *ended <= list.as_of)
    })
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Lambda::Function") {
        let runtime = view.text(&["Runtime"]).unwrap_or_default();
        if is_ended(&runtime) {
            let message = format!("Lambda creates no functions of `{runtime}` any more");
            report.at(view.path(&["Runtime"]), message);
        }
        let variables = view
            .get(&["Environment", "Variables"])
            .and_then(Node::as_map);
        // What isn't known yet takes some room too: it is left out.
        let room: usize = variables
            .into_iter()
            .flatten()
            .map(|(name, value)| name.len() + value.scalar_text().map_or(0, |text| text.len()))
            .sum();
        if room > VARIABLES {
            let message = format!("the variables take {room} bytes; Lambda takes {VARIABLES}");
            report.at(view.path(&["Environment", "Variables"]), message);
        }
        for name in variables.into_iter().flat_map(|variables| variables.keys()) {
            if !is_variable(name) {
                let at = view.path(&["Environment", "Variables", name]);
                report.at(
                    at,
                    format!("`{name}`: a variable is a letter, then letters, digits and `_`"),
                );
            }
        }
        let Some(code) = view.get(&["Code", "ZipFile"]) else {
            continue;
        };
        let Some(handler) = view.text(&["Handler"]) else {
            continue;
        };
        let at = view.path(&["Handler"]);
        let Some((file, name)) = handler.split_once('.') else {
            report.at(
                at,
                format!("`{handler}` names no function in a file: `index.handler`"),
            );
            continue;
        };
        if file != "index" {
            let message = format!("`{handler}`: code in a template is the file `index`");
            report.at(at, message);
            continue;
        }
        let text = match code {
            Node::String(text) => text.as_str(),
            _ => continue,
        };
        let last = name.rsplit('.').next().unwrap_or(name);
        if runtime.starts_with("python") {
            if let Some((line, why)) = python::fault(text) {
                let message = format!("no Python reads line {line} of the code: {why}");
                let shown = text.lines().nth(line - 1).unwrap_or_default();
                report.line(view.path(&["Code", "ZipFile"]), shown, message);
                continue;
            }
            if let Some(names) = python::names(text)
                && !names.iter().any(|known| known == last)
            {
                report.at(at, format!("the code has no `{last}`"));
            }
        } else if !holds_word(text, last) {
            // A name that stands nowhere in the code can't be found there.
            report.at(at, format!("the code has no `{last}`"));
        }
    }
}

/// Whether a text holds a word, and not as a part of a longer one.
fn holds_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Whether Lambda takes the name of a variable.
fn is_variable(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() > 1
        && name.bytes().all(is_plain)
        || name.starts_with("Fn::")
}
