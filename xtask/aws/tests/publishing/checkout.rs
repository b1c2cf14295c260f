<<<<<<< HEAD
//! A checkout of this repository with the data of the second organisation.

use local_aws::{Config, Server};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
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
pub struct Checkout {
    folder: TempDir,
    workspace: Workspace,
}

impl Checkout {
    pub fn of_second_organisation() -> Checkout {
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

    pub fn generate(&self, check: bool) {
        let done = xtask::generate::run(&self.workspace, &GenerateArgs { check }).unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    pub fn check(&self) {
        let args = CheckArgs {
            keys: Vec::new(),
            format: CheckFormat::Text,
        };
        let done = xtask::check::run(&self.workspace, &args).unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    pub fn release(&self, key: &str) {
        let args = ReleaseArgs {
            key: key.parse().unwrap(),
            bump: BumpArg::Major,
            note: "First version".to_owned(),
        };
        let done = xtask::release::run(&self.workspace, &args).unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    /// What the publisher prints, and the code that it ends with.
    pub fn run_publisher(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_publisher"));
        for name in ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"] {
            command.env_remove(name);
        }
        let done = command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .output()
            .unwrap();
        (text(done.stdout) + &text(done.stderr), done.status.code())
    }

    /// What the publisher prints when all is well.
    pub fn publisher(&self, arguments: &[&str]) -> String {
        let (printed, code) = self.run_publisher(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {printed}");
        printed
    }

    /// Writes over what stands in a file.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.workspace.read(path).unwrap();
        assert!(text.contains(from), "{path} holds no {from:?}");
        let text = text.replacen(from, to, 1);
        self.workspace.write(path, text.as_bytes()).unwrap();
    }

    /// All that the account of the local AWS holds, as JSON text.
    pub fn account(&self) -> String {
        let state = self.folder.path().join("target/local-aws");
        let server = Server::start(Config::new(state)).unwrap();
        server.state().unwrap()["accounts"]["121212121212"].to_string()
    }

    /// Every file below a folder.
    pub fn texts(&self, folder: &str) -> Vec<(PathBuf, String)> {
        let paths = self.workspace.files_below(folder).unwrap();
        let read = |path: String| (PathBuf::from(&path), self.workspace.read(&path).unwrap());
        paths.into_iter().map(read).collect()
    }
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
=======
//! A small repository in a folder of its own, and the real program run in it.

use crate::world::World;
use compute_catalog::cfn::{Header, write};
use compute_catalog::product::Key;
use compute_catalog::publish::Desired;
use compute_catalog::release::{Digest, Ledger, Origin, Version};
use publisher::{Repository, furnish};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use xtask::catalog::Catalog;
use xtask::surroundings::AroundProducts;
use xtask::workspace::Workspace;

/// The products that the small repository has released.
const RELEASED: [&str; 2] = ["notebook", "s3-private"];

/// A small repository in a folder of its own.
pub struct Checkout {
    folder: TempDir,
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Checkout {
    /// The portfolios of `tests/catalog`, and the first version of two products.
    pub fn new() -> Checkout {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).unwrap();
        let folder = TempDir::new().unwrap();
        let to = folder.path();
        copy(&root.join("products"), &to.join("products"));
        copy(&here.join("tests/catalog"), &to.join("portfolios"));
        fs::create_dir(to.join("vendor")).unwrap();
        for file in ["portfolios/organization.yaml", "vendor/PROVENANCE.toml"] {
            fs::copy(root.join(file), to.join(file)).unwrap();
        }
        let checkout = Checkout { folder };
        for entry in fs::read_dir(checkout.path("products")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let history = checkout.path(&format!("products/{name}/history"));
            if history.is_dir() && !RELEASED.contains(&name.as_str()) {
                fs::remove_dir_all(history).unwrap();
            }
        }
        checkout.generate();
        checkout
    }

    /// The same, with what the accounts get that the portfolio is shared with.
    pub fn with_recipients() -> Checkout {
        let checkout = Checkout::new();
        checkout.replace(
            "portfolios/foundation.yaml",
            "launchRoles: []",
            "launchRoles: [{ product: notebook, stack: lab-notebook-role }]",
        );
        checkout.replace(
            "portfolios/research.yaml",
            "shares:",
            "recipients: { stackSet: lab-roles, foundationStackSet: lab-foundation }\nshares:",
        );
        checkout.generate();
        checkout
    }

    /// Gives this account and others what stacks of others export.
    pub async fn furnish(&self, world: &World, others: &[&str]) {
        let repository = Repository::read(self.folder.path()).unwrap();
        for account in std::iter::once("123456789012").chain(others.iter().copied()) {
            let session = world.session_of(account).await;
            furnish(&session, &repository, &"local".parse().unwrap())
                .await
                .unwrap();
        }
    }

    /// Writes what the stacks are reviewed as.
    pub fn generate(&self) {
        let workspace = Workspace::containing(self.folder.path()).unwrap();
        let catalog = Catalog::load(&workspace, &[]).unwrap();
        let around = AroundProducts::load(&workspace, &catalog).unwrap();
        for stack in around.stacks(&catalog).unwrap().all {
            let header = Header {
                source: &stack.source,
                command: "a test",
            };
            let text = write(&stack.template, Some(&header)).unwrap();
            workspace
                .write(&format!("generated/{}", stack.file), text.as_bytes())
                .unwrap();
        }
    }

    /// Releases a version of both products: the bytes of the first, and a line more.
    pub fn release(&self, name: &str) {
        for product in RELEASED {
            let folder = self.path(&format!("products/{product}/history"));
            let path = folder.join("versions.yaml");
            let text = fs::read_to_string(&path).unwrap();
            let mut ledger = Ledger::read("versions.yaml", &text).unwrap();
            let mut body = fs::read(folder.join("v2.0.0.yaml")).unwrap();
            body.extend(format!("# {name}\n").bytes());
            ledger.versions.push(Version {
                name: name.parse().unwrap(),
                description: format!("{product} as of {name}"),
                origin: Origin::Released {
                    digest: Digest::of(&body),
                    bump: compute_catalog::product::Bump::Minor,
                    note: "test".to_owned(),
                    impact: Vec::new(),
                },
            });
            fs::write(folder.join(format!("{name}.yaml")), body).unwrap();
            fs::write(path, ledger.write().unwrap()).unwrap();
        }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{path} holds no {from:?}");
        fs::write(self.path(path), text.replacen(from, to, 1)).unwrap();
    }

    pub fn desired(&self, environment: &str) -> Desired {
        let key: Key = environment.parse().unwrap();
        let workspace = Workspace::containing(self.folder.path()).unwrap();
        let repository = Repository::read(workspace).unwrap();
        repository.desired(&key).unwrap()
    }

    /// The program, about to run here against a server; nothing of this machine's AWS
    /// configuration reaches it.
    pub fn publisher(&self, endpoint: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_publisher"));
        command.args(arguments);
        if !endpoint.is_empty() {
            command.args(["--endpoint-url", endpoint]);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        command
            .env("AWS_CONFIG_FILE", self.path("aws-config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("aws-credentials"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, endpoint: &str, arguments: &[&str]) -> Ran {
        Ran::of(self.publisher(endpoint, arguments).output().unwrap())
    }
}

impl Ran {
    pub fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
>>>>>>> main
        }
    }
}
