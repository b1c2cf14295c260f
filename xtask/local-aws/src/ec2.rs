//! EC2: the images and subnets that the file of the account names, and the instance types of AWS's
//! own list. Nothing is started.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/>

use crate::api::{ec2 as api, operations};
use crate::contents::Contents;
use crate::context::{Context, Reply};
use crate::wire::ApiError;
use compute_catalog::product::instance_type::{instance_type, names};
use serde_json::Value;

pub(crate) fn call(context: &mut Context<'_>, operation: &str, input: Value) -> Reply {
    operations! { ec2, context, operation, input;
        DescribeImages => describe_images,
        DescribeInstanceTypeOfferings => describe_instance_type_offerings,
        DescribeSubnets => describe_subnets,
    }
}

fn describe_images(
    context: &mut Context<'_>,
    input: api::DescribeImagesRequest,
) -> Result<api::DescribeImagesResult, ApiError> {
    let filters = Filters::new(input.filters, &["image-id"])?;
    let held = &contents(context).images;
    let held = held
        .iter()
        .filter(|image| filters.take("image-id", &image.id));
    let images = held.map(|image| api::Image {
        image_id: Some(image.id.clone()),
        architecture: Some(image.architecture.clone()),
        state: Some(
            image
                .state
                .clone()
                .unwrap_or_else(|| "available".to_owned()),
        ),
        ..Default::default()
    });
    Ok(api::DescribeImagesResult {
        images: images.collect(),
        ..Default::default()
    })
}

fn describe_subnets(
    context: &mut Context<'_>,
    input: api::DescribeSubnetsRequest,
) -> Result<api::DescribeSubnetsResult, ApiError> {
    let filters = Filters::new(input.filters, &["subnet-id"])?;
    let held = &contents(context).subnets;
    let held = held
        .iter()
        .filter(|subnet| filters.take("subnet-id", &subnet.id));
    let subnets = held.map(|subnet| api::Subnet {
        subnet_id: Some(subnet.id.clone()),
        availability_zone: Some(subnet.zone.clone()),
        available_ip_address_count: Some(subnet.free_addresses),
        ..Default::default()
    });
    Ok(api::DescribeSubnetsResult {
        subnets: subnets.collect(),
        ..Default::default()
    })
}

fn describe_instance_type_offerings(
    context: &mut Context<'_>,
    input: api::DescribeInstanceTypeOfferingsRequest,
) -> Result<api::DescribeInstanceTypeOfferingsResult, ApiError> {
    let filters = Filters::new(input.filters, &["instance-type", "location"])?;
    if input.location_type.as_deref() != Some("availability-zone") {
        return Err(bad(
            "the local AWS knows offerings by availability-zone alone",
        ));
    }
    let mut offerings = Vec::new();
    for subnet in &contents(context).subnets {
        if !filters.take("location", &subnet.zone) {
            continue;
        }
        let offered = names().filter(|name| {
            let region = &context.region;
            instance_type(name).and_then(|one| one.is_offered_in(region)) != Some(false)
                && !subnet.without_instance_types.iter().any(|one| one == name)
                && filters.take("instance-type", name)
        });
        offerings.extend(offered.map(|name| api::InstanceTypeOffering {
            instance_type: Some(name.to_owned()),
            location_type: Some("availability-zone".to_owned()),
            location: Some(subnet.zone.clone()),
        }));
    }
    Ok(api::DescribeInstanceTypeOfferingsResult {
        instance_type_offerings: offerings,
        next_token: None,
    })
}

/// What the account of the server holds; another one holds nothing.
fn contents<'a>(context: &Context<'a>) -> &'a Contents {
    static NOTHING: std::sync::LazyLock<Contents> = std::sync::LazyLock::new(Contents::default);
    context.contents.unwrap_or(&NOTHING)
}

/// What a request asks for.
struct Filters(Vec<api::Filter>);

impl Filters {
    /// The error names a filter that isn't known: EC2 would refuse it, or filter by it.
    fn new(filters: Vec<api::Filter>, known: &[&str]) -> Result<Self, ApiError> {
        for filter in &filters {
            let name = filter.name.as_deref().unwrap_or_default();
            if !known.contains(&name) {
                return Err(bad(&format!("The filter '{name}' is invalid")));
            }
            // Unproved: the page of filters gives no number.
            // <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html>
            if filter.values.len() > 200 {
                return Err(bad("a filter takes at most 200 values"));
            }
        }
        Ok(Self(filters))
    }

    fn take(&self, name: &str, value: &str) -> bool {
        let named = self
            .0
            .iter()
            .filter(|one| one.name.as_deref() == Some(name));
        named
            .into_iter()
            .all(|one| one.values.iter().any(|wanted| wanted == value))
    }
}

fn bad(message: &str) -> ApiError {
    ApiError::new(400, "InvalidParameterValue", message)
}
