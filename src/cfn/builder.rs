//! The builder: how a model makes a template, and what it refuses.

use super::integrity::{Outcome, TemplateError};
use super::{
    Condition, ConditionHandle, Dependency, Handle, IndexMap, Map, Mapping, MappingHandle, Node,
    ParameterDeclaration, ParameterHandle, Path, ResourceType, Template, TemplateOutput, Transform,
    Value,
};
use std::fmt;

/// An output on its way into a template.
#[derive(Clone, Debug)]
pub struct Output {
    output: TemplateOutput,
}

impl Output {
    /// An output with what its reader is told.
    pub fn new<T>(value: impl Into<Value<T>>, description: &str) -> Output {
        Output {
            output: TemplateOutput {
                description: Some(description.to_owned()),
                condition: None,
                value: value.into().into_node(),
                export: None,
            },
        }
    }

    /// An output that says nothing of itself.
    pub fn without_description<T>(value: impl Into<Value<T>>) -> Output {
        let mut output = Output::new(value, "");
        output.output.description = None;
        output
    }

    /// The output exists only where the condition holds.
    #[must_use]
    pub fn condition(mut self, condition: &ConditionHandle) -> Output {
        self.output.condition = Some(condition.name().to_owned());
        self
    }

    /// Other stacks import the output under this name.
    #[must_use]
    pub fn export(mut self, name: impl Into<Value<String>>) -> Output {
        self.output.export = Some(name.into().into_node());
        self
    }
}

/// A template that does not hold together: every reason, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(pub Vec<TemplateError>);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, defect) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", defect.at, defect.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}

/// Makes a template.
#[derive(Debug, Default)]
pub struct Builder {
    template: Template,
    groups: IndexMap<String, Vec<String>>,
    labels: IndexMap<String, String>,
    defects: Vec<TemplateError>,
}

impl Builder {
    /// A template with this description, of at most 1,024 bytes.
    pub fn new(description: impl Into<String>) -> Builder {
        let template = Template {
            description: Some(description.into()),
            ..Template::default()
        };
        Builder {
            template,
            ..Builder::default()
        }
    }

    /// Declares a parameter, with its place on the launch form.
    pub fn parameter<T>(
        &mut self,
        name: &str,
        declaration: ParameterDeclaration<T>,
    ) -> ParameterHandle<T> {
        if let Some(group) = declaration.group {
            self.groups.entry(group).or_default().push(name.to_owned());
        }
        if let Some(label) = declaration.label {
            self.labels.insert(name.to_owned(), label);
        }
        let old = self
            .template
            .parameters
            .insert(name.to_owned(), declaration.parameter);
        self.note_duplicate("Parameters", name, old.is_some());
        ParameterHandle::new(name)
    }

    /// Declares a mapping.
    pub fn mapping<T>(&mut self, name: &str, mapping: Mapping<T>) -> MappingHandle<T> {
        let old = self.template.mappings.insert(name.to_owned(), mapping.rows);
        self.note_duplicate("Mappings", name, old.is_some());
        MappingHandle::new(name)
    }

    /// Declares a condition.
    pub fn condition(&mut self, name: &str, condition: impl Into<Condition>) -> ConditionHandle {
        let old = self
            .template
            .conditions
            .insert(name.to_owned(), condition.into().into_node());
        self.note_duplicate("Conditions", name, old.is_some());
        ConditionHandle::new(name)
    }

    /// Declares a resource.
    pub fn resource<R: ResourceType>(&mut self, logical_id: &str, resource: R) -> Handle<R> {
        let entry = resource.into_resource();
        let old = self.template.resources.insert(logical_id.to_owned(), entry);
        self.note_duplicate("Resources", logical_id, old.is_some());
        Handle::new(logical_id)
    }

    /// Adds an output.
    pub fn output(&mut self, name: &str, output: Output) {
        let old = self.template.outputs.insert(name.to_owned(), output.output);
        self.note_duplicate("Outputs", name, old.is_some());
    }

