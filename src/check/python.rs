//! Whether text can be Python: brackets and quotes that close, blocks that are indented.
//!
//! No parser: what nearly every mistake of typing breaks, and nothing that a program of today may have.
//! <https://docs.python.org/3/reference/lexical_analysis.html>

/// A line of code without its texts and comments, with what it goes on with on the next lines.
struct Line {
    /// The number of the first line, from 1.
    number: usize,
    /// By how much it is indented: blanks and tabs.
    indent: String,
    /// The code, `''` for each text.
    code: String,
}

/// What opens a block: a line that begins so ends in a colon, or has its block behind one.
const BLOCKS: [&str; 11] = [
    "async", "class", "def", "elif", "else", "except", "finally", "for", "if", "try", "while",
];

/// The first line that no Python reads, from 1, and why; none where it may be read.
pub(super) fn fault(text: &str) -> Option<(usize, String)> {
    let lines = match lines(text) {
        Ok(lines) => lines,
        Err(fault) => return Some(fault),
    };
    let mut levels = vec![String::new()];
    let mut opens: Option<usize> = None;
    for line in &lines {
        let level = levels.last().map(String::as_str).unwrap_or_default();
        match opens.take() {
            Some(above) if !(line.indent.len() > level.len() && line.indent.starts_with(level)) => {
                let message = format!("the block that line {above} opens isn't indented");
                return Some((line.number, message));
            }
            Some(_) => levels.push(line.indent.clone()),
            None if line.indent.len() > level.len() => {
                return Some((
                    line.number,
                    "it is indented, and nothing opens a block".to_owned(),
                ));
            }
            None => {
                while levels
                    .last()
                    .is_some_and(|level| level.len() > line.indent.len())
                {
                    levels.pop();
                }
                if levels.last() != Some(&line.indent) {
                    return Some((line.number, "it is indented as no line above".to_owned()));
                }
            }
        }
        let first: String = line
            .code
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
            .collect();
        let ends = line.code.ends_with(':');
        if BLOCKS.contains(&first.as_str()) && !has_colon(&line.code) {
            return Some((line.number, format!("`{first}` has no `:`")));
        }
        if ends {
            opens = Some(line.number);
        }
    }
    opens.map(|above| (above, format!("the block that line {above} opens is empty")))
}

/// The names that code has outside of any block: functions, classes, what is assigned or imported. None
/// where others may be there too.
pub(super) fn names(text: &str) -> Option<Vec<String>> {
    let lines = lines(text).ok()?;
    let mut names = Vec::new();
    for line in lines {
        let code = line.code.as_str();
        let word = |text: &str| -> String {
            let is_part = |letter: &char| letter.is_alphanumeric() || *letter == '_';
            text.trim_start().chars().take_while(is_part).collect()
        };
        let defined = ["def ", "class ", "async def "]
            .into_iter()
            .find_map(|start| code.strip_prefix(start));
        match defined {
            Some(rest) => names.push(word(rest)),
            None if code.contains("import ") => {
                if code.contains('*') {
                    return None;
                }
                // Whatever it imports, and by which name.
                names.extend(code.split([' ', ',', '(', ')']).map(word));
            }
            None if code.contains('=') => names.extend(
                code.split('=')
                    .next()
                    .unwrap_or_default()
                    .split(',')
                    .map(word),
            ),
            None => {}
        }
    }
    Some(names)
}

/// The variables that code can't do without, each with its line from 1: those that it reads by
/// `os.environ["NAME"]` and neither sets, nor asks for, nor tries. None where it catches a `KeyError`.
/// <https://docs.python.org/3/library/os.html#os.environ>
pub(super) fn variables(text: &str) -> Vec<(usize, &str)> {
    if text.contains("KeyError") {
        return Vec::new();
    }
    let mut read = Vec::new();
    let mut is_tried = false;
    for (index, line) in text.lines().enumerate() {
        // A `try` that begins with the read is there for it.
        let follows_try = std::mem::replace(&mut is_tried, line.trim() == "try:");
        let code = line.split(" #").next().unwrap_or(line);
        if code.trim_start().starts_with('#') {
            continue;
        }
        for (at, part) in code.match_indices("environ[") {
            let rest = &code[at + part.len()..];
            let Some(quote) = rest.chars().next().filter(|one| matches!(one, '"' | '\'')) else {
                continue;
            };
            let Some((name, rest)) = rest[1..].split_once(quote) else {
                continue;
            };
            let is_set = rest.strip_prefix(']').is_none_or(|rest| {
                let rest = rest.trim_start();
                rest.starts_with('=') && !rest.starts_with("==")
            });
            let is_asked_for = is_set
                || follows_try
                || [
                    format!("{quote}{name}{quote} in "),
                    format!("get({quote}{name}{quote}"),
                    format!("getenv({quote}{name}{quote}"),
                ]
                .iter()
                .any(|asks| text.contains(asks.as_str()));
            match is_asked_for {
                true => read.retain(|(_, known)| *known != name),
                false => read.push((index + 1, name)),
            }
        }
    }
    read
}

