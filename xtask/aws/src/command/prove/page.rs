//! `docs/proven.md`: what real launches have proved, run by run, the newest first.

use super::{Proved, said};
use compute_catalog::rehearsal::Fact;
use std::fmt::Write as _;

/// How the page begins.
const HEAD: &str = "\
# What launches have proved

Written by `cargo xtask prove`, the newest run first; `docs/first-launch.md` says how. Beside a fact that a
run in an account has shown, write `proved: { environment: …, on: … }` into
`src/rehearsal/behaviours.yaml`: the page of facts and README count it.
";

/// What stands there before the first run.
const NONE: &str = "\nNone: nothing was launched in an account yet.\n";

/// Where and when a run was.
pub(super) struct Run<'a> {
    pub environment: &'a str,
    pub account: &'a str,
    /// It was AWS itself: otherwise a local AWS stood for the account.
    pub is_aws: bool,
    pub who: &'a str,
    /// `2026-11-28`
    pub day: &'a str,
}

/// The page, with a run put before those that it has.
pub(super) fn page(former: &str, run: &Run<'_>, products: &[Proved], facts: &[Fact]) -> String {
    // Whatever else stands there is somebody's, and stays.
    let runs = former.strip_prefix(HEAD).unwrap_or(former);
    let runs = runs.strip_prefix(NONE).unwrap_or(runs);
    format!("{HEAD}{}{runs}", section(run, products, facts))
}

fn section(run: &Run<'_>, products: &[Proved], facts: &[Fact]) -> String {
    let Run {
        environment,
        account,
        is_aws,
        who,
        day,
    } = run;
    let mut out = match is_aws {
        true => format!("\n## {day}: {environment}, account {account}\n"),
        false => format!(
            "\n## {day}: a local AWS that stands for {environment}\n\nThis was no account of AWS: it shows how a run goes, and proves nothing about AWS.\n"
        ),
    };
    let _ = writeln!(
        out,
        "\nLaunched as {who}.\n\n| product | version | launched | used | ended |\n|---|---|---|---|---|"
    );
    for one in products {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            one.product,
            one.version,
            outcome(&one.launched),
            cell(&one.used.join("; ")),
            outcome(&one.ended)
        );
    }
    let shown = |fact: &Fact| -> Vec<&str> {
        let by = products.iter().filter(|one| fact.is_shown(&one.events));
        by.map(|one| one.product.as_str()).collect()
    };
    let title = match is_aws {
        true => "Facts that this has shown",
        false => "Facts that such a run would show in AWS",
    };
    let _ = writeln!(out, "\n### {title}\n");
    let mut is_any = false;
    for fact in facts {
        let by = shown(fact);
        if !by.is_empty() {
            is_any = true;
            let why: Vec<&str> = fact
                .shown_by
                .iter()
                .map(|one| one.because.as_str())
                .collect();
            let _ = writeln!(
                out,
                "- `{}`: {} Shown by {}: {}.",
                fact.id,
                fact.says,
                by.join(", "),
                why.join("; ")
            );
        }
    }
    if !is_any {
        let _ = writeln!(out, "None.");
    }
    let kept: Vec<&String> = products.iter().flat_map(|one| &one.kept).collect();
    if !kept.is_empty() {
        let _ = writeln!(
            out,
            "\n### Left in the account, as the templates say\n\nDelete by hand what nobody needs.\n"
        );
        for one in kept {
            let _ = writeln!(out, "- {one}");
        }
    }
    out
}

/// Markdown's tables end a cell at a bar, and at the end of a line.
fn outcome(outcome: &Result<String, String>) -> String {
    cell(&said(outcome))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use compute_catalog::rehearsal::Behaviours;

    /// As it stands in this repository.
    const HERE: &str = include_str!("../../../../../docs/proven.md");

    fn run(day: &str) -> Run<'_> {
        Run {
            environment: "develop",
            account: "123456789012",
            is_aws: true,
            who: "somebody",
            day,
        }
    }

    #[test]
    fn a_fact_counts_as_proved_only_where_a_run_in_an_account_stands_on_the_page() {
        assert!(HERE.starts_with(HEAD), "written by another version: {HERE}");
        let facts = &Behaviours::known().unwrap().facts;
        for fact in facts {
            let Some(proof) = &fact.proved else { continue };
            let title = format!("## {}: {}, account ", proof.on, proof.environment);
            let shown = HERE.split("\n## ").any(|one| {
                format!("## {one}").starts_with(&title)
                    && one.contains(&format!("- `{}`: ", fact.id))
            });
            assert!(shown, "{}: no run of {title} shows it", fact.id);
        }
    }

    #[test]
    fn runs_stand_one_above_the_other_and_nothing_written_is_lost() {
        let before = format!("{HEAD}{NONE}");
        let one = page(&before, &run("2026-11-28"), &[], &[]);
        assert!(!one.contains(NONE), "{one}");
        let two = page(&one, &run("2026-11-29"), &[], &[]);
        let place = |day: &str| two.find(day).unwrap();
        assert!(place("2026-11-29") < place("2026-11-28"), "{two}");
        assert_eq!(two.matches(HEAD).count(), 1);
        let foreign = page("Somebody's notes.\n", &run("2026-11-29"), &[], &[]);
        assert!(foreign.ends_with("Somebody's notes.\n"), "{foreign}");
    }
}
