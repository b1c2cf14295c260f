//! What people read: product pages, the launch form, the connect kit and the preview.
//!
//! Everything here is a value computed from the template, the ledger and the data files, and then
//! text made from that value by templates under `templates/`. Nothing is written down twice, so a
//! page says what the template does.

mod connect;
mod cost;
mod diagram;
mod effect;
mod error;
mod escape;
mod external;
mod form;
mod guide;
mod guide_text;
mod handbook;
mod history;
mod index;
mod kit;
mod offering;
mod permission;
mod product;
mod prose;
mod render;
mod retention;
mod row;
mod run_cost;
mod site;
mod size;
mod update_table;
mod words;

pub use connect::Connect;
pub use cost::RegionCost;
pub use diagram::{Diagram, diagram};
pub use error::PageError;
pub use external::{ExternalSource, external_page};
pub use form::{Choice, Field, FieldGroup, InputKind, LaunchForm};
pub use guide::{Guide, GuideSection};
pub use handbook::{HANDBOOK_GUIDE, HandbookSource, handbook};
pub use history::VersionLine;
pub use index::{IndexLine, IndexSource, index};
pub use kit::{KitFile, connect_kit};
pub use offering::{Action, Offering, Offerings, TagChoice};
pub use permission::Permission;
pub use product::{CommunityLine, OutputLine, PageSource, ProductPage};
pub use render::markdown;
pub use retention::Retention;
pub use site::{SiteProduct, SiteSource, site};
pub use size::{InstanceSize, SizePrice};
pub use update_table::{UpdateRow, UpdateTable, update_page};
