//! The rules page: every rule, written from the rules themselves.

use super::Rule;
use std::fmt::Write as _;

/// The reference of these rules, in Markdown.
pub fn page(rules: &[Rule]) -> String {
    let mut out = String::from(
        "# Rules\n\n`cargo xtask check` applies these to every product. Where a finding is meant to be, the model says so at the resource, with the rule and the reason: `.suppress(\"rule\", \"reason\")`.\n\n",
    );
    for rule in rules {
        let _ = writeln!(out, "- [`{0}`](#{0}): {1}", rule.id, rule.what);
    }
    for rule in rules {
        let _ = write!(
            out,
            "\n## {}\n\n{} ({})\n\n- **Why:** {}\n- **What to do:** {}\n- **Source:** <{}>\n",
            rule.id, rule.what, rule.severity, rule.why, rule.fix, rule.source
        );
    }
    out
}
