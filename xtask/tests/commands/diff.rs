//! `diff`: any two of the working tree, a git revision and released versions.

use crate::checkout::Checkout;
use compute_catalog::product::Key;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::process::Command;
use xtask::cli::{DiffArgs, DiffFormat, Subject};
use xtask::diff::{Live, Side, compare};
use xtask::workspace::Workspace;

/// A checkout with everything committed.
fn committed() -> Checkout {
    let checkout = Checkout::new();
    git(&checkout, &["init", "--quiet"]);
    git(&checkout, &["add", "."]);
    commit(&checkout);
    checkout
}

fn commit(checkout: &Checkout) {
    git(checkout, &["commit", "--quiet", "--all", "--message=all"]);
}

fn git(checkout: &Checkout, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.org"])
        .args(arguments)
        .current_dir(checkout.path("."))
        .status()
        .unwrap();
    assert!(done.success(), "git {arguments:?}");
}

fn json(checkout: &Checkout, arguments: &[&str]) -> Json {
    let mut all = vec!["diff", "--format", "json"];
    all.extend(arguments);
    let ran = checkout.run(&all);
    assert!(ran.code <= 1 && ran.err.is_empty(), "{}", ran.err);
    let mut document: Json = serde_json::from_str(&ran.out).unwrap();
    document["result"].take()
}

fn report<'j>(json: &'j Json, name: &str) -> &'j Json {
    let reports = json["reports"].as_array().unwrap();
    let found = reports.iter().find(|report| report["product"] == name);
    found.unwrap_or_else(|| panic!("no report of {name}"))
}

#[test]
fn portfolios_launch_roles_and_foundation_are_compared_with_a_revision() {
    let checkout = committed();
    let same = json(&checkout, &["--base", "HEAD"]);
    for report in same["reports"].as_array().unwrap() {
        assert_eq!(report["worst"], "noEffect", "{report}");
        assert_eq!(report["roles"].as_array().unwrap().len(), 0, "{report}");
    }
    for name in [
        "notebook",
        "foundation.yaml",
        "launch-roles/notebook.yaml",
        "portfolios/ec2.yaml",
    ] {
        report(&same, name);
    }

    checkout.replace("portfolios/ec2.yaml", "staff", "everybody");
    checkout.replace(
        "products/s3-private/settings.yaml",
        "description: ",
        "description: Now ",
    );
    let changed = json(&checkout, &["--base", "HEAD"]);
    let portfolio = report(&changed, "portfolios/ec2.yaml");
    assert_eq!(portfolio["topic"], "stack");
    assert_eq!(portfolio["worst"], "inPlace", "{portfolio}");
}

#[test]
fn a_role_that_a_stack_lost_is_a_removed_resource_and_what_it_could_do() {
    let checkout = committed();
    let path = "generated/launch-roles/notebook.yaml";
    let generated = checkout.read(path);
    // The revision granted more than the files make now.
    checkout.replace(path, "cloudformation:CreateStack", "iam:CreateUser");
    assert_ne!(generated, checkout.read(path));
    commit(&checkout);
    let found = json(&checkout, &["notebook", "--base", "HEAD"]);
    let role = report(&found, "launch-roles/notebook.yaml");
    let text = |key: &str| role["roles"][0][key].to_string();
    assert!(
        text("granted").contains("cloudformation:CreateStack"),
        "{role}"
    );
    assert!(text("removed").contains("iam:CreateUser"), "{role}");
    let names: Vec<&Json> = found["reports"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| &report["product"])
        .collect();
    assert_eq!(names, ["notebook", "launch-roles/notebook.yaml"]);
}

