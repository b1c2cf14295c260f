//! All stacks of a catalog, in the order in which an account gets them.

use super::end_user::{LOGIN_ROLE_PARAMETER, end_user_template};
use super::foundation::{FORMER_EXPORTS_PARAMETER, foundation_template};
use super::launch_role::{Handlers, LaunchRole, TableRow, launch_role_template, table};
use super::recipient::recipient_template;
use super::{Catalog, portfolio_template, product_parameter, tag_option_template};
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
    /// `formerExports` of the environment: `true` or `false`.
    FormerExports,
}

/// All stacks of a catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacks {
    /// In the order in which an account gets them: each imports from those before it.
    pub all: Vec<CatalogStack>,
    /// What each product's launch role grants.
    pub launch_roles: IndexMap<Key, LaunchRole>,
}

impl Catalog {
    /// The stacks. The templates are those of each product: now, and of each version of ours that
    /// is still active.
    ///
    /// # Errors
    /// Everything that keeps a stack from being made, in all of them.
    pub fn stacks(
        &self,
        templates: &IndexMap<Key, Vec<&Template>>,
        handlers: &Handlers,
        actions: &ActionList,
    ) -> Result<Stacks, Vec<InputError>> {
        let mut making = Making::default();
        let foundation = &self.foundation;
        making.add(
            foundation.stack.as_str(),
            "foundation.yaml".to_owned(),
            &self.foundation_path,
            foundation_template(foundation),
        );
        making.add(
            self.end_users.stack.as_str(),
            "end-users.yaml".to_owned(),
            &self.end_users_path,
            end_user_template(&self.end_users),
        );
        for file in &foundation.launch_roles {
            let product = &file.product.value;
            let active = templates.get(product).map_or(&[][..], Vec::as_slice);
            match launch_role_template(self, file, active, handlers, actions) {
                Ok((template, role)) => {
                    let path = format!("launch-roles/{product}.yaml");
                    making.add(
                        file.stack.as_str(),
                        path,
                        &self.foundation_path,
                        Ok(template),
                    );
                    making.launch_roles.insert(product.clone(), role);
                }
                Err(errors) => making.errors.extend(errors),
            }
        }
        for (key, portfolio) in &self.portfolios {
            making.add(
                portfolio.body.stack.as_str(),
                format!("portfolios/{key}.yaml"),
                &portfolio.path,
                portfolio_template(self, &portfolio.body),
            );
        }
        if let Some((path, options)) = &self.tag_options {
            making.add(
                options.stack.as_str(),
                "tag-options.yaml".to_owned(),
                path,
                tag_option_template(self, options),
            );
        }
        for (key, portfolio) in &self.portfolios {
            let Some(recipients) = &portfolio.body.recipients else {
                continue;
            };
            let made =
                recipient_template(self, portfolio, recipients, templates, handlers, actions);
            match made {
                Ok(template) => {
                    let name = recipients.stack_set.as_str();
                    let path = format!("recipients/{key}.yaml");
                    making.add(name, path, &portfolio.path, Ok(template));
                    if let Some(added) = making.all.last_mut() {
                        added.recipients_of = Some(key.clone());
                    }
                }
                Err(errors) => making.errors.extend(errors),
            }
        }
        making.finish(self)
    }

    /// The page of what the launch roles grant, before and now.
    pub fn granted_actions_page(&self, stacks: &Stacks) -> String {
        let rows: Vec<TableRow<'_>> = stacks
            .launch_roles
            .iter()
            .map(|(product, role)| TableRow {
                product,
                before: self
                    .foundation
                    .launch_role(product)
                    .and_then(|file| file.former_actions),
                role,
            })
            .collect();
        table(&rows)
    }

    fn parameter_source(&self, name: &str) -> Option<StackParameter> {
        match name {
            LOGIN_ROLE_PARAMETER => Some(StackParameter::LoginRole),
            FORMER_EXPORTS_PARAMETER => Some(StackParameter::FormerExports),
            _ => self
                .portfolios
                .values()
                .flat_map(|portfolio| &portfolio.body.products)
                .map(|placement| &placement.product.value)
                .find(|product| product_parameter(product).as_str() == name)
                .cloned()
                .map(StackParameter::ProductId),
        }
    }
}

#[derive(Default)]
struct Making {
    all: Vec<CatalogStack>,
    launch_roles: IndexMap<Key, LaunchRole>,
    errors: Vec<InputError>,
}

impl Making {
    fn add(
        &mut self,
        name: &str,
        file: String,
        source: &str,
        template: Result<Template, BuildError>,
    ) {
        match template {
            Ok(template) => self.all.push(CatalogStack {
                name: name.to_owned(),
                file,
                source: source.to_owned(),
                template,
                parameters: IndexMap::new(),
                needs_products: false,
                recipients_of: None,
            }),
            Err(error) => self.errors.extend(error.0.iter().map(|defect| InputError {
                file: source.to_owned(),
                at: Location { line: 1, column: 1 },
                message: format!("the stack `{name}`: {}: {}", defect.at, defect.message),
                hint: Some("a stack has each logical id and each output once".to_owned()),
            })),
        }
    }

    fn finish(mut self, catalog: &Catalog) -> Result<Stacks, Vec<InputError>> {
        for stack in &mut self.all {
            stack.parameters = stack
                .template
                .parameters
                .keys()
                .filter_map(|name| Some((name.clone(), catalog.parameter_source(name)?)))
                .collect();
            let is_id = |source: &StackParameter| matches!(source, StackParameter::ProductId(_));
            stack.needs_products = stack.parameters.values().any(is_id);
        }
        if self.errors.is_empty() {
            Ok(Stacks {
                all: self.all,
                launch_roles: self.launch_roles,
            })
        } else {
            self.errors.sort();
            Err(self.errors)
        }
    }
}
