//! Parameters: what the launch form asks for.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use super::pattern::{Pattern, whole};
use super::{Intrinsic, List, Node, Value};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A whole number or decimal, as the type of a parameter.
pub enum Number {}

/// The type of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// `String`
    String,
    /// `Number`
    Number,
    /// `CommaDelimitedList`
    CommaDelimitedList,
    /// `List<Number>`
    NumberList,
    /// `List<String>`: not documented, and taken as `CommaDelimitedList` is.
    StringList,
    /// An AWS-specific or SSM type, by its full name.
    Aws(String),
}

impl ParameterType {
    /// Whether it holds several values, with commas between them.
    pub fn is_list(&self) -> bool {
        match self {
            ParameterType::String | ParameterType::Number => false,
            ParameterType::CommaDelimitedList
            | ParameterType::NumberList
            | ParameterType::StringList => true,
            ParameterType::Aws(name) => name.contains("List<"),
        }
    }

    /// The type of this name.
    pub fn parse(name: &str) -> Option<ParameterType> {
        match name {
            "String" => Some(ParameterType::String),
            "Number" => Some(ParameterType::Number),
            "CommaDelimitedList" => Some(ParameterType::CommaDelimitedList),
            "List<Number>" => Some(ParameterType::NumberList),
            "List<String>" => Some(ParameterType::StringList),
            _ if name.starts_with("AWS::") || name.starts_with("List<AWS::") => {
                Some(ParameterType::Aws(name.to_owned()))
            }
            _ => None,
        }
    }
}

impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ParameterType::String => "String",
            ParameterType::Number => "Number",
            ParameterType::CommaDelimitedList => "CommaDelimitedList",
            ParameterType::NumberList => "List<Number>",
            ParameterType::StringList => "List<String>",
            ParameterType::Aws(name) => name,
        })
    }
}

/// A parameter as it stands in a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its type.
    pub kind: ParameterType,
    /// What the launch form explains, at most 4,000 characters.
    pub description: Option<String>,
    /// The value where none is given; a literal.
    pub default: Option<Node>,
    /// The values the form offers; literals.
    pub allowed_values: Vec<Node>,
    /// A regular expression (Java's dialect) that the whole value must match.
    pub allowed_pattern: Option<String>,
    /// What the form says when the value breaks a constraint.
    pub constraint_description: Option<String>,
    /// Least number of characters.
    pub min_length: Option<i64>,
    /// Greatest number of characters.
    pub max_length: Option<i64>,
    /// Least value of a number.
    pub min_value: Option<Node>,
    /// Greatest value of a number.
    pub max_value: Option<Node>,
    /// Hides the value wherever the stack is described.
    pub no_echo: bool,
}

impl Parameter {
    /// A parameter of this type and nothing else.
    pub fn new(kind: ParameterType) -> Parameter {
        Parameter {
            kind,
            description: None,
            default: None,
            allowed_values: Vec::new(),
            allowed_pattern: None,
            constraint_description: None,
            min_length: None,
            max_length: None,
            min_value: None,
            max_value: None,
            no_echo: false,
        }
    }
}

impl Parameter {
    /// The pattern, ready to match whole values.
    ///
    /// # Errors
    /// It can't be read.
    pub fn pattern(&self) -> Result<Option<Arc<Pattern>>, Box<fancy_regex::Error>> {
        self.allowed_pattern.as_deref().map(whole).transpose()
    }

    /// Why CloudFormation refuses a value, if it does: allowed values, pattern, lengths, bounds.
    /// A pattern that can't be read refuses nothing here.
    pub fn refusal(&self, value: &str) -> Option<String> {
        self.refusal_by(value, self.pattern().ok().flatten().as_deref())
    }

    /// As [`Parameter::refusal`], with the pattern made ready once for many values.
    ///
    /// A list is looked at item by item, each without the spaces around it.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
    pub fn refusal_by(&self, value: &str, pattern: Option<&Pattern>) -> Option<String> {
        match self.kind.is_list() {
            true => {
                let mut items = value.split(',').map(str::trim);
                items.find_map(|item| self.refusal_of_one(item, pattern))
            }
            false => self.refusal_of_one(value, pattern),
        }
    }