/// Whether a line has a colon outside of any bracket.
fn has_colon(code: &str) -> bool {
    let mut depth = 0usize;
    code.chars().any(|letter| {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ':' && depth == 0
    })
}

/// The lines of code; or the line where something isn't closed, and what.
fn lines(text: &str) -> Result<Vec<Line>, (usize, String)> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut letters = text.chars().peekable();
    let mut number = 1;
    let mut indent = String::new();
    let mut code = String::new();
    let mut begun = 1;
    let mut is_start = true;
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {}
            '\n' => {
                number += 1;
                if open.is_empty() {
                    end(&mut lines, begun, &mut indent, &mut code);
                    begun = number;
                    is_start = true;
                }
            }
            // The line goes on.
            '\\' if letters.peek() == Some(&'\n') => {
                letters.next();
                number += 1;
            }
            '#' => {
                while letters.peek().is_some_and(|next| *next != '\n') {
                    letters.next();
                }
            }
            ' ' | '\t' if is_start => indent.push(letter),
            '\'' | '"' => {
                is_start = false;
                let triple = {
                    let mut ahead = letters.clone();
                    ahead.next() == Some(letter) && ahead.next() == Some(letter)
                };
                let opened = number;
                if triple {
                    letters.next();
                    letters.next();
                }
                let mut closing = 0;
                loop {
                    match letters.next() {
                        None => return Err((opened, "a text isn't closed".to_owned())),
                        Some('\\') => {
                            if letters.next() == Some('\n') {
                                number += 1;
                            }
                            closing = 0;
                        }
                        Some('\n') if !triple => {
                            return Err((opened, "a text isn't closed".to_owned()));
                        }
                        Some('\n') => {
                            number += 1;
                            closing = 0;
                        }
                        Some(next) if next == letter => {
                            closing += 1;
                            if !triple || closing == 3 {
                                break;
                            }
                        }
                        Some(_) => closing = 0,
                    }
                }
                code.push_str("''");
            }
            '(' | '[' | '{' => {
                is_start = false;
                open.push((letter, number));
                code.push(letter);
            }
            ')' | ']' | '}' => {
                is_start = false;
                let wanted = match letter {
                    ')' => '(',
                    ']' => '[',
                    _ => '{',
                };
                match open.pop() {
                    Some((opened, _)) if opened == wanted => code.push(letter),
                    _ => return Err((number, format!("`{letter}` closes nothing"))),
                }
            }
            letter => {
                is_start = false;
                code.push(letter);
            }
        }
    }
    if let Some((letter, opened)) = open.first() {
        return Err((*opened, format!("`{letter}` isn't closed")));
    }
    end(&mut lines, begun, &mut indent, &mut code);
    Ok(lines)
}

fn end(lines: &mut Vec<Line>, number: usize, indent: &mut String, code: &mut String) {
    let indent = std::mem::take(indent);
    let code = std::mem::take(code).trim_end().to_owned();
    if !code.is_empty() {
        lines.push(Line {
            number,
            indent,
            code,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_python_reads_has_no_fault() {
        for text in [
            "",
            "import json, os\n\ndef handler(event, context):\n    '''A text\nwith # no indent.'''\n    return {'a': [1,\n  2]}\n",
            "def a(x): return x\nclass B:\n\tdef c(self):\n\t\tpass\n\n\td = 1\nif True: pass\nelse:\n  e = lambda x: x\n",
            "x = f\"{a['b']}\" if b else 'it\\'s'\ntry:\n    a = 1 + \\\n        2\nexcept Exception as e:\n    raise\n",
            "async def handler(e, c) -> dict[str, int]:\n    async with x as y:\n        pass\n    match e:\n        case 1:\n            pass\n",
            "# only a comment\n@decorator\ndef a(\n    b: int,\n):\n    return\n",
            "import urllib3\nfor i in range(3):\n    if i:\n        continue\n    print(i)\nif_there = 1\nelse_where = {}\n",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn what_python_refuses_is_told_with_its_line() {
        for (text, line) in [
            ("def a(b)\n    return 1\n", 1),
            ("def a(b):\nreturn 1\n", 2),
            ("a = 1\n  b = 2\n", 2),
            ("def a():\n    if b:\n        c()\n      d()\n", 4),
            ("a = (1\n\nb = 2\n", 1),
            ("a = [1)\n", 1),
            ("a = 'b\n", 1),
            ("a = '''b\n\n", 1),
            ("def a():\n", 1),
            ("class A\n    pass\n", 1),
        ] {
            assert_eq!(fault(text).map(|(line, _)| line), Some(line), "{text}");
        }
    }

    #[test]
    fn names_outside_of_blocks_are_known() {
        let text = "from a import b as c\nimport d\ndef e(): pass\nf = g = 1\nclass H:\n    def i(self): pass\n";
        let names = names(text).unwrap();
        for name in ["b", "c", "d", "e", "f", "H"] {
            assert!(names.iter().any(|known| known == name), "{name}");
        }
        assert!(!names.iter().any(|known| known == "handler"));
        assert_eq!(super::names("from a import *\n"), None);
    }
}
