//! `function-code`: a function can be created, and its code is found.

use super::super::scripts::holds_word;
use super::super::{Check, Report, Rule, Severity, Subject, View, python};
use crate::cfn::text::is_left_out;
use crate::cfn::{Intrinsic, Node};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "function-code",
    severity: Severity::Error,
    what: "A function's runtime can still be created, its handler is in its code, and it has the variables that the code reads.",
    why: "Lambda refuses the function, or fails at its first call.",
    fix: "correct the code, or name a runtime that Lambda supports; code that stands in the template is the file `index`; set under `Environment` what it reads",
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
                report.numbered(None, view.path(&["Code", "ZipFile"]), (text, line), message);
                continue;
            }
            read_variables(subject, &view, text, report);
            if let Some(names) = python::names(text)
                && !names.iter().any(|known| known == last)
            {
                report.at(at, format!("the code has no `{last}`"));
            }
        } else if !holds_word(text, last, '$') {
            // A name that stands nowhere in the code can't be found there.
            report.at(at, format!("the code has no `{last}`"));
        }
    }
}

/// Reports what Python reads and the function doesn't have.
fn read_variables(subject: &Subject<'_>, view: &View<'_>, text: &str, report: &mut Report) {
    // Greengrass runs functions with variables of its own.
    let mut kinds = subject.template.resources.values().map(|one| &one.kind);
    if kinds.any(|kind| kind.starts_with("AWS::Greengrass")) {
        return;
    }
    let environment = view.get(&["Environment"]);
    for (line, name) in python::variables(text) {
        if let Some(why) = lacks(environment, name) {
            let message = format!("line {line} reads the variable `{name}`, {why}");
            report.numbered(None, view.path(&["Code", "ZipFile"]), (text, line), message);
        }
    }
}

/// Why a variable isn't there, or not always; nothing where it is, or where nobody knows.
fn lacks(environment: Option<&Node>, name: &str) -> Option<String> {
    if OF_LAMBDA.contains(&name) || name.starts_with("AWS_") || name.starts_with('_') {
        return None;
    }
    let set = match environment.map(|node| node.get("Variables")) {
        None => None,
        Some(Some(variables)) => variables.as_map()?.get(name),
        // The whole may come of a function.
        Some(None) if environment?.as_intrinsic().is_some() => return None,
        Some(None) => None,
    };
    let Some(value) = set else {
        return Some("which the function doesn't have".to_owned());
    };
    let Some(Intrinsic::If {
        condition,
        then,
        otherwise,
    }) = value.as_intrinsic()
    else {
        return None;
    };
    match (is_left_out(then), is_left_out(otherwise)) {
        (true, _) => Some(format!(
            "which isn't there under the condition `{condition}`"
        )),
        (_, true) => Some(format!(
            "which is there under the condition `{condition}` only"
        )),
        _ => None,
    }
}

/// What Lambda sets itself, beside what begins with `AWS_` or `_`.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
const OF_LAMBDA: [&str; 7] = [
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONPATH",
    "TZ",
];

/// Whether Lambda takes the name of a variable.
fn is_variable(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() > 1
        && name.bytes().all(is_plain)
        || name.starts_with("Fn::")
}
