//! `[[ … ]]`.
//! <https://www.gnu.org/software/bash/manual/html_node/Conditional-Constructs.html>

use super::{Open, Read, Shell};

/// What stands between two words.
const BETWEEN: [&str; 12] = [
    "==", "=", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot",
];

impl Shell<'_> {
    /// What stands behind `[[`, with its `]]`.
    pub(super) fn conditional(&mut self, open: Open) -> Read<()> {
        self.alternatives(open)?;
        match self.takes("]]") {
            true => Ok(()),
            false => self.unclosed(open, "]]"),
        }
    }

    fn alternatives(&mut self, open: Open) -> Read<()> {
        loop {
            self.within(|shell| shell.term(open))?;
            self.lines()?;
            if !self.takes_sign("&&") && !self.takes_sign("||") {
                return Ok(());
            }
        }
    }

    fn term(&mut self, open: Open) -> Read<()> {
        self.lines()?;
        if self.takes("!") {
            return self.within(|shell| shell.term(open));
        }
        if self.takes_sign("(") {
            self.alternatives(open)?;
            return self.bracket(Open { by: "(", ..open });
        }
        let first = self.raw().as_bytes();
        let is_question = first.len() == 2 && first[0] == b'-' && first[1].is_ascii_alphabetic();
        if first == b"]]" || !self.word(true)? {
            return self.fail(format!("`[[` wants a word, not {}", self.next()));
        }
        self.blanks();
        let second = self.raw();
        if self.takes_sign("<") || self.takes_sign(">") {
        } else if BETWEEN.contains(&second) || second == "-ef" {
            self.bump(second.len());
        } else if is_question && !matches!(second, "]]" | "") {
            self.word(true)?;
            return Ok(());
        } else {
            return Ok(());
        }
        self.blanks();
        let is_there = match second {
            "=~" => self.expression()?,
            _ => self.raw() != "]]" && self.word(true)?,
        };
        match is_there {
            true => Ok(()),
            false => self.fail(format!("`{second}` wants a word, not {}", self.next())),
        }
    }

    /// A regular expression: brackets and bars are its own.
    fn expression(&mut self) -> Read<bool> {
        let begins = self.at;
        loop {
            match self.peek() {
                None | Some(b' ' | b'\t' | b'\n' | b')') => return Ok(self.at > begins),
                Some(b'(') => self.balanced()?,
                Some(_) => self.letter(false)?,
            }
        }
    }
}
