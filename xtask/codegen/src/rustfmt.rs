//! Formats generated code with the toolchain's own `rustfmt`, so that it passes
//! `cargo fmt --check` like the code that people write.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::vendored::Error;

/// The files, formatted with the options in `configuration`.
///
/// # Errors
/// `rustfmt` can't be started, or finds that a file isn't Rust.
pub fn format(
    files: BTreeMap<String, String>,
    configuration: &Path,
) -> Result<BTreeMap<String, String>, Error> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let files: Vec<(String, String)> = files.into_iter().collect();
    let share = files.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = files
            .chunks(share)
            .map(|chunk| {
                scope.spawn(move || -> Result<Vec<(String, String)>, Error> {
                    chunk
                        .iter()
                        .map(|(path, source)| {
                            Ok((path.clone(), one(path, source, Some(configuration))?))
                        })
                        .collect()
                })
            })
            .collect();
        let mut formatted = BTreeMap::new();
        for worker in running {
            let done = worker
                .join()
                .map_err(|_| Error::new("formatting of generated code was cut short"))?;
            formatted.extend(done?);
        }
        Ok(formatted)
    })
}

/// One file.
///
/// # Errors
/// As [`format`].
pub fn one(path: &str, source: &str, configuration: Option<&Path>) -> Result<String, Error> {
    let failed = || Error::new(format!("rustfmt can't format the generated {path}"));
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024"]);
    if let Some(configuration) = configuration {
        command.arg("--config-path").arg(configuration);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|cause| {
            failed()
                .cause(cause)
                .hint("`rustup component add rustfmt` installs it")
        })?;
    let Some(mut input) = child.stdin.take() else {
        return Err(failed().cause("it takes no input"));
    };
    // rustfmt reads all of its input before it writes, so neither side waits for the other.
    let written = input.write_all(source.as_bytes());
    drop(input);
    let output = child
        .wait_with_output()
        .map_err(|cause| failed().cause(cause))?;
    if !output.status.success() {
        return Err(failed().cause(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    written.map_err(|cause| failed().cause(cause))?;
    String::from_utf8(output.stdout).map_err(|cause| failed().cause(cause))
}
