//! What an account has: one read of it, as a value.

use super::{Product, StackTemplate, Texts};
use crate::digest::Digest;
use crate::product::{Key, VersionName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The tag that says which product of ours a Service Catalog product is.
pub const PRODUCT_TAG: &str = "compute-catalog:product";

/// What begins the tag of a version that nobody should get any more, before its name. The value says
/// why.
pub const WITHDRAWN_TAG: &str = "compute-catalog:withdrawn:";

/// What an account has of the catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Observed {
    /// The bucket for templates, where it exists.
    pub bucket: Option<String>,
    /// Why it can't be used, where it may exist: it is somebody else's, or of another region.
    pub unusable_bucket: Option<String>,
    /// The templates in it that the catalog asks for, by object key.
    pub templates: BTreeMap<String, LiveTemplate>,
    /// Every product of the account, by id.
    pub products: BTreeMap<String, LiveProduct>,
    /// The stacks that the catalog asks for and that exist, by name.
    pub stacks: BTreeMap<String, LiveStack>,
    /// The stack sets that the catalog asks for and that exist, by name.
    pub stack_sets: BTreeMap<String, LiveStackSet>,
    /// The shares of portfolios that the catalog asks about.
    pub shares: BTreeSet<LiveShare>,
    /// The portfolios of the catalog's stacks, by the name of the stack, where they were looked at.
    pub portfolios: BTreeMap<String, LivePortfolio>,
    /// What others have made and stacks that don't exist yet would make.
    pub in_the_way: InTheWay,
    /// The service actions that the catalog's stacks put out, by id; `None` where one is gone.
    pub actions: BTreeMap<String, Option<LiveAction>>,
    /// The ids of tag options that the catalog's stacks have made and that are gone.
    pub lost_tag_options: BTreeSet<String>,
}

/// What others have made, as far as it is asked for: where a stack doesn't exist yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InTheWay {
    /// Portfolios: id to name.
    pub portfolios: BTreeMap<String, String>,
    /// Tag options: `key=value` to id.
    pub tag_options: BTreeMap<String, String>,
    /// The names of roles.
    pub roles: BTreeSet<String>,
    /// The portfolios that are recorded for stacks, by id; `None` where there is no such portfolio.
    pub recorded: BTreeMap<String, Option<LivePortfolio>>,
}

/// A service action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveAction {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it runs and how, by Service Catalog's keys: `Name`, `Version`, `AssumeRole`.
    pub definition: BTreeMap<String, String>,
}

/// What a portfolio of the catalog has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LivePortfolio {
    /// `port-…`
    pub id: String,
    /// Its texts, by the property of `AWS::ServiceCatalog::Portfolio` that holds each.
    pub texts: BTreeMap<String, String>,
    /// Who sees it, by ARN.
    pub principals: BTreeSet<String>,
    /// The ids of its products.
    pub products: BTreeSet<String>,
    /// Its constraints, by id.
    pub constraints: BTreeMap<String, LiveConstraint>,
    /// Its tag options, by id.
    pub tag_options: BTreeMap<String, LiveTagOption>,
    /// Its tags, which everything gets that is launched from it.
    pub tags: BTreeMap<String, String>,
    /// The constraints that its stack has made, by logical id.
    pub declared_constraints: BTreeMap<String, String>,
    /// What all of them say, by id, as JSON text.
    pub constraint_parameters: BTreeMap<String, String>,
    /// The accounts and organisational units that it is shared with.
    pub recipients: BTreeSet<String>,
    /// Somebody has deleted it: its stack still has its id.
    pub is_gone: bool,
}

/// A tag option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveTagOption {
    /// `key=value`
    pub pair: String,
    /// Whether launches offer it.
    pub is_active: bool,
}

/// A constraint of a portfolio.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveConstraint {
    /// In Service Catalog's words: `LAUNCH`, `RESOURCE_UPDATE`, …
    pub kind: String,
    /// `prod-…`
    pub product: String,
}

/// A template in the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveTemplate {
    /// What stands there.
    pub body: Body,
    /// Whether it has the tag by which launch roles may read it.
    pub is_tagged: bool,
}

/// A product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveProduct {
    /// `prod-…`
    pub id: String,
    /// By what it is made, as the API names it; left out, by CloudFormation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_type: Option<String>,
    /// What Service Catalog shows of it.
    pub texts: Texts,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Its own tag options, as `key=value`: portfolios have those of the catalog.
    pub tag_options: BTreeSet<String>,
    /// The repository that it is connected to: versions come from there by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The ids of the portfolios that it is in.
    #[serde(default)]
    pub portfolios: BTreeSet<String>,
    /// Its versions, in no order that means anything. Empty when the product is none of ours.
    pub versions: Vec<LiveVersion>,
}

