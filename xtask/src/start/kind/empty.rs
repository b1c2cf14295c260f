//! `example-empty`: one log group, to start from.

use compute_catalog::cfn::{Builder, Output, Template};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::logs;
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct ExampleEmpty;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// For how many days a log line is kept: one of the numbers that CloudWatch Logs takes.
    pub log_retention_days: u32,
}

impl Model for ExampleEmpty {
    const KEY: Key = Key::constant("example-empty");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut builder = Builder::new(&settings.catalog.description);
        let log = builder.resource(
            "Log",
            logs::LogGroup::new().retention_in_days(settings.log_retention_days),
        );
        builder.output("LogArn", Output::new(log.arn(), "ARN of the log group"));
        context.finish(builder)
    }
}
