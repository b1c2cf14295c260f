//! What a rehearsal saw, for people and for programs.

use super::cause::Cause;
use super::engine::Failure;
use super::event::{Event, Status};
use super::place::{Files, Place};
use super::seen::{Found, Report};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Something that doesn't work, told once for all steps, values and environments in which it
/// doesn't.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The product.
    pub product: String,
    /// The resource, by logical id; empty: the stack itself.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// The property that brings it, where one does.
    pub property: Option<String>,
    /// What happens, as CloudFormation calls it.
    pub status: String,
    /// Why.
    pub message: String,
    /// It can't be told whether it works: something isn't known.
    pub is_blind: bool,
    /// Lines to mend, the first of them first.
    pub places: Vec<Place>,
    /// The next step.
    pub hint: String,
    /// In which steps.
    pub steps: Vec<String>,
    /// In which environments.
    pub environments: Vec<String>,
}

/// The findings of a product's rehearsals, each once, sorted.
pub fn findings(product: &str, reports: &[Report], files: &mut Files<'_>) -> Vec<Finding> {
    let mut by_failure: BTreeMap<Key, (Failure, BTreeSet<String>, BTreeSet<String>)> =
        BTreeMap::new();
    for found in reports.iter().flat_map(|report| &report.found) {
        let Found {
            failure,
            step,
            values,
            environment,
        } = found;
        let key = Key::of(failure);
        let entry = by_failure
            .entry(key)
            .or_insert_with(|| (failure.clone(), BTreeSet::new(), BTreeSet::new()));
        entry.1.insert(match values.as_str() {
            "" => step.clone(),
            values => format!("{step} with {values}"),
        });
        entry.2.insert(environment.clone());
    }
    by_failure
        .into_values()
        .map(|(failure, steps, environments)| Finding {
            product: product.to_owned(),
            places: files.of(&failure),
            message: failure.cause.to_string(),
            is_blind: failure.cause.is_blind(),
            hint: failure.cause.hint(),
            status: failure.status.name(),
            logical_id: failure.logical_id,
            resource_type: failure.kind,
            property: failure.property,
            steps: steps.into_iter().collect(),
            environments: environments.into_iter().collect(),
        })
        .collect()
}

/// What makes two failures one: the same refusal on the same kind of resource.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    logical_id: String,
    property: Option<String>,
    is_end: bool,
    cause: String,
}

impl Key {
    fn of(failure: &Failure) -> Key {
        let cause = match &failure.cause {
            // Ids and accounts differ between steps and environments; what is refused doesn't.
            Cause::Refused {
                action,
                caller,
                refusal,
                resource,
            } => {
                let statements: Vec<String> = refusal
                    .denied_by
                    .iter()
                    .chain(refusal.near.iter().map(|near| &near.statement))
                    .map(ToString::to_string)
                    .collect();
                // What stands in a resource changes; the stack's own calls are on different things.
                let on = match failure.logical_id.as_str() {
                    "" => resource.rsplit(':').next().unwrap_or_default(),
                    _ => "",
                };
                format!(
                    "{caller} {action} {on} {:?} {}",
                    refusal.layer,
                    statements.join(", ")
                )
            }
            Cause::Exists { .. } => "exists".to_owned(),
            Cause::NoRole { property, .. } => format!("no role {property}"),
            Cause::Answered { reason, .. } => {
                let known = reason.split(" on ").next().unwrap_or_default();
                format!("answered {known}")
            }
            Cause::NoSignal { because } => {
                let known = because.split(" on ").next().unwrap_or_default();
                format!("no signal {known}")
            }
            Cause::InUse { .. } => "in use".to_owned(),
            other => other.to_string(),
        };
        Key {
            logical_id: failure.logical_id.clone(),
            property: failure.property.clone(),
            is_end: failure.status == Status::DeleteFailed,
            cause,
        }
    }
}

impl Finding {
    /// In which environments and steps, the first of many.
    pub fn when(&self) -> String {
        format!("{}; {}", self.environments.join(", "), some(&self.steps))
    }

    /// The finding for people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let place = match self.logical_id.as_str() {
            "" => "the stack".to_owned(),
            id => format!("{id} ({})", self.resource_type),
        };
        let _ = write!(
            out,
            "error: {}: {place}: {}: {}",
            self.product, self.status, self.message
        );
        for place in &self.places {
            let _ = write!(out, "\n  --> {}:{}: {}", place.file, place.line, place.what);
            if let Some(source) = &place.source {
                let _ = write!(out, " (generated from {source})");
            }
        }
        let _ = write!(out, "\n  in: {}", self.when());
        if !self.hint.is_empty() {
            let _ = write!(out, "\n  hint: {}", self.hint);
        }
        out
    }
}

/// The first of many.
fn some(steps: &[String]) -> String {
    const SHOWN: usize = 4;
    let more = steps.len().saturating_sub(SHOWN);
    let shown = steps
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    match more {
        0 => shown,
        _ => format!("{shown}; and {more} more steps"),
    }
}

/// A time line, as CloudFormation's console shows one.
pub fn time_line(events: &[Event]) -> String {
    let mut out = String::new();
    let width = events
        .iter()
        .map(|event| event.status.name().len())
        .max()
        .unwrap_or(0);
    let names = events
        .iter()
        .map(|event| event.logical_id.len())
        .max()
        .unwrap_or(0);
    for event in events {
        let (status, id) = (event.status.name(), &event.logical_id);
        let _ = write!(out, "    {status:width$}  {id:names$}  {}", event.kind);
        if let Some(cause) = &event.cause {
            let _ = write!(out, "\n      {cause}");
        }
        out.push('\n');
    }
    out
}
