//! Serves a local AWS until ^C, for the `aws` command line client and for people.

use clap::Parser;
use local_aws::{Config, Contents, Faults, Server};
use std::path::PathBuf;
use std::process::ExitCode;

/// A local AWS on 127.0.0.1: Service Catalog, CloudFormation, S3, STS, some IAM.
#[derive(Parser)]
#[command(name = "local-aws")]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 4566)]
    port: u16,
    /// Folder of the state.
    #[arg(long, default_value = "target/local-aws")]
    state: PathBuf,
    /// Region of calls that don't say one.
    #[arg(long, default_value = "us-east-1")]
    region: String,
    /// Account of every access key.
    #[arg(long, default_value = "123456789012")]
    account: String,
    /// Another server, `http://HOST:PORT`: it gets every call but those of Service Catalog.
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// A service, or an operation as `cloudformation:DescribeAccountLimits`, that the other server lacks:
    /// it is answered here. May be given more than once.
    #[arg(long, value_name = "SERVICE[:OPERATION]", requires = "upstream")]
    own: Vec<String>,
    /// JSON file of what the account holds before anybody calls: products, portfolios, images, constraints,
    /// stacks, provisioned products.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// JSON file of faults to inject.
    #[arg(long)]
    faults: Option<PathBuf>,
    /// Looks at a new thing that answer "not found".
    #[arg(long, default_value_t = 1)]
    unseen: u32,
    /// Looks after those that answer a state in progress.
    #[arg(long, default_value_t = 1)]
    pending: u32,
    /// End the process after this many changing calls, before the last is answered.
    #[arg(long)]
    exit_after_change: Option<u64>,
}

fn main() -> ExitCode {
    match serve(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn serve(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut config = Config::new(arguments.state);
    config.port = arguments.port;
    config.region = arguments.region;
    config.account = arguments.account;
    config.upstream = arguments.upstream;
    config.own = arguments.own.into_iter().collect();
    config.delays.unseen = arguments.unseen;
    config.delays.pending = arguments.pending;
    config.contents = arguments.from.as_deref().map(Contents::read).transpose()?;
    if let Some(path) = arguments.faults {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        config.faults = serde_json::from_str::<Faults>(&text)
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if arguments.exit_after_change.is_some() {
        config.faults.stop_after_change = arguments.exit_after_change;
        config.exit_on_stop = true;
    }
    let server = Server::start(config)?;
    println!("{}", server.endpoint());
    let waiting = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    waiting.block_on(tokio::signal::ctrl_c())?;
    server.stop();
    Ok(())
}
