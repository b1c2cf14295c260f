//! A good template, broken at each of its nodes in every way: each is found, or told here why it is none.

use compute_catalog::cfn::read;
use compute_catalog::check::check_template;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub const MUTATIONS: usize = 200;
pub const SEED: u64 = 20_240_229;

/// What changes nothing that a rule could know to be wrong: the mutation, and why.
const HARMLESS: &[(&str, &str)] = &[
    (
        "Delete /Resources/Job",
        "nothing refers to it; `diff` says that it is gone",
    ),
    (
        "Delete /Resources/Machine/Metadata/AWS::CloudFormation::Init/files/files",
        "the image may have the file",
    ),
    (
        "Retype /Outputs/BucketName/Value",
        "an output may be any text",
    ),
    (
        "Delete /Outputs",
        "a template may have no outputs; `diff` says that they are gone",
    ),
    (
        "Rename /Outputs/BucketName",
        "another name is as good; `diff` says that the old one is gone",
    ),
    (
        "Rename /Resources/Job",
        "nothing refers to it; `diff` says that it is replaced",
    ),
    (
        "Rename /Resources/Machine",
        "nothing refers to it; `diff` says that it is replaced",
    ),
    (
        "Delete /Resources/Bucket/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID",
        "the bucket is then encrypted with AWS's own key",
    ),
    (
        "Retype /Resources/Bucket/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID",
        "the text in place of the reference may be a key's alias",
    ),
    (
        "Delete /Resources/Group/Properties/SecurityGroupIngress/0",
        "a group that lets nothing in is a good one",
    ),
    (
        "Delete /Resources/Group/Properties/SecurityGroupIngress",
        "a group that lets nothing in is a good one",
    ),
    (
        "Delete /Resources/Machine/Properties/SecurityGroupIds/0",
        "the VPC's default group takes its place",
    ),
    (
        "Delete /Resources/Machine/CreationPolicy/ResourceSignal/Count",
        "one signal is the default",
    ),
    (
        "Delete /Resources/Machine/Metadata/AWS::CloudFormation::Init/run/commands/run",
        "a machine may run nothing",
    ),
    (
        "Rename /Resources/Machine/Metadata/AWS::CloudFormation::Init/run/commands/run",
        "a command may have any name",
    ),
    (
        "Delete /Resources/Role/Properties/Policies",
        "a role may have no policy of its own",
    ),
    (
        "Delete /Resources/Role/Properties/Policies/0/PolicyDocument/Statement/0/Action/0",
        "a role may do less",
    ),
    (
        "Delete /Resources/Role/Properties/Policies/0/PolicyDocument/Statement/0/Action/1",
        "a role may do less",
    ),
    (
        "Delete /AWSTemplateFormatVersion",
        "there is one format, which needn't be named",
    ),
    (
        "Delete /Outputs/BucketName",
        "another template may want it; `diff` says that it is gone",
    ),
    (
        "Delete /Parameters/Size/Default",
        "a form may ask without a suggestion",
    ),
    (
        "Delete /Parameters/VolumeSize/Default",
        "a form may ask without a suggestion",
    ),
    (
        "Delete /Resources/Key/Properties/KeyPolicy",
        "KMS's own policy lets the account in",
    ),
    (
        "Delete /Resources/Machine/Metadata/AWS::CloudFormation::Init/files/files/~1opt~1run.sh",
        "the image may have the file",
    ),
    (
        "Delete /Resources/Machine/Metadata/AWS::CloudFormation::Init/run/commands",
        "a machine may run nothing",
    ),
    (
        "Delete /Resources/Machine/Properties/BlockDeviceMappings/0/Ebs/VolumeType",
        "the type has a default",
    ),
    (
        "Delete /Resources/Machine/Properties/IamInstanceProfile",
        "a machine may have no role",
    ),
    (
        "Delete /Resources/Machine/Properties/InstanceType",
        "the type has a default",
    ),
    (
        "Delete /Resources/Machine/Properties/SecurityGroupIds",
        "the VPC's default group takes its place",
    ),
    (
        "Delete /Resources/Role/Properties/Policies/0",
        "a role may do less",
    ),
    (
        "Delete /Resources/Role/Properties/Policies/0/PolicyDocument/Statement/0",
        "a role may do less",
    ),
    (
        "Delete /Resources/Role/Properties/Policies/0/PolicyDocument/Statement/1",
        "a role may do less",
    ),
    (
        "Retype /Resources/Machine/Metadata/AWS::CloudFormation::Init/files/files/~1opt~1run.sh/content",
        "a file's content may be JSON",
    ),
    (
        "Retype /Resources/Machine/Properties/IamInstanceProfile",
        "the text may be a profile's name",
    ),
    (
        "Retype /Resources/Profile/Properties/Roles/0",
        "the text may be a role's name",
    ),
    (
        "Widen /Resources/Machine/Properties/EbsOptimized/Fn::If/1",
        "whether it is, is a choice",
    ),
];

