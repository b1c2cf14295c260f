//! In which order resources are made: each after those that it waits for.

use crate::cfn::{Evaluation, Evaluator, IndexMap, IndexSet, Template, references};

/// Which resource waits for which others.
pub(super) type Waits = IndexMap<String, IndexSet<String>>;

/// Which resource waits for which others: for those it refers to, also in its metadata.
pub(super) fn waits(template: &Template) -> Waits {
    let mut waits = Waits::default();
    for reference in references(template) {
        let (Some(from), Some(to)) = (reference.at.logical_id(), reference.target.name()) else {
            continue;
        };
        if template.resources.contains_key(to) && from != to {
            waits
                .entry(from.to_owned())
                .or_default()
                .insert(to.to_owned());
        }
    }
    waits
}

/// The resources that are made with these values, each after those that it waits for.
///
/// # Errors
/// Conditions that can't be worked out, and resources that wait for each other.
pub(super) fn in_order<E: Evaluator>(
    template: &Template,
    waits: &Waits,
    evaluation: &Evaluation<'_, E>,
) -> Result<Vec<String>, String> {
    let mut wanted = IndexSet::default();
    for (id, resource) in &template.resources {
        match evaluation.creates(resource) {
            Some(true) => {
                wanted.insert(id.as_str());
            }
            Some(false) => {}
            None => return Err(format!("the condition of {id}")),
        }
    }
    let mut done: IndexSet<&str> = IndexSet::default();
    while done.len() < wanted.len() {
        let is_ready = |id: &&&str| {
            let others = waits.get(**id).into_iter().flatten().map(String::as_str);
            let mut others = others.filter(|other| wanted.contains(other));
            !done.contains(**id) && others.all(|other| done.contains(other))
        };
        let Some(next) = wanted.iter().find(is_ready) else {
            return Err("the order of resources that wait for each other".to_owned());
        };
        done.insert(next);
    }
    Ok(done.into_iter().map(str::to_owned).collect())
}
