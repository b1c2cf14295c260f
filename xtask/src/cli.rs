//! The command line: one grammar for the program and for the publisher it starts.

use crate::completion;
use crate::console::Verbosity;
use crate::diff::side::Side;
use crate::examples;
use crate::start::kind::Kind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use compute_catalog::product::{AccountId, Bump, Key, VersionName};
use std::path::PathBuf;
use std::str::FromStr;

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
    #[arg(value_name = "KEY|FILE")]
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

/// How reading commands print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// `diff`
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Only these products; or two files with templates, OLD and NEW: a name with a `/`, or that
    /// ends with .yaml, .yml, .json or .template, or `-`, is a file
    #[arg(value_name = "KEY|FILE", add = ArgValueCompleter::new(completion::products))]
    pub subjects: Vec<Subject>,
    /// Where a template includes LOCATION, such as `s3://bucket/key`, FILE stands for it
    #[arg(long = "include", value_name = "LOCATION=FILE")]
    pub includes: Vec<String>,
    /// Compare with: a git revision, a version such as `v2.0.0`, `released` (the newest version,
    /// and the default), `live:ENV` or `worktree`
    #[arg(long, value_name = "SIDE")]
    pub base: Option<Side>,
    /// What is compared, written as for `--base`
    #[arg(long, value_name = "SIDE", default_value_t = Side::Worktree)]
    pub to: Side,
    /// Compare with what is live in this environment: short for `--base live:ENV`
    #[arg(long = "env", value_name = "ENV", conflicts_with = "base", add = ArgValueCompleter::new(completion::environments))]
    pub environment: Option<Key>,
    /// Another server in place of the built-in local AWS
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Exit 1 where an update does this or worse
    #[arg(long, value_enum, value_name = "CLASS")]
    pub fail_on: Option<FailOn>,
}

/// What is compared: a product, or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A product of the catalog.
    Product(Key),
    /// A file with a template; `-` is the standard input.
    File(PathBuf),
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Subject, String> {
        let ends = [".yaml", ".yml", ".json", ".template"];
        let is_file = text == "-"
            || text.contains(std::path::is_separator)
            || ends.iter().any(|end| text.ends_with(end));
        match is_file {
            true => Ok(Subject::File(PathBuf::from(text))),
            false => text.parse().map(Subject::Product).map_err(|error| {
                format!("{error}; a file is written with its folder, as ./{text}")
            }),
        }
    }
}

impl DiffArgs {
    /// The products that were asked for.
    pub fn keys(&self) -> Vec<Key> {
        let product = |subject: &Subject| match subject {
            Subject::Product(key) => Some(key.clone()),
            Subject::File(_) => None,
        };
        self.subjects.iter().filter_map(product).collect()
    }

    /// The files that were asked for.
    pub fn files(&self) -> Vec<&std::path::Path> {
        let mut files = Vec::new();
        for subject in &self.subjects {
            if let Subject::File(path) = subject {
                files.push(path.as_path());
            }
        }
        files
    }

    /// What is compared with.
    pub fn base(&self) -> Side {
        match (&self.base, &self.environment) {
            (Some(base), _) => base.clone(),
            (None, Some(environment)) => Side::Live(environment.clone()),
            (None, None) => Side::Released,
        }
    }

    /// The environments that are a side of the comparison, each once.
    pub fn environments(&self) -> Vec<Key> {
        let mut environments = Vec::new();
        for side in [self.base(), self.to.clone()] {
            if let Side::Live(environment) = side
                && !environments.contains(&environment)
            {
                environments.push(environment);
            }
        }
        environments
    }
}

/// How `diff` and `fleet` print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    #[default]
    Text,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

/// What an update does that a pipeline may refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Deletes data
    DataLoss,
    /// Replaces or removes a resource, or fails
    Replacement,
    /// Interrupts what is running, or may replace it
    Interruption,
    /// Refuses present parameter values
    Incompatibility,
    /// Anything at all
    Change,
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
}

/// `init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder: a new one, or an empty one
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Whose catalog it is
    #[arg(long, value_name = "NAME")]
    pub organization: String,
    /// An account to publish to, beside the local one
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
    /// What that account is called in commands: `--env NAME`
    #[arg(
        long,
        value_name = "NAME",
        default_value = "prod",
        requires = "account"
    )]
    pub env: Key,
    /// The account's region
    #[arg(long, default_value = "us-east-1", requires = "account")]
    pub region: String,
    /// Where people who need help write
    #[arg(long, value_name = "ADDRESS", default_value = "help@example.org")]
    pub support_email: String,
    /// Where they read
    #[arg(long, value_name = "URL", default_value = "https://example.org/help")]
    pub support_url: String,
    /// Take compute-catalog from a git repository instead of this folder
    #[arg(long, value_name = "URL")]
    pub git: Option<String>,
    /// A commit there
    #[arg(long, value_name = "COMMIT", requires = "git")]
    pub rev: Option<String>,
}

/// `import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The template, YAML or JSON
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The key of the product that it becomes
    #[arg(long, value_name = "KEY")]
    pub product: Key,
    /// The portfolio that offers it, where there are several
    #[arg(long, value_name = "KEY")]
    pub portfolio: Option<Key>,
}

/// `new`
#[derive(Debug, Subcommand)]
pub enum New {
    /// A product's folder, with its lines in the lists
    #[command(after_help = examples::NEW_PRODUCT)]
    Product(NewProductArgs),
}

/// `new product`
#[derive(Debug, Args)]
pub struct NewProductArgs {
    /// Its key: the name of its folder
    #[arg(value_name = "KEY")]
    pub key: Key,
    /// What it starts from
    #[arg(long, value_enum, default_value_t = Kind::Empty)]
    pub kind: Kind,
    /// The portfolio that offers it, where there are several
    #[arg(long, value_name = "KEY")]
    pub portfolio: Option<Key>,
}

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
    /// Another local AWS in place of the built-in one
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
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

/// `doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// `completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// `vendor`
#[derive(Debug, Args)]
pub struct VendorArgs {
    /// How to print what changed, or what is wrong
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    pub format: Format,
    /// What to do.
    #[command(subcommand)]
    pub command: VendorCommand,
}

/// What to do with the vendored data.
#[derive(Debug, Subcommand)]
pub enum VendorCommand {
    /// Fetch AWS's data, rewrite vendor/, and say what changed
    Refresh {
        /// Version of cfn-lint (default: the newest)
        #[arg(long, value_name = "VERSION")]
        cfn_lint: Option<String>,
        /// Version of moto (default: the newest)
        #[arg(long, value_name = "VERSION")]
        moto: Option<String>,
        /// Version of botocore (default: the newest)
        #[arg(long, value_name = "VERSION")]
        botocore: Option<String>,
        /// The versions that PROVENANCE.toml names: after a change to a list
        #[arg(long, conflicts_with_all = ["cfn_lint", "moto", "botocore"])]
        pinned: bool,
    },
    /// Add resource types: their schemas, Rust types and facts
    Add {
        /// Types as in a template, such as AWS::EFS::FileSystem
        #[arg(value_name = "TYPE", required = true)]
        types: Vec<String>,
    },
    /// Check that the files in vendor/ are those that were fetched
    Check,
}
