//! The product page as a value: everything that a reader of a product is told.

use super::connect::Connect;
use super::cost::{RegionCost, costs};
use super::history::{VersionLine, history};
use super::retention::{Retention, retention};
use super::run_cost;
use super::size::{InstanceSize, sizes};
use super::{Action, Guide, LaunchForm, Offering, Offerings, TagChoice, words};
use crate::cfn::Template;
use crate::change::{Kept, Update, told};
use crate::environment::{Communities, Environments, Prices};
use crate::product::{CatalogEntry, FargateJob, Installed, Key, Machine, VersionName};
use crate::release::Ledger;
use indexmap::IndexMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a page is computed from.
#[derive(Clone, Copy, Debug)]
pub struct PageSource<'a> {
    /// The product's key.
    pub key: &'a Key,
    /// What Service Catalog shows of it.
    pub entry: &'a CatalogEntry,
    /// Its template.
    pub template: &'a Template,
    /// What a launched product has on it.
    pub installed: &'a [Installed],
    /// Its versions.
    pub ledger: &'a Ledger,
    /// Its own words.
    pub guide: &'a Guide,
    /// The portfolios and service actions.
    pub offerings: &'a Offerings,
    /// The communities.
    pub communities: &'a Communities,
    /// The organisation and its environments.
    pub environments: &'a Environments,
    /// What an update to the newest version does from each of the others, oldest first.
    pub updates: &'a [Update],
    /// By version, the parameters that no longer take values which products of versions before it have.
    pub narrowed: &'a BTreeMap<VersionName, Vec<String>>,
    /// What its machines keep, though a file that cfn-init writes there changes.
    pub kept: &'a Kept,
    /// What machines cost, where that is known.
    pub prices: &'a Prices,
}

/// Everything that a reader of a product is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductPage {
    /// The product's key.
    pub key: Key,
    /// Its name in the catalog.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The page that every stack links to.
    pub documentation: String,
    /// The organisation's name.
    pub organization: String,
    /// What to do in need of help.
    pub support: crate::environment::Support,
    /// The profile of the AWS configuration that commands name.
    pub profile: String,
    /// The portfolios that offer it.
    pub offerings: Vec<OfferingLine>,
    /// The communities that find it.
    pub communities: Vec<CommunityLine>,
    /// The tags that its launch asks for.
    pub tags: Vec<TagChoice>,
    /// What a launched product has on it.
    pub installed: Vec<Installed>,
    /// The launch form.
    pub form: LaunchForm,
    /// Instance sizes, by the label of the field that chooses among them.
    pub sizes: IndexMap<String, Vec<InstanceSize>>,
    /// What is told of costs beside them, region by region; empty where no price is known.
    pub costs: Vec<RegionCost>,
    /// What a launched product shows.
    pub outputs: Vec<OutputLine>,
    /// How to reach it.
    pub connect: Connect,
    /// Whether there is any way to reach it.
    pub is_reachable: bool,
    /// Whether any of this needs credentials on the reader's computer.
    pub needs_credentials: bool,
    /// What it can be told to do.
    pub actions: Vec<Action>,
    /// What stays and what goes.
    pub retention: Vec<Retention>,
    /// Its versions, newest first.
    pub versions: Vec<VersionLine>,
    /// The newest version; empty where there is none.
    pub newest: String,
    /// What an update to it does, by the versions that it comes from, worst first.
    pub updates: Vec<UpdateLine>,
    /// The parts that Service Catalog's own tags may replace in an update; empty where none are.
    pub replaced_by_tags: String,
}

/// What an update to the newest version does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateLine {
    /// From which versions.
    pub versions: String,
    /// What it does, in a sentence.
    pub sentence: String,
}

/// A portfolio that offers a product, and who sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OfferingLine {
    /// The portfolio's name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The names of the communities that see it.
    pub communities: Vec<String>,
}

