//! `import`: hand-written templates become models that mean the same.

use crate::checkout::{self, Ran, root};
use clap::Parser;
use compute_catalog::release::Ledger;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use xtask::cli::{Cli, Command};
use xtask::import::{HeldAction, HeldCatalog, HeldPortfolio, HeldProduct, HeldVersion, account};
use xtask::workspace::Workspace;

const KEYS: [&str; 3] = ["team-database", "team-machine", "team-queue"];

/// A template of somebody who has never heard of this catalog.
fn template(key: &str) -> PathBuf {
    root()
        .join("tests/newcomer")
        .join(key)
        .join("imported.yaml")
}

fn xtask(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Ran { code, out, err } = checkout::xtask(folder, arguments, &[]);
    (code, out, err)
}

/// A repository of another organization.
fn repository(folder: &tempfile::TempDir) -> PathBuf {
    let to = folder.path().join("acme");
    let arguments = ["init", to.to_str().unwrap(), "--organization", "Acme"];
    let (code, _, told) = xtask(root(), &arguments);
    assert_eq!(code, 0, "{told}");
    to
}

fn import(repository: &Path, template: &Path, key: &str) -> (i32, String, String) {
    let template = template.to_str().unwrap();
    xtask(repository, &["import", template, "--product", key])
}

#[test]
fn a_template_becomes_a_model_that_a_person_could_have_written() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let (code, out, told) = import(&repository, &template("team-queue"), "team-queue");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    assert!(out.contains("wrote products/team-queue/mod.rs\n"), "{out}");
    let model = fs::read_to_string(repository.join("products/team-queue/mod.rs")).unwrap();
    for written in [
        "//! Messages of a team, and a function that reads them.",
        "// How long a message waits before it is dropped.",
        "// What nobody could read.",
        ".runtime(lambda::FunctionRuntime::Python3_13)",
        ".depends_on(&reader_log)",
        ".deletion_policy(DeletionPolicy::RetainExceptOnCreate)",
        "dead.arn()",
        ".label(\"Retention\")",
        ".group(\"Queue\")",
        "if_else::<String>(",
    ] {
        assert!(model.contains(written), "{written} is missing:\n{model}");
    }
    assert!(!model.contains("no comment of the template\n//"), "{model}");
    let settings =
        fs::read_to_string(repository.join("products/team-queue/settings.yaml")).unwrap();
    assert!(
        settings.ends_with("defaults:\n  retentionSeconds: 345600\n  stage: \"test\"\n"),
        "{settings}"
    );
}

#[test]
fn a_type_that_is_not_vendored_is_declared_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let file = folder.path().join("files.yaml");
    let text = "Resources:\n  Files: {Type: AWS::EFS::FileSystem}\nOutputs:\n  Arn: {Value: !GetAtt Files.Arn}\n";
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let arguments = ["import", file, "--product", "team-files", "--offline"];
    let (code, out, told) = xtask(&repository, &arguments);
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    let hint = "cargo xtask vendor add AWS::EFS::FileSystem";
    assert!(out.contains("is declared in the model"), "{out}");
    assert!(out.contains(hint), "{out}");
    let model = fs::read_to_string(repository.join("products/team-files/mod.rs")).unwrap();
    let attribute = "files.attribute(&CustomAttribute::<EfsFileSystem, String>::new(\"Arn\"))";
    assert!(model.contains(attribute), "{model}");
}

#[test]
fn what_no_type_can_say_is_written_untyped_and_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let file = folder.path().join("rules.yaml");
    let text = "\
Parameters:
  Stage: {Type: String}
Rules:
  R: {Assertions: [{Assert: !Contains [[test, prod], !Ref Stage]}]}
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Properties: {Nonsense: 1}
  Key:
    Type: AWS::KMS::Key
    Description: Ours
    Properties: {}
Outputs:
  Other: {Value: !GetAtt Log.Other}
  Kind: {Value: !GetAtt Key.Kind}
";
    fs::write(&file, text).unwrap();
    let (code, out, told) = import(&repository, &file, "team-rules");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    for told in [
        "rules.yaml:6: Log: AWS::Logs::LogGroup has no property `Nonsense` that a template sets",
        "rules.yaml:15: Kind: AWS's schema has no attribute `Kind` of `Key`",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    let model = fs::read_to_string(repository.join("products/team-rules/mod.rs")).unwrap();
    for written in [
        "struct LogsLogGroup = \"AWS::Logs::LogGroup\";",
        ".with(\"Nonsense\", Value::<i64>::from(1))",
        "builder.attribute(&key, \"Description\", \"Ours\");",
        "function::<Json>(\"Contains\"",
        "CustomAttribute::<kms::Key, String>::new(\"Kind\")",
    ] {
        assert!(model.contains(written), "{written} is missing:\n{model}");
    }
}

