//! Products to test with.

use aws_sdk_servicecatalog::Client;
use aws_sdk_servicecatalog::operation::create_product::CreateProductOutput;
use aws_sdk_servicecatalog::types::{
    ProductType, ProvisioningArtifactProperties, ProvisioningArtifactType,
};

pub fn version(name: &str, url: &str) -> ProvisioningArtifactProperties {
    ProvisioningArtifactProperties::builder()
        .name(name)
        .info("LoadTemplateFromURL", url)
        .r#type(ProvisioningArtifactType::CloudFormationTemplate)
        .build()
}

pub async fn product(catalog: &Client, name: &str, url: &str, token: &str) -> CreateProductOutput {
    catalog
        .create_product()
        .name(name)
        .owner("Compute")
        .product_type(ProductType::CloudFormationTemplate)
        .provisioning_artifact_parameters(version("v1.0.0", url))
        .idempotency_token(token)
        .send()
        .await
        .unwrap()
}

pub fn ids(made: &CreateProductOutput) -> (String, String) {
    let view = made.product_view_detail().unwrap();
    let product = view.product_view_summary().unwrap().product_id().unwrap();
    let version = made.provisioning_artifact_detail().unwrap().id().unwrap();
    (product.to_owned(), version.to_owned())
}
