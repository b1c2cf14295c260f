//! What is wrong with the catalog's files: what each line may say, given all the others.
//!
//! One file here for each kind of file that people write. Which rule a fault breaks is said with it;
//! `check` describes the rules.

mod end_user;
mod found;
mod foundation;
mod launch_role;
mod placement;
mod portfolio;
mod product;
mod tag_option;

use super::{CatalogFiles, ProductFacts};
use crate::product::{AccountId, Key};
use crate::yaml::InputError;
use found::Found;
use indexmap::IndexMap;

/// What the rules know beside the files.
pub struct CheckContext<'a> {
    /// The products, by key.
    pub products: &'a IndexMap<Key, ProductFacts>,
    /// Names of exports of stacks outside the catalog, as the organisation file declares them.
    pub exports: &'a [&'a str],
    /// The accounts in which the catalog is published, each with its environment.
    pub accounts: &'a [(&'a Key, &'a AccountId)],
}

/// A rule of the catalog's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRule {
    /// Every name is one that exists.
    Names,
    /// Every import is of a declared export.
    Exports,
    /// A product is launched in one way in a portfolio.
    OneLaunch,
    /// A template rule names parameters that every active version has.
    TemplateRules,
    /// Somebody can reach each portfolio.
    Reach,
    /// Service Catalog's quotas hold.
    Quotas,
    /// Tag options don't conflict.
    TagOptions,
    /// What end users may do has a policy.
    Abilities,
    /// No role is granted what the boundary keeps from it.
    Boundary,
    /// A launch role grants what the versions of its product need.
    LaunchRoleNeeds,
    /// A launch role grants nothing that no version needs.
    LaunchRoleSurplus,
}

impl FileRule {
    /// Every rule, in the order of the rules page.
    pub const ALL: [FileRule; 11] = [
        FileRule::Names,
        FileRule::Exports,
        FileRule::OneLaunch,
        FileRule::TemplateRules,
        FileRule::Reach,
        FileRule::Quotas,
        FileRule::TagOptions,
        FileRule::Abilities,
        FileRule::Boundary,
        FileRule::LaunchRoleNeeds,
        FileRule::LaunchRoleSurplus,
    ];
}

/// Something wrong with the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// The rule that it breaks.
    pub rule: FileRule,
    /// What and where.
    pub error: InputError,
}

/// Everything that is wrong, sorted by file and line.
pub fn faults(catalog: &CatalogFiles, known: &CheckContext<'_>) -> Vec<FileFault> {
    let mut found = Found::default();
    portfolio::check(catalog, known, &mut found);
    product::check(known, &mut found);
    tag_option::check(catalog, known, &mut found);
    end_user::check(catalog, &mut found);
    foundation::check(catalog, known, &mut found);
    launch_role::check(catalog, known, &mut found);
    found.sorted()
}
