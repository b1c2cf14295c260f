//! What a product is: a typed model that settings and account_exports turn into a template.
//!
//! A product's folder holds its model, `settings.yaml` (what may change without a programmer),
//! `files/` (what is written on machines) and `history/` (its released versions). The core sees
//! the files as [`Sources`]; it reads no disk.

mod account;
mod account_exports;
mod artifact;
mod external;
mod fargate_job;
mod imported;
mod installed;
pub mod instance_type;
mod key;
mod machine;
mod product_type;
mod region;
mod role;
mod settings;
mod sources;
mod version;

pub use account::{AccountId, AccountIdError};
pub use account_exports::{ACCOUNTS_MAPPING, AccountExports, Imports, MissingImport, PerAccount};
pub use artifact::{ArtifactFile, FileKind};
pub use external::{ExternalParameter, ExternalProduct, ExternalType};
pub use fargate_job::{FargateJob, FargateSize};
pub use imported::imported_differences;
pub use installed::Installed;
pub use key::{Key, KeyError};
pub(crate) use machine::literal_text;
pub use machine::{Machine, Platform, Volume, VolumeSize};
pub use product_type::ProductType;
pub use region::{UNKNOWN_REGION, regions};
pub use role::{BOUNDARY_EXPORT, role_path};
pub use settings::CatalogEntry;
pub use sources::{SourceFile, Sources};
pub use version::{Bump, VersionName, VersionNameError};

use crate::cfn::{BuildError, Builder, Template};
use crate::yaml::InputError;
use std::fmt;
use std::sync::Arc;

/// A product of the catalog.
///
/// Implemented by [`Typed`] for every [`Model`]; the catalog is a list of these.
pub trait Product: Send + Sync {
    /// The product's key: the name of its folder.
    fn key(&self) -> &Key;

    /// The JSON Schema of its settings file.
    fn settings_schema(&self) -> Arc<schemars::Schema>;

    /// The entry that Service Catalog shows, and the template.
    ///
    /// # Errors
    /// Everything that is wrong with the settings, the account_exports or the template.
    fn build(
        &self,
        sources: &Sources,
        account_exports: &AccountExports,
    ) -> Result<Built, Vec<ProductError>>;

    /// The same model as the product of another folder, with settings of its own.
    fn under(&self, key: Key) -> Box<dyn Product>;
}

/// A product's template, with how the catalog presents it.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    /// What Service Catalog shows of the product.
    pub entry: CatalogEntry,
    /// Its template.
    pub template: Template,
    /// What a launched product has on it; empty where it is no machine.
    pub installed: Vec<Installed>,
}

/// The typed model of one product.
pub trait Model: Sync {
    /// The product's key: the name of its folder.
    const KEY: Key;

    /// What its `settings.yaml` holds.
    type Settings: serde::de::DeserializeOwned + schemars::JsonSchema + 'static;

    /// What Service Catalog shows of the product.
    fn entry(settings: &Self::Settings) -> &CatalogEntry;

    /// The operating system and software of a launched product, in the order in which its page shows
    /// them. Nothing, unless a model says otherwise.
    fn installed(_settings: &Self::Settings) -> Vec<Installed> {
        Vec::new()
    }

    /// The template.
    ///
    /// # Errors
    /// Settings that contradict each other, files and imports that are missing, a template that
    /// does not hold together.
    fn template(context: &Context<'_, Self::Settings>) -> Result<Template, Vec<ProductError>>;
}

/// What a model builds from.
pub struct Context<'a, S> {
    /// The product's key.
    pub key: &'a Key,
    /// Its settings.
    pub settings: &'a S,
    /// Its files.
    pub sources: &'a Sources,
    /// What the template meets in each account.
    pub account_exports: &'a AccountExports,
}

