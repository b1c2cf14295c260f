//! The account that a stack of a product is made in, for the core's engine: what the state has of
//! it, and what comes back into the state.

use crate::cloudformation;
use crate::context::Context;
use crate::state::iam::Role;
use crate::state::s3::Bucket;
use crate::state::thing::Thing as Kept;
use compute_catalog::cfn::{IndexMap, Map, Node};
use compute_catalog::rehearsal::{Account, Origin, Outside, Thing};
use serde_json::{Value, json};

const ROLE: &str = "AWS::IAM::Role";
const POLICY: &str = "AWS::IAM::ManagedPolicy";
const PROFILE: &str = "AWS::IAM::InstanceProfile";
const BUCKET: &str = "AWS::S3::Bucket";
const FUNCTION: &str = "AWS::Lambda::Function";

fn map(value: &Value) -> Map {
    match Node::from_json(value) {
        Node::Map(map) => map,
        _ => Map::default(),
    }
}

fn thing(kind: &str, id: &str, name: &str, arn: &str, properties: &Value) -> Thing {
    Thing {
        kind: kind.to_owned(),
        id: id.to_owned(),
        name: name.to_owned(),
        arn: arn.to_owned(),
        properties: map(properties),
        tags: IndexMap::default(),
        attached: Vec::new(),
        is_filled: false,
        stack: None,
        // What messages call it.
        origin: Origin {
            file: kind.to_owned(),
            logical_id: name.to_owned(),
        },
    }
}

fn is_function(arn: &str) -> bool {
    let mut parts = arn.split(':');
    parts.nth(2) == Some("lambda") && parts.nth(2) == Some("function")
}

/// The caller's account and region as they are now, with what others have there.
pub(super) fn read(context: &Context<'_>, outside: &Outside) -> Account {
    let mut account = Account::new(context.account(), &context.region);
    let exports = cloudformation::exports(context);
    account.exports = exports.into_iter().collect();
    let kept = context.here().map(|here| &here.things);
    let kept: Vec<&Kept> = kept.into_iter().flatten().collect();
    let is_kept = |kind: &str, id: &str| kept.iter().any(|one| one.kind == kind && one.id == id);
    if let Some(iam) = context
        .state
        .accounts
        .get(context.account())
        .map(|one| &one.iam)
    {
        for (name, role) in iam.roles.iter().filter(|(name, _)| !is_kept(ROLE, name)) {
            let mut one = thing(ROLE, name, name, &role.arn, &role.properties);
            let trust = Node::from_json(&role.trust);
            one.properties
                .insert("AssumeRolePolicyDocument".to_owned(), trust);
            let naming = iam.policies.iter().filter(|(_, policy)| {
                let roles = policy["Roles"].as_array();
                roles.is_some_and(|roles| roles.iter().any(|role| role == name.as_str()))
            });
            one.attached = naming.map(|(arn, _)| arn.clone()).collect();
            account.things.push(one);
        }
        for (arn, policy) in iam.policies.iter().filter(|(arn, _)| !is_kept(POLICY, arn)) {
            let name = arn.rsplit('/').next().unwrap_or(arn);
            account.things.push(thing(POLICY, arn, name, arn, policy));
        }
    }
    for (name, bucket) in &context.state.buckets {
        if bucket.owner == context.account() && !bucket.of_service && !is_kept(BUCKET, name) {
            let arn = format!("arn:aws:s3:::{name}");
            let mut one = thing(BUCKET, name, name, &arn, &json!({ "BucketName": name }));
            one.is_filled = !bucket.objects.is_empty();
            account.things.push(one);
        }
    }
    let of_account = format!(":{}:function:", context.account());
    for arn in context
        .state
        .functions
        .iter()
        .filter(|arn| arn.contains(&of_account))
    {
        let name = arn.rsplit(':').next().unwrap_or_default();
        if !is_kept(FUNCTION, name) {
            account
                .things
                .push(thing(FUNCTION, name, name, arn, &json!({})));
        }
    }
    // Functions that stacks of others export stand in no stack here.
    let exported: Vec<String> = account.exports.values().cloned().collect();
    for arn in exported.iter().filter(|arn| is_function(arn)) {
        let name = arn.rsplit(':').next().unwrap_or_default();
        if account.find(FUNCTION, name).is_none() && !is_kept(FUNCTION, name) {
            account
                .things
                .push(thing(FUNCTION, name, name, arn, &json!({})));
        }
    }
    for one in outside.things(&account.partition, &account.region, &account.id) {
        let is_there = account.find(&one.kind, &one.id).is_some();
        if !is_there && !is_kept(&one.kind, &one.id) {
            account.things.push(one);
        }
    }
    for one in kept {
        let mut made = thing(&one.kind, &one.id, &one.name, &one.arn, &one.properties);
        made.tags = one
            .tags
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        made.attached.clone_from(&one.attached);
        made.stack.clone_from(&one.stack);
        made.origin.logical_id.clone_from(&one.logical);
        if one.kind == BUCKET {
            let bucket = context.state.buckets.get(&one.id);
            made.is_filled = bucket.is_some_and(|bucket| !bucket.objects.is_empty());
        }
        account.things.push(made);
    }
    // Names are told apart by how much was made before.
    account.made = context.state.minted();
    account
}