    fn refusal_of_one(&self, value: &str, pattern: Option<&Pattern>) -> Option<String> {
        let allowed = &self.allowed_values;
        if !allowed.is_empty() && !allowed.iter().any(|node| node.is_text(value)) {
            return Some(format!("`{value}` is none of its allowed values"));
        }
        if pattern.is_some_and(|pattern| !pattern.is_match(value)) {
            return Some(format!("`{value}` does not match its pattern"));
        }
        let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
        if self.min_length.is_some_and(|least| length < least) {
            return Some(format!("`{value}` is shorter than its least length"));
        }
        if self.max_length.is_some_and(|greatest| length > greatest) {
            return Some(format!("`{value}` is longer than its greatest length"));
        }
        if self.kind == ParameterType::Number {
            let Ok(number) = value.parse::<f64>() else {
                return Some(format!("`{value}` is no number"));
            };
            let bound = |node: &Option<Node>| node.as_ref()?.scalar_text()?.parse::<f64>().ok();
            if bound(&self.min_value).is_some_and(|least| number < least) {
                return Some(format!("`{value}` is below its least value"));
            }
            if bound(&self.max_value).is_some_and(|greatest| number > greatest) {
                return Some(format!("`{value}` is above its greatest value"));
            }
        }
        None
    }
}

/// A parameter on its way into a template, with its place on the launch form.
#[derive(Clone, Debug)]
pub struct ParameterDeclaration<T> {
    pub(super) parameter: Parameter,
    pub(super) label: Option<String>,
    pub(super) group: Option<String>,
    kind: PhantomData<fn() -> T>,
}

impl ParameterDeclaration<String> {
    /// A `String` parameter.
    pub fn string() -> Self {
        Self::of(ParameterType::String)
    }
}

impl ParameterDeclaration<Number> {
    /// A `Number` parameter.
    pub fn number() -> Self {
        Self::of(ParameterType::Number)
    }

    /// Least and greatest value.
    #[must_use]
    pub fn between(mut self, least: i64, greatest: i64) -> Self {
        self.parameter.min_value = Some(least.into());
        self.parameter.max_value = Some(greatest.into());
        self
    }
}

impl ParameterDeclaration<List<String>> {
    /// A `CommaDelimitedList` parameter.
    pub fn comma_delimited_list() -> Self {
        Self::of(ParameterType::CommaDelimitedList)
    }
}

/// What a default or an allowed value can be made of.
pub trait ParameterValue {
    /// The literal.
    fn into_literal(self) -> Node;
}

impl ParameterValue for &str {
    fn into_literal(self) -> Node {
        self.into()
    }
}

impl ParameterValue for &String {
    fn into_literal(self) -> Node {
        self.as_str().into()
    }
}

impl ParameterValue for String {
    fn into_literal(self) -> Node {
        self.into()
    }
}

impl ParameterValue for i64 {
    fn into_literal(self) -> Node {
        self.into()
    }
}

impl ParameterValue for u32 {
    fn into_literal(self) -> Node {
        i64::from(self).into()
    }
}

impl<T> ParameterDeclaration<T> {
    /// A parameter of an AWS-specific or SSM type, such as `AWS::EC2::VPC::Id`. What its handle
    /// yields, `String` or `List<String>`, is for the caller to say.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
    pub fn of_type(name: &str) -> Self {
        Self::of(ParameterType::parse(name).unwrap_or_else(|| ParameterType::Aws(name.to_owned())))
    }

    fn of(kind: ParameterType) -> Self {
        ParameterDeclaration {
            parameter: Parameter::new(kind),
            label: None,
            group: None,
            kind: PhantomData,
        }
    }

