//! A product that an engine makes, as `docs/external.md` has it: described, released, published, released
//! again. Nobody looks into its archive, and nothing passes for known.

use crate::newcomer::Newcomer;
use compute_catalog::digest::Digest;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

const MAIN: &str = "products/team-bucket/artifact/main.tf";
const FIRST: &str = "products/team-bucket/history/v1.0.0.tar.gz";

/// The fenced blocks of the page, in order.
fn blocks() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/external.md");
    let page = fs::read_to_string(page).unwrap();
    let blocks = page.split("```").skip(1).step_by(2);
    let body = |block: &str| block.split_once('\n').unwrap().1.to_owned();
    blocks.map(body).collect()
}

/// An organisation with the product of the page, and the page's commands.
fn described() -> (Newcomer, Vec<String>) {
    let [product, main, placement, role, engine, commands] = blocks().try_into().unwrap();
    let newcomer = Newcomer::new();
    newcomer.write("products/team-bucket/external.yaml", &product);
    newcomer.write(MAIN, &main);
    newcomer.replace(
        "portfolios/catalog.yaml",
        "products:\n",
        &format!("products:\n{placement}"),
    );
    newcomer.replace("portfolios/foundation.yaml", "launchRoles:\n", &role);
    let foundation = newcomer.read("portfolios/foundation.yaml");
    newcomer.write(
        "portfolios/foundation.yaml",
        &format!("{foundation}\n{engine}"),
    );
    let commands = commands.lines();
    let commands = commands.map(|line| {
        let line = line.strip_prefix("cargo xtask ").unwrap();
        // What runs them takes words without blanks.
        line.replace("\"First version\"", "First")
    });
    (newcomer, commands.collect())
}

fn git(newcomer: &Newcomer, arguments: &str) {
    let who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    let mut git = std::process::Command::new("git");
    git.current_dir(newcomer.root()).args(who);
    let done = git.args(arguments.split(' ')).status().unwrap();
    assert!(done.success(), "git {arguments}");
}

/// What Service Catalog has of the product.
fn live(newcomer: &Newcomer) -> Value {
    let state = newcomer.read("target/local-aws/state.json");
    let mut state: Value = serde_json::from_str(&state).unwrap();
    let accounts = state["accounts"].as_object_mut().unwrap();
    let account = accounts.values_mut().next().unwrap();
    let region = account["regions"].as_object_mut().unwrap().values_mut();
    let mut catalogs = region.map(|region| region["catalog"].take());
    catalogs.find(|one| one["products"].is_object()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_for_an_engine_is_released_and_published_as_one_archive() {
    let (newcomer, commands) = described();
    let [generate, check, release, publish] = commands.try_into().unwrap();
    for command in [&generate, &check, &release] {
        assert_eq!(newcomer.run(command), ExitCode::SUCCESS, "{command}");
    }
    assert_eq!(newcomer.run("generate --check"), ExitCode::SUCCESS);
    let ledger = newcomer.read("products/team-bucket/history/versions.yaml");
    let first = fs::read(newcomer.root().join(FIRST)).unwrap();
    assert!(ledger.contains("\ntype: EXTERNAL\n"), "{ledger}");
    assert!(ledger.contains(&Digest::of(&first).to_string()), "{ledger}");
    let role = newcomer.read("generated/launch-roles/team-bucket.yaml");
    for line in [
        "s3:PutBucketTagging",
        "KeepTemplates",
        "resource-groups:CreateGroup",
        "TerraformExecutionRole*",
    ] {
        assert!(role.contains(line), "{line} in {role}");
    }
    assert!(!role.contains("cloudformation:"), "{role}");
    let page = newcomer.read("generated/pages/team-bucket.md");
    assert!(
        page.contains("| `team` | `string` | Name of the team | has to be written |"),
        "{page}"
    );
    assert!(
        page.contains("what an update does to it are not known here"),
        "{page}"
    );
    let index = newcomer.read("generated/README.md");
    let link = "[`v1.0.0`](../products/team-bucket/history/v1.0.0.tar.gz)";
    assert!(index.contains(link), "{index}");

    assert_eq!(newcomer.publisher(&publish).await, ExitCode::SUCCESS);
    let catalog = live(&newcomer);
    let products = catalog["products"].as_object().unwrap().values();
    let mut ours = products.filter(|one| one["name"] == "Team Bucket");
    assert_eq!(ours.next().unwrap()["kind"], "EXTERNAL");
    let kinds = catalog["constraints"].as_object().unwrap().values();
    let launches = kinds.filter(|one| one["kind"] == "LAUNCH").count();
    assert_eq!(launches, 2, "one a product");
    let idle = newcomer.publisher("plan --detailed-exit").await;
    assert_eq!(idle, ExitCode::SUCCESS, "there is something to do");

    git(&newcomer, "init --quiet");
    git(&newcomer, "add --all");
    git(&newcomer, "commit --quiet --message=one");
    let gate = "diff --base HEAD --fail-on data-loss";
    assert_eq!(newcomer.run(gate), ExitCode::SUCCESS);

    // Released again, nothing has changed; an edit is a major step, since nobody knows what it does.
    let again = "release team-bucket --bump major --note Again";
    assert_eq!(newcomer.run(again), ExitCode::FAILURE);
    newcomer.replace(MAIN, "team-${", "teams-${");
    let small = "release team-bucket --bump minor --note Renamed";
    assert_eq!(newcomer.run(small), ExitCode::FAILURE);
    assert_eq!(newcomer.run("diff --fail-on data-loss"), ExitCode::FAILURE);
    assert_eq!(newcomer.run(gate), ExitCode::FAILURE);
    let large = "release team-bucket --bump major --note Renamed";
    assert_eq!(newcomer.run(large), ExitCode::SUCCESS);
    assert_eq!(newcomer.publisher(&publish).await, ExitCode::SUCCESS);
    assert_eq!(newcomer.publisher("status").await, ExitCode::SUCCESS);
    let back = "rollback team-bucket";
    assert_eq!(newcomer.publisher(back).await, ExitCode::SUCCESS);

    // What nobody here knows isn't tried, and isn't among the answers of who may do what.
    let tried = newcomer.publisher("try team-bucket").await;
    assert_ne!(tried, ExitCode::SUCCESS);
    assert_eq!(newcomer.run("access"), ExitCode::SUCCESS);
    let access = newcomer.read("generated/access.md");
    assert!(
        access.ends_with("answers above.\n\n- team-bucket\n"),
        "{access}"
    );

    // The rules for policies hold for what its author grants.
    let foundation = "portfolios/foundation.yaml";
    newcomer.replace(foundation, "[s3:CreateBucket,", "[\"s3:*\",");
    assert_eq!(newcomer.run("generate"), ExitCode::SUCCESS);
    assert_eq!(newcomer.run("check"), ExitCode::FAILURE);
    newcomer.replace(foundation, "[\"s3:*\",", "[s3:CreateBucket,");
    assert_eq!(newcomer.run("generate"), ExitCode::SUCCESS);
    assert_eq!(newcomer.run("check"), ExitCode::SUCCESS);

    // One byte of what is frozen.
    let mut other = first.clone();
    other[9] ^= 1;
    fs::write(newcomer.root().join(FIRST), other).unwrap();
    assert_eq!(newcomer.run("check"), ExitCode::FAILURE);
    assert_ne!(newcomer.publisher(&publish).await, ExitCode::SUCCESS);
}
