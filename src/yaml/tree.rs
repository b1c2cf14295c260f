//! The located tree: every node of a YAML document with its tag, line and column.

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Where a node starts: line and column, both counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One node of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// What the node holds.
    pub content: Content,
    /// The local tag without its `!`, such as `Sub`; none for untagged and core-schema nodes.
    pub tag: Option<String>,
    /// Where the node starts.
    pub at: Location,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A scalar; `plain` when it was written without quotes and not as a block.
    Scalar {
        /// The text after escapes are resolved.
        text: String,
        /// Whether YAML's implicit typing applies to it.
        plain: bool,
    },
    /// A sequence.
    Sequence(Vec<Tree>),
    /// A mapping, in the order written. Keys are unique scalars.
    Mapping(Vec<(Key, Tree)>),
}

/// A mapping key: always text, as in CloudFormation.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Whether YAML's implicit typing applies to it.
    pub plain: bool,
    /// Where the key starts.
    pub at: Location,
}

/// A document that is not readable as one YAML tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where it fails.
    pub at: Location,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: &'static str,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}

impl std::error::Error for SyntaxError {}

impl SyntaxError {
    /// With another next step.
    fn hint(self, hint: &'static str) -> SyntaxError {
        SyntaxError { hint, ..self }
    }
}

impl Tree {
    /// The location of the node that `path` names (keys, or indexes in decimal), or of the deepest
    /// node on the way to it that exists. With `key`, the location of the last key itself: where
    /// something is missing, of the key under which it would stand.
    pub fn locate<S: AsRef<str>>(&self, path: &[S], key: bool) -> Location {
        self.locate_below(path, key, self.at)
    }

    /// As [`Tree::locate`]; `above` is where what is missing in this node is told.
    fn locate_below<S: AsRef<str>>(&self, path: &[S], key: bool, above: Location) -> Location {
        let Some((first, rest)) = path.split_first() else {
            return self.at;
        };
        let missing = if key { above } else { self.at };
        match &self.content {
            Content::Mapping(entries) => entries
                .iter()
                .find(|(name, _)| name.text == first.as_ref())
                .map_or(missing, |(name, value)| match rest.is_empty() && key {
                    true => name.at,
                    false => value.locate_below(rest, key, name.at),
                }),
            Content::Sequence(items) => first
                .as_ref()
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index))
                .map_or(missing, |item| item.locate_below(rest, key, item.at)),
            Content::Scalar { .. } => missing,
        }
    }

    /// How many nodes this is, and how deep.
    fn size(&self) -> (usize, usize) {
        let below: Vec<(usize, usize)> = match &self.content {
            Content::Scalar { .. } => Vec::new(),
            Content::Sequence(items) => items.iter().map(Tree::size).collect(),
            Content::Mapping(entries) => entries.iter().map(|(_, value)| value.size()).collect(),
        };
        let nodes: usize = below.iter().map(|(nodes, _)| nodes).sum();
        let depth = below.iter().map(|(_, depth)| *depth).max();
        (nodes + 1, depth.unwrap_or_default() + 1)
    }

    /// The value of a key, when this node is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        match &self.content {
            Content::Mapping(entries) => entries
                .iter()
                .find(|(name, _)| name.text == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }
}

/// So deep may nodes stand in each other. What people write stays below 30; whatever walks a tree
/// has room on its stack for this many.
pub const DEPTH: usize = 100;

/// Reads exactly one document.
///
/// # Errors
/// Broken syntax, duplicate or non-scalar keys, anchors and aliases (CloudFormation takes none),
/// nodes that stand more than `DEPTH` deep, and anything but one document.
pub fn read(text: &str) -> Result<Tree, SyntaxError> {
    continued(text, &|text| read_once(text, None))
        .map_err(|error| unfinished_merge(text).unwrap_or(error))
}

