//! `external-artifact`: an engine can read the files of a product that it makes.

use super::super::{Check, Finding, Rule, Severity};
use super::secret_text::secrets;
use crate::cfn::Path;
use crate::product::{ArtifactFile, FileKind, Key};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "external-artifact",
    severity: Severity::Error,
    what: "The files of an EXTERNAL product make an archive that is the same on every machine and that its engine can read.",
    why: "Service Catalog stores an archive and doesn't look into it: what is wrong there fails at the first launch, and what doesn't belong there reaches everybody who may launch.",
    fix: "mend the files below `artifact/`",
    source: "https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-parameters",
    check: Check::Own,
};

/// Bytes that the files have together at most. It is a limit of ours: every version is kept in git.
/// No page of AWS names one.
const LARGEST: usize = 4 * 1024 * 1024;

/// What is wrong with the files of a product; `reads` are the endings of those that its engine reads.
pub(in crate::check) fn check(
    product: &Key,
    files: &[ArtifactFile],
    reads: &[String],
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |path: &str, message: String, hint: &str| {
        let path = match path {
            "" => "artifact".to_owned(),
            _ => format!("artifact/{path}"),
        };
        found.push(Finding {
            hint: hint.to_owned(),
            ..RULE.finding(product.as_str(), Path::of([path]), message)
        });
    };
    for file in files {
        let path = file.path.as_str();
        match file.kind {
            FileKind::Link => add(
                path,
                "it is a link: what it leads to is another thing on another machine, or nothing"
                    .to_owned(),
                "put the file itself there",
            ),
            FileKind::Special => add(
                path,
                "it is no file".to_owned(),
                "take it out: an archive holds files",
            ),
            FileKind::Plain | FileKind::Program => {
                if let Some(what) = of_a_run(path) {
                    add(
                        path,
                        format!("it is {what}"),
                        "take it out, and keep it out of git",
                    );
                }
            }
        }
        let text = str::from_utf8(&file.bytes).unwrap_or_default();
        for (line, what) in secrets(text) {
            add(
                path,
                format!(
                    "line {line} holds {what}: whoever may launch or read the repository has it"
                ),
                "fetch it from Secrets Manager where it is used",
            );
        }
        if !is_portable(path) {
            add(
                path,
                "its name isn't the same everywhere".to_owned(),
                "write names in letters, digits and any of -._, at most 200 of them in a path",
            );
        }
    }
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    if size > LARGEST {
        add(
            "",
            format!(
                "its files have {size} bytes together, and {LARGEST} are the most that is kept of a version"
            ),
            "leave out what the engine can fetch, such as providers and modules of others",
        );
    }
    let is_read = |file: &ArtifactFile| {
        let is_at_root = !file.path.contains('/');
        is_at_root
            && reads
                .iter()
                .any(|ending| file.path.ends_with(ending.as_str()))
    };
    if files.is_empty() {
        let hint = "put what the engine reads there";
        add("", "there is no file".to_owned(), hint);
    } else if !files.iter().any(is_read) {
        add(
            "",
            format!(
                "no file ends with {}: that is what the engine reads, at the root of the archive",
                reads.join(" or ")
            ),
            "put it directly below `artifact/`, or say under `externalEngine` of the foundation file what the engine reads",
        );
    }
    found.sort();
    found
}

/// What somebody's own run has left, by its name.
/// <https://developer.hashicorp.com/terraform/language/state/sensitive-data>
fn of_a_run(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if path.split('/').any(|part| part == ".terraform") {
        return Some("what `terraform init` has fetched for one machine");
    }
    if name.ends_with(".tfstate") || name.contains(".tfstate.") {
        return Some("the state of somebody's own run, with every secret of it");
    }
    if path.split('/').any(|part| part == ".git") || name == ".DS_Store" {
        return Some("of this machine");
    }
    None
}

fn is_portable(path: &str) -> bool {
    let is_taken = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    path.len() <= 200 && path.chars().all(is_taken)
}
