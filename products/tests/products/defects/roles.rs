//! What the roles of machines guarantee, by the number of the defect that it rules out.

use crate::catalog::template;
use crate::stack::{MACHINES, Stack, may};
use compute_catalog::iam::{Policy, actions};

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
        let attached = template.resources["InstanceRole"].properties["ManagedPolicyArns"]
            .to_json()
            .to_string();
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
    let known = actions();
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
fn d34_each_group_of_a_machine_has_the_one_rule_that_it_needs() {
    for (key, _, _) in MACHINES {
        let template = template(key);
        let stack = Stack::new(&template);
        for (id, resource) in &template.resources {
            if resource.kind != "AWS::EC2::SecurityGroup" {
                continue;
            }
            let rules = stack.properties(id)["SecurityGroupIngress"].clone();
            assert_eq!(rules.as_array().unwrap().len(), 1, "{key}: {id}");
            // A protocol has a range of ports. Every protocol has none, written as the versions
            // before wrote it: CloudFormation takes the other spelling for a duplicate, and then
            // revokes the only rule.
            let ports = ["FromPort", "ToPort"].map(|name| rules[0].get(name).cloned());
            match (rules[0]["IpProtocol"] == "-1", key) {
                (true, "windows") => assert_eq!(ports, [None, None], "{key}: {rules}"),
                (true, _) => assert_eq!(
                    ports,
                    [-1, -1].map(|port| Some(port.into())),
                    "{key}: {rules}"
                ),
                (false, _) => assert!(ports.iter().all(Option::is_some), "{key}: {rules}"),
            }
            let from = ["CidrIp", "SourceSecurityGroupId"];
            let from = from.iter().filter(|name| rules[0].get(**name).is_some());
            assert_eq!(from.count(), 1, "{key}: {rules}");
            assert_ne!(rules[0].get("CidrIp"), Some(&"0.0.0.0/0".into()), "{key}");
        }
    }
}
