//! The reviewer's report: what changes for whom, impact first, details after it.

use super::{
    Changes, Effect, Fate, Impact, Incompatibility, NamedChange, PropertyChange, Verdict,
    compatibility,
};
use crate::cfn::Node;
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Everything there is to say about a change of one product.
#[derive(Clone, Debug)]
pub struct Report {
    /// The product.
    pub product: String,
    /// What it is compared with.
    pub base: String,
    /// What differs.
    pub changes: Changes,
    /// What that does.
    pub impact: Impact,
    /// What it requires.
    pub verdict: Verdict,
}

impl Report {
    /// The report over two templates.
    pub fn new(
        product: &str,
        base: &str,
        old: &crate::cfn::Template,
        new: &crate::cfn::Template,
    ) -> Report {
        let changes = super::diff(old, new);
        let impact = super::impact(old, new, &changes);
        let verdict = Verdict::measured(&changes, &impact, &[]);
        Report {
            product: product.to_owned(),
            base: base.to_owned(),
            changes,
            impact,
            verdict,
        }
    }

    /// What running products can't carry over.
    pub fn incompatibilities(&self) -> Vec<Incompatibility> {
        compatibility(&self.changes)
    }

    /// The report for programs. The format is stable: fields are added, never changed.
    pub fn json(&self) -> Json {
        let property = |change: &PropertyChange| {
            let cases: Vec<Json> = change
                .cases
                .iter()
                .map(|case| {
                    json!({
                        "old": case.old.as_ref().map(Node::to_json),
                        "new": case.new.as_ref().map(Node::to_json),
                        "when": case.when,
                    })
                })
                .collect();
            json!({ "path": change.path.join("."), "cases": cases })
        };
        let resources: Vec<Json> = self
            .changes
            .resources
            .iter()
            .map(|change| {
                json!({
                    "id": change.id,
                    "type": change.kind,
                    "fate": fate(&change.fate),
                    "properties": change.properties.iter().map(property).collect::<Vec<_>>(),
                    "metadata": change.metadata.iter().map(property).collect::<Vec<_>>(),
                    "attributes": change.attributes,
                })
            })
            .collect();
        let named = |changes: &[NamedChange]| -> Vec<Json> {
            let one =
                |change: &NamedChange| json!({ "name": change.name, "fate": fate(&change.fate) });
            changes.iter().map(one).collect()
        };
        let parameters: Vec<Json> = self
            .changes
            .parameters
            .iter()
            .map(|change| json!({ "name": change.name, "fate": fate(&change.fate) }))
            .collect();
        json!({
            "product": self.product,
            "base": self.base,
            "bump": self.verdict.bump,
            "sentence": self.verdict.sentence,
            "worst": self.impact.worst(),
            "reasons": self.verdict.reasons,
            "impact": self.impact.resources,
            "incompatibilities": self.incompatibilities(),
            "changes": {
                "parameters": parameters,
                "resources": resources,
                "outputs": named(&self.changes.outputs),
                "conditions": named(&self.changes.conditions),
                "mappings": named(&self.changes.mappings),
            },
        })
    }
}

/// The fate as one word, with the old name where there is one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Word<'a> {
    Added,
    Removed,
    Changed,
    RenamedFrom(&'a str),
}

fn fate(fate: &Fate) -> Word<'_> {
    match fate {
        Fate::Added => Word::Added,
        Fate::Removed => Word::Removed,
        Fate::Changed => Word::Changed,
        Fate::Renamed { from } => Word::RenamedFrom(from),
    }
}

fn words(fate: &Fate) -> String {
    match fate {
        Fate::Added => "added".to_owned(),
        Fate::Removed => "removed".to_owned(),
        Fate::Changed => "changed".to_owned(),
        Fate::Renamed { from } => format!("renamed from {from}"),
    }
}

/// The report for a terminal.
pub fn text(report: &Report) -> String {
    let mut out = format!("{} against {}\n", report.product, report.base);
    if report.changes.is_empty() {
        out.push_str("  nothing changes\n");
        return out;
    }
    let _ = writeln!(out, "  {}", report.verdict.sentence);
    let _ = writeln!(out, "  requires a {} release", report.verdict.bump);
    for resource in &report.impact.resources {
        let _ = writeln!(
            out,
            "\n  {}: {} ({})",
            resource.effect, resource.id, resource.kind
        );
        for reason in &resource.reasons {
            let _ = writeln!(out, "    {}", line(reason));
        }
        for data in &resource.data {
            let _ = writeln!(out, "    data: {}: {}", data.what, data.message);
        }
    }
    let broken = report.incompatibilities();
    if !broken.is_empty() {
        out.push_str("\n  what running products chose\n");
        for one in broken {
            let _ = writeln!(out, "    {one}");
        }
    }
    let details = details(&report.changes);
    if !details.is_empty() {
        out.push_str("\n  details\n");
        for one in details {
            let _ = writeln!(out, "    {one}");
        }
    }
    out
}

fn line(reason: &super::Reason) -> String {
    let path = match reason.path.is_empty() {
        true => String::new(),
        false => format!("{}: ", reason.path),
    };
    let when = match reason.when.is_always() {
        true => String::new(),
        false => format!(" (where {})", reason.when),
    };
    format!("{path}{}{when}", reason.why)
}

