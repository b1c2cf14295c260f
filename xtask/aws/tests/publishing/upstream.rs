//! The suite against an emulator that isn't ours: `scripts/ministack-publisher.sh` sets a variable, and
//! each account then has its S3, IAM, STS and CloudFormation in a ministack of its own. What it lacks and
//! which tests that leaves out stand in one file, each with its reason.

use compute_catalog::yaml;
use local_aws::{Config, Identity};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Names the Python that has ministack.
const VARIABLE: &str = "PUBLISHING_UPSTREAM";
/// Names the file that says who has answered what.
const LOG: &str = "PUBLISHING_UPSTREAM_LOG";
const TABLE: &str = "scripts/ministack/publisher.yaml";

/// What ministack lacks of what the suite asks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Table {
    /// Its version, as `scripts/ministack.sh` pins it.
    emulator: String,
    own: Vec<Own>,
    left_out: Vec<LeftOut>,
}

/// A service or an operation that the local AWS answers itself.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Own {
    call: String,
    reason: String,
}

/// Tests that say nothing of another emulator.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    reason: String,
    tests: Vec<String>,
}

fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap()
}

fn table() -> Table {
    let text = fs::read_to_string(root().join(TABLE)).unwrap();
    yaml::load(TABLE, &text).unwrap()
}

/// An emulator that isn't ours, for one account.
pub struct Upstream {
    python: PathBuf,
    port: u16,
}

/// A running one; it ends with its account.
pub struct Running {
    child: Child,
    folder: tempfile::TempDir,
}

impl Upstream {
    /// Sends a server's calls to an emulator, where the suite runs so.
    pub fn wanted(config: &mut Config) -> Option<Upstream> {
        let python = PathBuf::from(std::env::var_os(VARIABLE)?);
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        config.upstream = Some(format!("http://127.0.0.1:{port}"));
        // What ministack makes of Service Catalog's, it asks for as the account.
        let accounts: Vec<_> = config
            .keys
            .values()
            .map(|one| one.account.clone())
            .collect();
        for account in accounts {
            let identity = Identity::user(&account, "cloudformation");
            config.keys.entry(account).or_insert(identity);
        }
        let own = table().own.into_iter().map(|own| own.call);
        config.own = own.collect::<BTreeSet<_>>();
        Some(Upstream { python, port })
    }

    /// Starts it before a server, which makes what Service Catalog has.
    pub fn start(self, front: &str, config: &Config) -> Running {
        let folder = tempfile::TempDir::new().unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut command = Command::new(&self.python);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        let child = command
            .arg(root().join("scripts/ministack/server.py"))
            .envs([
                ("AWS_ACCESS_KEY_ID", config.account.as_str()),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_DEFAULT_REGION", &config.region),
                ("BIND_HOST", "127.0.0.1"),
                ("MINISTACK_HOST", "127.0.0.1"),
                ("AUTH", "false"),
                ("MINISTACK_ACCOUNT_ID", &config.account),
                ("MINISTACK_REGION", &config.region),
                ("LOG_LEVEL", "WARNING"),
                ("TYPES", ""),
                ("FRONT", front),
                ("GATEWAY_PORT", &self.port.to_string()),
            ])
            .env("S3_DATA_DIR", path("s3"))
            .env("TMPDIR", folder.path())
            .env("HOLLOW", path("hollow"))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut running = Running { child, folder };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = running.child.try_wait().unwrap();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "ministack doesn't start ({ended:?}):\n{}",
                running.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        running
    }
}

impl Running {
    /// Notes which calls were answered by the emulator and which by the local AWS, so that nothing is ours
    /// without a word.
    pub fn note(&self, server: &local_aws::Server) {
        let Some(path) = std::env::var_os(LOG) else {
            return;
        };
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("main").to_owned();
        let mut lines = String::new();
        for call in server.calls() {
            let by = if call.handed_on { "emulator" } else { "ours" };
            lines += &format!("{test}\t{by}\t{}:{}\n", call.service, call.operation);
        }
        let file = fs::OpenOptions::new().create(true).append(true).open(path);
        file.unwrap().write_all(lines.as_bytes()).unwrap();
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("ministack:\n{}", self.log());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_left_out_exists_and_has_its_reason_and_the_version_is_the_one_that_runs() {
    let table = table();
    let script = fs::read_to_string(root().join("scripts/ministack.sh")).unwrap();
    assert!(
        script.contains(&format!("'ministack[full]=={}'", table.emulator)),
        "{TABLE} speaks of another version than scripts/ministack.sh"
    );
    let mut seen = BTreeSet::new();
    for LeftOut { reason, tests } in &table.left_out {
        assert!(reason.len() > 20, "{reason:?} is no reason");
        for test in tests {
            assert!(seen.insert(test), "{test} stands twice");
            let (module, name) = test.rsplit_once("::").unwrap();
            let file = module.replace("::", "/");
            let folder = root().join("xtask/aws/tests/publishing");
            let file = [format!("{file}.rs"), format!("{file}/mod.rs")]
                .map(|file| folder.join(file))
                .into_iter()
                .find(|file| file.is_file());
            let file = file.unwrap_or_else(|| panic!("{test}: there is no {module}"));
            let text = fs::read_to_string(file).unwrap();
            assert!(text.contains(&format!("fn {name}(")), "there is no {test}");
        }
    }
    let folder = tempfile::TempDir::new().unwrap();
    for Own { call, reason } in &table.own {
        assert!(reason.len() > 20, "{call}: {reason:?} is no reason");
        let mut config = Config::new(folder.path());
        config.upstream = Some("http://127.0.0.1:1".to_owned());
        config.own.insert(call.clone());
        local_aws::Server::start(config).unwrap().stop();
    }
}
