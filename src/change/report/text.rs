//! The report for a terminal.

use super::details::details;
use super::{Report, Topic, line, role_lines};
use std::fmt::Write as _;

/// The report for a terminal.
pub fn text(report: &Report) -> String {
    let mut out = format!("{} against {}\n", report.product, report.base);
    if report.changes.is_empty() {
        out.push_str("  nothing changes\n");
        return out;
    }
    for one in &report.unread {
        let _ = writeln!(out, "  not known: {one}");
    }
    let versions = report.from_versions();
    for (versions, sentence) in &versions {
        match versions.is_empty() {
            true => {
                let _ = writeln!(out, "  {sentence}");
            }
            false => {
                let _ = writeln!(out, "  from {versions}: {sentence}");
            }
        }
    }
    if versions.is_empty() && report.topic != Topic::Stack {
        let _ = writeln!(out, "  {}", report.verdict.sentence);
    }
    if report.topic == Topic::Product {
        let _ = writeln!(out, "  requires a {} release", report.verdict.bump);
    }
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
    let roles = role_lines(&report.roles);
    if !roles.is_empty() {
        out.push_str("\n  what roles may do\n");
        for one in roles {
            let _ = writeln!(out, "    {one}");
        }
    }
    if !report.cost.is_empty() {
        out.push_str("\n  what it costs\n");
        for one in &report.cost {
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