/// A version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveVersion {
    /// `pa-…`
    pub id: String,
    /// Its name; Service Catalog doesn't keep names apart.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Whether it can be seen and updated to.
    pub active: bool,
    /// Whether it should be launched.
    pub guidance: Guidance,
    /// How far its creation came.
    pub status: VersionStatus,
    /// Its template.
    pub body: Body,
    /// The ids of its service actions.
    pub actions: BTreeSet<String>,
    /// Provisioned products that run on it, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_use: Option<u64>,
}

/// Whether a version should be launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Guidance {
    /// It can be launched.
    Default,
    /// No new launches; what runs may stay, and update to it.
    Deprecated,
}

impl fmt::Display for Guidance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Guidance::Default => "DEFAULT",
            Guidance::Deprecated => "DEPRECATED",
        })
    }
}

/// How far a version's creation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VersionStatus {
    /// Not there yet.
    Creating,
    /// There.
    Available,
    /// Service Catalog gave up on it.
    Failed,
}

/// What is known of a version's template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Body {
    /// It was read back.
    Read(Digest),
    /// It couldn't be read, and why.
    Unreadable(String),
    /// Nobody asked for it: the catalog has no version of this name.
    Unasked,
}

/// A CloudFormation stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveStack {
    /// CloudFormation's word, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Its template.
    pub template: StackTemplate,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
    /// What it has made, by logical id, where that was asked for.
    #[serde(default)]
    pub resources: BTreeMap<String, String>,
    /// The types of those, by logical id.
    #[serde(default)]
    pub kinds: BTreeMap<String, String>,
    /// Who imports what the catalog would take away: the stacks, by the name of the export.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub importers: BTreeMap<String, Vec<String>>,
    /// The names of its exports, by the output. No plan goes by them.
    #[serde(skip)]
    pub exports: BTreeMap<String, String>,
    /// The role by which CloudFormation changes it, where somebody has given it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whether CloudFormation refuses to delete it.
    #[serde(default)]
    pub is_protected: bool,
    /// Whether it had drifted when CloudFormation last looked. No plan goes by it.
    #[serde(skip)]
    pub has_drifted: bool,
}

/// A stack set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveStackSet {
    /// Its template, as it was given.
    pub template: String,
    /// Whether it reaches organisational units, and not single accounts.
    pub is_of_units: bool,
    /// Its instances, by account.
    pub instances: BTreeMap<String, LiveInstance>,
}

/// The stack of a stack set in one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveInstance {
    /// CloudFormation's word: `CURRENT`, `OUTDATED`, `INOPERABLE`.
    pub status: String,
    /// Why it isn't current, as CloudFormation says it.
    pub reason: String,
    /// The organisational unit that it is for.
    pub unit: Option<String>,
}

impl LiveStackSet {
    /// The accounts or units that it has instances for.
    pub fn targets(&self) -> BTreeSet<String> {
        if self.is_of_units {
            let units = self.instances.values().filter_map(|one| one.unit.clone());
            units.collect()
        } else {
            self.instances.keys().cloned().collect()
        }
    }

    /// The accounts whose instance isn't as the stack set says, each with the reason.
    pub fn outdated(&self) -> BTreeMap<&str, &str> {
        let behind = self
            .instances
            .iter()
            .filter(|(_, one)| one.status != "CURRENT");
        behind
            .map(|(account, one)| (account.as_str(), one.reason.as_str()))
            .collect()
    }
}

/// A portfolio share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveShare {
    /// `port-…`
    pub portfolio: String,
    /// Account or organisational unit.
    pub recipient: String,
    /// Whether its tag options come with it.
    pub tag_options: bool,
    /// Whether its principals come with it.
    pub principals: bool,
}

impl LiveProduct {
    /// The product of ours that its tag names.
    pub fn tagged_as(&self, key: &Key) -> bool {
        self.tags
            .get(PRODUCT_TAG)
            .is_some_and(|tag| tag == key.as_str())
    }

    /// Whether it is this product of ours: by its tag, or by the id that was recorded.
    pub fn is_of(&self, product: &Product) -> bool {
        self.tagged_as(&product.key) || product.legacy_id.as_ref() == Some(&self.id)
    }

    /// The versions that nobody should get any more, each with why.
    pub fn withdrawn(&self) -> BTreeMap<VersionName, String> {
        let versions = self.tags.iter().filter_map(|(tag, reason)| {
            let name = tag.strip_prefix(WITHDRAWN_TAG)?.parse().ok()?;
            Some((name, reason.clone()))
        });
        versions.collect()
    }
}

impl LiveStack {
    /// Whether CloudFormation is at work on it.
    pub fn is_in_progress(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS") && self.status != "REVIEW_IN_PROGRESS"
    }

    /// Whether it holds nothing: so far it is only a change set, or its creation was put back, and it is
    /// deleted and made anew.
    pub fn holds_nothing(&self) -> bool {
        ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"].contains(&self.status.as_str())
    }

    /// Whether CloudFormation can update it now.
    pub fn is_settled(&self) -> bool {
        self.status.ends_with("_COMPLETE") && self.status != "ROLLBACK_COMPLETE"
    }
}
