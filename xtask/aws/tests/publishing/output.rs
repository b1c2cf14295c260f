//! What the program prints: colour for who asks, and no word to a reader that went away.

use crate::checkout::{Checkout, Ran};
use crate::world::World;
use local_aws::Faults;
use serde_json::Value;
use std::process::Stdio;

#[test]
fn a_reader_that_goes_away_ends_every_command_without_a_word_and_before_anything_is_changed() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    for command in [
        &["plan"][..],
        &["plan", "--format", "json"],
        &["status"],
        &["status", "--format", "json"],
        &["preflight"],
        &["preflight", "--format", "json"],
        &["diff", "--env", "local"],
        &["publish"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut program = checkout.publisher(world.server.endpoint(), command);
        let output = program
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{command:?}");
        assert_eq!(output.status.code(), Some(141), "{command:?}");
    }
    assert_eq!(world.changes(), Vec::<String>::new());
}

#[test]
fn errors_and_hints_are_in_colour_for_terminals_and_for_who_asks() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let said = |arguments: &[&str], no_color: &str| {
        let mut program = checkout.publisher(world.server.endpoint(), arguments);
        let program = program
            .env("NO_COLOR", no_color)
            .env_remove("CLICOLOR_FORCE");
        String::from_utf8(program.output().unwrap().stderr).unwrap()
    };
    let unknown = ["plan", "--env", "loca"];
    let plain = said(&unknown, "");
    assert!(plain.starts_with("error: "), "{plain}");
    assert!(!plain.contains('\u{1b}'), "{plain}");
    assert_eq!(said(&unknown, "1"), plain);
    let colour = said(&["--color", "always", "plan", "--env", "loca"], "1");
    assert!(colour.starts_with("\u{1b}["), "{colour:?}");
    assert!(colour.contains("  \u{1b}[1m\u{1b}[36mhint:"), "{colour:?}");
    let never = said(&["--color", "never", "plan", "--env", "loca"], "");
    assert_eq!(never, plain);
}

#[test]
fn json_is_one_document() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let published = checkout.run(world.server.endpoint(), &["publish"]);
    assert_eq!(published.code, Some(0), "{}", published.err);
    for command in ["plan", "status", "preflight", "diff", "fleet"] {
        for environments in [
            &["--env", "local"][..],
            &["--env", "local", "--env", "local"],
        ] {
            // A comparison has one environment on a side.
            if command == "diff" && environments.len() > 2 {
                continue;
            }
            let arguments = [&[command, "--format", "json"], environments].concat();
            let ran = checkout.run(world.server.endpoint(), &arguments);
            checked(&arguments, &ran);
        }
    }
}

/// What was printed, as one document of the form that its schema says.
fn checked(arguments: &[&str], ran: &Ran) -> Value {
    let document: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}{}", ran.out, ran.err));
    let command = document["command"].as_str().unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join(format!("generated/schemas/json/{command}.json"));
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{arguments:?}: {}", errors.join("\n"));
    document
}

#[test]
fn what_fails_is_a_document_with_the_exit_code() {
    let checkout = Checkout::new();
    for command in ["plan", "status", "preflight", "diff", "fleet"] {
        let arguments = [command, "--env", "local", "--format", "json"];
        let ran = checkout.run("http://127.0.0.1:9", &arguments);
        assert_eq!(ran.code, Some(3), "{command}: {}", ran.err);
        let document = checked(&arguments, &ran);
        assert_eq!(document["error"]["exit"], 3, "{document}");
        let arguments = [command, "--env", "loca", "--format", "json"];
        let ran = checkout.run("http://127.0.0.1:9", &arguments);
        assert_eq!(ran.code, Some(2), "{command}: {}", ran.err);
        let document = checked(&arguments, &ran);
        let message = document["error"]["message"].as_str().unwrap();
        assert!(message.contains("loca"), "{document}");
    }
}

#[test]
fn a_plan_tells_what_blocks_it_as_a_document_too() {
    let world = World::new(Faults::default());
    let checkout = Checkout::new();
    let published = checkout.run(world.server.endpoint(), &["publish"]);
    assert_eq!(published.code, Some(0), "{}", published.err);
    let arguments = ["plan", "--format", "json"];
    let ran = checkout.run(world.server.endpoint(), &arguments);
    let document = checked(&arguments, &ran);
    let plan = &document["result"][0];
    assert_eq!(plan["plan"]["environment"], "local", "{document}");
    assert_eq!(plan["plan"]["steps"], serde_json::json!([]), "{document}");
    assert_eq!(plan["blockers"], serde_json::json!([]), "{document}");
}
