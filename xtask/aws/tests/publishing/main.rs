//! Publishing, end to end: the unmodified SDK against a local AWS, with faults.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod adoption;
mod calls;
mod checkout;
mod command_line;
mod drift;
mod external;
mod faults;
mod fleet;
mod former;
mod fresh;
mod journey;
mod kill;
mod launchable;
mod legacy;
mod live;
mod newcomer;
mod not_looked_up;
mod old_account;
mod order;
mod output;
mod pace;
mod preflight;
mod prices;
mod process;
mod promotion;
mod prove;
mod recipients;
mod recorded_portfolio;
mod refusals;
mod retention;
mod rollback;
mod running;
mod secrets;
mod silent;
mod small_catalog;
mod status;
mod terminal;
mod timing;
mod unanswered;
mod upgrade;
mod upstream;
mod waiting;
mod world;
