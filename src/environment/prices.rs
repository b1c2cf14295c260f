//! `portfolios/prices/REGION.yaml`: what machines and their volumes cost in a region, by AWS's list.
//!
//! `cargo xtask vendor prices` writes the files. Where a region has none, no price is told.

use super::Environments;
use super::price::Price;
use crate::product::{Platform, instance_type, regions};
use crate::yaml::{InputError, Location, Tree, hint, load, nearest, read};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The folder of the files.
pub const PRICES: &str = "portfolios/prices";

/// How a file begins.
const HEAD: &str = "\
# yaml-language-server: $schema=../../generated/schemas/prices.json
# Written by `cargo xtask vendor prices`: AWS's list, on demand, without taxes and discounts.
";

/// The types that the disk of an image has today. That an image has none of the others is unproved.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html>
const OF_IMAGES: [&str; 2] = ["gp3", "gp2"];

/// What machines and their volumes cost in a region.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RegionPrices {
    /// The currency, by its ISO code, such as `USD`.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    /// The day on which AWS gave these prices, such as `"2026-11-29"`.
    #[schemars(regex(pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"))]
    pub date: String,
    /// Where they are from.
    #[schemars(length(min = 1, max = 200))]
    pub source: String,
    /// By instance type: an hour of a machine that runs, on demand, without taxes.
    #[serde(default)]
    pub instances: IndexMap<String, MachinePrice>,
    /// By type of volume, such as `gp3`: a GB for a month, whether its machine runs or not.
    #[serde(default)]
    pub volumes: IndexMap<String, Price>,
    /// What a run on Fargate costs, with Linux and `x86_64`.
    #[serde(default)]
    #[schemars(with = "FargatePrice")]
    pub fargate: Option<FargatePrice>,
}

/// What a run on Fargate costs, by what it has.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FargatePrice {
    /// A virtual processor for an hour.
    pub vcpu_hour: Price,
    /// A GB of memory for an hour. A GB of Fargate's is 1,024 MiB.
    pub gb_hour: Price,
}

impl FargatePrice {
    /// An hour of a run with so many thousandths of virtual processors and MiB of memory.
    pub fn hour(&self, thousandths_of_vcpus: u64, memory_mib: u64) -> Price {
        let vcpus = self.vcpu_hour.part(thousandths_of_vcpus, 1000);
        vcpus.and(self.gb_hour.part(memory_mib, 1024))
    }
}

/// What an hour of a machine costs, by what it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MachinePrice {
    /// With Linux.
    #[serde(default)]
    #[schemars(with = "Price")]
    pub linux: Option<Price>,
    /// With Windows, whose licence is part of it.
    #[serde(default)]
    #[schemars(with = "Price")]
    pub windows: Option<Price>,
}

impl RegionPrices {
    /// What an hour of a machine costs, where that is known.
    pub fn hour(&self, instance_type: &str, platform: Platform) -> Option<Price> {
        let price = self.instances.get(instance_type)?;
        match platform {
            Platform::Linux => price.linux,
            Platform::Windows => price.windows,
        }
    }

    /// The types of machines that it has no price of, each with what runs on it, sorted.
    pub fn missing<'a>(&self, types: impl IntoIterator<Item = (&'a str, Platform)>) -> Vec<String> {
        let types = types.into_iter();
        let unknown = types.filter(|(name, platform)| self.hour(name, *platform).is_none());
        let named = unknown.map(|(name, platform)| format!("{name} with {platform}"));
        named.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// How many days before a day AWS gave these prices; both days are counted from the first of 1970.
    /// Below nothing where their day is still to come.
    pub fn age(&self, today: i64) -> i64 {
        today - day(&self.date)
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let mut text = String::from(HEAD);
        let date = &self.date;
        let _ = writeln!(text, "currency: {}\ndate: \"{date}\"", self.currency);
        let _ = writeln!(text, "source: {:?}", self.source);
        if !self.instances.is_empty() {
            text.push_str("instances:\n");
        }
        for (name, price) in &self.instances {
            let each = [("linux", price.linux), ("windows", price.windows)];
            let each = each.into_iter();
            let each = each.filter_map(|(name, price)| Some(format!("{name}: {}", price?)));
            let each: Vec<String> = each.collect();
            let _ = writeln!(text, "  {name}: {{ {} }}", each.join(", "));
        }
        if !self.volumes.is_empty() {
            text.push_str("volumes:\n");
        }
        for (name, price) in &self.volumes {
            let _ = writeln!(text, "  {name}: {price}");
        }
        if let Some(FargatePrice { vcpu_hour, gb_hour }) = self.fargate {
            let _ = writeln!(
                text,
                "fargate: {{ vcpuHour: {vcpu_hour}, gbHour: {gb_hour} }}"
            );
        }
        text
    }

    /// What a GB of a volume costs a month, by its type. Where a template doesn't say the type, its
    /// image does, and each that it may be is told.
    pub fn volume<'a>(&self, kind: Option<&'a str>) -> Vec<(&'a str, Price)> {
        let kinds = match kind {
            Some(kind) => vec![kind],
            None => OF_IMAGES.to_vec(),
        };
        let known = kinds.into_iter();
        known
            .filter_map(|kind| Some((kind, *self.volumes.get(kind)?)))
            .collect()
    }
}

