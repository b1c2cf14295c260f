//! `diff`.

use crate::completion;
use crate::diff::side::Side;
use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use compute_catalog::product::Key;
use std::path::PathBuf;
use std::str::FromStr;

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
    /// With two files: a template that imports what OLD exports. An export that it imports can't be
    /// renamed, removed or changed; who else imports it isn't known
    #[arg(long = "importer", value_name = "FILE")]
    pub importers: Vec<PathBuf>,
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
    /// Deletes data, or may
    DataLoss,
    /// Replaces or removes a resource, or may, or fails
    Replacement,
    /// Interrupts what is running, or may replace it
    Interruption,
    /// Refuses present parameter values
    Incompatibility,
    /// Anything at all
    Change,
}
