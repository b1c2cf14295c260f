//! Launch roles, compiled from the templates of their products.
//!
//! A role grants the actions of CloudFormation's handlers for the resource types and properties
//! that the product's current and still active versions use, on their resources, and what Service
//! Catalog and CloudFormation need themselves. What the schemas get wrong stands in the reviewed
//! file `vendor/handlers.yaml`; what only the organisation knows, in `portfolios/foundation.yaml`.

mod external;
mod facts;
mod grants;
mod iam_roles;
mod input;
mod platform;
mod policy;
mod stack;
mod table;
mod usage;

pub use facts::{GeneratedName, HandlerFacts, Handlers, is_reading};
pub use policy::{LaunchRole, RolePolicies, Unscoped};
pub use stack::launch_role_template;
pub(in crate::portfolio) use stack::{declare_role, launch_role};
pub use table::{TableRow, table};
pub use usage::Usage;
