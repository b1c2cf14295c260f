//! Publishing, decided: what an account should have, what it has, and the steps from one to the other.
//!
//! Nothing here acts. The publisher reads an account once into [`Observed`]; [`plan`] compares it
//! with [`Desired`] and answers with a [`Plan`], a value that is shown, written to a file, reviewed
//! and carried out as it stands. After each step a [`Receipt`] says how far it came.

mod availability_steps;
mod blocker;
mod candidates;
mod desired;
mod draft;
mod fingerprint;
mod left_alone;
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
mod reference;
mod retention;
mod rollback;
mod show;
mod stack_links;
mod stack_set_steps;
mod stack_steps;
mod status;
mod step;

pub use blocker::Blocker;
pub use desired::{
    Bucket, Desired, DesiredError, Layer, Product, Promotion, ReleasedProduct, Share, Stack,
    StackSet, Targets, Texts, Version,
};
pub use fingerprint::{Fingerprint, moved};
pub use observed::{
    Body, Guidance, LiveInstance, LivePortfolio, LiveProduct, LiveShare, LiveStack, LiveStackSet,
    LiveTemplate, LiveVersion, Observed, PRODUCT_TAG, VersionStatus, WITHDRAWN_TAG,
};
pub use options::Options;
pub use ownership::{Evidence, Ownership, evidence, ownership};
pub use plan::{Plan, plan};
pub use plan_file::{PLAN_SCHEMA, PlanFile, PlanFileError};
pub use preflight::{Counted, DeniedCall, Inspected, Inspection, Quota};
pub use receipt::{Outcome, RECEIPT_SCHEMA, Receipt, StepRecord};
pub use reference::Reference;
pub use retention::{Availabilities, Availability, availabilities};
pub use rollback::{current, only, rollback, undo_rollback};
pub use status::{ProductStatus, StackSetStatus, StackStatus, Status, VersionLine, lacks};
pub use step::{Action, Phase, Step};
