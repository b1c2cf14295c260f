//! An account of years: products, launch roles and portfolios from before this catalog, and one of each
//! product that runs, all made through AWS's own API as they were then.

mod person;
mod stack;

pub use person::{VALUES, running};

use crate::checkout::{Checkout, copy};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_servicecatalog::types::{
    ProductType, ProvisioningArtifactProperties, ProvisioningArtifactType,
};
use compute_catalog::environment::AccountId;
use compute_catalog::publish::{Desired, Options, Plan, Reference, Request};
use local_aws::{Config, Delays, Server};
use publisher::{Approval, CommandError, Destination, End, Pace, Publish, Repository, Session};
use publisher::{Terminal, seed_local};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;
use xtask::workspace::Workspace;

pub const ENVIRONMENT: &str = "prod";

/// Where the templates of nested stacks stood, and of the products.
const BUCKET: &str = "bootstrap-awss3cloudformationbucket-19qromfd235z9";

/// The products by key, with the stack that exported their launch role.
pub const PRODUCTS: [(&str, &str); 6] = [
    ("linux-docker", "sc-ec2vpc-launchrole"),
    ("notebook", "sc-ec2vpc-launchrole"),
    ("windows", "sc-ec2vpc-launchrole"),
    ("s3-private", "sc-s3-launchrole"),
    ("s3-synapse", "sc-s3-launchrole"),
    ("scheduled-job", "sc-scheduled-jobs-launchrole"),
];

/// Templates of stacks within stacks, by product and file, and where they were.
const NESTED: [(&str, &str, &str); 2] = [
    (
        "s3-private",
        "same-region-download.yaml",
        "cfn-cr-same-region-bucket-download/1.0.3",
    ),
    (
        "scheduled-job",
        "batch-trigger.yaml",
        "lambda-batch-trigger/0.1.3",
    ),
];

/// The account, in a server of its own.
pub struct Former {
    pub server: Server,
    folder: TempDir,
    pub session: Session,
    /// Product and version, by key.
    pub ids: BTreeMap<String, (String, String)>,
}

/// The account of the environment.
pub fn account(checkout: &Checkout) -> AccountId {
    checkout.desired(ENVIRONMENT).account
}

fn start(checkout: &Checkout, folder: &Path) -> Server {
    let account = account(checkout);
    let workspace = Workspace::containing(&checkout.path("")).unwrap();
    let organization = workspace.environments().unwrap().organization;
    let outside = xtask::rehearse::outside(&workspace, &organization).unwrap();
    let function = |name: &String| format!("arn:aws:lambda:us-east-1:{account}:function:{name}");
    Server::start(Config {
        account: account.to_string(),
        functions: outside.functions().map(function).collect(),
        outside,
        delays: Delays::NONE,
        ..Config::new(folder)
    })
    .unwrap()
}

async fn session(server: &Server, account: AccountId) -> Session {
    Session::open(&Destination {
        account,
        account_at: None,
        region: "us-east-1".to_owned(),
        profile: None,
        endpoint: Some(server.endpoint().to_owned()),
        dummy_credentials: true,
        pace: Pace::LOCAL,
    })
    .await
    .unwrap()
}

