//! `team-queue`: imported from a hand-written template.
//! Messages of a team, and a function that reads them.

use compute_catalog::cfn::{
    Builder, DeletionPolicy, Mapping, Output, ParameterDeclaration, Sub, Template,
    UpdateReplacePolicy, Value, equals, find_in_map, if_else, json, not, untyped,
};
use compute_catalog::iam::{PolicyDocument, Statement};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::{iam, lambda, logs, sqs};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct TeamQueue;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// What the launch form offers where nothing is chosen.
    pub defaults: Defaults,
}

/// What the launch form offers where nothing is chosen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Defaults {
    /// Of the parameter `RetentionSeconds`.
    pub retention_seconds: i64,
    /// Of the parameter `Stage`.
    pub stage: String,
}

impl Model for TeamQueue {
    const KEY: Key = Key::constant("team-queue");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut builder = Builder::new("A queue with a function");
        // How long a message waits before it is dropped.
        let retention_seconds = builder.parameter(
            "RetentionSeconds",
            ParameterDeclaration::number()
                .label("Retention")
                .group("Queue")
                .description("Seconds for which a message waits.")
                .default(settings.defaults.retention_seconds)
                .min_value(60_i64)
                .max_value(1209600_i64),
        );
        let stage = builder.parameter(
            "Stage",
            ParameterDeclaration::string()
                .label("Stage")
                .group("Queue")
                .description("How much it takes.")
                .default(&settings.defaults.stage)
                .allowed_values(["test", "production"]),
        );
        let mut sizes = Mapping::<String>::new();
        sizes.set("test", "Memory", "128");
        sizes.set("test", "Log", "7");
        sizes.set("production", "Memory", "512");
        sizes.set("production", "Log", "90");
        let sizes = builder.mapping("Sizes", sizes);
        let is_production =
            builder.condition("IsProduction", equals::<String>(&stage, "production"));
        let is_test = builder.condition("IsTest", not(&is_production));
        let reader_log = builder.resource(
            "ReaderLog",
            logs::LogGroup::new()
                .retention_in_days(7)
                .deletion_policy(DeletionPolicy::RetainExceptOnCreate),
        );
        // What nobody could read.
        let dead = builder.resource(
            "Dead",
            sqs::Queue::new()
                .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
                .update_replace_policy(UpdateReplacePolicy::Retain),
        );
        let queue = builder.resource(
            "Queue",
            sqs::Queue::new()
                .message_retention_period(&retention_seconds)
                .redrive_policy(json!({"deadLetterTargetArn": dead.arn(), "maxReceiveCount": 5})),
        );
        let reader_role = builder.resource(
            "ReaderRole",
            iam::Role::new(PolicyDocument::trust(["lambda.amazonaws.com"])).policies([
                iam::Policy::new(
                    PolicyDocument::new([
                        Statement::allow("")
                            .actions(["sqs:ReceiveMessage", "sqs:DeleteMessage"])
                            .on([queue.arn()]),
                        Statement::allow("")
                            .actions(["logs:CreateLogStream", "logs:PutLogEvents"])
                            .on([reader_log.arn()]),
                    ]),
                    "Read",
                ),
            ]),
        );
        let reader = builder.resource(
            "Reader",
            lambda::Function::new(
                lambda::Code::new().zip_file(context.own_file("files/reader-zip-file.py")?),
                reader_role.arn(),
            )
            .runtime(lambda::FunctionRuntime::Python3_13)
            .handler("index.handler")
            .memory_size(untyped(find_in_map(&sizes, &stage, "Memory")))
            .timeout(30)
            .logging_config(lambda::LoggingConfig::new().log_group(reader_log.reference()))
            .environment(lambda::Environment::new().variables([
                ("QUEUE", queue.reference()),
                (
                    "NAME",
                    if_else::<String>(
                        &is_production,
                        Sub::new("${AWS::StackName}-live"),
                        Value::<String>::no_value(),
                    ),
                ),
            ]))
            .depends_on(&reader_log),
        );
        builder.output(
            "QueueUrl",
            Output::new::<String>(queue.reference(), "Where messages go")
                .condition(&is_test)
                .export(Sub::new("${AWS::StackName}-queue")),
        );
        builder.output(
            "Reader",
            Output::new::<String>(reader.arn(), "The function"),
        );

        context.finish(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::TeamQueue;
    use compute_catalog::product::imported_differences;

    #[test]
    fn the_template_means_what_the_imported_one_does() {
        let settings = include_str!("settings.yaml");
        let original = include_str!("imported.yaml");
        let files = [(
            "files/reader-zip-file.py",
            include_str!("files/reader-zip-file.py"),
        )];
        let differences = imported_differences::<TeamQueue>(settings, original, &files);
        assert!(differences.is_empty(), "{differences:#?}");
    }
}
