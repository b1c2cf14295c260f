//! What people read agrees with the templates, and works where it is read.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod catalog;
mod communities;
mod form;
mod gallery_site;
mod guide;
mod history;
mod index;
mod kit;
mod preview;
mod prices;
mod retention;
mod tasks;
