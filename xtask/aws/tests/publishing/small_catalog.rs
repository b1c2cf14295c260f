//! A small catalog: two products, a foundation, a portfolio that is shared.

use compute_catalog::digest::Digest;
use compute_catalog::environment::Environments;
use compute_catalog::product::{Bump, CatalogEntry, Key, VersionName};
use compute_catalog::publish::{Bucket, Desired, Layer, Reference, ReleasedProduct, Share, Stack};
use compute_catalog::release::{Ledger, Origin, Version};
use std::collections::BTreeMap;

const ORGANIZATION: &str = "name: Example\nsupport:\n  description: Ask us\n  email: help@example.org\n  url: https://example.org/help\n";
const ENVIRONMENT: &str = "account: \"123456789012\"\nregion: us-east-1\nlocal: true\n";

const FOUNDATION: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Templates:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub example-templates-${AWS::AccountId}
  Restart:
    Type: AWS::ServiceCatalog::ServiceAction
    Properties:
      Name: Restart
      DefinitionType: SSM_AUTOMATION
      Definition:
        - Key: Name
          Value: AWS-RestartEC2Instance
        - Key: Version
          Value: "1"
        - Key: AssumeRole
          Value: LAUNCH_ROLE
Outputs:
  Bucket:
    Value: !Ref Templates
  Restart:
    Value: !Ref Restart
"#;

const PORTFOLIO: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Notebook:
    Type: String
Resources:
  Portfolio:
    Type: AWS::ServiceCatalog::Portfolio
    Properties:
      DisplayName: Machines
      ProviderName: Example
  HasNotebook:
    Type: AWS::ServiceCatalog::PortfolioProductAssociation
    Properties:
      PortfolioId: !Ref Portfolio
      ProductId: !Ref Notebook
Outputs:
  Portfolio:
    Value: !Ref Portfolio
"#;

pub fn key(text: &str) -> Key {
    text.parse().unwrap()
}

pub fn version(text: &str) -> VersionName {
    text.parse().unwrap()
}

/// The body of a version: a template that says which it is.
pub fn body(product: &str, version: &str) -> Vec<u8> {
    format!(
        "AWSTemplateFormatVersion: \"2010-09-09\"\nDescription: {product} {version}\nResources:\n  Bucket:\n    Type: AWS::S3::Bucket\n"
    )
    .into_bytes()
}

/// A catalog of `notebook`, which has service actions and a portfolio, and `bucket`, each with these
/// versions.
pub fn catalog(versions: &[&str]) -> Desired {
    let environments = Environments::read(
        ("organization.yaml", ORGANIZATION),
        &[(
            key("local"),
            "local.yaml".to_owned(),
            ENVIRONMENT.to_owned(),
        )],
    )
    .unwrap();
    let environment = &environments.by_key[&key("local")];
    let output = |stack: &str, output: &str| Reference::StackOutput {
        stack: stack.to_owned(),
        output: output.to_owned(),
    };
    let products = [
        ("bucket", Vec::new()),
        ("notebook", vec![output("example-foundation", "Restart")]),
    ]
    .into_iter()
    .map(|(name, actions)| {
        let (ledger, bodies) = history(name, versions);
        let entry = CatalogEntry {
            name: format!("Example: {name}"),
            description: format!("A {name}"),
            documentation: "https://example.org".to_owned(),
        };
        let offer = ReleasedProduct {
            key: &key(name),
            entry: &entry,
            ledger: &ledger,
            bodies: &bodies,
            actions,
        };
        Desired::product(
            &offer,
            &key("local"),
            environment,
            &environments.organization,
        )
        .unwrap()
    })
    .collect();
    Desired {
        environment: key("local"),
        account: environment.account.value.clone(),
        region: environment.region.value.clone(),
        bucket: Bucket::Output {
            stack: "example-foundation".to_owned(),
            output: "Bucket".to_owned(),
        },
        products,
        stacks: vec![
            Stack {
                name: "example-foundation".to_owned(),
                file: "generated/foundation.yaml".to_owned(),
                template: FOUNDATION.into(),
                parameters: BTreeMap::new(),
                layer: Layer::Foundation,
                recorded_portfolio: None,
                launch_role_of: None,
            },
            Stack {
                name: "example-machines".to_owned(),
                file: "generated/portfolios/machines.yaml".to_owned(),
                template: PORTFOLIO.into(),
                parameters: BTreeMap::from([(
                    "Notebook".to_owned(),
                    Reference::ProductId(key("notebook")),
                )]),
                layer: Layer::Portfolio,
                recorded_portfolio: None,
                launch_role_of: None,
            },
        ],
        stack_sets: Vec::new(),
        shares: vec![Share {
            portfolio: key("machines"),
            id: output("example-machines", "Portfolio"),
            recipient: "210987654321".to_owned(),
            tag_options: true,
            principals: false,
        }],
        promotion: None,
        lacks: Vec::new(),
    }
}

fn history(product: &str, versions: &[&str]) -> (Ledger, BTreeMap<String, Vec<u8>>) {
    let mut ledger = Ledger::default();
    let mut bodies = BTreeMap::new();
    for name in versions {
        let body = body(product, name);
        ledger.versions.push(Version {
            name: version(name),
            description: format!("{product} as of {name}"),
            origin: Origin::Released {
                digest: Digest::of(&body),
                bump: Bump::Minor,
                note: "test".to_owned(),
                impact: vec!["the instance is replaced".to_owned()],
            },
        });
        bodies.insert(format!("{name}.yaml"), body);
    }
    (ledger, bodies)
}
