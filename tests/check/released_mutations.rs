//! The products' own templates, as they were released, broken in 200 ways: each is found, or told
//! here why it is none. Released bytes never change, so that every run tries the same.

use crate::mutations::{KINDS, MUTATIONS, Numbers, SEED, is_found, mutated, pointers};
use compute_catalog::cfn::read;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const PRODUCTS: [&str; 6] = [
    "linux-docker",
    "notebook",
    "windows",
    "s3-private",
    "s3-synapse",
    "scheduled-job",
];

/// What changes nothing that a rule could know to be wrong: the mutation, and why.
const HARMLESS: &[(&str, &str)] = &[
    (
        "linux-docker Delete /Resources/EC2Instance/Metadata/AWS::CloudFormation::Init/files/files/~1opt~1compute-catalog~1stack.env",
        "the scripts find it beside themselves, by a path that they compute",
    ),
    (
        "linux-docker Delete /Resources/EC2Instance/Properties/Tags/1",
        "a machine may have any tags",
    ),
    (
        "linux-docker Delete /Resources/InstanceRole/Properties/Policies/0/PolicyDocument/Statement/2/Action/7",
        "a role may do less",
    ),
    (
        "linux-docker Delete /Resources/InstanceRole/Properties/Policies/0/PolicyDocument/Statement/2/Action/9",
        "a role may do less",
    ),
    (
        "linux-docker Delete /Resources/InstanceRole/Properties/Policies/0/PolicyDocument/Statement/4",
        "a role may do less",
    ),
    (
        "linux-docker Rename /Outputs/BaseImage",
        "another name is as good; `diff` says that the old one is gone",
    ),
    (
        "notebook Delete /Resources/EC2TargetGroup/Properties/TargetGroupAttributes/0",
        "the attribute has a default",
    ),
    (
        "notebook Delete /Resources/NotebookConnectSecurityGroup/Properties/SecurityGroupIngress",
        "a group that lets nothing in is a good one",
    ),
    (
        "notebook Delete /Resources/NotebookListenerRule/Properties/TargetGroupArn/Ref",
        "only the function behind a custom resource knows its properties",
    ),
    (
        "notebook Delete /Resources/NotebookRuleFunction/Properties/Description",
        "a function may have no description",
    ),
    (
        "notebook Rename /Mappings/Accounts/ACCOUNT",
        "which accounts there are stands in the environment files: `generate --check` compares",
    ),
    (
        "notebook Rename /Outputs/EC2ConsoleURI",
        "another name is as good; `diff` says that the old one is gone",
    ),
    (
        "notebook Retype /Resources/InstanceRole/Properties/Policies/0/PolicyDocument/Statement/4/Condition/StringEquals/cloudwatch:namespace",
        "the text in place of the function may be a namespace",
    ),
    (
        "notebook Retype /Resources/LinuxInstance/Metadata/AWS::CloudFormation::Init/files/files/~1etc~1systemd~1system~1cfn-hup.service/content",
        "cfn-init writes a map as JSON",
    ),
    (
        "notebook Retype /Resources/LinuxInstance/Metadata/AWS::CloudFormation::Init/files/files/~1opt~1compute-catalog~1stack.env/content/Fn::Sub/1/ProxyImage",
        "the text in place of the function may be an image",
    ),
    (
        "s3-private Delete /Parameters/BucketName/AllowedPattern",
        "a parameter may take any text: S3 itself refuses a bad name",
    ),
    (
        "s3-private Delete /Resources/DownloadRestriction/DependsOn",
        "what must wait for what beyond references only the model knows",
    ),
    (
        "s3-private Delete /Resources/DownloadRestrictionRole/Properties/Policies/0/PolicyDocument/Statement/1/Action/1",
        "a role may do less",
    ),
    (
        "s3-private Delete /Resources/S3Bucket/Properties/LifecycleConfiguration/Rules/0",
        "a bucket may keep its objects as they are",
    ),
    (
        "s3-private Delete /Resources/S3Bucket/Properties/LifecycleConfiguration/Rules/1",
        "a bucket may keep its objects as they are",
    ),
    (
        "s3-synapse Delete /Resources/S3Bucket/Properties/CorsConfiguration/CorsRules/0/AllowedMethods/0",
        "a bucket may let other sites do less",
    ),
    (
        "s3-synapse Delete /Resources/S3Bucket/Properties/LifecycleConfiguration/Rules/0",
        "a bucket may keep its objects as they are",
    ),
    (
        "s3-synapse Delete /Resources/SynapseOwnerFile/Metadata/cfn-lint",
        "cfn-lint itself then finds what it was told to pass over",
    ),
    (
        "s3-synapse Delete /Resources/SynapseOwnerFile/Properties/Target/Key",
        "only the transform knows its properties",
    ),
    (
        "s3-synapse Widen /Parameters/RestrictSameRegionDownload/Description",
        "another description is as good",
    ),
    (
        "scheduled-job Delete /Resources/SubmitRole/Properties/Policies/0/PolicyDocument/Statement/0",
        "a role may do less",
    ),
    (
        "scheduled-job Retype /Resources/SecurityGroup/Properties/VpcId/Fn::ImportValue",
        "the text in place of the function may be an export's name: `preflight` looks for it",
    ),
    (
        "scheduled-job Widen /Parameters/SubmitUrlRevision/Default",
        "another number within the bounds is as good",
    ),
    (
        "windows Delete /Parameters/WindowsInstanceType/AllowedValues/4",
        "a product may offer fewer types; `diff` says who can't update",
    ),
    (
        "windows Delete /Resources/InstanceRole/Properties/ManagedPolicyArns/1",
        "a role may do less",
    ),
    (
        "windows Delete /Resources/InstanceRole/Properties/Policies/0/PolicyDocument/Statement/0/Action/5",
        "a role may do less",
    ),
    (
        "windows Delete /Resources/InstanceRole/Properties/Policies/0/PolicyDocument/Statement/2/Action/9",
        "a role may do less",
    ),
    (
        "windows Delete /Resources/WindowsInstance/Metadata/AWS::CloudFormation::Init/environment/commands/1-run/waitAfterCompletion",
        "a minute is the default",
    ),
    (
        "windows Retype /Resources/InstanceRole/Properties/ManagedPolicyArns/0/Fn::ImportValue",
        "the text in place of the function may be an export's name: `preflight` looks for it",
    ),
];

