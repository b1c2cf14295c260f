//! The ledger as its file: YAML in one form, which is read in a tenth of the time that any takes.
//!
//! Every command reads the ledger of every product, and nearly all are as they were written: a line
//! a value, each in its place, with texts that stand for themselves in every reader of YAML. Only
//! what has another form is for such a reader to take, or to refuse.

use super::{Ledger, Origin, Version};
use crate::product::Bump;
use crate::yaml::{self, InputError, WriteError, is_word};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// What the file begins with.
const HEADER: &str =
    "# Written by `cargo xtask release`. A line that stands here is never changed.\n";

impl Ledger {
    /// Reads a ledger file.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(file: &str, text: &str) -> Result<Ledger, Vec<InputError>> {
        as_written(text).map_or_else(|| yaml::load(file, text), Ok)
    }

    /// The ledger as its file.
    ///
    /// # Errors
    /// Text that no YAML scalar can hold.
    pub fn write(&self) -> Result<String, WriteError> {
        let body = yaml::to_string(self)?;
        Ok(format!("{HEADER}{body}"))
    }
}

/// The ledger; none where the text has another form than that which is written.
fn as_written(text: &str) -> Option<Ledger> {
    let mut lines = Lines(text.strip_prefix(HEADER)?);
    lines.whole("versions:")?;
    let mut versions = Vec::new();
    while !lines.0.is_empty() {
        versions.push(version(&mut lines)?);
    }
    (!versions.is_empty()).then_some(Ledger {
        versions,
        barred: Vec::new(),
    })
}

fn version(lines: &mut Lines<'_>) -> Option<Version> {
    let name = lines.text("  - name: ")?.parse().ok()?;
    let description = lines.text("    description: ")?.to_owned();
    lines.whole("    origin:")?;
    let origin = match lines.whole("      released:") {
        Some(()) => released(lines)?,
        None => legacy(lines)?,
    };
    Some(Version {
        name,
        description,
        origin,
    })
}

fn released(lines: &mut Lines<'_>) -> Option<Origin> {
    let digest = lines.text("        digest: ")?.parse().ok()?;
    let bump: StrDeserializer<'_, Error> = lines.text("        bump: ")?.into_deserializer();
    let bump = Bump::deserialize(bump).ok()?;
    let note = lines.text("        note: ")?.to_owned();
    let impact = match lines.whole("        impact:") {
        Some(()) => lines.items(|text| Some(text.to_owned()))?,
        None => Vec::new(),
    };
    Some(Origin::Released {
        digest,
        bump,
        note,
        impact,
    })
}

fn legacy(lines: &mut Lines<'_>) -> Option<Origin> {
    lines.whole("      legacy:")?;
    lines.whole("        environments:")?;
    let environments = lines.items(|text| text.parse().ok())?;
    Some(Origin::Legacy { environments })
}

/// The lines that are left.
struct Lines<'a>(&'a str);

impl<'a> Lines<'a> {
    /// Takes the next line where it begins like this, and gives what follows.
    fn after(&mut self, start: &str) -> Option<&'a str> {
        let (line, rest) = self.0.strip_prefix(start)?.split_once('\n')?;
        self.0 = rest;
        Some(line)
    }

    /// Takes the next line where it is this one.
    fn whole(&mut self, line: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(line)?.strip_prefix('\n')?;
        Some(())
    }

    /// Takes the next line where it begins like this and goes on with a text.
    fn text(&mut self, start: &str) -> Option<&'a str> {
        let text = self.after(start)?;
        let quoted = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let is_literal = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
        match quoted {
            Some(inner) => inner.bytes().all(is_literal).then_some(inner),
            None => is_word(text).then_some(text),
        }
    }

    /// Takes the items of a list: one or more.
    fn items<T>(&mut self, item: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        const START: &str = "          - ";
        let mut items = vec![item(self.text(START)?)?];
        while self.0.starts_with(START) {
            items.push(item(self.text(START)?)?);
        }
        Some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
versions:
  - name: v1.0.0
    description: The first
    origin:
      legacy:
        environments:
          - develop
          - prod
  - name: v2.0.0
    description: \"Quoted: it's #1\"
    origin:
      released:
        digest: sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        bump: major
        note: no reason
        impact:
          - \"Instance: replaced\"
          - a second
  - name: v2.0.1
    description: The last
    origin:
      released:
        digest: sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
        bump: patch
        note: one reason
";

    fn by_yaml(text: &str) -> Option<Ledger> {
        yaml::load("versions.yaml", text).ok()
    }

    #[test]
    fn what_is_written_is_read() {
        let text = format!("{HEADER}{TEXT}");
        let ledger = as_written(&text).unwrap();
        assert_eq!(ledger.versions.len(), 3);
        assert_eq!(Some(&ledger), by_yaml(&text).as_ref());
        assert_eq!(ledger.write().unwrap(), text);
    }

    #[test]
    fn what_is_read_otherwise_is_what_yaml_says() {
        let whole = format!("{HEADER}{TEXT}");
        let mut taken = 0;
        for at in HEADER.len()..whole.len() {
            let (before, rest) = whole.split_at(at);
            let after = &rest[1..];
            let here = &rest[..1];
            let inserted = [
                "", "\n", " ", "\t", "\r", ": ", " #", "'", "\"", "\\", "- ", "[", "{", "&a ",
                "*a", "!x ", "|", "> ", "? ", "%", "@", "~", "0", "e", "\u{e9}", "\u{85}",
                "\u{feff}",
            ];
            let changed = inserted.iter().flat_map(|new| {
                [
                    format!("{before}{new}{after}"),
                    format!("{before}{new}{here}{after}"),
                ]
            });
            for text in changed.chain([before.to_owned()]) {
                if let Some(ledger) = as_written(&text) {
                    assert_eq!(Some(ledger), by_yaml(&text), "{text}");
                    taken += 1;
                }
            }
        }
        assert!(taken > 1000, "{taken}");
    }

    #[test]
    fn another_form_is_for_yaml() {
        for (right, other) in [
            (HEADER, ""),
            ("versions:\n", "versions: []\n"),
            ("The first", "'The first'"),
            ("The first", "on"),
            ("The first", "\"one\\ttwo\""),
            ("The first\n", "The first\n      line\n"),
            ("The first\n", "The first # of all\n"),
            ("patch", "greatest"),
            ("v2.0.1", "v2"),
            ("- prod", "- Prod"),
        ] {
            let text = format!("{HEADER}{TEXT}").replacen(right, other, 1);
            assert_eq!(as_written(&text), None, "{other}");
        }
    }
}
