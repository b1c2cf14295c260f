//! The launch form of a template: groups and labels, as the declarations of parameters say them.

use compute_catalog::cfn::{Map, Node, Template};
use std::collections::BTreeMap;

/// The key of the form among a template's metadata.
pub const INTERFACE: &str = "AWS::CloudFormation::Interface";

/// Groups and labels, each by its parameter.
#[derive(Default)]
pub struct Form {
    /// The parameters in the order in which their declarations make this form.
    pub order: Vec<String>,
    /// The group of a parameter.
    pub groups: BTreeMap<String, String>,
    /// The label of a parameter.
    pub labels: BTreeMap<String, String>,
    /// Whether the declarations say all of the form.
    pub is_whole: bool,
}

impl Form {
    /// The form of a template. One that declarations can't say, such as one with a parameter in two
    /// groups, stays a document.
    pub fn of(template: &Template) -> Form {
        let read = template.metadata.get(INTERFACE).and_then(read);
        let is_known = |form: &Form| {
            let mut named = form.groups.keys().chain(form.labels.keys());
            named.all(|name| template.parameters.contains_key(name))
        };
        let mut form = read.filter(is_known).unwrap_or_default();
        for name in template.parameters.keys() {
            if !form.order.contains(name) {
                form.order.push(name.clone());
            }
        }
        form
    }
}

fn read(interface: &Node) -> Option<Form> {
    let interface = interface.as_map()?;
    let known = ["ParameterGroups", "ParameterLabels"];
    if !interface.keys().all(|key| known.contains(&key.as_str())) {
        return None;
    }
    let mut form = Form {
        is_whole: true,
        ..Form::default()
    };
    let mut titles: Vec<String> = Vec::new();
    let groups = interface.get("ParameterGroups").map(Node::as_list);
    for group in groups.unwrap_or(Some(&[]))? {
        let group = group.as_map().filter(|group| group.len() == 2)?;
        let title = label(group.get("Label")?)?;
        let parameters = group.get("Parameters")?.as_list()?;
        if parameters.is_empty() || titles.contains(&title) {
            return None;
        }
        titles.push(title.clone());
        for parameter in parameters {
            let name = parameter.as_str()?.to_owned();
            if form.groups.insert(name.clone(), title.clone()).is_some() {
                return None;
            }
            form.order.push(name);
        }
    }
    let none = Map::default();
    let labels = interface.get("ParameterLabels").map(Node::as_map);
    for (name, text) in labels.unwrap_or(Some(&none))? {
        form.labels.insert(name.clone(), label(text)?);
    }
    Some(form)
}

/// `{default: text}`
fn label(node: &Node) -> Option<String> {
    let map = node.as_map().filter(|map| map.len() == 1)?;
    Some(map.get("default")?.as_str()?.to_owned())
}
