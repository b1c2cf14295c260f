//! Patterns of policies: `*`, `?`, and `${…}` variables.

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glyph {
    /// Any text, also none.
    AnyText,
    /// Any one character.
    AnyCharacter,
    /// This character.
    Character(char),
}

/// A pattern. Wildcards that come from the value of a variable are plain characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Glyph>);

impl Pattern {
    /// The pattern of a text in which every variable has a value; `${*}`, `${?}` and `${$}` are
    /// those characters. A variable may bring its own default: `${aws:username, 'nobody'}`. Nothing
    /// when a variable has no value: then nothing matches.
    pub(super) fn new<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> Option<Pattern> {
        let mut glyphs = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (key, tail) = after.split_once('}')?;
            glyphs.extend(before.chars().map(Glyph::of));
            let literal = match key.split_once(',') {
                None if matches!(key, "*" | "?" | "$") => key,
                None => value(key)?,
                Some((name, default)) => {
                    let default = default.trim();
                    let default = default.strip_prefix('\'')?.strip_suffix('\'')?;
                    value(name.trim()).unwrap_or(default)
                }
            };
            glyphs.extend(literal.chars().map(Glyph::Character));
            rest = tail;
        }
        glyphs.extend(rest.chars().map(Glyph::of));
        Some(Pattern(glyphs))
    }

    /// Whether the text is the pattern itself, its wildcards taken as plain characters.
    pub(super) fn is(&self, text: &str) -> bool {
        self.0
            .iter()
            .map(|glyph| glyph.character())
            .eq(text.chars())
    }

    /// Whether the text matches the pattern.
    pub(super) fn matches(&self, text: &str) -> bool {
        matches(&self.0, text)
    }

    /// Whether the text matches, each of an ARN's six parts for itself.
    pub(super) fn matches_arn(&self, arn: &str) -> bool {
        let parts: Vec<&[Glyph]> = self
            .0
            .splitn(6, |glyph| *glyph == Glyph::Character(':'))
            .collect();
        let found: Vec<&str> = arn.splitn(6, ':').collect();
        parts.len() == found.len()
            && parts
                .iter()
                .zip(found)
                .all(|(part, found)| matches(part, found))
    }
}

impl Glyph {
    fn of(c: char) -> Glyph {
        match c {
            '*' => Glyph::AnyText,
            '?' => Glyph::AnyCharacter,
            c => Glyph::Character(c),
        }
    }

    fn character(self) -> char {
        match self {
            Glyph::AnyText => '*',
            Glyph::AnyCharacter => '?',
            Glyph::Character(c) => c,
        }
    }
}

fn matches(pattern: &[Glyph], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // The last `AnyText` met, and the place in the text up to which it stands for.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = text.get(t) {
        match pattern.get(p) {
            Some(Glyph::AnyText) => {
                star = Some((p, t));
                p += 1;
            }
            Some(Glyph::AnyCharacter) => {
                p += 1;
                t += 1;
            }
            Some(Glyph::Character(wanted)) if wanted == c => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, covered)) => {
                    star = Some((at, covered + 1));
                    p = at + 1;
                    t = covered + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|glyph| *glyph == Glyph::AnyText)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(pattern: &str) -> Pattern {
        Pattern::new(pattern, |_| None).unwrap()
    }

    #[test]
    fn wildcards_cover_any_text() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("s3:Get*", "s3:GetObject", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b", false),
            ("role/?x", "role/ax", true),
            ("role/?x", "role/x", false),
            ("", "a", false),
        ] {
            assert_eq!(plain(pattern).matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_star_stays_within_its_part_of_an_arn() {
        let arn = "arn:aws:iam::1:role/a/b";
        assert!(plain("arn:*:iam::1:role/*").matches_arn(arn));
        assert!(!plain("arn:*:role/*").matches_arn(arn));
    }

    #[test]
    fn a_variables_value_is_taken_literally() {
        let one = |key: &str| (key == "aws:userid").then_some("AIDA:*");
        let pattern = Pattern::new("x/${aws:userid}/*", one).unwrap();
        assert!(pattern.matches("x/AIDA:*/y"));
        assert!(!pattern.matches("x/AIDA:1/y"));
        assert_eq!(Pattern::new("x/${aws:other}", one), None);
        let with_default = Pattern::new("x/${aws:other, 'no*ne'}", one).unwrap();
        assert!(with_default.matches("x/no*ne"));
        assert!(!with_default.matches("x/none"));
        let given = Pattern::new("${aws:userid, 'none'}", one).unwrap();
        assert!(given.matches("AIDA:*"));
    }
}