/// A community that finds a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommunityLine {
    /// The community's key.
    pub key: Key,
    /// Its name.
    pub name: String,
    /// Where its members log in.
    pub login: String,
}

/// What a launched product shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputLine {
    /// The output's name.
    pub name: String,
    /// What it holds.
    pub description: String,
    /// When it is there; empty where it always is.
    pub when: String,
}

impl ProductPage {
    /// The page of a product.
    pub fn of(source: &PageSource<'_>) -> ProductPage {
        let template = source.template;
        let mut form = LaunchForm::of(template, source.kept);
        let machines = Machine::all(template);
        let sizes = sizes(&machines, &form, source.prices);
        let costs = costs(&machines, &form, source.prices);
        for field in form.groups.iter_mut().flat_map(|group| &mut group.fields) {
            if let Some(sizes) = sizes.get(&field.name) {
                field.is_size = true;
                for (choice, size) in field.choices.iter_mut().zip(sizes) {
                    choice.cost = size.cost();
                }
            }
        }
        run_cost::tell(&mut form, &FargateJob::all(template), source.prices);
        let connect = Connect::of(template);
        let offered: Vec<&Offering> = source.offerings.holding(source.key).collect();
        let sees = |community: &crate::environment::Community, offering: &Offering| {
            offering.roles.contains(&community.role.value)
        };
        let by_key = &source.environments.by_key;
        let communities = &source.communities.communities;
        let outputs = template.outputs.iter().map(|(name, output)| OutputLine {
            name: name.clone(),
            description: output.description.clone().unwrap_or_default(),
            when: output
                .condition
                .as_ref()
                .map(|name| words::condition(name, template, &form))
                .unwrap_or_default(),
        });
        let mut tags: Vec<TagChoice> = Vec::new();
        for tag in offered.iter().flat_map(|offering| &offering.tags) {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        ProductPage {
            key: source.key.clone(),
            name: source.entry.name.clone(),
            description: source.entry.description.clone(),
            documentation: source.entry.documentation.clone(),
            organization: source.environments.organization.name.clone(),
            support: source.environments.organization.support.clone(),
            profile: source.communities.profile.clone(),
            communities: communities
                .iter()
                .filter(|(_, community)| offered.iter().any(|offering| sees(community, offering)))
                .filter_map(|(key, community)| {
                    let endpoint = source.communities.login_endpoint(community, by_key)?;
                    Some(CommunityLine {
                        key: key.clone(),
                        name: community.name.value.clone(),
                        login: endpoint.as_str().to_owned(),
                    })
                })
                .collect(),
            offerings: offered
                .iter()
                .map(|offering| OfferingLine {
                    name: offering.name.clone(),
                    description: offering.description.clone(),
                    communities: communities
                        .values()
                        .filter(|community| sees(community, offering))
                        .map(|community| community.name.value.clone())
                        .collect(),
                })
                .collect(),
            tags,
            installed: source.installed.to_vec(),
            outputs: outputs.collect(),
            is_reachable: connect.is_possible(),
            needs_credentials: connect.needs_credentials(),
            connect,
            actions: source.offerings.actions(source.key).to_vec(),
            retention: retention(template, &form),
            versions: history(source.ledger, source.narrowed, &form),
            newest: source
                .ledger
                .newest_released()
                .map(|version| version.name.to_string())
                .unwrap_or_default(),
            updates: told(source.updates)
                .into_iter()
                .map(|(versions, sentence)| UpdateLine {
                    versions: match versions.is_empty() {
                        true => "every other version".to_owned(),
                        false => versions,
                    },
                    sentence,
                })
                .collect(),
            costs,
            replaced_by_tags: super::effect::replaced_by_tags(template),
            sizes: sizes
                .into_iter()
                .map(|(name, sizes)| {
                    let label = form
                        .field(&name)
                        .map_or(name.clone(), |field| field.label.clone());
                    (label, sizes)
                })
                .collect(),
            form,
        }
    }
}
