//! `vendor prices`: what machines and their disks cost, asked of AWS and written as data.

use crate::command_error::CommandError;
use crate::destination::{is_this_machine, names_credentials};
use crate::lock::{now_seconds, time};
use crate::pace::Pace;
use crate::pricing::{Filter, Offer, Pricing, REGION};
use crate::repository::Repository;
use crate::session::Destination;
use compute_catalog::environment::{
    FargatePrice, MachinePrice, Price, Prices, RegionPrices, prices_path,
};
use compute_catalog::product::{Platform, UNKNOWN_REGION, regions};
use compute_catalog::yaml::hint;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use xtask::cli::{Format, PricesArgs, VendorArgs};
use xtask::console::{self, print, waiting};
use xtask::document;

/// The currency of AWS's own list, but in China.
/// <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html>
const CURRENCY: &str = "USD";

/// What was written of a region.
#[derive(Debug, Serialize)]
struct Written {
    region: String,
    file: String,
    instances: usize,
    volumes: usize,
    /// What differs from the file as it was.
    changes: Vec<String>,
    /// What products offer, and AWS gives no price for.
    missing: Vec<String>,
}

pub(super) async fn run(
    repository: &Repository,
    args: &PricesArgs,
    vendor: &VendorArgs,
) -> Result<bool, CommandError> {
    let regions = wanted_regions(repository, args)?;
    let machines = repository.machine_types()?;
    let has_jobs = repository.has_jobs_on_fargate()?;
    let waiting = waiting("Asking AWS's Price List API.");
    let pricing = client(repository, args).await?;
    let before = repository.prices();
    let mut all = Vec::new();
    for region in &regions {
        let prices = of_region(&pricing, region, &machines, has_jobs).await?;
        all.push((region.clone(), prices));
    }
    drop(waiting);
    // All are known before any is written.
    let mut told = Vec::new();
    for (region, prices) in all {
        let file = prices_path(&region);
        repository
            .workspace()
            .write(&file, prices.to_text().as_bytes())
            .map_err(|error| CommandError::unreadable(&error))?;
        told.push(written(region, file, &prices, before.as_ref(), &machines));
    }
    match vendor.format {
        Format::Json => document::print("vendor prices", &told)?,
        Format::Text => told.iter().try_for_each(say)?,
    }
    Ok(true)
}

fn say(written: &Written) -> Result<(), CommandError> {
    print(&format!(
        "{}: {} instance types, {} types of volumes\n",
        written.file, written.instances, written.volumes
    ))?;
    for change in &written.changes {
        print(&format!("  {change}\n"))?;
    }
    if !written.missing.is_empty() {
        console::error(&format!(
            "AWS gives no price in {} for: {}\n  hint: pages say so; a type that the region doesn't offer is told by `cargo xtask check`",
            written.region,
            written.missing.join(", ")
        ));
    }
    console::progress("hint: `cargo xtask generate` writes them into the pages");
    Ok(())
}

/// The regions that were asked for, or those in which products are launched.
fn wanted_regions(
    repository: &Repository,
    args: &PricesArgs,
) -> Result<BTreeSet<String>, CommandError> {
    if let Some(wrong) = args
        .regions
        .iter()
        .find(|name| !regions().any(|known| known == name.as_str()))
    {
        let failure = CommandError::input(format!("`{wrong}` is no region of AWS"));
        return Err(failure.hint(hint(wrong, regions(), || UNKNOWN_REGION.to_owned())));
    }
    let regions: BTreeSet<String> = match args.regions.is_empty() {
        true => repository.regions(),
        false => args.regions.iter().cloned().collect(),
    };
    match regions.is_empty() {
        true => Err(CommandError::input("no environment is in a region of AWS")
            .hint("write one under portfolios/environments, or name a region with `--region`")),
        false => Ok(regions),
    }
}

