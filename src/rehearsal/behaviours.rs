//! The file of behaviours, read strictly.

use super::behaviour::{ContextKey, LaunchBehaviour, ServiceBehaviour, TypeBehaviour};
use super::fact::Fact;
use crate::cfn::Template;
use crate::portfolio::launch_role::Handlers;
use crate::yaml::{InputError, Location, load};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Where the behaviours stand, from the root of the repository.
pub const BEHAVIOURS: &str = "src/rehearsal/behaviours.yaml";
const TEXT: &str = include_str!("behaviours.yaml");

/// The file of behaviours.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Behaviours {
    /// Beliefs about AWS.
    pub facts: Vec<Fact>,
    /// Condition keys that calls carry.
    pub keys: Vec<ContextKey>,
    /// What Service Catalog and CloudFormation call themselves.
    pub launches: LaunchBehaviour,
    /// What services need of the roles that they are handed.
    pub services: Vec<ServiceBehaviour>,
    /// What the schemas leave out, by type.
    pub types: Vec<TypeBehaviour>,
}

impl Behaviours {
    /// The behaviours that every rehearsal reads.
    ///
    /// # Errors
    /// Mistakes in the file.
    pub fn known() -> Result<&'static Behaviours, Vec<InputError>> {
        static KNOWN: LazyLock<Result<Behaviours, Vec<InputError>>> =
            LazyLock::new(|| Behaviours::read(BEHAVIOURS, TEXT));
        KNOWN.as_ref().map_err(Clone::clone)
    }

    /// Reads a file of behaviours.
    ///
    /// # Errors
    /// Every mistake in the file: of form, a type twice, a fact that isn't there or that nothing
    /// speaks of.
    pub fn read(file: &str, text: &str) -> Result<Behaviours, Vec<InputError>> {
        let read: Behaviours = load(file, text)?;
        let mut errors = Vec::new();
        let mut fail = |wanted: &str, message: String, hint: &str| {
            let lines = (1..).zip(text.lines());
            let line = lines.into_iter().find(|(_, line)| names(line, wanted));
            errors.push(InputError {
                file: file.to_owned(),
                at: Location {
                    line: line.map_or(1, |(line, _)| line),
                    column: 1,
                },
                message,
                hint: Some(hint.to_owned()),
            });
        };
        let used = read.used_facts();
        for fact in &used {
            if !read.facts.iter().any(|known| known.id == *fact) {
                fail(
                    fact,
                    format!("there is no fact `{fact}`"),
                    "add it under `facts`, with its source",
                );
            }
        }
        for (index, fact) in read.facts.iter().enumerate() {
            if read.facts[..index].iter().any(|other| other.id == fact.id) {
                fail(
                    &fact.id,
                    format!("the fact `{}` stands twice", fact.id),
                    "keep one",
                );
            }
        }
        for (index, known) in read.types.iter().enumerate() {
            if read.types[..index]
                .iter()
                .any(|other| other.kind == known.kind)
            {
                fail(
                    &known.kind,
                    format!("{} stands twice", known.kind),
                    "keep one",
                );
            }
            if crate::resource::facts(&known.kind).is_none() {
                fail(
                    &known.kind,
                    format!("{} is no vendored type", known.kind),
                    "correct it, or add it to vendor/types.txt",
                );
            }
        }
        if errors.is_empty() {
            Ok(read)
        } else {
            errors.sort();
            Err(errors)
        }
    }

    /// The facts that something speaks of.
    fn used_facts(&self) -> Vec<&str> {
        let mut used: Vec<&str> = self.keys.iter().map(|key| key.fact.as_str()).collect();
        let launches = &self.launches;
        used.extend([
            launches.fact.as_str(),
            &launches.doubtful.fact,
            &launches.of_macros.fact,
            &launches.files.fact,
            &launches.service_action.fact,
        ]);
        let rows = [&launches.always, &launches.create, &launches.update];
        let rows = rows.into_iter().chain([
            &launches.delete,
            &launches.of_macros.calls,
            &launches.service_action.calls,
        ]);
        used.extend(rows.flatten().filter_map(|row| row.fact.as_deref()));
        used.extend(self.services.iter().map(|service| service.fact.as_str()));
        for known in &self.types {
            used.extend(known.roles.iter().map(|role| role.fact.as_str()));
            used.extend(known.calls.iter().filter_map(|row| row.fact.as_deref()));
            used.extend(known.policy.iter().map(|policy| policy.fact.as_str()));
            used.extend(known.inherits.iter().map(|of| of.fact.as_str()));
            used.extend(known.fills.iter().map(|fills| fills.fact.as_str()));
        }
        used
    }

    /// The types of a template of which no more is known than AWS's schema: their handlers' calls aren't
    /// decided one by one.
    pub fn by_schema_alone(&self, template: &Template, handlers: &Handlers) -> BTreeSet<String> {
        let kinds = template.resources.values().map(|resource| &resource.kind);
        let unknown = kinds.filter(|kind| self.of(kind).is_none() && handlers.is_unreviewed(kind));
        unknown.cloned().collect()
    }

    /// What is known of a type.
    pub fn of(&self, kind: &str) -> Option<&TypeBehaviour> {
        self.types.iter().find(|known| known.kind == kind)
    }

    /// What is known of a service that takes roles.
    pub fn service(&self, name: &str) -> Option<&ServiceBehaviour> {
        self.services.iter().find(|service| service.service == name)
    }
}

/// Whether a line holds a name, and not only a longer one that begins with it.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let next = line[at + name.len()..].chars().next();
        next.is_none_or(|next| !next.is_ascii_alphanumeric() && next != '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_each_fact_has_an_https_source() {
        let known = Behaviours::known().unwrap();
        assert!(known.types.len() > 25);
        for fact in &known.facts {
            assert!(fact.source.starts_with("https://"), "{}", fact.id);
        }
    }

    #[test]
    fn a_fact_that_is_not_there_is_told_with_its_line() {
        let text = TEXT.replacen("fact: batch-role-by-path }", "fact: batch-role }", 1);
        let errors = Behaviours::read("b.yaml", &text).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].message.contains("no fact `batch-role`"),
            "{}",
            errors[0]
        );
        let line = TEXT
            .lines()
            .position(|line| line.contains("fact: batch-role-by-path }"));
        assert_eq!(errors[0].at.line, line.unwrap() + 1);
    }
}
