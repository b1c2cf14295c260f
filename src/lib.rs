//! The core of compute-catalog. Pure: no AWS SDK, no network, no clock, no environment.
//!
//! In reading order, where a room uses only rooms above it: [`digest`] names bytes, [`yaml`] reads
//! and writes files, [`cfn`] is CloudFormation as values, [`resource`] holds the generated resource
//! types, [`iam`] policies, [`product`] says what a product is, [`environment`] where it is
//! published, [`portfolio`] who may launch it and as whom, [`release`] which versions of it there
//! are, [`check`] what must hold of them, [`change`] what an update does, [`rehearsal`] a product's
//! life in an account, [`access`] who may do what there, [`publish`] what an account lacks, and [`page`] what people read of all this.

pub mod access;
pub mod change;
pub mod check;
pub mod digest;
pub mod environment;
pub mod iam;
pub mod page;
pub mod portfolio;
pub mod product;
pub mod publish;
pub mod rehearsal;
pub mod release;

// The crate below, in the files of this folder: see `cloudformation.rs`.
pub use cloudformation::{cfn, json, resource_type, yaml};

/// The generated resource types, and those that an organisation adds in its own repository.
pub mod resource {
    pub use ::cloudformation::resource::*;

    /// Makes types known beside the built-in ones, to models as to rules. A type that is known already
    /// stays as it is.
    pub fn extend(types: &'static [VendoredType]) {
        ::cloudformation::resource::extend(types);
        for one in types {
            resource_schemas::extend(one.facts.name, one.schema);
        }
    }
}
