//! The job itself: where it runs, what it runs, its secrets, permissions and log.

use super::form::Form;
use super::settings::Settings;
use crate::part::custom::SynapseTagger;
use compute_catalog::cfn::{
    Builder, ConditionHandle, DeletionPolicy, Handle, Mapping, Sub, UpdateReplacePolicy, Value,
    and, equals, find_in_map, not, pseudo, select, split, sub,
};
use compute_catalog::iam::{PolicyDocument, Statement};
use compute_catalog::resource::{batch, ec2, iam, logs, secretsmanager};

/// The variable under which a job finds its secrets.
const SECRETS_VARIABLE: &str = "SCHEDULED_JOB_SECRETS";

/// What jobs meet in the account.
pub(super) struct BatchAccount {
    /// Where they run.
    pub vpc: Value<String>,
    /// Private subnets of it, with a way to the Internet.
    pub subnets: [Value<String>; 3],
    /// Token of the tagger for Batch.
    pub tagger_token: Value<String>,
}

/// What the rest of the template refers to.
pub(super) struct Batch {
    pub environment: Handle<batch::ComputeEnvironment>,
    pub queue: Handle<batch::JobQueue>,
    pub definition: Handle<batch::JobDefinition>,
    pub secrets: Handle<secretsmanager::Secret>,
    /// What its runs print.
    pub log_group: Handle<logs::LogGroup>,
    /// The command is a JSON array, which only the submitting function can read.
    pub command_is_array: ConditionHandle,
}

