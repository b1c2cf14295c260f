//! `team-database`: imported from a hand-written template.

use compute_catalog::cfn::{
    Builder, DeletionPolicy, Output, ParameterDeclaration, Sub, Template, UpdateReplacePolicy,
};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::{rds, secretsmanager};
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct TeamDatabase;

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
    /// Of the parameter `Gibibytes`.
    pub gibibytes: i64,
    /// Of the parameter `Class`.
    pub class: String,
    /// Of the parameter `Group`.
    pub group: String,
}

impl Model for TeamDatabase {
    const KEY: Key = Key::constant("team-database");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        let mut builder = Builder::new("A database whose last state is kept");
        // Storage grows, and never shrinks.
        let gibibytes = builder.parameter(
            "Gibibytes",
            ParameterDeclaration::number()
                .label("Storage")
                .group("Database")
                .description("Gibibytes of storage.")
                .default(settings.defaults.gibibytes)
                .min_value(20_i64)
                .max_value(1000_i64),
        );
        let class = builder.parameter(
            "Class",
            ParameterDeclaration::string()
                .label("Size")
                .group("Database")
                .description("How fast it is.")
                .default(&settings.defaults.class)
                .allowed_values(["db.t4g.small", "db.t4g.medium"]),
        );
        let group = builder.parameter(
            "Group",
            ParameterDeclaration::<String>::of_type("AWS::SSM::Parameter::Value<String>")
                .label("Subnets")
                .group("Network")
                .description("Where the name of the subnet group stands.")
                .default(&settings.defaults.group)
                .allowed_values(["/network/database-subnets"]),
        );
        let secret = builder.resource(
            "Secret",
            secretsmanager::Secret::new().generate_secret_string(
                secretsmanager::GenerateSecretString::new()
                    .secret_string_template(r#"{"username": "root"}"#)
                    .generate_string_key("password")
                    .exclude_characters(r#""@/\"#),
            ),
        );
        let database = builder.resource(
            "Database",
            rds::DbInstance::new()
                .db_instance_class(&class)
                .allocated_storage(gibibytes.text())
                .engine("postgres")
                .storage_encrypted(true)
                .db_subnet_group_name(&group)
                .master_username(
                    Sub::new("{{resolve:secretsmanager:${Secret}:SecretString:username}}")
                        .with::<String>("Secret", secret.reference()),
                )
                .master_user_password(
                    Sub::new("{{resolve:secretsmanager:${Secret}:SecretString:password}}")
                        .with::<String>("Secret", secret.reference()),
                )
                .deletion_policy(DeletionPolicy::Snapshot)
                .update_replace_policy(UpdateReplacePolicy::Snapshot),
        );
        builder.output(
            "Endpoint",
            Output::new::<String>(database.endpoint_address(), "Where it answers"),
        );

        context.finish(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::TeamDatabase;
    use compute_catalog::product::imported_differences;

    #[test]
    fn the_template_means_what_the_imported_one_does() {
        let settings = include_str!("settings.yaml");
        let original = include_str!("imported.yaml");
        let files = [];
        let differences = imported_differences::<TeamDatabase>(settings, original, &files);
        assert!(differences.is_empty(), "{differences:#?}");
    }
}
