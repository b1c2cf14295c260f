//! The Rust types that models are written in: the library's, and those that the repository has added.

use crate::vendor;
use crate::workspace::Workspace;
use codegen::{Service, own_services, services};
use compute_catalog::cfn::Template;
use compute_catalog::resource::types;
use std::collections::BTreeSet;
use std::error::Error;

/// Types of AWS's that no schema describes, as templates have them.
const WITHOUT_SCHEMA: [&str; 2] = ["AWS::CDK::Metadata", "AWS::CloudFormation::CustomResource"];

/// The types.
pub struct Library {
    /// By service; one of which the repository has added types stands there whole.
    pub services: Vec<Service>,
    /// The services of the repository's own types, by their modules in Rust.
    own: BTreeSet<String>,
}

impl Library {
    /// Those that are there.
    ///
    /// # Errors
    /// Schemas that can't be read.
    pub fn read(workspace: &Workspace) -> Result<Library, Box<dyn Error>> {
        let own = vendor::own_schemas(workspace)?;
        let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let library = vendor::library();
        if workspace.has_vendored_data() {
            let services = services(library.chain(own.iter().copied()), vendor::PATCHES)?;
            return Ok(Library {
                services,
                own: BTreeSet::new(),
            });
        }
        let mut all = own_services(&own, library, vendor::PATCHES)?;
        let modules: BTreeSet<String> = all.iter().map(Service::module).collect();
        let others = services(vendor::library(), vendor::PATCHES)?;
        all.extend(
            others
                .into_iter()
                .filter(|service| !modules.contains(&service.module())),
        );
        Ok(Library {
            services: all,
            own: modules,
        })
    }

    /// Whether a service's types stand in the repository, by its module in Rust.
    pub fn is_own(&self, module: &str) -> bool {
        self.own.contains(module)
    }

    /// Adds the types that a template uses and nobody has vendored yet; what was written.
    ///
    /// # Errors
    /// AWS's schemas can't be fetched or written: the model declares the types then.
    pub fn complete(workspace: &Workspace, template: &Template) -> Result<String, vendor::Error> {
        let own = vendor::own_names(workspace);
        let is_missing = |name: &String| {
            vendor::is_type(name)
                && !WITHOUT_SCHEMA.contains(&name.as_str())
                && !own.contains(name)
                && !types().any(|facts| facts.name == name)
        };
        let kinds = template.resources.values().map(|one| one.kind.clone());
        let missing: BTreeSet<String> = kinds.filter(is_missing).collect();
        let missing: Vec<String> = missing.into_iter().collect();
        match missing.is_empty() {
            true => Ok(String::new()),
            false => Ok(vendor::add_to(workspace, &missing)?.to_string()),
        }
    }
}