/// The days from the first of 1970 to a date such as `2026-11-29`, whose form the schema holds.
/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>
fn day(date: &str) -> i64 {
    let mut parts = date.split('-').map(|part| part.parse().unwrap_or(1));
    let mut next = || parts.next().unwrap_or(1);
    let (year, month, day): (i64, i64, i64) = (next(), next(), next());
    // Years begin in March, so that the day that only some have is the last.
    let (year, month) = match month {
        3.. => (year, month - 3),
        _ => (year - 1, month + 9),
    };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}

/// The prices of every region that has a file, by region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    /// By region, sorted.
    pub by_region: IndexMap<String, RegionPrices>,
}

impl Prices {
    /// Reads the files, each with the region that its name says: `(region, text)`.
    ///
    /// # Errors
    /// Every mistake in every file: its form, regions that AWS hasn't or in which nothing is launched,
    /// instance types that AWS hasn't.
    pub fn read(
        files: &[(String, String)],
        environments: &Environments,
    ) -> Result<Prices, Vec<InputError>> {
        let (mut prices, mut errors) = (Prices::default(), Vec::new());
        for (region, text) in files {
            let file = path(region);
            errors.extend(wrong_region(&file, region, environments));
            match load::<RegionPrices>(&file, text) {
                Ok(read) => {
                    errors.extend(unknown_types(&file, text, &read));
                    prices.by_region.insert(region.clone(), read);
                }
                Err(found) => errors.extend(found),
            }
        }
        prices.by_region.sort_keys();
        errors.sort();
        match errors.is_empty() {
            true => Ok(prices),
            false => Err(errors),
        }
    }
}

/// The file of a region.
pub fn path(region: &str) -> String {
    format!("{PRICES}/{region}.yaml")
}

fn wrong_region(file: &str, region: &str, environments: &Environments) -> Option<InputError> {
    let error = |message: String, hint: String| InputError {
        file: file.to_owned(),
        at: Location::default(),
        message,
        hint: Some(hint),
    };
    if !regions().any(|known| known == region) {
        let hint = nearest(region, regions()).map_or_else(
            || "name the file by the region".to_owned(),
            |near| format!("did you mean `{near}.yaml`?"),
        );
        return Some(error(format!("`{region}` is no region of AWS"), hint));
    }
    let environments = environments.by_key.values();
    let mut launched = environments.filter(|one| !one.local);
    let is_needed = launched.any(|one| one.region.value == region);
    (!is_needed).then(|| {
        error(
            format!("nothing is launched in {region}: no environment is there"),
            "remove the file, or name it by the region of an environment".to_owned(),
        )
    })
}

fn unknown_types(file: &str, text: &str, prices: &RegionPrices) -> Vec<InputError> {
    let tree = read(text).ok();
    let at = |name: &str| {
        let place = |tree: &Tree| tree.locate(&["instances", name], true);
        tree.as_ref().map(place).unwrap_or_default()
    };
    let names = prices.instances.keys();
    let unknown = names.filter(|name| instance_type::instance_type(name).is_none());
    let error = |name: &String| InputError {
        file: file.to_owned(),
        at: at(name),
        message: format!("`{name}` is no instance type"),
        hint: Some(hint(name, instance_type::names(), || {
            "`cargo xtask vendor refresh` renews AWS's list of them".to_owned()
        })),
    };
    unknown.map(error).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices() -> RegionPrices {
        let price = |text| Price::parse(text).unwrap();
        let machine = |linux, windows| MachinePrice { linux, windows };
        RegionPrices {
            currency: "USD".to_owned(),
            date: "2026-11-29".to_owned(),
            source: "made up for a test".to_owned(),
            instances: [
                (
                    "t3a.small".to_owned(),
                    machine(Some(price("0.5")), Some(price("12"))),
                ),
                (
                    "m6a.large".to_owned(),
                    machine(None, Some(price("0.0000000001"))),
                ),
            ]
            .into(),
            volumes: [("gp3".to_owned(), price("0.08"))].into(),
            fargate: Some(FargatePrice {
                vcpu_hour: price("0.4"),
                gb_hour: price("0.02"),
            }),
        }
    }

    #[test]
    fn a_run_costs_by_its_processors_and_memory() {
        let fargate = prices().fargate.unwrap();
        assert_eq!(fargate.hour(250, 1024).to_string(), "0.12");
        assert_eq!(fargate.hour(4000, 16_384).to_string(), "1.92");
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        for (date, days) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-29", 20_786),
        ] {
            assert_eq!(day(date), days, "{date}");
        }
        assert_eq!(prices().age(20_786 + 200), 200);
    }

    #[test]
    fn what_is_written_is_read() {
        let text = prices().to_text();
        let read: RegionPrices =
            load("prices.yaml", &text).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
        assert_eq!(read, prices());
        assert_eq!(
            read.hour("t3a.small", Platform::Windows),
            Price::parse("12")
        );
        assert_eq!(read.hour("m6a.large", Platform::Linux), None);
        let names = |kind| {
            read.volume(kind)
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!((names(None), names(Some("io2"))), (vec!["gp3"], vec![]));
    }
}