fn released(product: &str) -> Json {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(format!("products/{product}/history/v2.0.0.yaml"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut template = read(&text).unwrap().to_json();
    // What later rules found in it, mended as the next version mended it.
    let resources = &mut template["Resources"];
    if let Some(kept) = resources.pointer_mut("/SystemLogGroup/DeletionPolicy") {
        *kept = "RetainExceptOnCreate".into();
    }
    if let Some(role) = resources.pointer_mut("/ComputeEnvironment/Properties/ServiceRole") {
        *role = serde_json::json!({ "Fn::GetAtt": "ServiceRole.Arn" });
    }
    template
}

/// Accounts are data: a name of a mutation says that one stands there.
fn without_account(pointer: &str) -> String {
    let is_account = |part: &&str| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit());
    let parts = pointer.split('/').map(|part| match is_account(&part) {
        true => "ACCOUNT",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn what_breaks_a_released_template_is_found() {
    let templates: BTreeMap<&str, Json> = PRODUCTS
        .into_iter()
        .map(|product| (product, released(product)))
        .collect();
    let mut all = Vec::new();
    for product in PRODUCTS {
        assert!(!is_found(&templates[product]), "{product}");
        let mut found = Vec::new();
        pointers(&templates[product], "", &mut found);
        all.extend(found.into_iter().map(|pointer| (product, pointer)));
    }
    let mut numbers = Numbers(SEED);
    let mut tried = BTreeSet::new();
    let mut missed = BTreeSet::new();
    while tried.len() < MUTATIONS {
        let (product, pointer) = &all[numbers.below(all.len())];
        let kind = KINDS[numbers.below(KINDS.len())];
        let Some(broken) = mutated(&templates[product], pointer, kind) else {
            continue;
        };
        let name = format!("{product} {kind:?} {}", without_account(pointer));
        if tried.insert(name.clone()) && !is_found(&broken) {
            missed.insert(name);
        }
    }
    let told: BTreeSet<String> = HARMLESS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let unexplained: Vec<&String> = missed.difference(&told).collect();
    assert!(unexplained.is_empty(), "not found: {unexplained:#?}");
    let outdated: Vec<&String> = told.difference(&missed).collect();
    assert!(outdated.is_empty(), "found by now: {outdated:#?}");
}