#[derive(Clone, Copy, Debug)]
pub enum Mutation {
    Delete,
    Retype,
    Rename,
    Widen,
}

pub const KINDS: [Mutation; 4] = [
    Mutation::Delete,
    Mutation::Retype,
    Mutation::Rename,
    Mutation::Widen,
];

/// Numbers that look random and are the same on every run (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }
}

fn good() -> Json {
    read(include_str!("good.yaml")).unwrap().to_json()
}

/// The pointer of every node below the top.
pub fn pointers(node: &Json, at: &str, found: &mut Vec<String>) {
    let mut visit = |key: &str, value: &Json| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        pointers(value, &at, found);
    };
    match node {
        Json::Object(map) => map.iter().for_each(|(key, value)| visit(key, value)),
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(&index.to_string(), item);
            }
        }
        _ => {}
    }
}

/// The template with one node mutated; nothing where the kind doesn't fit the node.
pub fn mutated(template: &Json, pointer: &str, kind: Mutation) -> Option<Json> {
    let mut template = template.clone();
    let (parent, key) = pointer.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    match kind {
        Mutation::Delete => match template.pointer_mut(parent)? {
            Json::Object(map) => {
                map.shift_remove(&key)?;
            }
            Json::Array(items) => {
                items.remove(key.parse().ok()?);
            }
            _ => return None,
        },
        Mutation::Rename => {
            let map = template.pointer_mut(parent)?.as_object_mut()?;
            let value = map.shift_remove(&key)?;
            map.insert(format!("{key}X"), value);
        }
        Mutation::Retype => {
            let node = template.pointer_mut(pointer)?;
            *node = match node {
                Json::Object(_) | Json::Array(_) => json!("text"),
                _ => json!({ "Key": "text" }),
            };
        }
        Mutation::Widen => {
            let node = template.pointer_mut(pointer)?;
            *node = match node {
                Json::Bool(value) => json!(!*value),
                Json::Number(number) => json!(number.as_i64()? * 1000),
                Json::String(text) if text.contains('/') && text.starts_with("10.") => {
                    json!("0.0.0.0/0")
                }
                Json::String(text) if text.contains(':') && !text.contains("::") => json!("*"),
                Json::Object(map) if map.len() == 1 && parent.contains("Statement") => json!("*"),
                _ => return None,
            };
        }
    }
    Some(template)
}

pub fn is_found(template: &Json) -> bool {
    let text = template.to_string();
    match read(&text) {
        Err(_) => true,
        Ok(template) => !check_template(&"good".parse().unwrap(), &template, &text).is_empty(),
    }
}

/// The good template and its mutations, for tests that ask something else of them.
pub fn every_mutation() -> Vec<Json> {
    let template = good();
    let mut all = Vec::new();
    pointers(&template, "", &mut all);
    let mutations = all
        .iter()
        .flat_map(|pointer| KINDS.map(|kind| mutated(&template, pointer, kind)))
        .flatten();
    std::iter::once(template.clone()).chain(mutations).collect()
}

#[test]
fn what_breaks_a_template_is_found() {
    let template = good();
    let text = template.to_string();
    let found = check_template(&"good".parse().unwrap(), &read(&text).unwrap(), &text);
    assert!(found.is_empty(), "the good template: {found:#?}");

    let mut all = Vec::new();
    pointers(&template, "", &mut all);
    let mut missed = Vec::new();
    let mut used = BTreeSet::new();
    let ways = all.iter().flat_map(|at| KINDS.map(|kind| (at, kind)));
    for (pointer, kind) in ways {
        let name = format!("{kind:?} {pointer}");
        let Some(broken) = mutated(&template, pointer, kind) else {
            continue;
        };
        if is_found(&broken) {
            continue;
        }
        match HARMLESS.iter().find(|(part, _)| name == *part) {
            Some((part, _)) => {
                used.insert(*part);
            }
            None => missed.push(name),
        }
    }
    missed.sort();
    assert!(missed.is_empty(), "not found:\n{}", missed.join("\n"));
    let unused = HARMLESS.iter().filter(|(part, _)| !used.contains(part));
    let unused: Vec<_> = unused.collect();
    assert!(unused.is_empty(), "no mutation is any more: {unused:#?}");
}
