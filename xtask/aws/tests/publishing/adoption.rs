//! Another organisation adopts the catalog: it writes data files, and nothing else.

use compute_catalog::environment::Environments;
use local_aws::{Config, Server};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use tempfile::TempDir;
use xtask::cli::{BumpArg, CheckArgs, CheckFormat, GenerateArgs, ReleaseArgs};
use xtask::workspace::Workspace;

/// What organisations write; the second has its own.
const DATA: [&str; 5] = [
    "settings.yaml",
    "published.yaml",
    "contract.yaml",
    "guide.yaml",
    "history",
];

/// A checkout of this repository with the data of the second organisation.
struct Checkout {
    folder: TempDir,
    workspace: Workspace,
}

impl Checkout {
    fn of_second_organisation() -> Checkout {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = TempDir::new().unwrap();
        for part in ["products", "schemas", "src/resource", "vendor"] {
            copy(&root.join(part), &folder.path().join(part), &DATA);
        }
        fs::copy(
            root.join("rustfmt.toml"),
            folder.path().join("rustfmt.toml"),
        )
        .unwrap();
        copy(&root.join("tests/second-organisation"), folder.path(), &[]);
        let workspace = Workspace::containing(folder.path()).unwrap();
        Checkout { folder, workspace }
    }

    fn generate(&self, check: bool) {
        let done = xtask::generate::run(&self.workspace, &GenerateArgs { check }).unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    fn check(&self) {
        let args = CheckArgs {
            keys: Vec::new(),
            format: CheckFormat::Text,
        };
        let done = xtask::check::run(&self.workspace, &args).unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    fn release(&self, key: &str) {
        let args = ReleaseArgs {
            key: key.parse().unwrap(),
            bump: BumpArg::Major,
            note: "First version".to_owned(),
        };
        let done = xtask::release::run(&self.workspace, &args).unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    /// What the publisher prints.
    fn publisher(&self, arguments: &[&str]) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO_BIN_EXE_publisher"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let (out, err) = (text(stdout), text(stderr));
        assert!(status.success(), "{arguments:?}: {status}\n{out}\n{err}");
        out
    }

    /// All that the account of the local AWS holds, as JSON text.
    fn account(&self) -> String {
        let state = self.folder.path().join("target/local-aws");
        let server = Server::start(Config::new(state)).unwrap();
        server.state().unwrap()["accounts"]["121212121212"].to_string()
    }

    /// Every file below a folder.
    fn texts(&self, folder: &str) -> Vec<(PathBuf, String)> {
        let paths = self.workspace.files_below(folder).unwrap();
        let read = |path: String| (PathBuf::from(&path), self.workspace.read(&path).unwrap());
        paths.into_iter().map(read).collect()
    }
}

/// What only the first organisation has: its name, addresses, accounts, and names of exports.
fn words_of_first_organisation() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let environments = Workspace::containing(&root).unwrap().environments();
    let Environments {
        organization,
        by_key,
    } = environments.unwrap();
    let exports = organization.exports.into_values();
    let mut words: Vec<String> = exports
        .filter_map(|export| export.name)
        .map(|name| name.replace("${AWS::Region}-", ""))
        .collect();
    let support = organization.support;
    words.extend([organization.name, support.email, support.url]);
    let accounts = by_key.values().map(|environment| &environment.account);
    words.extend(accounts.map(|account| account.to_string()));
    for environment in by_key.into_values() {
        words.extend(environment.exports.into_values().map(|name| name.value));
    }
    assert!(words.len() > 20, "{words:?}");
    words
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if without.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name), without);
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

#[test]
fn a_second_organisation_generates_checks_releases_and_publishes_by_data_files_alone() {
    let checkout = Checkout::of_second_organisation();
    checkout.generate(false);
    checkout.check();
    for product in ["linux-docker", "s3-private"] {
        checkout.release(product);
    }
    // The pages of products tell their versions.
    checkout.generate(false);
    checkout.generate(true);
    checkout.check();

    let offered = checkout.texts("generated/products");
    assert_eq!(offered.len(), 2, "{offered:?}");
    let ours = words_of_first_organisation();
    for (path, text) in checkout.texts("generated") {
        // The schemas and rules describe every product there is.
        let is_reference = path.starts_with("generated/schemas") || path.ends_with("rules.md");
        for word in ours.iter().filter(|_| !is_reference) {
            assert!(
                !text.contains(word.as_str()),
                "{} holds `{word}`",
                path.display()
            );
        }
    }

    let published = checkout.publisher(&["publish"]);
    assert!(published.contains("121212121212"), "{published}");
    let account = checkout.account();
    for wanted in [
        "Research Machine",
        "Research Bucket",
        "Example Institute",
        "help@example.org",
        "Genome Atlas / 120001",
        "Proteome Atlas / 120002",
        "Another / 999999",
        "arn:aws:iam:::role/lab-*",
        "109876543210",
        "ou-ab12-cdef3456",
        "STACKSET",
        "outreach-execution",
        "Ask the help desk for a larger machine",
        ":launches",
    ] {
        assert!(account.contains(wanted), "the account lacks `{wanted}`");
    }
    for word in &ours {
        assert!(
            !account.contains(word.as_str()),
            "the account holds `{word}`"
        );
    }
    let again = checkout.publisher(&["plan", "--detailed-exit"]);
    assert!(!again.contains("create"), "{again}");
    let preflight = checkout.publisher(&["preflight"]);
    assert!(preflight.contains("Nothing keeps"), "{preflight}");
}
