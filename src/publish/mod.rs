//! Publishing, decided: what an account should have, what it has, and the steps from one to the other.
//!
//! Nothing here acts. The publisher reads an account once into [`Observed`]; [`plan`] compares it
//! with [`Desired`] and answers with a [`Plan`], a value that is shown, written to a file, reviewed
//! and carried out as it stands. After each step a [`Receipt`] says how far it came.

mod adoption;
mod availability_steps;
mod blocker;
mod candidates;
mod changed_by_hand;
mod changed_constraint;
mod changed_tag;
mod current;
mod declared;
mod desired;
mod draft;
mod fingerprint;
mod goal;
mod hand_made;
mod lost_export;
mod observed;
mod options;
mod ownership;
mod plan;
mod plan_file;
mod plan_input;
mod preflight;
mod product_draft;
mod product_steps;
mod promotion;
mod receipt;
mod recorded_portfolio;
mod reference;
mod restoration;
mod retention;
mod show;
mod stack_deletion;
mod stack_links;
mod stack_set_steps;
mod stack_steps;
mod stack_template;
mod status;
mod step;
mod step_id;
mod subject;
mod superseded;

pub use adoption::Adoption;
pub use blocker::Blocker;
pub use current::current;
pub use desired::{
    Bucket, Desired, DesiredError, Layer, Product, Promotion, ReleasedProduct, Share, Stack,
    StackSet, Targets, Texts, Version, is_marked,
};
pub use fingerprint::{Fingerprint, moved};
pub use goal::{Goal, Request, Scope, Withdrawal};
pub use lost_export::lost_exports;
pub use observed::{
    Body, Guidance, InTheWay, LiveAction, LiveConstraint, LiveInstance, LivePortfolio, LiveProduct,
    LiveShare, LiveStack, LiveStackSet, LiveTagOption, LiveTemplate, LiveVersion, Observed,
    PRODUCT_TAG, VersionStatus, WITHDRAWN_TAG,
};
pub use options::Options;
use ownership::is_known;
pub use ownership::{Evidence, Ownership, evidence, live_version, ownership};
pub use plan::{Plan, plan};
pub use plan_file::{PLAN_SCHEMA, PlanFile, PlanFileError, ReviewedStep};
pub use preflight::{
    ContainerImage, Counted, DeniedCall, Image, ImageName, Inspected, Inspection, Machines,
    Offered, Platform, Quota, Subnet,
};
pub use promotion::Proof;
pub use receipt::{Outcome, RECEIPT_SCHEMA, Receipt, StepRecord};
pub use reference::Reference;
pub use restoration::Restoration;
pub use retention::{Availabilities, Availability, availabilities};
pub use stack_template::StackTemplate;
pub use status::{ProductStatus, StackSetStatus, StackStatus, Status, VersionLine, lacks};
pub use step::{Action, Phase, Step};
pub use step_id::StepId;
pub use subject::Subject;
pub use superseded::Superseded;
