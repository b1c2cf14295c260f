//! What an hour of a job's run costs, beside the choices of its memory.

use super::LaunchForm;
use crate::environment::{FargatePrice, Prices, RegionPrices};
use crate::product::{FargateJob, FargateSize};

/// Writes the costs of runs beside the choices of the form; nothing where no price is known.
pub(super) fn tell(form: &mut LaunchForm, jobs: &[FargateJob], prices: &Prices) {
    let regions: Vec<(&String, &RegionPrices, FargatePrice)> = prices
        .by_region
        .iter()
        .filter_map(|(region, prices)| Some((region, prices, prices.fargate?)))
        .collect();
    if regions.is_empty() {
        return;
    }
    let is_one = regions.len() == 1;
    let cost = |size: &FargateSize| {
        let costs = regions.iter().map(|(region, prices, fargate)| {
            let place = match is_one {
                true => String::new(),
                false => format!(" in {region}"),
            };
            let hour = fargate.hour(size.thousandths_of_vcpus, size.memory_mib);
            format!("{hour} {} an hour of a run{place}", prices.currency)
        });
        costs.collect::<Vec<_>>().join("; ")
    };
    let dates = regions
        .iter()
        .map(|(region, prices, _)| format!("{region}, asked on {}", prices.date));
    let dates = dates.collect::<Vec<_>>().join("; ");
    for field in form.groups.iter_mut().flat_map(|group| &mut group.fields) {
        let Some(job) = jobs.iter().find(|job| job.chosen_by == field.name) else {
            continue;
        };
        for choice in &mut field.choices {
            if let Some(size) = job.sizes.iter().find(|size| size.value == choice.value) {
                choice.cost = cost(size);
            }
        }
        field.costs_are_of = format!(
            "AWS's list, on demand, without taxes and discounts: {dates}. It costs nothing while no run lasts."
        );
    }
}
