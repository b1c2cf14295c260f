//! The command line: the same grammar as `cargo xtask`, of which this program is a part.

use crate::desire::{Repository, destination};
use crate::failure::Failure;
use crate::local;
use crate::read::{Hints, observe};
use crate::run::{Approval, End, Publish, as_desired};
use crate::session::Session;
use crate::terminal::Terminal;
use compute_catalog::publish::{Desired, Options, Plan, PlanFile, plan};
use local_aws::Server;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use xtask::cli::{Command, EnvironmentArgs, Format, InsistArgs, PlanArgs, PublishArgs};

/// Runs a command that needs AWS.
///
/// # Errors
/// What the command can't do, with its exit code.
pub async fn run(command: &Command, folder: &Path) -> Result<ExitCode, Failure> {
    let repository = Repository::read(folder)?;
    match command {
        Command::Plan(args) => show_plan(&repository, args).await,
        Command::Publish(args) => publish(&repository, args).await,
        _ => Err(
            Failure::input("this program carries out `plan` and `publish`")
                .hint("run `cargo xtask --help`"),
        ),
    }
}

/// An environment, opened.
struct Opened {
    session: Session,
    desired: Desired,
    /// Kept running as long as the session is used.
    _server: Option<Server>,
}

async fn open(repository: &Repository, args: &EnvironmentArgs) -> Result<Opened, Failure> {
    let environment = repository.environment(&args.env)?;
    let desired = repository.desired(&args.env)?;
    let is_built_in = environment.local && args.endpoint_url.is_none();
    let server = if is_built_in {
        let account = environment.account.as_str();
        Some(local::start(
            repository.root(),
            account,
            &environment.region,
        )?)
    } else {
        None
    };
    let endpoint = match &server {
        Some(server) => Some(server.endpoint().to_owned()),
        None => args.endpoint_url.clone(),
    };
    let session = Session::open(&destination(&args.env, environment, endpoint)?).await?;
    Ok(Opened {
        session,
        desired,
        _server: server,
    })
}

fn options(args: &InsistArgs) -> Options {
    Options {
        force: args.force,
        insist: args.insist,
    }
}

async fn show_plan(repository: &Repository, args: &PlanArgs) -> Result<ExitCode, Failure> {
    let opened = open(repository, &args.environment).await?;
    let hints = Hints {
        usage: true,
        ..Hints::default()
    };
    let observed = observe(&opened.session, &opened.desired, &hints).await?;
    let plan = plan(&opened.desired, &observed, options(&args.insist));
    let file = PlanFile::from(&plan);
    match args.format {
        Format::Text => print(&format!("{plan}\n"))?,
        Format::Json => print(&file.to_text())?,
    }
    if let Some(path) = &args.out {
        std::fs::write(path, file.to_text()).map_err(|error| {
            Failure::input(format!("cannot write the plan to {}", path.display())).because(error)
        })?;
    }
    let has_something = !plan.is_empty() && args.detailed_exit;
    Ok(if has_something || !plan.blockers.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn publish(repository: &Repository, args: &PublishArgs) -> Result<ExitCode, Failure> {
    let reviewed = args.plan.as_deref().map(read_plan).transpose()?;
    let opened = open(repository, &args.environment).await?;
    let is_local = repository.environment(&args.environment.env)?.local;
    let may_ask = !is_local && !args.yes;
    let ask = |plan: &Plan| {
        print(&format!("{plan}\n"))?;
        if plan.steps.is_empty() || !may_ask {
            return Ok(true);
        }
        confirm(plan)
    };
    let approval = match &reviewed {
        Some(file) => Approval::Reviewed(file),
        None => Approval::Ask(&ask),
    };
    let terminal = Terminal::stderr();
    let stop = stop_on_interrupt(terminal);
    let folder = repository
        .root()
        .join("target/publish")
        .join(args.environment.env.as_str());
    let end = Publish {
        session: &opened.session,
        desired: &opened.desired,
        options: options(&args.insist),
        wish: &as_desired,
        approval,
        break_lock: args.break_lock,
        folder: &folder,
        terminal: &terminal,
        stop: &stop,
    }
    .run()
    .await?;
    report(end, &opened, &folder, is_local)
}

fn report(end: End, opened: &Opened, folder: &Path, is_local: bool) -> Result<ExitCode, Failure> {
    match end {
        End::Nothing => {}
        End::Declined => print("Nothing was changed.\n")?,
        End::Verified(steps) => {
            print(&format!(
                "\n{steps} steps done and verified: account {} is as the catalog says.\n",
                opened.desired.account
            ))?;
            print(&format!(
                "  receipt: {}\n",
                folder.join("receipt.json").display()
            ))?;
            let place = if is_local {
                "the local AWS; its state is under target/local-aws".to_owned()
            } else {
                let region = &opened.session.region;
                format!(
                    "https://{region}.console.aws.amazon.com/servicecatalog/home?region={region}#admin-products"
                )
            };
            print(&format!("  look at: {place}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read_plan(path: &Path) -> Result<PlanFile, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("the plan {name} can't be read")).because(error))?;
    PlanFile::read(&text).map_err(|error| {
        Failure::input(format!("the plan {name} can't be used"))
            .because(&error)
            .hint(error.hint())
    })
}

fn confirm(plan: &Plan) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(
            Failure::input("there is nobody to ask whether to carry this out")
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
        .map_err(|error| Failure::input("the answer can't be read").because(error))?;
    Ok(answer.trim() == "yes")
}

/// ^C asks to stop: the step in hand is finished. A second one ends the process at once.
fn stop_on_interrupt(terminal: Terminal) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
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

/// Standard output, without a panic when nobody reads it.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new("cannot write to standard output").because(error))
}