/// Reads a document of somebody else's, which needn't be as [`read`] wants it: of a key that stands twice
/// the last counts, as CloudFormation counts it, and an alias is what its anchor stands for, as
/// `aws cloudformation package` makes of it before CloudFormation sees it. Where that was so is told.
/// <https://github.com/go-to-k/cdk-real-drift/issues/1074>, <https://github.com/aws/aws-cli/pull/3827>
///
/// # Errors
/// As [`read`], but for these two; aliases that make more than `LARGEST` nodes.
pub fn read_of_others(text: &str) -> Result<(Tree, Vec<SyntaxError>), SyntaxError> {
    let told = RefCell::default();
    let tree = continued(text, &|text| {
        let mut resolved = Resolved::default();
        let tree = read_once(text, Some(&mut resolved))?;
        *told.borrow_mut() = resolved.told;
        Ok(tree)
    })
    .map_err(|error| unfinished_merge(text).unwrap_or(error))?;
    Ok((tree, told.into_inner()))
}

/// So many nodes may a document have with its aliases resolved: a few lines could make millions. No template
/// that CloudFormation takes has a fifth.
const LARGEST: usize = 250_000;

/// What anchors stand for, and what is told of a document of somebody else's.
#[derive(Default)]
struct Resolved {
    anchors: BTreeMap<usize, Tree>,
    nodes: usize,
    told: Vec<SyntaxError>,
}

fn continued(
    text: &str,
    read_once: &dyn Fn(&str) -> Result<Tree, SyntaxError>,
) -> Result<Tree, SyntaxError> {
    let mut read = read_once(text);
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..CONTINUED {
        let Err(error) = &read else { break };
        let at = error.at.line.wrapping_sub(1);
        if !error.message.starts_with(TOO_FAR_LEFT) {
            break;
        }
        if lines.is_empty() {
            lines = text.split_inclusive('\n').map(str::to_owned).collect();
        }
        let Some(line) = lines.get_mut(at) else { break };
        // As deep as anything may stand.
        line.insert_str(0, &" ".repeat(2 * DEPTH));
        let again = read_once(&lines.concat());
        // What then comes before it is no progress.
        if matches!(&again, Err(other) if other.at.line <= error.at.line) {
            break;
        }
        read = again;
    }
    read
}

/// The marks that git leaves where two versions of a line can't be one. What breaks beside them is no
/// mistake of its own.
/// <https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>
fn unfinished_merge(text: &str) -> Option<SyntaxError> {
    let mut lines = text.lines();
    let line = lines.position(|line| line.starts_with("<<<<<<< "))?;
    lines.find(|line| line.starts_with(">>>>>>> "))?;
    Some(SyntaxError {
        at: Location {
            line: line + 1,
            column: 1,
        },
        message: "a merge isn't finished: git marks here where two versions of these lines begin"
            .to_owned(),
        hint: "keep what is right of what stands above and below `=======`, and remove the three marks",
    })
}

/// The next step where nothing closer is known.
const UNKNOWN: &str = "the mistake is here or in the lines before; text that starts with a bracket, or holds `: ` or ` #`, stands in quotes";

/// What the parser says, in words that lead on.
fn explained(message: String, at: Location) -> SyntaxError {
    let (message, hint) = match message.as_str() {
        tab if tab.contains("tab") => (
            "a tab stands where YAML takes blanks only".to_owned(),
            "indent with blanks",
        ),
        "mapping values are not allowed in this context" => (
            message,
            "a key stands as deep as its neighbours, and a text that holds `: ` in quotes; the mistake may be in the line before",
        ),
        "while parsing node, found unknown anchor" => (
            message,
            "a text that begins with `*` or `&` stands in quotes",
        ),
        _ => (message, UNKNOWN),
    };
    SyntaxError { at, message, hint }
}

/// What the parser says of a text in quotes that goes on further to the left than YAML 1.2 lets it. Readers
/// of YAML 1.1, CloudFormation's among them, take it: what a line begins with is no part of the text.
const TOO_FAR_LEFT: &str = "invalid indentation in multiline quoted scalar";
/// So many such lines are taken: each has the whole read anew.
const CONTINUED: usize = 40;

fn read_once(text: &str, resolved: Option<&mut Resolved>) -> Result<Tree, SyntaxError> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        depth: 0,
        resolved,
    };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => break,
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event => {
                if document.is_some() {
                    return Err(fail(
                        &span,
                        "a second document starts here; one is expected",
                    ));
                }
                document = Some(reader.node(event, &span)?);
            }
        }
    }
    document.ok_or_else(|| SyntaxError {
        at: Location { line: 1, column: 1 },
        message: "the document is empty".to_owned(),
        hint: "restore it from git, or write what its JSON Schema asks for",
    })
}

