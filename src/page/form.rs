//! The launch form: what Service Catalog asks for, in the order in which it asks.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html>

use super::effect;
use crate::cfn::{Map, Node, Parameter, ParameterType, Template};
use crate::change::{Kept, ParameterImpact, parameter_impacts};
use serde::Serialize;

/// The metadata key of the groups and labels.
const INTERFACE: &str = "AWS::CloudFormation::Interface";

/// The heading of parameters that stand in no group, as the console has it.
const OTHER: &str = "Other parameters";

/// A product's launch form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchForm {
    /// The groups in order.
    pub groups: Vec<FieldGroup>,
}

/// A heading with its fields.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldGroup {
    /// The heading.
    pub label: String,
    /// The fields in order.
    pub fields: Vec<Field>,
}

/// One parameter as the form shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The parameter's name.
    pub name: String,
    /// What the form calls it.
    pub label: String,
    /// What the form explains; empty where the template says nothing.
    pub help: String,
    /// What is typed.
    pub kind: InputKind,
    /// The template's name for the type.
    pub type_name: String,
    /// The value where none is given. Without one the field must be filled in.
    pub default: Option<String>,
    /// The values to choose from; empty where anything may be typed.
    pub allowed_values: Vec<String>,
    /// The same, each with what it costs.
    pub choices: Vec<Choice>,
    /// The pattern that the whole value must match, in Java's dialect.
    pub pattern: Option<String>,
    /// What the form says of a value that breaks a constraint.
    pub constraint: Option<String>,
    /// Least number of characters.
    pub min_length: Option<i64>,
    /// Greatest number of characters.
    pub max_length: Option<i64>,
    /// Least value.
    pub min_value: Option<String>,
    /// Greatest value.
    pub max_value: Option<String>,
    /// Whether the value is hidden.
    pub is_secret: bool,
    /// Whether the form takes no launch without a value: there is no default.
    pub is_required: bool,
    /// The limits of the value in words; empty where there are none.
    pub limits: String,
    /// What the field takes in words; empty where there are values to choose from.
    pub takes: String,
    /// Whose prices the costs of its choices are; empty where there are none, or an instance's.
    pub costs_are_of: String,
    /// Whether it chooses the size of an instance.
    pub is_size: bool,
    /// What another value does to a running product, in a sentence.
    pub on_change: String,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// The value.
    pub value: String,
    /// What it costs, in words; empty where no price is known.
    pub cost: String,
}

/// What is typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum InputKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// Values with commas between them.
    List,
    /// Numbers with commas between them.
    NumberList,
}

impl LaunchForm {
    /// The form of a template, whose machines keep something.
    ///
    /// ```
    /// use compute_catalog::{cfn, change::Kept, page::LaunchForm};
    ///
    /// let text = "Parameters: {Days: {Type: Number, Default: 30, MaxValue: 90}}\nResources: {Logs: {Type: AWS::Logs::LogGroup}}";
    /// let template = cfn::read(text).map_err(|errors| format!("{errors:?}"))?;
    /// let form = LaunchForm::of(&template, &Kept::default());
    /// let field = form.field("Days").ok_or("a parameter is a field")?;
    /// assert_eq!((field.takes.as_str(), field.is_required), ("90 or less", false));
    /// # Ok::<(), String>(())
    /// ```
    pub fn of(template: &Template, kept: &Kept) -> LaunchForm {
        let interface = template.metadata.get(INTERFACE).and_then(Node::as_map);
        let labels = interface
            .and_then(|map| map.get("ParameterLabels"))
            .and_then(Node::as_map);
        let impacts = parameter_impacts(template, kept);
        let field = |name: &str, parameter: &Parameter| {
            let label = labels.and_then(|labels| default_text(labels.get(name)?));
            Field::new(name, label, parameter, impacts.get(name))
        };
        let mut groups = Vec::new();
        let mut grouped = Vec::new();
        for group in interface
            .and_then(|map| map.get("ParameterGroups")?.as_list())
            .unwrap_or_default()
        {
            let names = group.get("Parameters").and_then(Node::as_list);
            let mut fields = Vec::new();
            for name in names.unwrap_or_default().iter().filter_map(Node::as_str) {
                if let Some(parameter) = template.parameters.get(name) {
                    fields.push(field(name, parameter));
                    grouped.push(name);
                }
            }
            let label = group.get("Label").and_then(default_text);
            groups.push(FieldGroup {
                label: label.unwrap_or(OTHER).to_owned(),
                fields,
            });
        }
        let others: Vec<Field> = template
            .parameters
            .iter()
            .filter(|(name, _)| !grouped.contains(&name.as_str()))
            .map(|(name, parameter)| field(name, parameter))
            .collect();
        if !others.is_empty() {
            groups.push(FieldGroup {
                label: OTHER.to_owned(),
                fields: others,
            });
        }
        LaunchForm { groups }
    }

