//! A product's life, rehearsed: what CloudFormation and Service Catalog would do with a template in
//! an account, every call decided by the policies that are really there.
//!
//! [`Engine`] works on one stack as CloudFormation does: resources in the order in which they wait
//! for each other, each handler's calls from AWS's schemas, custom resources by their functions,
//! signals by what the machine calls at boot, rollback where something fails. What the schemas don't
//! say stands in the file of [`Behaviours`], each belief with its source.
#![allow(
    clippy::result_large_err,
    reason = "a step rarely fails, and its cause is told whole"
)]

mod account;
mod alter;
mod behaviour;
mod behaviours;
mod call;
mod cause;
mod custom;
mod decisions;
mod end;
mod engine;
mod event;
mod fact;
mod facts;
mod fill;
mod form;
mod former;
mod invoke;
mod launched;
mod life;
mod make;
mod nested;
mod order;
mod outside;
mod place;
mod platform;
mod policies;
mod program;
mod report;
mod rows;
mod running;
mod seen;
mod service;
mod setting;
mod stack;
mod subject;
mod taken;
mod thing;
mod world;

pub use account::{Account, Caller, Undecidable};
pub use behaviour::{CallRow, TypeBehaviour};
pub use behaviours::{BEHAVIOURS, Behaviours};
pub use call::{Call, Phase, with_caller, with_tags};
pub use cause::Cause;
pub use custom::{CustomAnswer, CustomRequest, Declared, Functions};
pub use decisions::{Decisions, WrittenDecisions};
pub use engine::{Engine, Failure, Manner};
pub use event::{Event, Status};
pub use fact::{Fact, Premise, Proof, Sign};
pub use facts::facts_page;
pub use form::fullest_values;
pub use life::Life;
pub use outside::{Outside, OutsideFile, OutsideFunction, Program, Programs, RequestKind};
pub use place::{Files, Place};
pub use report::{Finding, findings, time_line};
pub use running::{Running, legacy_stacks};
pub use seen::{Found, Report, Step};
pub use setting::{CatalogTemplate, LaunchRole, Setting};
pub use stack::{Made, Stack, StackRequest};
pub use subject::Subject;
pub use thing::{Origin, Thing};
pub use world::{Memory, World};
