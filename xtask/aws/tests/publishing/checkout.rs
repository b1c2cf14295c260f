//! A small repository in a folder of its own, and the real program run in it.

use crate::world::World;
use compute_catalog::digest::Digest;
use compute_catalog::product::Key;
use compute_catalog::publish::Desired;
use compute_catalog::release::{Ledger, Origin, Version};
use publisher::{Repository, seed_local};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use xtask::built::BuiltProducts;
use xtask::generated;
use xtask::portfolios::StackInputs;
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
            if RELEASED.contains(&name.as_str()) {
                keep_first_release(&history);
            } else if history.is_dir() {
                fs::remove_dir_all(history).unwrap();
            }
        }
        checkout.generate();
        checkout
    }

    /// Everything that this repository offers.
    pub fn whole() -> Checkout {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
        let root = root.unwrap();
        let folder = TempDir::new().unwrap();
        let to = folder.path();
        for part in ["products", "portfolios"] {
            copy(&root.join(part), &to.join(part));
        }
        fs::create_dir(to.join("vendor")).unwrap();
        let provenance = "vendor/PROVENANCE.toml";
        fs::copy(root.join(provenance), to.join(provenance)).unwrap();
        let checkout = Checkout { folder };
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
    pub async fn seed_local(&self, world: &World, others: &[&str]) {
        let workspace = Workspace::containing(self.folder.path()).unwrap();
        let repository = Repository::read(workspace).unwrap();
        for account in std::iter::once("123456789012").chain(others.iter().copied()) {
            let session = world.session_of(account).await;
            seed_local(&session, &repository, &"local".parse().unwrap())
                .await
                .unwrap();
        }
    }

    /// Writes what the stacks are reviewed as.
    pub fn generate(&self) {
        let workspace = Workspace::containing(self.folder.path()).unwrap();
        let catalog = BuiltProducts::load(&workspace, &[]).unwrap();
        let around = StackInputs::load(&workspace, &catalog).unwrap();
        for stack in around.stacks().unwrap().all {
            let (file, text) = generated::stack(&stack).unwrap();
            workspace.write(&file, text.as_bytes()).unwrap();
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

    /// Freezes another body as the first version of a product.
    pub fn refreeze(&self, product: &str, edits: &[(&str, &str)]) {
        let folder = format!("products/{product}/history");
        let file = format!("{folder}/v2.0.0.yaml");
        for (from, to) in edits {
            self.replace(&file, from, to);
        }
        let path = self.path(&format!("{folder}/versions.yaml"));
        let text = fs::read_to_string(&path).unwrap();
        let mut ledger = Ledger::read("versions.yaml", &text).unwrap();
        let Origin::Released { digest, .. } = &mut ledger.versions[0].origin else {
            panic!("{product} has released no version");
        };
        *digest = Digest::of(&fs::read(self.path(&file)).unwrap());
        fs::write(path, ledger.write().unwrap()).unwrap();
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

/// Whatever has been released since: the first release of ours is enough.
fn keep_first_release(history: &Path) {
    let path = history.join("versions.yaml");
    let mut ledger = Ledger::read("versions.yaml", &fs::read_to_string(&path).unwrap()).unwrap();
    ledger
        .versions
        .retain(|version| version.name.to_string() == "v2.0.0");
    assert_eq!(ledger.versions.len(), 1);
    // What these tests publish is one version, whether or not it can be launched in AWS.
    ledger.barred.clear();
    fs::write(path, ledger.write().unwrap()).unwrap();
    for entry in fs::read_dir(history).unwrap() {
        let entry = entry.unwrap();
        if !["versions.yaml", "v2.0.0.yaml"].contains(&entry.file_name().to_str().unwrap()) {
            fs::remove_file(entry.path()).unwrap();
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
        }
    }
}
