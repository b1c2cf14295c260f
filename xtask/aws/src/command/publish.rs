//! `publish` and `rollback`: plan, show, ask, apply, verify.

use super::confirm::confirmed;
use super::environment_session::{EnvironmentSession, Proven};
use super::fleet::Sums;
use super::only_one_for;
use super::plan::options;
use crate::command_error::CommandError;
use crate::read::{Hints, observe};
use crate::repository::Repository;
use crate::run::{Approval, End, Publish};
use crate::terminal::Terminal;
use compute_catalog::product::Key;
use compute_catalog::publish::{Options, Plan, PlanFile, Request};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xtask::cli::{ApprovalArgs, EnvironmentArgs, PublishArgs, RollbackArgs, WithdrawArgs};
use xtask::console::{OutputError, painted, print, print_text, waiting};

pub(super) async fn run(repository: &Repository, args: &PublishArgs) -> Result<bool, CommandError> {
    let environments = &args.environment.environments;
    if args.plan.is_some() {
        only_one_for("--plan", environments.len())?;
    }
    let reviewed = args.plan.as_deref().map(read_plan).transpose()?;
    let options = options(&args.insist);
    let terminal = Terminal::stderr();
    let stop = stop_on_interrupt(&terminal);
    let mut is_well = true;
    for key in environments {
        let opened = EnvironmentSession::new(
            repository,
            key,
            &args.environment,
            Proven::by(&args.insist, &args.proof),
        )
        .await?;
        let wish = PublishRequest {
            request: Request::Publish(repository.keys(&args.keys)?),
            options,
            reviewed: reviewed.as_ref(),
            yes: args.yes,
            break_lock: args.break_lock,
            preflight: !args.no_preflight,
        };
        match carry_out(repository, key, &opened, wish, (&terminal, &stop)).await? {
            Some(is_done) => is_well &= is_done,
            None => break,
        }
    }
    Ok(is_well)
}

pub(super) async fn roll_back(
    repository: &Repository,
    args: &RollbackArgs,
) -> Result<bool, CommandError> {
    let product = args.key.clone();
    let request = match args.undo {
        true => Request::UndoRollback(product),
        false => Request::Rollback(product),
    };
    withdrawal(repository, &args.environment, &args.approval, request).await
}

pub(super) async fn withdraw(
    repository: &Repository,
    args: &WithdrawArgs,
) -> Result<bool, CommandError> {
    let (product, version) = (args.key.clone(), args.version);
    let request = match &args.reason {
        _ if args.undo => Request::UndoWithdraw { product, version },
        Some(reason) => Request::Withdraw {
            product,
            version,
            reason: reason.clone(),
        },
        None => {
            return Err(CommandError::input("a version is withdrawn for a reason")
                .hint("give it with `--reason TEXT`: `status` shows it to whoever asks"));
        }
    };
    withdrawal(repository, &args.environment, &args.approval, request).await
}

/// Nothing new is published: what another environment has proven doesn't matter.
async fn withdrawal(
    repository: &Repository,
    environment: &EnvironmentArgs,
    approval: &ApprovalArgs,
    request: Request,
) -> Result<bool, CommandError> {
    let terminal = Terminal::stderr();
    let stop = stop_on_interrupt(&terminal);
    let mut is_well = true;
    for key in &environment.environments {
        let opened = EnvironmentSession::new(repository, key, environment, Proven::Unasked).await?;
        let wish = PublishRequest {
            request: request.clone(),
            options: Options {
                force: approval.force,
                ..Options::default()
            },
            reviewed: None,
            yes: approval.yes,
            break_lock: approval.break_lock,
            preflight: false,
        };
        match carry_out(repository, key, &opened, wish, (&terminal, &stop)).await? {
            Some(is_done) => is_well &= is_done,
            None => break,
        }
    }
    Ok(is_well)
}

/// What a person wants of one environment.
struct PublishRequest<'a> {
    request: Request,
    options: Options,
    reviewed: Option<&'a PlanFile>,
    yes: bool,
    break_lock: bool,
    preflight: bool,
}

/// Answers whether everything was done that was asked for; nothing where it was declined.
async fn carry_out(
    repository: &Repository,
    key: &Key,
    opened: &EnvironmentSession<'_>,
    wish: PublishRequest<'_>,
    (terminal, stop): (&Terminal, &AtomicBool),
) -> Result<Option<bool>, CommandError> {
    let may_ask = !opened.environment.local && !wish.yes;
    let ask = |plan: &Plan| {
        print_text(&painted(&format!("{plan}\n")))?;
        if plan.steps.is_empty() || !may_ask {
            return Ok(true);
        }
        confirm(plan)
    };
    let own_exports = repository.own_exports();
    let inspection = opened.inspection(repository, &own_exports);
    let is_publish = matches!(wish.request, Request::Publish(_));
    let folder = repository.root().join("target/publish").join(key.as_str());
    let end = Publish {
        session: &opened.session,
        desired: &opened.desired,
        options: wish.options,
        request: wish.request,
        approval: wish
            .reviewed
            .map_or(Approval::Ask(&ask), Approval::Reviewed),
        inspection: wish.preflight.then_some(&inspection),
        break_lock: wish.break_lock,
        folder: &folder,
        terminal,
        stop,
    }
    .run()
    .await?;
    report(&end, opened, &folder)?;
    // A version that is withdrawn or rolled back is nothing to update to.
    if is_publish && !matches!(end, End::Declined) {
        tell_running(repository, key, opened, terminal).await?;
    }
    Ok(end.left().map(|left| left.blockers.is_empty()))
}

/// Ends with what an update does to what people run. Where that can't be read, what was published stays
/// published: it is told, and changes nothing about how the publish ended.
async fn tell_running(
    repository: &Repository,
    key: &Key,
    opened: &EnvironmentSession<'_>,
    terminal: &Terminal,
) -> Result<(), OutputError> {
    let (session, desired) = (&opened.session, &opened.desired);
    let waiting = waiting("Reading what people run, and what an update does to it.");
    let sums = match observe(session, desired, &Hints::default()).await {
        Ok(observed) => Sums::read(repository, key, session, desired, &observed).await,
        Err(error) => Sums::unread(key, error),
    };
    drop(waiting);
    print(&sums.text())?;
    if let Some(warning) = sums.warning() {
        terminal.say(&warning);
    }
    Ok(())
}

fn report(end: &End, opened: &EnvironmentSession<'_>, folder: &Path) -> Result<(), OutputError> {
    let (steps, left) = match end {
        // The plan that was shown says it.
        End::Nothing(_) => return Ok(()),
        End::Declined => return print("Nothing was changed.\n"),
        End::Verified(steps, left) => (steps, left),
    };
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
    ))?;
    if !left.is_well() || !left.notes.is_empty() {
        print(&format!("\nWhat is left: {left}\n"))?;
    }
    Ok(())
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
    let question = format!(
        "\nCarry out {} steps in account {}?",
        plan.steps.len(),
        plan.account
    );
    let nobody = CommandError::input("there is nobody to ask whether to carry this out")
        .hint("review a plan file and give it with `--plan FILE`, or insist with `--yes`");
    confirmed(&question, nobody)
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
