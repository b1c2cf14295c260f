//! What the schemas leave out about CloudFormation's handlers, by type.

use super::handler::Handler;
use super::needed::{NeededAction, needed};
use super::reviewed::reviewed;
use crate::cfn::IndexMap;
use crate::iam::ActionList;
use crate::resource::TypeFacts;
use crate::yaml::InputError;
use std::sync::OnceLock;

/// The reviewed facts, a type each.
#[derive(Clone, Debug)]
pub struct Handlers {
    by_type: IndexMap<String, Reviewed>,
}

/// What is known of one type's handlers, with the actions that follow: many products use the type.
#[derive(Clone, Debug)]
struct Reviewed {
    handler: Handler,
    needed: OnceLock<Vec<NeededAction>>,
    /// Of them, those that end what is there.
    leaving: OnceLock<Vec<NeededAction>>,
}

impl Reviewed {
    fn of(handler: Handler) -> Reviewed {
        Reviewed {
            handler,
            needed: OnceLock::new(),
            leaving: OnceLock::new(),
        }
    }
}

impl Handlers {
    /// The reviewed facts.
    ///
    /// # Errors
    /// Mistakes in the file.
    pub fn reviewed() -> Result<Handlers, Vec<InputError>> {
        Ok(Handlers {
            by_type: reviewed()?
                .into_iter()
                .map(|handler| (handler.name.clone(), Reviewed::of(handler)))
                .collect(),
        })
    }

    /// The facts of a type.
    pub fn of(&self, type_name: &str) -> Option<&Handler> {
        let reviewed = self.by_type.get(type_name)?;
        Some(&reviewed.handler)
    }

    /// The actions that the handlers of a type need, sorted by their lower-case spelling; only those
    /// that read and end what is there, where that is all there is to do.
    pub(super) fn needed(
        &self,
        facts: &TypeFacts,
        only_leaves: bool,
        actions: &ActionList,
    ) -> &[NeededAction] {
        let reviewed = self.by_type.get(facts.name);
        reviewed.map_or(&[], |reviewed| {
            let list = match only_leaves {
                true => &reviewed.leaving,
                false => &reviewed.needed,
            };
            list.get_or_init(|| needed(facts, &reviewed.handler, only_leaves, actions))
        })
    }

    /// The types, in the order of the file.
    pub fn types(&self) -> impl Iterator<Item = (&str, &Handler)> {
        self.by_type
            .iter()
            .map(|(name, reviewed)| (name.as_str(), &reviewed.handler))
    }
}
