//! Launch values: whatever settings say, either every offered type starts its image, or an error
//! names the line that is to be edited.

use crate::catalog;
use crate::stack::Stack;
use compute_catalog::cfn::{Node, Template};
use compute_catalog::product::instance_type::{Architecture, instance_type, is_accelerated};
use proptest::prelude::*;

const TYPES: [&str; 8] = [
    "t3a.small",
    "m6a.large",
    "t4g.small",
    "r6g.large",
    "g4ad.xlarge",
    "g5g.xlarge",
    "a1.medium",
    "t9z.huge",
];

/// Name, architecture, drivers, smallest volume.
const IMAGES: [(&str, &str, bool, u32); 4] = [
    ("Intel", "x86_64", false, 30),
    ("Graviton", "arm64", false, 40),
    ("IntelGpu", "x86_64", true, 60),
    ("GravitonGpu", "arm64", true, 60),
];

/// The part of linux-docker's settings that begins with `launch:`, replaced.
fn settings(text: &str, images: &[usize], types: &[&str], default: &str, least: u32) -> String {
    let (start, rest) = text.split_once("launch:\n").unwrap();
    let (_, end) = rest.split_once("baseImage:\n").unwrap();
    let images: String = images
        .iter()
        .map(|index| {
            let (name, architecture, gpu, smallest) = IMAGES[*index];
            format!(
                "    {name}:\n      architecture: {architecture}\n      operatingSystem: Linux\n      rootDevice: /dev/xvda\n      \
                 smallestVolumeGib: {smallest}\n      gpu: {gpu}\n      ids: {{ us-east-1: ami-{index:017} }}\n"
            )
        })
        .collect();
    let types: String = types
        .iter()
        .map(|name| format!("      - {name}\n"))
        .collect();
    format!(
        "{start}launch:\n  images:\n{images}  instanceTypes:\n    default: {default}\n    offered:\n{types}  \
         volumeGib: {{ default: {least}, least: {least}, most: 100 }}\nbaseImage:\n{end}"
    )
}

fn starts(image: usize, name: &str) -> bool {
    let (_, architecture, gpu, _) = IMAGES[image];
    let wanted = Architecture::ALL
        .into_iter()
        .find(|one| one.name() == architecture)
        .unwrap();
    instance_type(name).is_some_and(|found| found.starts(wanted)) && gpu == is_accelerated(name)
}

fn offered(template: &Template) -> Vec<String> {
    template.parameters["EC2InstanceType"]
        .allowed_values
        .iter()
        .filter_map(Node::scalar_text)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_offered_starts_its_image_or_is_refused_with_its_line(
        images in proptest::sample::subsequence(vec![0usize, 1, 2, 3], 1..=4),
        types in proptest::sample::subsequence(TYPES.to_vec(), 1..=8),
        default in proptest::sample::select(TYPES.to_vec()),
        least in 20u32..=70,
    ) {
        let fits = types.iter().all(|name| images.iter().any(|image| starts(*image, name)))
            && images.iter().all(|image| types.iter().any(|name| starts(*image, name)))
            && images.iter().all(|image| IMAGES[*image].3 <= least)
            && types.contains(&default);
        match catalog::build("linux-docker", |text| settings(text, &images, &types, default, least)) {
            Ok(template) => {
                prop_assert!(fits, "{images:?} {types:?} {default} {least} was taken");
                prop_assert_eq!(offered(&template), types.clone());
                for name in &types {
                    let properties = Stack::new(&template).with("EC2InstanceType", name).properties("EC2Instance");
                    let id = properties["ImageId"].as_str().unwrap().to_owned();
                    let image = images.iter().find(|index| id == format!("ami-{index:017}")).unwrap();
                    prop_assert!(starts(*image, name), "{name} starts {id}");
                }
            }
            Err(faults) => {
                prop_assert!(!fits, "{images:?} {types:?} {default} {least}: {faults:#?}");
                for fault in &faults {
                    prop_assert!(fault.starts_with("products/linux-docker/settings.yaml:"), "{fault}");
                    prop_assert!(fault.contains("\n  hint: "), "{fault}");
                }
                for name in types.iter().filter(|name| !images.iter().any(|image| starts(*image, name))) {
                    prop_assert!(faults.iter().any(|fault| fault.contains(&format!("`{name}`"))), "{name}: {faults:#?}");
                }
            }
        }
    }
}

