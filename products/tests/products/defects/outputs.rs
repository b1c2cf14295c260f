//! What the outputs and logs of machines guarantee, by the number of the defect that it rules out.

use crate::catalog::template;
use crate::stack::{INSTANCE, MACHINES, Stack, may};
use compute_catalog::cfn::{DeletionPolicy, Node, UpdateReplacePolicy};
use compute_catalog::iam::{Decision, Request, decide};
use serde_json::json;

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
fn d42_d45_logs_are_a_click_away_and_outlive_a_failed_launch() {
    for (key, _, _) in MACHINES {
        let template = template(key);
        let stack = Stack::new(&template);
        let link = stack
            .standing(&template.outputs["CloudWatchConsoleURI"].value)
            .scalar_text()
            .unwrap();
        // Windows has its group since v2: CloudFormation names it, and the link follows.
        let group = match key {
            "windows" => "SystemLogGroup",
            _ => "$252Faws$252Fec2$252Fsystem$252Fa-stack",
        };
        assert!(link.ends_with(&format!("/log-group/{group}")), "{link}");
        let group = &template.resources["SystemLogGroup"];
        // A fixed name is free again after a rollback.
        let kept = match key {
            "windows" => DeletionPolicy::Retain,
            _ => DeletionPolicy::RetainExceptOnCreate,
        };
        assert_eq!(group.deletion_policy, Some(kept), "{key}");
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
