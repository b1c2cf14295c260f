//! A template that was written by hand, with the lines of what is in it.

use super::model::Model;
use super::scope::Note;
use crate::diagnostic::{self, Part};
use compute_catalog::cfn::{self, Outcome, Template};
use compute_catalog::yaml::{InputError, Location, Tree};
use std::path::Path;

/// The template that a model is made of.
pub struct Original {
    /// How its file is called.
    pub shown: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub template: Template,
    /// The same, with its lines.
    pub tree: Tree,
    /// Where it isn't read as it stands.
    resolved: Vec<cfn::ReadError>,
}

impl Original {
    /// Reads a template; tells what is wrong where it is none.
    pub fn read(shown: &str, text: String) -> Option<Original> {
        let (template, tree, resolved) = told(shown, cfn::read_of_others(&text))?;
        Some(Original {
            shown: shown.to_owned(),
            text,
            template,
            tree,
            resolved,
        })
    }

    /// Where it isn't read as it stands, a line each.
    pub fn resolved(&self) -> impl Iterator<Item = String> {
        let told = self.resolved.iter();
        told.map(|one| format!("{}:{}: {}\n", self.shown, one.at.line, one.message))
    }

    /// What keeps the template from becoming a model, a line each: what a model can't say, and what
    /// CloudFormation itself refuses, which no model can be held to.
    pub fn refused(&self, model: &Model) -> Vec<String> {
        let unknown = model.unknown.iter();
        let unknown =
            unknown.map(|note| format!("{}: a model can't say this: {}", self.at(note), note.what));
        let defects = self.template.defects().into_iter();
        let defects = defects.filter(|defect| defect.outcome == Outcome::Refused);
        let defects = defects.map(|defect| {
            let at = self.tree.locate(defect.at.segments(), true);
            let message = &defect.message;
            match &defect.unless {
                Some(maker) => format!(
                    "{}:{at}: {}: {message}, as long as {maker} doesn't make it",
                    self.shown, defect.at
                ),
                None => format!("{}:{at}: {}: {message}", self.shown, defect.at),
            }
        });
        let mut lines: Vec<String> = unknown.chain(defects).collect();
        lines.dedup();
        lines
    }

    /// The file and line of an entry.
    pub fn at(&self, note: &Note) -> String {
        let Location { line, .. } = self.tree.locate(note.at.segments(), true);
        match note.at.segments().last() {
            Some(name) => format!("{}:{line}: {name}", self.shown),
            None => format!("{}:{line}", self.shown),
        }
    }
}

/// The template that a text is; tells what is wrong where it is none.
pub fn readable(shown: &str, text: &str) -> Option<Template> {
    told(shown, cfn::read(text))
}

fn told<T>(shown: &str, read: Result<T, Vec<cfn::ReadError>>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(errors) => {
            let mistake = |error: cfn::ReadError| {
                Part::Mistake(InputError {
                    file: shown.to_owned(),
                    at: error.at,
                    message: error.message,
                    hint: Some("write it as CloudFormation reads it, then import again".to_owned()),
                })
            };
            let parts: Vec<Part> = errors.into_iter().map(mistake).collect();
            diagnostic::say_error(&parts, Path::new(""));
            None
        }
    }
}
