//! `example-job`: a function that runs on a schedule, and its log.

use compute_catalog::cfn::{Builder, Handle, Output, ParameterDeclaration, Template};
use compute_catalog::iam::{PolicyDocument, Statement};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::{events, iam, lambda, logs};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct ExampleJob;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// For how many days a log line is kept: one of the numbers that CloudWatch Logs takes.
    pub log_retention_days: u32,
    /// How long a run may take, in seconds, at most 900.
    pub timeout_seconds: u32,
    /// Memory of a run in MiB, 128 to 10,240.
    pub memory_mib: u32,
}

impl Model for ExampleJob {
    const KEY: Key = Key::constant("example-job");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let code = context.own_file("files/job.py")?;
        let mut builder = Builder::new(&settings.catalog.description);
        let schedule = builder.parameter(
            "Schedule",
            ParameterDeclaration::string()
                .label("Schedule")
                .group("Job")
                .description("When the job runs: rate(1 day), or cron(0 6 ? * MON-FRI *) in UTC.")
                .default("rate(1 day)")
                .allowed_pattern(
                    "^(rate|cron)\\([A-Za-z0-9 ,/*?#-]+\\)$",
                    "Write rate(1 day) or cron(0 6 ? * MON-FRI *).",
                ),
        );
        let log = builder.resource(
            "Log",
            logs::LogGroup::new().retention_in_days(settings.log_retention_days),
        );
        let role = builder.resource(
            "Role",
            iam::Role::new(PolicyDocument::trust(["lambda.amazonaws.com"]))
                .policies([iam::Policy::new(writes(&log), "Function")]),
        );
        let function = builder.resource(
            "Function",
            lambda::Function::new(lambda::Code::new().zip_file(code), role.arn())
                .description("Runs the job")
                .runtime(lambda::FunctionRuntime::Python3_13)
                .handler("index.handler")
                .timeout(settings.timeout_seconds)
                .memory_size(settings.memory_mib)
                .logging_config(lambda::LoggingConfig::new().log_group(&log)),
        );
        let rule = builder.resource(
            "Rule",
            events::Rule::new()
                .description("Starts the job")
                .schedule_expression(&schedule)
                .targets([events::Target::new(function.arn(), "Job")]),
        );
        builder.resource(
            "Permission",
            lambda::Permission::new(
                "lambda:InvokeFunction",
                function.arn(),
                "events.amazonaws.com",
            )
            .source_arn(rule.arn()),
        );
        builder.output("LogName", Output::new(&log, "Log group of the job"));
        context.finish(builder)
    }
}

/// What the function does in AWS: it writes its log.
fn writes(log: &Handle<logs::LogGroup>) -> PolicyDocument {
    PolicyDocument::new([Statement::allow("Logs")
        .actions(["logs:CreateLogStream", "logs:PutLogEvents"])
        .on([log.arn()])])
}
