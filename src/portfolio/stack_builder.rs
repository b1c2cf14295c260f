//! The stacks of a catalog, to be made one by one: a catalog may have thousands, and whoever writes
//! or checks them needs one at a time.

use super::end_user::{LOGIN_ROLE_PARAMETER, end_user_template};
use super::foundation::{LEGACY_EXPORTS_PARAMETER, LaunchRoleFile, foundation_template};
use super::launch_role::{Handlers, LaunchRole, Usage, launch_role_template};
use super::recipient::{Recipients, recipient_template};
use super::{
    CatalogFiles, PortfolioFile, ProductFacts, TagOptions, portfolio_template, product_parameter,
    tag_option_template,
};
use crate::cfn::{BuildError, Template};
use crate::iam::ActionList;
use crate::product::Key;
use crate::yaml::{InputError, Location};
use indexmap::IndexMap;

/// A stack of the catalog: one template for all accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogStack {
    /// Its name in every account.
    pub name: String,
    /// Where its template stands, below `generated/`.
    pub file: String,
    /// The file that a person edits to change it.
    pub source: String,
    /// Its template.
    pub template: Template,
    /// Where its parameters come from.
    pub parameters: IndexMap<String, StackParameter>,
    /// It takes ids of products: they must be there before it.
    pub needs_products: bool,
    /// The product whose launch role it holds: nothing else waits for it but that product.
    pub launch_role_of: Option<Key>,
    /// The portfolio whose recipients get it by a StackSet; the catalog's own account doesn't.
    pub recipients_of: Option<Key>,
}

/// Where a parameter of a stack comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackParameter {
    /// The id of a product.
    ProductId(Key),
    /// `loginRole` of the environment.
    LoginRole,
    /// `legacyExports` of the environment: `true` or `false`.
    LegacyExports,
}

/// What a stack is for.
#[derive(Clone, Copy, Debug)]
pub enum StackSpec<'a> {
    /// What everything else stands on.
    Foundation,
    /// The end users.
    EndUsers,
    /// The launch role of a product.
    LaunchRole(&'a LaunchRoleFile),
    /// A portfolio.
    Portfolio(&'a Key, &'a PortfolioFile),
    /// The tag options, and their file.
    TagOptions(&'a str, &'a TagOptions),
    /// What the accounts get with which a portfolio is shared.
    Recipients(&'a Key, &'a PortfolioFile, &'a Recipients),
}

impl CatalogFiles {
    /// What the stacks are for, in the order in which an account gets them: each imports from those
    /// before it.
    pub fn stack_specs(&self) -> Vec<StackSpec<'_>> {
        let mut all = vec![StackSpec::Foundation, StackSpec::EndUsers];
        all.extend(
            self.foundation
                .launch_roles
                .iter()
                .map(StackSpec::LaunchRole),
        );
        let portfolios = || self.portfolios.iter();
        all.extend(portfolios().map(|(key, file)| StackSpec::Portfolio(key, file)));
        let options = self.tag_options.as_ref();
        all.extend(options.map(|(path, options)| StackSpec::TagOptions(path, options)));
        all.extend(portfolios().filter_map(|(key, file)| {
            let recipients = file.body.recipients.as_ref()?;
            Some(StackSpec::Recipients(key, file, recipients))
        }));
        all
    }
}

/// Builds the stacks of a catalog.
pub struct StackBuilder<'a> {
    organization_name: &'a str,
    catalog: &'a CatalogFiles,
    products: &'a IndexMap<Key, ProductFacts>,
    handlers: &'a Handlers,
    actions: &'a ActionList,
    /// The products, by the parameter that takes their ids.
    ids: IndexMap<String, &'a Key>,
}

