//! The page of beliefs about AWS: what rehearsals go by, and what of it a real launch has proved.

use super::behaviours::Behaviours;
use super::fact::Proof;
use std::fmt::Write as _;

/// Every belief in Markdown, those that nobody has proved first.
pub fn facts_page(behaviours: &Behaviours) -> String {
    let facts = &behaviours.facts;
    let proved = facts.iter().filter(|fact| fact.proved.is_some()).count();
    let mut out = format!(
        "<!-- Generated from {} by `cargo xtask generate`. Do not edit. -->\n\n# What is believed about AWS\n\nRehearsals go by these beliefs, and by AWS's own schemas. {proved} of {} are proved by a launch in a real account; the others rest on the page that is named.\n\n| belief | source | proved |\n|---|---|---|\n",
        super::BEHAVIOURS,
        facts.len()
    );
    let mut sorted: Vec<_> = facts.iter().collect();
    sorted.sort_by_key(|fact| (fact.proved.is_some(), fact.id.as_str()));
    for fact in sorted {
        let proof = match &fact.proved {
            Some(Proof { environment, on }) => format!("{environment}, {on}"),
            None => "nowhere yet".to_owned(),
        };
        let _ = writeln!(
            out,
            "| {} | [{}]({}) | {proof} |",
            fact.says.replace('|', "\\|"),
            fact.id,
            fact.source
        );
    }
    out
}
