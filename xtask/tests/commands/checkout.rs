//! A copy of the repository's data in a temporary folder, and the program run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub struct Checkout {
    folder: tempfile::TempDir,
}

/// What a command printed, and how it ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The program, run in a folder on a machine whose environment has these variables.
pub fn xtask(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap();
    Ran {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

impl Checkout {
    /// All of the repository, to be built.
    ///
    /// It is another version: cargo names what it builds of a crate without regard to where the
    /// workspace lies, and a copy of the same version would replace what the tests were linked with.
    pub fn whole() -> Checkout {
        let folder = tempfile::tempdir().unwrap();
        copy(root(), folder.path());
        let checkout = Checkout { folder };
        let version = format!("version = \"{}\"\n", env!("CARGO_PKG_VERSION"));
        let copied = format!("version = \"{}-copy\"\n", env!("CARGO_PKG_VERSION"));
        checkout.replace("Cargo.toml", &version, &copied);
        // Crates of the workspace are those that come from nowhere.
        let lock = checkout.read("Cargo.lock");
        let packages =
            lock.split_inclusive("\n\n")
                .map(|package| match package.contains("\nsource = ") {
                    true => package.to_owned(),
                    false => package.replacen(&version, &copied, 1),
                });
        checkout.write("Cargo.lock", &packages.collect::<String>());
        checkout
    }

    /// Builds and runs the program of a copy that is whole: what it says, where all goes well.
    pub fn build_and_run(&self, arguments: &[&str]) -> String {
        // The dependencies are built there already.
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root().join("target"), PathBuf::from);
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--locked", "--package", "xtask", "--"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", target)
            .output()
            .unwrap();
        let told = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        assert!(status.success(), "{arguments:?}:\n{told}");
        told
    }

    /// What the commands read and write.
    pub fn new() -> Checkout {
        let root = root();
        let folder = tempfile::tempdir().unwrap();
        for part in [
            ".github",
            "generated",
            "portfolios",
            "products",
            "schemas",
            "src/portfolio/launch_role",
            "src/resource",
            "vendor",
        ] {
            copy(&root.join(part), &folder.path().join(part));
        }
        fs::copy(
            root.join("rustfmt.toml"),
            folder.path().join("rustfmt.toml"),
        )
        .unwrap();
        Checkout { folder }
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} holds no {from:?}");
        self.write(path, &text.replacen(from, to, 1));
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_as(arguments, &[])
    }

    /// Runs a command on a machine whose environment has these variables.
    pub fn run_as(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        xtask(self.folder.path(), arguments, environment)
    }

    /// Every file with its bytes, to show that nothing was written.
    pub fn snapshot(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.folder.path(), &mut files);
        files.sort();
        files
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_name().to_str() {
            Some("target" | ".git") => {}
            _ if entry.path().is_dir() => copy(&entry.path(), &target),
            _ => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
}
