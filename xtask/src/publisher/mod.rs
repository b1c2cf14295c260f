//! The publisher: a program of its own, so that the commands of every day never compile the AWS
//! SDK. It is built when a command needs it, and started with the same arguments.

mod look;

use crate::console;
use crate::workspace::Workspace;
use look::Look;
use serde::Deserialize;
use std::error::Error;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

/// How long a build may take before a person is told what goes on.
const PATIENCE: Duration = Duration::from_secs(1);

/// Builds the publisher and runs it with this process's arguments.
///
/// # Errors
/// Cargo or the publisher can't be started, or the publisher doesn't build.
pub fn start(workspace: &Workspace) -> Result<ExitCode, Box<dyn Error>> {
    let root = workspace.root();
    let unchanged = Look::last(root).and_then(|look| look.into_program(root));
    let mut publisher = Command::new(match unchanged {
        Some(program) => program,
        None => build(workspace)?,
    });
    publisher.args(std::env::args_os().skip(1));
    run(publisher)
}

/// Becomes the publisher: ^C reaches the one process that knows how to stop.
#[cfg(unix)]
fn run(mut publisher: Command) -> Result<ExitCode, Box<dyn Error>> {
    use std::os::unix::process::CommandExt;
    Err(publisher.exec().into())
}

/// Runs the publisher.
#[cfg(not(unix))]
fn run(mut publisher: Command) -> Result<ExitCode, Box<dyn Error>> {
    let status = publisher.status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    // Ended by a signal: part-way, and resumable.
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// Builds the publisher where that is due, and says so where it takes a while. Answers where it is.
fn build(workspace: &Workspace) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--locked", "--package", workspace.publisher()])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(workspace.root())
        .stdout(Stdio::piped());
    // What `cargo run` tells this program would look to crates such as ring like another build than
    // that of plain cargo: each would compile them anew after the other.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_of_cargo_run) {
            command.env_remove(name);
        }
    }
    // The first build takes minutes, of which cargo itself tells best.
    let is_first = !is_built(workspace.publisher());
    if !is_first {
        command.arg("--quiet");
    }
    let name = workspace.publisher();
    let failed =
        format!("the publisher doesn't build\n  hint: `cargo build --package {name}` says why");
    let began = SystemTime::now();
    let mut cargo = command.spawn()?;
    let messages = read(&mut cargo, is_first)?;
    if !cargo.wait()?.success() {
        return Err(failed.into());
    }
    let program = messages.lines().find_map(|message| program(message, name));
    let program = program.ok_or(failed)?;
    // Where it can't be kept, the next command asks cargo again.
    let _ = Look::new(workspace.root(), began, &program).and_then(|look| look.keep());
    Ok(program)
}

/// Whether `cargo run` sets a variable for the program that it starts, and no person does.
/// <https://doc.rust-lang.org/cargo/reference/environment-variables.html#environment-variables-cargo-sets-for-crates>
fn is_of_cargo_run(name: &str) -> bool {
    let of_crate = [
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
        "CARGO_CRATE_",
        "CARGO_BIN_",
    ];
    of_crate.iter().any(|begin| name.starts_with(begin))
        || ["CARGO", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

/// Whether the publisher stands beside this program, from an earlier build.
fn is_built(name: &str) -> bool {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe().is_ok_and(|path| path.with_file_name(name).is_file())
}

/// All that cargo says of what it has built. A person who waits for it longer learns what for.
fn read(cargo: &mut Child, is_first: bool) -> Result<String, Box<dyn Error>> {
    let Some(mut out) = cargo.stdout.take() else {
        return Ok(String::new());
    };
    let (done, waiting) = channel();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        let read = out.read_to_string(&mut text).map(|_| text);
        // Nobody waits any more where the other side has failed.
        let _ = done.send(read);
    });
    let read = match waiting.recv_timeout(PATIENCE) {
        Ok(read) => read,
        Err(RecvTimeoutError::Timeout) => {
            console::progress(match is_first {
                true => {
                    "Building the publisher, and the AWS SDK with it: this first time takes some minutes."
                }
                false => "Building the publisher.",
            });
            waiting.recv()?
        }
        Err(error @ RecvTimeoutError::Disconnected) => return Err(error.into()),
    };
    let _ = reader.join();
    Ok(read?)
}

/// What cargo says of a thing that it has built.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// The publisher's path, where a message of cargo's names it.
fn program(message: &str, name: &str) -> Option<PathBuf> {
    let artifact: Artifact = serde_json::from_str(message).ok()?;
    artifact.executable.filter(|_| artifact.target.name == name)
}
