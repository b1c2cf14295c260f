//! Templates of pages, read into what handlebars fills in.
//!
//! The parser of handlebars takes fifty thousand instructions for each tag: reading a page took
//! longer than filling it in. The few kinds of tags that pages use are read here; a text with any
//! other goes to that parser as a whole. <https://handlebarsjs.com/guide/expressions.html>

use handlebars::template::{
    ExpressionSpecBuilder, HelperTemplate, Parameter, TemplateElement as Element,
};
use handlebars::{Path, PathSeg, Template, TemplateError};
use serde_json::Value as Json;

/// The template of a text.
///
/// # Errors
/// What the parser of handlebars says of it.
pub(super) fn template(text: &str) -> Result<Template, TemplateError> {
    let mut reader = Reader { text, at: 0 };
    match reader.part() {
        Some((template, None)) => Ok(template),
        _ => Template::compile(text),
    }
}

/// A tag: what stands between braces.
struct Tag<'t> {
    kind: Kind,
    /// Its first word.
    name: &'t str,
    /// What stands behind that.
    param: Option<&'t str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// `{{value}}`, `{{helper value}}`.
    Escaped,
    /// `{{{value}}}`, `{{{helper value}}}`.
    AsItIs,
    /// `{{#helper value}}`, and whether it stands alone on its line.
    Opens { is_alone: bool },
    /// `{{else}}`.
    Else,
    /// `{{/helper}}`.
    Closes,
}

/// Reads a text. Whatever gives nothing has met what isn't read here.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// All up to the tag that ends it: `else`, or the last of a block. None does at the text's end.
    fn part(&mut self) -> Option<(Template, Option<Tag<'t>>)> {
        let mut template = Template::new();
        loop {
            let (raw, tag) = self.next()?;
            if !raw.is_empty() {
                template.elements.push(Element::RawString(raw.to_owned()));
            }
            let Some(tag) = tag else {
                return Some((template, None));
            };
            template.elements.push(match tag.kind {
                Kind::Escaped => Element::Expression(Box::new(value(&tag)?)),
                Kind::AsItIs => Element::HtmlExpression(Box::new(value(&tag)?)),
                Kind::Opens { is_alone } => {
                    Element::HelperBlock(Box::new(self.block(&tag, is_alone)?))
                }
                Kind::Else | Kind::Closes => return Some((template, Some(tag))),
            });
        }
    }

    /// The block that a tag opens.
    fn block(&mut self, tag: &Tag<'t>, is_alone: bool) -> Option<HelperTemplate> {
        let mut block = call(tag.name, tag.param?, Some(is_alone))?;
        let (inner, mut end) = self.part()?;
        block.template = Some(inner);
        if end.as_ref()?.kind == Kind::Else {
            let (inverse, last) = self.part()?;
            block.inverse = Some(inverse);
            end = last;
        }
        let end = end?;
        let is_closed = end.kind == Kind::Closes && end.name == tag.name && end.param.is_none();
        is_closed.then_some(block)
    }

    /// The text before the next tag, and that tag; a tag of a block that stands alone on its line
    /// takes the line with it.
    fn next(&mut self) -> Option<(&'t str, Option<Tag<'t>>)> {
        let from = self.at;
        let Some(length) = self.text[from..].find("{{") else {
            self.at = self.text.len();
            return Some((&self.text[from..], None));
        };
        let open = from + length;
        let (before, behind) = self.text.split_at(open);
        let (fence, end) = match behind.starts_with("{{{") {
            true => (3, "}}}"),
            false => (2, "}}"),
        };
        let (inside, after) = behind[fence..].split_once(end)?;
        self.at = self.text.len() - after.len();
        let raw = &self.text[from..open];
        let line = before.trim_end_matches(BLANK);
        let rest = after.trim_start_matches(BLANK);
        // Braces behind a backslash are text; lines may end in other ways.
        if raw.ends_with('\\') || line.ends_with('\r') || rest.starts_with('\r') {
            return None;
        }
        let is_alone = (line.is_empty() || line.ends_with('\n'))
            && (after.is_empty() || rest.starts_with('\n'));
        let tag = tag(inside, fence == 2, is_alone)?;
        if !is_alone || matches!(tag.kind, Kind::Escaped | Kind::AsItIs) {
            return Some((raw, Some(tag)));
        }
        self.at = self.text.len() - rest.strip_prefix('\n').unwrap_or(rest).len();
        Some((raw.trim_end_matches(BLANK), Some(tag)))
    }
}

/// What may stand beside a tag that is alone on its line.
const BLANK: [char; 2] = [' ', '\t'];

/// The tag with this between its braces, which are two or three.
fn tag(inside: &str, are_two: bool, is_alone: bool) -> Option<Tag<'_>> {
    let (kind, words) = match inside.as_bytes().first()? {
        _ if !are_two => (Kind::AsItIs, inside),
        b'#' => (Kind::Opens { is_alone }, &inside[1..]),
        b'/' => (Kind::Closes, &inside[1..]),
        _ if inside == "else" => (Kind::Else, inside),
        // `{{else if …}}`, for example.
        _ if inside.starts_with("else") => return None,
        _ => (Kind::Escaped, inside),
    };
    let (name, param) = match words.split_once(' ') {
        Some((name, param)) => (name, Some(param)),
        None => (words, None),
    };
    Some(Tag { kind, name, param })
}

