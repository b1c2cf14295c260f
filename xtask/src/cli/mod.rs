//! The command line: one grammar for the program and for the publisher it starts.

mod account;
mod catalog;
mod diff;
mod machine;
mod start;
mod vendor;

pub use account::{
    AdoptArgs, ApprovalArgs, EnvironmentArgs, FleetArgs, InsistArgs, PlanArgs, PreflightArgs,
    ProofArgs, ProveArgs, PublishArgs, RollbackArgs, StatusArgs, TryArgs, WithdrawArgs,
};
pub use catalog::{
    AccessArgs, BumpArg, CheckArgs, CheckFormat, ExplainArgs, GenerateArgs, RehearseArgs,
    ReleaseArgs,
};
pub use diff::{DiffArgs, DiffFormat, FailOn, Subject};
pub use machine::{CompletionsArgs, DoctorArgs, ManArgs};
pub use start::{GivenVersion, ImportArgs, InitArgs, New, NewProductArgs};
pub use vendor::{PricesArgs, VendorArgs, VendorCommand};

use crate::console::Verbosity;
use crate::examples;
use clap::{Parser, Subcommand, ValueEnum};
use compute_catalog::product::Key;

/// Typed models of self-service products, checked and published to AWS Service Catalog.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
pub struct Cli {
    /// When to use colour.
    #[command(flatten)]
    pub color: colorchoice_clap::Color,
    /// How much is said.
    #[command(flatten)]
    pub verbosity: Verbosity,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write `generated/`: templates, schemas and everything else made from the models
    #[command(after_help = examples::GENERATE)]
    Generate(GenerateArgs),
    /// Apply every rule to the templates, environments and ledgers
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Say what a rule of `check` wants, why, and how to mend what it finds
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Show what changed, and what that does to running products
    #[command(after_help = examples::DIFF)]
    Diff(DiffArgs),
    /// Rehearse every product's whole life offline, each call decided by IAM
    #[command(after_help = examples::REHEARSE)]
    Rehearse(RehearseArgs),
    /// Write who may do what in every account, and tell what is allowed without a reason
    #[command(after_help = examples::ACCESS)]
    Access(AccessArgs),
    /// Show each running product, and what an update does to it
    #[command(after_help = examples::FLEET)]
    Fleet(FleetArgs),
    /// Freeze a product's template as its next version
    #[command(after_help = examples::RELEASE)]
    Release(ReleaseArgs),
    /// Make a static site of the catalog as scientists will see it, under `target/preview`
    #[command(after_help = examples::PREVIEW)]
    Preview,
    /// Show what `publish` would do
    #[command(after_help = examples::PLAN)]
    Plan(PlanArgs),
    /// Plan, show, ask, apply and verify
    #[command(after_help = examples::PUBLISH)]
    Publish(PublishArgs),
    /// Look for everything that would keep the catalog from working in an account
    #[command(after_help = examples::PREFLIGHT)]
    Preflight(PreflightArgs),
    /// Show what is live, who uses it, and what has drifted
    #[command(after_help = examples::STATUS)]
    Status(StatusArgs),
    /// Play a scientist's journey in the local AWS: launch, stop and start, update, end
    #[command(after_help = examples::TRY)]
    Try(TryArgs),
    /// Launch one of each product in an account, use it and end it, and write what that proves
    #[command(after_help = examples::PROVE)]
    Prove(ProveArgs),
    /// Withdraw a product's newest version and open the one before again
    #[command(after_help = examples::ROLLBACK)]
    Rollback(RollbackArgs),
    /// Hide one version of a product by name, or open it again
    #[command(after_help = examples::WITHDRAW)]
    Withdraw(WithdrawArgs),
    /// Write the ids of what an account had before this catalog into its environment's file
    #[command(after_help = examples::ADOPT)]
    Adopt(AdoptArgs),
    /// Make a repository of another organization, with a first product
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// Make a typed model of a hand-written template
    #[command(after_help = examples::IMPORT)]
    Import(ImportArgs),
    /// Make a product
    #[command(subcommand, after_help = examples::NEW_PRODUCT)]
    New(New),
    /// Say what this machine lacks, and what needs it
    #[command(after_help = examples::DOCTOR)]
    Doctor(DoctorArgs),
    /// Print the completions of a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Print the manual page of the program, or of one command
    #[command(after_help = examples::MAN)]
    Man(ManArgs),
    /// Refresh or verify the vendored AWS data
    #[command(after_help = examples::VENDOR)]
    Vendor(VendorArgs),
}

impl Cli {
    /// The environments that a command for the publisher names.
    pub fn environments(&self) -> Vec<&Key> {
        match &self.command {
            Command::Fleet(FleetArgs { environment, .. })
            | Command::Plan(PlanArgs { environment, .. })
            | Command::Publish(PublishArgs { environment, .. })
            | Command::Preflight(PreflightArgs { environment, .. })
            | Command::Status(StatusArgs { environment, .. })
            | Command::Rollback(RollbackArgs { environment, .. })
            | Command::Withdraw(WithdrawArgs { environment, .. })
            | Command::Adopt(AdoptArgs { environment, .. }) => {
                environment.environments.iter().collect()
            }
            Command::Prove(args) => vec![&args.environment],
            Command::Try(args) => args.environment.iter().collect(),
            Command::Import(args) => args.env.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The command, as its documents name it, where they were asked for by `--format json`.
    pub fn documented(&self) -> Option<&'static str> {
        let (name, is_json) = match &self.command {
            Command::Generate(args) => ("generate", args.format == Format::Json),
            Command::Check(args) => ("check", args.format == CheckFormat::Json),
            Command::Diff(args) => ("diff", args.format == DiffFormat::Json),
            Command::Rehearse(args) => ("rehearse", args.format == Format::Json),
            Command::Fleet(args) => ("fleet", args.format == DiffFormat::Json),
            Command::Plan(args) => ("plan", args.format == Format::Json),
            Command::Preflight(args) => ("preflight", args.format == Format::Json),
            Command::Status(args) => ("status", args.format == Format::Json),
            Command::Doctor(args) => ("doctor", args.format == Format::Json),
            Command::Vendor(args) => {
                let name = match args.command {
                    VendorCommand::Refresh { .. } => "vendor refresh",
                    VendorCommand::Add { .. } => "vendor add",
                    VendorCommand::Prices(_) => "vendor prices",
                    VendorCommand::Check => "vendor check",
                };
                (name, args.format == Format::Json)
            }
            Command::Explain(_)
            | Command::Access(_)
            | Command::Release(_)
            | Command::Preview
            | Command::Publish(_)
            | Command::Try(_)
            | Command::Prove(_)
            | Command::Rollback(_)
            | Command::Withdraw(_)
            | Command::Adopt(_)
            | Command::Init(_)
            | Command::Import(_)
            | Command::New(_)
            | Command::Completions(_)
            | Command::Man(_) => return None,
        };
        is_json.then_some(name)
    }
}

/// How reading commands print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
