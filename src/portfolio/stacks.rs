//! All stacks of a catalog at once, for those who compare or publish them.

use super::launch_role::{Handlers, LaunchRole};
use super::{CatalogFiles, CatalogStack, ProductFacts, StackBuilder, StackSpec};
use crate::iam::ActionList;
use crate::product::Key;
use crate::yaml::InputError;
use indexmap::IndexMap;

/// All stacks of a catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacks {
    /// In the order in which an account gets them: each imports from those before it.
    pub all: Vec<CatalogStack>,
    /// What each product's launch role grants.
    pub launch_roles: IndexMap<Key, LaunchRole>,
}

impl CatalogFiles {
    /// The stacks.
    ///
    /// # Errors
    /// Everything that keeps a stack from being made, in all of them.
    pub fn stacks(
        &self,
        organization_name: &str,
        products: &IndexMap<Key, ProductFacts>,
        handlers: &Handlers,
        actions: &ActionList,
    ) -> Result<Stacks, Vec<InputError>> {
        let builder = StackBuilder::new(organization_name, self, products, handlers, actions);
        let mut all = Vec::new();
        let mut launch_roles = IndexMap::new();
        let mut errors = Vec::new();
        for stack in self.stack_specs() {
            match builder.build(stack) {
                Ok((made, role)) => {
                    all.push(made);
                    if let (StackSpec::LaunchRole(file), Some(role)) = (stack, role) {
                        launch_roles.insert(file.product.value.clone(), role);
                    }
                }
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() {
            Ok(Stacks { all, launch_roles })
        } else {
            errors.sort();
            Err(errors)
        }
    }
}
