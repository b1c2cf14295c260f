//! `plan`: what publish would do.

use super::environment_session::{EnvironmentSession, Proven};
use super::fleet::Sums;
use super::only_one_for;
use crate::command_error::CommandError;
use crate::read::{Hints, Usage, observe};
use crate::repository::Repository;
use crate::terminal::Terminal;
use compute_catalog::publish::{Options, PlanFile, Request};
use serde_json::json;
use xtask::cli::{Format, InsistArgs, PlanArgs};
use xtask::console::{painted, print_text, waiting};
use xtask::document;

pub(super) fn options(args: &InsistArgs) -> Options {
    Options {
        force: args.force,
        insist: args.insist,
    }
}

pub(super) async fn run(repository: &Repository, args: &PlanArgs) -> Result<bool, CommandError> {
    let environments = &args.environment.environments;
    if args.out.is_some() {
        only_one_for("--out", environments.len())?;
    }
    let mut is_well = true;
    let (mut files, mut plans) = (Vec::new(), Vec::new());
    for key in environments {
        let waiting = waiting("Reading the account.");
        let opened = EnvironmentSession::new(
            repository,
            key,
            &args.environment,
            Proven::by(&args.insist, &args.proof),
        )
        .await?;
        let hints = Hints {
            usage: Usage::All,
            ..Hints::default()
        };
        let observed = observe(&opened.session, &opened.desired, &hints).await?;
        drop(waiting);
        let keys = repository.keys(&args.keys)?;
        let request = Request::Publish(keys);
        let goal = request
            .goal(&opened.desired, &observed, None)
            .map_err(|blocker| CommandError::new(blocker.to_string()))?;
        let plan = goal.plan(&opened.desired, &observed, options(&args.insist));
        is_well &= plan.blockers.is_empty() && (plan.is_well() || !args.detailed_exit);
        let sums = Sums::read(repository, key, &opened.session, &opened.desired, &observed).await;
        // A plan whose effect on running products nobody read isn't one to rely on.
        is_well &= sums.is_read();
        if args.format == Format::Text {
            print_text(&painted(&format!(
                "{plan}
"
            )))?;
            print_text(&sums.text())?;
            for line in repository.unreleased() {
                print_text(&format!("{line}\n"))?;
            }
        }
        if let Some(warning) = sums.warning() {
            Terminal::stderr().say(&warning);
        }
        let file = PlanFile::from(&plan);
        plans.push(json!({
            "plan": file,
            "blockers": plan.blockers,
            "left": plan.left,
            "notes": plan.notes,
            "running": sums.json(),
        }));
        files.push(file);
    }
    if args.format == Format::Json {
        document::print("plan", &plans)?;
    }
    if let (Some(path), Some(file)) = (&args.out, files.first()) {
        std::fs::write(path, file.to_text()).map_err(|error| {
            CommandError::input(format!("cannot write the plan to {}", path.display()))
                .because(error)
        })?;
    }
    Ok(is_well)
}
