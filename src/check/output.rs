//! Findings for other programs: GitHub's annotations, and SARIF for its code scanning.

use super::{Finding, Place, Rule, Severity};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Findings as GitHub's workflow commands, which annotate the lines of a pull request.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>
pub fn github(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        // GitHub's word for a note is notice.
        let level = match finding.severity {
            Severity::Note => "notice".to_owned(),
            severity => severity.to_string(),
        };
        let title = property(&format!("{} [{}]", finding.product, finding.rule));
        // The line that a person edits is annotated: reviewers comment there.
        let (place, made) = match &finding.place {
            None => (String::new(), String::new()),
            Some(place) => match edited(place) {
                Some((file, line)) => (
                    format!("file={},line={line},", property(&file)),
                    format!("\nmakes: {}:{}", place.file, place.line),
                ),
                None => (
                    format!(
                        "file={},line={},col={},",
                        property(&place.file),
                        place.line,
                        place.column
                    ),
                    String::new(),
                ),
            },
        };
        let text = format!(
            "{}: {}{made}\nhint: {}",
            finding.path, finding.message, finding.hint
        );
        let _ = writeln!(out, "::{level} {place}title={title}::{}", message(&text));
    }
    out
}

/// The line that a person edits, where it is another than the one that the finding names.
fn edited(place: &Place) -> Option<(String, usize)> {
    let (file, line) = place.edit.as_ref()?.rsplit_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// Findings as SARIF 2.1.0, with what GitHub's code scanning wants of it: every rule described,
/// every result with a file, a line and a fingerprint that survives moved lines.
/// <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>
pub fn sarif(findings: &[Finding], rules: &[Rule], version: &str) -> Json {
    let descriptors: Vec<Json> = rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.what },
                "fullDescription": { "text": format!("{} {}", rule.what, rule.why) },
                "help": {
                    "text": format!("{} ({})", rule.fix, rule.source),
                    "markdown": format!("{}\n\n[Source]({})", rule.fix, rule.source),
                },
                "helpUri": rule.source,
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<Json> = findings
        .iter()
        .map(|finding| {
            let made = match &finding.place {
                Some(place) => (place.file.clone(), place.line.max(1), place.column.max(1)),
                None if finding.product.contains(['/', '.']) => (finding.product.clone(), 1, 1),
                None => (format!("products/{}/{}", finding.product, finding.path), 1, 1),
            };
            // Code scanning shows a result at its location: where a person edits. What that makes is
            // related to it.
            let edit = finding.place.as_ref().and_then(edited);
            let (file, line, column, related) = match edit {
                Some((file, line)) => {
                    let (made, line_made, column) = made;
                    let related = json!([{
                        "message": { "text": "what is made of it" },
                        "physicalLocation": {
                            "artifactLocation": { "uri": made, "uriBaseId": "%SRCROOT%" },
                            "region": { "startLine": line_made, "startColumn": column },
                        },
                    }]);
                    (file, line, 1, related)
                }
                None => (made.0, made.1, made.2, json!([])),
            };
            let subject = match finding.segments.segments() {
                // A line moves; what is said of it doesn't.
                [] => &finding.message,
                _ => &finding.path,
            };
            json!({
                "ruleId": finding.rule,
                "ruleIndex": rules.iter().position(|rule| rule.id == finding.rule),
                "level": level(finding.severity),
                "message": {
                    "text": format!("{}: {} ({})", finding.path, finding.message, finding.hint),
                },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": file, "uriBaseId": "%SRCROOT%" },
                        "region": { "startLine": line, "startColumn": column },
                    },
                    "logicalLocations": [{ "fullyQualifiedName": format!("{}/{}", finding.product, finding.path) }],
                }],
                "relatedLocations": related,
                "partialFingerprints": {
                    "finding/v1": format!("{}/{}/{subject}", finding.rule, finding.product),
                },
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "compute-catalog", "version": version, "rules": descriptors } },
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository" } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
