//! The launch form and the product page, field by field against the generated template, which an
//! independent YAML reader reads.

use crate::catalog::{catalog, names, read, site_files};
use roxmltree::{Document, Node, ParsingOptions};
use serde_yaml::{Mapping, Value};

/// A template as the second reader sees it.
fn template(key: &str) -> Value {
    serde_yaml::from_str(&read(&format!("generated/products/{key}.yaml"))).unwrap()
}

fn parameters(template: &Value) -> &Mapping {
    template["Parameters"].as_mapping().unwrap()
}

/// A scalar as CloudFormation prints it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn options<'a>() -> ParsingOptions<'a> {
    ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    }
}

fn all_text(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter_map(|node| node.is_text().then(|| node.text()).flatten())
        .collect()
}

fn find<'a>(document: &'a Document<'_>, tag: &str, id: &str) -> Node<'a, 'a> {
    document
        .descendants()
        .find(|node| node.tag_name().name() == tag && node.attribute("id") == Some(id))
        .unwrap_or_else(|| panic!("no {tag} {id}"))
}

#[test]
fn the_launch_form_is_the_template_field_by_field() {
    let site = site_files();
    for key in names("generated/products") {
        let template = template(&key);
        let html = &site[&format!("pages/{key}-launch.html")];
        let document = Document::parse_with_options(html, options()).unwrap();
        let mut fields = Vec::new();
        for (name, parameter) in parameters(&template) {
            let name = name.as_str().unwrap();
            fields.push(name.to_owned());
            let at = format!("{key}: {name}");
            let input = document
                .descendants()
                .find(|node| node.attribute("name") == Some(name))
                .unwrap_or_else(|| panic!("{at} is not on the form"));
            let default = text(&parameter["Default"]);
            assert_eq!(
                input.attribute("data-type"),
                parameter["Type"].as_str(),
                "{at}"
            );
            let required = default.is_none().to_string();
            assert_eq!(
                input.attribute("data-required"),
                Some(required.as_str()),
                "{at}"
            );

            if let Some(values) = parameter["AllowedValues"].as_sequence() {
                assert_eq!(input.tag_name().name(), "select", "{at}");
                let choices: Vec<Node<'_, '_>> = input
                    .children()
                    .filter(|node| node.tag_name().name() == "option")
                    .collect();
                let offered: Vec<_> = choices
                    .iter()
                    .filter_map(|node| node.attribute("value"))
                    .collect();
                let values: Vec<String> = values.iter().filter_map(text).collect();
                assert_eq!(offered, values, "{at}");
                let chosen: Vec<_> = choices
                    .iter()
                    .filter(|node| node.has_attribute("selected"))
                    .map(|node| all_text(*node))
                    .collect();
                assert_eq!(chosen, default.into_iter().collect::<Vec<_>>(), "{at}");
            } else {
                assert_eq!(input.tag_name().name(), "input", "{at}");
                let hidden = parameter["NoEcho"].as_bool() == Some(true)
                    || parameter["NoEcho"].as_str() == Some("true");
                let kind = if hidden { "password" } else { "text" };
                assert_eq!(input.attribute("type"), Some(kind), "{at}");
                let shown = input.attribute("value").unwrap_or_default();
                assert_eq!(shown, default.unwrap_or_default(), "{at}");
                for (attribute, property) in [
                    ("data-pattern", "AllowedPattern"),
                    ("data-constraint", "ConstraintDescription"),
                    ("data-min-length", "MinLength"),
                    ("data-max-length", "MaxLength"),
                    ("data-min-value", "MinValue"),
                    ("data-max-value", "MaxValue"),
                ] {
                    let wanted = text(&parameter[property]);
                    assert_eq!(
                        input.attribute(attribute),
                        wanted.as_deref(),
                        "{at}: {property}"
                    );
                }
            }

            let interface = &template["Metadata"]["AWS::CloudFormation::Interface"];
            let label = interface["ParameterLabels"][name]["default"]
                .as_str()
                .unwrap_or(name);
            let labels = document
                .descendants()
                .find(|node| node.attribute("for") == Some(name))
                .unwrap();
            assert_eq!(labels.text().unwrap().trim(), label, "{at}");
            let help = all_text(find(&document, "p", &format!("{name}-help")));
            let description = parameter["Description"].as_str().unwrap_or_default();
            assert!(help.starts_with(description), "{at}: {help}");
        }
        let shown: Vec<&str> = document
            .descendants()
            .filter_map(|node| node.attribute("data-field"))
            .collect();
        let mut sorted = shown.clone();
        sorted.sort_unstable();
        fields.sort();
        assert_eq!(sorted, fields, "{key}");
        groups_stand_in_order(&key, &template, &document, &shown);
    }
}

