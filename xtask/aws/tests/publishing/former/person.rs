//! Somebody who uses the catalog: launches, updates and ends what runs.

use super::Former;
use aws_credential_types::Credentials;
use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::types::{
    ProvisioningParameter, RecordStatus, Tag, UpdateProvisioningParameter,
};

/// What the forms ask for and give no default of.
pub const VALUES: [(&str, &str, &str); 1] = [("s3-synapse", "SynapseIDs", "1234567")];

/// How something that was asked of a provisioned product ended.
#[derive(Debug)]
pub struct Outcome {
    pub is_well: bool,
    pub said: String,
}

impl Former {
    /// Somebody who may use the catalog.
    pub async fn user(&self) -> Client {
        let account = &self.session.account;
        let role = format!("arn:aws:iam::{account}:role/ServiceCatalogEndusers");
        let assume = self.session.identities.assume_role().role_arn(role);
        let assumed = assume.role_session_name("somebody").send().await.unwrap();
        let keys = assumed.credentials.unwrap();
        let credentials = Credentials::new(
            keys.access_key_id,
            keys.secret_access_key,
            Some(keys.session_token),
            None,
            "test",
        );
        let config = self.session.catalog.config().to_builder();
        Client::from_conf(config.credentials_provider(credentials).build())
    }

    /// Launches the version of before.
    pub async fn launch(&self, user: &Client, key: &str, name: &str) -> Outcome {
        self.launch_version(user, key, &self.ids[key].1, name).await
    }

    /// Launches a version.
    pub async fn launch_version(
        &self,
        user: &Client,
        key: &str,
        version: &str,
        name: &str,
    ) -> Outcome {
        let product = &self.ids[key].0;
        let values = VALUES.iter().filter(|(of, ..)| *of == key);
        let values = values.map(|(_, name, value)| {
            let parameter = ProvisioningParameter::builder().key(*name);
            parameter.value(*value).build()
        });
        let launch = user
            .provision_product()
            .product_id(product)
            .provisioning_artifact_id(version)
            .provisioned_product_name(name)
            .provision_token(name)
            .set_provisioning_parameters(Some(values.collect()))
            .set_tags(Some(self.tags(user, key, version).await));
        let launch = match self.path(user, key).await {
            Some(path) => launch.path_id(path),
            None => launch,
        };
        match launch.send().await {
            Ok(asked) => ended(user, asked.record_detail.unwrap().record_id).await,
            Err(refusal) => Outcome {
                is_well: false,
                said: format!("{:?}", refusal.into_service_error()),
            },
        }
    }

    async fn path(&self, user: &Client, key: &str) -> Option<String> {
        let paths = user.list_launch_paths().product_id(&self.ids[key].0);
        let paths = paths.send().await.unwrap();
        let first = paths.launch_path_summaries().first();
        first.and_then(|path| path.id().map(str::to_owned))
    }

    /// A value of each tag that the form asks for.
    async fn tags(&self, user: &Client, key: &str, version: &str) -> Vec<Tag> {
        let form = user
            .describe_provisioning_parameters()
            .product_id(&self.ids[key].0)
            .provisioning_artifact_id(version)
            .set_path_id(self.path(user, key).await);
        let form = form.send().await.unwrap();
        let options = form.tag_options().iter();
        let chosen = options.map(|option| {
            let tag = Tag::builder().key(option.key().unwrap());
            tag.value(option.values().last().unwrap()).build().unwrap()
        });
        chosen.collect()
    }

    /// Updates what runs, to a version or within its own.
    pub async fn update(
        &self,
        user: &Client,
        key: &str,
        version: Option<&str>,
        values: &[(&str, &str)],
    ) -> Outcome {
        let values = values.iter().map(|(name, value)| {
            let parameter = UpdateProvisioningParameter::builder().key(*name);
            parameter.value(*value).build()
        });
        let (product, own) = &self.ids[key];
        let update = user
            .update_provisioned_product()
            .provisioned_product_name(running(key))
            .product_id(product)
            .provisioning_artifact_id(version.unwrap_or(own))
            .set_provisioning_parameters(Some(values.collect()))
            .set_path_id(self.path(user, key).await)
            .set_tags(Some(self.tags(user, key, version.unwrap_or(own)).await))
            .update_token(format!("{key}-{}", version.unwrap_or(own)));
        match update.send().await {
            Ok(asked) => ended(user, asked.record_detail.unwrap().record_id).await,
            Err(refusal) => Outcome {
                is_well: false,
                said: format!("{:?}", refusal.into_service_error()),
            },
        }
    }

    /// Ends what runs.
    pub async fn end(&self, user: &Client, key: &str) -> Outcome {
        let end = user
            .terminate_provisioned_product()
            .provisioned_product_name(running(key))
            .terminate_token(key);
        let asked = end.send().await.unwrap();
        ended(user, asked.record_detail.unwrap().record_id).await
    }
}

/// The name of what runs of a product.
pub fn running(key: &str) -> String {
    format!("my-{key}")
}

async fn ended(user: &Client, record: Option<String>) -> Outcome {
    let id = record.unwrap();
    loop {
        let described = user.describe_record().id(&id).send().await.unwrap();
        let detail = described.record_detail.unwrap();
        let is_well = match detail.status() {
            Some(RecordStatus::Succeeded) => true,
            Some(RecordStatus::Failed) => false,
            _ => {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                continue;
            }
        };
        let said = format!("{:?}", detail.record_errors());
        return Outcome { is_well, said };
    }
}
