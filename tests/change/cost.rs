//! What a change does to what machines cost.

use compute_catalog::cfn::read;
use compute_catalog::change::{Accounts, Report, cost_changes, markdown, text};
use compute_catalog::environment::{MachinePrice, Price, Prices, RegionPrices};

const OLD: &str = "
Parameters:
  Kind: {Type: String, Default: t3a.small, AllowedValues: [t3a.micro, t3a.small]}
  Size: {Type: Number, Default: 30}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref Kind
      BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: !Ref Size}}]
";

fn prices(regions: &[&str]) -> Prices {
    let price = |text| Price::parse(text).unwrap();
    let machine = |text| MachinePrice {
        linux: Some(price(text)),
        windows: None,
    };
    let of_region = RegionPrices {
        currency: "USD".to_owned(),
        date: "2026-01-31".to_owned(),
        source: "made up".to_owned(),
        instances: [
            ("t3a.small".to_owned(), machine("0.5")),
            ("t3a.large".to_owned(), machine("1.25")),
        ]
        .into(),
        volumes: [
            ("gp2".to_owned(), price("0.2")),
            ("gp3".to_owned(), price("0.1")),
        ]
        .into(),
        ..RegionPrices::default()
    };
    Prices {
        by_region: regions
            .iter()
            .map(|region| ((*region).to_owned(), of_region.clone()))
            .collect(),
    }
}

fn changed(new: &str, prices: &Prices) -> Vec<String> {
    cost_changes(&read(OLD).unwrap(), &read(new).unwrap(), prices)
}

fn larger() -> String {
    OLD.replace("Default: t3a.small", "Default: t3a.large")
        .replace(
            "[t3a.micro, t3a.small]",
            "[t3a.small, t3a.large, m6a.large]",
        )
        .replace("Default: 30", "Default: 50")
}

#[test]
fn a_larger_machine_and_disk_are_told_with_their_prices() {
    assert_eq!(
        changed(&larger(), &prices(&["us-east-1"])),
        [
            "Machine: by default t3a.small → t3a.large: 0.5 → 1.25 USD an hour, 365.00 → 912.50 a month in us-east-1",
            "Machine: t3a.large is offered: 1.25 USD an hour, 912.50 a month in us-east-1",
            "Machine: m6a.large is offered: not known in us-east-1",
            "Machine: no longer offered: t3a.micro",
            "Machine: disks 30 GB → 50 GB: 3.00 to 6.00 → 5.00 to 10.00 USD a month, running or stopped in us-east-1",
        ]
    );
}

#[test]
fn each_region_that_has_prices_is_told() {
    let told = changed(
        &OLD.replace("Default: t3a.small", "Default: t3a.micro"),
        &prices(&["us-east-1", "eu-central-1"]),
    );
    assert_eq!(
        told,
        [
            "Machine: by default t3a.small → t3a.micro: 0.5 → ? USD an hour, 365.00 → ? a month in us-east-1; 0.5 → ? USD an hour, 365.00 → ? a month in eu-central-1",
        ]
    );
}

#[test]
fn where_nobody_asked_for_prices_that_is_said_once() {
    let told = changed(&larger(), &Prices::default());
    assert_eq!(told[0], "Machine: by default t3a.small → t3a.large");
    let unknown = told.iter().filter(|line| line.contains("vendor prices"));
    assert_eq!(unknown.count(), 1, "{told:?}");
}

#[test]
fn what_changes_no_cost_is_not_told_and_what_is_not_counted_is_named() {
    let none = Prices::default();
    assert!(changed(OLD, &none).is_empty());
    let pattern = OLD.replace("Default: 30}", "Default: 30, MaxValue: 100}");
    assert!(changed(&pattern, &none).is_empty());
    let key = format!("{OLD}  Key: {{Type: AWS::KMS::Key}}\n  Role: {{Type: AWS::IAM::Role}}\n");
    assert_eq!(
        changed(&key, &none),
        ["not counted: new: Key (AWS::KMS::Key)"]
    );
    let gone = "Resources: {Key: {Type: AWS::KMS::Key}}";
    assert_eq!(
        changed(gone, &prices(&["us-east-1"])),
        [
            "Machine: by default t3a.small → nothing: 0.5 USD an hour, 365.00 a month in us-east-1",
            "Machine: disks 30 GB → none: 3.00 to 6.00 → 0 USD a month, running or stopped in us-east-1",
            "not counted: new: Key (AWS::KMS::Key)",
        ]
    );
}

#[test]
fn the_comment_and_the_terminal_show_it() {
    let (old, new) = (read(OLD).unwrap(), read(&larger()).unwrap());
    let cost = cost_changes(&old, &new, &prices(&["us-east-1"]));
    let report = Report::new("notebook", "v2.0.0", &old, &new, &Accounts::default());
    let report = report.with_cost(cost);
    let line = "0.5 → 1.25 USD an hour";
    let comment = markdown(std::slice::from_ref(&report), &[]);
    assert!(
        comment.contains("**What it costs**") && comment.contains(line),
        "{comment}"
    );
    assert!(text(&report).contains(line));
    assert!(report.json()["cost"][0].as_str().unwrap().contains(line));
}
