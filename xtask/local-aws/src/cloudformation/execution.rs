//! Making a stack what its template says, and undoing all of it when a step fails.

use super::change::{different, order, outputs};
use super::evaluation::{self, StackEvaluator};
use super::resource::{self, Place};
use super::{deletion, export, invalid, parameter, stack, template};
use crate::context::Context;
use crate::state::cloudformation::{Event, Stack, StackOutput, StackResource};
use crate::state::tag::Tag;
use crate::wire::ApiError;
use compute_catalog::cfn::{DeletionPolicy, IndexMap, Node, Template};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a stack is to become.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub tags: Vec<Tag>,
    pub change_set: Option<String>,
}

/// A stack on its way.
struct Progress {
    resources: BTreeMap<String, StackResource>,
    imports: BTreeSet<String>,
    outputs: Vec<StackOutput>,
    events: Vec<Event>,
    /// Replaced and removed resources, deleted at the end.
    leaving: Vec<(String, StackResource)>,
}

/// Makes a stack its target, or leaves everything as it was and says so in the
/// stack's state. A failed deployment is no failed call.
pub(super) fn deploy(context: &mut Context<'_>, id: &str, target: Target) -> Result<(), ApiError> {
    let before = context.state.clone();
    let stack = stack::find(context, id)?.clone();
    let is_new = stack.status == "REVIEW_IN_PROGRESS";
    let verb = if is_new { "CREATE" } else { "UPDATE" };
    let mut progress = Progress {
        resources: stack.resources.clone(),
        imports: BTreeSet::new(),
        outputs: Vec::new(),
        events: Vec::new(),
        leaving: Vec::new(),
    };
    let result = run(context, &stack, &target, &mut progress);
    let now = context.now;
    if result.is_err() {
        context.state = before;
    }
    let stack = stack::find_mut(context, id)?;
    stack.note(
        &format!("{verb}_IN_PROGRESS"),
        Some("User Initiated".to_owned()),
        now,
    );
    stack.events.append(&mut progress.events);
    if let Err(reason) = result {
        let after = if is_new {
            "ROLLBACK_COMPLETE"
        } else {
            "UPDATE_ROLLBACK_COMPLETE"
        };
        let rolling = after.replace("COMPLETE", "IN_PROGRESS");
        stack.note(&rolling, Some(reason.clone()), now);
        stack.note(after, None, now);
        stack.status = after.to_owned();
        stack.status_in_progress = rolling;
        stack.reason = Some(reason);
        stack.change_set = target.change_set;
        if is_new {
            // Shown as what was tried, with nothing in it.
            stack.template = target.template;
            stack.parameters = target.parameters;
        }
    } else {
        stack.note(&format!("{verb}_COMPLETE"), None, now);
        stack.status = format!("{verb}_COMPLETE");
        stack.status_in_progress = format!("{verb}_IN_PROGRESS");
        stack.reason = None;
        stack.template = target.template;
        stack.parameters = target.parameters;
        stack.capabilities = target.capabilities;
        stack.tags = target.tags;
        stack.change_set = target.change_set;
        stack.resources = progress.resources;
        stack.outputs = progress.outputs;
        stack.imports = progress.imports;
        stack.updated = (!is_new).then_some(now);
    }
    context.settle_seen(id);
    Ok(())
}

