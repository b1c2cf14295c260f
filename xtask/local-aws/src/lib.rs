//! A local AWS on 127.0.0.1: Service Catalog, CloudFormation, S3, STS and a
//! little IAM, as far as publishing a catalog needs them, over the real wire
//! protocol, for unmodified clients.
//!
//! It is the default environment of the commands and the server of the tests.
//! Its semantics are those that the services document or are known for:
//! asynchronous states, things that can't be found yet, names that aren't
//! unique, idempotency tokens, paging, quotas, per-item failures. Whatever it
//! doesn't know, an operation, a parameter or a resource type, it refuses by
//! name; it never answers "done" for something it hasn't done.
//!
//! Products are launched through Service Catalog's own API: `launch` makes their stacks resource by
//! resource, every call decided by IAM as the launch role, and runs the inline code of functions
//! behind custom resources.
//!
//! What it doesn't do: check signatures, check the permissions of other calls, or run an instance or
//! a job.
//!
//! [`Contents`] fill the account before anybody calls: an account of years, for a rehearsal.
//!
//! In reading order: [`Config`] and [`Faults`] say how a server behaves;
//! `server` accepts connections; `dispatch` takes each call and logs it; `backend`
//! finds the service, injects faults and carries the call out; `state` is what is
//! remembered and `store` keeps it on disk; then one module a service.
//!
//! Paths under `/_local/` are this server's own and no part of AWS:
//!
//! | request | answer |
//! |---|---|
//! | `GET /_local/calls` | the call log, JSON |
//! | `DELETE /_local/calls` | empties it |
//! | `GET /_local/state` | the whole state, JSON |
//! | `GET /_local/faults`, `PUT /_local/faults` | the faults in force, JSON |
//! | `POST /_local/resume` | ends the halt of [`Faults::stop_after_change`] |

mod admin;
mod allowance;
mod api;
mod backend;
mod blobs;
mod call_log;
mod catalog;
mod clock;
mod cloudformation;
mod config;
mod contents;
mod context;
mod dispatch;
mod ec2;
mod faults;
mod filling;
mod iam;
mod lambda;
mod launch;
mod page;
mod registry;
mod s3;
mod secrets;
mod server;
mod service;
mod state;
mod store;
mod sts;
mod template;
mod upstream;
mod wire;

pub use call_log::Call;
pub use config::{Config, Delays, Identity};
pub use contents::{
    Contents, HeldConstraint, HeldContainer, HeldImage, HeldPortfolio, HeldProduct,
    HeldProvisionedProduct, HeldStack, HeldSubnet, HeldVersion,
};
pub use faults::Faults;
pub use server::{Server, StartError};
