//! `Fn::ForEach`: parts of a template repeated for each item of a collection.
//!
//! Expanded before anything else is read, as CloudFormation does, so that all that looks at a template
//! sees what will be there.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use super::{Path, ReadError, Template};
use crate::yaml::{Content, Key, Location, Tree};
use std::collections::BTreeSet;

/// At most so many nodes are made: a loop in a loop in a loop makes more than any machine holds.
const LARGEST: usize = 20_000;

/// The start of the key of a loop; its name follows.
const LOOP: &str = "Fn::ForEach::";

/// A document whose loops are unrolled.
pub(super) struct Expanded {
    /// The document.
    pub tree: Tree,
    /// Where loops stood over collections that aren't known.
    pub open: Vec<Path>,
}

/// The document with its loops unrolled; none where it has no loop.
///
/// # Errors
/// Loops of another form, or that make too much.
pub(super) fn expanded(tree: &Tree) -> Result<Option<Expanded>, Vec<ReadError>> {
    let Some(at) = first_loop(tree) else {
        return Ok(None);
    };
    if !has_extensions(tree) {
        let message = "a loop is of the language extensions: the template needs `Transform: AWS::LanguageExtensions`";
        return Err(vec![ReadError {
            at,
            message: message.to_owned(),
        }]);
    }
    let mut unroller = Unroller {
        document: tree,
        errors: Vec::new(),
        open: Vec::new(),
        made: 0,
    };
    let tree = unroller.unrolled(tree, &mut Vec::new(), &Path::default());
    if unroller.made > LARGEST {
        let message = format!("its loops make more than {LARGEST} values");
        unroller.fail(tree.at, message);
    }
    match unroller.errors.is_empty() {
        true => Ok(Some(Expanded {
            tree,
            open: unroller.open,
        })),
        false => Err(unroller.errors),
    }
}

/// Where the first loop stands.
fn first_loop(tree: &Tree) -> Option<Location> {
    match &tree.content {
        Content::Scalar { .. } => None,
        Content::Sequence(items) => items.iter().find_map(first_loop),
        Content::Mapping(entries) => {
            entries
                .iter()
                .find_map(|(key, value)| match key.text.starts_with(LOOP) {
                    true => Some(key.at),
                    false => first_loop(value),
                })
        }
    }
}

/// Whether a document asks for the transform that unrolls loops.
fn has_extensions(tree: &Tree) -> bool {
    let is_it = |tree: &Tree| {
        let name = tree.get("Name").unwrap_or(tree);
        matches!(&name.content, Content::Scalar { text, .. } if text == Template::LANGUAGE_EXTENSIONS)
    };
    match tree.get("Transform") {
        Some(one) => match &one.content {
            Content::Sequence(items) => items.iter().any(is_it),
            _ => is_it(one),
        },
        None => false,
    }
}

/// A name and the item that it stands for.
type Bound = (String, String);

struct Unroller<'t> {
    document: &'t Tree,
    errors: Vec<ReadError>,
    open: Vec<Path>,
    made: usize,
}