struct Reader<'a, 'r> {
    events: Parser<'a, serde_saphyr::granit_parser::StrInput<'a>>,
    depth: usize,
    /// None: nothing is resolved.
    resolved: Option<&'r mut Resolved>,
}

impl<'a> Reader<'a, '_> {
    fn next(&mut self) -> Result<(Event<'a>, Span), SyntaxError> {
        match self.events.next() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let marker = error.marker();
                let at = Location {
                    line: marker.line(),
                    column: marker.col() + 1,
                };
                Err(explained(error.info(), at))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span) -> Result<Tree, SyntaxError> {
        let at = location(span);
        if self.depth > DEPTH {
            let message = format!("this stands more than {DEPTH} levels deep");
            return Err(fail(span, &message));
        }
        if let Event::Alias(anchor) = event {
            return self.alias(anchor, span);
        }
        self.depth += 1;
        let anchor = match event {
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(_, anchor, _)
            | Event::MappingStart(_, anchor, _) => anchor,
            _ => 0,
        };
        if anchor != 0 && self.resolved.is_none() {
            return Err(fail(span, NO_ALIASES).hint(NO_ALIASES_HINT));
        }
        let (content, tag) = match event {
            Event::Scalar(text, style, _, tag) => (
                Content::Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                },
                tag,
            ),
            Event::SequenceStart(_, _, tag) => {
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break;
                    }
                    items.push(self.node(event, &span)?);
                }
                (Content::Sequence(items), tag)
            }
            Event::MappingStart(_, _, tag) => (Content::Mapping(self.entries()?), tag),
            _ => return Err(fail(span, NO_ALIASES).hint(NO_ALIASES_HINT)),
        };
        self.depth -= 1;
        let tag = match tag {
            Some(tag) if tag.handle() == "!" && !tag.suffix().is_empty() => {
                Some(tag.suffix().to_owned())
            }
            // The tag that only says "no other type": nobody writes it but by mistake.
            Some(tag) if format!("{}{}", tag.handle(), tag.suffix()) == "!" => {
                let message = "`!` names no function: its name goes right behind it, as in `!Sub`";
                return Err(fail(span, message));
            }
            _ => None,
        };
        let tree = Tree { content, tag, at };
        if let Some(resolved) = self.resolved.as_mut() {
            resolved.nodes += 1;
            if anchor != 0 {
                resolved.anchors.insert(anchor, tree.clone());
            }
        }
        Ok(tree)
    }

    /// What an alias stands for.
    fn alias(&mut self, anchor: usize, span: &Span) -> Result<Tree, SyntaxError> {
        let Some(resolved) = self.resolved.as_mut() else {
            return Err(fail(span, NO_ALIASES).hint(NO_ALIASES_HINT));
        };
        let Some(tree) = resolved.anchors.get(&anchor).cloned() else {
            return Err(fail(span, "this alias stands within what it stands for"));
        };
        let (nodes, depth) = tree.size();
        resolved.nodes += nodes;
        if resolved.nodes > LARGEST || self.depth + depth > DEPTH {
            let message = "the aliases up to here make more than any template has";
            return Err(fail(span, message));
        }
        let message = "CloudFormation takes no alias: what it stands for is written here";
        resolved.told.push(fail(span, message));
        Ok(tree)
    }

    fn entries(&mut self) -> Result<Vec<(Key, Tree)>, SyntaxError> {
        let mut entries: Vec<(Key, Tree)> = Vec::new();
        let mut merged: Vec<(Key, Tree)> = Vec::new();
        let mut seen = BTreeSet::new();
        loop {
            let (event, span) = self.next()?;
            let (text, plain) = match event {
                Event::MappingEnd => {
                    // What stands here itself counts before what is merged in.
                    merged.retain(|(key, _)| seen.insert(key.text.clone()));
                    entries.append(&mut merged);
                    return Ok(entries);
                }
                Event::Scalar(text, style, 0, None) => {
                    (text.into_owned(), style == ScalarStyle::Plain)
                }
                _ => {
                    return Err(fail(&span, "a key must be plain text"));
                }
            };
            if text == "<<" && plain && self.resolved.is_some() {
                let (event, span) = self.next()?;
                match self.node(event, &span)?.content {
                    Content::Mapping(more) => merged.extend(more),
                    Content::Sequence(several) => {
                        for one in several {
                            let Content::Mapping(more) = one.content else {
                                return Err(fail(&span, "only mappings are merged into one"));
                            };
                            merged.extend(more);
                        }
                    }
                    Content::Scalar { .. } => {
                        return Err(fail(&span, "only mappings are merged into one"));
                    }
                }
                continue;
            }
            if !seen.insert(text.clone()) {
                let message = format!("the key `{text}` stands here a second time");
                let Some(resolved) = self.resolved.as_mut() else {
                    return Err(fail(&span, &message).hint("leave one of them out"));
                };
                let message = format!("{message}: only what stands here counts");
                resolved.told.push(fail(&span, &message));
                entries.retain(|(key, _)| key.text != text);
            }
            let key = Key {
                text,
                plain,
                at: location(&span),
            };
            let (event, span) = self.next()?;
            entries.push((key, self.node(event, &span)?));
        }
    }
}

