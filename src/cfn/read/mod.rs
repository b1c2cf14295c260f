//! Templates from YAML or JSON, in short and long form, each mistake with its line.

mod part;

use super::{IndexMap, Intrinsic, Map, Node, Path, Template, Transform, each};
use crate::yaml::{self, Content, Key, Location, Scalar, SyntaxError, Tree, nearest};
use std::fmt;

/// Something in a file that is no part of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadError {
    /// Where.
    pub at: Location,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}

impl std::error::Error for ReadError {}

/// The largest body that CloudFormation takes, in bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const LARGEST: usize = 1 << 20;

/// How errors call a mapping.
const MAPPING: &str = "a mapping";

/// Reads a template. JSON is YAML as far as templates go.
///
/// # Errors
/// Everything that isn't part of a template, in the order of the file.
pub fn read(text: &str) -> Result<Template, Vec<ReadError>> {
    if text.len() > LARGEST {
        return Err(vec![ReadError {
            at: Location { line: 1, column: 1 },
            message: format!(
                "it has {} bytes; CloudFormation takes templates of at most {LARGEST}",
                text.len()
            ),
        }]);
    }
    let tree = yaml::read(text).map_err(|error| {
        vec![ReadError {
            at: error.at,
            message: error.message,
        }]
    })?;
    from_tree(&tree)
}

/// Reads a template of somebody else's, as [`yaml::read_of_others`] reads it: with its tree, and what is told
/// of it.
///
/// # Errors
/// As [`read`], but for what is told.
pub fn read_of_others(text: &str) -> Result<(Template, Tree, Vec<ReadError>), Vec<ReadError>> {
    let error = |SyntaxError { at, message, .. }| ReadError { at, message };
    let (tree, told) = yaml::read_of_others(text).map_err(|one| vec![error(one)])?;
    let template = from_tree(&tree)?;
    Ok((template, tree, told.into_iter().map(error).collect()))
}

/// Reads a part of a template, such as a file that another one includes.
///
/// # Errors
/// Everything that is no value of a template, in the order of the file.
pub fn read_value(text: &str) -> Result<Node, Vec<ReadError>> {
    let tree = yaml::read(text).map_err(|error| {
        vec![ReadError {
            at: error.at,
            message: error.message,
        }]
    })?;
    let mut reader = Reader {
        errors: Vec::new(),
        open: Vec::new(),
        // Only a whole template says which macros rewrite it.
        has_macro: false,
    };
    let node = reader.node(&tree);
    match reader.errors.is_empty() {
        true => Ok(node),
        false => Err(reader.errors),
    }
}

/// Reads a template from a located tree.
///
/// # Errors
/// As [`read`].
pub fn from_tree(tree: &Tree) -> Result<Template, Vec<ReadError>> {
    let mut reader = Reader {
        errors: Vec::new(),
        open: Vec::new(),
        has_macro: tree.get("Transform").is_some(),
    };
    let template = match each::expanded(tree) {
        Ok(None) => reader.template(tree),
        Ok(Some(expanded)) => {
            reader.open = expanded.open;
            reader.template(&expanded.tree)
        }
        Err(errors) => {
            reader.errors = errors;
            Template::default()
        }
    };
    if reader.errors.is_empty() {
        Ok(template)
    } else {
        reader.errors.sort();
        Err(reader.errors)
    }
}

struct Reader {
    errors: Vec<ReadError>,
    /// Where macros put in what isn't here.
    open: Vec<Path>,
    /// Whether macros rewrite the template: they may want keys that CloudFormation doesn't know.
    has_macro: bool,
}

impl Reader {
    fn fail(&mut self, at: Location, message: impl Into<String>) {
        self.errors.push(ReadError {
            at,
            message: message.into(),
        });
    }

    fn unknown(&mut self, key: &Key, what: &str, known: &[&str]) {
        let hint = nearest(&key.text, known.iter().copied())
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        self.fail(key.at, format!("`{}` is no {what}{hint}", key.text));
    }

