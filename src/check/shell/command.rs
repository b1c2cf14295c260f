//! Commands: programs with their words, where their input comes from and their output goes, functions.
//! <https://www.gnu.org/software/bash/manual/html_node/Simple-Commands.html>

use super::here::Here;
use super::{CLOSING, Fault, Open, Read, Shell};

impl Shell<'_> {
    pub(super) fn command(&mut self) -> Read<()> {
        if self.is_compound() {
            return self.compound();
        }
        match self.raw() {
            "function" => {
                self.bump("function".len());
                self.blanks();
                self.word(false)?;
                self.blanks();
                if self.takes_sign("(") {
                    self.blanks();
                    self.bracket(Open {
                        by: "(",
                        line: self.line,
                    })?;
                }
                self.body()
            }
            "coproc" => {
                self.bump("coproc".len());
                self.blanks();
                let before = (self.at, self.line);
                // Its name stands before a block only.
                self.word(false)?;
                self.blanks();
                if !self.is_compound() {
                    (self.at, self.line) = before;
                }
                self.within(Self::command)
            }
            _ => self.simple(),
        }
    }

    /// A program with its words, or a function that is made.
    fn simple(&mut self) -> Read<()> {
        let first = self.raw();
        let mut last = first;
        let (begins, line) = (self.at, self.line);
        let mut words = 0;
        loop {
            self.blanks();
            match self.peek() {
                None | Some(b'\n' | b';' | b'|' | b')') => break,
                Some(b'(') if words == 1 => {
                    self.bump(1);
                    self.blanks();
                    if !self.takes_sign(")") {
                        return self.fail(format!("`(` behind `{first}`: quote it"));
                    }
                    return self.body();
                }
                Some(b'(') => return self.fail("`(` inside of a command: quote it"),
                _ if self.redirection()? => {}
                Some(b'&') => break,
                Some(_) => {
                    let begins = self.at;
                    self.word(false)?;
                    words += 1;
                    last = std::str::from_utf8(&self.text[begins..self.at]).unwrap_or_default();
                }
            }
        }
        if self.at == begins || CLOSING.contains(&first) || first == "]]" {
            (self.at, self.line) = (begins, line);
            return self.fail(format!("a command is wanted, not {}", self.next()));
        }
        if first == "[" && last != "]" {
            let message = "`[` has no `]`".to_owned();
            return Err(Fault { line, message });
        }
        Ok(())
    }

    /// Where input comes from or output goes, where that comes next.
    pub(super) fn redirection(&mut self) -> Read<bool> {
        const SIGNS: [&str; 12] = [
            "&>>", "<<<", "<<-", "&>", "<<", "<&", "<>", ">>", ">&", ">|", "<", ">",
        ];
        let is_process = self.sees("<(") || self.sees(">(");
        let sign = SIGNS.into_iter().find(|sign| self.sees(sign));
        let Some(sign) = sign.filter(|_| !is_process) else {
            // `2>`
            let digits = self.raw();
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let end = self.text.get(self.at + digits.len());
            if is_number && matches!(end, Some(b'<' | b'>')) {
                self.bump(digits.len());
                return self.redirection();
            }
            return Ok(false);
        };
        let line = self.line;
        self.bump(sign.len());
        self.blanks();
        let begins = self.at;
        if !self.word(false)? {
            return self.fail(format!("`{sign}` wants a word, not {}", self.next()));
        }
        if matches!(sign, "<<" | "<<-") {
            let end = &self.text[begins..self.at];
            self.heres.push(Here::new(end, sign == "<<-", line));
        }
        Ok(true)
    }
}
