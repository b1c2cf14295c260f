//! Blocks: `if`, `while`, `for`, `case`, `{ … }`, `( … )`, `(( … ))`.
//! <https://www.gnu.org/software/bash/manual/html_node/Compound-Commands.html>

use super::{End, Fault, Open, Read, Shell};

impl Shell<'_> {
    pub(super) fn is_compound(&self) -> bool {
        let blocks = ["{", "[[", "if", "while", "until", "for", "select", "case"];
        self.peek() == Some(b'(') || blocks.contains(&self.raw())
    }

    /// What a function does.
    pub(super) fn body(&mut self) -> Read<()> {
        self.lines()?;
        match self.is_compound() {
            true => self.within(Self::compound),
            false => self.fail(format!("a function's `{{` is wanted, not {}", self.next())),
        }
    }

    /// A block, with where its input and output go.
    pub(super) fn compound(&mut self) -> Read<()> {
        let line = self.line;
        let open = |by| Open { by, line };
        match self.raw() {
            "{" => {
                self.bump(1);
                self.commands(open("{"), &["}"])?;
            }
            "[[" => {
                self.bump(2);
                self.conditional(open("[["))?;
            }
            "if" => {
                self.bump(2);
                self.commands(open("if"), &["then"])?;
                while let word @ ("elif" | "else") =
                    self.commands(open("if"), &["fi", "elif", "else"])?
                {
                    let wanted: &[&'static str] = match word {
                        "elif" => &["then"],
                        _ => &["fi"],
                    };
                    if self.commands(open("if"), wanted)? == "fi" {
                        break;
                    }
                }
            }
            "while" => self.bump_loop(open("while"))?,
            "until" => self.bump_loop(open("until"))?,
            "for" => self.each(open("for"))?,
            "select" => self.each(open("select"))?,
            "case" => self.case(open("case"))?,
            _ if self.sees("((") && self.arithmetic(2)? => {}
            _ => {
                self.bump(1);
                if !self.list_up_to_bracket(open("("))? {
                    return self.fail("no command stands between `(` and `)`");
                }
            }
        }
        self.closed = self.at;
        self.blanks();
        while self.redirection()? {
            self.blanks();
        }
        Ok(())
    }

    /// Commands, at least one, and the word that ends them.
    fn commands(&mut self, open: Open, wanted: &[&'static str]) -> Read<&'static str> {
        let (end, is_any) = self.list()?;
        match end {
            End::Word(word) if wanted.contains(&word) => {
                if !is_any {
                    return self.fail(format!("no command stands before `{word}`"));
                }
                self.bump(word.len());
                Ok(word)
            }
            _ => self.unclosed(open, wanted[0]),
        }
    }

    /// Something else stands where what is open wants to be closed.
    pub(super) fn unclosed<T>(&self, open: Open, wanted: &str) -> Read<T> {
        let Open { by, line } = open;
        match self.peek() {
            None => Err(Fault {
                line,
                message: format!("`{by}` has no `{wanted}`"),
            }),
            Some(_) if line == self.line => {
                self.fail(format!("`{by}` wants `{wanted}`, not {}", self.next()))
            }
            Some(_) => self.fail(format!(
                "`{by}` of line {line} wants `{wanted}`, not {}",
                self.next()
            )),
        }
    }

    /// Commands up to `)`, and whether there are any.
    pub(super) fn list_up_to_bracket(&mut self, open: Open) -> Read<bool> {
        let (_, is_any) = self.list()?;
        self.bracket(open)?;
        Ok(is_any)
    }

    pub(super) fn bracket(&mut self, open: Open) -> Read<()> {
        match self.takes_sign(")") {
            true => Ok(()),
            false => self.unclosed(open, ")"),
        }
    }

    fn bump_loop(&mut self, open: Open) -> Read<()> {
        self.bump(open.by.len());
        self.commands(open, &["do"])?;
        self.commands(open, &["done"])?;
        Ok(())
    }

    /// `for` and `select`.
    fn each(&mut self, open: Open) -> Read<()> {
        self.bump(open.by.len());
        self.blanks();
        if self.sees("((") {
            if !self.arithmetic(2)? {
                return self.unclosed(Open { by: "((", ..open }, "))");
            }
            self.blanks();
            self.takes_sign(";");
        } else {
            if !self.word(false)? {
                return self.fail(format!("`{}` wants a name, not {}", open.by, self.next()));
            }
            self.lines()?;
            if self.takes("in") {
                self.blanks();
                while self.word(false)? {
                    self.blanks();
                }
                if !matches!(self.peek(), None | Some(b'\n' | b';')) {
                    return self.unclosed(open, "do");
                }
            }
            if !self.sees(";;") {
                self.takes_sign(";");
            }
        }
        self.lines()?;
        if self.takes("{") {
            self.commands(open, &["}"])?;
        } else if self.takes("do") {
            self.commands(open, &["done"])?;
        } else {
            return self.unclosed(open, "do");
        }
        Ok(())
    }

    fn case(&mut self, open: Open) -> Read<()> {
        self.bump(open.by.len());
        self.blanks();
        if !self.word(false)? {
            return self.fail(format!("`case` wants a word, not {}", self.next()));
        }
        self.lines()?;
        if !self.takes("in") {
            return self.unclosed(open, "in");
        }
        loop {
            self.lines()?;
            if self.takes("esac") {
                return Ok(());
            }
            self.takes_sign("(");
            loop {
                self.blanks();
                if !self.word(false)? {
                    return self.unclosed(open, "esac");
                }
                self.blanks();
                if self.sees("||") || !self.takes_sign("|") {
                    break;
                }
            }
            if !self.takes_sign(")") {
                return self.fail(format!("a choice's `)` is wanted, not {}", self.next()));
            }
            match self.list()?.0 {
                End::Case if self.takes_sign(";;") => {
                    self.takes_sign("&");
                }
                End::Case => self.bump(2),
                End::Word("esac") => {}
                _ => return self.unclosed(open, "esac"),
            }
        }
    }
}
