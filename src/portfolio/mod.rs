//! Portfolios, and everything around the products: principals, constraints, tag options, service
//! actions, launch roles, end users; and the stacks of all these.
//!
//! One file a portfolio, and one each for the foundation, the end users and the tag options. The
//! stacks are the same in every account: what differs comes by parameters and exports.

mod catalog;
pub mod end_user;
mod fault;
mod file;
pub mod foundation;
mod known;
pub mod launch_role;
mod making;
mod name;
mod recipient;
mod rule;
mod stack;
mod stacks;
mod tag_option;
mod tag_stack;

pub use catalog::{Catalog, CatalogFiles, PortfolioFile, RESERVED, export_name};
pub use fault::{FileFault, FileRule, Known, faults};
pub use file::{
    Launch, OrganizationalUnit, Placement, PlacementIds, Portfolio, Principal, Share, StackSet,
    TagUpdate, product_parameter,
};
pub use known::KnownProduct;
pub use making::{CatalogStack, StackMaker, StackOf, StackParameter};
pub use name::{LogicalId, NameError, StackName};
pub use recipient::{Administrator, Recipients};
pub use rule::{Comparison, TemplateRule};
pub use stack::portfolio_template;
pub use stacks::Stacks;
pub use tag_option::{CodedName, MOST_PER_PORTFOLIO, TagOptionList, TagOptions};
pub use tag_stack::tag_option_template;
