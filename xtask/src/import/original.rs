//! A template that was written by hand, with the lines of what is in it.

use super::model::Model;
use super::scope::Note;
use crate::console;
use crate::diagnostic::{self, Part};
use compute_catalog::cfn::{self, Outcome, Template};
use compute_catalog::yaml::{self, InputError, Location, Tree};
use std::path::Path;

/// The template that a model is made of.
pub struct Original {
    /// How its file is called.
    pub shown: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub template: Template,
    tree: Tree,
}

impl Original {
    /// Reads a template; tells what is wrong where it is none.
    pub fn read(shown: &str, text: String) -> Option<Original> {
        let shown = shown.to_owned();
        let template = readable(&shown, &text)?;
        match yaml::read(&text) {
            Ok(tree) => Some(Original {
                shown,
                text,
                template,
                tree,
            }),
            Err(error) => {
                console::error(&format!("{shown}:{error}"));
                None
            }
        }
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
    match cfn::read(text) {
        Ok(template) => Some(template),
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
