//! An account of years: products, launch roles and portfolios from before this catalog, and one of each
//! product that runs, all made through AWS's own API as they were then.

use crate::checkout::{Checkout, copy};
use aws_credential_types::Credentials;
use aws_sdk_cloudformation::types::{Capability, ChangeSetType, Parameter};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    ProductType, ProvisioningArtifactProperties, ProvisioningArtifactType, ProvisioningParameter,
    RecordStatus, Tag, UpdateProvisioningParameter,
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

/// The stacks of portfolios, with the logical id and the name of the portfolio.
const PORTFOLIOS: [(&str, &str, &str); 4] = [
    ("sc-portfolio-ec2", "SCEC2portfolio", "Sage EC2 Porfolio"),
    (
        "sc-portfolio-ec2-external",
        "SCEC2portfolio",
        "Collaborator EC2 Porfolio",
    ),
    ("sc-portfolio-s3-basic", "SCS3portfolio", "S3 Portfolio"),
    (
        "sc-portfolio-scheduled-jobs",
        "SCScheduledJobsPortfolio",
        "Sage Scheduled Jobs Porfolio",
    ),
];

/// The stacks that put products into portfolios: the product, and the export of each portfolio. They
/// hold association, launch constraint, and the constraint on tags.
const PLACEMENTS: [(&str, &str, &[&str]); 6] = [
    (
        "sc-product-ec2-linux-docker",
        "linux-docker",
        &[EC2, EXTERNAL],
    ),
    (
        "sc-product-ec2-linux-docker-notebook",
        "notebook",
        &[EC2, EXTERNAL],
    ),
    ("sc-product-ec2-windows-jumpcloud", "windows", &[EC2]),
    ("sc-product-s3-private-enc", "s3-private", &[S3]),
    ("sc-product-s3-synapse", "s3-synapse", &[S3]),
    ("sc-product-scheduled-jobs", "scheduled-job", &[JOBS]),
];
const EC2: &str = "us-east-1-sc-portfolio-ec2-SCEC2portfolioId";
const EXTERNAL: &str = "us-east-1-sc-portfolio-ec2-external-SCEC2portfolioId";
const S3: &str = "us-east-1-sc-portfolio-s3-basic-SCS3portfolioId";
const JOBS: &str = "us-east-1-sc-portfolio-scheduled-jobs-SCScheduledJobsPortfolioId";

/// What the forms ask for and give no default of.
pub const VALUES: [(&str, &str, &str); 1] = [("s3-synapse", "SynapseIDs", "1234567")];

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

/// What notebooks of then could do with the parameter that holds their token.
const WRITE_TO_SSM: &str = r#"
Resources:
  WriteToSSMPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: ssm:PutParameter
            Resource: "arn:aws:ssm:*:*:parameter/service-catalog/synapse/cred/*"
Outputs:
  WriteToSSMPolicy:
    Value: !Ref WriteToSSMPolicy
    Export: { Name: us-east-1-sc-product-ec2-linux-notebook-write-to-ssm-policy-WriteToSSMPolicy }
"#;

/// The account, in a server of its own.
pub struct Former {
    pub server: Server,
    folder: TempDir,
    pub session: Session,
    /// Product and version, by key.
    pub ids: BTreeMap<String, (String, String)>,
}

/// How something that was asked of a provisioned product ended.
#[derive(Debug)]
pub struct Outcome {
    pub is_well: bool,
    pub said: String,
}

/// The account of the environment.
pub fn account(checkout: &Checkout) -> AccountId {
    checkout.desired(ENVIRONMENT).account
}

