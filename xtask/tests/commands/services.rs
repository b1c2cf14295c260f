//! A product of services that nobody used before, by README's recipe, to a published version.

use crate::checkout::Checkout;
use crate::vendor::{add, with_index};
use serde_json::{Value, json};

const MODEL: &str = r#"//! `team-files`: a queue, and the file system of those who read it.

use compute_catalog::cfn::{Builder, DeletionPolicy, Output, Template, UpdateReplacePolicy, json};
use compute_catalog::product::{CatalogEntry, Context, ProductError, Key, Model};
use compute_catalog::resource::{efs, sqs};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct TeamFiles;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
}

impl Model for TeamFiles {
    const KEY: Key = Key::constant("team-files");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let mut builder = Builder::new("A queue and a file system");
        let dead = builder.resource("Dead", sqs::Queue::new());
        let queue = sqs::Queue::new()
            .redrive_policy(json!({"deadLetterTargetArn": dead.arn(), "maxReceiveCount": 5}));
        let queue = builder.resource("Queue", queue);
        let files = efs::FileSystem::new()
            .encrypted(true)
            .depends_on(&queue)
            .deletion_policy(DeletionPolicy::Retain)
            .update_replace_policy(UpdateReplacePolicy::Retain);
        let files = builder.resource("Files", files);
        builder.output("QueueArn", Output::new(queue.arn(), "ARN of the queue"));
        builder.output("FilesArn", Output::new(files.arn(), "ARN of the file system"));
        context.finish(builder)
    }
}
"#;

const SETTINGS: &str = "\
catalog:
  name: Team Files
  description: A queue and a file system.
  documentation: https://example.org/team-files
";

fn schemas() -> [(&'static str, Value); 1] {
    let files = json!({
        "typeName": "AWS::EFS::FileSystem",
        "properties": {
            "Encrypted": { "type": "boolean" },
            "KmsKeyId": { "type": "string" },
            "Arn": { "type": "string" },
        },
        "readOnlyProperties": ["/properties/Arn"],
        "primaryIdentifier": ["/properties/Arn"],
        "additionalProperties": false,
        "handlers": {
            "create": { "permissions": [
                "elasticfilesystem:CreateFileSystem",
                "elasticfilesystem:DescribeFileSystems",
                "iam:PassRole",
                "kms:CreateGrant",
            ] },
            "delete": { "permissions": ["elasticfilesystem:DeleteFileSystem"] },
        },
    });
    [("AWS::EFS::FileSystem", files)]
}

#[test]
#[ignore = "compiles the workspace and the publisher again: some minutes"]
fn a_product_of_new_services_is_published_with_a_role_that_may_make_them() {
    let checkout = with_index(Checkout::whole(), &schemas());
    let ran = add(&checkout, &["AWS::EFS::FileSystem"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // One folder, one line in a list, a place in a portfolio, a launch role.
    checkout.write("products/team-files/mod.rs", MODEL);
    checkout.write("products/team-files/settings.yaml", SETTINGS);
    checkout.replace(
        "products/lib.rs",
        "#[path",
        "#[path = \"team-files/mod.rs\"]\npub mod team_files;\n#[path",
    );
    checkout.replace(
        "products/lib.rs",
        "vec![",
        "vec![\n        Box::new(Typed::<team_files::TeamFiles>::new()),",
    );
    checkout.replace(
        "portfolios/s3-basic.yaml",
        "\nproducts:\n",
        "\nproducts:\n  - product: team-files\n    tagUpdate: allowed\n",
    );
    checkout.replace(
        "portfolios/foundation.yaml",
        "\nlaunchRoles:\n",
        "\nlaunchRoles:\n  - { product: team-files, stack: sc-team-files-role }\n",
    );
    let xtask = |arguments: &[&str]| checkout.build_and_run(arguments);
    xtask(&["generate"]);
    xtask(&[
        "release",
        "team-files",
        "--bump",
        "major",
        "--note",
        "First version",
    ]);
    xtask(&["generate"]);
    xtask(&["check"]);
    let role = checkout.read("generated/launch-roles/team-files.yaml");
    for action in [
        "sqs:CreateQueue",
        "elasticfilesystem:CreateFileSystem",
        "elasticfilesystem:DeleteFileSystem",
    ] {
        assert!(role.contains(action), "{action}:\n{role}");
    }
    // Services that the product has no type of.
    assert!(!role.contains("kms:CreateGrant"), "{role}");
    let told = checkout.read("generated/launch-roles.md");
    for line in [
        "nobody has reviewed the handlers of AWS::EFS::FileSystem",
        "kms:CreateGrant",
    ] {
        assert!(told.contains(line), "{line}:\n{told}");
    }
    let published = xtask(&["publish", "--yes"]);
    assert!(published.contains("team-files"), "{published}");
}
