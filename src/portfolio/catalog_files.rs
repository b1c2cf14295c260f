//! The files of a catalog, read.

use super::end_user::EndUsers;
use super::foundation::{Foundation, LaunchRoleFile, ServiceAction};
use super::{Launch, Portfolio, StackName, TagOptionList, TagOptions};
use crate::cfn::Sub;
use crate::product::{Key, SourceFile};
use crate::yaml::{InputError, load};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};

/// Names of files beside the portfolios' that are no portfolios.
pub const RESERVED: [&str; 8] = [
    "guide",
    "access",
    "outside",
    "communities",
    "organization",
    "foundation",
    "end-users",
    "tag-options",
];

/// The files of a catalog.
#[derive(Clone, Debug, Default)]
pub struct CatalogSources {
    /// The portfolios, by key.
    pub portfolios: Vec<(Key, SourceFile)>,
    /// `portfolios/foundation.yaml`.
    pub foundation: SourceFile,
    /// `portfolios/end-users.yaml`.
    pub end_users: SourceFile,
    /// `portfolios/tag-options.yaml`, where the organisation has tag options.
    pub tag_options: Option<SourceFile>,
}

/// A portfolio with the file that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct PortfolioFile {
    /// The file.
    pub path: String,
    /// The portfolio.
    pub body: Portfolio,
}

/// Portfolios, and everything around the products.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogFiles {
    /// The portfolios, in the order of their keys.
    pub portfolios: IndexMap<Key, PortfolioFile>,
    /// The foundation, and its file.
    pub foundation: Foundation,
    /// The foundation's file.
    pub foundation_path: String,
    /// The end users.
    pub end_users: EndUsers,
    /// The end users' file.
    pub end_users_path: String,
    /// The tag options, and their file.
    pub tag_options: Option<(String, TagOptions)>,
    places: Places,
}

/// Where the foundation's file speaks of a product: it is asked for each product of each portfolio.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    launch_roles: BTreeMap<Key, usize>,
    service_actions: BTreeMap<Key, Vec<usize>>,
}

impl Places {
    fn of(foundation: &Foundation) -> Places {
        let mut places = Places::default();
        for (index, role) in foundation.launch_roles.iter().enumerate() {
            let product = role.product.value.clone();
            places.launch_roles.entry(product).or_insert(index);
        }
        for (index, action) in foundation.service_actions.iter().enumerate() {
            for product in &action.products {
                let product = product.value.clone();
                let actions = places.service_actions.entry(product).or_default();
                if actions.last() != Some(&index) {
                    actions.push(index);
                }
            }
        }
        places
    }
}

impl CatalogFiles {
    /// Reads the files.
    ///
    /// # Errors
    /// Every mistake in the form of every file. Files that contradict each other are findings of
    /// `check`.
    pub fn read(files: &CatalogSources) -> Result<CatalogFiles, Vec<InputError>> {
        let mut errors = Vec::new();
        let mut portfolios = IndexMap::new();
        for (key, file) in &files.portfolios {
            if let Some(body) = collect(load(&file.path, &file.text), &mut errors) {
                portfolios.insert(
                    key.clone(),
                    PortfolioFile {
                        path: file.path.clone(),
                        body,
                    },
                );
            }
        }
        portfolios.sort_keys();
        let read = |file: &SourceFile| load::<Foundation>(&file.path, &file.text);
        let foundation = collect(read(&files.foundation), &mut errors);
        let users = &files.end_users;
        let end_users = collect(load::<EndUsers>(&users.path, &users.text), &mut errors);
        let tag_options = files.tag_options.as_ref().and_then(|file| {
            let options = collect(load(&file.path, &file.text), &mut errors)?;
            Some((file.path.clone(), options))
        });
        errors.sort();
        match (foundation, end_users) {
            (Some(foundation), Some(end_users)) if errors.is_empty() => Ok(CatalogFiles {
                portfolios,
                places: Places::of(&foundation),
                foundation,
                foundation_path: files.foundation.path.clone(),
                end_users,
                end_users_path: files.end_users.path.clone(),
                tag_options,
            }),
            _ => Err(errors),
        }
    }

    /// What the organisation knows of a product's launch role, where the product has one.
    pub fn launch_role(&self, product: &Key) -> Option<&LaunchRoleFile> {
        let index = self.places.launch_roles.get(product)?;
        self.foundation.launch_roles.get(*index)
    }

    /// The lists of tag options, where the organisation has any.
    pub(crate) fn tag_option_lists(&self) -> &[TagOptionList] {
        let options = self.tag_options.as_ref();
        options.map_or(&[], |(_, options)| &options.tag_options)
    }

    /// The actions that people start on a product, in order.
    pub fn service_actions(&self, product: &Key) -> impl Iterator<Item = &ServiceAction> {
        let places = self.places.service_actions.get(product);
        let actions = &self.foundation.service_actions;
        let places = places.into_iter().flatten();
        places.filter_map(|index| actions.get(*index))
    }

    /// The names by which launch constraints call the roles of a product, each once, in order.
    pub fn local_role_names(&self, product: &Key) -> BTreeSet<&str> {
        let portfolios = self.portfolios.values();
        let placements = portfolios.flat_map(|file| &file.body.products);
        let launches = placements
            .filter(|placement| placement.product.value == *product)
            .filter_map(|placement| placement.launch.as_ref());
        launches
            .filter_map(|launch| match &launch.value {
                Launch::LocalRoleName(name) => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The export that holds the ARN of a product's launch role, where the product has one.
    pub fn launch_role_export(&self, product: &Key) -> Option<Sub> {
        let role = self.launch_role(product)?;
        Some(export_name(&role.stack, "LaunchRoleArn"))
    }

    /// The export that holds the ARN of an end-user role.
    pub fn end_user_role_export(&self, role: &Key) -> Sub {
        let id = self
            .end_users
            .roles
            .iter()
            .find(|candidate| candidate.key.value == *role)
            .map_or(role.as_str(), |role| role.logical_id.as_str());
        export_name(&self.end_users.stack, &format!("{id}-RoleArn"))
    }
}

/// The name of an export: region, stack, and what it holds.
pub fn export_name(stack: &StackName, holds: &str) -> Sub {
    Sub::new(format!("${{AWS::Region}}-{stack}-{holds}"))
}

fn collect<T>(read: Result<T, Vec<InputError>>, errors: &mut Vec<InputError>) -> Option<T> {
    read.map_err(|found| errors.extend(found)).ok()
}
