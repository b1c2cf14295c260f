//! An account in which somebody's product stands beside somebody else's.

use compute_catalog::access::{Cast, Owned, Questions};
use compute_catalog::cfn::{IndexMap, Scenario, Template, read};
use compute_catalog::environment::Environments;
use compute_catalog::iam;
use compute_catalog::portfolio::end_user::EndUsers;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::product::Key;
use compute_catalog::rehearsal::{
    Behaviours, CatalogTemplate, LaunchRole, Memory, Outside, Programs, Setting, World,
};
use compute_catalog::yaml::load;
use std::sync::Arc;

/// The catalog's stack: launch roles without a right, and a boundary that lets everything through.
const CATALOG: &str = r#"
Resources:
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: boundary
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "logs:*", Resource: "*" }] }
  LaunchRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: launch
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: servicecatalog.amazonaws.com }, Action: "sts:AssumeRole" }] }
  People:
    Type: AWS::IAM::Role
    Properties:
      RoleName: people
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:role/login" }, Action: "sts:AssumeRole" }] }
      Policies: PEOPLE
"#;

const USERS: &str = "stack: sc-people
sessions: { tag: Approved, documents: [SSM-SessionManagerRunShell] }
logGroups: [SC-*]
policies: [{ ability: launch, logicalId: Launch }]
roles: [{ key: people, logicalId: People, abilities: [launch] }]
";

/// What is asked of the account.
pub struct Account {
    /// Inline policies of people, as YAML.
    pub people: String,
    /// The template of the product that both people have.
    pub product: String,
}

impl Account {
    /// With a product, people without a right.
    pub fn of(product: &str) -> Account {
        Account {
            people: "[]".to_owned(),
            product: product.to_owned(),
        }
    }

    /// Asks something of it.
    pub fn ask<R>(&self, work: impl FnOnce(&Cast<'_>, &Questions) -> R) -> R {
        let questions = Questions::known().unwrap();
        let handlers = Handlers::reviewed().unwrap();
        let (outside, programs) = (Outside::of_aws(), Programs::default());
        let (nested, memory) = (IndexMap::default(), Memory::default());
        let world = World {
            behaviours: Behaviours::known().unwrap(),
            handlers: &handlers,
            actions: iam::actions(),
            outside: &outside,
            programs: &programs,
            nested: &nested,
            memory: &memory,
            decisions: None,
        };
        let key: Key = "one".parse().unwrap();
        let environments = Environments::read(
            (
                "organization.yaml",
                "name: Example\nsupport: { description: Help, email: help@example.org, url: \"https://example.org\" }\nexports: {}\n",
            ),
            &[(
                key.clone(),
                "one.yaml".to_owned(),
                "account: \"111111111111\"\nregion: us-east-1\n".to_owned(),
            )],
        )
        .unwrap();
        let stacks = [CatalogTemplate {
            name: "sc-people".to_owned(),
            file: "catalog.yaml".to_owned(),
            template: template(&CATALOG.replace("PEOPLE", &self.people)),
        }];
        let setting = Setting::new(
            world,
            "one",
            &environments.by_key[&key],
            &environments.organization,
            &stacks,
            &LaunchRole::Name("launch".to_owned()),
        )
        .unwrap();
        let users: EndUsers = load("end-users.yaml", USERS).unwrap();
        let owned = Owned {
            product: "machine",
            version: "",
            template: &template(&self.product),
            file: "machine.yaml",
            parameters: &Scenario::default(),
            world,
            launch_role: &setting.launch_role,
        };
        let cast = Cast::new(world, questions, &setting, &users, &[owned])
            .unwrap_or_else(|failures| panic!("{failures:#?}"));
        work(&cast, questions)
    }
}

fn template(text: &str) -> Arc<Template> {
    Arc::new(read(text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}")))
}
