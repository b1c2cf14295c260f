//! The files of a catalog, read.

use super::end_user::EndUsers;
use super::foundation::Foundation;
use super::{Portfolio, StackName, TagOptions};
use crate::cfn::Sub;
use crate::product::{Key, SourceFile};
use crate::yaml::{InputError, load};
use indexmap::IndexMap;

/// Names of files beside the portfolios' that are no portfolios.
pub const RESERVED: [&str; 5] = [
    "communities",
    "organization",
    "foundation",
    "end-users",
    "tag-options",
];

/// The files of a catalog.
#[derive(Clone, Debug, Default)]
pub struct CatalogFiles {
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
pub struct Catalog {
    /// Who provides the products, as people see it.
    pub provider: String,
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
}

impl Catalog {
    /// Reads the files. The provider is the organisation's name.
    ///
    /// # Errors
    /// Every mistake in the form of every file. Contradictions between files are
    /// [`super::faults`].
    pub fn read(provider: &str, files: &CatalogFiles) -> Result<Catalog, Vec<InputError>> {
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
            (Some(foundation), Some(end_users)) if errors.is_empty() => Ok(Catalog {
                provider: provider.to_owned(),
                portfolios,
                foundation,
                foundation_path: files.foundation.path.clone(),
                end_users,
                end_users_path: files.end_users.path.clone(),
                tag_options,
            }),
            _ => Err(errors),
        }
    }

    /// The export that holds the ARN of a product's launch role, where the product has one.
    pub fn launch_role_export(&self, product: &Key) -> Option<Sub> {
        let role = self.foundation.launch_role(product)?;
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
