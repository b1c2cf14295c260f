//! Whether text can be a script of the shell: blocks, quotes, brackets and texts that close.
//!
//! The grammar is bash's, of which each script for `sh` is one too. What stands between commands is
//! here; commands, blocks, words, texts behind `<<` and `[[ … ]]` have a file each. It says what
//! `bash -n` says, and tells what bash sees only when it gets there: what is wrong between backticks or
//! in a script that `<<` writes, a text that `<<EOF` begins and nothing ends, `[` without `]`.
//! <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_10>
//! <https://www.gnu.org/software/bash/manual/html_node/Shell-Syntax.html>

mod block;
mod command;
mod conditional;
mod here;
mod word;

use here::Here;
use std::collections::BTreeSet;

/// What is wrong, and in which line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The line.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

type Read<T> = Result<T, Fault>;

/// The first line that no shell reads, and why; none where it may be read.
pub(super) fn fault(text: &str) -> Option<Fault> {
    let mut fault = Shell::new(text.as_bytes(), 1, 0).script().err()?;
    if text.contains("\r\n") {
        let more = "; its lines end in carriage returns, which the shell takes for letters";
        fault.message.push_str(more);
    }
    Some(fault)
}

/// Whether the first line of a script names a program that reads this grammar.
pub(super) fn is_for_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let mut words = first
        .strip_prefix("#!")
        .unwrap_or_default()
        .split_whitespace();
    let name = |word: &'_ str| word.rsplit('/').next().unwrap_or_default().to_owned();
    let mut program = words.next().map(name).unwrap_or_default();
    if program == "env" {
        let named = words.find(|word| !word.starts_with('-') && !word.contains('='));
        program = named.map(name).unwrap_or_default();
    }
    SHELLS.contains(&program.as_str())
}

/// The programs that read this grammar, or a part of it.
pub(super) const SHELLS: [&str; 4] = ["ash", "bash", "dash", "sh"];

/// Nobody writes blocks in blocks this deep, and a stack has an end.
const DEEPEST: usize = 100;

/// Words that end what stands before them, where a command could begin.
const CLOSING: [&str; 8] = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];

/// What ends a list of commands. It isn't read yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Text,
    Bracket,
    Case,
    Word(&'static str),
}

/// What is open: the word or bracket that opened it, and its line.
#[derive(Clone, Copy)]
struct Open {
    by: &'static str,
    line: usize,
}

/// A script as far as it is read.
struct Shell<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    depth: usize,
    heres: Vec<Here>,
    /// Where `((` was tried as arithmetic in vain: it is two brackets.
    brackets: BTreeSet<usize>,
    /// The line where the first text in quotes begins that ends in another line.
    long: Option<usize>,
    /// Where the last block closed: a word of the shell's own may follow, and nothing else.
    closed: usize,
    has_extglob: bool,
}

