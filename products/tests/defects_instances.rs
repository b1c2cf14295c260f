//! What the machines guarantee, by the number of the defect that it rules out.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

mod catalog;
mod stack;

use catalog::template;
use compute_catalog::cfn::{DeletionPolicy, Node, Template, UpdateReplacePolicy};
use compute_catalog::iam::{ActionList, Decision, Policy, Request, decide};
use compute_catalog::product::part::instance_type::{Architecture, instance_type, is_accelerated};
use serde_json::{Value, json};
use stack::{INSTANCE, Stack};

/// Product, logical id of its instance, parameter of its type.
const MACHINES: [(&str, &str, &str); 3] = [
    ("linux-docker", "EC2Instance", "EC2InstanceType"),
    ("notebook", "LinuxInstance", "EC2InstanceType"),
    ("windows", "WindowsInstance", "WindowsInstanceType"),
];

fn body(template: &Template) -> String {
    template.to_json().to_string()
}

/// The files that cfn-init writes, by their paths.
fn files(template: &Template, id: &str) -> serde_json::Map<String, Value> {
    let metadata = Stack::new(template).metadata(id);
    metadata["AWS::CloudFormation::Init"]["files"]["files"]
        .as_object()
        .unwrap()
        .clone()
}

fn user_data(template: &Template, id: &str) -> String {
    Stack::new(template).properties(id)["UserData"]["Fn::Base64"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn may(policies: &[Policy], action: &str, resource: &str) -> bool {
    decide(policies, &Request::new(action, resource)) == Decision::Allowed
}

fn body_of(template: &Template, id: &str, property: &str) -> String {
    template.resources[id].properties[property]
        .to_json()
        .to_string()
}

#[test]
fn d04_d23_every_offered_type_starts_its_image() {
    for (key, id, parameter) in MACHINES {
        let template = template(key);
        let settings = catalog::read(&format!("products/{key}/settings.yaml"));
        let offered = &template.parameters[parameter].allowed_values;
        assert!(!offered.is_empty(), "{key}");
        for name in offered.iter().filter_map(Node::scalar_text) {
            let image =
                Stack::new(&template).with(parameter, &name).properties(id)["ImageId"].clone();
            let image = image.as_str().unwrap();
            // The settings' entry of this image, which begins with its architecture.
            let entry = settings
                .split_once(image)
                .unwrap()
                .0
                .rsplit_once("architecture: ")
                .unwrap()
                .1;
            let architecture = Architecture::ALL
                .into_iter()
                .find(|one| entry.starts_with(one.name()))
                .unwrap();
            assert!(
                instance_type(&name).unwrap().starts(architecture),
                "{key}: {name} on {image}"
            );
            assert_eq!(
                is_accelerated(&name),
                entry.contains("gpu: true"),
                "{key}: {name} on {image}"
            );
        }
    }
}

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
fn d16_d36_the_smallest_disk_holds_the_image_and_the_form_warns_of_its_change() {
    for (key, _, _) in MACHINES {
        let volume = &template(key).parameters["VolumeSize"];
        let least: u32 = volume
            .min_value
            .as_ref()
            .and_then(Node::scalar_text)
            .unwrap()
            .parse()
            .unwrap();
        assert!(least >= 30, "{key}");
        assert!(
            volume
                .description
                .as_deref()
                .unwrap()
                .contains("another one in an update makes a new machine"),
            "{key}"
        );
    }
}

#[test]
fn d17_the_outputs_that_the_manual_names_are_there() {
    for (key, id, _) in MACHINES {
        let template = template(key);
        let stack = Stack::new(&template);
        assert_eq!(stack.output("EC2InstanceId"), json!({ "Ref": id }), "{key}");
        let standing = |name: &str| {
            stack
                .standing(&template.outputs[name].value)
                .scalar_text()
                .unwrap()
        };
        assert!(
            standing("ConnectionURI")
                .ends_with(&format!("session-manager/{INSTANCE}?region=us-east-1")),
            "{key}"
        );
        let shell = standing("ShellCommand");
        assert_eq!(
            shell,
            format!(
                "aws ssm start-session --profile service-catalog --region us-east-1 --target {INSTANCE}"
            )
        );
        let (forward, ports) = match key {
            "windows" => (
                "RemoteDesktopCommand",
                "portNumber=3389,localPortNumber=3389",
            ),
            _ => ("PortForwardCommand", "portNumber=80,localPortNumber=9090"),
        };
        let expected = format!(
            "{shell} --document-name AWS-StartPortForwardingSession --parameters \"{ports}\""
        );
        assert_eq!(standing(forward), expected, "{key}");
    }
}

#[test]
fn d19_regions_and_partitions_are_those_of_the_stack() {
    for (key, _, _) in MACHINES {
        let template = template(key);
        for (id, resource) in &template.resources {
            let text = Node::Map(resource.properties.clone()).to_json().to_string();
            assert!(
                !text.contains("us-east-1") && !text.contains("arn:aws:"),
                "{key}: {id}"
            );
        }
        for (name, output) in &template.outputs {
            assert!(
                !output.value.to_json().to_string().contains("us-east-1"),
                "{key}: {name}"
            );
        }
    }
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
        .chain([&stack["directoryAgent"]]);
    for package in packages {
        assert!(
            package["sha256"] != "" || package["signer"] != "",
            "{package}"
        );
    }
}

#[test]
fn d35_a_machine_needs_no_key_pair() {
    // notebook and windows keep theirs until an image replaces the instance anyway: their contract
    // holds the name. No command or script uses it.
    let docker = template("linux-docker");
    assert!(
        !docker.resources["EC2Instance"]
            .properties
            .contains_key("KeyName")
    );
    for (key, _, _) in MACHINES {
        let settings =
            catalog::build(key, |text| text.replace("  keyName: scipool\n", "")).unwrap();
        assert!(!body(&settings).contains("scipool"), "{key}");
    }
}

#[test]
fn d39_d40_a_machine_reads_and_changes_nothing_of_others() {
    for (key, _, _) in MACHINES {
        let template = template(key);
        let policies = Stack::new(&template).machine_policies();
        for (action, resource) in [
            (
                "ec2:CreateTags",
                "arn:aws:ec2:us-east-1:111122223333:instance/i-1",
            ),
            (
                "ssm:GetParameter",
                "arn:aws:ssm:us-east-1:111122223333:parameter/infra/other",
            ),
            (
                "ssm:GetParameters",
                "arn:aws:ssm:us-east-1:111122223333:parameter/infra/other",
            ),
            (
                "ssm:PutParameter",
                "arn:aws:ssm:us-east-1:111122223333:parameter/infra/other",
            ),
            (
                "logs:PutLogEvents",
                "arn:aws:logs:us-east-1:111122223333:log-group:other:log-stream:x",
            ),
            (
                "logs:CreateLogGroup",
                "arn:aws:logs:us-east-1:111122223333:log-group:other",
            ),
            ("cloudwatch:PutMetricData", "*"),
        ] {
            assert!(
                !may(&policies, action, resource),
                "{key}: {action} on {resource}"
            );
        }
        // What sessions, patches and the boot scripts need.
        let own = "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";
        assert!(
            may(&policies, "ssm:UpdateInstanceInformation", own),
            "{key}"
        );
        for action in [
            "ssm:GetDeployablePatchSnapshotForInstance",
            "ssmmessages:OpenDataChannel",
            "ec2messages:GetMessages",
            "ec2:DescribeTags",
            "ec2:DescribeVolumes",
        ] {
            assert!(may(&policies, action, "*"), "{key}: {action}");
        }
        let attached = body_of(&template, "InstanceRole", "ManagedPolicyArns");
        for broad in [
            "TagRootVolumePolicy",
            "AmazonSSMManagedInstanceCore",
            "CloudWatchAgentServerPolicy",
        ] {
            assert!(!attached.contains(broad), "{key}: {attached}");
        }
        assert!(
            attached.contains("AWSQuickSetupPatchPolicyBaselineAccess"),
            "{key}"
        );
    }
}

#[test]
fn every_action_of_a_policy_exists() {
    let known = ActionList::parse(&catalog::read("vendor/iam-actions.json")).unwrap();
    for (key, _, _) in MACHINES {
        let template = template(key);
        let policies = Stack::new(&template).machine_policies();
        for action in policies.iter().flat_map(Policy::allowed_actions) {
            assert_eq!(
                known.check(action).map(|unknown| unknown.to_string()),
                None,
                "{key}"
            );
        }
    }
}

#[test]
fn d42_d45_logs_are_a_click_away_and_outlive_a_failed_launch() {
    for key in ["linux-docker", "notebook"] {
        let template = template(key);
        let stack = Stack::new(&template);
        let link = stack
            .standing(&template.outputs["CloudWatchConsoleURI"].value)
            .scalar_text()
            .unwrap();
        assert!(
            link.ends_with("log-group/$252Faws$252Fec2$252Fsystem$252Fa-stack"),
            "{link}"
        );
        let group = &template.resources["SystemLogGroup"];
        assert_eq!(group.deletion_policy, Some(DeletionPolicy::Retain), "{key}");
        assert_eq!(
            group.update_replace_policy,
            Some(UpdateReplacePolicy::Retain),
            "{key}"
        );
        let policies = stack.machine_policies();
        assert!(
            may(&policies, "logs:PutLogEvents", "arn:aws:SystemLogGroup:Arn"),
            "{key}"
        );
        let metric = |namespace: &str| {
            let request = Request::new("cloudwatch:PutMetricData", "*")
                .with("cloudwatch:namespace", namespace);
            decide(&policies, &request) == Decision::Allowed
        };
        assert!(
            metric("CWAgent/a-stack") && !metric("CWAgent/other"),
            "{key}"
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
        let generated = catalog::read(&format!("generated/products/{key}.yaml"));
        assert!(generated.len() < 51_200, "{key}: {} bytes", generated.len());
    }
}
