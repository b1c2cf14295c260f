//! Where a person mends what doesn't work: the line of the resource, and that of the statement.

use super::cause::Cause;
use super::engine::Failure;
use crate::iam::{Layer, StatementName};
use crate::product::BOUNDARY_EXPORT;
use crate::yaml::{Content, Tree, read};
use std::collections::BTreeMap;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Place {
    /// The file, from the root of the repository.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub what: String,
    /// The file that it is generated from, where it is.
    pub source: Option<String>,
}

/// Files, read once.
pub struct Files<'a> {
    text: &'a dyn Fn(&str) -> Option<String>,
    read: BTreeMap<String, Option<(Tree, Option<String>)>>,
}

impl<'a> Files<'a> {
    /// Files that this reads, by path from the root of the repository.
    pub fn new(text: &'a dyn Fn(&str) -> Option<String>) -> Files<'a> {
        Files {
            text,
            read: BTreeMap::new(),
        }
    }

    fn tree(&mut self, file: &str) -> Option<&(Tree, Option<String>)> {
        let text = self.text;
        let known = self.read.entry(file.to_owned()).or_insert_with(|| {
            let text = text(file)?;
            let source = text.lines().next().and_then(|first| {
                let (_, rest) = first.split_once("Generated from ")?;
                let source = rest.split([' ', '`']).next()?;
                Some(source.trim_end_matches('.').to_owned())
            });
            Some((read(&text).ok()?, source))
        });
        known.as_ref()
    }

    fn place(&mut self, file: &str, path: &[String], what: String) -> Option<Place> {
        let (tree, source) = self.tree(file)?;
        Some(Place {
            line: tree.locate(path, true).line,
            file: file.to_owned(),
            what,
            source: source.clone(),
        })
    }

    /// The lines that a failure is about, the one to mend first.
    pub fn of(&mut self, failure: &Failure) -> Vec<Place> {
        let mut places = Vec::new();
        if let Cause::Refused {
            caller, refusal, ..
        } = &failure.cause
        {
            let near = refusal.near.iter().map(|near| &near.statement);
            let statements: Vec<&StatementName> = refusal.denied_by.iter().chain(near).collect();
            for statement in &statements {
                let edited = self.of_boundary(&statement.policy, Some(&statement.sid));
                places.extend(edited.or_else(|| self.statement(statement)));
            }
            let boundary = refusal.policies.first();
            let boundary = boundary.filter(|_| refusal.layer == Layer::Boundary);
            if let (true, Some(policy)) = (statements.is_empty(), boundary) {
                let edited = self.of_boundary(policy, None);
                places.extend(edited.or_else(|| self.resource(policy, "the permissions boundary")));
            } else if statements.is_empty() {
                let role = caller.rsplit(' ').next().unwrap_or_default();
                places.extend(self.resource(role, &refusal.layer.to_string()));
            }
        }
        if let Cause::Untrusted { role, .. } = &failure.cause {
            places.extend(self.within(
                role,
                &["Properties", "AssumeRolePolicyDocument"],
                "the trust policy",
            ));
        }
        let mut path = vec!["Resources".to_owned(), failure.logical_id.clone()];
        if let Some(property) = &failure.property {
            path.push("Properties".to_owned());
            path.extend(property.split('.').map(str::to_owned));
        }
        if !failure.logical_id.is_empty() {
            let what = match &failure.property {
                Some(property) => format!("{} ({}), {property}", failure.logical_id, failure.kind),
                None => format!("{} ({})", failure.logical_id, failure.kind),
            };
            places.extend(self.place(&failure.file, &path, what));
        } else {
            places.extend(self.place(&failure.file, &[], "the stack".to_owned()));
        }
        places.dedup();
        places
    }

    /// Where a person edits the permissions boundary, or a statement of it: in the file that its stack is
    /// generated from. Nothing for another policy, and for what the file doesn't say.
    fn of_boundary(&mut self, policy: &str, sid: Option<&str>) -> Option<Place> {
        let (file, id) = policy.split_once('#')?;
        if id != BOUNDARY_EXPORT {
            return None;
        }
        let source = self.tree(file)?.1.clone()?;
        let statements = self.tree(&source)?.0.get("boundary")?;
        let mut path = vec!["boundary".to_owned()];
        let what = match sid {
            None => "the permissions boundary".to_owned(),
            Some(sid) => {
                let Content::Sequence(items) = &statements.content else {
                    return None;
                };
                let index = items
                    .iter()
                    .position(|item| is_text(item.get("sid"), sid))?;
                path.push(index.to_string());
                format!("statement {sid} of the permissions boundary")
            }
        };
        self.place(&source, &path, what)
    }

    /// The line of a resource that messages call `file#LogicalId`.
    fn resource(&mut self, origin: &str, what: &str) -> Option<Place> {
        self.within(origin, &[], what)
    }

    fn within(&mut self, origin: &str, below: &[&str], what: &str) -> Option<Place> {
        let (file, id) = origin.split_once('#')?;
        let mut path = vec!["Resources".to_owned(), id.to_owned()];
        path.extend(below.iter().map(|one| (*one).to_owned()));
        self.place(file, &path, format!("{id}: {what}"))
    }

    fn statement(&mut self, statement: &StatementName) -> Option<Place> {
        let (file, rest) = statement.policy.split_once('#')?;
        let (id, policy) = match rest.split_once('/') {
            Some((id, policy)) => (id, Some(policy)),
            None => (rest, None),
        };
        let mut path = vec![
            "Resources".to_owned(),
            id.to_owned(),
            "Properties".to_owned(),
        ];
        match policy {
            None => path.push("PolicyDocument".to_owned()),
            Some(name) => {
                let index = self.inline(file, &path, name);
                match index {
                    Some(index) => path.extend([
                        "Policies".to_owned(),
                        index.to_string(),
                        "PolicyDocument".to_owned(),
                    ]),
                    None => path.push(name.to_owned()),
                }
            }
        }
        path.extend(["Statement".to_owned(), statement.index.to_string()]);
        let what = match statement.sid.as_str() {
            "" => format!("statement {} of {id}", statement.index + 1),
            sid => format!("statement {sid} of {id}"),
        };
        self.place(file, &path, what)
    }

    /// The place of an inline policy of this name.
    fn inline(&mut self, file: &str, path: &[String], name: &str) -> Option<usize> {
        let (tree, _) = self.tree(file)?;
        let mut node = tree;
        for key in path {
            node = node.get(key)?;
        }
        let Content::Sequence(items) = &node.get("Policies")?.content else {
            return None;
        };
        let mut items = items.iter();
        items.position(|item| is_text(item.get("PolicyName"), name))
    }
}

/// Whether a text stands there.
fn is_text(node: Option<&Tree>, wanted: &str) -> bool {
    matches!(node.map(|node| &node.content), Some(Content::Scalar { text, .. }) if text == wanted)
}
