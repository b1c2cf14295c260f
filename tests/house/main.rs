//! The house itself: rooms that keep to their neighbours, data that stays data, licences.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod circles;
mod features;
mod licences;
mod organization;
mod readme;
mod rooms;
mod sources;
