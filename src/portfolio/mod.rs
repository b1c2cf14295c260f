//! Portfolios, and everything around the products: principals, constraints, tag options, service
//! actions, launch roles, end users; and the stacks of all these.
//!
//! One file a portfolio, and one each for the foundation, the end users and the tag options. The
//! stacks are the same in every account: what differs comes by parameters and exports.

mod catalog_files;
pub mod end_user;
mod file;
pub mod foundation;
pub mod launch_role;
mod name;
mod product_facts;
mod recipient;
mod role_calls;
mod rule;
mod stack;
mod stack_builder;
mod stacks;
mod tag_option;
mod tag_stack;

pub use catalog_files::{CatalogFiles, CatalogSources, PortfolioFile, RESERVED, export_name};
pub use file::{
    Launch, OrganizationalUnit, Placement, PlacementIds, Portfolio, Principal, Share,
    StackSetConstraint, TagUpdate, product_parameter,
};
pub use name::{LogicalId, NameError, StackName};
pub(crate) use product_facts::FormField;
pub use product_facts::{Named, ProductFacts};
pub use recipient::{Administrator, Recipients};
pub(crate) use role_calls::beyond;
pub use rule::{Comparison, TemplateRule};
pub use stack::portfolio_template;
pub use stack_builder::{CatalogStack, StackBuilder, StackParameter, StackSpec};
pub use stacks::Stacks;
pub use tag_option::{MOST_PER_PORTFOLIO, TagOptionList, TagOptions, TagValue};
pub use tag_stack::tag_option_template;