impl<'t> Shell<'t> {
    fn new(text: &'t [u8], line: usize, depth: usize) -> Shell<'t> {
        let setting = b"extglob";
        Shell {
            text,
            at: 0,
            line,
            depth,
            heres: Vec::new(),
            brackets: BTreeSet::new(),
            long: None,
            closed: 0,
            has_extglob: text.windows(setting.len()).any(|part| part == setting),
        }
    }

    /// The whole script.
    fn script(&mut self) -> Read<()> {
        let message = match self.list()?.0 {
            End::Text => return self.texts(),
            End::Bracket => "`)` closes nothing".to_owned(),
            End::Case => "`;;` stands outside of `case`".to_owned(),
            End::Word(word) => format!("`{word}` closes nothing"),
        };
        self.fail(message)
    }

    fn fail<T>(&self, message: impl Into<String>) -> Read<T> {
        Err(Fault {
            line: self.line,
            message: message.into(),
        })
    }

    /// Reads something that may hold something of its own kind.
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEEPEST {
            return self.fail(format!("what is open here is {DEEPEST} deep"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn sees(&self, part: &str) -> bool {
        self.text[self.at..].starts_with(part.as_bytes())
    }

    fn bump(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek() == Some(b'\n') {
                self.line += 1;
            }
            self.at = (self.at + 1).min(self.text.len());
        }
    }

    /// The letters up to what ends a word, quotes and all.
    fn raw(&self) -> &'t str {
        let rest = &self.text[self.at..];
        let ends = |byte: &u8| b" \t\n;&|<>()".contains(byte);
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        // It begins and ends beside letters of ASCII, or at an end of the text.
        std::str::from_utf8(&rest[..end]).unwrap_or_default()
    }

    /// Reads a word of the shell's own, where it comes next.
    fn takes(&mut self, word: &str) -> bool {
        let is_it = self.raw() == word;
        if is_it {
            self.bump(word.len());
        }
        is_it
    }

    /// Reads letters that are no word, where they come next.
    fn takes_sign(&mut self, sign: &str) -> bool {
        let is_it = self.sees(sign);
        if is_it {
            self.bump(sign.len());
        }
        is_it
    }

    /// Blanks, comments, and lines that go on.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.bump(1),
                Some(b'\\') if self.sees("\\\n") => self.bump(2),
                Some(b'#') => {
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.bump(1);
                    }
                }
                _ => return,
            }
        }
    }

    /// Blanks and lines.
    fn lines(&mut self) -> Read<()> {
        self.blanks();
        while self.peek() == Some(b'\n') {
            self.bump(1);
            self.texts()?;
            self.blanks();
        }
        Ok(())
    }

    /// What comes next, in quotes.
    fn next(&self) -> String {
        let signs = [
            "&&", "||", ";;", "&>", ";", "&", "|", "<<", ">>", "<", ">", "(", ")",
        ];
        match (self.peek(), signs.into_iter().find(|sign| self.sees(sign))) {
            (None, _) => "the end".to_owned(),
            (Some(b'\n'), _) => "the end of the line".to_owned(),
            (_, Some(sign)) => format!("`{sign}`"),
            _ => format!("`{}`", self.raw()),
        }
    }

    /// Commands up to what ends them, and whether there are any.
    fn list(&mut self) -> Read<(End, bool)> {
        self.within(|shell| {
            let mut is_any = false;
            loop {
                shell.lines()?;
                if let Some(end) = shell.end() {
                    return Ok((end, is_any));
                }
                shell.chain()?;
                is_any = true;
                let is_block = shell.closed == shell.at;
                shell.blanks();
                match shell.peek() {
                    None | Some(b'\n') => {}
                    _ if is_block && shell.end().is_some() => {}
                    _ if matches!(shell.end(), Some(End::Bracket | End::Case)) => {}
                    Some(b';' | b'&') => shell.bump(1),
                    _ => return shell.fail(format!("{} begins no command here", shell.next())),
                }
            }
        })
    }

    fn end(&self) -> Option<End> {
        match self.peek() {
            None => Some(End::Text),
            Some(b')') => Some(End::Bracket),
            Some(b';') if self.sees(";;") || self.sees(";&") => Some(End::Case),
            Some(_) => {
                let word = self.raw();
                CLOSING.into_iter().find(|one| *one == word).map(End::Word)
            }
        }
    }

    /// Pipelines with `&&` and `||` between.
    fn chain(&mut self) -> Read<()> {
        loop {
            self.pipeline()?;
            self.blanks();
            if !self.takes_sign("&&") && !self.takes_sign("||") {
                return Ok(());
            }
            self.lines()?;
        }
    }

    fn pipeline(&mut self) -> Read<()> {
        loop {
            self.blanks();
            let mut is_enough = false;
            while self.takes("!") || self.takes("time") || (is_enough && self.takes("-p")) {
                is_enough = true;
                self.blanks();
            }
            if is_enough && matches!(self.peek(), None | Some(b'\n' | b';')) {
                return Ok(());
            }
            self.within(Self::command)?;
            self.blanks();
            if self.sees("||") || !self.takes_sign("|") {
                return Ok(());
            }
            self.takes_sign("&");
            self.lines()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_reads_has_no_fault() {
        for text in [
            "",
            "# only a comment\n",
            "#!/bin/bash -xe\nif [ -f a ]; then b; elif ! c | d; then e && f || g; else :; fi\n",
            "for i in a \"b c\" $(d); do e & done; while read -r l; do f; done < <(g)\nfor ((i=0; i<3; i++)) do a; done\n",
            "case $a in\n  b|c) d;;\n  (e*) f ;&\n  *) if g; then h; fi\nesac\n",
            "a() { b; }\nfunction c { (d; e) 2>&1 | f; } >g\nd () (e)\n",
            "a=(b \"c d\"\n  # e\n  $(f))\na+=(g)\ndeclare -A h=([i]=j)\n",
            "echo \"${a:-$(b \"c\")}\" '${' \"it's\" ${d//\\'/} \"${e:-it's}\" $'f\\'' ${#g} $((h << 2)) `i \\`j\\``\n",
            "cat <<EOF | b\nit's ${AWS::Region} $(c\nEOF\ncat <<-'END' <<\"X\"\n\tif\n\tEND\n`\nX\n",
            "x=$(cat <<EOF\na) ' \"\nEOF\n)\n[[ $a =~ ^(b|c)$ && ! ( -f d || $e < f ) ]] && ((g > 1)) && (( (h) ))\n",
            "((a) && (b))\n$((c); (d))\nif ${Start}; then ${A.B}\nfi\nkill %1 2>/dev/null; a#b; echo a=b {c,d}\n",
            "until ! a\ndo b\ndone > c 2>&1\nselect d in e; do f; done\ntime -p g\n! h\ncoproc I { j; }\n",
            "shopt -s extglob\nrm !(a|b)\n",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn what_the_shell_refuses_is_told_with_its_line() {
        for (text, line, message) in [
            ("a\nif b; then\n  c\n", 2, "`if` has no `fi`"),
            (
                "if b\n  c\nfi\n",
                3,
                "`if` of line 1 wants `then`, not `fi`",
            ),
            (
                "while a; do\n  b\nfi\n",
                3,
                "`while` of line 1 wants `done`, not `fi`",
            ),
            ("case a in\n  b) c;;\n", 1, "`case` has no `esac`"),
            (
                "case a in\n  b c;;\nesac\n",
                2,
                "a choice's `)` is wanted, not `c`",
            ),
            ("a )\n", 1, "`)` closes nothing"),
            ("a\nfi\n", 2, "`fi` closes nothing"),
            ("a ;;\n", 1, "`;;` stands outside of `case`"),
            ("a && && b\n", 1, "a command is wanted, not `&&`"),
            ("a |\n", 2, "a command is wanted, not the end"),
            ("if a; then\nfi\n", 2, "no command stands before `fi`"),
            ("echo $(a\n", 1, "`$(` has no `)`"),
            ("echo ${a\n", 1, "`${` has no `}`"),
            ("a (b)\n", 1, "`(` behind `a`: quote it"),
            ("a() b\n", 1, "a function's `{` is wanted, not `b`"),
            ("a 'b\n", 1, "`'` isn't closed"),
            (
                "a \"b\nc \"d\"\ne\n",
                2,
                "`\"` isn't closed; the first text that goes on over lines begins in line 1",
            ),
            ("a > ; b\n", 1, "`>` wants a word, not `;`"),
            ("[ -f a ; b\n", 1, "`[` has no `]`"),
            ("[[ -f a ]; b\n", 1, "`[[` wants `]]`, not `]`"),
            (
                "cat <<EOF\na\n  EOF\n",
                1,
                "the text that begins here has no last line `EOF`; line 3 has blanks around it",
            ),
            ("a `b (c`\n", 1, "`(` behind `b`: quote it"),
            (
                "cat >a <<'EOF'\n#!/usr/bin/env bash\nif b; then\nEOF\n",
                3,
                "`if` has no `fi`",
            ),
            (
                "cat >a <<EOF\n#!/bin/sh\necho \\$(b\nEOF\n",
                3,
                "`$(` has no `)`",
            ),
            (
                "if a; then\r\nb\r\nfi\r\n",
                1,
                "`if` has no `then`; its lines end in carriage returns, which the shell takes for letters",
            ),
        ] {
            let fault = fault(text).unwrap_or_else(|| panic!("nothing is told of {text}"));
            assert_eq!(
                (fault.line, fault.message.as_str()),
                (line, message),
                "{text}"
            );
        }
    }

    #[test]
    fn what_nobody_writes_takes_no_stack_and_no_time() {
        for part in [
            "(",
            "$(",
            "$((",
            "((",
            "{ ",
            "\"$(",
            "${a:-",
            "`\\`",
            "[[ ( ",
            "if a; then ",
            "[[ ! ",
            "a=(",
        ] {
            let text = part.repeat(20_000);
            assert!(fault(&text).is_some(), "{part}");
        }
    }
}
