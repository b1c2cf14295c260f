//! The stacks that an organisation's files make.

use super::Organisation;
use compute_catalog::cfn::{Node, Template};
use compute_catalog::portfolio::{Share, StackParameter};
use std::collections::BTreeMap;

/// Every template, by its file.
fn all(organisation: &Organisation) -> BTreeMap<String, Template> {
    let stacks = organisation.stacks().all;
    stacks
        .into_iter()
        .map(|stack| (stack.file, stack.template))
        .collect()
}

fn text(template: &Template) -> String {
    template.to_json().to_string()
}

/// What a template exports, as it is written.
fn exports(template: &Template) -> Vec<String> {
    template
        .exports()
        .map(|export| {
            export.name.to_json()["Fn::Sub"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[test]
fn names_that_others_import_stay() {
    let stacks = all(&Organisation::first());
    let wanted = [
        ("portfolios/ec2.yaml", "sc-portfolio-ec2-SCEC2portfolioId"),
        (
            "portfolios/ec2-external.yaml",
            "sc-portfolio-ec2-external-SCEC2portfolioId",
        ),
        (
            "portfolios/s3-basic.yaml",
            "sc-portfolio-s3-basic-SCS3portfolioId",
        ),
        (
            "portfolios/scheduled-jobs.yaml",
            "sc-portfolio-scheduled-jobs-SCScheduledJobsPortfolioId",
        ),
        (
            "end-users.yaml",
            "sc-enduser-iam-ServiceCatalogEndusers-RoleArn",
        ),
        (
            "end-users.yaml",
            "sc-enduser-iam-ServiceCatalogEndusers-RoleId",
        ),
        (
            "end-users.yaml",
            "sc-enduser-iam-ServiceCatalogEndusers-RoleName",
        ),
        (
            "end-users.yaml",
            "sc-enduser-iam-ServiceCatalogExternalEndusers-RoleArn",
        ),
        ("end-users.yaml", "sc-enduser-iam-SCEnduserExpandedPolicy"),
        (
            "end-users.yaml",
            "sc-enduser-iam-SCEnduserRemoteAccessPolicy",
        ),
        (
            "launch-roles/notebook.yaml",
            "sc-ec2vpc-launchrole-LaunchRoleArn",
        ),
        (
            "launch-roles/notebook.yaml",
            "sc-ec2vpc-launchrole-LaunchRoleName",
        ),
        (
            "launch-roles/s3-private.yaml",
            "sc-s3-launchrole-LaunchRoleArn",
        ),
        (
            "launch-roles/scheduled-job.yaml",
            "sc-scheduled-jobs-launchrole-LaunchRoleArn",
        ),
        (
            "foundation.yaml",
            "sc-product-ec2-linux-notebook-write-to-ssm-policy-WriteToSSMPolicy",
        ),
    ];
    for (stack, name) in wanted {
        let exports = exports(&stacks[stack]);
        assert!(
            exports.contains(&format!("${{AWS::Region}}-{name}")),
            "{stack}: {exports:#?}"
        );
    }
}

#[test]
fn no_export_is_made_twice_and_every_own_import_is_made() {
    for organisation in [Organisation::first(), Organisation::second()] {
        let stacks = all(&organisation);
        let mut made: Vec<String> = stacks.values().flat_map(exports).collect();
        let count = made.len();
        made.sort();
        made.dedup();
        assert_eq!(made.len(), count);
        let own: Vec<String> = [
            &organisation.catalog.foundation.stack,
            &organisation.catalog.end_users.stack,
        ]
        .iter()
        .map(|stack| format!("${{AWS::Region}}-{}-", stack.value))
        .collect();
        for template in stacks.values() {
            template.each_value(&mut |at, node| {
                for name in imports(node) {
                    let is_own = own.iter().any(|prefix| name.starts_with(prefix));
                    assert!(
                        !is_own || made.contains(&name),
                        "{} imports {name}",
                        at.path()
                    );
                }
            });
        }
    }
}

/// The names that a value imports, as they are written.
fn imports(node: &Node) -> Vec<String> {
    fn walk(json: &serde_json::Value, names: &mut Vec<String>) {
        match json {
            serde_json::Value::Object(map) => {
                if let Some(name) = map
                    .get("Fn::ImportValue")
                    .and_then(|name| name["Fn::Sub"].as_str())
                {
                    names.push(name.to_owned());
                }
                map.values().for_each(|value| walk(value, names));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, names)),
            _ => {}
        }
    }
    let mut names = Vec::new();
    walk(&node.to_json(), &mut names);
    names
}

#[test]
fn a_portfolio_holds_what_its_file_says() {
    let stacks = all(&Organisation::second());
    let stack = stacks["portfolios/research.yaml"].to_json();
    let resources = &stack["Resources"];
    assert_eq!(
        resources["Portfolio"]["Properties"]["ProviderName"],
        "Example Institute"
    );
    let kind = |id: &str| {
        resources[id]["Type"]
            .as_str()
            .unwrap_or("missing")
            .to_owned()
    };
    assert_eq!(
        kind("LinuxDockerLaunchConstraint"),
        "AWS::ServiceCatalog::LaunchRoleConstraint"
    );
    assert_eq!(
        resources["LinuxDockerLaunchConstraint"]["DependsOn"],
        "LinuxDockerAssociation"
    );
    assert_eq!(
        resources["LinuxDockerTagUpdateConstraint"]["Properties"]["TagUpdateOnProvisionedProduct"],
        "NOT_ALLOWED"
    );
    assert_eq!(
        resources["LinuxDockerTemplateConstraint"]["Properties"]["Rules"],
        r#"{"SmallOnly":{"Assertions":[{"Assert":{"Fn::Contains":[["t4g.small","t4g.medium"],{"Ref":"EC2InstanceType"}]},"AssertDescription":"Ask the help desk for a larger machine"}]}}"#
    );
    assert_eq!(
        kind("LinuxDockerNotificationConstraint"),
        "AWS::ServiceCatalog::LaunchNotificationConstraint"
    );
    assert_eq!(
        kind("ShareWith109876543210"),
        "AWS::ServiceCatalog::PortfolioShare"
    );
    assert_eq!(
        resources["Principalarnawsiamrolelab"]["Properties"]["PrincipalType"],
        "IAM_PATTERN"
    );
    assert_eq!(stack["Parameters"]["S3PrivateProductId"]["Type"], "String");
}

#[test]
fn a_product_is_launched_into_several_accounts_without_a_launch_role() {
    let stacks = all(&Organisation::second());
    let stack = stacks["portfolios/outreach.yaml"].to_json();
    let resources = stack["Resources"].as_object().unwrap();
    let kinds = |resource: &serde_json::Value| resource["Type"].as_str().unwrap().to_owned();
    let launch = "AWS::ServiceCatalog::LaunchRoleConstraint";
    assert!(resources.values().all(|resource| kinds(resource) != launch));
    assert_eq!(
        resources["S3PrivateStackSetConstraint"],
        serde_json::json!({
            "Type": "AWS::ServiceCatalog::StackSetConstraint",
            "DependsOn": "S3PrivateAssociation",
            "Properties": {
                "AccountList": ["109876543210", "310987654321"],
                "AdminRole": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/stack-sets"},
                "Description": "Launches into several accounts",
                "ExecutionRole": "outreach-execution",
                "PortfolioId": {"Ref": "Portfolio"},
                "ProductId": {"Ref": "S3PrivateProductId"},
                "RegionList": ["us-east-1", "us-west-2"],
                "StackInstanceControl": "NOT_ALLOWED",
            },
        })
    );
}

#[test]
fn people_of_a_topic_are_told_and_accounts_and_units_share() {
    let organisation = Organisation::second();
    let stacks = all(&organisation);
    let stack = stacks["portfolios/research.yaml"].to_json();
    let resources = &stack["Resources"];
    let topic = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:launches";
    assert_eq!(
        resources["LinuxDockerNotificationConstraint"]["Properties"]["NotificationArns"],
        serde_json::json!([{ "Fn::Sub": topic }])
    );
    assert_eq!(
        resources["ShareWith109876543210"]["Properties"],
        serde_json::json!({
            "AccountId": "109876543210",
            "PortfolioId": {"Ref": "Portfolio"},
            "ShareTagOptions": true,
        })
    );
    // CloudFormation has no resource for a share with a unit: the publisher makes it.
    assert!(!stack.to_string().contains("ou-ab12-cdef3456"));
    let units: Vec<String> = organisation
        .catalog
        .portfolios
        .values()
        .flat_map(|portfolio| &portfolio.body.shares)
        .filter_map(|share| match &share.value {
            Share::OrganizationalUnit(unit) => Some(unit.clone().into()),
            Share::Account(_) => None,
        })
        .collect();
    assert_eq!(units, ["ou-ab12-cdef3456"]);
}

#[test]
fn tag_options_stand_once_and_reach_every_portfolio_that_offers_them() {
    let stacks = all(&Organisation::first());
    let resources = &stacks["tag-options.yaml"].resources;
    let options: Vec<&str> = resources
        .values()
        .filter(|resource| resource.kind == "AWS::ServiceCatalog::TagOption")
        .map(|resource| resource.properties["Value"].as_str().unwrap())
        .collect();
    assert_eq!(options[..2], ["No Program / 000000", "Other / 000001"]);
    let associations = resources
        .values()
        .filter(|r| r.kind.ends_with("TagOptionAssociation"));
    assert_eq!(associations.count(), options.len() * 4);
}

#[test]
fn templates_fit_into_a_request() {
    for organisation in [Organisation::first(), Organisation::second()] {
        for (name, template) in all(&organisation) {
            let written = compute_catalog::cfn::write(&template, None).unwrap();
            assert!(written.len() <= 51_200, "{name}: {} bytes", written.len());
        }
    }
}

#[test]
fn nothing_of_the_first_organisation_is_in_the_seconds_stacks() {
    let first = [
        "sc-",
        "Sage",
        "CostCenter",
        "SCEC2",
        "synapse",
        "Protected/",
    ];
    for (name, template) in all(&Organisation::second()) {
        // Service Catalog's own name for stacks, as buckets carry it.
        let text = text(&template).replace("sc-${AWS::AccountId}-", "");
        for word in first {
            assert!(!text.contains(word), "{name} holds `{word}`");
        }
    }
}
#[test]
fn stacks_come_after_what_they_take_from() {
    let stacks = Organisation::first().stacks().all;
    let files: Vec<&str> = stacks.iter().map(|stack| stack.file.as_str()).collect();
    assert_eq!(files[..2], ["foundation.yaml", "end-users.yaml"]);
    assert_eq!(files.last(), Some(&"tag-options.yaml"));
    let first_on_products = stacks
        .iter()
        .position(|stack| stack.needs_products)
        .unwrap();
    assert!(
        stacks[..first_on_products]
            .iter()
            .all(|stack| !stack.file.starts_with("portfolios/"))
    );
    for stack in &stacks {
        let parameters: Vec<&String> = stack.template.parameters.keys().collect();
        let sourced: Vec<&String> = stack.parameters.keys().collect();
        assert_eq!(parameters, sourced, "{}", stack.file);
    }
    let external = stacks
        .iter()
        .find(|stack| stack.file == "portfolios/ec2-external.yaml")
        .unwrap();
    let notebook = StackParameter::ProductId("notebook".parse().unwrap());
    assert_eq!(external.parameters["NotebookProductId"], notebook);
    assert_eq!(external.name, "sc-portfolio-ec2-external");
}