impl<S> Context<'_, S> {
    /// The imported value of each key, as [`AccountExports::imports`].
    ///
    /// # Errors
    /// Every key that isn't declared for all accounts.
    pub fn imports<const N: usize>(
        &self,
        builder: &mut Builder,
        keys: [&str; N],
    ) -> Result<Imports<N>, Vec<ProductError>> {
        self.account_exports
            .imports(self.key.as_str(), builder, keys)
    }

    /// [`Context::imports`] of two lists, so that a building block has its own beside the product's.
    ///
    /// # Errors
    /// Every key of both that isn't declared for all accounts.
    pub fn imports_of_both<const N: usize, const M: usize>(
        &self,
        builder: &mut Builder,
        first: [&str; N],
        second: [&str; M],
    ) -> Result<(Imports<N>, Imports<M>), Vec<ProductError>> {
        self.account_exports
            .imports_of_both(self.key.as_str(), builder, first, second)
    }

    /// The text of a file below `products/`.
    ///
    /// # Errors
    /// It isn't there.
    pub fn file(&self, path: &str) -> Result<&str, Vec<ProductError>> {
        self.sources
            .file(self.key, path)
            .map_err(|fault| vec![fault])
    }

    /// The text of a file of the product's own folder, such as `files/docker.sh`.
    ///
    /// # Errors
    /// It isn't there.
    pub fn own_file(&self, path: &str) -> Result<&str, Vec<ProductError>> {
        self.file(&format!("{}/{path}", self.key))
    }

    /// The finished template.
    ///
    /// # Errors
    /// It does not hold together.
    pub fn finish(&self, builder: Builder) -> Result<Template, Vec<ProductError>> {
        builder.build().map_err(|error| self.faults(error))
    }

    /// What keeps a template from holding together: at the line of the settings that names what is
    /// wrong, where there is one such line.
    fn faults(&self, error: BuildError) -> Vec<ProductError> {
        let text = &self.sources.settings.text;
        let line = |message: &str| {
            let name = message.split('`').nth(1).filter(|name| name.len() > 3)?;
            let mut lines = (1..)
                .zip(text.lines())
                .filter(|(_, line)| line.contains(name));
            match (lines.next(), lines.next()) {
                (Some((number, line)), None) => Some(crate::yaml::Location {
                    line: number,
                    column: line
                        .split(name)
                        .next()
                        .map_or(0, |before| before.chars().count())
                        + 1,
                }),
                _ => None,
            }
        };
        let (mut faults, mut others) = (Vec::new(), Vec::new());
        for defect in error.0 {
            match line(&defect.message) {
                Some(at) => faults.push(self.settings_fault(
                    at,
                    format!("{}: {}", defect.at, defect.message),
                    "correct the name",
                )),
                None => others.push(defect),
            }
        }
        if !others.is_empty() {
            faults.push(ProductError::Template {
                product: self.key.to_string(),
                error: BuildError(others),
            });
        }
        faults
    }

    /// A fault at a line of the settings file.
    pub fn settings_fault(
        &self,
        at: crate::yaml::Location,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> ProductError {
        ProductError::Input(InputError {
            file: self.sources.settings.path.clone(),
            at,
            message: message.into(),
            hint: Some(hint.into()),
        })
    }
}

/// Why a product has no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductError {
    /// A mistake in a file that a person wrote.
    Input(InputError),
    /// A file that the model needs and the product's folder lacks.
    MissingFile {
        /// The product.
        product: String,
        /// The file, relative to the folder of products.
        file: String,
    },
    /// An import that no environment file declares, or not all do.
    Import(MissingImport),
    /// A template that does not hold together.
    Template {
        /// The product.
        product: String,
        /// Why.
        error: BuildError,
    },
}

impl ProductError {
    /// The mistake, where it is one in a file that a person wrote.
    pub fn as_input(&self) -> Option<&InputError> {
        match self {
            ProductError::Input(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for ProductError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProductError::Input(error) => error.fmt(f),
            ProductError::MissingFile { product, file } => write!(
                f,
                "products/{product}: the file products/{file} is missing\n  hint: restore it, or change the model that names it"
            ),
            ProductError::Import(error) => error.fmt(f),
            ProductError::Template { product, error } => {
                for (index, defect) in error.0.iter().enumerate() {
                    if index > 0 {
                        f.write_str("\n")?;
                    }
                    write!(f, "products/{product}: {}: {}", defect.at, defect.message)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ProductError {}

/// A model as a product.
pub struct Typed<M> {
    key: Key,
    model: std::marker::PhantomData<fn() -> M>,
}

impl<M: Model> Typed<M> {
    /// The product of this model.
    pub fn new() -> Self {
        Typed {
            key: M::KEY,
            model: std::marker::PhantomData,
        }
    }
}

impl<M: Model> Default for Typed<M> {
    fn default() -> Self {
        Typed::new()
    }
}

impl<M: Model + 'static> Product for Typed<M> {
    fn key(&self) -> &Key {
        &self.key
    }

    fn settings_schema(&self) -> Arc<schemars::Schema> {
        crate::yaml::schema::<M::Settings>()
    }

    fn build(
        &self,
        sources: &Sources,
        account_exports: &AccountExports,
    ) -> Result<Built, Vec<ProductError>> {
        let file = &sources.settings;
        let settings: M::Settings =
            crate::yaml::load(&file.path, &file.text).map_err(|errors| {
                errors
                    .into_iter()
                    .map(ProductError::Input)
                    .collect::<Vec<_>>()
            })?;
        let context = Context {
            key: &self.key,
            settings: &settings,
            sources,
            account_exports,
        };
        let mut template = M::template(&context)?;
        role::bind_roles(&mut template, &self.key, account_exports).map_err(|fault| vec![fault])?;
        Ok(Built {
            entry: M::entry(&settings).clone(),
            template,
            installed: M::installed(&settings),
        })
    }

    fn under(&self, key: Key) -> Box<dyn Product> {
        Box::new(Typed::<M> {
            key,
            model: std::marker::PhantomData,
        })
    }
}
