//! Texts behind `<<`: they begin in the next line.
//! <https://www.gnu.org/software/bash/manual/html_node/Redirections.html#Here-Documents>

use super::{Fault, Read, Shell, is_for_shell};

/// A text that `<<` begins.
pub(super) struct Here {
    /// Its last line.
    end: Vec<u8>,
    /// `<<-`: tabs before a line don't count.
    has_tabs: bool,
    /// Whether it stands as it is: its last line is quoted where it begins.
    is_literal: bool,
    /// Where it begins.
    line: usize,
}

impl Here {
    pub(super) fn new(word: &[u8], has_tabs: bool, line: usize) -> Here {
        let is_quote = |byte: &u8| b"'\"\\".contains(byte);
        Here {
            end: word
                .iter()
                .copied()
                .filter(|byte| !is_quote(byte))
                .collect(),
            has_tabs,
            is_literal: word.iter().any(is_quote),
            line,
        }
    }
}

impl Shell<'_> {
    /// The texts that the line above begins.
    pub(super) fn texts(&mut self) -> Read<()> {
        for here in std::mem::take(&mut self.heres) {
            self.text_behind(&here)?;
        }
        Ok(())
    }

    fn text_behind(&mut self, here: &Here) -> Read<()> {
        let first = self.line;
        let mut near = None;
        let mut inside = Vec::new();
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let length = rest.iter().position(|byte| *byte == b'\n');
            let line = &rest[..length.unwrap_or(rest.len())];
            let number = self.line;
            self.bump(line.len() + 1);
            let tabs = line.iter().take_while(|byte| **byte == b'\t').count();
            let line = if here.has_tabs { &line[tabs..] } else { line };
            if line == here.end {
                return self.written(&inside, here, first);
            }
            if line.trim_ascii() == here.end {
                near = Some(number);
            }
            inside.extend_from_slice(line);
            inside.push(b'\n');
        }
        let end = String::from_utf8_lossy(&here.end);
        let near = near.map(|line| format!("; line {line} has blanks around it"));
        let near = near.unwrap_or_default();
        Err(Fault {
            line: here.line,
            message: format!("the text that begins here has no last line `{end}`{near}"),
        })
    }

    /// A text that is a script itself, to be run later.
    fn written(&mut self, inside: &[u8], here: &Here, line: usize) -> Read<()> {
        if !is_for_shell(&String::from_utf8_lossy(inside)) {
            return Ok(());
        }
        let inside = match here.is_literal {
            true => inside.to_vec(),
            false => unescaped(inside, b"`\\$"),
        };
        let depth = self.depth;
        self.within(|_| Shell::new(&inside, line, depth + 1).script())
    }
}

/// A text without the `\` before these letters.
pub(super) fn unescaped(text: &[u8], letters: &[u8]) -> Vec<u8> {
    let mut rest = text.iter().copied().peekable();
    let mut result = Vec::with_capacity(text.len());
    while let Some(byte) = rest.next() {
        match rest.peek() {
            Some(next) if byte == b'\\' && letters.contains(next) => {
                result.push(*next);
                rest.next();
            }
            _ => result.push(byte),
        }
    }
    result
}
