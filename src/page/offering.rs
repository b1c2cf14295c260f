//! Portfolios as those see them who launch from them.

use crate::portfolio::{CatalogFiles, Principal};
use crate::product::Key;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The portfolios, and what a running product can be told to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offerings {
    /// The portfolios, in the order of their keys.
    pub portfolios: Vec<Offering>,
    /// The products that launch as a role of their own.
    pub launch_roles: BTreeSet<Key>,
    /// Whether launches choose among values of tags.
    pub has_tag_options: bool,
    /// The portfolios that hold a product, by their places in the list.
    holding: BTreeMap<Key, Vec<usize>>,
    /// The service actions of a product, in order.
    actions: BTreeMap<Key, Vec<Action>>,
}

/// A portfolio with its products and the tags that its launches ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offering {
    /// The portfolio's key.
    pub key: Key,
    /// The name that people see.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The end-user roles that see it.
    pub roles: Vec<Key>,
    /// Its products, in order.
    pub products: Vec<Key>,
    /// The tags that a launch asks for.
    pub tags: Vec<TagChoice>,
}

/// A tag with the values to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagChoice {
    /// The tag's key.
    pub key: String,
    /// The values, in order.
    pub values: Vec<String>,
    /// The value for what the list lacks, where there is one.
    pub other: Option<String>,
    /// The tag in which the user writes what the list lacks.
    pub other_key: Option<String>,
}

/// What a running product can be told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    /// The name that people see.
    pub name: String,
    /// What it does.
    pub description: String,
}

impl Offerings {
    /// What a catalog offers.
    pub fn of(catalog: &CatalogFiles) -> Offerings {
        let choices: Vec<TagChoice> = catalog
            .tag_options
            .iter()
            .flat_map(|(_, options)| &options.tag_options)
            .map(|list| TagChoice {
                key: list.key.value.clone(),
                values: list
                    .all_values()
                    .map(|value| value.as_str().to_owned())
                    .collect(),
                other: list.other.as_ref().map(|value| value.as_str().to_owned()),
                other_key: list.other.as_ref().map(|_| format!("{}Other", *list.key)),
            })
            .collect();
        let mut holding: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (index, file) in catalog.portfolios.values().enumerate() {
            for placement in &file.body.products {
                let places = holding.entry(placement.product.value.clone()).or_default();
                // A product that stands in a portfolio twice is a fault of its file.
                if places.last() != Some(&index) {
                    places.push(index);
                }
            }
        }
        let mut actions: BTreeMap<Key, Vec<Action>> = BTreeMap::new();
        for action in &catalog.foundation.service_actions {
            let told = Action {
                name: action.name.value.clone(),
                description: action.description.clone(),
            };
            let products: BTreeSet<&Key> = action.products.iter().map(|key| &key.value).collect();
            for product in products {
                let told = told.clone();
                actions.entry(product.clone()).or_default().push(told);
            }
        }
        let portfolios = catalog.portfolios.iter().map(|(key, file)| {
            let body = &file.body;
            let offers = |choice: &&TagChoice| {
                let mut own = body.tag_options.iter();
                own.any(|key| key.value == choice.key)
            };
            Offering {
                key: key.clone(),
                name: body.name.value.clone(),
                description: body.description.clone(),
                roles: body
                    .principals
                    .iter()
                    .filter_map(|principal| match &principal.value {
                        Principal::EndUserRole(role) => Some(role.clone()),
                        _ => None,
                    })
                    .collect(),
                products: body
                    .products
                    .iter()
                    .map(|placement| placement.product.value.clone())
                    .collect(),
                tags: choices.iter().filter(offers).cloned().collect(),
            }
        });
        Offerings {
            portfolios: portfolios.collect(),
            launch_roles: catalog
                .foundation
                .launch_roles
                .iter()
                .map(|role| role.product.value.clone())
                .collect(),
            has_tag_options: catalog.tag_options.is_some(),
            holding,
            actions,
        }
    }

    /// The portfolios that hold a product, in order.
    pub fn holding(&self, product: &Key) -> impl Iterator<Item = &Offering> {
        let places = self.holding.get(product).into_iter().flatten();
        places.filter_map(|index| self.portfolios.get(*index))
    }

    /// What a running product can be told to do, in order.
    pub fn actions(&self, product: &Key) -> &[Action] {
        self.actions.get(product).map_or(&[], Vec::as_slice)
    }
}
