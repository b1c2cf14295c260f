//! A machine to boot in a test: a folder with the boot files as cfn-init would lay
//! them, and stand-ins for the programs that reach outside, first on PATH. The
//! stand-ins note each call, so that a test can say what a script did to the machine.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the crate, where the boot files are.
pub const PRODUCTS: &str = env!("CARGO_MANIFEST_DIR");

/// sha256 of "package\n", which the stand-in for curl delivers.
pub const PACKAGE: &str = "4e9416efcf77b84013f263e1f9008c656861298be5aabc82f458e6e47c60d9ff";

const RECORDED: [&str; 7] = [
    "cfn-signal",
    "dnf",
    "apt-get",
    "rpm",
    "sleep",
    "systemctl",
    "usermod",
];

pub struct Machine {
    root: PathBuf,
}

impl Machine {
    /// A fresh machine with the shared boot scripts, those of `product`, and `env` as
    /// its stack.env.
    pub fn new(test: &str, product: &str, env: &[(&str, &str)]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        for folder in ["bin", "opt", "fail"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let products = Path::new(PRODUCTS);
        for folder in ["shared/boot/linux".to_owned(), format!("{product}/files")] {
            for file in fs::read_dir(products.join(folder)).unwrap() {
                let file = file.unwrap().path();
                fs::copy(&file, root.join("opt").join(file.file_name().unwrap())).unwrap();
            }
        }
        for stub in fs::read_dir(products.join("tests/products/boot/machine/stubs")).unwrap() {
            let stub = stub.unwrap().path();
            let target = root.join("bin").join(stub.file_name().unwrap());
            fs::copy(&stub, &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for program in RECORDED {
            symlink("record", root.join("bin").join(program)).unwrap();
        }
        let machine = Self { root };
        machine.write("calls", "");
        machine.write("architecture", "x86_64\n");
        machine.write("opt/cloudwatch-agent.json", "{}");
        machine.stack_env(env);
        machine
    }

    /// Writes stack.env anew, as a metadata update does.
    pub fn stack_env(&self, env: &[(&str, &str)]) {
        let mut text = format!(
            "BOOT_LOG={}\nINSTANCE_ENV_FILE={}\nAWS_REGION=us-east-1\nSTACK_NAME=SC-1-pp-1\n\
             STACK_ID=arn:aws:cloudformation:us-east-1:123456789012:stack/SC-1-pp-1/uuid\n",
            self.path("boot.log").display(),
            self.path("etc/instance_env_vars.sh").display(),
        );
        for (key, value) in env {
            text.push_str(&format!("{key}={value}\n"));
        }
        self.write("opt/stack.env", &text);
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    /// The file's text; empty where there is none.
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }

    /// From now on `program` fails when its arguments match `pattern`.
    pub fn break_program(&self, program: &str, pattern: &str) {
        self.write(&format!("fail/{program}"), pattern);
    }

    pub fn repair(&self, program: &str) {
        fs::remove_file(self.path(&format!("fail/{program}"))).unwrap();
    }

    /// From now on `program` is this script; the stand-in that it replaces is `PROGRAM-of-the-test`.
    pub fn replace_program(&self, program: &str, script: &str) {
        let path = self.path(&format!("bin/{program}"));
        fs::rename(&path, path.with_file_name(format!("{program}-of-the-test"))).unwrap();
        fs::write(&path, format!("#!/bin/bash\n{script}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a script with bash; gives whether it succeeded, and the calls it made.
    pub fn run(&self, script: &str, arguments: &[&str]) -> (bool, Vec<String>) {
        self.write("calls", "");
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        let output: Output = Command::new("bash")
            .arg(self.path(script))
            .args(arguments)
            .env_clear()
            .env("PATH", path)
            .env("MACHINE", &self.root)
            .output()
            .unwrap();
        print!("{}", String::from_utf8_lossy(&output.stderr));
        (
            output.status.success(),
            self.read("calls").lines().map(str::to_owned).collect(),
        )
    }

    /// As [`run`](Self::run), for a script that must succeed.
    pub fn boot(&self, script: &str) -> Vec<String> {
        let (success, calls) = self.run(&format!("opt/{script}"), &[]);
        assert!(success, "{script} failed:\n{}", self.read("boot.log"));
        calls
    }

    /// As [`run`](Self::run), for a script that must fail.
    pub fn fails(&self, script: &str) -> Vec<String> {
        let (success, calls) = self.run(&format!("opt/{script}"), &[]);
        assert!(!success, "{script} succeeded:\n{}", self.read("boot.log"));
        calls
    }
}

/// The calls that start with `prefix`.
pub fn starting<'a>(calls: &'a [String], prefix: &str) -> Vec<&'a str> {
    calls
        .iter()
        .map(String::as_str)
        .filter(|call| call.starts_with(prefix))
        .collect()
}
