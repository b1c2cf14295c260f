//! Every size that the launch form of a job offers is one that Fargate runs, whatever the settings
//! offer.

use crate::catalog;
use crate::catalog::{build, properties, template};
use compute_catalog::cfn::{Node, Template};
use proptest::prelude::*;

/// vCPU, least and most memory in MiB, step. Fargate's own table, written down a second time.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html>
const FARGATE: [(&str, u32, u32, u32); 7] = [
    ("0.25", 512, 2048, 512),
    ("0.5", 1024, 4096, 1024),
    ("1", 2048, 8192, 1024),
    ("2", 4096, 16_384, 1024),
    ("4", 8192, 30_720, 1024),
    ("8", 16_384, 61_440, 4096),
    ("16", 32_768, 122_880, 8192),
];

fn runs(vcpu: &str, memory: u32) -> bool {
    FARGATE.iter().any(|(name, least, most, step)| {
        *name == vcpu
            && (*least..=*most).contains(&memory)
            && memory.is_multiple_of(*step)
            // The smallest tasks have three sizes, not four.
            && !(vcpu == "0.25" && memory == 1536)
    })
}

fn offered(template: &Template) -> Vec<String> {
    let sizes = template.parameters["Memory"].allowed_values.iter();
    sizes.filter_map(Node::scalar_text).collect()
}

/// The vCPU and the memory in MiB that a job of this size asks for.
fn asked(template: &Template, memory: &str) -> (String, u32) {
    let definition = properties(template, "JobDefinition", &[("Memory", memory)]);
    let requirements = definition["ContainerProperties"]["ResourceRequirements"].clone();
    let value = |kind: &str| {
        let mut all = requirements.as_array().unwrap().iter();
        let found = all.find(|one| one["Type"] == kind).unwrap();
        found["Value"].as_str().unwrap().to_owned()
    };
    (value("VCPU"), value("MEMORY").parse().unwrap())
}

#[test]
fn every_size_of_the_form_runs_and_fits_into_the_environment() {
    let template = template("scheduled-job");
    let environment = properties(&template, "ComputeEnvironment", &[]);
    let most = environment["ComputeResources"]["MaxvCpus"]
        .as_f64()
        .unwrap();
    let sizes = offered(&template);
    assert!(sizes.len() > 3, "{sizes:?}");
    for size in sizes {
        let (vcpu, memory) = asked(&template, &size);
        assert_eq!(memory.to_string(), size);
        assert!(runs(&vcpu, memory), "{memory} MiB with {vcpu} vCPU");
        assert!(vcpu.parse::<f64>().unwrap() <= most, "{vcpu} of {most}");
    }
}

/// The settings with these sizes, in MiB and vCPU, the first of them the default.
fn settings(text: &str, sizes: &[(u32, &str)], default: u32, most: u32) -> String {
    let (start, rest) = text.split_once("sizes:\n").unwrap();
    let (_, end) = rest.split_once("\n# All jobs").unwrap();
    let sizes: String = sizes
        .iter()
        .map(|(memory, vcpu)| format!("  - {{ memoryMib: {memory}, vcpu: \"{vcpu}\" }}\n"))
        .collect();
    format!("{start}sizes:\n{sizes}\n# All jobs{end}")
        .replace(
            "\n  memoryMib: 1024\n",
            &format!("\n  memoryMib: {default}\n"),
        )
        .replace("maxVcpus: 16", &format!("maxVcpus: {most}"))
}

const MEMORY: [u32; 7] = [512, 1024, 1536, 2048, 4096, 16_384, 32_768];
const VCPU: [&str; 7] = ["0.25", "0.5", "1", "4", "8", "16", "3"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sizes_run_or_are_refused_at_their_lines(
        sizes in proptest::collection::vec((proptest::sample::select(MEMORY.to_vec()), proptest::sample::select(VCPU.to_vec())), 1..5),
        default in proptest::sample::select(MEMORY.to_vec()),
        most in proptest::sample::select(vec![1u32, 4, 16]),
    ) {
        let first = |index: usize| sizes[..index].iter().all(|before| before.0 != sizes[index].0);
        let fits = |vcpu: &str| vcpu.parse::<f64>().unwrap() <= f64::from(most);
        let is_right = |index: usize| {
            let (memory, vcpu) = sizes[index];
            runs(vcpu, memory) && first(index) && fits(vcpu)
        };
        let sound = (0..sizes.len()).all(is_right) && sizes.iter().any(|size| size.0 == default);
        match build("scheduled-job", |text| settings(text, &sizes, default, most)) {
            Ok(template) => {
                prop_assert!(sound, "{sizes:?} {default} {most} was taken");
                for size in offered(&template) {
                    let (vcpu, memory) = asked(&template, &size);
                    prop_assert!(sizes.contains(&(memory, vcpu.as_str())) && runs(&vcpu, memory));
                }
            }
            Err(faults) => {
                prop_assert!(!sound, "{sizes:?} {default} {most}: {faults:#?}");
                let edited = settings(&catalog::read("products/scheduled-job/settings.yaml"), &sizes, default, most);
                let sizes_at = 2 + edited.lines().position(|line| line == "sizes:").unwrap();
                for index in (0..sizes.len()).filter(|index| !is_right(*index)) {
                    let told = format!("products/scheduled-job/settings.yaml:{}:", sizes_at + index);
                    prop_assert!(faults.iter().any(|fault| fault.starts_with(&told)), "{faults:#?}");
                }
            }
        }
    }
}

/// What is wrong, and the line of each place that is to be named.
fn told_with(sizes: &[(u32, &str)], default: u32, most: u32, at: &[&str]) {
    let edit = |text: &str| settings(text, sizes, default, most);
    let faults = build("scheduled-job", edit).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let edited = edit(&catalog::read("products/scheduled-job/settings.yaml"));
    for text in at {
        let line = 1 + edited.lines().position(|line| line.contains(text)).unwrap();
        assert!(
            faults[0].contains(&format!("{line}:")),
            "{text}: {faults:#?}"
        );
    }
}

#[test]
fn sizes_that_contradict_something_are_told_with_both_lines() {
    let doubled = [(1024, "0.25"), (1024, "0.5")];
    told_with(&doubled, 1024, 16, &["vcpu: \"0.25\"", "vcpu: \"0.5\""]);
    let large = [(1024, "0.25"), (16_384, "8")];
    told_with(&large, 1024, 4, &["vcpu: \"8\"", "maxVcpus:"]);
    let other = [(1024, "0.25")];
    told_with(&other, 2048, 16, &["  memoryMib: 2048", "vcpu: \"0.25\""]);
}
