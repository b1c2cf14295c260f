//! CloudFormation as values: what a template's author and its reader can rely on.

mod integrity;
mod yaml;
