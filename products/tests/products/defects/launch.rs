//! What the launch forms of machines guarantee, by the number of the defect that it rules out.

use crate::catalog;
use crate::catalog::template;
use crate::stack::{MACHINES, Stack, body};
use compute_catalog::cfn::Node;
use compute_catalog::product::instance_type::{Architecture, instance_type, is_accelerated};

#[test]
fn d04_d23_every_offered_type_starts_its_image() {
    for (key, id, parameter) in MACHINES {
        let template = template(key);
        let settings = catalog::read(&format!("products/{key}/settings.yaml"));
        let offered = &template.parameters[parameter].allowed_values;
        assert!(!offered.is_empty(), "{key}");
        for name in offered.iter().filter_map(Node::scalar_text) {
            let image =
                Stack::new(&template).with(parameter, &name).properties(id)["ImageId"].clone();
            let image = image.as_str().unwrap();
            // The settings' entry of this image, which begins with its architecture.
            let entry = settings
                .split_once(image)
                .unwrap()
                .0
                .rsplit_once("architecture: ")
                .unwrap()
                .1;
            let architecture = Architecture::ALL
                .into_iter()
                .find(|one| entry.starts_with(one.name()))
                .unwrap();
            assert!(
                instance_type(&name).unwrap().starts(architecture),
                "{key}: {name} on {image}"
            );
            assert_eq!(
                is_accelerated(&name),
                entry.contains("gpu: true"),
                "{key}: {name} on {image}"
            );
        }
    }
}

#[test]
fn d16_d36_the_smallest_disk_holds_the_image_and_the_form_warns_of_its_change() {
    for (key, _, _) in MACHINES {
        let volume = &template(key).parameters["VolumeSize"];
        let least: u32 = volume
            .min_value
            .as_ref()
            .and_then(Node::scalar_text)
            .unwrap()
            .parse()
            .unwrap();
        assert!(least >= 30, "{key}");
        assert!(
            volume
                .description
                .as_deref()
                .unwrap()
                .contains("another one in an update makes a new machine"),
            "{key}"
        );
    }
}

#[test]
fn d35_a_machine_needs_no_key_pair() {
    // notebook and windows keep theirs until an image replaces the instance anyway: their contract
    // holds the name. No command or script uses it.
    let docker = template("linux-docker");
    assert!(
        !docker.resources["EC2Instance"]
            .properties
            .contains_key("KeyName")
    );
    for (key, _, _) in MACHINES {
        let settings =
            catalog::build(key, |text| text.replace("  keyName: scipool\n", "")).unwrap();
        assert!(!body(&settings).contains("scipool"), "{key}");
    }
}

#[test]
fn d33_the_field_of_the_base_image_has_one_value_and_says_what_it_is() {
    // A stack passes the value on at its update, so the field stays.
    let template = template("linux-docker");
    let field = &template.parameters["AMI"];
    let values: Vec<String> = field
        .allowed_values
        .iter()
        .filter_map(Node::scalar_text)
        .collect();
    assert_eq!(values.len(), 1);
    let chosen = Stack::new(&template).with("AMI", &values[0]);
    let says = chosen.output("BaseImage");
    assert!(
        says.as_str().is_some_and(|text| text.contains("Docker")),
        "{says}"
    );
}
