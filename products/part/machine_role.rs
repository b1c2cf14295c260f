//! The role of a machine: what its software, and whoever works on it, can do in AWS.
//!
//! Whoever has a session on a machine can act as its role. So the role holds what the machine's
//! own agents and boot scripts call, and nothing that reads or changes what belongs to others: no
//! parameter of the account, no tag of another resource, no log but the product's own.

use compute_catalog::cfn::{Builder, Handle, Sub, Value};
use compute_catalog::iam::{Condition, PolicyDocument, Statement};
use compute_catalog::resource::{iam, logs};

/// A machine's role, and the profile that gives it to an instance.
pub struct MachineRole {
    /// The role.
    pub role: Handle<iam::Role>,
    /// Its profile.
    pub profile: Handle<iam::InstanceProfile>,
}

/// Declares `InstanceRole` and `InstanceProfile`. Every machine can be managed and patched by
/// Systems Manager; `policies` are ARNs of further managed policies, `own` further rights.
pub fn declare(
    builder: &mut Builder,
    policies: impl IntoIterator<Item = Value<String>>,
    own: impl IntoIterator<Item = Statement>,
) -> MachineRole {
    // What Quick Setup's patch policies ask of each machine that they are to patch.
    let patching =
        Sub::new("arn:${AWS::Partition}:iam::aws:policy/AWSQuickSetupPatchPolicyBaselineAccess");
    let statements = systems_manager()
        .into_iter()
        .chain([own_facts()])
        .chain(own);
    let role = builder.resource(
        "InstanceRole",
        // Systems Manager assumes the role for maintenance tasks.
        iam::Role::new(trust())
            .path("/")
            .managed_policy_arns(
                policies
                    .into_iter()
                    .chain([patching.into()])
                    .collect::<Value<_>>(),
            )
            .policies([iam::Policy::new(PolicyDocument::new(statements), "Machine")]),
    );
    let profile = builder.resource(
        "InstanceProfile",
        iam::InstanceProfile::new([&role]).path("/"),
    );
    MachineRole { role, profile }
}

/// EC2 says for no account that it acts; Systems Manager does.
fn trust() -> PolicyDocument {
    let systems_manager = PolicyDocument::trust_within_account(["ssm.amazonaws.com"]);
    systems_manager.statements().iter().fold(
        PolicyDocument::trust(["ec2.amazonaws.com"]),
        |trust, statement| trust.with(statement.clone()),
    )
}

/// What the SSM agent calls, without the parameters of the account. Most of these actions take no
/// resource; the others are held to instances of the account, whose ids aren't known before.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html>
fn systems_manager() -> [Statement; 3] {
    let instances: Value<String> =
        Sub::new("arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/*").into();
    let associations: Value<String> =
        Sub::new("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:association/*").into();
    let documents: Value<String> =
        Sub::new("arn:${AWS::Partition}:ssm:${AWS::Region}:*:document/*").into();
    [
        Statement::allow("SystemsManager")
            .actions([
                "ssm:DescribeAssociation",
                "ssm:DescribeDocument",
                "ssm:GetDeployablePatchSnapshotForInstance",
                "ssm:GetDocument",
                "ssm:GetManifest",
                "ssm:ListAssociations",
                "ssm:ListInstanceAssociations",
                "ssm:PutConfigurePackageResult",
                "ssm:PutInventory",
            ])
            .on_any(),
        Statement::allow("OwnState")
            .actions([
                "ssm:PutComplianceItems",
                "ssm:UpdateAssociationStatus",
                "ssm:UpdateInstanceAssociationStatus",
                "ssm:UpdateInstanceInformation",
            ])
            .on([instances, associations, documents]),
        Statement::allow("Sessions")
            .actions([
                "ec2messages:AcknowledgeMessage",
                "ec2messages:DeleteMessage",
                "ec2messages:FailMessage",
                "ec2messages:GetEndpoint",
                "ec2messages:GetMessages",
                "ec2messages:SendReply",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ])
            .on_any(),
    ]
}

/// What the boot scripts and the notebook's proxy look up about their own machine. EC2's describing
/// actions take no resource.
fn own_facts() -> Statement {
    Statement::allow("OwnFacts")
        .actions([
            "ec2:DescribeInstances",
            "ec2:DescribeTags",
            "ec2:DescribeVolumes",
        ])
        .on_any()
}

/// What the CloudWatch agent sends: metrics of the stack's own namespace, logs of its own group.
pub fn monitoring(log_group: &Handle<logs::LogGroup>) -> [Statement; 2] {
    let namespace: Value<String> = Sub::new("CWAgent/${AWS::StackName}").into();
    [
        Statement::allow("Metrics")
            .actions(["cloudwatch:PutMetricData"])
            .on_any()
            .when(Condition::string_equals(
                "cloudwatch:namespace",
                [namespace],
            )),
        Statement::allow("Logs")
            .actions([
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ])
            .on([log_group.arn()]),
    ]
}
