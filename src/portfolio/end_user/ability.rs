//! What each ability allows.

use super::{Ability, EndUsers};
use crate::cfn::Sub;
use crate::iam::{Condition, PolicyDocument, Statement};

/// The policy of an ability.
pub(super) fn policy(ability: Ability, users: &EndUsers) -> PolicyDocument {
    match ability {
        Ability::Launch => launch(),
        Ability::Sessions => sessions(users),
        Ability::Logs => logs(users),
        Ability::Jobs => jobs(),
        Ability::Metrics => PolicyDocument::new([Statement::allow("ReadMetrics")
            .actions([
                "cloudwatch:GetMetricData",
                "cloudwatch:GetMetricStatistics",
                "cloudwatch:ListMetrics",
            ])
            .on_any()]),
    }
}

/// What one sees is decided by portfolios, what one may do with products by who launched them.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/permissions-examples.html>
fn launch() -> PolicyDocument {
    PolicyDocument::new([
        Statement::allow("LaunchProducts")
            .actions([
                "servicecatalog:DescribeProduct",
                "servicecatalog:DescribeProvisioningParameters",
                "servicecatalog:ListLaunchPaths",
                "servicecatalog:ListServiceActionsForProvisioningArtifact",
                "servicecatalog:ProvisionProduct",
            ])
            // A shared portfolio's products belong to another account.
            .on([Sub::new(
                "arn:${AWS::Partition}:catalog:${AWS::Region}:*:product/*",
            )]),
        Statement::allow("FindProducts")
            .actions([
                "servicecatalog:DescribeProductView",
                "servicecatalog:SearchProducts",
            ])
            .on_any(),
        Statement::allow("OwnProducts")
            .actions([
                "servicecatalog:CreateProvisionedProductPlan",
                "servicecatalog:DeleteProvisionedProductPlan",
                "servicecatalog:DescribeProvisionedProduct",
                "servicecatalog:DescribeProvisionedProductPlan",
                "servicecatalog:DescribeRecord",
                "servicecatalog:DescribeServiceActionExecutionParameters",
                "servicecatalog:ExecuteProvisionedProductPlan",
                "servicecatalog:ExecuteProvisionedProductServiceAction",
                "servicecatalog:ListProvisionedProductPlans",
                "servicecatalog:ListRecordHistory",
                "servicecatalog:ListStackInstancesForProvisionedProduct",
                "servicecatalog:ScanProvisionedProducts",
                "servicecatalog:SearchProvisionedProducts",
                "servicecatalog:TerminateProvisionedProduct",
                "servicecatalog:UpdateProvisionedProduct",
            ])
            .on_any()
            .when(Condition::string_equals(
                "servicecatalog:userLevel",
                ["self"],
            )),
        Statement::allow("FollowActions")
            .actions(["ssm:GetAutomationExecution"])
            .on([Sub::new(
                "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-execution/*",
            )]),
        // Whether Service Catalog reads forms and documents as whoever looks at them is said nowhere;
        // AWS's own policy for end users grants both.
        // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSServiceCatalogEndUserFullAccess.html
        Statement::allow("ReadForms")
            .actions(["cloudformation:GetTemplateSummary"])
            .on_any(),
        Statement::allow("ReadActions")
            .actions(["ssm:DescribeDocument"])
            .on([Sub::new(
                "arn:${AWS::Partition}:ssm:${AWS::Region}:*:document/AWS-*",
            )]),
        Statement::allow("SeeOrganization")
            .actions(["organizations:DescribeOrganization"])
            .on_any(),
    ])
}

/// A session is opened on an instance that names the caller in its tag, with a document of the
/// list; it is ended or taken up again by the caller who opened it.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html>
fn sessions(users: &EndUsers) -> PolicyDocument {
    let documents = users.sessions.documents.iter().map(|document| {
        let document = document.as_str();
        Sub::new(format!(
            "arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:*:document/{document}"
        ))
    });
    PolicyDocument::new([
        Statement::allow("SessionDocuments")
            .actions(["ssm:StartSession"])
            .on(documents),
        Statement::allow("SessionsOnOwnMachines")
            .actions(["ssm:StartSession"])
            .on([Sub::new(
                "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/*",
            )])
            .when(Condition::string_equals(
                &format!("ssm:resourceTag/{}", users.sessions.tag),
                ["${aws:userid}"],
            )),
        Statement::allow("OwnSessions")
            .actions(["ssm:ResumeSession", "ssm:TerminateSession"])
            .on([Sub::new(
                "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:session/*",
            )])
            .when(Condition::string_equals(
                "ssm:resourceTag/aws:ssmmessages:session-id",
                ["${aws:userid}"],
            )),
        Statement::allow("SeeMachines")
            .actions([
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ssm:DescribeInstanceInformation",
                "ssm:DescribeInstanceProperties",
                "ssm:DescribeSessions",
                "ssm:GetConnectionStatus",
            ])
            .on_any(),
    ])
}

fn logs(users: &EndUsers) -> PolicyDocument {
    let groups = users.log_groups.iter().flat_map(|name| {
        let group = format!(
            "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{name}"
        );
        [Sub::new(group.clone()), Sub::new(format!("{group}:*"))]
    });
    PolicyDocument::new([
        Statement::allow("LogsOfMachines")
            .actions([
                "logs:DescribeLogStreams",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "logs:GetQueryResults",
                "logs:StartQuery",
            ])
            .on(groups),
        Statement::allow("FindLogs")
            .actions(["logs:DescribeLogGroups", "logs:StopQuery"])
            .on_any(),
    ])
}

/// Batch takes no resource for what describes: whoever may describe jobs reads the variables of all.
/// A list tells the name and the state of a job, and nothing of what is in it.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html>
fn jobs() -> PolicyDocument {
    PolicyDocument::new([Statement::allow("SeeJobs")
        .actions([
            "batch:DescribeComputeEnvironments",
            "batch:DescribeJobDefinitions",
            "batch:DescribeJobQueues",
            "batch:ListJobs",
        ])
        .on_any()])
}