fn faults(images: &[usize], types: &[&str], default: &str, least: u32) -> Vec<String> {
    catalog::build("linux-docker", |text| {
        settings(text, images, types, default, least)
    })
    .unwrap_err()
}

/// The line of the settings at which a text stands first.
fn line(images: &[usize], types: &[&str], default: &str, least: u32, text: &str) -> usize {
    let own = catalog::read("products/linux-docker/settings.yaml");
    let edited = settings(&own, images, types, default, least);
    1 + edited.lines().position(|line| line.contains(text)).unwrap()
}

#[test]
fn a_type_without_image_is_told_with_the_lines_of_type_and_image() {
    let (images, types) = (&[0], &["t3a.small", "t4g.small"]);
    let found = faults(images, types, "t3a.small", 30);
    assert_eq!(found.len(), 1, "{found:#?}");
    let at_type = line(images, types, "t3a.small", 30, "- t4g.small");
    let at_image = line(images, types, "t3a.small", 30, "    Intel:") + 1;
    assert!(
        found[0].starts_with(&format!("products/linux-docker/settings.yaml:{at_type}:")),
        "{found:#?}"
    );
    assert!(
        found[0].contains(&format!("`Intel` at line {at_image} is for x86_64")),
        "{found:#?}"
    );
}

#[test]
fn a_volume_smaller_than_the_image_is_told_with_both_lines() {
    let (images, types) = (&[0], &["t3a.small"]);
    let found = faults(images, types, "t3a.small", 20);
    assert_eq!(found.len(), 1, "{found:#?}");
    let at_volume = line(images, types, "t3a.small", 20, "volumeGib:");
    let at_image = line(images, types, "t3a.small", 20, "smallestVolumeGib:");
    assert!(
        found[0].starts_with(&format!("products/linux-docker/settings.yaml:{at_volume}:")),
        "{found:#?}"
    );
    assert!(
        found[0].contains(&format!("30 GiB of the image `Intel` at line {at_image}")),
        "{found:#?}"
    );
}

#[test]
fn settings_of_two_architectures_choose_the_image_by_type() {
    let template = catalog::build("linux-docker", |text| {
        settings(text, &[0, 1], &["t3a.small", "t4g.small"], "t4g.small", 40)
    })
    .unwrap();
    for (name, id) in [
        ("t3a.small", "ami-00000000000000000"),
        ("t4g.small", "ami-00000000000000001"),
    ] {
        let properties = Stack::new(&template)
            .with("EC2InstanceType", name)
            .properties("EC2Instance");
        assert_eq!(properties["ImageId"], id);
    }
}

#[test]
fn a_type_that_a_region_lacks_is_refused_there() {
    let found = catalog::build("linux-docker", |text| {
        settings(text, &[1], &["g5g.xlarge", "a1.medium"], "a1.medium", 40)
            .replace("gpu: false", "gpu: true")
            .replace(
                "{ us-east-1: ami-00000000000000001 }",
                "{ us-east-1: ami-00000000000000001, us-east-2: ami-00000000000000002 }",
            )
    })
    .unwrap_err();
    assert!(
        found
            .iter()
            .any(|fault| fault.contains("`g5g.xlarge` does not exist in us-east-2")),
        "{found:#?}"
    );
}

#[test]
fn a_region_that_aws_lacks_is_told_once_where_it_stands() {
    let found = catalog::build("linux-docker", |text| {
        settings(text, &[0], &["t3a.small", "t3a.large"], "t3a.small", 40)
            .replace("us-east-1: ami", "us-esat-1: ami")
    })
    .unwrap_err();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].contains("`us-esat-1` is no region of AWS")
            && found[0].contains("did you mean `us-east-1`?"),
        "{found:#?}"
    );
}
