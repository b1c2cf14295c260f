//! What a change of a template does to what its machines and their volumes cost.

use crate::cfn::Template;
use crate::environment::{Price, Prices, RegionPrices};
use crate::product::{Machine, Volume};
use std::collections::BTreeSet;

/// What is said where a price would stand and nobody has asked AWS for it.
const UNKNOWN: &str = "what it costs is not known: `cargo xtask vendor prices` asks AWS, and writes portfolios/prices";

/// What changes of what machines and their volumes cost, a line each; none where nothing of it
/// changes. What isn't counted is named.
pub fn cost_changes(old: &Template, new: &Template, prices: &Prices) -> Vec<String> {
    let (before, after) = (Machine::all(old), Machine::all(new));
    let ids = before.iter().chain(&after).map(|machine| &machine.id);
    let ids: BTreeSet<&String> = ids.collect();
    let mut lines = Vec::new();
    for id in ids {
        let is_it = |one: &&Machine| one.id == *id;
        let pair = Pair {
            id,
            old: before.iter().find(is_it),
            new: after.iter().find(is_it),
        };
        pair.push_types(prices, &mut lines);
        pair.push_volumes(prices, &mut lines);
    }
    if !lines.is_empty() && prices.by_region.is_empty() {
        lines.push(UNKNOWN.to_owned());
    }
    lines.extend(uncounted(old, new));
    lines
}

/// A machine before and after.
struct Pair<'a> {
    id: &'a str,
    old: Option<&'a Machine>,
    new: Option<&'a Machine>,
}

impl Pair<'_> {
    fn push_types(&self, prices: &Prices, lines: &mut Vec<String>) {
        let kind = |machine: Option<&Machine>| {
            let machine = machine?;
            Some((machine.default.clone()?, machine.platform))
        };
        let (before, after) = (kind(self.old), kind(self.new));
        if before != after {
            let name = |kind: &Option<(String, _)>| match kind {
                Some((name, _)) => name.clone(),
                None => "nothing".to_owned(),
            };
            let costs = of_regions(prices, |prices| {
                let hour = |kind: &Option<(String, _)>| {
                    let kind = kind.as_ref();
                    kind.map(|(name, platform)| prices.hour(name, *platform))
                };
                running(&prices.currency, hour(&before), hour(&after))
            });
            let (before, after) = (name(&before), name(&after));
            lines.push(format!("{}: by default {before} → {after}{costs}", self.id));
        }
        let types = |machine: Option<&Machine>| {
            machine.map_or_else(Vec::new, |machine| machine.types.clone())
        };
        let (before, after) = (types(self.old), types(self.new));
        let Some(machine) = self.new else { return };
        for name in after.iter().filter(|name| !before.contains(name)) {
            let costs = of_regions(prices, |prices| {
                let hour = prices.hour(name, machine.platform);
                running(&prices.currency, None, Some(hour))
            });
            lines.push(format!("{}: {name} is offered{costs}", self.id));
        }
        let gone: Vec<&str> = before
            .iter()
            .filter(|name| !after.contains(name))
            .map(String::as_str)
            .collect();
        if !gone.is_empty() {
            lines.push(format!(
                "{}: no longer offered: {}",
                self.id,
                gone.join(", ")
            ));
        }
    }

    fn push_volumes(&self, prices: &Prices, lines: &mut Vec<String>) {
        let volumes = |machine: Option<&Machine>| machine.map(|machine| machine.volumes.clone());
        let (before, after) = (volumes(self.old), volumes(self.new));
        let sizes = |volumes: &Option<Vec<Volume>>| -> Option<Vec<(Option<u64>, Option<String>)>> {
            let size = |volume: &Volume| (volume.size.by_default(), volume.kind.clone());
            Some(volumes.as_ref()?.iter().map(size).collect())
        };
        if sizes(&before) == sizes(&after) {
            return;
        }
        let costs = of_regions(prices, |prices| {
            let month = |volumes: &Option<Vec<Volume>>| match volumes {
                Some(volumes) => months(prices, volumes).unwrap_or_else(|| "?".to_owned()),
                None => "0".to_owned(),
            };
            let (before, after) = (month(&before), month(&after));
            let currency = &prices.currency;
            format!("{before} → {after} {currency} a month, running or stopped")
        });
        let (before, after) = (named(before.as_deref()), named(after.as_deref()));
        lines.push(format!("{}: disks {before} → {after}{costs}", self.id));
    }
}

