//! Declarations of resources: their properties, and what stands beside them.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>

use super::{
    ConditionHandle, CreationPolicy, DeletionPolicy, Dependency, IndexMap, Map, Node, Resource,
    Suppression, UpdatePolicy, UpdateReplacePolicy, Value, init::Init, suppression,
};

/// Properties in the order they were set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties(IndexMap<String, Node>);

impl Properties {
    /// No properties.
    pub fn new() -> Properties {
        Properties::default()
    }

    /// These properties and one more. A second value takes the place of the first.
    #[must_use]
    pub fn with<T>(mut self, name: &str, value: Value<T>) -> Properties {
        self.0.insert(name.to_owned(), value.into_node());
        self
    }

    /// The properties as a node.
    pub fn into_map(self) -> Map {
        self.0
    }
}

/// A type of resource. Implemented by the generated types, and by hand for custom resources.
pub trait ResourceType: Sized {
    /// The type's name: `AWS::S3::Bucket`.
    const TYPE: &'static str;

    /// The properties that were set.
    fn into_properties(self) -> Properties;

    /// The resource with the attributes that are set next.
    fn declare(self) -> Declaration<Self> {
        Declaration::from(self)
    }
}

/// A resource on its way into a template.
#[derive(Clone, Debug)]
pub struct Declaration<R> {
    pub(super) resource: R,
    pub(super) attributes: Resource,
}

impl<R: ResourceType> From<R> for Declaration<R> {
    fn from(resource: R) -> Self {
        Declaration {
            resource,
            attributes: Resource::new(R::TYPE),
        }
    }
}

impl<R> Declaration<R> {
    /// Makes CloudFormation wait for another resource that this one doesn't refer to.
    #[must_use]
    pub fn depends_on(mut self, resource: &impl Dependency) -> Self {
        self.attributes
            .depends_on
            .push(resource.logical_id().to_owned());
        self
    }

    /// Creates the resource only where the condition holds.
    #[must_use]
    pub fn condition(mut self, condition: &ConditionHandle) -> Self {
        self.attributes.condition = Some(condition.name().to_owned());
        self
    }

    /// What happens to the resource when it leaves the stack.
    #[must_use]
    pub fn deletion_policy(mut self, policy: DeletionPolicy) -> Self {
        self.attributes.deletion_policy = Some(policy);
        self
    }

    /// What happens to the old resource when an update replaces it.
    #[must_use]
    pub fn update_replace_policy(mut self, policy: UpdateReplacePolicy) -> Self {
        self.attributes.update_replace_policy = Some(policy);
        self
    }

    /// Which signals make the resource count as created.
    #[must_use]
    pub fn creation_policy(mut self, policy: CreationPolicy) -> Self {
        self.attributes.creation_policy = Some(policy.into_node());
        self
    }

    /// How updates of the resource proceed.
    #[must_use]
    pub fn update_policy(mut self, policy: UpdatePolicy) -> Self {
        self.attributes.update_policy = Some(Node::Map(policy.0));
        self
    }

    /// Adds an entry of metadata.
    #[must_use]
    pub fn metadata(mut self, key: &str, value: impl Into<Node>) -> Self {
        self.attributes
            .metadata
            .insert(key.to_owned(), value.into());
        self
    }

    /// What `cfn-init` does on the machine.
    #[must_use]
    pub fn init(self, init: Init) -> Self {
        self.metadata(Init::KEY, init.into_node())
    }

    /// Declares that a finding of one of our rules about this resource is meant to be, and why.
    /// `check` leaves it out and counts it; a suppression that suppresses nothing is a finding.
    #[must_use]
    pub fn suppress(mut self, rule: &str, reason: &str) -> Self {
        Suppression {
            rule: rule.to_owned(),
            reason: reason.to_owned(),
        }
        .add_to(&mut self.attributes.metadata);
        self
    }

    /// Declares the same of a rule of cfn-lint, such as `E3006`.
    /// <https://github.com/aws-cloudformation/cfn-lint#metadata>
    #[must_use]
    pub fn suppress_cfn_lint(mut self, rule: &str, reason: &str) -> Self {
        suppression::ignore_in_cfn_lint(&mut self.attributes.metadata, rule);
        self.suppress(&format!("{}{rule}", Suppression::CFN_LINT), reason)
    }
}
