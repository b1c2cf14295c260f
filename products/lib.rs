//! The products of the catalog: one folder each, on the core only.

#[path = "linux-docker/mod.rs"]
pub mod linux_docker;
#[path = "notebook/mod.rs"]
pub mod notebook;
pub mod part;
#[path = "s3-private/mod.rs"]
pub mod s3_private;
#[path = "s3-synapse/mod.rs"]
pub mod s3_synapse;
#[path = "scheduled-job/mod.rs"]
pub mod scheduled_job;
#[path = "windows/mod.rs"]
pub mod windows;

use compute_catalog::product::{Product, Typed};

/// Every product, in the order of their keys.
pub fn all() -> Vec<Box<dyn Product>> {
    vec![
        Box::new(Typed::<linux_docker::LinuxDocker>::new()),
        Box::new(Typed::<notebook::Notebook>::new()),
        Box::new(Typed::<s3_private::S3Private>::new()),
        Box::new(Typed::<s3_synapse::S3Synapse>::new()),
        Box::new(Typed::<scheduled_job::ScheduledJob>::new()),
        Box::new(Typed::<windows::Windows>::new()),
    ]
}