/// <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/613>
const NO_ALIASES: &str = "anchors and aliases are not supported";
const NO_ALIASES_HINT: &str =
    "write the value out at each place; a text that begins with `*` or `&` stands in quotes";

fn location(span: &Span) -> Location {
    let start = span.tag_start.unwrap_or(span.start);
    Location {
        line: start.line(),
        column: start.col() + 1,
    }
}

fn fail(span: &Span, message: &str) -> SyntaxError {
    SyntaxError {
        at: location(span),
        message: message.to_owned(),
        hint: "correct the line",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locates_keys_values_and_items() {
        let tree = read("a:\n  b:\n    - x\n    - !Sub 'y'\n").unwrap();
        assert_eq!(
            tree.locate(&["a", "b", "1"], false),
            Location { line: 4, column: 7 }
        );
        assert_eq!(
            tree.locate(&["a", "b"], true),
            Location { line: 2, column: 3 }
        );
        assert_eq!(
            tree.locate(&["a", "missing"], false),
            Location { line: 2, column: 3 }
        );
    }

    #[test]
    fn refuses_duplicate_keys_aliases_and_second_documents() {
        let at = |text: &str| {
            let error = read(text).unwrap_err();
            (error.at.line, error.message)
        };
        assert_eq!(
            at("a: 1\na: 2\n"),
            (2, "the key `a` stands here a second time".to_owned())
        );
        assert_eq!(at("a: &x 1\nb: *x\n").0, 1);
        assert_eq!(at("a: 1\n---\nb: 2\n").0, 3);
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&deep(DEPTH)).is_ok());
        assert_eq!(
            at(&deep(DEPTH + 2)).1,
            "this stands more than 100 levels deep"
        );
        assert!(read(&deep(100_000)).is_err());
        assert_eq!(at("").1, "the document is empty");
    }

    #[test]
    fn what_others_write_is_resolved_and_told() {
        let text = "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\ne: [*x, &y z, *y]\na: 4\n";
        let (tree, told) = read_of_others(text).unwrap();
        let of = |keys: &[&str]| {
            let found = keys.iter().try_fold(&tree, |tree, key| tree.get(key));
            match &found.unwrap().content {
                Content::Scalar { text, .. } => text.clone(),
                other => panic!("{keys:?}: {other:?}"),
            }
        };
        assert_eq!(
            [of(&["d", "b"]), of(&["d", "c"]), of(&["a"])],
            ["1", "3", "4"]
        );
        let plain = read("a: [{b: 1, c: 2}, z, z]").unwrap().size();
        assert_eq!(tree.get("e").unwrap().size(), (plain.0 - 1, plain.1 - 1));
        let lines: Vec<usize> = told.iter().map(|one| one.at.line).collect();
        assert_eq!(lines, [3, 5, 5, 6]);
        assert!(told[3].message.contains("only what stands here counts"));
        // Nine lines that make a thousand million nodes, and one that has no end.
        let mut bomb = "a: &a0 [x]\n".to_owned();
        for level in 1..10 {
            let below = format!("*a{}, ", level - 1).repeat(9);
            bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
        }
        let refused = read_of_others(&bomb).unwrap_err();
        assert!(
            refused.message.contains("more than any template"),
            "{refused}"
        );
        assert!(read_of_others("a: &a [*a]").is_err());
    }
}