#[test]
fn what_a_model_cannot_say_stops_the_import() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let before = fs::read_to_string(repository.join("products/lib.rs")).unwrap();
    let file = folder.path().join("rules.yaml");
    let text = "Parameters:\n  A:\n    Type: String\n    Default: [a]\nResources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: !Ref Nobody}\n";
    fs::write(&file, text).unwrap();
    let (code, out, told) = import(&repository, &file, "team-rules");
    assert_eq!((code, out.as_str()), (1, ""));
    for told_of in [
        "rules.yaml:2: A: a model can't say this: a Default that is no text",
        "rules.yaml:8:",
        "`Nobody` is no parameter, resource or pseudo-parameter",
    ] {
        assert!(told.contains(told_of), "{told_of}: {told}");
    }
    assert!(!repository.join("products/team-rules").exists());
    let after = fs::read_to_string(repository.join("products/lib.rs")).unwrap();
    assert_eq!(before, after);

    fs::write(&file, "Resources:\n  Log: {Typ: AWS::Logs::LogGroup}\n").unwrap();
    let (code, _, told) = import(&repository, &file, "team-rules");
    assert_eq!(code, 2);
    assert!(told.contains("rules.yaml:2:"), "{told}");
}

#[test]
fn what_a_repository_of_years_holds_is_imported_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let file = folder.path().join("years.yaml");
    let text = "\
Parameters:
  Size: {Type: String, AllowedValues: [small, large]}
Mappings:
  Sizes: {small: {delay: '1'}}
Conditions:
  IsLarge: !Equals [!Ref Size, large]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: &properties
      QueueName: one
      QueueName: two
      DelaySeconds: !FindInMap [Sizes, !Ref Size, delay]
  Other:
    Type: AWS::SQS::Queue
    Properties:
      <<: *properties
      QueueName: !Sub ['${A}-queue', {A: !Ref Size, B: unused}]
  Made:
    Type: Custom::String
    Properties: {ServiceToken: !ImportValue maker, Count: 2, Path: /a/path/that/is/longer/than/a/line/may/be/and/has/no/blank/at/which/it/could/be/broken}
Outputs:
  Name: {Value: !If [IsLarge, !Ref Queue, none]}
";
    fs::write(&file, text).unwrap();
    let (code, out, told) = import(&repository, &file, "template");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    for told in [
        "years.yaml:12: the key `QueueName` stands here a second time: only what stands here counts",
        "years.yaml:17: CloudFormation takes no alias: what it stands for is written here",
        "  13: error[references]: the mapping `Sizes` has no key `large`",
        "warning[references]: the text does not use the variable `B`",
        "cargo test template\n",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    let model = fs::read_to_string(repository.join("products/template/mod.rs")).unwrap();
    for written in [
        "pub struct TemplateProduct;",
        "struct StringResource = \"Custom::String\";",
        ".queue_name(\"two\")",
        ".with(\"ServiceToken\", import_value(\"maker\"))",
        ".with(\"Count\", Value::<i64>::from(2))",
        "Output::without_description::<String>(if_else::<String>(",
    ] {
        assert!(model.contains(written), "{written} is missing:\n{model}");
    }
    // Formatted as people format theirs: nothing stands in the way of a line's end.
    let longest = model.lines().map(str::len).max().unwrap();
    assert!(longest <= 100, "{model}");
    let list = fs::read_to_string(repository.join("products/lib.rs")).unwrap();
    assert!(
        list.contains("Typed::<template::TemplateProduct>::new()"),
        "{list}"
    );

    // What only a macro makes can't be imported: what it has made can.
    fs::write(&file, "Transform: AWS::Serverless-2016-10-31\nGlobals: {}\nResources:\n  F: {Type: AWS::Serverless::Function}\n").unwrap();
    let (code, _, told) = import(&repository, &file, "macro");
    assert_eq!(code, 1);
    assert!(
        told.contains("the macro `AWS::Serverless-2016-10-31` makes something of Globals"),
        "{told}"
    );
    assert!(told.contains("--template-stage Processed"), "{told}");
}

