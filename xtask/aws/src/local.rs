//! The built-in local AWS, in this process: where `--env local` publishes to.

use crate::failure::Failure;
use local_aws::{Config, Server};
use std::path::Path;

/// Starts the local AWS of a checkout; its state stays under `target/local-aws`.
pub(crate) fn start(root: &Path, account: &str, region: &str) -> Result<Server, Failure> {
    let config = Config {
        account: account.to_owned(),
        region: region.to_owned(),
        ..Config::new(root.join("target/local-aws"))
    };
    Server::start(config).map_err(|error| {
        Failure::input("the local AWS can't be started")
            .because(error)
            .hint("another command may be running; or give `--endpoint-url` of a server that runs")
    })
}
