//! `preflight`: everything that would keep the catalog from working in an account, at once.

use super::environment_session::{EnvironmentSession, Proven, labelled};
use crate::command_error::CommandError;
use crate::read::inspect::inspect;
use crate::repository::Repository;
use crate::terminal::Terminal;
use compute_catalog::environment::environment_path;
use compute_catalog::product::Key;
use compute_catalog::publish::{Blocker, Subject};
use compute_catalog::yaml::InputError;
use std::path::Path;
use xtask::cli::{Format, PreflightArgs};
use xtask::console::{painted, print, print_text, waiting};
use xtask::diagnostic;
use xtask::document;

pub(super) async fn run(
    repository: &Repository,
    args: &PreflightArgs,
) -> Result<bool, CommandError> {
    let mut all = Vec::new();
    for key in &args.environment.environments {
        let waiting = waiting("Reading the account.");
        let opened =
            EnvironmentSession::new(repository, key, &args.environment, Proven::Unasked).await?;
        let session = &opened.session;
        let own_exports = repository.own_exports();
        let inspection = opened.inspection(repository, &own_exports);
        let inspected = inspect(session, &inspection).await?;
        let findings = inspection.findings(&inspected);
        drop(waiting);
        for line in inspection.unknown(&inspected) {
            Terminal::stderr().say(&format!("Not looked up: {line}"));
        }
        if args.format == Format::Text {
            let (account, caller) = (&session.account, &session.caller);
            print(&format!("{key} (account {account}, as {caller})\n"))?;
            for finding in &findings {
                print_text(&format!("{}\n", told(finding, key, repository.root())))?;
            }
            print(&match findings.len() {
                0 => "Nothing keeps the catalog from working here.\n".to_owned(),
                1 => "1 finding\n".to_owned(),
                count => format!("{count} findings\n"),
            })?;
        }
        all.push((key.clone(), findings));
    }
    let is_well = all.iter().all(|(_, findings)| findings.is_empty());
    if args.format == Format::Json {
        document::print("preflight", &labelled(all))?;
    }
    Ok(is_well)
}

/// A finding, with its line where the environment's file names what it is about.
fn told(finding: &Blocker, environment: &Key, root: &Path) -> String {
    match finding.on {
        Subject::Export { at: Some(at), .. } => {
            let mistake = InputError {
                file: environment_path(environment),
                at,
                message: format!("{}: {}", finding.on, finding.message),
                hint: Some(finding.hint.clone()),
            };
            diagnostic::of_input(&mistake, root)
        }
        _ => painted(&finding.to_string()),
    }
}