/// The client, as whoever publishes. Prices are the same for every account.
async fn client(repository: &Repository, args: &PricesArgs) -> Result<Pricing, CommandError> {
    let environment = repository.first_environment()?;
    let endpoint = args.endpoint_url.clone();
    let is_local = endpoint.as_deref().is_some_and(is_this_machine);
    let names_credentials = names_credentials();
    let destination = Destination {
        account: environment.account.value.clone(),
        account_at: None,
        region: REGION.to_owned(),
        profile: environment.profile.clone().filter(|_| !names_credentials),
        dummy_credentials: is_local && !names_credentials,
        pace: match is_local {
            true => Pace::LOCAL,
            false => Pace::AWS,
        },
        endpoint,
    };
    let config = destination.config().await;
    let endpoint = destination.endpoint.as_deref().or(config.endpoint_url());
    Ok(Pricing::new(&config, endpoint))
}

/// What a region's machines of these types cost, and its volumes.
async fn of_region(
    pricing: &Pricing,
    region: &str,
    machines: &BTreeSet<(Platform, String)>,
    has_jobs: bool,
) -> Result<RegionPrices, CommandError> {
    let mut prices = RegionPrices {
        currency: CURRENCY.to_owned(),
        date: time(now_seconds()).chars().take(10).collect(),
        source: "AWS Price List API, GetProducts of AmazonEC2 and AmazonECS".to_owned(),
        ..RegionPrices::default()
    };
    for platform in Platform::ALL {
        let types: BTreeSet<&str> = machines
            .iter()
            .filter(|(of, _)| *of == platform)
            .map(|(_, name)| name.as_str())
            .collect();
        if types.is_empty() {
            continue;
        }
        let name = platform.to_string();
        // A machine that shares its hardware, without software that costs beside its system, that is
        // run rather than reserved. Of Windows, with its licence.
        let filters = [
            ("regionCode", region),
            ("operatingSystem", &name),
            ("tenancy", "Shared"),
            ("preInstalledSw", "NA"),
            ("capacitystatus", "Used"),
            ("licenseModel", "No License required"),
        ];
        let offers = pricing.offers("AmazonEC2", &filters).await?;
        let is_wanted = |name: &str| types.contains(name);
        let found = one_price(&offers, &filters, "instanceType", "Hrs", is_wanted)?;
        if found.is_empty() {
            return Err(nothing(&filters, offers.len()));
        }
        for (name, price) in found {
            let machine = prices.instances.entry(name).or_default();
            match platform {
                Platform::Linux => machine.linux = Some(price),
                Platform::Windows => machine.windows = Some(price),
            }
        }
    }
    prices.instances.sort_keys();
    let filters = [("regionCode", region), ("productFamily", "Storage")];
    let offers = pricing.offers("AmazonEC2", &filters).await?;
    let found = one_price(&offers, &filters, "volumeApiName", "GB-Mo", |_| true)?;
    if found.is_empty() {
        return Err(nothing(&filters, offers.len()));
    }
    prices.volumes.extend(found);
    if has_jobs {
        let filters = [("regionCode", region)];
        let offers = pricing.offers("AmazonECS", &filters).await?;
        prices.fargate = fargate(&offers, &filters)?;
        if prices.fargate.is_none() {
            return Err(nothing(&filters, offers.len()));
        }
    }
    Ok(prices)
}