impl<'a> StackBuilder<'a> {
    /// Of these files and products.
    pub fn new(
        organization_name: &'a str,
        catalog: &'a CatalogFiles,
        products: &'a IndexMap<Key, ProductFacts>,
        handlers: &'a Handlers,
        actions: &'a ActionList,
    ) -> StackBuilder<'a> {
        let portfolios = catalog.portfolios.values();
        let placed = portfolios.flat_map(|portfolio| &portfolio.body.products);
        let mut ids = IndexMap::new();
        for product in placed.map(|placement| &placement.product.value) {
            let parameter = product_parameter(product).as_str().to_owned();
            ids.entry(parameter).or_insert(product);
        }
        StackBuilder {
            organization_name,
            catalog,
            products,
            handlers,
            actions,
            ids,
        }
    }

    /// Builds a stack; of a launch role, also says what the role grants.
    ///
    /// # Errors
    /// Everything that keeps the stack from being made.
    pub fn build(
        &self,
        stack: StackSpec<'_>,
    ) -> Result<(CatalogStack, Option<LaunchRole>), Vec<InputError>> {
        let catalog = self.catalog;
        let foundation = &catalog.foundation;
        let stack = match stack {
            StackSpec::Foundation => self.named(
                foundation.stack.as_str(),
                "foundation.yaml".to_owned(),
                &catalog.foundation_path,
                foundation_template(foundation),
            ),
            StackSpec::EndUsers => self.named(
                catalog.end_users.stack.as_str(),
                "end-users.yaml".to_owned(),
                &catalog.end_users_path,
                end_user_template(&catalog.end_users),
            ),
            StackSpec::LaunchRole(file) => {
                let product = &file.product.value;
                let nothing = Usage::default();
                let known = self.products.get(product);
                let usage = known.map_or(&nothing, |known| &known.usage);
                let (template, role) =
                    launch_role_template(catalog, file, usage, self.handlers, self.actions)?;
                let path = format!("launch-roles/{product}.yaml");
                let stack = file.stack.as_str();
                let stack = self.named(stack, path, &catalog.foundation_path, Ok(template))?;
                let stack = CatalogStack {
                    launch_role_of: Some(product.clone()),
                    ..stack
                };
                return Ok((stack, Some(role)));
            }
            StackSpec::Portfolio(key, file) => self.named(
                file.body.stack.as_str(),
                format!("portfolios/{key}.yaml"),
                &file.path,
                portfolio_template(self.organization_name, catalog, &file.body),
            ),
            StackSpec::TagOptions(path, options) => self.named(
                options.stack.as_str(),
                "tag-options.yaml".to_owned(),
                path,
                tag_option_template(catalog, options),
            ),
            StackSpec::Recipients(key, file, recipients) => {
                let (handlers, actions) = (self.handlers, self.actions);
                let template = recipient_template(
                    catalog,
                    file,
                    recipients,
                    self.products,
                    handlers,
                    actions,
                )?;
                let path = format!("recipients/{key}.yaml");
                let name = recipients.stack_set.as_str();
                let stack = self.named(name, path, &file.path, Ok(template))?;
                Ok(CatalogStack {
                    recipients_of: Some(key.clone()),
                    ..stack
                })
            }
        };
        Ok((stack?, None))
    }

    fn named(
        &self,
        name: &str,
        file: String,
        source: &str,
        template: Result<Template, BuildError>,
    ) -> Result<CatalogStack, Vec<InputError>> {
        let template = template.map_err(|error| {
            let defects = error.0.iter();
            defects
                .map(|defect| InputError {
                    file: source.to_owned(),
                    at: Location { line: 1, column: 1 },
                    message: format!("the stack `{name}`: {}: {}", defect.at, defect.message),
                    hint: Some("a stack has each logical id and each output once".to_owned()),
                })
                .collect::<Vec<_>>()
        })?;
        let names = template.parameters.keys();
        let parameters: IndexMap<String, StackParameter> = names
            .filter_map(|name| Some((name.clone(), self.source(name)?)))
            .collect();
        let is_id = |source: &StackParameter| matches!(source, StackParameter::ProductId(_));
        Ok(CatalogStack {
            name: name.to_owned(),
            file,
            source: source.to_owned(),
            needs_products: parameters.values().any(is_id),
            parameters,
            template,
            launch_role_of: None,
            recipients_of: None,
        })
    }

    fn source(&self, parameter: &str) -> Option<StackParameter> {
        match parameter {
            LOGIN_ROLE_PARAMETER => Some(StackParameter::LoginRole),
            LEGACY_EXPORTS_PARAMETER => Some(StackParameter::LegacyExports),
            _ => {
                let product = *self.ids.get(parameter)?;
                Some(StackParameter::ProductId(product.clone()))
            }
        }
    }
}