/// Declares the job and all that it stands on.
pub(super) fn declare(
    builder: &mut Builder,
    form: &Form,
    settings: &Settings,
    account: BatchAccount,
) -> Batch {
    let has_command = builder.condition("HasCommand", not(equals::<String>(&form.command, "")));
    let starts_array = equals(select(0, split("[", &form.command)), "");
    let command_is_array =
        builder.condition("CommandIsArray", and([(&has_command).into(), starts_array]));
    let command_is_words = builder.condition(
        "CommandIsWords",
        and([(&has_command).into(), not(&command_is_array)]),
    );

    let BatchAccount {
        vpc,
        subnets,
        tagger_token,
    } = account;
    let service_role = builder.resource(
        "ServiceRole",
        role("batch.amazonaws.com")
            .managed_policy_arns([managed_policy("service-role/AWSBatchServiceRole")]),
    );
    let security_group = builder.resource(
        "SecurityGroup",
        ec2::SecurityGroup::new(Sub::new(&settings.security_group_description)).vpc_id(vpc),
    );
    let resources = batch::ComputeResources::new(*settings.max_vcpus, "FARGATE")
        .subnets(subnets)
        .security_group_ids([&security_group]);
    let environment = builder.resource(
        "ComputeEnvironment",
        batch::ComputeEnvironment::new("MANAGED")
            .state("ENABLED")
            // By ARN: Batch takes a bare name for that of a role at the path `/`, and every role of a
            // product has the product's path.
            // https://docs.aws.amazon.com/batch/latest/APIReference/API_CreateComputeEnvironment.html
            .service_role(service_role.arn())
            .compute_resources(resources),
    );
    let queue = builder.resource(
        "JobQueue",
        batch::JobQueue::new(1)
            .state(batch::JobQueueState::Enabled)
            .compute_environment_order([batch::ComputeEnvironmentOrder::new(&environment, 1)]),
    );
    // Running products have this policy, and it is among what the tagger tags. It is not given to
    // the queue: Batch takes a fair-share policy when it makes a queue and never later, and a new
    // queue would lose the jobs that wait in the old one. With one owner there is nothing to share.
    // https://docs.aws.amazon.com/batch/latest/APIReference/API_UpdateJobQueue.html
    let scheduling_policy = builder.resource(
        "SchedulingPolicy",
        batch::SchedulingPolicy::new().fairshare_policy(
            batch::FairsharePolicy::new()
                .share_decay_seconds(5.0)
                .compute_reservation(2.0),
        ),
    );

    let secrets = secrets(builder, form);
    let access = builder.resource(
        "SecretsAccessPolicy",
        iam::ManagedPolicy::new(PolicyDocument::new([Statement::allow("ReadJobSecrets")
            .actions([
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
            ])
            .on([&secrets])])),
    );
    let execution_role = builder.resource(
        "ExecutionRole",
        role("ecs-tasks.amazonaws.com").managed_policy_arns([
            managed_policy("service-role/AmazonECSTaskExecutionRolePolicy"),
            access.reference(),
        ]),
    );
    let job_role = builder.resource(
        "JobRole",
        role("ecs-tasks.amazonaws.com").managed_policy_arns([&access]),
    );
    let log_group = builder.resource(
        "LogGroup",
        // It goes with the product: nobody would find a log by the name of a stack that is gone.
        logs::LogGroup::new()
            .log_group_name(sub("/${AWS::StackName}/log"))
            .retention_in_days(settings.log_retention_days)
            .deletion_policy(DeletionPolicy::Delete)
            .update_replace_policy(UpdateReplacePolicy::Retain),
    );

    let mut sizes = Mapping::<String>::new();
    for size in &settings.sizes {
        sizes.set(
            &size.memory_mib.to_string(),
            "Vcpu",
            size.vcpu.value.as_str(),
        );
    }
    let sizes = builder.mapping("Sizes", sizes);
    let size = [
        batch::ResourceRequirement::new()
            .r#type("MEMORY")
            .value(&form.memory),
        batch::ResourceRequirement::new()
            .r#type("VCPU")
            .value(find_in_map(&sizes, &form.memory, "Vcpu")),
    ];
    // Without `EphemeralStorage` a task has 20 GiB: the property itself takes 21 or more.
    // https://docs.aws.amazon.com/batch/latest/APIReference/API_EphemeralStorage.html
    let container = batch::ContainerProperties::new(&form.image)
        .command(split(" ", &form.command).when(&command_is_words))
        .secrets([batch::Secret::new(SECRETS_VARIABLE, &secrets)])
        .resource_requirements(size)
        .job_role_arn(job_role.arn())
        .execution_role_arn(execution_role.arn())
        .log_configuration(
            batch::LogConfiguration::new("awslogs")
                .options([("awslogs-group", log_group.reference())]),
        );
    let definition = builder.resource(
        "JobDefinition",
        batch::JobDefinition::new("container")
            .job_definition_name(pseudo::stack_name())
            .propagate_tags(true)
            .platform_capabilities(["FARGATE"])
            .timeout(batch::JobTimeout::new().attempt_duration_seconds(&form.duration))
            .retry_strategy(batch::RetryStrategy::new().attempts(&form.retries))
            .container_properties(container),
    );
    builder.resource(
        "BatchTagger",
        SynapseTagger::of_batch(
            tagger_token,
            [
                ("JobDefinitionArn", definition.reference()),
                ("JobQueueArn", queue.reference()),
                ("ComputeEnvironmentArn", environment.reference()),
                ("SchedulingPolicyArn", scheduling_policy.reference()),
            ],
        ),
    );
    Batch {
        environment,
        queue,
        definition,
        secrets,
        log_group,
        command_is_array,
    }
}

fn secrets(builder: &mut Builder, form: &Form) -> Handle<secretsmanager::Secret> {
    builder.resource(
        "JobSecrets",
        // A secret that no product reads any more shall not stay behind.
        secretsmanager::Secret::new()
            .secret_string(Sub::new("{ ${pairs} }").with("pairs", &form.secrets))
            .deletion_policy(DeletionPolicy::Delete)
            .update_replace_policy(UpdateReplacePolicy::Delete),
    )
}

/// A role that an AWS service assumes, for this account only.
/// <https://docs.aws.amazon.com/batch/latest/userguide/cross-service-confused-deputy-prevention.html>
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html>
fn role(service: &str) -> iam::Role {
    iam::Role::new(PolicyDocument::trust_within_account([service]))
}

fn managed_policy(path: &str) -> Value<String> {
    Sub::new(format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}")).into()
}
