//! Evaluating a template for a stack: the core's evaluator, told what exists.

use super::{export, invalid};
use crate::context::Context;
use crate::state::cloudformation::StackResource;
use crate::wire::ApiError;
use base64::{Engine, engine::general_purpose::STANDARD};
use compute_catalog::cfn::{Evaluation, Evaluator, IndexMap, Intrinsic, Node, Pseudo, Template};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What is known while a stack is made: the resources so far, and all exports.
pub(super) struct StackEvaluator<'a> {
    pub pseudo: Pseudo,
    pub resources: &'a BTreeMap<String, StackResource>,
    pub exports: BTreeMap<String, String>,
    /// Names of the exports that were asked for, also of those that don't exist.
    pub imports: RefCell<BTreeSet<String>>,
}

impl<'a> StackEvaluator<'a> {
    pub(super) fn new(
        context: &Context<'_>,
        stack_id: &str,
        stack_name: &str,
        resources: &'a BTreeMap<String, StackResource>,
    ) -> Self {
        Self {
            pseudo: Pseudo {
                account_id: context.account().to_owned(),
                region: context.region.clone(),
                partition: "aws".to_owned(),
                stack_name: stack_name.to_owned(),
                stack_id: stack_id.to_owned(),
            },
            resources,
            exports: export::all(context)
                .map(|export| (export.name.to_owned(), export.value.to_owned()))
                .collect(),
            imports: RefCell::new(BTreeSet::new()),
        }
    }
}

impl Evaluator for StackEvaluator<'_> {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.pseudo.pseudo(name)
    }

    fn resource(&self, logical_id: &str) -> Option<Node> {
        let resource = self.resources.get(logical_id)?;
        Some(Node::String(resource.physical.clone()))
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Node> {
        let resource = self.resources.get(logical_id)?;
        Some(Node::from_json(resource.attributes.get(attribute)?))
    }

    fn export(&self, name: &str) -> Option<Node> {
        self.imports.borrow_mut().insert(name.to_owned());
        self.exports
            .get(name)
            .map(|value| Node::String(value.clone()))
    }
}

/// A template's evaluation for these values.
pub(super) fn start<'a>(
    template: &'a Template,
    values: &IndexMap<String, String>,
    known: &'a StackEvaluator<'a>,
) -> Result<Evaluation<'a, StackEvaluator<'a>>, ApiError> {
    Evaluation::new(template, values, known).map_err(|missing| {
        invalid(format!(
            "Parameters: [{}] must have values",
            missing.join(", ")
        ))
    })
}

/// An evaluated node as JSON. The error names what stays unknown.
pub(super) fn finish(known: &StackEvaluator<'_>, node: Node) -> Result<Value, String> {
    if let Some(name) = known
        .imports
        .borrow()
        .iter()
        .find(|name| !known.exports.contains_key(*name))
    {
        return Err(format!("No export named {name} found."));
    }
    let literal = literal(&known.pseudo.region, node)?;
    Ok(literal.to_json())
}

/// A node without functions, those evaluated that the core leaves to run time.
fn literal(region: &str, node: Node) -> Result<Node, String> {
    let each = |node| literal(region, node);
    Ok(match node {
        Node::List(items) => Node::List(items.into_iter().map(each).collect::<Result<_, _>>()?),
        Node::Map(map) => Node::Map(
            map.into_iter()
                .map(|(key, node)| Ok((key, each(node)?)))
                .collect::<Result<_, String>>()?,
        ),
        Node::Intrinsic(intrinsic) => match *intrinsic {
            Intrinsic::Base64(node) => {
                let text = each(node)?.scalar_text().ok_or("Fn::Base64 takes text")?;
                Node::String(STANDARD.encode(text))
            }
            Intrinsic::GetAzs(node) => {
                let of = each(node)?.scalar_text().unwrap_or_default();
                let region = if of.is_empty() { region } else { &of };
                let zones = ["a", "b", "c"].map(|zone| Node::String(format!("{region}{zone}")));
                Node::List(zones.into())
            }
            other => {
                return Err(format!(
                    "the local AWS can't resolve {}",
                    Node::Intrinsic(Box::new(other)).to_json()
                ));
            }
        },
        literal => literal,
    })
}
