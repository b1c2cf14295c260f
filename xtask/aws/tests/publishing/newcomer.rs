//! A new organization, from an empty folder to a published catalog of its own hand-written templates:
//! every command by its command line, in this process, so that nothing has to be compiled. What the
//! built programs do of it, `xtask/tests/commands/newcomer.rs` plays every night.

use crate::world::World;
use clap::Parser;
use compute_catalog::product::{Product, Typed};
use local_aws::{Contents, HeldConstraint, HeldPortfolio, HeldProduct, HeldVersion};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use xtask::cli::Cli;
use xtask::start::kind::Kind;
use xtask::workspace::Workspace;

#[path = "../../../../tests/newcomer/team-database/mod.rs"]
mod team_database;
#[path = "../../../../tests/newcomer/team-machine/mod.rs"]
mod team_machine;
#[path = "../../../../tests/newcomer/team-queue/mod.rs"]
mod team_queue;

/// The products that are imported.
const IMPORTED: [&str; 3] = ["team-database", "team-machine", "team-queue"];

/// What the imported function may do has to be in the boundary too: `check` says so.
const QUEUES: &str = "  - sid: Queues
    reason: functions read the queue of their product
    actions: [sqs:DeleteMessage, sqs:ReceiveMessage]
    resources: [\"*\"]

# As whom each";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The repository that the newcomer makes.
pub struct Newcomer {
    folder: tempfile::TempDir,
    began: Instant,
}

impl Newcomer {
    /// From an empty folder.
    pub fn new() -> Newcomer {
        let newcomer = Newcomer {
            folder: tempfile::tempdir().unwrap(),
            began: Instant::now(),
        };
        let init = format!("init {} --organization Acme", newcomer.root().display());
        let cli = Cli::parse_from(std::iter::once("cargo xtask").chain(init.split(' ')));
        let made = xtask::exit(&cli, |_| Workspace::containing(&repository()));
        assert_eq!(made, ExitCode::SUCCESS);
        newcomer.tell(&init);
        newcomer
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("acme")
    }

    /// Its products: those whose folders are there.
    fn workspace(&self) -> Workspace {
        let all: [(&str, Box<dyn Product>); 4] = [
            (
                "private-bucket",
                Kind::Bucket.product("private-bucket".parse().unwrap()),
            ),
            (
                "team-database",
                Box::new(Typed::<team_database::TeamDatabase>::new()),
            ),
            (
                "team-machine",
                Box::new(Typed::<team_machine::TeamMachine>::new()),
            ),
            (
                "team-queue",
                Box::new(Typed::<team_queue::TeamQueue>::new()),
            ),
        ];
        let is_there = |key: &str| self.root().join("products").join(key).is_dir();
        let there = all.into_iter().filter(|(key, _)| is_there(key));
        let products = there.map(|(_, product)| product).collect();
        Workspace::of(&self.root(), products, "").unwrap()
    }

    /// Runs a command, and answers how it ended.
    pub fn run(&self, arguments: &str) -> ExitCode {
        let words = arguments.split(' ');
        let cli = Cli::parse_from(std::iter::once("cargo xtask").chain(words));
        let code = xtask::exit(&cli, |_| Ok(self.workspace()));
        self.tell(arguments);
        code
    }

    /// Runs a command of the publisher.
    pub async fn publisher(&self, arguments: &str) -> ExitCode {
        let words = arguments.split(' ');
        let cli = Cli::parse_from(std::iter::once("cargo xtask").chain(words));
        let code = publisher::exit(&cli, |_| Ok(self.workspace())).await;
        self.tell(arguments);
        code
    }

    fn tell(&self, arguments: &str) {
        let passed = self.began.elapsed().as_secs_f64();
        println!("{passed:6.2} s  cargo xtask {arguments}");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{from} in {text}");
        fs::write(self.root().join(path), text.replacen(from, to, 1)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_organization_publishes_its_hand_written_templates() {
    let newcomer = Newcomer::new();
    for key in IMPORTED {
        let held = repository().join("tests/newcomer").join(key);
        let original = held.join("imported.yaml");
        let import = format!("import {} --product {key}", original.display());
        assert_eq!(newcomer.run(&import), ExitCode::SUCCESS);
        // The models that are compiled here are those that the import writes.
        let mut files = ["mod.rs", "settings.yaml", "imported.yaml"]
            .map(PathBuf::from)
            .to_vec();
        let scripts = fs::read_dir(held.join("files")).into_iter().flatten();
        files.extend(scripts.map(|entry| Path::new("files").join(entry.unwrap().file_name())));
        for file in files {
            let file = file.display();
            let written = newcomer.read(&format!("products/{key}/{file}"));
            if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
                fs::write(held.join(file.to_string()), &written).unwrap();
            }
            let expected = fs::read_to_string(held.join(file.to_string())).unwrap();
            assert_eq!(
                written, expected,
                "tests/newcomer/{key}/{file}: look at the difference, then run with INSTA_UPDATE=always"
            );
        }
    }

    // What no template says is found before anything is released.
    assert_eq!(newcomer.run("generate"), ExitCode::SUCCESS);
    assert_eq!(newcomer.run("check"), ExitCode::FAILURE);
    newcomer.replace(
        "portfolios/foundation.yaml",
        "\n# As whom each",
        &format!("\n{QUEUES}"),
    );
    assert_eq!(newcomer.run("generate"), ExitCode::SUCCESS);
    assert_eq!(newcomer.run("check"), ExitCode::SUCCESS);
    for key in IMPORTED {
        let release = format!("release {key} --bump major --note First --unrehearsed");
        assert_eq!(newcomer.run(&release), ExitCode::SUCCESS);
    }
    assert_eq!(newcomer.run("generate --check"), ExitCode::SUCCESS);

    // Launch roles hold what the types need, and nothing of other services.
    let role = |key: &str| newcomer.read(&format!("generated/launch-roles/{key}.yaml"));
    assert!(role("team-database").contains("rds:CreateDBInstance"));
    assert!(role("team-queue").contains("sqs:CreateQueue"));
    assert!(!role("team-queue").contains("rds:"));

    assert_eq!(newcomer.publisher("publish").await, ExitCode::SUCCESS);
    let idle = newcomer.publisher("plan --detailed-exit").await;
    assert_eq!(idle, ExitCode::SUCCESS, "there is something to do");
    let before = newcomer.read("target/publish/local/receipt.json");
    assert_eq!(newcomer.publisher("publish").await, ExitCode::SUCCESS);
    let after = newcomer.read("target/publish/local/receipt.json");
    assert_eq!(before, after, "the second publish did something");

    // An edit that would take people's data is told before it is released.
    assert_eq!(newcomer.run("diff --fail-on change"), ExitCode::SUCCESS);
    newcomer.replace(
        "products/team-database/settings.yaml",
        "gibibytes: 20",
        "gibibytes: 40",
    );
    assert_eq!(newcomer.run("generate"), ExitCode::SUCCESS);
    let diff = newcomer.run("diff team-database --fail-on change");
    assert_eq!(diff, ExitCode::FAILURE);
    let unreleased = newcomer.publisher("plan --detailed-exit").await;
    assert_eq!(
        unreleased,
        ExitCode::SUCCESS,
        "an edit alone is never published"
    );
}

const PRODUCT: &str = "prod-teamqueue2222";
const PORTFOLIO: &str = "port-oldresearch22";

/// An account of years: a queue in two versions and one without a number, a product that nobody
/// offers, and constraints of each kind.
fn account_of_before(queue: &str) -> Contents {
    let version = |name: &str, template: &str| HeldVersion {
        name: name.to_owned(),
        template: Some(template.to_owned()),
        ..HeldVersion::default()
    };
    let product = |id: &str, name: &str, versions: Vec<HeldVersion>| HeldProduct {
        id: id.to_owned(),
        name: name.to_owned(),
        owner: "somebody".to_owned(),
        versions,
        ..HeldProduct::default()
    };
    let constraint = |kind: &str, parameters: Value| HeldConstraint {
        r#type: kind.to_owned(),
        portfolio: PORTFOLIO.to_owned(),
        product: PRODUCT.to_owned(),
        parameters,
    };
    let topic = "arn:aws:sns:us-east-1:123456789012:launches";
    Contents {
        products: vec![
            product(
                PRODUCT,
                "Team Queue",
                vec![
                    version("v1", &queue.replace("345600", "172800")),
                    version("v1.1", queue),
                    version("beta", queue),
                ],
            ),
            product("prod-lonelyproduct", "Lonely", vec![version("v1", queue)]),
        ],
        portfolios: vec![HeldPortfolio {
            id: PORTFOLIO.to_owned(),
            name: "Old Research".to_owned(),
            provider: "somebody".to_owned(),
            products: vec![PRODUCT.to_owned()],
            principals: vec![
                "arn:aws:iam::123456789012:role/Researcher".to_owned(),
                "arn:aws:iam:::role/team/*".to_owned(),
            ],
            shared_with: vec!["333333333333".to_owned()],
            ..HeldPortfolio::default()
        }],
        constraints: vec![
            constraint("LAUNCH", json!({ "LocalRoleName": "OldLaunch" })),
            constraint("NOTIFICATION", json!({ "NotificationArns": [topic] })),
            constraint(
                "RESOURCE_UPDATE",
                json!({ "Version": "2.0", "Properties": { "TagUpdateOnProvisionedProduct": "ALLOWED" } }),
            ),
            constraint(
                "TEMPLATE",
                json!({ "Rules": { "Tests": {
                    "RuleCondition": { "Fn::Equals": [{ "Ref": "Stage" }, "test"] },
                    "Assertions": [{
                        "Assert": { "Fn::Contains": [["172800", "345600"], { "Ref": "RetentionSeconds" }] },
                        "AssertDescription": "Tests keep messages for some days.",
                    }],
                } } }),
            ),
        ],
        ..Contents::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_years_becomes_models_and_data_files_and_keeps_its_ids() {
    let newcomer = Newcomer::new();
    let held = repository().join("tests/newcomer/team-queue");
    let queue = fs::read_to_string(held.join("imported.yaml")).unwrap();
    let world = World::with(|config| config.contents = Some(account_of_before(&queue)));
    let to = format!("--env local --endpoint-url {}", world.server.endpoint());

    // What nobody offers is told, and nothing is written: all of it, or what a person leaves out.
    let imported = newcomer.publisher(&format!("import {to}")).await;
    assert_eq!(imported, ExitCode::FAILURE);
    assert!(!newcomer.root().join("products/team-queue").exists());
    assert!(
        !newcomer
            .root()
            .join("portfolios/old-research.yaml")
            .exists()
    );
    let misspelt = newcomer
        .publisher(&format!("import {to} --leave-out Lonly"))
        .await;
    assert_eq!(misspelt, ExitCode::from(2));
    let imported = newcomer
        .publisher(&format!("import {to} --leave-out Lonely"))
        .await;
    assert_eq!(imported, ExitCode::SUCCESS);
    let model = newcomer.read("products/team-queue/mod.rs");
    assert_eq!(model, fs::read_to_string(held.join("mod.rs")).unwrap());
    let history = "products/team-queue/history";
    assert_eq!(newcomer.read(&format!("{history}/v1.1.0.yaml")), queue);
    let older = newcomer.read(&format!("{history}/v1.0.0.yaml"));
    assert_eq!(older, queue.replace("345600", "172800"));
    let ledger = newcomer.read(&format!("{history}/versions.yaml"));
    assert!(
        ledger.contains("environments:\n          - local\n"),
        "{ledger}"
    );
    let portfolio = newcomer.read("portfolios/old-research.yaml");
    for line in [
        "name: \"Old Research\"\n",
        "  - arn: \"arn:aws:iam::123456789012:role/Researcher\"\n",
        "  - pattern: \"arn:aws:iam:::role/team/*\"\n",
        "  - account: \"333333333333\"\n",
        "  - product: team-queue\n    tagUpdate: allowed\n    notify: [\"arn:aws:sns:us-east-1:123456789012:launches\"]\n",
        "    rules:\n      - { name: Tests, when: { parameter: Stage, isOneOf: [\"test\"] }, assert: { parameter: RetentionSeconds, isOneOf: [\"172800\",\"345600\"] }, says: \"Tests keep messages for some days.\" }\n",
        "    # Until the first publish it is launched as OldLaunch",
    ] {
        assert!(portfolio.contains(line), "{line} in {portfolio}");
    }
    let environment = newcomer.read("portfolios/environments/local.yaml");
    for id in [PRODUCT, PORTFOLIO] {
        assert!(environment.contains(id), "{id} in {environment}");
    }
    assert!(!newcomer.root().join("products/lonely").exists());
    let before = newcomer.read("products/lib.rs");
    newcomer
        .publisher(&format!("import {to} --leave-out Lonely"))
        .await;
    assert_eq!(newcomer.read("products/lib.rs"), before);

    // The first release of this catalog is a version of the product that was there.
    newcomer.replace(
        "portfolios/foundation.yaml",
        "\n# As whom each",
        &format!("\n{QUEUES}"),
    );
    assert_eq!(newcomer.run("generate"), ExitCode::SUCCESS);
    assert_eq!(newcomer.run("check"), ExitCode::SUCCESS);
    let release = "release team-queue --bump patch --note Ours --unrehearsed";
    assert_eq!(
        newcomer.run(release),
        ExitCode::FAILURE,
        "the role is replaced"
    );
    let release = "release team-queue --bump major --note Ours --unrehearsed";
    assert_eq!(newcomer.run(release), ExitCode::SUCCESS);
    // The portfolio of before waits for a person to import it into its stack; all else is published.
    let publish = format!("publish {to} --no-preflight");
    assert_eq!(newcomer.publisher(&publish).await, ExitCode::FAILURE);
    let mut state = world.server.state().unwrap();
    let products =
        state["accounts"]["123456789012"]["regions"]["us-east-1"]["catalog"]["products"].take();
    let artifacts = products[PRODUCT]["artifacts"].as_object().unwrap();
    assert_eq!(artifacts.len(), 4, "{artifacts:#?}");
    let named = products.as_object().unwrap().values();
    let named = named.filter(|one| one["name"] == "Team Queue");
    assert_eq!(named.count(), 1);
}