/// The reports as one pull-request comment in GitHub's Markdown.
pub fn markdown(reports: &[Report]) -> String {
    let mut out = String::from("## What this does to running products\n\n");
    let changed: Vec<&Report> = reports
        .iter()
        .filter(|report| !report.changes.is_empty())
        .collect();
    if changed.is_empty() {
        out.push_str("Nothing: no template changes.\n");
        return out;
    }
    out.push_str("| product | against | an update | release |\n|---|---|---|---|\n");
    for report in &changed {
        let _ = writeln!(
            out,
            "| {} | {} | {} {} | {} |",
            cell(&report.product),
            cell(&report.base),
            mark(report.impact.worst()),
            cell(&report.verdict.sentence),
            report.verdict.bump
        );
    }
    for report in changed {
        let _ = writeln!(out, "\n### {}\n", report.product);
        if !report.impact.resources.is_empty() {
            out.push_str("| effect | resource | by | data |\n|---|---|---|---|\n");
        }
        for resource in &report.impact.resources {
            let reasons: Vec<String> = resource
                .reasons
                .iter()
                .take(3)
                .map(|reason| format!("[{}]({})", cell(&line(reason)), reason.source))
                .collect();
            let data: Vec<String> = resource
                .data
                .iter()
                .map(|data| cell(&format!("{}: {}", data.what, data.message)))
                .collect();
            let _ = writeln!(
                out,
                "| {} {} | `{}` {} | {} | {} |",
                mark(resource.effect),
                resource.effect,
                resource.id,
                cell(&resource.kind),
                reasons.join("<br>"),
                data.join("<br>")
            );
        }
        let broken = report.incompatibilities();
        if !broken.is_empty() {
            out.push_str("\n**What running products chose**\n\n");
            for one in broken {
                let _ = writeln!(out, "- {}", escape(&one.to_string()));
            }
        }
        let details = details(&report.changes);
        let _ = writeln!(
            out,
            "\n<details><summary>{} changes in detail</summary>\n",
            details.len()
        );
        for one in details {
            let _ = writeln!(out, "- {}", escape(&one));
        }
        out.push_str("\n</details>\n");
    }
    out
}

fn mark(effect: Effect) -> &'static str {
    match effect {
        Effect::Fails | Effect::Replaced | Effect::Removed => "🔴",
        Effect::Unknown | Effect::Interrupted => "🟠",
        _ => "🟢",
    }
}

/// Text that stays text in Markdown. What stands in backticks is left alone.
fn escape(text: &str) -> String {
    text.split('`')
        .enumerate()
        .map(|(index, part)| match index % 2 {
            1 => format!("`{part}`"),
            _ => part
                .replace('\\', "\\\\")
                .replace('<', "&lt;")
                .replace('*', "\\*")
                .replace('_', "\\_"),
        })
        .collect()
}

fn cell(text: &str) -> String {
    escape(text).replace('|', "\\|").replace('\n', " ")
}

/// Every change, one line each.
fn details(changes: &Changes) -> Vec<String> {
    let mut lines = Vec::new();
    if changes.description.is_some() {
        lines.push("the template's description changed".to_owned());
    }
    for change in &changes.parameters {
        lines.push(format!(
            "parameter {}: {}",
            change.name,
            words(&change.fate)
        ));
    }
    for change in &changes.resources {
        if !matches!(change.fate, Fate::Changed) {
            lines.push(format!("resource {}: {}", change.id, words(&change.fate)));
        }
        let sections = [
            ("Properties", &change.properties),
            ("Metadata", &change.metadata),
        ];
        for (section, properties) in sections {
            for property in properties {
                for case in &property.cases {
                    let when = match case.when.is_always() {
                        true => String::new(),
                        false => format!(" (where {})", case.when),
                    };
                    lines.push(format!(
                        "{}.{section}.{}: {}{when}",
                        change.id,
                        property.path.join("."),
                        values(case.old.as_ref(), case.new.as_ref())
                    ));
                }
            }
        }
        for attribute in &change.attributes {
            lines.push(format!("{}.{attribute}: changed", change.id));
        }
    }
    let sections = [
        ("output", &changes.outputs),
        ("condition", &changes.conditions),
        ("mapping", &changes.mappings),
    ];
    for (section, changes) in sections {
        for change in changes {
            lines.push(format!(
                "{section} {}: {}",
                change.name,
                words(&change.fate)
            ));
        }
    }
    lines
}

fn values(old: Option<&Node>, new: Option<&Node>) -> String {
    let show = |node: Option<&Node>| node.map_or_else(|| "nothing".to_owned(), excerpt);
    match (old, new) {
        (Some(Node::String(old)), Some(Node::String(new)))
            if old.contains('\n') || new.contains('\n') =>
        {
            lines_of_text(old, new)
        }
        _ => format!("{} → {}", show(old), show(new)),
    }
}

/// A long text is not shown whole: how many of its lines are new, and how many gone.
fn lines_of_text(old: &str, new: &str) -> String {
    let count = |text: &str, other: &str| {
        let others: std::collections::BTreeSet<&str> = other.lines().collect();
        text.lines().filter(|line| !others.contains(line)).count()
    };
    format!("{} lines new, {} gone", count(new, old), count(old, new))
}

fn excerpt(node: &Node) -> String {
    const LENGTH: usize = 80;
    let text = node
        .scalar_text()
        .unwrap_or_else(|| node.to_json().to_string());
    let text = text.replace('`', "'").replace('\n', "⏎");
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