/// What a run on Fargate costs, with Linux and `x86_64`: that of other processors and systems, and of spare
/// capacity, has another name. No documentation lists the names: these stand in AWS's public price list, and
/// that they are the same everywhere is unproved.
/// <https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonECS/current/index.json>
fn fargate(offers: &[Offer], filters: &[Filter<'_>]) -> Result<Option<FargatePrice>, CommandError> {
    let price = |name: &str| {
        // A region's abbreviation may stand before the name.
        let is_it = |said: &str| {
            let before = said.strip_suffix(name);
            before.is_some_and(|before| match before.strip_suffix('-') {
                Some(region) => region.bytes().all(|byte| byte.is_ascii_alphanumeric()),
                None => before.is_empty(),
            })
        };
        let mut all = BTreeSet::new();
        for unit in ["hours", "Hrs", "vCPU-Hours", "GB-Hours"] {
            let found = one_price(offers, filters, "usagetype", unit, is_it)?;
            all.extend(found.into_values());
        }
        let mut all = all.into_iter();
        match (all.next(), all.next()) {
            (Some(one), Some(other)) => Err(several(name, filters, one, other)),
            (one, _) => Ok(one),
        }
    };
    let vcpu = price("Fargate-vCPU-Hours:perCPU")?;
    let memory = price("Fargate-GB-Hours")?;
    Ok(vcpu
        .zip(memory)
        .map(|(vcpu_hour, gb_hour)| FargatePrice { vcpu_hour, gb_hour }))
}

/// The one price of each thing, by what an attribute calls it.
fn one_price(
    offers: &[Offer],
    filters: &[Filter<'_>],
    attribute: &str,
    unit: &str,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Price>, CommandError> {
    let mut found: BTreeMap<&str, BTreeSet<Price>> = BTreeMap::new();
    for offer in offers.iter().filter(|offer| offer.fits(filters)) {
        if let Some(name) = offer.attribute(attribute).filter(|name| is_wanted(name)) {
            let prices = found.entry(name).or_default();
            prices.extend(offer.prices(unit, CURRENCY));
        }
    }
    let mut all = BTreeMap::new();
    for (name, prices) in found {
        let mut prices = prices.into_iter();
        match (prices.next(), prices.next()) {
            (Some(price), None) => {
                all.insert(name.to_owned(), price);
            }
            (Some(one), Some(other)) => {
                return Err(several(name, filters, one, other));
            }
            (None, _) => {}
        }
    }
    Ok(all)
}

fn several(name: &str, filters: &[Filter<'_>], one: Price, other: Price) -> CommandError {
    let asked: Vec<&str> = filters.iter().map(|(_, value)| *value).collect();
    CommandError::new(format!(
        "AWS gives several prices for {name} ({}): {one}, {other} {CURRENCY}",
        asked.join(", ")
    ))
    .hint("nothing is written: which of them holds isn't known; tell the maintainers")
}

fn nothing(filters: &[Filter<'_>], offers: usize) -> CommandError {
    let asked = filters
        .iter()
        .map(|(name, value)| format!("{name} {value}"));
    let asked: Vec<String> = asked.collect();
    CommandError::new(format!(
        "no price could be read of {offers} answers of AWS for {}",
        asked.join(", ")
    ))
    .hint("nothing is written; if AWS has such offers, its answers have another form: tell the maintainers")
}

fn written(
    region: String,
    file: String,
    prices: &RegionPrices,
    before: Option<&Prices>,
    machines: &BTreeSet<(Platform, String)>,
) -> Written {
    let before = before.and_then(|all| all.by_region.get(&region));
    let types = machines.iter();
    let missing = prices.missing(types.map(|(platform, name)| (name.as_str(), *platform)));
    Written {
        missing,
        changes: before.map_or_else(Vec::new, |before| changes(before, prices)),
        instances: prices.instances.len(),
        volumes: prices.volumes.len(),
        region,
        file,
    }
}

/// What differs between two readings, a line each.
fn changes(before: &RegionPrices, after: &RegionPrices) -> Vec<String> {
    let rows = |prices: &RegionPrices| {
        let mut rows: BTreeMap<String, Price> = BTreeMap::new();
        for (name, MachinePrice { linux, windows }) in &prices.instances {
            rows.extend(linux.map(|price| (format!("{name} with Linux"), price)));
            rows.extend(windows.map(|price| (format!("{name} with Windows"), price)));
        }
        let volumes = prices.volumes.iter();
        rows.extend(volumes.map(|(name, price)| (name.clone(), *price)));
        if let Some(FargatePrice { vcpu_hour, gb_hour }) = prices.fargate {
            rows.insert("vCPU-hour of Fargate".to_owned(), vcpu_hour);
            rows.insert("GB-hour of Fargate".to_owned(), gb_hour);
        }
        rows
    };
    let (before, after) = (rows(before), rows(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let show = |price: Option<&Price>| price.map_or_else(|| "none".to_owned(), Price::to_string);
    let changed = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name));
    changed
        .map(|name| {
            format!(
                "{name}: {} → {}",
                show(before.get(name)),
                show(after.get(name))
            )
        })
        .collect()
}
