//! What a change does before it ships.
//!
//! [`diff()`] compares two templates as CloudFormation would understand them, not as text: order,
//! format and the spelling of functions make no difference, and mappings, conditions and defaults
//! are resolved for each value that a running product can have. [`impact()`] says what an update
//! does to each resource and what data it puts at risk, [`compatibility()`] which present values
//! it would refuse, [`role_changes()`] what roles may do more or less, and [`Verdict`] what the
//! release must be called and what its description tells the people whose products are running.
//! [`parameter_impacts()`] says what another value of a parameter does.

mod bench;
mod bump;
mod changes;
mod compatibility;
mod data;
mod diff;
mod effect;
mod grants;
mod impact;
mod items;
mod legacy;
mod overrides;
mod parameter;
mod property;
mod report;
mod side;
mod when;

pub use bump::{Base, Verdict, sentence};
pub use changes::{
    Case, ChangeKind, Changes, NamedChange, ParameterChange, PropertyChange, ResourceChange,
};
pub use compatibility::{Break, Incompatibility, compatibility, compatibility_of};
pub use data::DataAtRisk;
pub use diff::diff;
pub use effect::{Effect, Reason};
pub use grants::{Grant, GrantEffect, RoleChange, role_changes};
pub use impact::{Impact, ResourceImpact, impact};
pub use legacy::compatibility_with;
pub use overrides::{Override, overrides};
pub use parameter::{ParameterImpact, Touched, parameter_impacts};
pub use property::effect_of;
pub use report::{Report, Topic, markdown, text};
pub use when::When;
