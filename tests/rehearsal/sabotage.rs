//! Mistakes made on purpose in templates, roles and the boundary: each is found, with its line.

use crate::harness::{Checkout, THEN, root};
use compute_catalog::rehearsal::Finding;
use std::collections::BTreeSet;

/// A mistake, and what is to be told of it.
struct Sabotage<'a> {
    product: &'a str,
    file: &'a str,
    old: &'a str,
    new: &'a str,
    says: &'a [&'a str],
    /// What stands on the line that is told first, in the edited file, or is told of it.
    line: &'a str,
}

#[track_caller]
fn found(sabotage: &Sabotage<'_>) {
    let before: BTreeSet<String> = Checkout::of(THEN)
        .alone()
        .findings(sabotage.product)
        .iter()
        .map(|finding| finding.message.clone())
        .collect();
    let edited = Checkout::of(THEN)
        .alone()
        .edit(sabotage.file, sabotage.old, sabotage.new);
    let findings = edited.findings(sabotage.product);
    let new: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !before.contains(&finding.message))
        .collect();
    let told = new.iter().find(|finding| {
        let text = finding.text();
        sabotage.says.iter().all(|part| text.contains(part))
    });
    let told = told.unwrap_or_else(|| {
        let all: Vec<String> = new.iter().map(|finding| finding.text()).collect();
        panic!(
            "nothing new says {:?}:\n{}",
            sabotage.says,
            all.join("\n\n")
        )
    });
    let lines: Vec<String> = told
        .places
        .iter()
        .map(|place| {
            let text = edited.text(&place.file).unwrap_or_default();
            let line = text.lines().nth(place.line - 1).unwrap_or_default();
            format!("{}: {line} ({})", place.file, place.what)
        })
        .collect();
    assert!(
        lines.iter().any(|line| line.contains(sabotage.line)),
        "none of these lines is {}:\n{}",
        sabotage.line,
        lines.join("\n")
    );
    assert!(root().is_dir());
}

#[test]
fn an_action_is_gone_from_the_launch_role() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/launch-roles/linux-docker.yaml",
        old: "                Action: ec2:RunInstances\n",
        new: "                Action: ec2:RebootInstances\n",
        says: &["EC2Instance", "ec2:RunInstances", "CREATE_FAILED"],
        line: "LaunchRole",
    });
}

#[test]
fn a_resource_is_narrowed() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/launch-roles/linux-docker.yaml",
        old: ":instance-profile/SC-${AWS::AccountId}-*",
        new: ":instance-profile/SC-${AWS::AccountId}-pp-x*",
        says: &[
            "InstanceProfile",
            "iam:CreateInstanceProfile",
            "it speaks of",
        ],
        line: "IAMInstanceProfile",
    });
}

#[test]
fn a_condition_asks_for_a_key_that_no_call_carries() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/launch-roles/linux-docker.yaml",
        old: "                Action: ec2:CreateSecurityGroup\n",
        new: "                Condition: { StringEquals: { \"aws:SourceArn\": \"arn:aws:x\" } }\n                Action: ec2:CreateSecurityGroup\n",
        says: &["ec2:CreateSecurityGroup", "aws:SourceArn", "doesn't carry"],
        line: "EC2SecurityGroup",
    });
}

#[test]
fn a_path_is_added() {
    found(&Sabotage {
        product: "windows",
        file: "generated/products/windows.yaml",
        old: "      Path: /\n",
        new: "      Path: /teams/\n",
        says: &["InstanceProfile", "instance-profile/teams/SC-"],
        line: "InstanceProfile",
    });
}

#[test]
fn a_role_is_passed_to_another_service() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/launch-roles/linux-docker.yaml",
        old: "                \"iam:PassedToService\": ec2.amazonaws.com\n",
        new: "                \"iam:PassedToService\": ecs.amazonaws.com\n",
        says: &["iam:PassRole", "iam:PassedToService", "ec2.amazonaws.com"],
        line: "PassRoles",
    });
}

#[test]
fn a_condition_asks_for_a_tag_that_cloudformation_does_not_set() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/launch-roles/linux-docker.yaml",
        old: "              - Sid: IAMInstanceProfile\n                Effect: Allow\n",
        new: "              - Sid: IAMInstanceProfile\n                Effect: Allow\n                Condition: { StringLike: { \"aws:ResourceTag/aws:cloudformation:stack-name\": \"SC-*\" } }\n",
        says: &[
            "iam:DeleteInstanceProfile",
            "aws:cloudformation:stack-name",
            "doesn't carry",
        ],
        line: "IAMInstanceProfile",
    });
}