fn groups_stand_in_order(key: &str, template: &Value, document: &Document<'_>, shown: &[&str]) {
    let interface = &template["Metadata"]["AWS::CloudFormation::Interface"];
    let groups = interface["ParameterGroups"].as_sequence().unwrap();
    let wanted: Vec<&str> = groups
        .iter()
        .map(|group| group["Label"]["default"].as_str().unwrap())
        .collect();
    let legends: Vec<String> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "legend")
        .map(all_text)
        .filter(|legend| legend != "Product" && legend != "Tags")
        .collect();
    assert_eq!(legends, wanted, "{key}");
    let order: Vec<&str> = groups
        .iter()
        .flat_map(|group| group["Parameters"].as_sequence().unwrap())
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(shown, order, "{key}");
}

#[test]
fn the_launch_form_asks_for_the_tags_of_its_portfolios() {
    let catalog = catalog();
    let site = site_files();
    for product in &catalog.products {
        let key = product.key.as_str();
        let html = &site[&format!("pages/{key}-launch.html")];
        let document = Document::parse_with_options(html, options()).unwrap();
        let page = catalog.page(key);
        assert!(!page.tags.is_empty(), "{key} asks for no cost center");
        for tag in &page.tags {
            let select = find(&document, "select", &format!("tag-{}", tag.key));
            let offered: Vec<String> = select
                .children()
                .filter(|node| node.tag_name().name() == "option")
                .map(all_text)
                .collect();
            // Nothing is chosen for anybody.
            assert_eq!(offered[0], "Choose…", "{key}");
            assert_eq!(offered[1..], tag.values, "{key}");
            assert_eq!(select.attribute("data-required"), Some("true"), "{key}");
            assert!(tag.other.iter().all(|other| tag.values.contains(other)));
        }
    }
}

#[test]
fn the_page_on_disk_tells_every_field_output_and_size() {
    for key in names("generated/products") {
        let template = template(&key);
        // Escapes and links stripped: what a reader of the rendered page sees.
        let page = read(&format!("generated/pages/{key}.md")).replace('\\', "");
        let page = page.replace(['<', '>'], "");
        let plain = |text: &str| {
            text.replace('\\', "")
                .replace(['<', '>'], "")
                .replace('\n', " ")
        };
        for (name, parameter) in parameters(&template) {
            let name = name.as_str().unwrap();
            let at = format!("{key}: {name}");
            let row = page
                .lines()
                .find(|line| line.starts_with("| ") && line.contains(&format!("`{name}` |")))
                .unwrap_or_else(|| panic!("{at} has no row"));
            assert!(
                row.contains(&plain(parameter["Description"].as_str().unwrap())),
                "{at}: {row}"
            );
            match text(&parameter["Default"]) {
                Some(default) if !default.is_empty() => {
                    assert!(
                        row.contains(&format!("`{}`", plain(&default))),
                        "{at}: {row}"
                    );
                }
                Some(_) => assert!(row.contains("| empty |"), "{at}: {row}"),
                None => assert!(row.contains("| none: fill it in |"), "{at}: {row}"),
            }
            for value in parameter["AllowedValues"]
                .as_sequence()
                .into_iter()
                .flatten()
            {
                let value = format!("`{}`", text(value).unwrap());
                assert!(page.contains(&value), "{at}: {value}");
            }
            for limit in ["MinValue", "MaxValue", "MinLength", "MaxLength"] {
                if let Some(limit) = text(&parameter[limit]) {
                    assert!(row.contains(&limit), "{at}: {limit} in {row}");
                }
            }
            if let Some(says) = parameter["ConstraintDescription"].as_str()
                && parameter["AllowedValues"].is_null()
            {
                assert!(row.contains(&plain(says)), "{at}: {says}");
            }
        }
        for (name, output) in template["Outputs"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            let description = plain(output["Description"].as_str().unwrap());
            let row = format!("| `{name}` | {description}");
            assert!(page.contains(&row), "{key}: {row}");
        }
    }
}