    /// The name that the launch form shows in place of the parameter's own.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        self.label = Some(label.to_owned());
        self
    }

    /// The group of the launch form. Groups stand in the order of their first parameter.
    #[must_use]
    pub fn group(mut self, group: &str) -> Self {
        self.group = Some(group.to_owned());
        self
    }

    /// What the launch form explains.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.parameter.description = Some(text.into());
        self
    }

    /// The value where none is given.
    #[must_use]
    pub fn default(mut self, value: impl ParameterValue) -> Self {
        self.parameter.default = Some(value.into_literal());
        self
    }

    /// The values the launch form offers.
    #[must_use]
    pub fn allowed_values<V: ParameterValue>(
        mut self,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.parameter.allowed_values = values
            .into_iter()
            .map(ParameterValue::into_literal)
            .collect();
        self
    }

    /// A pattern (Java's dialect) for the whole value, and what the form says when it isn't met.
    #[must_use]
    pub fn allowed_pattern(mut self, pattern: &str, says: impl Into<String>) -> Self {
        self.parameter.allowed_pattern = Some(pattern.to_owned());
        self.parameter.constraint_description = Some(says.into());
        self
    }

    /// What the launch form says when a value breaks a constraint.
    #[must_use]
    pub fn constraint_description(mut self, says: impl Into<String>) -> Self {
        self.parameter.constraint_description = Some(says.into());
        self
    }

    /// Least and greatest number of characters.
    #[must_use]
    pub fn length(mut self, least: i64, greatest: i64) -> Self {
        self.parameter.min_length = Some(least);
        self.parameter.max_length = Some(greatest);
        self
    }

    /// A pattern (Java's dialect) for the whole value.
    #[must_use]
    pub fn pattern(mut self, pattern: &str) -> Self {
        self.parameter.allowed_pattern = Some(pattern.to_owned());
        self
    }

    /// Least number of characters.
    #[must_use]
    pub fn min_length(mut self, least: i64) -> Self {
        self.parameter.min_length = Some(least);
        self
    }

    /// Greatest number of characters.
    #[must_use]
    pub fn max_length(mut self, greatest: i64) -> Self {
        self.parameter.max_length = Some(greatest);
        self
    }

    /// Least value of a number.
    #[must_use]
    pub fn min_value(mut self, least: impl ParameterValue) -> Self {
        self.parameter.min_value = Some(least.into_literal());
        self
    }

    /// Greatest value of a number.
    #[must_use]
    pub fn max_value(mut self, greatest: impl ParameterValue) -> Self {
        self.parameter.max_value = Some(greatest.into_literal());
        self
    }

    /// Hides the value wherever the stack is described.
    #[must_use]
    pub fn no_echo(mut self) -> Self {
        self.parameter.no_echo = true;
        self
    }
}

/// A declared parameter: the only way to refer to one.
#[derive(Debug)]
pub struct ParameterHandle<T> {
    name: String,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for ParameterHandle<T> {
    fn clone(&self) -> Self {
        ParameterHandle::new(&self.name)
    }
}

impl<T> ParameterHandle<T> {
    pub(super) fn new(name: &str) -> Self {
        ParameterHandle {
            name: name.to_owned(),
            kind: PhantomData,
        }
    }

    /// The parameter's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn node(&self) -> Node {
        Intrinsic::Ref(self.name.clone()).into()
    }
}

impl ParameterHandle<Number> {
    /// The number as text, where a property wants text.
    pub fn text(&self) -> Value<String> {
        Value::from_node(self.node())
    }
}

impl From<&ParameterHandle<String>> for Value<String> {
    fn from(handle: &ParameterHandle<String>) -> Self {
        Value::from_node(handle.node())
    }
}

impl From<&ParameterHandle<Number>> for Value<i64> {
    fn from(handle: &ParameterHandle<Number>) -> Self {
        Value::from_node(handle.node())
    }
}

impl From<&ParameterHandle<Number>> for Value<f64> {
    fn from(handle: &ParameterHandle<Number>) -> Self {
        Value::from_node(handle.node())
    }
}

impl From<&ParameterHandle<List<String>>> for Value<List<String>> {
    fn from(handle: &ParameterHandle<List<String>>) -> Self {
        Value::from_node(handle.node())
    }
}
