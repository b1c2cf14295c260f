//! Another organization: from an empty folder to products that follow every rule.

use crate::checkout::{self, Ran, root};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use xtask::cli::{CheckArgs, CheckFormat, Format, GenerateArgs};
use xtask::start::kind::Kind;
use xtask::workspace::Workspace;

/// A repository that `init` made.
struct Repository {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

fn xtask(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Ran { code, out, err } = checkout::xtask(folder, arguments, &[]);
    (code, out, err)
}

impl Repository {
    fn new() -> Repository {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("acme");
        let to = to.to_str().unwrap();
        let arguments = ["init", to, "--organization", "Acme \"Research\""];
        let account = ["--account", "210987654321", "--region", "eu-central-1"];
        let (code, _, told) = xtask(root(), &[&arguments[..], &account[..]].concat());
        assert_eq!(code, 0, "{told}");
        Repository {
            root: folder.path().join("acme"),
            _folder: folder,
        }
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Its folder, with models of these kinds.
    fn with(&self, products: &[(Kind, &str)]) -> Workspace {
        let products = products.iter();
        let products = products.map(|(kind, key)| kind.product(key.parse().unwrap()));
        Workspace::of(&self.root, products.collect(), "").unwrap()
    }
}

fn generate(workspace: &Workspace, check: bool) -> ExitCode {
    let args = GenerateArgs {
        check,
        format: Format::Text,
    };
    xtask::generate::run(workspace, &args).unwrap()
}

fn check(workspace: &Workspace) -> ExitCode {
    let args = CheckArgs {
        targets: Vec::new(),
        format: CheckFormat::Text,
    };
    xtask::check::run(workspace, &args).unwrap()
}

#[test]
fn a_new_repository_stands_with_a_released_product() {
    let repository = Repository::new();
    let workspace = repository.with(&[(Kind::Bucket, "private-bucket")]);
    assert_eq!(generate(&workspace, true), ExitCode::SUCCESS);
    assert_eq!(check(&workspace), ExitCode::SUCCESS);
    let body = repository.read("products/private-bucket/history/v1.0.0.yaml");
    assert!(body.contains("AWS::S3::Bucket"), "{body}");
    let roles = repository.read("generated/launch-roles/private-bucket.yaml");
    assert!(roles.contains("s3:CreateBucket"), "{roles}");
    let manifest = repository.read("Cargo.toml");
    let path = format!("{}\"", root().join("xtask/aws").display());
    assert!(manifest.contains("acme-research-products = "), "{manifest}");
    assert!(manifest.contains("xtask/aws\""), "{manifest} {path}");
    let environment = repository.read("portfolios/environments/prod.yaml");
    assert!(environment.contains("account: \"210987654321\"\nregion: eu-central-1"));
    // Cargo finds everything where the manifests say.
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--offline",
            "--no-deps",
            "--format-version",
            "1",
        ])
        .current_dir(&repository.root)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&metadata.stderr);
    assert!(metadata.status.success(), "{told}");
}

#[test]
fn a_product_of_each_kind_follows_every_rule() {
    let repository = Repository::new();
    for (kind, key) in [
        ("job", "nightly"),
        ("machine", "bench"),
        ("empty", "blank"),
        ("bucket", "another"),
    ] {
        let arguments = ["new", "product", key, "--kind", kind];
        let (code, out, told) = xtask(&repository.root, &arguments);
        assert_eq!((code, told.as_str()), (0, ""), "{out}");
        assert!(
            out.contains(&format!("wrote products/{key}/mod.rs\n")),
            "{out}"
        );
    }
    let workspace = repository.with(&[
        (Kind::Bucket, "another"),
        (Kind::Machine, "bench"),
        (Kind::Empty, "blank"),
        (Kind::Job, "nightly"),
        (Kind::Bucket, "private-bucket"),
    ]);
    assert_eq!(generate(&workspace, false), ExitCode::SUCCESS);
    for product in workspace.products() {
        let args = xtask::cli::ReleaseArgs {
            key: product.key().clone(),
            bump: xtask::cli::BumpArg::Major,
            note: "First version".to_owned(),
            unrehearsed: false,
        };
        if product.key().as_str() != "private-bucket" {
            let released = xtask::release::run(&workspace, &args).unwrap();
            assert_eq!(released, ExitCode::SUCCESS);
        }
    }
    assert_eq!(generate(&workspace, false), ExitCode::SUCCESS);
    assert_eq!(check(&workspace), ExitCode::SUCCESS);
    let list = repository.read("products/lib.rs");
    let order: Vec<usize> = ["another", "bench", "blank", "nightly", "private_bucket"]
        .iter()
        .map(|module| list.find(&format!("Typed::<{module}::")).unwrap())
        .collect();
    assert!(order.is_sorted(), "{list}");
}

#[test]
fn files_for_an_engine_have_their_place_their_role_and_their_engine() {
    let repository = Repository::new();
    let arguments = ["new", "product", "team-store", "--kind", "external"];
    let (code, out, told) = xtask(&repository.root, &arguments);
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    let foundation = repository.read("portfolios/foundation.yaml");
    assert_eq!(
        foundation.matches("externalEngine:").count(),
        1,
        "{foundation}"
    );
    // A second one of the same engine.
    let arguments = ["new", "product", "team-other", "--kind", "external"];
    assert_eq!(xtask(&repository.root, &arguments).0, 0);
    let foundation = repository.read("portfolios/foundation.yaml");
    assert_eq!(
        foundation.matches("externalEngine:").count(),
        1,
        "{foundation}"
    );
    let workspace = repository.with(&[(Kind::Bucket, "private-bucket")]);
    assert_eq!(generate(&workspace, false), ExitCode::SUCCESS);
    assert_eq!(check(&workspace), ExitCode::SUCCESS);
    let args = xtask::cli::ReleaseArgs {
        key: "team-store".parse().unwrap(),
        bump: xtask::cli::BumpArg::Major,
        note: "First version".to_owned(),
        unrehearsed: false,
    };
    let released = xtask::release::run(&workspace, &args).unwrap();
    assert_eq!(released, ExitCode::SUCCESS);
    assert!(
        repository
            .root
            .join("products/team-store/history/v1.0.0.tar.gz")
            .is_file()
    );
    assert_eq!(generate(&workspace, true), ExitCode::SUCCESS);
}

#[test]
fn what_is_there_stays_as_it_is() {
    let repository = Repository::new();
    let before = repository.read("products/lib.rs");
    let (code, _, told) = xtask(&repository.root, &["new", "product", "private-bucket"]);
    assert_eq!(code, 1);
    assert!(
        told.contains("products/private-bucket is there already"),
        "{told}"
    );
    let folder = repository.root.to_str().unwrap();
    let again = ["init", folder, "--organization", "Other"];
    let (code, _, told) = xtask(root(), &again);
    assert_eq!(code, 1);
    assert!(told.contains("isn't empty"), "{told}");
    let unknown = ["new", "product", "x", "--portfolio", "nobodys"];
    let (code, _, told) = xtask(&repository.root, &unknown);
    assert_eq!(code, 2, "{told}");
    assert!(!repository.root.join("products/x").exists());
    assert_eq!(repository.read("products/lib.rs"), before);
}
