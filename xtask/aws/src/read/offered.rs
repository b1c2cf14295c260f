//! What EC2 has of what launches ask for.

use crate::call::CallError;
use crate::ec2::{Answer, Ec2, Set};
use crate::session::Session;
use compute_catalog::publish::{Image, Machines, Offered, Subnet};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Looks up the images, the subnets, and the instance types in the zones of the subnets.
///
/// # Errors
/// A call that gets no answer, or a refusal.
pub(crate) async fn read(session: &Session, machines: Machines) -> Result<Offered, CallError> {
    let ec2 = &session.ec2;
    let mut offered = Offered::default();
    for image in list::<Images>(ec2, "image-id", &machines.images()).await? {
        let (architecture, state) = (image.architecture, image.image_state);
        offered.images.insert(
            image.image_id,
            Image {
                architecture,
                state,
            },
        );
    }
    for subnet in list::<Subnets>(ec2, "subnet-id", &machines.subnets()).await? {
        offered.subnets.insert(
            subnet.subnet_id,
            Subnet {
                zone: subnet.availability_zone,
                free: subnet.available_ip_address_count,
            },
        );
    }
    let zones: BTreeSet<&str> = offered
        .subnets
        .values()
        .map(|one| one.zone.as_str())
        .collect();
    let zones: Vec<&str> = zones.into_iter().collect();
    let names: Vec<&str> = machines.instance_types().into_iter().collect();
    if !zones.is_empty() {
        let offerings = ec2
            .describe::<Offerings>(
                &[("LocationType", "availability-zone")],
                ("instance-type", &names),
                &[("location", &zones)],
            )
            .await?;
        for offering in offerings {
            let types = offered.instance_types.entry(offering.location).or_default();
            types.insert(offering.instance_type);
        }
    }
    offered.asked = machines;
    Ok(offered)
}

async fn list<T: Answer>(
    ec2: &Ec2,
    filter: &str,
    ids: &BTreeSet<&str>,
) -> Result<Vec<T::Item>, CallError> {
    let ids: Vec<&str> = ids.iter().copied().collect();
    ec2.describe::<T>(&[], (filter, &ids), &[]).await
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Images {
    #[serde(default)]
    images_set: Set<FoundImage>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundImage {
    image_id: String,
    image_state: String,
    architecture: String,
}

impl Answer for Images {
    const CALL: &'static str = "ec2 DescribeImages";
    type Item = FoundImage;
    fn parts(self) -> (Vec<FoundImage>, Option<String>) {
        (self.images_set.item, self.next_token)
    }
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subnets {
    #[serde(default)]
    subnet_set: Set<FoundSubnet>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundSubnet {
    subnet_id: String,
    availability_zone: String,
    available_ip_address_count: i64,
}

impl Answer for Subnets {
    const CALL: &'static str = "ec2 DescribeSubnets";
    type Item = FoundSubnet;
    fn parts(self) -> (Vec<FoundSubnet>, Option<String>) {
        (self.subnet_set.item, self.next_token)
    }
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offerings {
    #[serde(default)]
    instance_type_offering_set: Set<Offering>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offering {
    instance_type: String,
    location: String,
}

impl Answer for Offerings {
    const CALL: &'static str = "ec2 DescribeInstanceTypeOfferings";
    type Item = Offering;
    fn parts(self) -> (Vec<Offering>, Option<String>) {
        (self.instance_type_offering_set.item, self.next_token)
    }
}
