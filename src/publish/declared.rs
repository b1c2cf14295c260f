//! What the templates of stacks declare, with the values that stand for it in the account.

use super::stack_template::json;
use super::{Desired, LiveStack, Observed, Stack};
use serde_json::Value;
use std::collections::BTreeSet;

/// The resources of a Service Catalog type: logical id and properties.
pub(super) fn of_type<'a>(
    template: &'a Value,
    kind: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    template["Resources"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(move |(_, resource)| {
            resource["Type"]
                .as_str()
                .and_then(|one| one.strip_prefix("AWS::ServiceCatalog::"))
                == Some(kind)
        })
        .map(|(logical_id, resource)| (logical_id, &resource["Properties"]))
}

/// A property's value: written out, with the account's own values, a parameter, a resource of the
/// stack, or imported from a stack of ours. `None` is a value that only CloudFormation can tell.
pub(super) fn value(
    desired: &Desired,
    observed: &Observed,
    stack: &LiveStack,
    property: &Value,
) -> Option<String> {
    let plain = |text: &str| {
        let text = text
            .replace("${AWS::Region}", &desired.region)
            .replace("${AWS::AccountId}", desired.account.as_str())
            .replace("${AWS::Partition}", "aws");
        (!text.contains("${")).then_some(text)
    };
    if let Some(text) = property.as_str() {
        return Some(text.to_owned());
    }
    if let Some(text) = property["Fn::Sub"].as_str() {
        return plain(text);
    }
    if let Some(name) = property["Ref"].as_str() {
        let parameter = stack.parameters.get(name);
        return parameter.or_else(|| stack.resources.get(name)).cloned();
    }
    let import = &property["Fn::ImportValue"];
    let name = import.as_str().or_else(|| import["Fn::Sub"].as_str())?;
    desired.stacks.iter().find_map(|stack| {
        let live = observed.stacks.get(&stack.name)?;
        let outputs = live.template.json()["Outputs"].as_object()?;
        let (output, _) = outputs.iter().find(|(_, output)| {
            let export = &output["Export"]["Name"];
            export.as_str().or_else(|| export["Fn::Sub"].as_str()) == Some(name)
        })?;
        live.outputs.get(output).cloned()
    })
}

impl Stack {
    /// The names that it gives to roles, as they are in the account.
    pub fn role_names(&self, desired: &Desired) -> BTreeSet<String> {
        let template = json(&self.template);
        let resources = template["Resources"].as_object().into_iter().flatten();
        let (nothing, observed) = Default::default();
        let names = resources
            .filter(|(_, resource)| resource["Type"] == "AWS::IAM::Role")
            .filter_map(|(_, resource)| {
                let name = &resource["Properties"]["RoleName"];
                value(desired, &observed, &nothing, name)
            });
        names.collect()
    }
}
