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
    "legacy.json",
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
        let done = xtask::generate::run(
            &self.workspace,
            &GenerateArgs {
                check,
                format: xtask::cli::Format::Text,
            },
        )
        .unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }

    pub fn check(&self) {
        let args = CheckArgs {
            targets: Vec::new(),
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
            unrehearsed: false,
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
    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

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
        }
    }
}
