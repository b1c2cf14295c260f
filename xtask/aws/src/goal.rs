//! What a run is to reach, and the plan that reaches it.

use crate::command_error::CommandError;
use compute_catalog::product::Key;
use compute_catalog::publish::{
    Blocker, Desired, Observed, Options, Plan, only, plan, rollback, undo_rollback,
};

/// What is wanted of a run.
#[derive(Debug, Clone, Copy)]
pub enum Goal<'a> {
    /// The account as the repository says.
    Catalog,
    /// A product's newest version withdrawn, the one before open again.
    Rollback(&'a Key),
    /// A product's withdrawn versions back.
    UndoRollback(&'a Key),
}

impl Goal<'_> {
    /// The plan that reaches it.
    pub(crate) fn plan(
        self,
        desired: &Desired,
        observed: &Observed,
        options: Options,
    ) -> Result<Plan, CommandError> {
        let refused = |blocker: Blocker| {
            CommandError::new(format!("{}: {}", blocker.on, blocker.message)).hint(blocker.hint)
        };
        match self {
            Goal::Catalog => Ok(plan(desired, observed, options)),
            Goal::Rollback(key) => rollback(desired, observed, key).map_err(refused),
            Goal::UndoRollback(key) => undo_rollback(desired, observed, key).map_err(refused),
        }
    }

    /// What is left to do once it should be reached.
    pub(crate) fn left(self, desired: &Desired, observed: &Observed, options: Options) -> Plan {
        match self {
            Goal::Catalog => plan(desired, observed, options),
            Goal::Rollback(key) | Goal::UndoRollback(key) => only(desired, observed, key),
        }
    }
}