#[test]
fn tag_options_and_actions_of_an_account_become_lines_of_data_files() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let queue = fs::read_to_string(template("team-queue")).unwrap();
    let tags = |pairs: &[&str]| pairs.iter().map(|pair| (*pair).to_owned()).collect();
    let portfolio = |id: &str, name: &str, pairs: &[&str]| HeldPortfolio {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        products: vec!["prod-queue".to_owned()],
        principals: Vec::new(),
        recipients: Vec::new(),
        tag_options: tags(pairs),
        constraints: Vec::new(),
    };
    let action = |name: &str, document: &str, role: &str| HeldAction {
        name: name.to_owned(),
        description: String::new(),
        document: document.to_owned(),
        version: "1".to_owned(),
        role: role.to_owned(),
    };
    let product = |id: &str, name: &str, is_of_engine| HeldProduct {
        id: id.to_owned(),
        name: name.to_owned(),
        is_of_engine,
        versions: vec![HeldVersion {
            name: "v1".to_owned(),
            description: String::new(),
            body: Ok(queue.clone()),
        }],
        actions: ["act-1", "act-2", "act-gone"].map(str::to_owned).into(),
    };
    let held = HeldCatalog {
        products: vec![
            product("prod-queue", "Team Queue", false),
            product("prod-terraform", "Team Bucket", true),
        ],
        portfolios: vec![
            portfolio(
                "port-1",
                "One",
                &[
                    "Team=Blue & Co",
                    "Stage=test",
                    "Stage=prod",
                    "Cost=Größe 1/2",
                ],
            ),
            portfolio("port-2", "Two", &["Stage=test", "Cost=Größe 1/2"]),
        ],
        actions: [
            (
                "act-1".to_owned(),
                action("Stop it", "AWS-StopEC2Instance", "LAUNCH_ROLE"),
            ),
            (
                "act-2".to_owned(),
                action(
                    "Clean",
                    "arn:aws:ssm:us-east-1:123456789012:document/Clean",
                    "",
                ),
            ),
        ]
        .into(),
    };
    let local = "local".parse().unwrap();
    let import = |arguments: &[&str]| {
        let cli = Cli::parse_from([&["xtask", "import", "--env", "local"], arguments].concat());
        let Command::Import(args) = cli.command else {
            panic!("it is an import");
        };
        let workspace = Workspace::of(&repository, Vec::new(), "").unwrap();
        account(&workspace, &local, &held, &args).unwrap()
    };
    // Nothing of it, as long as a product is neither imported nor left out.
    assert_eq!(import(&[]), ExitCode::FAILURE);
    assert!(!repository.join("portfolios/tag-options.yaml").exists());
    assert_eq!(import(&["--leave-out", "Team Bucket"]), ExitCode::SUCCESS);
    let read = |path: &str| fs::read_to_string(repository.join(path)).unwrap();
    let options = read("portfolios/tag-options.yaml");
    assert!(
        options.ends_with("stack: acme-catalog-tag-options\ntagOptions:\n  - key: \"Cost\"\n    values: [\"Größe 1/2\"]\n"),
        "{options}"
    );
    for key in ["one", "two"] {
        let portfolio = read(&format!("portfolios/{key}.yaml"));
        assert!(
            portfolio.contains("tagOptions: [\"Cost\"]\n"),
            "{portfolio}"
        );
    }
    let foundation = read("portfolios/foundation.yaml");
    assert!(
        foundation
            .contains("serviceActions:\n  - logicalId: StopitAction\n    name: \"Stop it\"\n"),
        "{foundation}"
    );
    assert!(
        foundation.contains("    products: [team-queue]\n"),
        "{foundation}"
    );
    assert!(!foundation.contains("Clean"), "{foundation}");
    // As `check` reads them.
    let workspace = Workspace::of(&repository, Vec::new(), "").unwrap();
    let files = xtask::portfolios::portfolios(&workspace).unwrap();
    assert_eq!(files.foundation.service_actions.len(), 1);
}

#[test]
fn versions_that_run_stand_in_the_ledger_with_their_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let one =
        "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: one}\n";
    let two = one.replace("one", "two");
    for (name, text) in [("one.yaml", one), ("two.yaml", two.as_str())] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let given = |version: &str, name: &str| {
        format!("{version}={}", folder.path().join(name).to_str().unwrap())
    };
    let (old, new) = (given("v1", "one.yaml"), given("1.1", "two.yaml"));
    let arguments = [
        "import",
        "--product",
        "team-log",
        "--version",
        &new,
        "--version",
        &old,
    ];
    let (code, out, told) = xtask(&repository, &arguments);
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    assert!(out.contains("v1.0.0 is "), "{out}");
    let read = |path: &str| fs::read_to_string(repository.join(path)).unwrap();
    assert_eq!(read("products/team-log/history/v1.0.0.yaml"), one);
    assert_eq!(read("products/team-log/history/v1.1.0.yaml"), two);
    assert_eq!(read("products/team-log/imported.yaml"), two);
    let ledger = Ledger::read(
        "versions.yaml",
        &read("products/team-log/history/versions.yaml"),
    );
    let ledger = ledger.unwrap();
    let names: Vec<String> = ledger
        .versions
        .iter()
        .map(|one| one.name.to_string())
        .collect();
    assert_eq!(names, ["v1.0.0", "v1.1.0"]);
    assert!(
        ledger
            .versions
            .iter()
            .all(|one| one.digest().is_none() && one.kept().is_some())
    );

    // A version twice, a file that is no template, a name that is none.
    let again = given("v1.0", "two.yaml");
    let broken = given("v2", "none.yaml");
    fs::write(folder.path().join("none.yaml"), "Resources: 1\n").unwrap();
    for (further, code, says) in [
        (again.as_str(), 2, "are both v1.0.0"),
        (broken.as_str(), 2, "none.yaml:1:"),
        ("beta=x.yaml", 2, "`beta` is no version name"),
        ("v3", 2, "as in `v1.2.0=old.yaml`"),
    ] {
        let arguments = [
            "import",
            "--product",
            "other",
            "--version",
            &old,
            "--version",
            further,
        ];
        let (ended, _, told) = xtask(&repository, &arguments);
        assert_eq!(ended, code, "{told}");
        assert!(told.contains(says), "{says}: {told}");
        assert!(!repository.join("products/other").exists());
    }
}

