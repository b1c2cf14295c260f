//! What a program shows in a terminal of some width, with colour and without, as text.

use std::path::Path;
use std::process::Command;

/// A program that is to be run in a folder.
pub struct Recording<'a> {
    pub program: &'a Path,
    pub arguments: &'a [&'a str],
    pub folder: &'a Path,
}

/// The widths of terminals: the one that is everywhere, and a narrow one.
const WIDTHS: [usize; 2] = [80, 60];

impl Recording<'_> {
    /// What it shows in each width, without colour and with it: escapes are shown as `␛`.
    pub fn text(&self) -> String {
        let mut out = format!("$ cargo xtask {}\n", self.arguments.join(" "));
        for columns in WIDTHS {
            let plain = self.shown(columns, false);
            let long = plain.lines().find(|line| is_wrapped_badly(line, columns));
            assert_eq!(long, None, "{columns} columns:\n{plain}");
            assert!(!plain.contains('\u{1b}'), "NO_COLOR:\n{plain}");
            out.push_str(&format!("=== {columns} columns\n{plain}"));
        }
        for columns in WIDTHS {
            let colour = self.shown(columns, true);
            let without = anstream::adapter::strip_str(&colour).to_string();
            assert_eq!(
                without,
                self.shown(columns, false),
                "colour changes no word"
            );
            out.push_str(&format!(
                "=== {columns} columns, in colour\n{}",
                colour.replace('\u{1b}', "␛")
            ));
        }
        out
    }

    fn shown(&self, columns: usize, is_coloured: bool) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = script
            .ancestors()
            .find(|one| one.join("generated").is_dir());
        let mut command = Command::new("python3");
        command
            .arg(root.unwrap().join("xtask/tests/terminal/record.py"))
            .arg(columns.to_string())
            .arg(self.program)
            // What goes on is told by the clock.
            .arg("--quiet")
            .args(self.arguments)
            .current_dir(self.folder)
            .env("TERM", "xterm-256color");
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "CI"] {
            command.env_remove(name);
        }
        // Nothing of this machine's AWS configuration reaches it.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            command.env(name, self.folder.join("none"));
        }
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        if !is_coloured {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, "", "python3 fails");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Whether a line is longer than its terminal and has a blank at which it could end: what is one word
/// stays one.
fn is_wrapped_badly(line: &str, columns: usize) -> bool {
    line.chars().count() > columns
        && line
            .trim()
            .chars()
            .take(columns - 10)
            .any(char::is_whitespace)
}