/// What a tag asks for: a value, or what a helper makes of one.
fn value(tag: &Tag<'_>) -> Option<HelperTemplate> {
    match tag.param {
        Some(param) => call(tag.name, param, None),
        None => filled_in(Parameter::Path(path(tag.name)?), Vec::new(), None),
    }
}

/// A helper with what it is asked of, and, of a block, whether its tag stands alone.
fn call(helper: &str, param: &str, block: Option<bool>) -> Option<HelperTemplate> {
    let name = is_name(helper).then(|| Parameter::Name(helper.to_owned()))?;
    filled_in(name, vec![parameter(param)?], block)
}

fn filled_in(
    name: Parameter,
    params: Vec<Parameter>,
    block: Option<bool>,
) -> Option<HelperTemplate> {
    let mut asked = ExpressionSpecBuilder::default();
    asked.name(name).params(params).hash(Default::default());
    let asked = asked.omit_pre_ws(false).omit_pro_ws(false).build().ok()?;
    Some(HelperTemplate::new(
        asked,
        block.is_some(),
        block.unwrap_or(false),
    ))
}

/// A path, or a text in quotes.
fn parameter(word: &str) -> Option<Parameter> {
    let quoted = word
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'));
    if let Some(text) = quoted.filter(|text| !text.contains(['"', '\\'])) {
        return Some(Parameter::Literal(Json::String(text.to_owned())));
    }
    let first = word.split('.').next()?;
    let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '@');
    let is_path = is_word && !["as", "else", "true", "false", "null"].contains(&first);
    is_path.then(|| path(word)).flatten().map(Parameter::Path)
}

/// A path; handlebars itself reads those that are more than names with points between them.
fn path(word: &str) -> Option<Path> {
    if !word.split('.').all(is_name) {
        return Path::parse(word).ok();
    }
    let names = word.split('.').filter(|name| *name != "this");
    let names = names.map(|name| PathSeg::Named(name.to_owned()));
    Some(Path::Relative((names.collect(), word.to_owned())))
}

fn is_name(word: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !word.is_empty() && word.bytes().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::super::render::texts;
    use super::*;

    /// A template without the places of its tags, and with its text in one piece.
    fn plain(template: Template) -> Template {
        let mut plained = Template::new();
        plained.name = template.name;
        for mut element in template.elements {
            if let Element::HelperBlock(block) = &mut element {
                block.template = block.template.take().map(plain);
                block.inverse = block.inverse.take().map(plain);
            }
            match (plained.elements.last_mut(), element) {
                (_, Element::RawString(text)) if text.is_empty() => {}
                (Some(Element::RawString(before)), Element::RawString(text)) => {
                    before.push_str(&text);
                }
                (_, element) => plained.elements.push(element),
            }
        }
        plained
    }

    fn is_read_here(text: &str) -> bool {
        let mut reader = Reader { text, at: 0 };
        matches!(reader.part(), Some((_, None)))
    }

    #[test]
    fn every_template_of_a_page_is_read_as_handlebars_reads_it() {
        for (name, text) in texts() {
            assert!(is_read_here(text), "{name}");
            let read = plain(template(text).unwrap());
            assert_eq!(read, plain(Template::compile(text).unwrap()), "{name}");
        }
    }

    #[test]
    fn tags_are_read_as_handlebars_reads_them() {
        for text in [
            "See {{output \"A b\"}}, {{ parameter \"C\"}} and {{{d.e}}}.",
            "{{#each a}}\n{{this}}{{#unless @last}}, {{/unless}}{{else}}none\n{{/each}}\n",
            "a\n  {{#if this.b}}  \n\tc\n\t{{else}}\nd\n  {{/if}}",
            "{{#if a}} b\n{{/if}} ",
            "{{../a}} {{@index}} {{helper 1}} {{helper true}} {{helper this}}",
            "{{#if a}}\r\nb\r\n{{/if}}\r\n",
            "\\{{a}} {{~b~}} {{!-- c --}} {{{{d}}}}e{{{{/d}}}} {{& f}} {{{g}}}",
            "{{#if a}}b{{else if c}}d{{/if}} {{f (g h) i=j}}",
        ] {
            let read = plain(template(text).unwrap());
            assert_eq!(read, plain(Template::compile(text).unwrap()), "{text}");
        }
        for text in [
            "{{a",
            "{{#if a}}",
            "{{/if}}",
            "{{else}}",
            "{{}}",
            "{{#if a}}{{/each}}",
            "{{a}}}",
            "{{{a}}",
            "{{#if}}{{/if}}",
        ] {
            let read = template(text).map(plain);
            let meant = Template::compile(text).map(plain);
            assert_eq!(read.is_ok(), meant.is_ok(), "{text}");
            if let (Ok(read), Ok(meant)) = (read, meant) {
                assert_eq!(read, meant, "{text}");
            }
        }
    }
}