fn start(checkout: &Checkout, folder: &Path) -> Server {
    let account = account(checkout);
    let workspace = Workspace::containing(&checkout.path("")).unwrap();
    let outside = xtask::rehearse::outside(&workspace).unwrap();
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
        for role in [
            "sc-ec2vpc-launchrole",
            "sc-s3-launchrole",
            "sc-scheduled-jobs-launchrole",
        ] {
            former.deploy(role, &launch_role(role), []).await;
        }
        let policy = "sc-product-ec2-linux-notebook-write-to-ssm-policy";
        former.deploy(policy, WRITE_TO_SSM, []).await;
        for (stack, portfolio, name) in PORTFOLIOS {
            let people = match stack.contains("external") {
                true => ("Principalexternal", "ServiceCatalogExternalEndusers"),
                false => ("Principalstaff", "ServiceCatalogEndusers"),
            };
            let template = portfolio_stack(stack, portfolio, name, people);
            former.deploy(stack, &template, []).await;
        }
        for (stack, key, portfolios) in PLACEMENTS {
            let template = former.placement(key, portfolios);
            former.deploy(stack, &template, []).await;
        }
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

    /// A stack that puts a product into portfolios.
    fn placement(&self, key: &str, portfolios: &[&str]) -> String {
        let product = &self.ids[key].0;
        let role = PRODUCTS.iter().find(|(one, _)| *one == key).unwrap().1;
        let mut text = "Resources:\n".to_owned();
        for (number, portfolio) in portfolios.iter().enumerate() {
            text.push_str(&format!(
                "  Associate{number}:
    Type: AWS::ServiceCatalog::PortfolioProductAssociation
    Properties: {{ PortfolioId: !ImportValue {portfolio}, ProductId: {product} }}
  Constrain{number}:
    Type: AWS::ServiceCatalog::LaunchRoleConstraint
    DependsOn: Associate{number}
    Properties:
      PortfolioId: !ImportValue {portfolio}
      ProductId: {product}
      RoleArn: !ImportValue us-east-1-{role}-LaunchRoleArn
  ConstraintTagUpdate{number}:
    Type: AWS::ServiceCatalog::ResourceUpdateConstraint
    DependsOn: Associate{number}
    Properties:
      PortfolioId: !ImportValue {portfolio}
      ProductId: {product}
      TagUpdateOnProvisionedProduct: ALLOWED
"
            ));
        }
        text
    }

    /// Makes a stack.
    pub async fn deploy<'a>(
        &self,
        name: &str,
        template: &str,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let stacks = &self.session.stacks;
        let values = values.into_iter().map(|(name, value)| {
            let parameter = Parameter::builder().parameter_key(name);
            parameter.parameter_value(value).build()
        });
        let change_set = stacks
            .create_change_set()
            .stack_name(name)
            .change_set_name("first")
            .change_set_type(ChangeSetType::Create)
            .capabilities(Capability::CapabilityNamedIam)
            .template_body(template)
            .set_parameters(Some(values.collect()));
        let change_set = change_set.send().await.unwrap().id.unwrap();
        let execute = stacks.execute_change_set().change_set_name(change_set);
        execute.send().await.unwrap();
        let described = stacks
            .describe_stacks()
            .stack_name(name)
            .send()
            .await
            .unwrap();
        let stack = &described.stacks()[0];
        let status = stack.stack_status().unwrap().as_str();
        let reason = stack.stack_status_reason();
        assert_eq!(status, "CREATE_COMPLETE", "{name}: {reason:?}");
    }

    /// Somebody who may use the catalog.
    pub async fn user(&self) -> Client {
        let account = &self.session.account;
        let role = format!("arn:aws:iam::{account}:role/ServiceCatalogEndusers");
        let assume = self.session.identities.assume_role().role_arn(role);
        let assumed = assume.role_session_name("somebody").send().await.unwrap();
        let keys = assumed.credentials.unwrap();
        let credentials = Credentials::new(
            keys.access_key_id,
            keys.secret_access_key,
            Some(keys.session_token),
            None,
            "test",
        );
        let config = self.session.catalog.config().to_builder();
        Client::from_conf(config.credentials_provider(credentials).build())
    }

    /// Launches the version of before.
    pub async fn launch(&self, user: &Client, key: &str, name: &str) -> Outcome {
        self.launch_version(user, key, &self.ids[key].1, name).await
    }

    /// Launches a version.
    pub async fn launch_version(
        &self,
        user: &Client,
        key: &str,
        version: &str,
        name: &str,
    ) -> Outcome {
        let product = &self.ids[key].0;
        let values = VALUES.iter().filter(|(of, ..)| *of == key);
        let values = values.map(|(_, name, value)| {
            let parameter = ProvisioningParameter::builder().key(*name);
            parameter.value(*value).build()
        });
        let launch = user
            .provision_product()
            .product_id(product)
            .provisioning_artifact_id(version)
            .provisioned_product_name(name)
            .provision_token(name)
            .set_provisioning_parameters(Some(values.collect()))
            .set_tags(Some(self.tags(user, key, version).await));
        let launch = match self.path(user, key).await {
            Some(path) => launch.path_id(path),
            None => launch,
        };
        match launch.send().await {
            Ok(asked) => ended(user, asked.record_detail.unwrap().record_id).await,
            Err(refusal) => Outcome {
                is_well: false,
                said: format!("{:?}", refusal.into_service_error()),
            },
        }
    }

    async fn path(&self, user: &Client, key: &str) -> Option<String> {
        let paths = user.list_launch_paths().product_id(&self.ids[key].0);
        let paths = paths.send().await.unwrap();
        let first = paths.launch_path_summaries().first();
        first.and_then(|path| path.id().map(str::to_owned))
    }

    /// A value of each tag that the form asks for.
    async fn tags(&self, user: &Client, key: &str, version: &str) -> Vec<Tag> {
        let form = user
            .describe_provisioning_parameters()
            .product_id(&self.ids[key].0)
            .provisioning_artifact_id(version)
            .set_path_id(self.path(user, key).await);
        let form = form.send().await.unwrap();
        let options = form.tag_options().iter();
        let chosen = options.map(|option| {
            let tag = Tag::builder().key(option.key().unwrap());
            tag.value(option.values().last().unwrap()).build().unwrap()
        });
        chosen.collect()
    }

    /// Updates what runs, to a version or within its own.
    pub async fn update(
        &self,
        user: &Client,
        key: &str,
        version: Option<&str>,
        values: &[(&str, &str)],
    ) -> Outcome {
        let values = values.iter().map(|(name, value)| {
            let parameter = UpdateProvisioningParameter::builder().key(*name);
            parameter.value(*value).build()
        });
        let (product, own) = &self.ids[key];
        let update = user
            .update_provisioned_product()
            .provisioned_product_name(running(key))
            .product_id(product)
            .provisioning_artifact_id(version.unwrap_or(own))
            .set_provisioning_parameters(Some(values.collect()))
            .set_path_id(self.path(user, key).await)
            .set_tags(Some(self.tags(user, key, version.unwrap_or(own)).await))
            .update_token(format!("{key}-{}", version.unwrap_or(own)));
        match update.send().await {
            Ok(asked) => ended(user, asked.record_detail.unwrap().record_id).await,
            Err(refusal) => Outcome {
                is_well: false,
                said: format!("{:?}", refusal.into_service_error()),
            },
        }
    }

    /// Ends what runs.
    pub async fn end(&self, user: &Client, key: &str) -> Outcome {
        let end = user
            .terminate_provisioned_product()
            .provisioned_product_name(running(key))
            .terminate_token(key);
        let asked = end.send().await.unwrap();
        ended(user, asked.record_detail.unwrap().record_id).await
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

/// The name of what runs of a product.
pub fn running(key: &str) -> String {
    format!("my-{key}")
}

async fn ended(user: &Client, record: Option<String>) -> Outcome {
    let id = record.unwrap();
    loop {
        let described = user.describe_record().id(&id).send().await.unwrap();
        let detail = described.record_detail.unwrap();
        let is_well = match detail.status() {
            Some(RecordStatus::Succeeded) => true,
            Some(RecordStatus::Failed) => false,
            _ => {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                continue;
            }
        };
        let said = format!("{:?}", detail.record_errors());
        return Outcome { is_well, said };
    }
}

fn portfolio_stack(
    stack: &str,
    portfolio: &str,
    name: &str,
    (principal, people): (&str, &str),
) -> String {
    format!(
        "Resources:
  {portfolio}:
    Type: AWS::ServiceCatalog::Portfolio
    Properties: {{ DisplayName: {name}, ProviderName: Somebody }}
  {principal}:
    Type: AWS::ServiceCatalog::PortfolioPrincipalAssociation
    Properties:
      PortfolioId: !Ref {portfolio}
      PrincipalARN: !ImportValue us-east-1-sc-enduser-iam-{people}-RoleArn
      PrincipalType: IAM
Outputs:
  {portfolio}Id:
    Value: !Ref {portfolio}
    Export: {{ Name: us-east-1-{stack}-{portfolio}Id }}
"
    )
}

/// The roles of then could do nearly everything.
fn launch_role(stack: &str) -> String {
    format!(
        "Resources:
  LaunchRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {stack}
      AssumeRolePolicyDocument:
        Statement:
          - {{ Effect: Allow, Principal: {{ Service: servicecatalog.amazonaws.com }}, Action: sts:AssumeRole }}
      Policies:
        - PolicyName: launch
          PolicyDocument:
            Statement: [{{ Effect: Allow, Action: \"*\", Resource: \"*\" }}]
Outputs:
  LaunchRoleArn:
    Value: !GetAtt LaunchRole.Arn
    Export: {{ Name: us-east-1-{stack}-LaunchRoleArn }}
"
    )
}