/// The error is the reason that the stack will show.
fn run(
    context: &mut Context<'_>,
    stack: &Stack,
    target: &Target,
    progress: &mut Progress,
) -> Result<(), String> {
    let template = template::parse(&target.template).map_err(|refusal| refusal.message)?;
    let values = parameter::resolve(context, &template, &target.parameters)
        .map_err(|refusal| refusal.message)?;
    let mut declared = BTreeSet::new();
    for (position, logical) in order(&template).into_iter().enumerate() {
        let Some(of_template) = template.resources.get(&logical) else {
            continue;
        };
        let (creates, properties) = {
            let known = StackEvaluator::new(context, &stack.id, &stack.name, &progress.resources);
            let evaluation =
                evaluation::start(&template, &values, &known).map_err(|refusal| refusal.message)?;
            let creates = evaluation
                .creates(of_template)
                .ok_or_else(|| format!("the condition of {logical} can't be told"))?;
            let properties = if creates {
                let node = Node::Map(evaluation.properties(of_template));
                evaluation::finish(&known, node)
            } else {
                Ok(Value::Null)
            };
            progress.imports.append(&mut known.imports.borrow_mut());
            (creates, properties)
        };
        if !creates {
            continue;
        }
        declared.insert(logical.clone());
        let retained = matches!(
            of_template.deletion_policy,
            Some(DeletionPolicy::Retain | DeletionPolicy::RetainExceptOnCreate)
        );
        let made = properties
            .map_err(invalid)
            .and_then(|properties| {
                let place = Place {
                    stack: &stack.name,
                    logical: &logical,
                };
                make(context, place, &of_template.kind, properties, progress)
            })
            .map_err(|refusal| {
                let reason = format!("{}: {}", refusal.code, refusal.message);
                let verb = if stack.resources.contains_key(&logical) {
                    "UPDATE"
                } else {
                    "CREATE"
                };
                progress.events.push(Event {
                    logical: logical.clone(),
                    physical: String::new(),
                    kind: of_template.kind.clone(),
                    status: format!("{verb}_FAILED"),
                    reason: Some(reason.clone()),
                    when: context.now,
                });
                format!("The following resource(s) failed: [{logical}]. {reason}")
            })?;
        let resource = StackResource {
            order: position,
            retained,
            ..made
        };
        progress.resources.insert(logical, resource);
    }
    let removed: Vec<String> = progress
        .resources
        .keys()
        .filter(|logical| !declared.contains(*logical))
        .cloned()
        .collect();
    for logical in removed {
        if let Some(resource) = progress.resources.remove(&logical) {
            progress.leaving.push((logical, resource));
        }
    }
    finish_outputs(context, stack, &template, &values, progress)?;
    if context.faults.rolled_back_stacks.contains(&stack.name) {
        return Err("Resource creation cancelled".to_owned());
    }
    let leaving = std::mem::take(&mut progress.leaving);
    deletion::remove(context, leaving, &mut progress.events)
}

/// Creates, updates, replaces or keeps one resource.
fn make(
    context: &mut Context<'_>,
    place: Place<'_>,
    kind: &str,
    properties: Value,
    progress: &mut Progress,
) -> Result<StackResource, ApiError> {
    resource::check_kind(kind)?;
    resource::check_properties(kind, &properties)?;
    let old = progress.resources.get(place.logical).cloned();
    let (made, status) = match &old {
        Some(old) if !old.is_kind(kind) => {
            return Err(invalid(format!(
                "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
                place.logical
            )));
        }
        Some(old) => {
            let changed = different(&old.properties, &properties);
            if changed.is_empty() {
                return Ok(old.clone());
            }
            resource::check_update(kind, &changed)?;
            if changed.iter().any(|name| resource::replaces(kind, name)) {
                let made = resource::create(context, kind, place, &properties)?;
                progress
                    .leaving
                    .push((place.logical.to_owned(), old.clone()));
                (made, "UPDATE_COMPLETE")
            } else {
                let made = resource::update(context, kind, &old.physical, &properties)?;
                (made, "UPDATE_COMPLETE")
            }
        }
        None => {
            let made = resource::create(context, kind, place, &properties)?;
            (made, "CREATE_COMPLETE")
        }
    };
    progress.events.push(Event {
        logical: place.logical.to_owned(),
        physical: made.physical.clone(),
        kind: kind.to_owned(),
        status: status.to_owned(),
        reason: None,
        when: context.now,
    });
    Ok(StackResource {
        kind: kind.to_owned(),
        physical: made.physical,
        order: 0,
        properties,
        attributes: made.attributes,
        retained: false,
        status: status.to_owned(),
        changed: context.now,
        nested: None,
    })
}

/// Evaluates outputs, and refuses exports that others have or use.
fn finish_outputs(
    context: &Context<'_>,
    stack: &Stack,
    template: &Template,
    values: &IndexMap<String, String>,
    progress: &mut Progress,
) -> Result<(), String> {
    let known = StackEvaluator::new(context, &stack.id, &stack.name, &progress.resources);
    let evaluation =
        evaluation::start(template, values, &known).map_err(|refusal| refusal.message)?;
    let new = outputs(&known, &evaluation, template)?;
    for output in &new {
        let Some(name) = &output.export else { continue };
        if let Some(other) =
            export::all(context).find(|other| other.name == name && other.stack != stack.id)
        {
            return Err(format!(
                "Export with name {name} is already exported by stack {}",
                other.stack
            ));
        }
    }
    for old in &stack.outputs {
        let Some(name) = &old.export else { continue };
        let now = new
            .iter()
            .find(|output| output.export.as_ref() == Some(name));
        let verb = match now {
            Some(now) if now.value == old.value => continue,
            Some(_) => "updated",
            None => "deleted",
        };
        export::check_unused(context, name, &stack.id, verb).map_err(|refusal| refusal.message)?;
    }
    let mut imports = std::mem::take(&mut *known.imports.borrow_mut());
    drop(evaluation);
    drop(known);
    progress.imports.append(&mut imports);
    progress.outputs = new;
    Ok(())
}
