//! What the boots of machines guarantee, by the number of the defect that it rules out.

use crate::catalog;
use crate::catalog::template;
use crate::stack::{MACHINES, Stack, body, files, may, user_data};
use compute_catalog::cfn::Node;
use compute_catalog::iam::{Decision, Request, decide};
use serde_json::Value;

#[test]
fn d08_the_connect_key_is_read_on_the_machine_and_by_its_name_alone() {
    let template = template("windows");
    assert!(template.transform.is_empty());
    assert!(!body(&template).contains("{{resolve:"));
    let parameter = "/infra/JcConnectKey";
    let file = &files(&template, "WindowsInstance")[r"C:\compute-catalog\stack.json"]["content"];
    let stack: Value = serde_json::from_str(file.as_str().unwrap()).unwrap();
    assert_eq!(stack["directoryAgent"]["connectKeyParameter"], parameter);
    let policies = Stack::new(&template).machine_policies();
    let arn = |name: &str| format!("arn:aws:ssm:us-east-1:111122223333:parameter{name}");
    assert!(may(&policies, "ssm:GetParameter", &arn(parameter)));
    assert!(!may(
        &policies,
        "ssm:GetParameter",
        &arn("/infra/JcConnectKey2")
    ));
    let key = "arn:aws:kms:us-east-1:111122223333:key/1";
    let decrypt = |name: &str| {
        let request = Request::new("kms:Decrypt", key)
            .with("kms:EncryptionContext:PARAMETER_ARN", &arn(name));
        decide(&policies, &request) == Decision::Allowed
    };
    assert!(decrypt(parameter) && !decrypt("/infra/other"));
}

#[test]
fn d20_metadata_takes_tokens_and_reaches_the_containers() {
    for (key, id, _) in MACHINES {
        let options = Stack::new(&template(key)).properties(id)["MetadataOptions"].clone();
        assert_eq!(options["HttpTokens"], "required", "{key}");
        let hops = if key == "windows" { 1 } else { 2 };
        assert_eq!(options["HttpPutResponseHopLimit"], hops, "{key}");
    }
}

#[test]
fn d21_d53_an_update_of_the_metadata_runs_what_the_first_boot_ran() {
    for (key, id, _) in MACHINES {
        let template = template(key);
        let files = files(&template, id);
        let hook = files
            .iter()
            .find(|(path, _)| path.ends_with("cfn-auto-reloader.conf"))
            .unwrap()
            .1;
        let hook = hook["content"].as_str().unwrap();
        assert!(
            hook.contains(&format!(
                "path=Resources.{id}.Metadata.AWS::CloudFormation::Init"
            )),
            "{key}"
        );
        let metadata = Stack::new(&template).metadata(id);
        let sets = metadata["AWS::CloudFormation::Init"]["configSets"]
            .as_object()
            .unwrap();
        let sets: Vec<&str> = sets.keys().map(String::as_str).collect();
        let argument = sets.join(",");
        assert!(
            hook.contains(&format!("--configsets {argument}")),
            "{key}: {hook}"
        );
        assert!(
            user_data(&template, id).contains(&format!("--configsets '{argument}'")),
            "{key}"
        );
        // cfn-hup looks again and again, and takes up its own files when an update changes them.
        let first = &metadata["AWS::CloudFormation::Init"]["files"];
        if key == "windows" {
            let service = &first["services"]["windows"]["cfn-hup"];
            assert_eq!(service["ensureRunning"], true, "{service}");
            assert_eq!(service["enabled"], true, "{service}");
            assert_eq!(service["files"].as_array().unwrap().len(), 2, "{service}");
        } else {
            let command = first["commands"]["hup"]["command"].as_str().unwrap();
            assert!(command.contains("cfn-auto-reloader.conf"), "{command}");
            // It ends after each look: a timer starts it, not its own end.
            let file = |name: &str| {
                let file = &first["files"][format!("/etc/systemd/system/cfn-hup.{name}")];
                file["content"].as_str().unwrap().to_owned()
            };
            assert!(file("service").contains("Type=oneshot"));
            assert!(!file("service").contains("Restart="));
            assert!(file("timer").contains("OnUnitInactiveSec=5min"));
        }
        // The hook of a machine that an earlier version launched calls these.
        let earlier: &[&str] = match key {
            "windows" => &["SetupCfn", "SetupApps", "SetEnv", "SetupJumpcloud"],
            _ => &["SetupCfn", "SetEnv"],
        };
        assert!(
            earlier.iter().all(|set| sets.contains(set)),
            "{key}: {sets:?}"
        );
    }
}

#[test]
fn d22_d50_what_a_boot_downloads_is_pinned() {
    for (key, id, _) in MACHINES {
        let template = template(key);
        for (path, file) in files(&template, id) {
            assert!(file.get("source").is_none(), "{key}: {path} is fetched");
            assert!(file.get("content").is_some(), "{key}: {path}");
        }
    }
    let notebook = template("notebook");
    for images in notebook.mappings["NotebookTypes"].values() {
        for image in images.values().filter_map(Node::scalar_text) {
            let tag = image.rsplit_once(':').unwrap().1.to_owned();
            assert!(
                tag.len() == 64 || tag.split(['.', '-']).count() == 3,
                "{image}"
            );
        }
    }
    let windows = template("windows");
    let stack =
        files(&windows, "WindowsInstance")[r"C:\compute-catalog\stack.json"]["content"].clone();
    let stack: Value = serde_json::from_str(stack.as_str().unwrap()).unwrap();
    let packages = stack["packages"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&stack["agent"], &stack["directoryAgent"]]);
    for package in packages {
        assert!(
            package["sha256"] != "" || package["signer"] != "",
            "{package}"
        );
    }
}

#[test]
fn d48_d55_a_template_holds_all_it_needs() {
    for (key, _, _) in MACHINES {
        let template = template(key);
        assert!(template.transform.is_empty(), "{key}");
        assert!(!body(&template).contains("Fn::Transform"), "{key}");
        assert!(
            template
                .resources
                .values()
                .all(|resource| resource.kind != "AWS::CloudFormation::Stack"),
            "{key}"
        );
    }
}

#[test]
fn d50_an_image_that_its_publisher_moves_is_refused_at_its_line() {
    let digest = format!("@sha256:{}", "0a".repeat(32));
    let text = catalog::read("products/notebook/settings.yaml");
    let line = 1 + text
        .lines()
        .position(|line| line.contains("base-notebook:"))
        .unwrap();
    let (own, _) = text
        .split_once("\", architectures: [x86_64, arm64]")
        .unwrap();
    let (_, own) = own.rsplit_once("base-notebook").unwrap();
    for (tag, is_pinned) in [
        (digest.as_str(), true),
        (":2025-02-18", true),
        (":v1.2.3", true),
        (":latest", false),
        (":python-3.12", false),
        (":1.2", false),
        ("", false),
    ] {
        let edit = |text: &str| {
            text.replace(
                &format!("base-notebook{own}"),
                &format!("base-notebook{tag}"),
            )
        };
        match catalog::build("notebook", edit) {
            Ok(_) => assert!(is_pinned, "{tag} was taken"),
            Err(faults) => {
                assert!(!is_pinned, "{tag}: {faults:#?}");
                let told = format!("products/notebook/settings.yaml:{line}:");
                assert!(
                    faults.iter().any(|fault| fault.starts_with(&told)),
                    "{faults:#?}"
                );
            }
        }
    }
}
