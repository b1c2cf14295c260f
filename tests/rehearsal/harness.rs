//! Products rehearsed in tests, from files that a test may edit.

use compute_catalog::cfn::{IndexMap, Template, read};
use compute_catalog::environment::Environments;
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::product::Key;
use compute_catalog::rehearsal::{
    Behaviours, CatalogTemplate, Decisions, Files, Finding, LaunchRole, Life, Memory, Outside,
    Programs, Report, Running, Setting, Subject, World, WrittenDecisions, findings, legacy_stacks,
};
use compute_catalog::release::{Ledger, LegacyVersions};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The templates and roles that stand with version 2.0.0.
pub const THEN: &str = "products/tests/fixtures/v2.0.0-roles";
/// Those that stand now.
pub const NOW: &str = "generated";

/// A checkout in which some files read otherwise.
pub struct Checkout {
    /// Where templates and roles stand.
    generated: &'static str,
    edited: BTreeMap<String, String>,
    /// The environments to rehearse in.
    environments: Vec<&'static str>,
    /// The versions whose stacks may be running; none: every one.
    from: Option<&'static str>,
    /// The name by which the constraint calls the launch role, where it doesn't call it by ARN.
    role_name: Option<&'static str>,
}

impl Checkout {
    /// The files as they are.
    pub fn of(generated: &'static str) -> Checkout {
        Checkout {
            generated,
            edited: BTreeMap::new(),
            environments: vec!["develop"],
            from: None,
            role_name: None,
        }
    }

    /// Stacks of this version alone are running.
    pub fn from(mut self, version: &'static str) -> Checkout {
        self.from = Some(version);
        self
    }

    /// The launch constraint names the role.
    pub fn launched_by_name(mut self, name: &'static str) -> Checkout {
        self.role_name = Some(name);
        self
    }

    /// No stacks are running.
    pub fn alone(self) -> Checkout {
        self.from("")
    }

    /// A file, `generated/` standing for where templates and roles are, with a text in the place of
    /// another. The text must be there.
    pub fn edit(mut self, path: &str, old: &str, new: &str) -> Checkout {
        let path = self.path(path);
        let text = self.read(&path);
        assert!(text.contains(old), "{path} has no {old}");
        self.edited.insert(path, text.replacen(old, new, 1));
        self
    }

    fn path(&self, path: &str) -> String {
        path.replace("generated/", &format!("{}/", self.generated))
    }

    fn read(&self, path: &str) -> String {
        self.text(path)
            .unwrap_or_else(|| panic!("{path} can't be read"))
    }

    /// The text of a file, as it is edited.
    pub fn text(&self, path: &str) -> Option<String> {
        let edited = self.edited.get(path).cloned();
        edited.or_else(|| fs::read_to_string(root().join(path)).ok())
    }

    fn template(&self, path: &str) -> Arc<Template> {
        let read = read(&self.read(path));
        Arc::new(read.unwrap_or_else(|errors| panic!("{path}: {errors:?}")))
    }

    fn environments(&self) -> Environments {
        let files: Vec<(Key, String, String)> = ["develop", "prod", "strides", "local"]
            .into_iter()
            .map(|name| {
                let path = format!("portfolios/environments/{name}.yaml");
                (name.parse().unwrap(), path.clone(), self.read(&path))
            })
            .collect();
        let path = "portfolios/organization.yaml";
        Environments::read((path, &self.read(path)), &files).unwrap()
    }

    /// What a rehearsal of a product finds.
    pub fn findings(&self, product: &str) -> Vec<Finding> {
        self.rehearse(product, None)
    }

    /// What was decided in a rehearsal of a product that finds nothing.
    pub fn decisions(&self, product: &str) -> WrittenDecisions {
        let decisions = Decisions::default();
        let found = self.rehearse(product, Some(&decisions));
        assert!(found.is_empty(), "{found:?}");
        decisions.written()
    }