/// The costs in each region, after a comma or a colon; empty where there are no prices.
fn of_regions(prices: &Prices, cost: impl Fn(&RegionPrices) -> String) -> String {
    let told = prices.by_region.iter();
    let told = told.map(|(region, prices)| format!("{} in {region}", cost(prices)));
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => String::new(),
        false => format!(": {}", told.join("; ")),
    }
}

/// What running costs before and after. A side that isn't there is left out; of one that is there,
/// the price may not be known.
fn running(currency: &str, before: Option<Option<Price>>, after: Option<Option<Price>>) -> String {
    let sides: Vec<Option<Price>> = [before, after].into_iter().flatten().collect();
    if sides.iter().all(Option::is_none) {
        return "not known".to_owned();
    }
    let told = |show: fn(Price) -> String| {
        let told = sides
            .iter()
            .map(|side| side.map_or_else(|| "?".to_owned(), show));
        told.collect::<Vec<_>>().join(" → ")
    };
    let hour = told(|price| price.to_string());
    let month = told(|price| price.a_month().rounded());
    format!("{hour} {currency} an hour, {month} a month")
}

/// What volumes cost a month by default, where that is known. Where an image decides the type of one,
/// from the least to the most.
fn months(prices: &RegionPrices, volumes: &[Volume]) -> Option<String> {
    let mut ends: Option<(Price, Price)> = None;
    for volume in volumes {
        let size = volume.size.by_default()?;
        let each = prices.volume(volume.kind.as_deref());
        let of = |price: &Price| price.times(size);
        let least = each.iter().map(|(_, price)| of(price)).min()?;
        let most = each.iter().map(|(_, price)| of(price)).max()?;
        ends = Some(match ends {
            Some((all_least, all_most)) => (all_least.and(least), all_most.and(most)),
            None => (least, most),
        });
    }
    let (least, most) = ends?;
    Some(match least == most {
        true => least.rounded(),
        false => format!("{} to {}", least.rounded(), most.rounded()),
    })
}

fn named(volumes: Option<&[Volume]>) -> String {
    let one = |volume: &Volume| {
        let size = match volume.size.by_default() {
            Some(size) => format!("{size} GB"),
            None => "of its image's size".to_owned(),
        };
        match &volume.kind {
            Some(kind) => format!("{size} {kind}"),
            None => size,
        }
    };
    match volumes {
        None => "none".to_owned(),
        Some([]) => "as its image has them".to_owned(),
        Some(volumes) => volumes.iter().map(one).collect::<Vec<_>>().join(" and "),
    }
}

/// What is new or gone beside machines, and may cost something. IAM is of no charge:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html>
fn uncounted(old: &Template, new: &Template) -> Option<String> {
    let only = |one: &Template, other: &Template| -> Vec<String> {
        let resources = one.resources.iter().filter(|(id, resource)| {
            let is_same = |other: &crate::cfn::Resource| other.kind == resource.kind;
            let may_cost =
                resource.kind != "AWS::EC2::Instance" && !resource.kind.starts_with("AWS::IAM::");
            may_cost && !other.resources.get(*id).is_some_and(is_same)
        });
        resources
            .map(|(id, resource)| format!("{id} ({})", resource.kind))
            .collect()
    };
    let sides = [("new", only(new, old)), ("gone", only(old, new))];
    let told = sides.iter().filter(|(_, names)| !names.is_empty());
    let told: Vec<String> = told
        .map(|(side, names)| format!("{side}: {}", names.join(", ")))
        .collect();
    (!told.is_empty()).then(|| format!("not counted: {}", told.join("; ")))
}
