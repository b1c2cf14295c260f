//! The commands on the catalog as its files say it: no account is asked.

use super::Format;
use crate::completion;
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use compute_catalog::product::{Bump, Key, VersionName};
use std::path::PathBuf;

/// `generate`
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Write nothing; fail on anything stale, missing or orphaned
    #[arg(long)]
    pub check: bool,
    /// How to print what is written, or would be
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Only these products; or these templates, of whatever origin: YAML or JSON files, `-` for
    /// standard input
    #[arg(value_name = "KEY|FILE", add = ArgValueCompleter::new(completion::products_and_files))]
    pub targets: Vec<String>,
    /// How to print findings
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
}

/// `explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The rule, as findings name it
    #[arg(value_name = "RULE", add = ArgValueCompleter::new(completion::rules))]
    pub rule: String,
}

/// How `check` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// Annotations of a pull request on GitHub
    Github,
    /// For code scanning: SARIF 2.1.0
    Sarif,
}

/// `rehearse`
#[derive(Debug, Args)]
pub struct RehearseArgs {
    /// Only these products
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub keys: Vec<Key>,
    /// Only in these environments: files under `portfolios/environments/`
    #[arg(long = "env", value_name = "ENV", add = ArgValueCompleter::new(completion::environments))]
    pub environments: Vec<Key>,
    /// Only stacks of this version, of those that may be running
    #[arg(long, value_name = "VERSION", add = ArgValueCompleter::new(completion::versions))]
    pub from: Option<VersionName>,
    /// Also show a launch line by line where everything works
    #[arg(long)]
    pub time_line: bool,
    /// Also write every decision, with the policies that it was taken by, as JSON into this file: what
    /// another evaluator, such as `aws iam simulate-custom-policy`, can be asked
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// How to print what doesn't work
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `access`
#[derive(Debug, Args)]
pub struct AccessArgs {
    /// Only say whether `generated/access.md` is as it should be
    #[arg(long)]
    pub check: bool,
    /// Also write every decision, with the policies that it was taken by, as JSON into this file
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
}

/// `release`
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// The product
    #[arg(value_name = "KEY", add = ArgValueCompleter::new(completion::products))]
    pub key: Key,
    /// The part of the version to raise
    #[arg(long, value_enum)]
    pub bump: BumpArg,
    /// Why this version is made
    #[arg(long, value_name = "TEXT")]
    pub note: String,
    /// Go on where a rehearsal can't tell whether something works; what doesn't work stops it all the same
    #[arg(long)]
    pub unrehearsed: bool,
}

/// The part of a version to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BumpArg {
    /// An update can replace, interrupt or refuse a running product
    Major,
    /// New abilities; running products keep what they have
    Minor,
    /// No running product notices the update
    Patch,
}

impl From<BumpArg> for Bump {
    fn from(bump: BumpArg) -> Bump {
        match bump {
            BumpArg::Major => Bump::Major,
            BumpArg::Minor => Bump::Minor,
            BumpArg::Patch => Bump::Patch,
        }
    }
}