impl Former {
    /// The account as it was before this catalog.
    pub async fn new(checkout: &Checkout) -> Former {
        let folder = TempDir::new().unwrap();
        let server = start(checkout, &folder.path().join("aws"));
        let mut former = Former {
            session: session(&server, account(checkout)).await,
            server,
            folder,
            ids: BTreeMap::new(),
        };
        let workspace = Workspace::containing(&checkout.path("")).unwrap();
        let repository = Repository::read(workspace).unwrap();
        let environment = ENVIRONMENT.parse().unwrap();
        seed_local(&former.session, &repository, &environment)
            .await
            .unwrap();
        let desired = repository.desired(&environment).unwrap();
        former.upload(checkout).await;
        for product in &desired.products {
            former
                .add_product(product.key.as_str(), &product.texts.name)
                .await;
        }
        // People and their role are the same before and after.
        let people = desired
            .stacks
            .iter()
            .find(|one| one.name == "sc-enduser-iam");
        let people = people.unwrap();
        let values = people
            .parameters
            .iter()
            .filter_map(|(name, value)| match value {
                Reference::Value(value) => Some((name.as_str(), value.as_str())),
                _ => None,
            });
        former.deploy(&people.name, &people.template, values).await;
        former.deploy_stacks_of_then().await;
        let user = former.user().await;
        for (key, _) in PRODUCTS {
            let launched = former.launch(&user, key, &running(key)).await;
            assert!(launched.is_well, "{key}: {}", launched.said);
        }
        former
    }

    /// Another account with the same state.
    pub async fn twin(&self, checkout: &Checkout) -> Former {
        let folder = TempDir::new().unwrap();
        copy(&self.folder.path().join("aws"), &folder.path().join("aws"));
        let receipts = self.folder.path().join("receipts");
        if receipts.is_dir() {
            copy(&receipts, &folder.path().join("receipts"));
        }
        let server = start(checkout, &folder.path().join("aws"));
        Former {
            session: session(&server, account(checkout)).await,
            server,
            folder,
            ids: self.ids.clone(),
        }
    }

    async fn upload(&self, checkout: &Checkout) {
        let s3 = &self.session.s3;
        s3.create_bucket().bucket(BUCKET).send().await.unwrap();
        let nested = NESTED.map(|(key, file, at)| (key, file, format!("{at}/{file}")));
        let products = PRODUCTS.map(|(key, _)| (key, "template.yaml", format!("{key}.yaml")));
        for (key, file, at) in nested.into_iter().chain(products) {
            let path = checkout.path(&format!("products/{key}/legacy/{file}"));
            let body = ByteStream::from(std::fs::read(path).unwrap());
            let put = s3.put_object().bucket(BUCKET).key(at).body(body);
            put.send().await.unwrap();
        }
    }

    async fn add_product(&mut self, key: &str, name: &str) {
        let url = format!("https://{BUCKET}.s3.us-east-1.amazonaws.com/{key}.yaml");
        let version = ProvisioningArtifactProperties::builder()
            .name("v1")
            .r#type(ProvisioningArtifactType::CloudFormationTemplate)
            .info("LoadTemplateFromURL", url)
            .build();
        let create = self
            .session
            .catalog
            .create_product()
            .name(name)
            .owner("somebody");
        let create = create.product_type(ProductType::CloudFormationTemplate);
        let create = create
            .provisioning_artifact_parameters(version)
            .idempotency_token(key);
        let made = create.send().await.unwrap();
        let product = made
            .product_view_detail
            .unwrap()
            .product_view_summary
            .unwrap();
        let version = made.provisioning_artifact_detail.unwrap().id.unwrap();
        let ids = (product.product_id.unwrap(), version);
        self.ids.insert(key.to_owned(), ids);
    }

    /// Publishes this catalog; nothing where the server has stopped in the middle.
    pub async fn publish(&self, desired: &Desired) -> Option<Result<End, CommandError>> {
        let halted = async {
            while !self.server.is_halted() {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        let never = AtomicBool::new(false);
        let yes = |_: &Plan| Ok(true);
        let receipts = self.folder.path().join("receipts");
        let quiet = Terminal::quiet();
        let run = Publish {
            session: &self.session,
            desired,
            options: Options {
                insist: true,
                ..Options::default()
            },
            request: Request::Publish(Default::default()),
            approval: Approval::Ask(&yes),
            inspection: None,
            break_lock: false,
            folder: &receipts,
            terminal: &quiet,
            stop: &never,
        };
        tokio::select! {
            biased;
            () = halted => None,
            end = run.run() => Some(end),
        }
    }
}
