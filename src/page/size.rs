//! Instance sizes: the vCPUs and memory of the instance types that a form offers, and what they cost.

use super::LaunchForm;
use crate::environment::Prices;
use crate::product::instance_type::{InstanceType, instance_type};
use crate::product::{Machine, Platform};
use indexmap::IndexMap;
use serde::Serialize;

/// One instance type that a form offers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceSize {
    /// Its name, such as `t3a.small`.
    pub name: String,
    /// Virtual processors, where AWS's data says.
    pub vcpus: Option<u32>,
    /// Memory in GiB, as people write it; where AWS's data says.
    pub memory_gib: Option<String>,
    /// The processors' architectures.
    pub architectures: String,
    /// Whether the form offers it first.
    pub is_default: bool,
    /// What it costs, in each region that has prices.
    pub prices: Vec<SizePrice>,
}

/// What an instance type costs in a region while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SizePrice {
    /// The region.
    pub region: String,
    /// An hour, with its currency; nothing where the region's prices don't have it.
    pub hour: Option<String>,
    /// A month, with its currency.
    pub month: Option<String>,
}

impl InstanceSize {
    /// What it costs, in words; empty where no price is known.
    pub fn cost(&self) -> String {
        let is_one = self.prices.len() == 1;
        let costs = self.prices.iter().filter_map(|price| {
            let (hour, month) = (price.hour.as_ref()?, price.month.as_ref()?);
            let place = match is_one {
                true => String::new(),
                false => format!(" in {}", price.region),
            };
            Some(format!("{hour} an hour, {month} a month{place}"))
        });
        costs.collect::<Vec<_>>().join("; ")
    }
}

/// The sizes that a form offers for machines, by the parameter that chooses.
pub(super) fn sizes(
    machines: &[Machine],
    form: &LaunchForm,
    prices: &Prices,
) -> IndexMap<String, Vec<InstanceSize>> {
    let mut sizes = IndexMap::new();
    for machine in machines {
        let Some(name) = &machine.chosen_by else {
            continue;
        };
        if let Some(field) = form.field(name) {
            let offered = field.allowed_values.iter();
            let default = field.default.as_deref();
            let size = |name: &String| size(name, default, machine.platform, prices);
            sizes.insert(name.clone(), offered.map(size).collect());
        }
    }
    sizes
}

fn size(name: &str, default: Option<&str>, platform: Platform, prices: &Prices) -> InstanceSize {
    let known = instance_type(name);
    InstanceSize {
        name: name.to_owned(),
        vcpus: known.and_then(|known| known.vcpus),
        memory_gib: known.and_then(|known| known.memory_mib).map(gib),
        architectures: known.map(architectures).unwrap_or_default(),
        is_default: default == Some(name),
        prices: prices
            .by_region
            .iter()
            .map(|(region, prices)| {
                let hour = prices.hour(name, platform);
                let currency = &prices.currency;
                SizePrice {
                    region: region.clone(),
                    hour: hour.map(|hour| format!("{hour} {currency}")),
                    month: hour.map(|hour| format!("{} {currency}", hour.a_month().rounded())),
                }
            })
            .collect(),
    }
}

/// The names of the architectures, with commas between them.
fn architectures(known: &InstanceType) -> String {
    let names = known
        .architectures()
        .map(|architecture| architecture.name());
    names.collect::<Vec<_>>().join(", ")
}

/// MiB as GiB: `0.5`, `8`, `15.25`.
fn gib(mib: u64) -> String {
    let hundredths = mib * 100 / 1024;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendored_figures_are_read() {
        let none = Prices::default();
        let small = size("t3a.small", Some("t3a.small"), Platform::Linux, &none);
        assert_eq!(
            (small.vcpus, small.memory_gib.as_deref()),
            (Some(2), Some("2"))
        );
        assert!(small.is_default && small.cost().is_empty());
        assert_eq!(gib(512), "0.5");
        assert_eq!(gib(15_616), "15.25");
        assert_eq!(gib(102_400), "100");
    }
}
