//! What an update does to the product that a reader runs: for each version, and for each value
//! that makes a difference. The page's script looks up what stands here, and decides nothing.

use super::SiteProduct;
use crate::cfn::{Node, Scenario, Template};
use crate::change::{Accounts, Body, Kept, Running, Update};
use crate::product::VersionName;
use serde::Serialize;

/// A version that a reader can be running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfVersion {
    /// Its name.
    name: String,
    /// What an update does to products of it, where no value makes a difference.
    told: Told,
    /// The parameters whose values make a difference.
    asks: Vec<Ask>,
}

/// A parameter whose values make a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    /// Its name.
    name: String,
    /// Its label on the launch form.
    label: String,
    /// Each value, with what an update does to a product that has it.
    values: Vec<OfValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct OfValue {
    value: String,
    told: Told,
}

/// What an update does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    /// In a sentence.
    sentence: String,
    /// What is lost, and so to be copied first.
    lost: Vec<String>,
    /// What the form will ask anew.
    asked: Vec<String>,
}

impl Told {
    fn of(update: &Update) -> Told {
        let mut lost: Vec<String> = Vec::new();
        let data = update.impact.resources.iter().flat_map(|one| &one.data);
        for data in data.filter(|data| data.is_deleted) {
            let line = format!("{}: {}", data.what, data.message);
            if !lost.contains(&line) {
                lost.push(line);
            }
        }
        Told {
            sentence: update.sentence(),
            lost,
            asked: update.broken.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The versions of a product from which an update to the newest leads, newest first.
pub(super) fn my_update(
    product: &SiteProduct<'_>,
    (to, template): (VersionName, &Template),
) -> Vec<OfVersion> {
    let accounts = Accounts::of(product.page.environments).keeping(product.page.kept);
    let mut found: Vec<OfVersion> = product
        .running
        .iter()
        .filter(|running| running.name < to)
        .filter_map(|running| {
            let update = product
                .page
                .updates
                .iter()
                .find(|one| one.from == running.name)?;
            Some(OfVersion {
                name: running.name.to_string(),
                told: Told::of(update),
                asks: asks(running, template, update, &accounts),
            })
        })
        .collect();
    found.reverse();
    found
}

fn asks(running: &Running<'_>, new: &Template, update: &Update, accounts: &Accounts) -> Vec<Ask> {
    // A reader's account isn't asked for: the worst of all accounts is told.
    let at = |given: &Scenario| {
        let each = accounts
            .iter()
            .map(|account| update.at(running, new, given, (accounts, account)));
        each.max_by_key(Update::rank)
    };
    let mut asks = Vec::new();
    for (name, values) in offered(running) {
        let told: Vec<OfValue> = values
            .into_iter()
            .filter_map(|value| {
                let given = Scenario::from_iter([(name.clone(), value.clone())]);
                let told = Told::of(&at(&given)?);
                Some(OfValue { told, value })
            })
            .collect();
        let is_same = told.windows(2).all(|pair| pair[0].told == pair[1].told);
        if !is_same {
            asks.push(Ask {
                label: label(new, &name),
                name,
                values: told,
            });
        }
    }
    asks
}

/// The parameters of a version that offered a list, with what it offered.
fn offered(running: &Running<'_>) -> Vec<(String, Vec<String>)> {
    let listed =
        |(name, values): (String, Vec<String>)| (values.len() > 1).then_some((name, values));
    match running.body {
        Body::Template(template) => template
            .parameters
            .iter()
            .map(|(name, one)| {
                let values = one.allowed_values.iter().filter_map(Node::scalar_text);
                (name.clone(), values.collect())
            })
            .filter_map(listed)
            .collect(),
        Body::Facts(facts) => facts
            .versions
            .get(&running.name)
            .into_iter()
            .flat_map(|version| &version.parameters)
            .map(|(name, one)| (name.clone(), one.allowed_values.clone()))
            .filter_map(listed)
            .collect(),
        Body::Nothing => Vec::new(),
    }
}

/// The label of a parameter on the form; its name where the form has no other.
fn label(template: &Template, name: &str) -> String {
    let form = crate::page::LaunchForm::of(template, &Kept::default());
    form.field(name)
        .map_or_else(|| name.to_owned(), |field| field.label.clone())
}
