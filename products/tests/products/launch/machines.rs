//! Every combination that the launch form of a machine takes is one that starts: type, image,
//! agent, containers and disk fit together, whatever the settings offer.

use crate::catalog;
use crate::stack::{MACHINES, Stack, files};
use compute_catalog::cfn::{Node, Template};
use compute_catalog::product::instance_type::{Architecture, instance_type, is_accelerated};
use compute_catalog::yaml;
use products::part::image::Image;
use products::part::launch_values::LaunchSettings;
use products::{linux_docker, notebook, windows};
use proptest::prelude::*;

fn launch(key: &str) -> LaunchSettings {
    let path = format!("products/{key}/settings.yaml");
    let text = catalog::read(&path);
    match key {
        "linux-docker" => {
            yaml::load::<linux_docker::Settings>(&path, &text)
                .unwrap()
                .launch
        }
        "notebook" => {
            yaml::load::<notebook::Settings>(&path, &text)
                .unwrap()
                .launch
        }
        _ => {
            yaml::load::<windows::Settings>(&path, &text)
                .unwrap()
                .launch
        }
    }
}

/// The values that a field takes: all of a list, the ends and the default of a range.
fn values(template: &Template, name: &str) -> Vec<String> {
    let parameter = &template.parameters[name];
    if !parameter.allowed_values.is_empty() {
        return parameter
            .allowed_values
            .iter()
            .filter_map(Node::scalar_text)
            .collect();
    }
    [
        &parameter.min_value,
        &parameter.default,
        &parameter.max_value,
    ]
    .into_iter()
    .flatten()
    .filter_map(Node::scalar_text)
    .collect()
}

/// Every combination of the fields' values.
fn combinations(template: &Template) -> Vec<Vec<(String, String)>> {
    template
        .parameters
        .keys()
        .fold(vec![Vec::new()], |all, name| {
            all.iter()
                .flat_map(|before: &Vec<(String, String)>| {
                    values(template, name).into_iter().map(move |value| {
                        before
                            .iter()
                            .cloned()
                            .chain([(name.clone(), value)])
                            .collect()
                    })
                })
                .collect()
        })
}

fn image_of<'a>(launch: &'a LaunchSettings, id: &str) -> &'a Image {
    let has = |image: &&Image| image.ids.values().any(|own| own.as_str() == id);
    launch
        .images
        .values()
        .map(|image| &image.value)
        .find(has)
        .unwrap()
}

