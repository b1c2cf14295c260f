//! What a machine costs, and what it still costs while it is stopped.

use super::LaunchForm;
use crate::environment::{Prices, RegionPrices};
use crate::product::{Machine, Volume, VolumeSize};
use serde::Serialize;

/// What is told of costs in a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegionCost {
    /// The region.
    pub region: String,
    /// The day on which AWS gave the prices.
    pub date: String,
    /// What a stopped machine costs, in a sentence.
    pub stopped: String,
}

/// What is told beside the sizes of machines, region by region; nothing where there are no prices, or
/// no machines.
pub(super) fn costs(machines: &[Machine], form: &LaunchForm, prices: &Prices) -> Vec<RegionCost> {
    // What holds of the machine that people choose is told of it.
    let chosen = machines.iter().find(|one| one.chosen_by.is_some());
    let Some(machine) = chosen else {
        return Vec::new();
    };
    let region = |(region, prices): (&String, &RegionPrices)| RegionCost {
        region: region.clone(),
        date: prices.date.clone(),
        stopped: stopped(machine, form, prices),
    };
    prices.by_region.iter().map(region).collect()
}

/// A stopped instance costs nothing, its volumes what they cost otherwise.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html>
fn stopped(machine: &Machine, form: &LaunchForm, prices: &RegionPrices) -> String {
    let of_image = [Volume {
        size: VolumeSize::Unknown,
        kind: None,
        is_provisioned: false,
    }];
    let volumes = match machine.volumes.is_empty() {
        true => of_image.as_slice(),
        false => machine.volumes.as_slice(),
    };
    let told: Vec<String> = volumes
        .iter()
        .map(|volume| of_volume(volume, form, prices))
        .collect();
    format!("Stopped, it costs its disk alone: {}.", told.join("; and "))
}

fn of_volume(volume: &Volume, form: &LaunchForm, prices: &RegionPrices) -> String {
    let known = prices.volume(volume.kind.as_deref());
    if known.is_empty() {
        let kind = volume.kind.as_deref().unwrap_or("its disk");
        return format!("what a GB of {kind} costs is not known here");
    }
    let currency = &prices.currency;
    let each = |count: Option<u64>| -> String {
        let told = known.iter().map(|(kind, price)| match count {
            Some(count) => format!(
                "{} {currency} a month as {kind}",
                price.times(count).rounded()
            ),
            None => format!("{price} {currency} a month as {kind}"),
        });
        told.collect::<Vec<_>>().join(" or ")
    };
    let mut told = match volume.size.by_default() {
        Some(0) | None => format!("each GB {}", each(None)),
        Some(size) => {
            let of = match &volume.size {
                VolumeSize::Chosen { by, .. } => {
                    let label = form.field(by).map_or(by.as_str(), |field| &field.label);
                    format!(", the default of “{label}”,")
                }
                _ => String::new(),
            };
            format!("{size} GB{of} {}", each(Some(size)))
        }
    };
    if volume.kind.is_none() && known.len() > 1 {
        told.push_str(", which of them its image says");
    }
    if volume.is_provisioned {
        told.push_str(", and its operations and throughput beside that");
    }
    told
}
