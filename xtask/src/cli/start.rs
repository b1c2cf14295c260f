//! The commands that begin something: a repository, a product, a model of a template.

use crate::examples;
use crate::start::kind::Start;
use clap::{Args, Subcommand};
use compute_catalog::product::{AccountId, Key, VersionName};
use std::path::PathBuf;
use std::str::FromStr;

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
    /// The template, YAML or JSON; none: that of the newest version
    #[arg(value_name = "FILE", required_unless_present_any = ["versions", "env"])]
    pub file: Option<PathBuf>,
    /// The key of the product that it becomes
    #[arg(long, value_name = "KEY", required_unless_present = "env")]
    pub product: Option<Key>,
    /// A version that people run already, with its template; once for each
    #[arg(long = "version", value_name = "NAME=FILE")]
    pub versions: Vec<GivenVersion>,
    /// The environments that have these versions
    #[arg(long = "in", value_name = "ENV", requires = "versions")]
    pub environments: Vec<Key>,
    /// All that this environment's account holds and the catalog doesn't know, in place of a template
    #[arg(long, value_name = "ENV", conflicts_with_all = ["file", "product", "versions", "portfolio"])]
    pub env: Option<Key>,
    /// Another server in place of the built-in local AWS
    #[arg(long, value_name = "URL", requires = "env")]
    pub endpoint_url: Option<String>,
    /// The portfolio that offers it, where there are several
    #[arg(long, value_name = "KEY")]
    pub portfolio: Option<Key>,
    /// Fetch nothing: types that aren't vendored are declared in the model, and nothing checks them
    #[arg(long)]
    pub offline: bool,
    /// Let stay for now what `check` calls an error in a resource: the model suppresses it, its reason to
    /// be filled in
    #[arg(long)]
    pub suppress: bool,
    /// A product or portfolio of the account that is left out, by its name; once for each
    #[arg(long = "leave-out", value_name = "NAME", requires = "env")]
    pub left_out: Vec<String>,
}

/// A version on the command line: `v1.2.0=file.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenVersion {
    /// Its name.
    pub name: VersionName,
    /// Its template.
    pub file: PathBuf,
}

impl FromStr for GivenVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<GivenVersion, String> {
        let Some((name, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty()) else {
            return Err("write the version and its file, as in `v1.2.0=old.yaml`".to_owned());
        };
        let name = VersionName::completed(name).ok_or_else(|| {
            format!("`{name}` is no version name: write `v1`, `v1.2` or `v1.2.0`")
        })?;
        Ok(GivenVersion {
            name,
            file: PathBuf::from(file),
        })
    }
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
    #[arg(long, value_enum, default_value = "empty")]
    pub kind: Start,
    /// The portfolio that offers it, where there are several
    #[arg(long, value_name = "KEY")]
    pub portfolio: Option<Key>,
}
