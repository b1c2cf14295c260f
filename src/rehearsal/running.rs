//! Stacks of versions published before this catalog: their templates aren't kept, what they hold is.

use super::cause::Cause;
use super::engine::Failure;
use super::event::Status;
use crate::cfn::{IndexMap, Node, Parameter, ParameterType, Template};
use crate::product::VersionName;
use crate::release::LegacyVersions;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A version whose stacks may be running.
#[derive(Clone, Debug)]
pub struct Running {
    /// The versions that hold the same, oldest first: a rehearsal of one is one of all.
    pub versions: Vec<VersionName>,
    /// The template of their stacks.
    pub template: Arc<Template>,
    /// Its file, from the root of the repository.
    pub file: String,
    /// Whether this catalog made it: then a role of this catalog launched it.
    pub is_ours: bool,
    /// Why no update from it is possible, whatever one does.
    pub no_update: Option<String>,
}

impl Running {
    /// What messages call it.
    pub fn name(&self) -> String {
        match self.versions.as_slice() {
            [one] => one.to_string(),
            [first, .., last] => format!("{first} to {last}"),
            [] => String::new(),
        }
    }
}

/// Why stacks that hold these resources can't be updated: `compute-catalog` in the template's
/// metadata says it, by resource type.
fn no_update(whole: &Template, resources: &IndexMap<String, String>) -> Option<String> {
    let reasons = whole
        .metadata
        .get("compute-catalog")?
        .get("noUpdate")?
        .as_map()?;
    let of_type = |kind: &String| reasons.get(kind).and_then(Node::scalar_text);
    resources.values().find_map(of_type)
}

/// The stacks that versions published before this catalog have left, by what they hold. `whole` has
/// every resource of every version; the facts say which version has which.
///
/// # Errors
/// Resources of which nothing is known: what can't be rehearsed isn't well.
pub fn legacy_stacks(
    facts: &LegacyVersions,
    whole: &Template,
    file: &str,
) -> Result<Vec<Running>, Vec<Failure>> {
    let mut found: Vec<Running> = Vec::new();
    let mut by_shape: BTreeMap<String, usize> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (version, promised) in &facts.versions {
        let mut template = whole.clone();
        template
            .resources
            .retain(|id, _| promised.resources.contains_key(id));
        for (id, kind) in &promised.resources {
            match template.resources.get_mut(id) {
                None => unknown.push((id.clone(), kind.clone(), *version)),
                Some(resource) => resource.kind.clone_from(kind),
            }
        }
        let mut parameters: IndexMap<String, Parameter> = IndexMap::default();
        for (name, asked) in &promised.parameters {
            let kind = ParameterType::parse(&asked.r#type).unwrap_or(ParameterType::String);
            let mut parameter = Parameter::new(kind);
            let known = whole
                .parameters
                .get(name)
                .and_then(|known| known.default.clone());
            parameter.default = asked.default.as_deref().map(Node::from).or(known);
            parameters.insert(name.clone(), parameter);
        }
        for (name, parameter) in &whole.parameters {
            parameters
                .entry(name.clone())
                .or_insert_with(|| parameter.clone());
        }
        template.parameters = parameters;
        let shape = format!(
            "{:?}",
            template
                .resources
                .iter()
                .map(|(id, one)| (id, &one.kind))
                .collect::<Vec<_>>()
        );
        match by_shape.get(&shape).and_then(|place| found.get_mut(*place)) {
            // The newest of those that hold the same stands for all.
            Some(running) => {
                running.versions.push(*version);
                running.template = Arc::new(template);
            }
            None => {
                by_shape.insert(shape, found.len());
                found.push(Running {
                    versions: vec![*version],
                    template: Arc::new(template),
                    file: file.to_owned(),
                    is_ours: false,
                    no_update: no_update(whole, &promised.resources),
                });
            }
        }
    }
    if unknown.is_empty() {
        return Ok(found);
    }
    let failure = |(logical_id, kind, version): (String, String, VersionName)| Failure {
        file: file.to_owned(),
        logical_id,
        kind,
        property: None,
        status: Status::UpdateFailed,
        cause: Cause::Unknown {
            what: format!("what stacks of {version} hold there"),
        },
    };
    Err(unknown.into_iter().map(failure).collect())
}
