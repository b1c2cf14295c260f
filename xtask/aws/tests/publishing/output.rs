//! What the program prints: colour for who asks, and no word to a reader that went away.

use crate::checkout::Checkout;
use crate::world::World;
use local_aws::Faults;
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
    for command in ["plan", "status", "preflight", "diff"] {
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
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&ran.out);
            assert!(parsed.is_ok(), "{arguments:?}: {parsed:?}\n{}", ran.err);
        }
    }
}
