//! How a server is set up: who may call, where it is, and how slow the services are.

use crate::{Contents, Faults};
use compute_catalog::rehearsal::Outside;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The account that an access key belongs to, and as whom it acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// ARN of the user or of the assumed role, as `GetCallerIdentity` answers it.
    pub arn: String,
}

impl Identity {
    /// A user of an account.
    pub fn user(account: &str, name: &str) -> Self {
        Self {
            account: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:user/{name}"),
        }
    }
}

/// How many looks a new thing takes before it is there, counted for each thing.
/// A restarted server starts with whatever was left of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delays {
    /// Looks at a new product, version, portfolio or service action that answer "not found".
    pub unseen: u32,
    /// Looks after those, that answer a state in progress (`CREATING`, `…_IN_PROGRESS`).
    pub pending: u32,
}

impl Default for Delays {
    fn default() -> Self {
        Self {
            unseen: 1,
            pending: 1,
        }
    }
}

impl Delays {
    /// Everything is there at once.
    pub const NONE: Self = Self {
        unseen: 0,
        pending: 0,
    };
}

/// What a server starts with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the state; made where it doesn't exist. One server at a time.
    pub state_dir: PathBuf,
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The region of calls that don't say one.
    pub region: String,
    /// The account of access keys that `keys` doesn't list, where it lists none at all.
    pub account: String,
    /// Access key id to identity. When any is listed, others are refused.
    pub keys: BTreeMap<String, Identity>,
    /// ARNs of IAM roles that exist from the start and can be assumed.
    pub roles: BTreeSet<String>,
    /// ARNs of Lambda functions that exist from the start.
    pub functions: BTreeSet<String>,
    /// Account to its alias.
    pub aliases: BTreeMap<String, String>,
    /// Organisational unit to its accounts.
    pub organization: BTreeMap<String, BTreeSet<String>>,
    /// Functions, macros and policies that products meet and the catalog doesn't make.
    pub outside: Outside,
    /// What `account` holds in `region` before anybody calls. Nothing is added to an account that
    /// was filled so before; one that holds something else is refused.
    pub contents: Option<Contents>,
    /// How slow the services are.
    pub delays: Delays,
    /// `http://HOST:PORT` of another server, which gets every call but those of Service Catalog.
    pub upstream: Option<String>,
    /// What `upstream` lacks and is answered here: services, such as `ec2`, and operations, such as
    /// `cloudformation:DescribeAccountLimits`.
    pub own: BTreeSet<String>,
    /// What goes wrong.
    pub faults: Faults,
    /// End the process instead of refusing calls at [`Faults::stop_after_change`].
    pub exit_on_stop: bool,
}

impl Config {
    /// Account 123456789012 in us-east-1, any access key, a free port, no faults.
    pub fn new(state_dir: impl Into<PathBuf>) -> Self {
        Self {
            state_dir: state_dir.into(),
            port: 0,
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            keys: BTreeMap::new(),
            roles: BTreeSet::new(),
            functions: BTreeSet::new(),
            aliases: BTreeMap::new(),
            organization: BTreeMap::new(),
            outside: Outside::of_aws(),
            contents: None,
            delays: Delays::default(),
            upstream: None,
            own: BTreeSet::new(),
            faults: Faults::default(),
            exit_on_stop: false,
        }
    }
}