    /// The fields of all groups.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|group| &group.fields)
    }

    /// The field of a parameter.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }
}

/// The text at `default` of a label.
fn default_text(label: &Node) -> Option<&str> {
    label
        .as_map()
        .and_then(|map: &Map| map.get("default")?.as_str())
}

impl Field {
    fn new(
        name: &str,
        label: Option<&str>,
        parameter: &Parameter,
        impact: Option<&ParameterImpact>,
    ) -> Field {
        let text = |node: &Option<Node>| node.as_ref().and_then(Node::scalar_text);
        let values = parameter.allowed_values.iter();
        let allowed_values: Vec<String> = values.filter_map(Node::scalar_text).collect();
        let choice = |value: &String| Choice {
            value: value.clone(),
            cost: String::new(),
        };
        Field {
            choices: allowed_values.iter().map(choice).collect(),
            name: name.to_owned(),
            label: label.unwrap_or(name).to_owned(),
            help: parameter.description.clone().unwrap_or_default(),
            kind: match &parameter.kind {
                ParameterType::Number => InputKind::Number,
                ParameterType::NumberList => InputKind::NumberList,
                ParameterType::CommaDelimitedList | ParameterType::StringList => InputKind::List,
                ParameterType::Aws(name) if name.starts_with("List<") => InputKind::List,
                ParameterType::String | ParameterType::Aws(_) => InputKind::Text,
            },
            type_name: parameter.kind.to_string(),
            default: text(&parameter.default),
            allowed_values,
            pattern: parameter.allowed_pattern.clone(),
            constraint: parameter.constraint_description.clone(),
            min_length: parameter.min_length,
            max_length: parameter.max_length,
            min_value: text(&parameter.min_value),
            max_value: text(&parameter.max_value),
            is_secret: parameter.no_echo,
            is_required: parameter.default.is_none(),
            limits: limits(parameter),
            takes: takes(parameter),
            costs_are_of: String::new(),
            is_size: false,
            on_change: match parameter.allowed_values.len() {
                1 => "There is no other value.".to_owned(),
                _ => impact.map(effect::sentence).unwrap_or_default(),
            },
        }
    }
}

/// What a field takes, said once: the constraint's own words where they name the limits.
fn takes(parameter: &Parameter) -> String {
    if !parameter.allowed_values.is_empty() {
        return String::new();
    }
    let limits = limits(parameter);
    let says = parameter.constraint_description.clone();
    let bounds = [&parameter.min_value, &parameter.max_value];
    let mut bounds = bounds.into_iter().flatten().filter_map(Node::scalar_text);
    match says {
        Some(says) if limits.is_empty() || bounds.all(|bound| says.contains(&bound)) => says,
        Some(says) => format!("{limits}. {says}"),
        None => match (&parameter.allowed_pattern, limits.is_empty()) {
            (Some(pattern), true) => format!("text that matches {pattern}"),
            (Some(pattern), false) => format!("{limits}, matching {pattern}"),
            (None, true) => "anything".to_owned(),
            (None, false) => limits,
        },
    }
}

fn limits(parameter: &Parameter) -> String {
    let text = |node: &Option<Node>| node.as_ref().and_then(Node::scalar_text);
    let mut limits = Vec::new();
    match (text(&parameter.min_value), text(&parameter.max_value)) {
        (Some(least), Some(most)) => limits.push(format!("{least} to {most}")),
        (Some(least), None) => limits.push(format!("{least} or more")),
        (None, Some(most)) => limits.push(format!("{most} or less")),
        (None, None) => {}
    }
    match (parameter.min_length, parameter.max_length) {
        (Some(least), Some(most)) if least == most => {
            limits.push(format!("exactly {least} characters"));
        }
        (Some(least), Some(most)) => limits.push(format!("{least} to {most} characters")),
        (Some(least), None) => limits.push(format!("{least} characters or more")),
        (None, Some(most)) => limits.push(format!("at most {most} characters")),
        (None, None) => {}
    }
    limits.join(", ")
}
