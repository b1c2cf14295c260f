//! The reports as a comment on a pull request.

use super::details::details;
use super::{Report, Topic, line, role_lines};
use crate::change::{Effect, Grant, RoleChange, edits};
use std::fmt::Write as _;

/// The reports as one pull-request comment in GitHub's Markdown, in the order in which they are given.
/// `lost` is what communities can no longer launch, one sentence each.
pub fn markdown(reports: &[Report], lost: &[String]) -> String {
    let mut out = String::from("## What this does to running products\n\n");
    let changed: Vec<&Report> = reports
        .iter()
        .filter(|report| !report.changes.is_empty())
        .collect();
    if changed.is_empty() {
        out.push_str("Nothing: no template changes.\n");
        return out;
    }
    let (products, stacks): (Vec<&Report>, Vec<&Report>) = changed
        .iter()
        .partition(|report| report.topic == Topic::Product);
    for one in lost {
        let _ = writeln!(out, "**{}**\n", escape(one));
    }
    if !products.is_empty() {
        out.push_str("| product | against | an update | release |\n|---|---|---|---|\n");
    }
    for report in &products {
        let _ = writeln!(
            out,
            "| {} | {} | {} {} | {} |",
            cell(&report.product),
            cell(&report.base),
            mark(report.worst()),
            told(report),
            report.verdict.bump
        );
    }
    if !stacks.is_empty() {
        if !products.is_empty() {
            out.push('\n');
        }
        out.push_str("| stack | against | worst | roles |\n|---|---|---|---|\n");
    }
    for report in &stacks {
        let _ = writeln!(
            out,
            "| {} | {} | {} {} | {} |",
            cell(&report.product),
            cell(&report.base),
            mark(report.impact.worst()),
            report.impact.worst(),
            roles(report)
        );
    }
    for report in products.into_iter().chain(stacks) {
        let _ = writeln!(out, "\n### {}\n", report.product);
        for one in &report.unread {
            let _ = writeln!(out, "- not known: {}", escape(one));
        }
        let edits = edits(&report.changes);
        if !edits.is_empty() {
            out.push_str("**What was edited**\n\n");
            for edit in &edits {
                let _ = writeln!(out, "- {}", escape(&edit.to_string()));
            }
            out.push('\n');
        }
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
        let roles = role_lines(&report.roles);
        if !roles.is_empty() {
            out.push_str("\n**What roles may do**\n\n");
            for one in roles {
                let _ = writeln!(out, "- {}", escape(&one));
            }
        }
        if !report.cost.is_empty() {
            out.push_str("\n**What it costs**\n\n");
            for one in &report.cost {
                let _ = writeln!(out, "- {}", escape(one));
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

/// What an update does, by the versions from which it does it.
fn told(report: &Report) -> String {
    let versions = report.from_versions();
    let line = |(versions, sentence): &(String, String)| match versions.is_empty() {
        true => cell(sentence),
        false => format!("from {versions}: {}", cell(sentence)),
    };
    match versions.is_empty() {
        true => cell(&report.verdict.sentence),
        false => versions.iter().map(line).collect::<Vec<_>>().join("<br>"),
    }
}

/// How many actions a change grants and takes.
fn roles(report: &Report) -> String {
    let count = |grants: fn(&RoleChange) -> &Vec<Grant>| -> usize {
        let grants = report.roles.iter().flat_map(grants);
        grants.map(|grant| grant.actions.len()).sum()
    };
    match (count(|role| &role.granted), count(|role| &role.removed)) {
        (0, 0) => "unchanged".to_owned(),
        (granted, removed) => format!("{granted} granted, {removed} taken"),
    }
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