    fn rehearse(&self, product: &str, decisions: Option<&Decisions>) -> Vec<Finding> {
        let environments = self.environments();
        let handlers = Handlers::reviewed().unwrap();
        let outside = "portfolios/outside.yaml";
        let outside =
            Outside::read(outside, &self.read(outside), &environments.organization).unwrap();
        let calls = format!("products/{product}/calls.yaml");
        let programs = Programs::read(&calls, &self.read(&calls)).unwrap();
        let (running, nested) = self.running(product);
        let world = World {
            behaviours: Behaviours::known().unwrap(),
            handlers: &handlers,
            actions: iam::actions(),
            outside: &outside,
            programs: &programs,
            nested: &nested,
            memory: &Memory::default(),
            decisions,
        };
        let file = self.path(&format!("generated/products/{product}.yaml"));
        let machines = ["linux-docker", "notebook", "windows"].contains(&product);
        let actions = ["ec2:DescribeInstanceStatus", "ec2:StopInstances"];
        let stops = (
            "AWS-StopEC2Instance".to_owned(),
            actions.map(str::to_owned).to_vec(),
        );
        let subject = Subject {
            product: product.to_owned(),
            template: self.template(&file),
            file,
            running,
            service_actions: machines.then_some(stops).into_iter().collect(),
        };
        let stacks: Vec<CatalogTemplate> = [
            (
                "sc-compute-catalog".to_owned(),
                "generated/foundation.yaml".to_owned(),
            ),
            (
                "sc-enduser-iam".to_owned(),
                "generated/end-users.yaml".to_owned(),
            ),
            (
                format!("sc-{product}-launchrole"),
                format!("generated/launch-roles/{product}.yaml"),
            ),
        ]
        .into_iter()
        .map(|(name, path)| CatalogTemplate {
            name,
            file: self.path(&path),
            template: self.template(&self.path(&path)),
        })
        .collect();
        let export = format!("${{AWS::Region}}-sc-{product}-launchrole-LaunchRoleArn");
        let role = match self.role_name {
            Some(name) => LaunchRole::Name(name.to_owned()),
            None => LaunchRole::Export(export),
        };
        let mut reports = Vec::new();
        for name in &self.environments {
            let environment = &environments.by_key[&name.parse::<Key>().unwrap()];
            let organization = &environments.organization;
            let setting = Setting::new(world, name, environment, organization, &stacks, &role);
            reports.push(match setting {
                Ok(setting) => Life::rehearse(world, &subject, &setting),
                Err(failures) => Report::of_failures(name, failures),
            });
        }
        let text = |path: &str| self.text(path);
        findings(product, &reports, &mut Files::new(&text))
    }

    fn running(&self, product: &str) -> (Vec<Running>, IndexMap<String, Arc<Template>>) {
        let mut nested = IndexMap::default();
        for name in ["same-region-download.yaml", "batch-trigger.yaml"] {
            let path = format!("products/{product}/legacy/{name}");
            if root().join(&path).is_file() {
                nested.insert(name.to_owned(), self.template(&path));
            }
        }
        let facts = format!("products/{product}/legacy.json");
        let facts = LegacyVersions::read(&facts, &self.read(&facts)).unwrap();
        let file = format!("products/{product}/legacy/template.yaml");
        let mut running = legacy_stacks(&facts, &self.template(&file), &file).unwrap();
        let path = format!("products/{product}/history/versions.yaml");
        let ledger = Ledger::read(&path, &self.read(&path)).unwrap();
        for version in ledger.released() {
            if self.generated == NOW && ledger.barred(version.name).is_some() {
                continue;
            }
            let file = format!("products/{product}/history/{}.yaml", version.name);
            running.push(Running {
                versions: vec![version.name],
                template: self.template(&file),
                file,
                is_ours: true,
                no_update: None,
            });
        }
        if let Some(from) = self.from {
            let from = match from {
                "" => return (Vec::new(), nested),
                version => version.parse().unwrap(),
            };
            running.retain(|one| one.versions.contains(&from));
        }
        (running, nested)
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
