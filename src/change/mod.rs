//! What a change does before it ships.
//!
//! [`diff()`] compares two templates as CloudFormation would understand them, not as text: order,
//! format and the spelling of functions make no difference, and mappings, conditions and defaults
//! are resolved for each value that a running product can have. [`impact()`] says what an update
//! does to each resource and what data it puts at risk, [`compatibility()`] which present values
//! it would refuse, [`role_changes()`] what roles may do more or less, and [`Verdict`] what the
//! release must be called and what its description tells the people whose products are running.
//! [`parameter_impacts()`] says what another value of a parameter does.

mod accounts;
mod apart;
mod bump;
mod chain;
mod changes;
mod claim;
mod claims;
mod compatibility;
mod cost;
mod data;
mod diff;
mod documented;
mod edit;
mod effect;
mod export;
mod fixed_name;
mod fleet;
mod grants;
mod holders;
mod impact;
mod items;
mod judge;
mod judgement;
mod kept;
mod legacy;
mod lifecycle;
mod opaque;
mod overrides;
mod parameter;
mod property;
mod refused;
mod report;
mod running_product;
mod sentence;
mod stack;
mod update;
mod version_updates;
mod when;

pub use accounts::{Account, Accounts};
pub use bump::{Verdict, sentences};
pub use changes::{
    AttributeChange, Case, ChangeKind, Changes, NamedChange, ParameterChange, PropertyChange,
    ResourceChange, ValueChange,
};
pub use compatibility::{Break, Incompatibility, compatibility, compatibility_of};
pub use cost::cost_changes;
pub use data::DataAtRisk;
pub use diff::{diff, diff_in};
pub use documented::Override;
pub use edit::{Edit, edits};
pub use effect::{Effect, Reason};
pub use export::Imports;
pub use fleet::{Fleet, Member, RunningProduct, messages};
pub use grants::{Grant, GrantEffect, RoleChange, role_changes};
pub use impact::{Impact, ResourceImpact};
pub use judgement::{impact, impact_in};
pub use kept::Kept;
pub use legacy::compatibility_with;
pub use overrides::overrides;
pub use parameter::{ParameterImpact, Touched, parameter_impacts};
pub use property::effect_of;
pub use report::{Report, Topic, markdown, text};
pub use sentence::sentence;
pub use stack::bound;
pub use update::{Body, Running, Update, from_versions, told, updates};
pub use version_updates::VersionUpdates;
pub use when::When;
