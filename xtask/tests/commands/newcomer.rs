//! A new organization: from an empty folder to released products of its own and of its hand-written
//! templates.

use crate::checkout::root;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

/// The commands of a repository, as a person there runs them.
struct Newcomer<'f> {
    folder: &'f Path,
    target: PathBuf,
}

impl Newcomer<'_> {
    /// Runs a command, and answers its exit code and all that it says.
    fn ran(&self, arguments: &[&str]) -> (i32, String) {
        let began = Instant::now();
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO"))
            .arg("xtask")
            .args(arguments)
            .current_dir(self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .output()
            .unwrap();
        let took = began.elapsed().as_secs_f64();
        println!("{took:6.1} s  cargo xtask {}", arguments.join(" "));
        let told = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        (status.code().unwrap(), told)
    }

    /// Runs a command that has to succeed.
    fn run(&self, arguments: &[&str]) -> String {
        let (code, told) = self.ran(arguments);
        assert_eq!(code, 0, "{arguments:?}:\n{told}");
        told
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let path = self.folder.join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
}

/// What the imported function may do has to be in the boundary too: `check` says so.
const QUEUES: &str = "  - sid: Queues
    reason: functions read the queue of their product
    actions: [sqs:DeleteMessage, sqs:ReceiveMessage]
    resources: [\"*\"]

# As whom each";

#[test]
#[ignore = "compiles a repository: some minutes"]
fn hand_written_templates_are_released_from_an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    let acme = folder.path().join("acme");
    let account = ["--account", "210987654321", "--region", "eu-central-1"];
    let init = ["init", acme.to_str().unwrap(), "--organization", "Acme"];
    let made = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([&init[..], &account[..]].concat())
        .current_dir(root())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{told}");
    let newcomer = Newcomer {
        folder: &acme,
        target: std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root().join("target"), PathBuf::from),
    };
    newcomer.run(&["new", "product", "nightly", "--kind", "job"]);
    for key in ["team-database", "team-queue", "team-machine"] {
        let file = root()
            .join("tests/newcomer")
            .join(key)
            .join("imported.yaml");
        newcomer.run(&["import", file.to_str().unwrap(), "--product", key]);
    }
    newcomer.run(&["generate"]);

    // What no template says is found before anything is released.
    let (code, found) = newcomer.ran(&["check"]);
    assert_eq!(code, 1, "{found}");
    assert!(found.contains("the boundary keeps from it"), "{found}");
    newcomer.replace("portfolios/foundation.yaml", "\n# As whom each", QUEUES);
    newcomer.run(&["generate"]);
    newcomer.run(&["check"]);

    let role = |key: &str| {
        let path = acme.join(format!("generated/launch-roles/{key}.yaml"));
        fs::read_to_string(path).unwrap()
    };
    let (database, queue) = (role("team-database"), role("team-queue"));
    assert!(database.contains("rds:CreateDBInstance"), "{database}");
    assert!(queue.contains("sqs:CreateQueue"), "{queue}");
    assert!(!queue.contains("rds:"), "{queue}");
    let told = fs::read_to_string(acme.join("generated/launch-roles.md")).unwrap();
    assert!(
        told.contains("nobody has reviewed the handlers of AWS::RDS::DBInstance"),
        "{told}"
    );

    let release = |key: &str, further: &[&str]| {
        let first = ["release", key, "--bump", "major", "--note", "First version"];
        newcomer.ran(&[&first[..], further].concat())
    };
    let (code, told) = release("nightly", &[]);
    assert_eq!(code, 0, "{told}");
    // Nobody has said what a database does in an account: a release without a rehearsal is asked for.
    let (code, told) = release("team-database", &[]);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("--unrehearsed"), "{told}");
    for key in ["team-database", "team-queue", "team-machine"] {
        let (code, told) = release(key, &["--unrehearsed"]);
        assert_eq!(code, 0, "{told}");
    }
    newcomer.run(&["generate", "--check"]);

    let published = newcomer.run(&["publish"]);
    assert!(published.contains("team-database"), "{published}");
    newcomer.run(&["plan", "--detailed-exit"]);
    newcomer.run(&["publish"]);

    newcomer.replace(
        "products/team-database/settings.yaml",
        "gibibytes: 20",
        "gibibytes: 40",
    );
    newcomer.run(&["generate"]);
    let (code, differences) = newcomer.ran(&["diff", "--fail-on", "change"]);
    assert_eq!(code, 1, "{differences}");
    assert!(differences.contains("Gibibytes"), "{differences}");
}