    fn entries<'a>(&mut self, tree: &'a Tree, what: &str) -> &'a [(Key, Tree)] {
        match &tree.content {
            Content::Mapping(entries) if tree.tag.is_none() => entries,
            _ => {
                self.fail(tree.at, format!("{what} must be a map"));
                &[]
            }
        }
    }

    fn text(&mut self, tree: &Tree, what: &str) -> Option<String> {
        match &tree.content {
            Content::Scalar { text, .. } if tree.tag.is_none() => Some(text.clone()),
            _ => {
                self.fail(tree.at, format!("{what} must be text"));
                None
            }
        }
    }

    fn template(&mut self, tree: &Tree) -> Template {
        let mut template = Template::default();
        for (key, value) in self.entries(tree, "a template") {
            match key.text.as_str() {
                "AWSTemplateFormatVersion" => match self.text(value, "the format version") {
                    Some(version) if version != "2010-09-09" => {
                        self.fail(value.at, "the format version must be 2010-09-09");
                    }
                    _ => {}
                },
                "Description" => template.description = self.text(value, "the description"),
                "Metadata" => template.metadata = self.map(value, "Metadata"),
                "Parameters" => {
                    template.parameters = self.named(value, "Parameters", Self::parameter)
                }
                "Rules" => template.rules = self.map(value, "Rules"),
                "Mappings" => {
                    template.mappings = self.named(value, "Mappings", |reader, rows| {
                        Some(reader.named(rows, MAPPING, |reader, row| {
                            Some(reader.map(row, "a row of a mapping"))
                        }))
                    });
                }
                "Conditions" => template.conditions = self.map(value, "Conditions"),
                "Transform" => template.transform = self.transforms(value),
                "Fn::Transform" => self.open.push(Path::default()),
                "Resources" => template.resources = self.named(value, "Resources", Self::resource),
                "Outputs" => template.outputs = self.named(value, "Outputs", Self::output),
                // Of AWS's macro for serverless applications.
                "Globals" if self.has_macro => self.open.push(Path::of(["Globals"])),
                "Hooks" => {}
                _ => self.unknown(key, "section of a template", &Template::SECTIONS),
            }
        }
        template.open = std::mem::take(&mut self.open);
        let may_be_empty = !template.open.is_empty() || template.macros().next().is_some();
        if template.resources.is_empty() && self.errors.is_empty() && !may_be_empty {
            self.fail(tree.at, "a template has at least one resource");
        }
        template
    }

    fn named<T>(
        &mut self,
        tree: &Tree,
        what: &str,
        mut read: impl FnMut(&mut Self, &Tree) -> Option<T>,
    ) -> IndexMap<String, T> {
        let mut entries = IndexMap::default();
        for (key, value) in self.entries(tree, what) {
            self.key(key);
            if key.text == "Fn::Transform" {
                self.open.push(Path::of([what]));
                // Of a mapping the row says which file it comes from.
                if what != MAPPING {
                    continue;
                }
            }
            if let Some(entry) = read(self, value) {
                entries.insert(key.text.clone(), entry);
            }
        }
        entries
    }

    /// A key is text, and some read another one than is written.
    fn key(&mut self, key: &Key) {
        if key.plain && matches!(yaml::resolve(&key.text), Scalar::Ambiguous(_)) {
            let text = &key.text;
            self.fail(
                key.at,
                format!("`{text}` without quotes is a number of another base to CloudFormation; quote it"),
            );
        }
    }

    fn transforms(&mut self, tree: &Tree) -> Vec<Transform> {
        let items = match &tree.content {
            Content::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(tree),
        };
        let mut transforms = Vec::new();
        for item in items {
            let Content::Mapping(entries) = &item.content else {
                let name = self.text(item, "Transform");
                transforms.extend(name.as_deref().map(Transform::from));
                continue;
            };
            let mut transform = Transform::from("");
            for (key, value) in entries {
                match key.text.as_str() {
                    "Name" => transform.name = self.text(value, "Name").unwrap_or_default(),
                    "Parameters" => transform.parameters = self.map(value, "Parameters"),
                    _ => self.unknown(key, "key of a transform", &["Name", "Parameters"]),
                }
            }
            if transform.name.is_empty() {
                self.fail(item.at, "a transform needs the Name of its macro");
            }
            transforms.push(transform);
        }
        transforms
    }

    fn words(&mut self, tree: &Tree, what: &str) -> Vec<String> {
        match &tree.content {
            Content::Sequence(items) => items
                .iter()
                .filter_map(|item| self.text(item, what))
                .collect(),
            _ => self.text(tree, what).into_iter().collect(),
        }
    }

    fn map(&mut self, tree: &Tree, what: &str) -> Map {
        let mut map = Map::default();
        // `!Transform {…}` in place of all of it is `Fn::Transform: {…}` in it.
        let tag = tree.tag.as_deref().unwrap_or_default();
        if tag.trim_start_matches('!') == "Transform" {
            let given = Tree {
                tag: None,
                ..tree.clone()
            };
            map.insert("Fn::Transform".to_owned(), self.node(&given));
            return map;
        }
        for (key, value) in self.entries(tree, what) {
            self.key(key);
            map.insert(key.text.clone(), self.node(value));
        }
        map
    }

    fn node(&mut self, tree: &Tree) -> Node {
        let node = match &tree.content {
            Content::Scalar { text, plain: false } => Node::String(text.clone()),
            // A tag fixes the type of what it stands on: `!Ref 123` names something.
            Content::Scalar { text, .. } if tree.tag.is_some() => Node::String(text.clone()),
            Content::Scalar { text, plain: true } => match yaml::resolve(text) {
                Scalar::Null => {
                    self.fail(
                        tree.at,
                        "CloudFormation takes no empty value: leave the key out",
                    );
                    Node::Null
                }
                Scalar::Bool(value) => Node::Bool(value),
                Scalar::Integer(value) => Node::Integer(value),
                Scalar::Float(value) => Node::Float(value),
                Scalar::String(text) => Node::String(text.to_owned()),
                // Taken for the text, as files' modes in AWS's own templates want it (`mode: 000400`);
                // that CloudFormation does so stands on no page. The rule `syntax` tells of it.
                Scalar::Ambiguous(text) => Node::String(text.to_owned()),
            },
            Content::Sequence(items) => {
                Node::List(items.iter().map(|item| self.node(item)).collect())
            }
            Content::Mapping(entries) => {
                let mut map = Map::with_capacity_and_hasher(entries.len(), Default::default());
                for (key, value) in entries {
                    self.key(key);
                    // Nothing stands for the stack's region there.
                    let is_region = key.text == "Fn::GetAZs" && is_null(value);
                    let node = match is_region {
                        true => Node::String(String::new()),
                        false => self.node(value),
                    };
                    map.insert(key.text.clone(), node);
                }
                self.long_form(tree.at, map)
            }
        };
        match &tree.tag {
            None => node,
            Some(tag) => self.intrinsic(tree.at, tag, node),
        }
    }

    /// A map of the one key `Ref`, `Condition` with text, or `Fn::…` is a function.
    fn long_form(&mut self, at: Location, mut map: Map) -> Node {
        let name = match map.get_index(0) {
            Some((key, _)) if map.len() == 1 && key == "Ref" => "Ref".to_owned(),
            Some((key, Node::String(_))) if map.len() == 1 && key == "Condition" => key.clone(),
            Some((key, _)) if key.starts_with("Fn::") => {
                // What a macro makes may stand beside what is here.
                if map.len() > 1 && map.contains_key("Fn::Transform") {
                    return Node::Map(map);
                }
                if matches!(key.as_str(), "Fn::Ref" | "Fn::Condition") {
                    let name = &key["Fn::".len()..];
                    self.fail(
                        at,
                        format!("`{key}` is not an intrinsic function; write `{name}`"),
                    );
                    return Node::Map(map);
                }
                if map.len() > 1 {
                    self.fail(at, format!("`{key}` can't share its map with other keys"));
                    return Node::Map(map);
                }
                key["Fn::".len()..].to_owned()
            }
            _ => return Node::Map(map),
        };
        match map.shift_remove_index(0) {
            Some((_, argument)) => self.intrinsic(at, &name, argument),
            None => Node::Map(map),
        }
    }

    fn intrinsic(&mut self, at: Location, name: &str, argument: Node) -> Node {
        match Intrinsic::from_argument(name, argument) {
            Ok(intrinsic) => intrinsic.into(),
            Err(message) => {
                self.fail(at, message);
                Node::Null
            }
        }
    }
}

fn is_null(tree: &Tree) -> bool {
    match &tree.content {
        Content::Scalar { text, plain: true } => yaml::resolve(text) == Scalar::Null,
        _ => false,
    }
}
