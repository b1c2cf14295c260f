//! How a job is submitted: by its schedule, and by a call of its secret URL.
//!
//! **One function submits.** It gives each job the environment variables of the launch form. The
//! form takes them as one text, and CloudFormation's functions can't cut a list of unknown length
//! into pairs: `Fn::Split` takes no delimiter that is computed, so that nothing drops a name in
//! front of the first `=` and keeps what stands behind it, and a fixed number of slots would bound
//! both the variables and the `=` in each. The job definition therefore holds none; the function
//! cuts each pair at its first `=` and passes them as overrides of the job, where they are
//! variables like any other. Jobs that an operator submits past the function don't have them.
//!
//! **The URL** is the function's own, and at its end a token: the HMAC of the revision on the
//! launch form, under a key that Secrets Manager made and nobody reads but the function. AWS calls
//! the first part of such URLs deterministic; only the token is a secret. Another revision is another
//! URL, the same revision after a failed update is the same URL, and calls without the token are
//! answered 404. Behind the token, `/log` shows what the newest run printed: no tag says whose a log
//! group is, so that no policy could open it to its owner alone in the console. A call submits with GET or POST only, never for a browser's prefetch or a link's
//! preview, and not beyond a number of jobs a minute: a quota of the function's concurrency would
//! be taken from what all functions of the account share.

use super::batch::Batch;
use super::form::Form;
use super::settings::Settings;
use compute_catalog::cfn::{
    Builder, CustomAttribute, DeletionPolicy, Handle, UpdateReplacePolicy, Value, equals, if_else,
    join, pseudo, sub,
};
use compute_catalog::iam::{PolicyDocument, Statement};
use compute_catalog::resource::{events, iam, lambda, logs, secretsmanager};

compute_catalog::resource_type! {
    /// `Custom::SubmitUrl`: the submit URL with its token.
    struct SubmitUrl = "Custom::SubmitUrl";
}

const URL: CustomAttribute<SubmitUrl, String> = CustomAttribute::new("Url");

/// Declares the function, its URL and its schedule. Gives the URL to call.
pub(super) fn declare(
    builder: &mut Builder,
    form: &Form,
    settings: &Settings,
    job: &Batch,
    code: &str,
) -> Value<String> {
    let key = builder.resource(
        "SubmitUrlKey",
        secretsmanager::Secret::new()
            .description("Makes and checks the token of the submit URL")
            .generate_secret_string(
                secretsmanager::GenerateSecretString::new()
                    .password_length(64)
                    .exclude_punctuation(true),
            )
            .deletion_policy(DeletionPolicy::Delete)
            .update_replace_policy(UpdateReplacePolicy::Delete),
    );
    let function = function(builder, form, settings, job, &key, code);
    schedule(builder, form, &function);
    url(builder, form, &function)
}

fn function(
    builder: &mut Builder,
    form: &Form,
    settings: &Settings,
    job: &Batch,
    key: &Handle<secretsmanager::Secret>,
    code: &str,
) -> Handle<lambda::Function> {
    let log_group = builder.resource(
        "SubmitLogGroup",
        logs::LogGroup::new()
            .retention_in_days(settings.log_retention_days)
            .deletion_policy(DeletionPolicy::Delete)
            .update_replace_policy(UpdateReplacePolicy::Delete),
    );
    let role = builder.resource(
        "SubmitRole",
        iam::Role::new(PolicyDocument::trust(["lambda.amazonaws.com"])).policies([
            iam::Policy::new(permissions(job, key, &log_group), "Function"),
        ]),
    );
    let command = if_else(&job.command_is_array, &form.command, Value::no_value());
    let variables = [
        ("JOB_NAME", pseudo::stack_name()),
        ("JOB_QUEUE", job.queue.reference()),
        ("JOB_DEFINITION", job.definition.reference()),
        ("JOB_VARIABLES", join(",", &form.variables)),
        ("JOB_COMMAND", command),
        (
            "JOBS_PER_MINUTE",
            settings.jobs_per_minute.to_string().into(),
        ),
        ("LOG_GROUP", job.log_group.reference()),
        ("URL_KEY", key.reference()),
        ("URL_REVISION", form.url_revision.text()),
    ];
    builder.resource(
        "SubmitFunction",
        lambda::Function::new(lambda::Code::new().zip_file(code), role.arn())
            .description("Submits the job")
            .runtime(lambda::FunctionRuntime::Python3_13)
            .handler("index.handler")
            .timeout(60)
            .environment(lambda::Environment::new().variables(variables))
            .logging_config(lambda::LoggingConfig::new().log_group(&log_group)),
    )
}

