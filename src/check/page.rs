//! The rules page: every rule, written from the rules themselves.

use super::Rule;
use crate::cfn::Suppression;
use std::fmt::Write as _;

/// A suppression of the catalog: the product, the logical id, and what is suppressed there.
pub type Suppressed = (String, String, Suppression);

/// The reference of these rules, in Markdown, and what the catalog suppresses of them.
pub fn page(rules: &[Rule], suppressed: &[Suppressed]) -> String {
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
    let _ = write!(
        out,
        "\n# Suppressions\n\n{} in this catalog. One that finds nothing any more is a finding itself.\n\n",
        suppressed.len()
    );
    for (product, id, suppression) in suppressed {
        let Suppression { rule, reason } = suppression;
        let _ = writeln!(out, "- {product}, `{id}`, `{rule}`: {reason}");
    }
    out
}
