//! `publish` and `rollback`: plan, show, ask, apply, verify.

use super::environment_session::EnvironmentSession;
use super::only_one_for;
use super::plan::options;
use crate::command_error::CommandError;
use crate::goal::Goal;
use crate::repository::Repository;
use crate::run::{Approval, End, Publish};
use crate::terminal::Terminal;
use compute_catalog::product::Key;
use compute_catalog::publish::{Options, Plan, PlanFile};
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xtask::cli::{PublishArgs, RollbackArgs};
use xtask::console::{OutputError, print};

pub(super) async fn run(repository: &Repository, args: &PublishArgs) -> Result<bool, CommandError> {
    let environments = &args.environment.environments;
    if args.plan.is_some() {
        only_one_for("--plan", environments.len())?;
    }
    let reviewed = args.plan.as_deref().map(read_plan).transpose()?;
    let options = options(&args.insist);
    let terminal = Terminal::stderr();
    let stop = stop_on_interrupt(&terminal);
    for key in environments {
        let opened =
            EnvironmentSession::new(repository, key, &args.environment, options.insist).await?;
        let request = PublishRequest {
            goal: Goal::Catalog,
            options,
            reviewed: reviewed.as_ref(),
            yes: args.yes,
            break_lock: args.break_lock,
        };
        if !carry_out(repository, key, &opened, request, (&terminal, &stop)).await? {
            return Ok(true);
        }
    }
    Ok(true)
}

pub(super) async fn roll_back(
    repository: &Repository,
    args: &RollbackArgs,
) -> Result<bool, CommandError> {
    let terminal = Terminal::stderr();
    let stop = stop_on_interrupt(&terminal);
    for key in &args.environment.environments {
        // Nothing new is published: what another environment has proven doesn't matter.
        let opened = EnvironmentSession::new(repository, key, &args.environment, true).await?;
        let request = PublishRequest {
            goal: if args.undo {
                Goal::UndoRollback(&args.key)
            } else {
                Goal::Rollback(&args.key)
            },
            options: Options::default(),
            reviewed: None,
            yes: args.yes,
            break_lock: args.break_lock,
        };
        if !carry_out(repository, key, &opened, request, (&terminal, &stop)).await? {
            return Ok(true);
        }
    }
    Ok(true)
}

/// What a person wants of one environment.
struct PublishRequest<'a> {
    goal: Goal<'a>,
    options: Options,
    reviewed: Option<&'a PlanFile>,
    yes: bool,
    break_lock: bool,
}

/// Answers whether to go on with the next environment.
async fn carry_out(
    repository: &Repository,
    key: &Key,
    opened: &EnvironmentSession<'_>,
    request: PublishRequest<'_>,
    (terminal, stop): (&Terminal, &AtomicBool),
) -> Result<bool, CommandError> {
    let may_ask = !opened.environment.local && !request.yes;
    let ask = |plan: &Plan| {
        print(&format!("{plan}\n"))?;
        if plan.steps.is_empty() || !may_ask {
            return Ok(true);
        }
        confirm(plan)
    };
    let folder = repository.root().join("target/publish").join(key.as_str());
    let end = Publish {
        session: &opened.session,
        desired: &opened.desired,
        options: request.options,
        goal: request.goal,
        approval: request
            .reviewed
            .map_or(Approval::Ask(&ask), Approval::Reviewed),
        break_lock: request.break_lock,
        folder: &folder,
        terminal,
        stop,
    }
    .run()
    .await?;
    report(end, opened, &folder)?;
    Ok(end != End::Declined)
}

fn report(end: End, opened: &EnvironmentSession<'_>, folder: &Path) -> Result<(), OutputError> {
    match end {
        End::Nothing => Ok(()),
        End::Declined => print("Nothing was changed.\n"),
        End::Verified(steps) => {
            let place = if opened.environment.local {
                "the local AWS; its state is under target/local-aws".to_owned()
            } else {
                let region = &opened.session.region;
                format!(
                    "https://{region}.console.aws.amazon.com/servicecatalog/home?region={region}#admin-products"
                )
            };
            print(&format!(
                "\n{steps} steps done and verified in account {}.\n  receipt: {}\n  look at: {place}\n",
                opened.desired.account,
                folder.join("receipt.json").display()
            ))
        }
    }
}

fn read_plan(path: &Path) -> Result<PlanFile, CommandError> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        CommandError::input(format!("the plan {name} can't be read")).because(error)
    })?;
    PlanFile::read(&text).map_err(|error| {
        CommandError::input(format!("the plan {name} can't be used"))
            .because(&error)
            .hint(error.hint())
    })
}

fn confirm(plan: &Plan) -> Result<bool, CommandError> {
    if !std::io::stdin().is_terminal() {
        return Err(
            CommandError::input("there is nobody to ask whether to carry this out")
                .hint("review a plan file and give it with `--plan FILE`, or insist with `--yes`"),
        );
    }
    print(&format!(
        "\nCarry out {} steps in account {}? Only `yes` does: ",
        plan.steps.len(),
        plan.account
    ))?;
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| CommandError::input("the answer can't be read").because(error))?;
    Ok(answer.trim() == "yes")
}

/// ^C asks to stop: the steps in hand are finished. A second one ends the process at once.
fn stop_on_interrupt(terminal: &Terminal) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let (asked, terminal) = (stop.clone(), terminal.clone());
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if asked.swap(true, Ordering::SeqCst) {
                std::process::exit(1);
            }
            terminal.say("\nStopping after the steps in hand; ^C again ends at once.");
        }
    });
    stop
}
