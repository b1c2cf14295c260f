//! What launch roles are compiled from, and what is told of them.

use super::account::{allows, policies};
use super::{Organisation, template};
use compute_catalog::cfn::{Map, Node, Template, read};
use compute_catalog::iam::{Policy, Request};
use compute_catalog::portfolio::launch_role::{
    Handlers, TableRow, Usage, launch_role_template, table,
};
use compute_catalog::product::Key;
use compute_catalog::resource::facts;

#[test]
fn roles_are_small_and_fit_into_iams_limits() {
    for (product, (template, role)) in Organisation::first().launch_roles() {
        let (policies, [inline, managed]) = policies(&template);
        assert!(
            role.actions.len() < 160,
            "{product}: {}",
            role.actions.len()
        );
        assert!(
            inline <= 10_240,
            "{product}: {inline} characters in the inline policy"
        );
        assert!(
            managed <= 6_144,
            "{product}: {managed} characters in the managed policy"
        );
        for action in policies.iter().flat_map(Policy::allowed_actions) {
            assert!(!action.contains('*'), "{product} {action}");
            // What the role may do with anything has its reason.
            if allows(&policies, &Request::new(action, "arn:aws:unheard:::of")) {
                let reason = role.unscoped.iter().find(|entry| entry.action == action);
                assert!(
                    reason.is_some_and(|entry| !entry.reason.is_empty()),
                    "{product} {action}"
                );
            }
        }
    }
}

#[test]
fn a_property_in_use_brings_its_actions() {
    let organisation = Organisation::first();
    let granted = |product: &str, template: &Template| {
        let handlers = Handlers::reviewed().unwrap();
        let file = organisation
            .catalog
            .launch_role(&product.parse().unwrap())
            .unwrap();
        let actions = super::actions();
        let mut usage = Usage::default();
        usage.add(template, &handlers);
        launch_role_template(&organisation.catalog, file, &usage, &handlers, actions)
            .unwrap()
            .1
            .actions
    };
    let mut bucket = template("bucket", "s3-private");
    let has = |actions: &[String], action: &str| actions.iter().any(|granted| granted == action);
    let before = granted("s3-private", &bucket);
    assert!(has(&before, "s3:PutLifecycleConfiguration"));
    assert!(!has(&before, "s3:PutBucketCORS"));
    // The nested stack of earlier versions can be ended, and not made.
    assert!(has(&before, "sns:Unsubscribe"));
    assert!(!has(&before, "sns:Subscribe"));
    let properties = &mut bucket.resources.get_mut("Bucket").unwrap().properties;
    properties.insert("CorsConfiguration".to_owned(), Node::Map(Map::default()));
    assert!(has(&granted("s3-private", &bucket), "s3:PutBucketCORS"));
}

#[test]
fn what_cannot_be_granted_safely_is_refused() {
    let organisation = Organisation::first();
    let product = "windows".parse().unwrap();
    let file = organisation.catalog.launch_role(&product).unwrap();
    let text = "
Resources:
  Free:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}, ManagedPolicyArns: [!Ref Chosen]}
  Unknown:
    Type: AWS::Neptune::DBCluster
  Module:
    Type: My::Team::Thing::MODULE
  Extension:
    Type: My::Team::Thing
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {}, Path: /service-catalog/windows/, Users: [somebody]}
  Call:
    Type: Custom::Thing
    Properties: {ServiceToken: !Ref Chosen}
Parameters:
  Chosen: {Type: String}
";
    let handlers = Handlers::reviewed().unwrap();
    let mut usage = Usage::default();
    usage.add(&read(text).unwrap(), &handlers);
    let errors_of = |file| {
        let actions = super::actions();
        launch_role_template(&organisation.catalog, file, &usage, &handlers, actions).unwrap_err()
    };
    let errors = errors_of(file);
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "launch role of windows: AWS::Neptune::DBCluster is no type whose handlers are known",
            "launch role of windows: My::Team::Thing::MODULE is no type whose handlers are known",
            "launch role of windows: a custom resource of the template has a function that isn't known before launch",
            "launch role of windows: a role of the template gets a policy that isn't known before launch",
            "launch role of windows: the policy Shared of the template is given to users or groups",
            "launch role of windows: the role Free of the template has no permissions boundary",
            "launch role of windows: the role Free of the template is not under /service-catalog/windows/",
        ]
    );
    assert!(
        errors
            .iter()
            .all(|error| error.file == "portfolios/foundation.yaml" && error.at.line > 1)
    );
    // What a person says under `grants`, with its reason, is believed.
    let mut granted = file.clone();
    for needed_by in ["AWS::Neptune::DBCluster", "My::Team::Thing::MODULE"] {
        let mut roles = organisation.catalog.foundation.launch_roles.iter();
        let mut grant = roles.find_map(|role| role.grants.first()).unwrap().clone();
        grant.value.needed_by.value = needed_by.to_owned();
        grant.value.actions = vec!["lambda:InvokeFunction".to_owned()];
        granted.grants.push(grant);
    }
    let left = errors_of(&granted);
    assert_eq!(left[..], errors[3..]);
}

#[test]
fn the_reviewed_file_agrees_with_the_schemas() {
    let handlers = Handlers::reviewed().unwrap();
    let actions = super::actions();
    for (name, handler) in handlers.types() {
        let facts = facts(name).unwrap_or_else(|| panic!("{name} is no vendored type"));
        let permissions = &facts.permissions;
        let listed: Vec<String> = [
            permissions.create,
            permissions.read,
            permissions.update,
            permissions.delete,
            facts.tagging.permissions,
        ]
        .concat()
        .iter()
        .map(|action| action.to_lowercase())
        .collect();
        let known = |action: &String| listed.contains(&action.to_lowercase());
        for (property, needed) in &handler.only_with {
            assert!(facts.property(property).is_some(), "{name}.{property}");
            for action in needed {
                assert!(known(action), "{name}.{property}: {action}");
            }
        }
        for action in handler
            .remove
            .keys()
            .chain(handler.on.keys())
            .chain(handler.any.keys())
            .chain(&handler.tagged)
        {
            assert!(known(action), "{name}: {action}");
        }
        for action in handler.add.keys() {
            assert!(
                !known(action) && actions.contains(action),
                "{name}: {action}"
            );
        }
        if let Some(property) = &handler.name_property {
            assert!(facts.property(property).is_some(), "{name}.{property}");
        }
    }
}

#[test]
fn the_table_shows_before_and_now() {
    let organisation = Organisation::first();
    let stacks = organisation.stacks();
    let rows = stacks.launch_roles.iter().map(|(product, role)| {
        let file = organisation.catalog.launch_role(product);
        TableRow::of(file.unwrap(), role)
    });
    let page = table(&rows.collect::<Vec<_>>());
    let bucket: Key = "s3-private".parse().unwrap();
    let counted = stacks.launch_roles[&bucket].actions.len();
    assert!(
        page.contains(&format!("| s3-private | 278 | {counted} |")),
        "{page}"
    );
    assert!(page.contains("| ec2:DescribeInstances | the action takes no resource | linux-docker, notebook, windows"), "{page}");
}