#[test]
fn an_export_that_a_version_imports_which_may_be_running_fails_the_update() {
    let checkout = committed();
    // The revision had another name for the boundary; one version, which people may still run,
    // imports it by that name, and no newer one does.
    let foundation = checkout.read("generated/foundation.yaml");
    let line = foundation
        .lines()
        .find(|line| line.contains("Name: !Sub") && line.ends_with("-PermissionsBoundary"));
    let (_, now) = line.unwrap().split_once("}-").unwrap();
    checkout.replace("generated/foundation.yaml", now, "former-Boundary");
    checkout.replace(
        "products/windows/history/v2.0.0.yaml",
        now,
        "former-Boundary",
    );
    commit(&checkout);
    let found = json(&checkout, &["--base", "HEAD"]);
    let foundation = report(&found, "foundation.yaml");
    assert_eq!(foundation["worst"], "fails", "{foundation}");
    let why = foundation["impact"][0]["reasons"][0]["why"].to_string();
    assert!(why.contains("Imported by product windows v2.0.0"), "{why}");
}

#[test]
fn a_community_that_loses_a_product_is_named_and_what_was_edited_is_told_old_and_new() {
    let checkout = committed();
    checkout.replace(
        "portfolios/ec2-external.yaml",
        "  - product: notebook\n    tagUpdate: allowed\n",
        "",
    );
    checkout.replace(
        "products/notebook/settings.yaml",
        "retentionDays: 30",
        "retentionDays: 60",
    );
    for format in ["text", "markdown"] {
        let ran = checkout.run(&["diff", "--base", "HEAD", "--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
        let lost = "RECOVER Data Analysts can no longer launch EC2 with Notebook Software";
        assert!(ran.out.contains(lost), "{}", ran.out);
        assert!(
            ran.out.contains("`30` → `60`") || ran.out.contains("30 → 60"),
            "{}",
            ran.out
        );
        // What didn't change takes no line.
        assert!(!ran.out.contains("s3-synapse"), "{}", ran.out);
    }
}

#[test]
fn any_two_sides_can_be_compared() {
    let checkout = committed();
    for (base, to) in [
        ("v2.0.0", "worktree"),
        ("released", "HEAD"),
        ("worktree", "v2.0.0"),
        ("HEAD", "released"),
    ] {
        let found = json(&checkout, &["s3-private", "--base", base, "--to", to]);
        let report = report(&found, "s3-private");
        let shown = report["base"].as_str().unwrap();
        let wanted = match base {
            "released" => "v",
            "worktree" => "the working tree",
            other => other,
        };
        assert!(shown.starts_with(wanted), "{shown}");
        assert_eq!(to != "worktree", shown.contains("(to "), "{shown}");
    }
    let unknown = checkout.run(&["diff", "--base", "nowhere"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("git knows no revision `nowhere`"),
        "{}",
        unknown.err
    );
    let missing = checkout.run(&["diff", "s3-private", "--base", "v9.9.9"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("no version v9.9.9 of it is kept here"),
        "{}",
        missing.err
    );
    // Whatever a pipeline refuses, it refuses what nobody could read.
    for class in ["change", "data-loss"] {
        let ran = checkout.run(&["diff", "--base", "v9.9.9", "--fail-on", class]);
        assert_eq!(ran.code, 2, "{}", ran.out);
    }
}

#[test]
fn a_pipeline_is_stopped_by_the_class_that_it_names() {
    let checkout = committed();
    let path = "generated/products/notebook.yaml";
    let text = checkout.read(path);
    let image = text.find("ami-0").unwrap();
    let image = &text[image..image + "ami-0".len() + 16];
    const ALL: [&str; 5] = [
        "change",
        "incompatibility",
        "interruption",
        "replacement",
        "data-loss",
    ];
    // What the revision had in place of what the models make now, and the classes that this meets.
    for (is, was, met) in [
        (
            "ConstraintDescription: ",
            "ConstraintDescription: Once ",
            &["change"][..],
        ),
        ("MaxValue: ", "MaxValue: 9", &["change", "incompatibility"]),
        (
            "cfn-init -v \"$@\"",
            "cfn-init \"$@\"",
            &["change", "interruption"],
        ),
        (
            "GroupDescription: ",
            "GroupDescription: Once ",
            &["change", "interruption", "replacement"],
        ),
        (
            image,
            "ami-0ffffffffffffffff",
            &["change", "interruption", "replacement", "data-loss"],
        ),
    ] {
        checkout.write(path, &text);
        checkout.replace(path, is, was);
        commit(&checkout);
        let is_met = |class: &&str| {
            let ran = checkout.run(&["diff", "notebook", "--base", "HEAD", "--fail-on", class]);
            assert!(ran.err.is_empty() && ran.code <= 1, "{}", ran.err);
            ran.code == 1
        };
        let found: Vec<&str> = ALL.into_iter().filter(is_met).collect();
        assert_eq!(found, met, "{was}");
    }
}

#[test]
fn what_is_live_and_no_template_is_told_beside_what_can_be_compared() {
    let checkout = Checkout::new();
    let workspace = Workspace::containing(&checkout.path(".")).unwrap();
    let key = |text: &str| -> Key { text.parse().unwrap() };
    let template = checkout.read("products/notebook/history/v2.0.0.yaml");
    let version = |text: Result<&str, &str>| {
        let text = text.map(str::to_owned).map_err(str::to_owned);
        ("v2.0.0".to_owned(), text)
    };
    let live = Live {
        products: BTreeMap::from([
            (key("notebook"), version(Ok(&template))),
            (
                key("s3-private"),
                version(Ok("Resources: 1\nTransform: [\n")),
            ),
            (
                key("windows"),
                version(Err("Service Catalog names no TemplateUrl")),
            ),
        ]),
        stacks: BTreeMap::new(),
    };
    let args = DiffArgs {
        subjects: ["notebook", "s3-private", "windows"]
            .map(|name| Subject::Product(key(name)))
            .to_vec(),
        includes: Vec::new(),
        importers: Vec::new(),
        base: None,
        to: Side::Worktree,
        environment: Some(key("prod")),
        endpoint_url: None,
        format: DiffFormat::Json,
        fail_on: None,
    };
    let compared = compare(&workspace, &args, &BTreeMap::from([(key("prod"), live)])).unwrap();
    let mut document: Json = serde_json::from_str(&compared.text).unwrap();
    let document = document["result"].take();
    report(&document, "notebook");
    let notes: Vec<&str> = document["notes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Json::as_str)
        .collect();
    let told = |start: &str| notes.iter().any(|note| note.starts_with(start));
    assert_eq!(compared.unread.len(), 2, "{:?}", compared.unread);
    assert!(told("s3-private: v2.0.0, live in prod:"), "{notes:?}");
    assert!(
        told("windows: v2.0.0, live in prod: Service Catalog names no TemplateUrl"),
        "{notes:?}"
    );
}

const OLD: &str = r#"
Mappings:
  Accounts:
    Fn::Transform: {Name: AWS::Include, Parameters: {Location: "s3://bucket/accounts.yaml"}}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0aaaaaaaaaaaaaaaa
      SubnetId: !FindInMap [Accounts, !Ref AWS::AccountId, Subnet]
      Tags: [{Key: a, Value: "1"}]
"#;

#[test]
fn any_two_files_are_compared_without_a_catalog_around_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("old.yaml", OLD);
    write("new.yaml", &OLD.replace("\"1\"", "\"2\""));
    write("accounts.yaml", "\"111122223333\": {Subnet: subnet-1}\n");
    write(
        "topic.yaml",
        "Resources: {Address: {Type: AWS::EC2::EIP}}\n",
    );
    write(
        "other.yaml",
        "Resources: {Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc}}}\n",
    );
    write(
        "macro.yaml",
        "Transform: Mine\nResources: {Address: {Type: AWS::EC2::EIP}}\n",
    );
    write("broken.yaml", "Resources: [\n");
    let function = "Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {InlineCode: one}}
";
    write("function.yaml", function);
    write("function2.yaml", &function.replace("one", "two"));
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("diff")
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            done.status.code().unwrap(),
            text(done.stdout),
            text(done.stderr),
        )
    };
    // What is included isn't known, and no gate lets it pass.
    let (code, out, err) = run(&["old.yaml", "new.yaml"]);
    assert_eq!(code, 2, "{out}{err}");
    assert!(err.contains("s3://bucket/accounts.yaml"), "{err}");
    // The file is given: the tag alone changes.
    let include = "s3://bucket/accounts.yaml=accounts.yaml";
    let (code, out, err) = run(&[
        "old.yaml",
        "new.yaml",
        "--include",
        include,
        "--fail-on",
        "interruption",
    ]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(
        out.contains("Updates what is running without an interruption."),
        "{out}"
    );
    // A type without a schema is told as unknown, never as fine.
    for format in ["text", "markdown", "json"] {
        let (code, out, err) = run(&[
            "./topic.yaml",
            "./other.yaml",
            "--format",
            format,
            "--fail-on",
            "interruption",
        ]);
        assert_eq!(code, 1, "{out}{err}");
        assert!(out.contains("unknown"), "{out}");
    }
    // It may be replaced, and hold data: whatever a pipeline refuses of resources, it refuses here.
    for class in ["data-loss", "replacement", "interruption", "change"] {
        let (code, out, err) = run(&["topic.yaml", "other.yaml", "--fail-on", class]);
        assert_eq!(code, 1, "{class}: {out}{err}");
    }
    // What a macro of AWS's makes of a type isn't known, though the macro is.
    let (code, out, err) = run(&["function.yaml", "function2.yaml"]);
    assert_eq!(code, 2, "{out}{err}");
    assert!(err.contains("F: what the macro AWS::Serverless"), "{err}");
    for wrong in [
        &["old.yaml"][..],
        &["old.yaml", "notebook"],
        &["old.yaml", "missing.yaml"],
        &["old.yaml", "broken.yaml"],
        &["topic.yaml", "macro.yaml"],
        &["-", "-"],
        &["old.yaml", "new.yaml", "--base", "HEAD"],
        &[
            "old.yaml",
            "new.yaml",
            "--include",
            "s3://bucket/accounts.yaml",
        ],
    ] {
        let (code, out, err) = run(wrong);
        assert_eq!(code, 2, "{wrong:?}: {out}{err}");
        assert!(err.starts_with("error:"), "{err}");
    }
}

#[test]
fn an_export_that_a_given_template_imports_fails_the_update_of_two_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let old = "Resources: {Jobs: {Type: AWS::SQS::Queue}}
Outputs: {Name: {Value: !GetAtt Jobs.QueueName, Export: {Name: jobs}}}
";
    write("old.yaml", old);
    write("new.yaml", &old.replace("Name: jobs", "Name: work"));
    let importer = "Resources:
  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue jobs}}
";
    write("importer.yaml", importer);
    write("other.yaml", &importer.replace("jobs", "others"));
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["diff", "old.yaml", "new.yaml"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            done.status.code().unwrap(),
            text(done.stdout),
            text(done.stderr),
        )
    };
    // Nobody said who imports it: it may fail, and a gate doesn't let it pass.
    for others in [&[][..], &["--importer", "other.yaml"]] {
        let (code, out, err) = run(others);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("unknown: Name (Export)"), "{out}");
        assert!(out.contains("Whether one does isn't known here"), "{out}");
        assert!(out.contains("Fails while another stack imports"), "{out}");
        let gated = [others, &["--fail-on", "replacement"]].concat();
        assert_eq!(run(&gated).0, 1);
    }
    let (_, out, err) = run(&["--importer", "other.yaml", "--importer", "importer.yaml"]);
    assert!(
        out.contains("the update fails: Name (Export)"),
        "{out}{err}"
    );
    assert!(out.contains("Imported by importer.yaml"), "{out}");
    let (code, _, err) = run(&["--importer", "missing.yaml"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("missing.yaml"), "{err}");
}
