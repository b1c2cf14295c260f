//! Whether conditions hold, as far as that is known.

use super::Evaluation;
use crate::cfn::{Evaluator, Intrinsic, Node};

/// So many conditions may ask each other in a chain; of what is asked beyond, nothing is known.
const DEPTH: usize = 100;

impl<E: Evaluator> Evaluation<'_, E> {
    /// Whether a named condition holds; none where that depends on what isn't known, or where
    /// there is no such condition.
    pub fn condition(&self, name: &str) -> Option<bool> {
        let (name, node) = self.template.conditions.get_key_value(name)?;
        let known = self.held.borrow().get(name.as_str()).copied();
        if let Some(known) = known {
            return known;
        }
        let depth = self.asking.get();
        if depth >= DEPTH {
            return None;
        }
        self.held.borrow_mut().insert(name, None);
        self.asking.set(depth + 1);
        let truth = self.truth(node);
        self.asking.set(depth);
        self.held.borrow_mut().insert(name, truth);
        truth
    }

    fn truth(&self, node: &Node) -> Option<bool> {
        self.holds(node.as_intrinsic()?)
    }

    /// Whether a condition's function holds; none where that depends on what isn't known.
    pub(super) fn holds(&self, condition: &Intrinsic) -> Option<bool> {
        match condition {
            Intrinsic::Condition(name) => self.condition(name),
            Intrinsic::Equals(left, right) => {
                let sides = (self.node(left).value()?, self.node(right).value()?);
                match (sides.0.scalar_text(), sides.1.scalar_text()) {
                    (Some(left), Some(right)) => Some(left == right),
                    (Some(_), None) if self.is_open(&sides.1) => Some(false),
                    (None, Some(_)) if self.is_open(&sides.0) => Some(false),
                    _ if self.is_open(&sides.0) && sides.0 == sides.1 => Some(true),
                    _ if sides.0.has_function() || sides.1.has_function() => None,
                    _ => Some(sides.0 == sides.1),
                }
            }
            Intrinsic::Not(condition) => self.truth(condition).map(|value| !value),
            Intrinsic::And(conditions) => self.all(conditions, true),
            Intrinsic::Or(conditions) => self.all(conditions, false),
            _ => None,
        }
    }

    /// Whether a node is a parameter without a value.
    fn is_open(&self, node: &Node) -> bool {
        matches!(node.as_intrinsic(), Some(Intrinsic::Ref(name)) if self.template.parameters.contains_key(name))
    }

    /// `neutral` when every condition is so; its opposite as soon as one is; unknown otherwise.
    fn all(&self, conditions: &[Node], neutral: bool) -> Option<bool> {
        let mut known = true;
        for condition in conditions {
            match self.truth(condition) {
                Some(value) if value != neutral => return Some(!neutral),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(neutral)
    }
}
