//! Words: quotes, and what `$` and backticks put in.
//! <https://www.gnu.org/software/bash/manual/html_node/Quoting.html>

use super::here::unescaped;
use super::{Fault, Open, Read, Shell};

impl Shell<'_> {
    /// A word, where one comes next. In `[[ … ]]`, patterns may have brackets.
    pub(super) fn word(&mut self, is_pattern: bool) -> Read<bool> {
        let begins = self.at;
        loop {
            match self.peek() {
                None | Some(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')') => break,
                Some(b'<' | b'>') if self.text.get(self.at + 1) == Some(&b'(') => {
                    let line = self.line;
                    self.bump(2);
                    self.list_up_to_bracket(Open { by: "<(", line })?;
                }
                Some(b'<' | b'>') => break,
                Some(b'(') => {
                    let before = &self.text[begins..self.at];
                    let is_glob = matches!(before.last(), Some(b'@' | b'!' | b'?' | b'*' | b'+'));
                    if is_glob && (is_pattern || self.has_extglob) {
                        self.balanced()?;
                    } else if is_assignment(before) {
                        self.within(Self::array)?;
                    } else {
                        break;
                    }
                }
                Some(_) => self.letter(false)?,
            }
        }
        Ok(self.at > begins)
    }

    /// One letter, or what its quote or `$` holds.
    pub(super) fn letter(&mut self, is_in_double: bool) -> Read<()> {
        match self.peek() {
            Some(b'\\') => self.bump(2),
            Some(b'\'') if !is_in_double => self.single(false)?,
            Some(b'"') => self.within(Self::double)?,
            Some(b'`') => self.backticks()?,
            Some(b'$') => self.within(|shell| shell.dollar(is_in_double))?,
            _ => self.bump(1),
        }
        Ok(())
    }

    /// The items of `name=( … )`.
    fn array(&mut self) -> Read<()> {
        let open = Open {
            by: "(",
            line: self.line,
        };
        self.bump(1);
        loop {
            self.lines()?;
            if !self.word(false)? {
                return self.bracket(open);
            }
        }
    }

    /// Brackets with anything in between, such as those of a pattern.
    pub(super) fn balanced(&mut self) -> Read<()> {
        let open = Open {
            by: "(",
            line: self.line,
        };
        self.bump(1);
        self.within(|shell| {
            loop {
                match shell.peek() {
                    Some(b')') => {
                        shell.bump(1);
                        return Ok(());
                    }
                    Some(b'(') => shell.balanced()?,
                    None | Some(b'\n') => return shell.unclosed(open, ")"),
                    Some(_) => shell.letter(false)?,
                }
            }
        })
    }

    fn single(&mut self, has_escapes: bool) -> Read<()> {
        let line = self.line;
        self.bump(1);
        loop {
            match self.peek() {
                None => return self.open_text("'", line),
                Some(b'\'') => break,
                Some(b'\\') if has_escapes => self.bump(2),
                Some(_) => self.bump(1),
            }
        }
        self.bump(1);
        self.ends(line);
        Ok(())
    }

    fn double(&mut self) -> Read<()> {
        let line = self.line;
        self.bump(1);
        loop {
            match self.peek() {
                None => return self.open_text("\"", line),
                Some(b'"') => break,
                Some(_) => self.letter(true)?,
            }
        }
        self.bump(1);
        self.ends(line);
        Ok(())
    }

    /// A text in quotes has ended.
    fn ends(&mut self, line: usize) {
        if self.line > line {
            self.long.get_or_insert(line);
        }
    }

    /// A text in quotes never ends: the quote that is missing may be one above, which turned what is
    /// inside of quotes and what is outside.
    fn open_text<T>(&self, quote: &str, line: usize) -> Read<T> {
        let message = match self.long.filter(|long| *long < line) {
            Some(long) => format!(
                "`{quote}` isn't closed; the first text that goes on over lines begins in line {long}"
            ),
            None => format!("`{quote}` isn't closed"),
        };
        Err(Fault { line, message })
    }

    /// A command between backticks: bash reads it when it runs it.
    fn backticks(&mut self) -> Read<()> {
        let line = self.line;
        self.bump(1);
        let begins = self.at;
        while self.peek() != Some(b'`') {
            match self.peek() {
                None => return self.open_text("`", line),
                Some(b'\\') => self.bump(2),
                Some(_) => self.bump(1),
            }
        }
        let inside = unescaped(&self.text[begins..self.at], b"`\\$");
        self.bump(1);
        let depth = self.depth;
        self.within(|_| Shell::new(&inside, line, depth + 1).script())
    }

    fn dollar(&mut self, is_in_double: bool) -> Read<()> {
        let line = self.line;
        match self.text.get(self.at + 1) {
            Some(b'(') => {
                if self.sees("$((") && self.arithmetic(3)? {
                    return Ok(());
                }
                self.bump(2);
                self.list_up_to_bracket(Open { by: "$(", line })?;
            }
            Some(b'{') => self.expansion(is_in_double)?,
            Some(b'\'') if !is_in_double => {
                self.bump(1);
                self.single(true)?;
            }
            Some(b'"') if !is_in_double => self.bump(1),
            _ => self.bump(1),
        }
        Ok(())
    }

    /// `${…}`, of the shell or of CloudFormation.
    fn expansion(&mut self, is_in_double: bool) -> Read<()> {
        let open = Open {
            by: "${",
            line: self.line,
        };
        self.bump(2);
        if matches!(self.peek(), Some(b'!' | b'#')) {
            self.bump(1);
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        while self.peek().is_some_and(is_name) {
            self.bump(1);
        }
        // Between double quotes, a single one is a letter, but for patterns.
        let is_pattern = matches!(self.peek(), Some(b'#' | b'%' | b'/' | b'^' | b','));
        loop {
            match self.peek() {
                None => return self.unclosed(open, "}"),
                Some(b'}') => break,
                Some(_) => self.letter(is_in_double && !is_pattern)?,
            }
        }
        self.bump(1);
        Ok(())
    }

    /// `((…))`, where it is that: false where it is a bracket in a bracket. `start` is how many letters
    /// open it.
    pub(super) fn arithmetic(&mut self, start: usize) -> Read<bool> {
        let before = (self.at, self.line);
        if self.brackets.contains(&self.at) {
            return Ok(false);
        }
        self.bump(start);
        let is_it = self.within(|shell| Ok(shell.sum().is_ok()))?;
        if !is_it {
            (self.at, self.line) = before;
            self.brackets.insert(self.at);
        }
        Ok(is_it)
    }

    fn sum(&mut self) -> Read<()> {
        let open = Open {
            by: "((",
            line: self.line,
        };
        let mut depth = 0;
        loop {
            match self.peek() {
                None => return self.unclosed(open, "))"),
                Some(b'(') => {
                    depth += 1;
                    self.bump(1);
                }
                Some(b')') if depth > 0 => {
                    depth -= 1;
                    self.bump(1);
                }
                Some(b')') if self.takes_sign("))") => return Ok(()),
                Some(b')') => return self.unclosed(open, "))"),
                Some(_) => self.letter(false)?,
            }
        }
    }
}

/// Whether a word begins as `name=`, `name+=` or `name[…]=` does, and ends there.
fn is_assignment(word: &[u8]) -> bool {
    let Some(name) = word.strip_suffix(b"=") else {
        return false;
    };
    let name = name.strip_suffix(b"+").unwrap_or(name);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = name.iter().take_while(|byte| is_part(byte)).count();
    let starts = name.first().is_some_and(|byte| !byte.is_ascii_digit());
    starts && length > 0 && matches!(name.get(length), None | Some(b'['))
}
