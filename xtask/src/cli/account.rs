//! The commands that ask an account.

use super::{DiffFormat, Format};
use crate::completion;
use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use compute_catalog::product::{Key, VersionName};
use std::path::PathBuf;

/// `fleet`
#[derive(Debug, Default, Args)]
pub struct FleetArgs {
    /// Only these products
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub keys: Vec<Key>,
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// The version to update to; the newest where none is named
    #[arg(long, value_name = "VERSION")]
    pub to: Option<VersionName>,
    /// One message for each owner, ready to send
    #[arg(long)]
    pub owners: bool,
    /// In messages: until when people should have saved what they need
    #[arg(long, value_name = "DATE", requires = "owners")]
    pub by: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
}

/// Which account.
#[derive(Debug, Default, Args)]
pub struct EnvironmentArgs {
    /// The environment: a file under `portfolios/environments/`. Given several times, each in turn
    #[arg(long = "env", value_name = "ENV", default_value = "local", add = ArgValueCompleter::new(completion::environments))]
    pub environments: Vec<Key>,
    /// Another server in place of the built-in local AWS
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}

/// `plan`
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Only these products, with what they stand on and the portfolios that offer them
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub keys: Vec<Key>,
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// Also write the plan to this file, for `publish --plan`
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What is insisted on
    #[command(flatten)]
    pub insist: InsistArgs,
    /// What another environment has proven
    #[command(flatten)]
    pub proof: ProofArgs,
    /// Exit 1 when there is something to do
    #[arg(long)]
    pub detailed_exit: bool,
    /// How to print the plan
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `publish`
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Only these products, with what they stand on and the portfolios that offer them
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub keys: Vec<Key>,
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// Apply exactly this plan, or refuse
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Don't look first for what would keep the catalog from working in the account
    #[arg(long)]
    pub no_preflight: bool,
    /// Go on where a rehearsal can't tell whether something works; what doesn't work stops it all the same
    #[arg(long)]
    pub unrehearsed: bool,
    /// Don't ask
    #[arg(long)]
    pub yes: bool,
    /// What is insisted on
    #[command(flatten)]
    pub insist: InsistArgs,
    /// What another environment has proven
    #[command(flatten)]
    pub proof: ProofArgs,
    /// Take the lock from whoever has it: only when that run is dead for certain
    #[arg(long)]
    pub break_lock: bool,
}

/// What a person insists on.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct InsistArgs {
    /// Publish versions that the environment before has not verified
    #[arg(long)]
    pub insist: bool,
    /// Hide retired versions although products run on them
    #[arg(long)]
    pub force: bool,
}

/// What another environment has proven.
#[derive(Clone, Debug, Default, Args)]
pub struct ProofArgs {
    /// The `proof.json` that publishing to the environment before has left under
    /// `target/publish/ENV`, in place of a look at its account
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
}

/// `preflight`
#[derive(Debug, Args)]
pub struct PreflightArgs {
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `status`
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Only these products
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub keys: Vec<Key>,
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// How to print the status
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `try`
#[derive(Debug, Args)]
pub struct TryArgs {
    /// The product
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub key: Key,
    /// As whom: a role that a portfolio with the product lets in, by name or ARN (default: the first)
    #[arg(long = "as", value_name = "ROLE")]
    pub role: Option<String>,
    /// A value of the launch form; the others have their defaults
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// The environment whose account the local AWS stands for; the product is published there first
    /// (default: the first that takes versions from no other). `local` is where `publish` goes
    #[arg(long = "env", value_name = "ENV", add = ArgValueCompleter::new(completion::environments))]
    pub environment: Option<Key>,
    /// Another local AWS in place of the built-in one
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}

/// `prove`
#[derive(Debug, Args)]
pub struct ProveArgs {
    /// Only these products
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub keys: Vec<Key>,
    /// The environment in whose account they are launched
    #[arg(long = "env", value_name = "ENV", add = ArgValueCompleter::new(completion::environments))]
    pub environment: Key,
    /// The profile of the AWS configuration that launches, such as that of the login application; it
    /// has to be let in by the portfolios (default: who looks at the account launches as well)
    #[arg(long, value_name = "PROFILE", conflicts_with = "role")]
    pub user_profile: Option<String>,
    /// Launch as this role, by name or ARN, where the identity in use may assume it
    #[arg(long = "as", value_name = "ROLE")]
    pub role: Option<String>,
    /// A value of a product's launch form; the others have their defaults
    #[arg(long, value_name = "KEY.NAME=VALUE")]
    pub set: Vec<String>,
    /// For how many hours products may stand, one after the other, all in all
    #[arg(long, value_name = "HOURS", default_value_t = 4.0)]
    pub hours: f64,
    /// In a local AWS that stands for the account: shows how it goes, and proves nothing about AWS
    #[arg(long, requires = "out")]
    pub local: bool,
    /// Where to write what was proved (default: docs/proven.md)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only end what an earlier run has left
    #[arg(long)]
    pub clean_up: bool,
    /// Don't ask
    #[arg(long)]
    pub yes: bool,
}

/// `rollback`
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// The product
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub key: Key,
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// Open the newest version again
    #[arg(long)]
    pub undo: bool,
    /// How it is approved
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

/// How a withdrawal is approved.
#[derive(Debug, Args)]
pub struct ApprovalArgs {
    /// Don't ask
    #[arg(long)]
    pub yes: bool,
    /// Take the lock from whoever has it: only when that run is dead for certain
    #[arg(long)]
    pub break_lock: bool,
    /// Hide the version although products run on it: those can't be changed until they are updated
    /// to another version
    #[arg(long)]
    pub force: bool,
}

/// `withdraw`
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    /// The product
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub key: Key,
    /// The version, such as `v2.0.0`
    #[arg(value_name = "VERSION", add = ArgValueCompleter::new(completion::versions))]
    pub version: VersionName,
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    /// Why nobody should get it any more
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "undo",
        conflicts_with = "undo"
    )]
    pub reason: Option<String>,
    /// Open it again
    #[arg(long)]
    pub undo: bool,
    /// How it is approved
    #[command(flatten)]
    pub approval: ApprovalArgs,
}

/// `adopt`
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// Which account
    #[command(flatten)]
    pub environment: EnvironmentArgs,
}