#[test]
fn sizes_tell_processors_and_memory() {
    let catalog = catalog();
    for key in ["linux-docker", "notebook", "windows"] {
        let page = catalog.page(key);
        let (_, sizes) = page
            .sizes
            .first()
            .unwrap_or_else(|| panic!("{key} has no sizes"));
        assert!(sizes.len() > 2, "{key}");
        assert_eq!(
            sizes.iter().filter(|size| size.is_default).count(),
            1,
            "{key}"
        );
        let small = sizes.iter().find(|size| size.name == "t3a.small").unwrap();
        assert_eq!(
            (small.vcpus, small.memory_gib.as_deref()),
            (Some(2), Some("2"))
        );
        for size in sizes {
            assert!(
                size.vcpus.is_some() && size.memory_gib.is_some(),
                "{}",
                size.name
            );
        }
    }
    assert!(catalog.page("s3-private").sizes.is_empty());
}

#[test]
fn the_page_tells_what_another_value_does_to_a_running_product() {
    for (key, name, says) in [
        (
            "linux-docker",
            "EC2InstanceType",
            "Interrupts the instance.",
        ),
        (
            "windows",
            "VolumeSize",
            "Makes a new instance; lost: files on the machine.",
        ),
        (
            "s3-private",
            "BucketName",
            "Makes a new bucket; left behind, in the old one: objects.",
        ),
        ("scheduled-job", "Schedule", "Changes the rule in place."),
    ] {
        let page = read(&format!("generated/pages/{key}.md"));
        let row = page
            .lines()
            .find(|line| line.contains(&format!("`{name}` |")));
        let row = row.unwrap_or_else(|| panic!("{key}: {name} has no row"));
        assert!(row.ends_with(&format!("| {says} |")), "{row}");
    }
}

#[test]
fn the_outputs_of_the_preview_are_those_of_the_template() {
    let site = site_files();
    for key in names("generated/products") {
        let template = template(&key);
        let html = &site[&format!("pages/{key}-parts.html")];
        let document = Document::parse_with_options(html, options()).unwrap();
        let list = document
            .descendants()
            .find(|node| node.attribute("class") == Some("outputs"))
            .unwrap();
        let texts = |tag: &str| -> Vec<String> {
            let nodes = list.descendants();
            let nodes = nodes.filter(|node| node.tag_name().name() == tag);
            nodes.map(all_text).collect()
        };
        let (names, descriptions) = (texts("dt"), texts("dd"));
        let wanted = template["Outputs"].as_mapping().unwrap().iter();
        let wanted: Vec<&str> = wanted.map(|(name, _)| name.as_str().unwrap()).collect();
        assert_eq!(names, wanted, "{key}");
        for (name, text) in names.iter().zip(&descriptions) {
            let description = template["Outputs"][name.as_str()]["Description"].as_str();
            assert!(text.contains(description.unwrap()), "{key}: {name}: {text}");
        }
    }
}