/// What `cdk synth` writes around what somebody models.
const SYNTHESIZED: &str = r#"{
 "Resources": {
  "TopicQueueB0C95B29": {
   "Type": "AWS::SQS::Queue",
   "Properties": {"VisibilityTimeout": 300},
   "UpdateReplacePolicy": "Delete",
   "DeletionPolicy": "Delete",
   "Metadata": {"aws:cdk:path": "Stack/TopicQueue/Resource"}
  },
  "CDKMetadata": {
   "Type": "AWS::CDK::Metadata",
   "Properties": {"Analytics": "v2:deflate64:H4sIAAAAAAAA"},
   "Condition": "CDKMetadataAvailable"
  }
 },
 "Conditions": {
  "CDKMetadataAvailable": {
   "Fn::Or": [
    {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
    {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-west-2"]}
   ]
  }
 },
 "Parameters": {
  "BootstrapVersion": {
   "Type": "AWS::SSM::Parameter::Value<String>",
   "Default": "/cdk-bootstrap/hnb659fds/version",
   "Description": "Version of the bootstrap resources. [cdk:skip]"
  }
 },
 "Rules": {
  "CheckBootstrapVersion": {
   "Assertions": [{
    "Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2", "3"], {"Ref": "BootstrapVersion"}]}]},
    "AssertDescription": "Bootstrap stack version 6 required."
   }]
  }
 },
 "Outputs": {"QueueName": {"Value": {"Fn::GetAtt": ["TopicQueueB0C95B29", "QueueName"]}}}
}
"#;

#[test]
fn what_cdk_synthesizes_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let file = folder.path().join("Stack.template.json");
    fs::write(&file, SYNTHESIZED).unwrap();
    let (code, out, told) = import(&repository, &file, "cdk-queue");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    assert!(
        out.contains("AWS::CDK::Metadata is declared in the model"),
        "{out}"
    );
    let model = fs::read_to_string(repository.join("products/cdk-queue/mod.rs")).unwrap();
    for written in [
        "builder.rule(",
        "\"TopicQueueB0C95B29\"",
        ".metadata(\"aws:cdk:path\"",
        ".queue_name()",
    ] {
        assert!(model.contains(written), "{written} is missing:\n{model}");
    }
}

/// Imported, compiled and compared with the original by the test beside each model.
#[test]
#[ignore = "compiles a repository: some minutes"]
fn imported_models_mean_what_their_templates_do() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let mut count = 0;
    for key in KEYS {
        let (code, out, told) = import(&repository, &template(key), key);
        assert_eq!(code, 0, "{out}{told}");
        count += 1;
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let output = process::Command::new(env!("CARGO"))
        .args(["test", "--package", "acme-products", "--lib"])
        .current_dir(&repository)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{errors}");
    assert!(told.contains(&format!("{count} passed")), "{told}");
}

#[test]
fn what_check_finds_is_suggested_and_may_stay_until_somebody_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let file = folder.path().join("machine.yaml");
    let text = "Resources:\n  Machine:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-0123456789abcdef0, InstanceType: t3.micro}\n";
    fs::write(&file, text).unwrap();
    let (code, out, told) = import(&repository, &file, "team-machine");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    for line in [
        "what `check` finds in the template, by line:\n",
        "  4: error[metadata-service]: ",
        "import with `--suppress` and fill in why",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    let model = fs::read_to_string(repository.join("products/team-machine/mod.rs")).unwrap();
    assert!(!model.contains("suppress("), "{model}");

    let template = file.to_str().unwrap();
    let arguments = [
        "import",
        template,
        "--product",
        "other-machine",
        "--suppress",
    ];
    let (code, out, told) = xtask(&repository, &arguments);
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    assert!(
        out.contains("fill in why each may stay, or mend it"),
        "{out}"
    );
    let model = fs::read_to_string(repository.join("products/other-machine/mod.rs")).unwrap();
    let written = ".suppress(\"metadata-service\", Suppression::UNFILLED)";
    assert!(model.contains(written), "{model}");
}