impl Unroller<'_> {
    fn fail(&mut self, at: Location, message: impl Into<String>) {
        let message = message.into();
        self.errors.push(ReadError { at, message });
    }

    fn unrolled(&mut self, tree: &Tree, bound: &mut Vec<Bound>, path: &Path) -> Tree {
        self.made += 1;
        if self.made > LARGEST {
            return tree.clone();
        }
        let content = match &tree.content {
            Content::Scalar { text, plain } => {
                let text = filled(text, bound);
                // `!Ref Name` of what the loop binds is the item itself.
                if tree.tag.as_deref() == Some("Ref")
                    && let Some((_, item)) = bound.iter().find(|(name, _)| *name == text)
                {
                    return literal(item, tree.at);
                }
                Content::Scalar {
                    text,
                    plain: *plain,
                }
            }
            Content::Sequence(items) => {
                let items = items.iter().enumerate();
                let one = |(index, item): (usize, &Tree)| {
                    self.unrolled(item, bound, &path.join(index.to_string()))
                };
                Content::Sequence(items.map(one).collect())
            }
            Content::Mapping(entries) => {
                if let [(key, value)] = entries.as_slice()
                    && key.text == "Ref"
                    && let Content::Scalar { text, .. } = &value.content
                    && let Some((_, item)) = bound.iter().find(|(name, _)| name == text)
                {
                    return literal(item, tree.at);
                }
                Content::Mapping(self.entries(entries, bound, path))
            }
        };
        Tree {
            content,
            tag: tree.tag.clone(),
            at: tree.at,
        }
    }

    fn entries(
        &mut self,
        entries: &[(Key, Tree)],
        bound: &mut Vec<Bound>,
        path: &Path,
    ) -> Vec<(Key, Tree)> {
        let mut made: Vec<(Key, Tree)> = Vec::new();
        let mut names = BTreeSet::new();
        for (key, value) in entries {
            let name = filled(&key.text, bound);
            let unrolled = match name.strip_prefix(LOOP) {
                Some(_) => self.repeated(key, value, bound, path),
                None => {
                    let value = self.unrolled(value, bound, &path.join(&name));
                    let (at, plain) = (key.at, key.plain);
                    let text = name;
                    vec![(Key { text, plain, at }, value)]
                }
            };
            for (key, value) in unrolled {
                if !names.insert(key.text.clone()) {
                    let message = format!("the loop makes the key `{}` a second time", key.text);
                    self.fail(key.at, message);
                    return made;
                }
                made.push((key, value));
            }
        }
        made
    }

    /// What one loop makes.
    fn repeated(
        &mut self,
        key: &Key,
        value: &Tree,
        bound: &mut Vec<Bound>,
        path: &Path,
    ) -> Vec<(Key, Tree)> {
        let parts = match &value.content {
            Content::Sequence(items) => items.as_slice(),
            _ => &[],
        };
        let [name, collection, body] = parts else {
            self.fail(
                value.at,
                format!("`{}` takes a name, a collection and a map", key.text),
            );
            return Vec::new();
        };
        let Content::Scalar { text: name, .. } = &name.content else {
            self.fail(name.at, "a loop binds a name, which is text");
            return Vec::new();
        };
        let Content::Mapping(body) = &body.content else {
            self.fail(body.at, "a loop repeats the entries of a map");
            return Vec::new();
        };
        let Some(items) = self.items(collection, bound) else {
            self.open.push(path.clone());
            return Vec::new();
        };
        let mut made = Vec::new();
        for item in items {
            if self.made > LARGEST {
                break;
            }
            bound.push((name.clone(), item));
            made.extend(self.entries(body, bound, path));
            bound.pop();
        }
        made
    }

    /// The items of a collection; none where they aren't known.
    fn items(&self, collection: &Tree, bound: &[Bound]) -> Option<Vec<String>> {
        match (&collection.content, collection.tag.as_deref()) {
            (Content::Sequence(items), None) => {
                let mut all = Vec::new();
                for item in items {
                    match &item.content {
                        Content::Scalar { text, .. } if item.tag.is_none() => {
                            all.push(filled(text, bound));
                        }
                        _ => all.extend(self.items(item, bound)?),
                    }
                }
                Some(all)
            }
            (Content::Scalar { text, .. }, Some("Ref")) => self.of_parameter(text, bound),
            (Content::Mapping(entries), None) => match entries.as_slice() {
                [(key, value)] if key.text == "Ref" => match &value.content {
                    Content::Scalar { text, .. } => self.of_parameter(text, bound),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of a list that a parameter gives: those of its default.
    fn of_parameter(&self, name: &str, bound: &[Bound]) -> Option<Vec<String>> {
        if let Some((_, item)) = bound.iter().find(|(bound, _)| bound == name) {
            return Some(vec![item.clone()]);
        }
        let parameter = self.document.get("Parameters")?.get(name)?;
        match &parameter.get("Default")?.content {
            Content::Scalar { text, .. } => {
                Some(text.split(',').map(|item| item.trim().to_owned()).collect())
            }
            _ => None,
        }
    }
}

fn literal(text: &str, at: Location) -> Tree {
    Tree {
        content: Content::Scalar {
            text: text.to_owned(),
            plain: false,
        },
        tag: None,
        at,
    }
}

/// A text with the items in place of the names: `${Name}`, and `&{Name}` for its letters and digits.
fn filled(text: &str, bound: &[Bound]) -> String {
    let mut text = text.to_owned();
    for (name, item) in bound {
        let whole = format!("${{{name}}}");
        if text.contains(&whole) {
            text = text.replace(&whole, item);
        }
        let letters = format!("&{{{name}}}");
        if text.contains(&letters) {
            let item: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
            text = text.replace(&letters, &item);
        }
    }
    text
}