fn permissions(
    job: &Batch,
    key: &Handle<secretsmanager::Secret>,
    log_group: &Handle<logs::LogGroup>,
) -> PolicyDocument {
    // Every revision: an update makes the next one before the function knows of it.
    let definition = sub(
        "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-definition/${AWS::StackName}:*",
    );
    PolicyDocument::new([
        Statement::allow("SubmitThisJob")
            .actions(["batch:SubmitJob"])
            .on([job.queue.reference(), definition]),
        // It takes no resource.
        Statement::allow("CountJobs")
            .actions(["batch:ListJobs"])
            .on_any(),
        Statement::allow("ReadUrlKey")
            .actions(["secretsmanager:GetSecretValue"])
            .on([key]),
        Statement::allow("ReadJobLog")
            .actions(["logs:DescribeLogStreams", "logs:GetLogEvents"])
            .on([job.log_group.arn()]),
        Statement::allow("Log")
            .actions(["logs:CreateLogStream", "logs:PutLogEvents"])
            .on([log_group.arn()]),
    ])
}

fn schedule(builder: &mut Builder, form: &Form, function: &Handle<lambda::Function>) {
    let enabled = builder.condition(
        "ScheduleEnabled",
        equals::<String>(&form.enable_schedule, "true"),
    );
    let state = if_else(
        &enabled,
        events::RuleState::Enabled,
        events::RuleState::Disabled,
    );
    let rule = builder.resource(
        "ScheduleRule",
        events::Rule::new()
            .description("Submits the job on its schedule")
            .schedule_expression(&form.schedule)
            .state(state)
            .targets([events::Target::new(function.arn(), "SubmitJob")]),
    );
    builder.resource(
        "SchedulePermission",
        lambda::Permission::new(
            "lambda:InvokeFunction",
            function.arn(),
            "events.amazonaws.com",
        )
        .source_arn(rule.arn()),
    );
}

/// Why everyone may call the URL.
const GUARDED_BY_TOKEN: &str = "a browser or curl calls the URL without an AWS identity; the \
     function answers 404 to calls without the secret token";

/// The URL is open to everyone; what opens the function is the token.
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
fn url(builder: &mut Builder, form: &Form, function: &Handle<lambda::Function>) -> Value<String> {
    let base = builder.resource(
        "SubmitFunctionUrl",
        lambda::Url::new(lambda::UrlAuthType::None, function.arn())
            .suppress("public-access", GUARDED_BY_TOKEN),
    );
    builder.resource(
        "SubmitUrlPermission",
        lambda::Permission::new("lambda:InvokeFunctionUrl", function.arn(), "*")
            .function_url_auth_type(lambda::PermissionFunctionUrlAuthType::None)
            .suppress("public-access", GUARDED_BY_TOKEN),
    );
    builder.resource(
        "SubmitUrlInvokePermission",
        lambda::Permission::new("lambda:InvokeFunction", function.arn(), "*")
            .invoked_via_function_url(true)
            .suppress("public-access", GUARDED_BY_TOKEN),
    );
    let url = builder.resource(
        "SubmitUrl",
        SubmitUrl::bare()
            .with("ServiceToken", function.arn())
            .with("BaseUrl", base.function_url())
            .with("Revision", form.url_revision.text()),
    );
    url.attribute(&URL)
}
