//! `vendor/`: AWS's own data, pinned. Which types, regions, managed policies and operations it covers
//! is written in `types.txt`, `regions.txt`, `policies.txt` and `operations.txt`; the rest, with the IAM
//! actions of every service, is fetched by `cargo xtask vendor refresh` from three packages on the
//! Python package index and recorded, file by file, in `PROVENANCE.toml`. `cargo xtask vendor check`
//! needs no network. `vendor prices` is the publisher's: it asks AWS, as whoever publishes.

mod add;
mod api;
mod changes;
mod data;
mod iam_actions;
mod instance_types;
mod layout;
mod managed_policies;
mod own;
mod provenance;
mod refresh;
mod schema;
mod served;
mod service_principals;
mod updates;
mod wheel;

use serde::Serialize;

use crate::cli::{Format, VendorArgs, VendorCommand};
use crate::document;
use crate::workspace::Workspace;

pub use add::{Added, add};
pub use changes::Changes;
pub use codegen::{Error, Wanted, schema_path};
pub use own::{PATCHES, library, names as own_names, schemas as own_schemas};
pub use provenance::{Finding, Provenance, verify};
pub use refresh::{Request, refresh};
pub use served::api_path;

/// The package with AWS's schemas, IAM actions and offered instance types.
const CFN_LINT: &str = "cfn-lint";
/// The package that says what the instance types are.
const MOTO: &str = "moto";

/// The package with the models of AWS's services.
const BOTOCORE: &str = "botocore";

/// Where each vendored file comes from.
pub const PROVENANCE: &str = "PROVENANCE.toml";
/// The actions that IAM knows: a JSON document a line, a line a service.
pub const IAM_ACTIONS: &str = "iam-actions.jsonl";
/// EC2 instance types, with architectures, size and the regions that offer them.
pub const INSTANCE_TYPES: &str = "instance-types.json";
/// The names of all resource types.
pub const TYPE_NAMES: &str = "type-names.json";
/// Which properties of resources of any type AWS's schemas list as those that replace it.
pub const UPDATES: &str = "updates.json";

/// The managed policies of AWS, each with its path before its name.
pub const MANAGED_POLICY_NAMES: &str = "managed-policy-names.json";
/// The regions in which AWS offers instances.
pub const REGION_NAMES: &str = "region-names.json";
/// The services that take part in policies, by the names that principals have.
pub const SERVICE_PRINCIPALS: &str = "service-principals.json";

/// The managed policies of AWS that roles of products have, by name.
pub const MANAGED_POLICIES: &str = "managed-policies.json";

/// Runs the command in a repository. The answer: what to print, and whether all
/// is well (exit code 0) or not (1).
///
/// # Errors
/// See [`refresh()`], [`add()`] and [`verify`].
pub fn run(args: &VendorArgs, workspace: &Workspace) -> Result<(String, bool), Error> {
    let root = workspace.root();
    let vendor = root.join("vendor");
    let is_own = !workspace.has_vendored_data();
    match &args.command {
        VendorCommand::Refresh { .. } if is_own => {
            told("vendor refresh", args, own::refresh(workspace)?)
        }
        VendorCommand::Add { types } => told("vendor add", args, add_to(workspace, types)?),
        VendorCommand::Refresh {
            cfn_lint,
            moto,
            botocore,
            pinned,
        } => {
            let request = if *pinned {
                Request::pinned(&vendor)?
            } else {
                Request {
                    cfn_lint: cfn_lint.clone(),
                    moto: moto.clone(),
                    botocore: botocore.clone(),
                }
            };
            let changes = refresh(&vendor, &root.join("target/vendor"), &request)?;
            if args.format == Format::Json {
                return Ok((json("vendor refresh", &changes)?, true));
            }
            let mut text = changes.to_string();
            if !changes.is_empty() {
                text.push_str("hint: `cargo xtask generate` brings src/resource/ up to date\n");
            }
            Ok((text, true))
        }
        VendorCommand::Prices(_) => Err(Error::new(
            "prices are asked for by the publisher, which `cargo xtask` starts",
        )),
        VendorCommand::Check => {
            let findings = match is_own {
                true => own::verify(workspace)?,
                false => verify(&vendor)?,
            };
            if args.format == Format::Json {
                return Ok((json("vendor check", &findings)?, findings.is_empty()));
            }
            if findings.is_empty() {
                return Ok(("vendor/: as fetched\n".to_owned(), true));
            }
            let mut text = String::new();
            for finding in &findings {
                let folder = if is_own { "" } else { "vendor/" };
                text.push_str(&format!("{folder}{} {}\n", finding.path, finding.problem));
            }
            text.push_str(if is_own {
                "hint: `cargo xtask vendor refresh` fetches and makes them again\n"
            } else {
                "hint: `cargo xtask vendor refresh --pinned` restores the files; differences \
                 from AWS's data are written in vendor/patches.yaml\n"
            });
            Ok((text, false))
        }
    }
}

/// Whether AWS has a resource type of this name.
pub fn is_type(name: &str) -> bool {
    const NAMES: &str = include_str!("../../../vendor/type-names.json");
    let quoted = format!("\"{name}\"");
    NAMES.contains(&quoted)
}

/// Adds these types, to the library or to an organisation's own repository: all files of them, or none.
///
/// # Errors
/// See [`add()`].
pub fn add_to(workspace: &Workspace, types: &[String]) -> Result<Added, Error> {
    match workspace.has_vendored_data() {
        true => add(workspace, types),
        false => own::add(workspace, types),
    }
}

fn told(command: &str, args: &VendorArgs, added: Added) -> Result<(String, bool), Error> {
    match args.format {
        Format::Json => Ok((json(command, &added)?, true)),
        Format::Text => Ok((added.to_string(), true)),
    }
}

fn json(command: &str, value: &impl Serialize) -> Result<String, Error> {
    document::text(command, value)
        .map_err(|cause| Error::new("the answer can't be written as JSON").cause(cause))
}
