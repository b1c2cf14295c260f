//! Runs the functions that templates hold, with stand-ins for AWS.

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

mod listener_rule;
mod templates;

/// A function of a template, with its environment variables and AWS's answers to it.
pub struct Function {
    file: &'static str,
    environment: Value,
    answers: Value,
}

/// What a function did.
pub struct Run {
    /// What each event's handler returned.
    pub results: Vec<Value>,
    /// Its calls of AWS: operation and arguments.
    pub calls: Vec<(String, Value)>,
    /// What it told CloudFormation.
    pub sent: Vec<Value>,
}

impl Run {
    /// The arguments of every call of an operation, such as `batch.submit_job`.
    pub fn calls_of(&self, operation: &str) -> Vec<&Value> {
        self.calls
            .iter()
            .filter(|(name, _)| name == operation)
            .map(|(_, arguments)| arguments)
            .collect()
    }
}

impl Function {
    /// The function in this file below `products/`.
    pub fn new(file: &'static str, environment: Value, answers: Value) -> Function {
        Function {
            file,
            environment,
            answers,
        }
    }

    /// Runs its handler on events, in one process as Lambda does. None where there is no Python,
    /// which is said aloud; in continuous integration that is a failure.
    pub fn run(&self, events: &[Value]) -> Option<Run> {
        let products = Path::new(env!("CARGO_MANIFEST_DIR"));
        let functions = products.join("tests/products/functions");
        let started = Command::new("python3")
            .arg("-B")
            .arg(functions.join("driver.py"))
            .arg(products.join(self.file))
            .env("PYTHONPATH", functions.join("stubs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) => {
                assert!(
                    std::env::var_os("CI").is_none(),
                    "python3 can't be run: {error}"
                );
                println!("NOT RUN: {} needs python3 ({error})", self.file);
                return None;
            }
        };
        let request = json!({
            "environment": self.environment, "answers": self.answers, "events": events,
        });
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(request.to_string().as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", self.file);
        let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let calls = serde_json::from_value(report["calls"].take()).unwrap();
        let list = |value: Value| value.as_array().cloned().unwrap();
        Some(Run {
            calls,
            results: list(report["results"].take()),
            sent: list(report["sent"].take()),
        })
    }
}
