//! `vendor`.

use super::Format;
use clap::{Args, Subcommand};

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
    /// Ask AWS's Price List API what machines and disks cost, and write portfolios/prices/REGION.yaml
    Prices(PricesArgs),
    /// Check that the files in vendor/ are those that were fetched
    Check,
}

/// `vendor prices`
#[derive(Debug, Default, Args)]
pub struct PricesArgs {
    /// A region; may be given several times (default: those of all environments but local ones)
    #[arg(long = "region", value_name = "REGION")]
    pub regions: Vec<String>,
    /// Another server in place of AWS's
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}
