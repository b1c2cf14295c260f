//! An account on a local AWS, a small catalog, and what can be seen of both.

use compute_catalog::environment::Environments;
use compute_catalog::product::{Bump, CatalogEntry, Key, VersionName};
use compute_catalog::publish::{
    Bucket, Desired, Layer, LiveProduct, Observed, Offer, Options, Plan, PlanFile, Reference,
    Share, Stack, plan,
};
use compute_catalog::release::{Digest, Ledger, Origin, Version};
use local_aws::{Config, Faults, Identity, Server};
use publisher::{
    Approval, Destination, End, Failure, Goal, Hints, Pace, Publish, Session, Terminal, observe,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

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

/// The accounts of the unit that the small catalog's portfolio is shared with.
pub const MEMBERS: [&str; 2] = ["333333333333", "444444444444"];

/// A server's configuration: one account, and an organisational unit with two more.
fn configured(folder: &std::path::Path) -> Config {
    let mut config = Config::new(folder.join("aws"));
    let members = MEMBERS.map(str::to_owned).into();
    config
        .organization
        .insert("ou-ab12-cdef3456".to_owned(), members);
    for account in std::iter::once("123456789012").chain(MEMBERS) {
        let identity = Identity::user(account, "local");
        config.keys.insert(account.to_owned(), identity);
    }
    config
}

/// An account on a local AWS, and a checkout's folder for receipts.
pub struct World {
    pub server: Arc<Server>,
    folder: TempDir,
}

impl World {
    pub fn new(faults: Faults) -> World {
        World::with(|config| config.faults = faults)
    }

    pub fn with(set: impl FnOnce(&mut Config)) -> World {
        let folder = TempDir::new().unwrap();
        let mut config = configured(folder.path());
        set(&mut config);
        World {
            server: Arc::new(Server::start(config).unwrap()),
            folder,
        }
    }

    /// Another world with the same state.
    pub fn twin(&self) -> World {
        let folder = TempDir::new().unwrap();
        crate::checkout::copy(&self.folder.path().join("aws"), &folder.path().join("aws"));
        World {
            server: Arc::new(Server::start(configured(folder.path())).unwrap()),
            folder,
        }
    }

    pub async fn session(&self) -> Session {
        Session::open(&self.destination()).await.unwrap()
    }

    /// A session of another account.
    pub async fn session_of(&self, account: &str) -> Session {
        let destination = Destination {
            account: account.parse().unwrap(),
            ..self.destination()
        };
        Session::open(&destination).await.unwrap()
    }

    pub fn destination(&self) -> Destination {
        Destination {
            account: "123456789012".parse().unwrap(),
            region: "us-east-1".to_owned(),
            profile: None,
            endpoint: Some(self.server.endpoint().to_owned()),
            dummy_credentials: true,
            pace: Pace::LOCAL,
        }
    }

    pub async fn publish(&self, desired: &Desired) -> Result<End, Failure> {
        self.publish_from("checkout", desired, None, false).await
    }

    /// Publishes from one of several checkouts.
    pub async fn publish_from(
        &self,
        checkout: &str,
        desired: &Desired,
        reviewed: Option<&PlanFile>,
        break_lock: bool,
    ) -> Result<End, Failure> {
        self.run(checkout, desired, reviewed, break_lock, Goal::Catalog)
            .await
    }

    pub async fn run(
        &self,
        checkout: &str,
        desired: &Desired,
        reviewed: Option<&PlanFile>,
        break_lock: bool,
        goal: Goal<'_>,
    ) -> Result<End, Failure> {
        let never = AtomicBool::new(false);
        self.carry_out(checkout, desired, reviewed, break_lock, goal, &never)
            .await
    }

    /// Publishes until somebody asks to stop.
    pub async fn publish_until(
        &self,
        desired: &Desired,
        stop: &AtomicBool,
    ) -> Result<End, Failure> {
        self.carry_out("checkout", desired, None, false, Goal::Catalog, stop)
            .await
    }

    async fn carry_out(
        &self,
        checkout: &str,
        desired: &Desired,
        reviewed: Option<&PlanFile>,
        break_lock: bool,
        goal: Goal<'_>,
        stop: &AtomicBool,
    ) -> Result<End, Failure> {
        let session = Session::open(&self.destination()).await?;
        let yes = |_: &Plan| Ok(true);
        Publish {
            session: &session,
            desired,
            options: Options::default(),
            goal,
            approval: reviewed.map_or(Approval::Ask(&yes), Approval::Reviewed),
            break_lock,
            folder: &self.receipts(checkout),
            terminal: &Terminal::quiet(),
            stop,
        }
        .run()
        .await
    }

    /// Publishes at another pace, with somebody who follows the steps.
    pub async fn publish_at(
        &self,
        pace: Pace,
        desired: &Desired,
        terminal: &Terminal,
    ) -> Result<End, Failure> {
        let destination = Destination {
            pace,
            ..self.destination()
        };
        let yes = |_: &Plan| Ok(true);
        Publish {
            session: &Session::open(&destination).await?,
            desired,
            options: Options::default(),
            goal: Goal::Catalog,
            approval: Approval::Ask(&yes),
            break_lock: false,
            folder: &self.receipts("checkout"),
            terminal,
            stop: &AtomicBool::new(false),
        }
        .run()
        .await
    }

    /// Once the server has cut everybody off, as if they had been killed there.
    pub async fn halted(&self) {
        while !self.server.is_halted() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    pub fn receipts(&self, checkout: &str) -> std::path::PathBuf {
        self.folder.path().join(checkout)
    }

    pub async fn observe(&self, desired: &Desired) -> Observed {
        let hints = Hints {
            usage: true,
            ..Hints::default()
        };
        observe(&self.session().await, desired, &hints)
            .await
            .unwrap()
    }

    pub async fn plan(&self, desired: &Desired) -> Plan {
        plan(desired, &self.observe(desired).await, Options::default())
    }

    /// How many calls so far would change something, whether or not they did.
    pub fn changes(&self) -> Vec<String> {
        self.server
            .calls()
            .into_iter()
            .filter(|call| call.changing)
            .map(|call| call.operation)
            .collect()
    }

    /// The account in words without ids, for comparing two of them: nothing is there twice, and
    /// nothing is left over.
    pub async fn summary(&self, desired: &Desired) -> Vec<String> {
        let observed = self.observe(desired).await;
        let mut lines = vec![format!("bucket {}", observed.bucket.is_some())];
        for live in observed.products.values() {
            lines.extend(product_lines(live));
        }
        for (key, template) in &observed.templates {
            lines.push(format!("template {key} {}", template.digest));
        }
        for (name, stack) in &observed.stacks {
            lines.push(format!(
                "stack {name} {} {}",
                stack.status,
                stack.template.len()
            ));
        }
        lines.push(format!("shares {}", observed.shares.len()));
        let state = self.server.state().unwrap();
        let here = &state["accounts"]["123456789012"]["regions"]["us-east-1"];
        for kind in ["portfolios", "actions", "constraints", "products"] {
            let count = here["catalog"][kind].as_object().map_or(0, |all| all.len());
            lines.push(format!("{kind} {count}"));
        }
        let objects = self.objects(observed.bucket.as_deref()).await;
        lines.push(format!("objects {objects:?}"));
        lines.sort();
        lines
    }

    /// The keys in the bucket.
    async fn objects(&self, bucket: Option<&str>) -> Vec<String> {
        let session = self.session().await;
        let listed = session
            .s3
            .list_objects_v2()
            .bucket(bucket.unwrap_or_default())
            .send()
            .await;
        listed.map_or_else(
            |_| Vec::new(),
            |listed| {
                listed
                    .contents()
                    .iter()
                    .filter_map(|object| object.key().map(str::to_owned))
                    .collect()
            },
        )
    }
}

fn product_lines(live: &LiveProduct) -> Vec<String> {
    let mut lines = vec![format!(
        "product {} {:?} {:?}",
        live.texts.name, live.texts, live.tags
    )];
    for version in &live.versions {
        lines.push(format!(
            "version {} {} {} {} {:?} {:?} actions {}",
            live.texts.name,
            version.name,
            version.active,
            version.guidance,
            version.status,
            version.body,
            version.actions.len()
        ));
    }
    lines
}

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
        let offer = Offer {
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
        region: environment.region.clone(),
        bucket: Bucket::Output {
            stack: "example-foundation".to_owned(),
            output: "Bucket".to_owned(),
        },
        products,
        stacks: vec![
            Stack {
                name: "example-foundation".to_owned(),
                file: "generated/foundation.yaml".to_owned(),
                template: FOUNDATION.to_owned(),
                parameters: BTreeMap::new(),
                layer: Layer::Foundation,
            },
            Stack {
                name: "example-machines".to_owned(),
                file: "generated/portfolios/machines.yaml".to_owned(),
                template: PORTFOLIO.to_owned(),
                parameters: BTreeMap::from([(
                    "Notebook".to_owned(),
                    Reference::ProductId(key("notebook")),
                )]),
                layer: Layer::Portfolio,
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
