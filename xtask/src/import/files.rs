//! Long texts of a template, such as scripts and programs: files of the product's folder.

use super::expression::{LINE, text_within};
use super::scope::Scope;
use codegen::snake;

/// From so many lines on a text is a file.
const LINES: usize = 3;
/// Longer than this, a text that can't be broken into words is a file.
const LONG: usize = 160;

/// How far each key stands in.
const INDENT: usize = 5;

/// Keys that say how a text is written, and not what it is.
const WRITTEN: [&str; 4] = ["content", "Content", "Fn::Base64", "Fn::Sub"];

impl Scope {
    /// Runs something below a key: what a file is named after.
    pub fn within<T>(&self, key: &str, run: impl FnOnce() -> T) -> T {
        self.keys.borrow_mut().push(key.to_owned());
        let done = run();
        self.keys.borrow_mut().pop();
        done
    }

    /// A text of the template: a literal, or the file that it becomes.
    pub fn literal(&self, value: &str) -> String {
        if !is_long(value) {
            // What `rustfmt` finds in a macro has to be as it would write it.
            let room = match self.documents.get() {
                0 => self.line.saturating_sub(self.keys.borrow().len() * INDENT),
                _ if self.line == LINE => usize::MAX,
                _ => self.line,
            };
            return text_within(value, room);
        }
        let path = self.file(value);
        format!("context.own_file({path:?})?")
    }

    /// The files, by their paths in the product's folder.
    pub fn files(&self) -> Vec<(String, String)> {
        let files = self.files.borrow();
        files.iter().map(|(a, b)| (a.clone(), b.clone())).collect()
    }

    fn file(&self, value: &str) -> String {
        let (stem, ending) = self.name(value);
        let mut files = self.files.borrow_mut();
        let mut number = 1;
        loop {
            let path = match number {
                1 => format!("files/{stem}{ending}"),
                _ => format!("files/{stem}-{number}{ending}"),
            };
            let there = files
                .entry(path.clone())
                .or_insert_with(|| value.to_owned());
            if there == value {
                return path;
            }
            number += 1;
        }
    }

    /// What a file is called: as on the machine that it is written to, or after what holds it.
    fn name(&self, value: &str) -> (String, String) {
        let keys = self.keys.borrow();
        let is_path = |key: &&String| key.contains(['/', '\\']) && !key.contains("::");
        let on_machine = keys.iter().rev().find(is_path).and_then(|path| {
            let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
            let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
            (starts && name.chars().all(fits)).then(|| name.to_owned())
        });
        if let Some(name) = on_machine {
            return match name.rsplit_once('.') {
                Some((stem, ending)) => (stem.to_owned(), format!(".{ending}")),
                None => (name, String::new()),
            };
        }
        let mut words: Vec<String> = self.entry_name().iter().map(|id| kebab(id)).collect();
        let told = keys
            .iter()
            .rev()
            .find(|key| !WRITTEN.contains(&key.as_str()));
        words.extend(told.map(|key| kebab(key)));
        (words.join("-"), ending(value).to_owned())
    }
}

fn kebab(name: &str) -> String {
    let fits = |c: char| match c.is_ascii_alphanumeric() {
        true => c,
        false => '-',
    };
    let name: String = name.chars().map(fits).collect();
    snake(&name).trim_start_matches("r#").replace('_', "-")
}

fn is_long(value: &str) -> bool {
    let is_text = |c: char| c == '\n' || c == '\t' || !c.is_control();
    let is_program = value.contains(['"', '\\']) || !value.contains(' ');
    value.chars().all(is_text)
        && (value.lines().count() >= LINES || value.len() > LONG && is_program)
}

/// The ending by which editors know the language. It means nothing else.
fn ending(value: &str) -> &'static str {
    let first = value.lines().next().unwrap_or_default();
    let has = |word: &str| {
        value
            .lines()
            .any(|line| line.trim_start().starts_with(word))
    };
    match value.trim_start() {
        _ if first.starts_with("#!") && first.contains("python") => ".py",
        _ if first.starts_with("#!") => ".sh",
        start if start.starts_with("<powershell>") => ".ps1",
        start if start.starts_with('{') => ".json",
        _ if has("def ") || has("import ") && !value.contains(';') => ".py",
        _ if has("exports.") || has("const ") || has("import ") => ".js",
        _ => ".txt",
    }
}

#[cfg(test)]
mod tests {
    use super::{ending, is_long, kebab};

    #[test]
    fn scripts_are_files_and_sentences_are_not() {
        assert!(is_long("#!/bin/bash\necho\nexit\n"));
        assert!(!is_long("one\ntwo\n"));
        assert!(!is_long(&"many words ".repeat(40)));
        assert!(is_long(&"{\"a\": 1}, ".repeat(40)));
        assert!(
            !is_long("a\r\nb\r\nc\r\n"),
            "editors would change its lines"
        );
    }

    #[test]
    fn a_file_ends_as_its_language_does() {
        for (text, expected) in [
            ("#!/bin/bash\n", ".sh"),
            ("#!/usr/bin/env python3\n", ".py"),
            ("import json\n\ndef handler(event, context):\n", ".py"),
            ("const a = require('a');\nexports.handler = 1\n", ".js"),
            ("{\"a\": 1}", ".json"),
            ("<powershell>\n", ".ps1"),
            ("[main]\nstack=x\n", ".txt"),
            ("hello\n", ".txt"),
        ] {
            assert_eq!(ending(text), expected, "{text}");
        }
        assert_eq!(kebab("UserData"), "user-data");
        assert_eq!(kebab("01_a/b"), "01-a-b");
    }
}
