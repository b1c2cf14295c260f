//! `pinned-download`: what is downloaded at boot is one version, and is checked before it runs.

use super::super::scripts::places;
use super::super::{Check, Report, Rule, Severity, Subject};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "pinned-download",
    severity: Severity::Error,
    what: "What is downloaded at boot is one version, and is checked before it runs.",
    why: "Whoever can change the file runs it on every new machine.",
    fix: "name a version in the URL and compare a digest; save first, run then",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_compute_vulnerability_management.html",
    check: Check::Template(check),
};

/// Parts of a URL that say that its content changes. Instance metadata is no download.
const MOVING: [&str; 5] = [
    "/master/",
    "/main/",
    "/nightly/",
    "releases/latest",
    "-latest.",
];

/// What fetches a file.
const FETCHES: [&str; 4] = ["curl ", "wget ", "Invoke-WebRequest", "iwr "];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for script in &subject.scripts {
        // Most scripts hold none of what is looked for: they aren't read line by line.
        let holds = |part: &&str| script.text.contains(part);
        let (fetches, moves) = (FETCHES.iter().any(holds), MOVING.iter().any(holds));
        if !fetches && !moves {
            continue;
        }
        for line in script.lines() {
            if fetches && runs_unseen(line) {
                let message = format!("what is downloaded runs unseen: {}", line.trim());
                report.line(script.at.clone(), line, message);
            }
            for url in moves.then(|| urls(line)).into_iter().flatten() {
                if MOVING.iter().any(|part| url.contains(part)) {
                    let message = format!("{url} is whatever is newest");
                    report.line(script.at.clone(), line, message);
                }
            }
        }
    }
}

/// Whether a line fetches something and hands it to what runs it.
fn runs_unseen(line: &str) -> bool {
    let piped = line.split_once('|').map(|(_, rest)| rest.trim_start());
    let runs = piped.is_some_and(|rest| {
        let first = rest.trim_start_matches("sudo ").split_whitespace().next();
        matches!(
            first,
            Some("sh" | "bash" | "python" | "python3" | "iex" | "Invoke-Expression")
        )
    });
    runs && FETCHES.iter().any(|word| line.contains(word))
}

fn urls(line: &str) -> impl Iterator<Item = &str> {
    places(line, "http").filter_map(|at| {
        let rest = &line[at..];
        let is_url = rest.starts_with("https://") || rest.starts_with("http://");
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '|' | ')' | ';'));
        is_url.then(|| &rest[..end.unwrap_or(rest.len())])
    })
}