    /// Adds a macro that rewrites the whole template.
    pub fn transform(&mut self, transform: impl Into<Transform>) {
        self.template.transform.push(transform.into());
    }

    /// Adds a rule: what has to hold of the parameters before anything is made.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>
    pub fn rule(&mut self, name: &str, rule: impl Into<Node>) {
        let old = self.template.rules.insert(name.to_owned(), rule.into());
        self.note_duplicate("Rules", name, old.is_some());
    }

    /// Sets what a declared resource's type has no method for: `Description`, the `Version` of a
    /// custom resource, and the policies that a function gives, which the language extensions allow.
    pub fn attribute<R>(&mut self, resource: &Handle<R>, name: &str, value: impl Into<Node>) {
        let id = resource.logical_id();
        let Some(entry) = self.template.resources.get_mut(id) else {
            return;
        };
        let value = value.into();
        match name {
            "Description" if value.as_str().is_some() => entry.description = value.scalar_text(),
            "Version" => entry.version = Some(value),
            "DeletionPolicy" | "UpdateReplacePolicy" if value.as_intrinsic().is_some() => {
                entry.computed.insert(name.to_owned(), value);
            }
            _ => {
                let at = Path::of(["Resources", id, name]);
                let message = "is no attribute of resources that is set so";
                self.defects.push(TemplateError::at(at, message));
            }
        }
    }

    /// Adds an entry of template metadata.
    pub fn metadata(&mut self, key: &str, value: impl Into<Node>) {
        self.template.metadata.insert(key.to_owned(), value.into());
    }

    /// The template.
    ///
    /// # Errors
    /// All of: names declared twice, names CloudFormation doesn't take, references to nothing,
    /// functions where CloudFormation allows none, `Fn::Sub` text that doesn't parse or doesn't
    /// use its variables, mapping keys that are certain and aren't there, resources that wait for each
    /// other.
    pub fn build(mut self) -> Result<Template, BuildError> {
        if !self.groups.is_empty() || !self.labels.is_empty() {
            let interface = interface(self.groups, self.labels);
            self.template
                .metadata
                .insert("AWS::CloudFormation::Interface".to_owned(), interface);
        }
        let mut defects = self.defects;
        let all = self.template.defects().into_iter();
        // `check` tells of what only some choices of a form meet: a template that is imported has them.
        defects.extend(all.filter(|defect| defect.outcome != Outcome::SomeLaunchesFail));
        if defects.is_empty() {
            Ok(self.template)
        } else {
            Err(BuildError(defects))
        }
    }

    fn note_duplicate(&mut self, section: &str, name: &str, is_duplicate: bool) {
        if is_duplicate {
            let at = Path::of([section, name]);
            self.defects
                .push(TemplateError::at(at, "is declared twice"));
        }
    }
}

/// `AWS::CloudFormation::Interface`: groups and labels of the launch form.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html>
fn interface(groups: IndexMap<String, Vec<String>>, labels: IndexMap<String, String>) -> Node {
    let label =
        |text: String| Node::Map([("default".to_owned(), text.into())].into_iter().collect());
    let groups = groups
        .into_iter()
        .map(|(name, parameters)| {
            let parameters = parameters.into_iter().map(Node::from).collect();
            let group: Map = [
                ("Label".to_owned(), label(name)),
                ("Parameters".to_owned(), Node::List(parameters)),
            ]
            .into_iter()
            .collect();
            Node::Map(group)
        })
        .collect::<Vec<_>>();
    let labels: Map = labels
        .into_iter()
        .map(|(name, text)| (name, label(text)))
        .collect();
    let mut interface = Map::default();
    if !groups.is_empty() {
        interface.insert("ParameterGroups".to_owned(), Node::List(groups));
    }
    if !labels.is_empty() {
        interface.insert("ParameterLabels".to_owned(), Node::Map(labels));
    }
    Node::Map(interface)
}