#[test]
fn a_name_is_fixed() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/products/linux-docker.yaml",
        old: "      Path: /service-catalog/linux-docker/\n",
        new: "      Path: /service-catalog/linux-docker/\n      RoleName: !Sub \"SC-${AWS::AccountId}-machine\"\n",
        says: &["InstanceRole", "already exists", "beside another's"],
        line: "RoleName",
    });
}

#[test]
fn a_deletion_answers_failed() {
    found(&Sabotage {
        product: "s3-private",
        file: "generated/foundation.yaml",
        old: "              - s3:DeleteBucketPolicy\n",
        new: "              - s3:DeleteBucketWebsite\n",
        says: &["DELETE_FAILED", "answers FAILED", "s3:DeleteBucketPolicy"],
        line: "DownloadRestriction",
    });
}

#[test]
fn the_boundary_keeps_a_machine_from_its_log() {
    found(&Sabotage {
        product: "windows",
        file: "generated/foundation.yaml",
        old: "              - logs:PutLogEvents\n",
        new: "",
        says: &[
            "WindowsInstance",
            "logs:PutLogEvents",
            "the permissions boundary",
        ],
        line: "portfolios/foundation.yaml: boundary:",
    });
    found(&Sabotage {
        product: "windows",
        file: "generated/foundation.yaml",
        old: "log-group:*\n          - Sid: Keys",
        new: "log-group:/other/*\n          - Sid: Keys",
        says: &["WindowsInstance", "logs:PutLogEvents", "statement Logs of"],
        line: "portfolios/foundation.yaml:   - sid: Logs",
    });
}

#[test]
fn the_boundary_keeps_a_job_from_its_image() {
    found(&Sabotage {
        product: "scheduled-job",
        file: "generated/foundation.yaml",
        old: "              - ecr:BatchGetImage\n",
        new: "",
        says: &[
            "JobDefinition",
            "ecr:BatchGetImage",
            "the permissions boundary",
        ],
        line: "portfolios/foundation.yaml: boundary:",
    });
}

#[test]
fn a_machine_cannot_do_what_its_boot_needs() {
    found(&Sabotage {
        product: "linux-docker",
        file: "generated/products/linux-docker.yaml",
        old: "                  - ec2:DescribeVolumes\n",
        new: "",
        says: &["EC2Instance", "no signal of success", "ec2:DescribeVolumes"],
        line: "EC2Instance",
    });
}

#[test]
fn a_function_gets_its_role_by_name() {
    found(&Sabotage {
        product: "scheduled-job",
        file: "generated/products/scheduled-job.yaml",
        old: "      Role: !GetAtt SubmitRole.Arn\n",
        new: "      Role: !Ref SubmitRole\n",
        says: &["SubmitFunction", "no such role", "Fn::GetAtt Arn"],
        line: "Role: !Ref SubmitRole",
    });
}

#[test]
fn the_function_of_a_custom_resource_may_not_be_called() {
    found(&Sabotage {
        product: "scheduled-job",
        file: "generated/launch-roles/scheduled-job.yaml",
        old: "SetBatchTagsFunctionArn",
        new: "SetBucketTagsFunctionArn",
        says: &[
            "BatchTagger",
            "lambda:InvokeFunction",
            "SetBatchTagsFunction",
        ],
        line: "CustomResources",
    });
}

#[test]
fn a_role_trusts_another_service() {
    found(&Sabotage {
        product: "scheduled-job",
        file: "generated/products/scheduled-job.yaml",
        old: "              Service: ecs-tasks.amazonaws.com\n",
        new: "              Service: ecs.amazonaws.com\n",
        says: &[
            "JobDefinition",
            "doesn't let ecs-tasks.amazonaws.com assume it",
        ],
        line: "AssumeRolePolicyDocument",
    });
}

#[test]
fn a_bucket_with_data_in_it_is_no_longer_retained() {
    found(&Sabotage {
        product: "s3-private",
        file: "generated/products/s3-private.yaml",
        old: "    DeletionPolicy: RetainExceptOnCreate\n",
        new: "    DeletionPolicy: Delete\n",
        says: &["S3Bucket", "DELETE_FAILED", "it isn't empty"],
        line: "S3Bucket",
    });
}

#[test]
fn the_boundary_denies() {
    found(&Sabotage {
        product: "scheduled-job",
        file: "generated/foundation.yaml",
        old: "          - Sid: SubmitJobs\n",
        new: "          - Sid: NoJobs\n            Effect: Deny\n            Action: batch:SubmitJob\n            Resource: \"*\"\n          - Sid: SubmitJobs\n",
        says: &[
            "SubmitFunction",
            "batch:SubmitJob",
            "denied by statement NoJobs",
        ],
        line: "NoJobs",
    });
}