#[test]
fn every_combination_of_the_form_starts() {
    let mut tried = 0;
    for (key, id, parameter) in MACHINES {
        let template = catalog::template(key);
        let launch = launch(key);
        for combination in combinations(&template) {
            let stack = combination
                .iter()
                .fold(Stack::new(&template), |stack, (name, value)| {
                    stack.with(name, value)
                });
            let chosen = |name: &str| {
                let found = combination.iter().find(|(field, _)| field == name);
                found.map(|(_, value)| value.as_str()).unwrap()
            };
            let properties = stack.properties(id);
            let image = image_of(&launch, properties["ImageId"].as_str().unwrap());
            let name = chosen(parameter);
            assert_eq!(properties["InstanceType"], name, "{key}");
            let found = instance_type(name).unwrap();
            assert!(found.starts(*image.architecture), "{key}: {combination:?}");
            assert_eq!(is_accelerated(name), image.gpu, "{key}: {combination:?}");
            for region in image.ids.keys() {
                assert_eq!(found.is_offered_in(region), Some(true), "{key}: {name}");
            }
            let disk = &properties["BlockDeviceMappings"][0];
            assert_eq!(disk["DeviceName"], image.root_device.as_str(), "{key}");
            let size: u32 = chosen("VolumeSize").parse().unwrap();
            assert!(size >= *image.smallest_volume_gib, "{key}: {combination:?}");
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried} combinations were tried");
}

/// The boot of a notebook knows an agent for each architecture that an offered type can have, and
/// containers that run on it.
#[test]
fn every_type_of_a_notebook_has_its_agent_and_containers() {
    let settings: notebook::Settings = yaml::load(
        "products/notebook/settings.yaml",
        &catalog::read("products/notebook/settings.yaml"),
    )
    .unwrap();
    let template = catalog::template("notebook");
    for combination in combinations(&template) {
        let stack = combination
            .iter()
            .fold(Stack::new(&template), |stack, (name, value)| {
                stack.with(name, value)
            });
        let id = stack.properties("LinuxInstance")["ImageId"].clone();
        let architecture = *image_of(&settings.launch, id.as_str().unwrap()).architecture;
        let metadata = stack.metadata("LinuxInstance");
        let files = &metadata["AWS::CloudFormation::Init"]["files"]["files"];
        let env = files["/opt/compute-catalog/stack.env"]["content"]
            .as_str()
            .unwrap();
        let value = |key: &str| {
            let line = env
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{key}=")));
            line.unwrap_or_default()
        };
        let agent = format!("AGENT_URL_{}", architecture.name().to_ascii_uppercase());
        assert!(
            value(&agent).starts_with("https://"),
            "{combination:?}: {env}"
        );
        let software = match value("NOTEBOOK_TYPE") {
            "Rstudio" => &settings.software.rstudio,
            "Jupyter" => &settings.software.jupyter,
            other => unreachable!("{other}"),
        };
        for (key, image) in [
            ("NOTEBOOK_IMAGE", &software.notebook),
            ("PROXY_IMAGE", &software.proxy),
        ] {
            assert_eq!(value(key), image.image, "{combination:?}");
            assert!(
                image.architectures.contains(&architecture),
                "{combination:?}"
            );
        }
    }
}

/// Settings of notebooks: which machine images there are, and for which processors the agent and
/// one of the proxies are made.
fn notebook_settings(
    text: &str,
    machines: &[Architecture],
    agents: &[Architecture],
    proxy: &[Architecture],
) -> String {
    let (start, rest) = text.split_once("launch:\n").unwrap();
    let (_, middle) = rest.split_once("software:\n").unwrap();
    let (middle, rest) = middle.split_once("agent:\n").unwrap();
    let (_, key) = rest.split_once("  keyUrl:").unwrap();
    let proxies: Vec<&str> = proxy.iter().map(|one| one.name()).collect();
    let middle: String = middle
        .lines()
        .map(|line| match line.split_once("architectures: [") {
            // All the other containers are made for both.
            Some((start, _)) => {
                let made_for = match line.contains("reverse-proxy-jupyter") {
                    true => proxies.join(", "),
                    false => "x86_64, arm64".to_owned(),
                };
                format!("{start}architectures: [{made_for}] }}\n")
            }
            None => format!("{line}\n"),
        })
        .collect();
    let mut images = String::new();
    let mut types = Vec::new();
    for machine in machines {
        let name = machine.name().replace('_', "");
        images.push_str(&format!(
            "    {name}:\n      architecture: {machine}\n      operatingSystem: Linux\n      rootDevice: /dev/sda1\n      \
             smallestVolumeGib: 50\n      ids: {{ us-east-1: ami-{:017} }}\n",
            machine.name().len()
        ));
        types.push(match machine {
            Architecture::X86_64 => "t3a.small",
            Architecture::Arm64 => "t4g.small",
        });
    }
    let agents: String = agents
        .iter()
        .map(|one| format!("  {one}:\n    url: https://example.org/1.2.3/agent.deb\n"))
        .collect();
    format!(
        "{start}launch:\n  images:\n{images}  instanceTypes:\n    default: {}\n    offered: [{}]\n  \
         volumeGib: {{ default: 50, least: 50, most: 100 }}\nsoftware:\n{middle}agent:\n{agents}  keyUrl:{key}",
        types[0],
        types.join(", ")
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agents_and_containers_run_on_every_image_or_both_lines_are_told(
        machines in proptest::sample::subsequence(Architecture::ALL.to_vec(), 1..=2),
        agents in proptest::sample::subsequence(Architecture::ALL.to_vec(), 0..=2),
        proxy in proptest::sample::subsequence(Architecture::ALL.to_vec(), 1..=2),
    ) {
        let built = catalog::build("notebook", |text| {
            notebook_settings(text, &machines, &agents, &proxy)
        });
        let own = catalog::read("products/notebook/settings.yaml");
        let edited = notebook_settings(&own, &machines, &agents, &proxy);
        let line = |text: &str| 1 + edited.lines().position(|line| line.contains(text)).unwrap();
        let without_agent: Vec<_> = machines.iter().filter(|one| !agents.contains(one)).collect();
        let without_proxy: Vec<_> = machines.iter().filter(|one| !proxy.contains(one)).collect();
        match built {
            Ok(template) => {
                prop_assert!(without_agent.is_empty() && without_proxy.is_empty());
                let env = files(&template, "LinuxInstance")["/opt/compute-catalog/stack.env"].to_string();
                for machine in &machines {
                    let agent = format!("AGENT_URL_{}", machine.name().to_ascii_uppercase());
                    prop_assert!(env.contains(&agent), "{env}");
                }
            }
            Err(faults) => {
                prop_assert_eq!(faults.len(), without_agent.len() + without_proxy.len(), "{:#?}", faults);
                for machine in without_agent {
                    let at_image = line(&format!("architecture: {machine}"));
                    let told = format!("products/notebook/settings.yaml:{at_image}:");
                    let hint = format!("add `agent.{machine}`");
                    prop_assert!(faults.iter().any(|fault| {
                        fault.starts_with(&told) && fault.contains(&hint)
                            && fault.contains(&format!("`agent` at line {}", line("agent:") + 1))
                    }), "{faults:#?}");
                }
                for machine in without_proxy {
                    let at_image = line(&format!("architecture: {machine}"));
                    let at_proxy = line("reverse-proxy-jupyter");
                    let told = format!("products/notebook/settings.yaml:{at_proxy}:");
                    let other = format!("at line {at_image}");
                    prop_assert!(faults.iter().any(|fault| fault.starts_with(&told) && fault.contains(&other)), "{faults:#?}");
                }
            }
        }
    }
}

#[test]
fn windows_on_other_processors_than_its_packages_is_told_with_both_lines() {
    let edit = |text: &str| {
        text.replace("architecture: x86_64", "architecture: arm64")
            .replace("t3a.", "t4g.")
    };
    let faults = catalog::build("windows", edit).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    let edited = edit(&catalog::read("products/windows/settings.yaml"));
    let line = |text: &str| 1 + edited.lines().position(|line| line.contains(text)).unwrap();
    let told = format!(
        "products/windows/settings.yaml:{}:",
        line("architecture: arm64")
    );
    assert!(faults[0].starts_with(&told), "{faults:#?}");
    let agent = format!("the packages at line {}", line("name: cloudwatch-agent"));
    assert!(faults[0].contains(&agent), "{faults:#?}");
}
