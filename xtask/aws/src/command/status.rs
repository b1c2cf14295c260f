//! `status`: what is live, who uses it, what has drifted; across environments, who lacks what.

use super::environment_session::{EnvironmentSession, Proven, labelled};
use crate::command_error::CommandError;
use crate::read::{Hints, Usage, drift, observe};
use crate::repository::Repository;
use compute_catalog::publish::{Status, lacks};
use xtask::cli::{Format, StatusArgs};
use xtask::console::{painted, print_text, waiting};
use xtask::document;

pub(super) async fn run(repository: &Repository, args: &StatusArgs) -> Result<bool, CommandError> {
    let mut statuses = Vec::new();
    for key in &args.environment.environments {
        let waiting = waiting("Reading the account.");
        let opened =
            EnvironmentSession::new(repository, key, &args.environment, Proven::Unasked).await?;
        let hints = Hints {
            usage: Usage::All,
            ..Hints::default()
        };
        let mut observed = observe(&opened.session, &opened.desired, &hints).await?;
        let drifted = drift::read(&opened.session, &observed.stacks).await?;
        drop(waiting);
        // What CloudFormation has found before is of no account beside what it finds now.
        for stack in observed.stacks.values_mut() {
            stack.has_drifted = false;
        }
        let keys = repository.keys(&args.keys)?;
        let status = Status::of(&opened.desired, &observed, &drifted);
        statuses.push(if keys.is_empty() {
            status
        } else {
            status.only(&keys)
        });
    }
    let is_well = statuses.iter().all(|status| status.drift.is_empty());
    match args.format {
        Format::Json => {
            let by_environment = statuses
                .into_iter()
                .map(|status| (status.environment.clone(), status));
            document::print("status", &labelled(by_environment.collect()))?;
        }
        Format::Text => {
            for status in &statuses {
                print_text(&painted(&format!("{status}\n\n")))?;
            }
            for line in repository.unreleased() {
                print_text(&format!("{line}\n"))?;
            }
            for (who, product, version, other) in lacks(&statuses) {
                print_text(&format!(
                    "{who} lacks {product} {version}, which {other} has\n"
                ))?;
            }
        }
    }
    Ok(is_well)
}