/// Takes over what a stack has made, changed and deleted.
pub(super) fn write(context: &mut Context<'_>, account: &Account, stack: &str) {
    let before = context
        .here()
        .map(|here| here.things.clone())
        .unwrap_or_default();
    let power = |kind: &str, id: &str| {
        let known = before.iter().find(|one| one.kind == kind && one.id == id);
        known.and_then(|one| one.power.clone())
    };
    let is_former = |thing: &Thing| {
        let known = before
            .iter()
            .any(|one| one.kind == thing.kind && one.id == thing.id);
        known && thing.stack.is_none()
    };
    let of_stack = |thing: &&Thing| thing.stack.as_deref() == Some(stack) || is_former(thing);
    let after: Vec<Kept> = account
        .things
        .iter()
        .filter(of_stack)
        .map(|thing| Kept {
            kind: thing.kind.clone(),
            id: thing.id.clone(),
            name: thing.name.clone(),
            arn: thing.arn.clone(),
            properties: Node::Map(thing.properties.clone()).to_json(),
            tags: thing
                .tags
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
            attached: thing.attached.clone(),
            stack: thing.stack.clone(),
            logical: thing.origin.logical_id.clone(),
            power: power(&thing.kind, &thing.id),
        })
        .collect();
    let others = before.iter().filter(|one| {
        let mine = one.stack.as_deref() == Some(stack) || one.stack.is_none();
        !mine
    });
    let things: Vec<Kept> = others.cloned().chain(after).collect();
    for gone in before.iter().filter(|one| {
        !things
            .iter()
            .any(|other| other.kind == one.kind && other.id == one.id)
    }) {
        remove(context, gone);
    }
    for one in &things {
        if one.stack.as_deref() == Some(stack) {
            add(context, one);
        }
    }
    context.here_mut().things = things;
    context.change().mint_to(account.made);
}

/// What other services here show of a resource.
fn add(context: &mut Context<'_>, one: &Kept) {
    let now = context.now;
    let text = |name: &str| one.properties[name].as_str().map(str::to_owned);
    match one.kind.as_str() {
        ROLE => {
            let known = context.account_mut().iam.roles.get(&one.name).cloned();
            let role = Role {
                id: match &known {
                    Some(role) => role.id.clone(),
                    None => context.change().mint("AROA").to_uppercase(),
                },
                arn: one.arn.clone(),
                path: text("Path").unwrap_or_else(|| "/".to_owned()),
                trust: one.properties["AssumeRolePolicyDocument"].clone(),
                description: text("Description"),
                created: known.map_or(now, |role| role.created),
                properties: one.properties.clone(),
            };
            context
                .account_mut()
                .iam
                .roles
                .insert(one.name.clone(), role);
        }
        POLICY => {
            let policies = &mut context.account_mut().iam.policies;
            policies.insert(one.arn.clone(), one.properties.clone());
        }
        PROFILE => {
            let profiles = &mut context.account_mut().iam.instance_profiles;
            profiles.insert(one.name.clone(), one.properties.clone());
        }
        BUCKET if !context.state.buckets.contains_key(&one.id) => {
            let bucket = Bucket::new(context.account(), &context.region, now);
            context.change().buckets.insert(one.id.clone(), bucket);
        }
        FUNCTION => {
            context.change().functions.insert(one.arn.clone());
        }
        _ => {}
    }
}

fn remove(context: &mut Context<'_>, one: &Kept) {
    match one.kind.as_str() {
        ROLE => drop(context.account_mut().iam.roles.remove(&one.name)),
        POLICY => drop(context.account_mut().iam.policies.remove(&one.arn)),
        PROFILE => drop(
            context
                .account_mut()
                .iam
                .instance_profiles
                .remove(&one.name),
        ),
        BUCKET => drop(context.change().buckets.remove(&one.id)),
        FUNCTION => drop(context.change().functions.remove(&one.arn)),
        _ => {}
    }
}
