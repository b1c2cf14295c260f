//! Declarations of resources: their properties, and what stands beside them.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>

use super::{IndexMap, Map, Node, Resource, Value};

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

/// A type of resource. [`resource_type!`](crate::resource_type) implements it, for the generated
/// types and for custom resources alike.
pub trait ResourceType: Sized {
    /// The type's name: `AWS::S3::Bucket`.
    const TYPE: &'static str;

    /// The resource as it stands in a template, with what was set.
    fn into_resource(self) -> Resource;

    /// The resource, for code that is generic over its type.
    fn resource_mut(&mut self) -> &mut Resource;
}

/// Declares a type of resource: its properties are set by `with`, and each of CloudFormation's
/// resource attributes has a method of its own.
///
/// ```
/// use cloudformation::cfn::{Builder, Value};
///
/// cloudformation::resource_type! {
///     /// `Custom::Tagger`: tags a bucket.
///     pub struct Tagger = "Custom::Tagger";
/// }
///
/// impl Tagger {
///     /// Tags the bucket of this name. The token is the handler.
///     pub fn new(token: impl Into<Value<String>>, bucket: impl Into<Value<String>>) -> Tagger {
///         Tagger::bare()
///             .with("ServiceToken", token.into())
///             .with("BucketName", bucket.into())
///     }
/// }
///
/// let mut template = Builder::new("a tagger");
/// let first = template.resource("First", Tagger::new("token", "one"));
/// template.resource("Second", Tagger::new("token", "two").depends_on(&first));
/// ```
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html>
// The attributes are methods of each type, not of a trait: a trait would have to be imported, and
// not of a wrapper around the type: whoever forgets to wrap would be told that the method is missing.
#[macro_export]
macro_rules! resource_type {
    ($(#[$about:meta])* $visibility:vis struct $name:ident = $kind:expr;) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[must_use]
        $visibility struct $name($crate::cfn::Resource);

        impl $crate::cfn::ResourceType for $name {
            const TYPE: &'static str = $kind;

            fn into_resource(self) -> $crate::cfn::Resource {
                self.0
            }

            fn resource_mut(&mut self) -> &mut $crate::cfn::Resource {
                &mut self.0
            }
        }

        #[allow(dead_code, reason = "a type that nobody else sees has all attributes too")]
        impl $name {
            /// Without properties.
            fn bare() -> Self {
                Self($crate::cfn::Resource::new($kind))
            }

            /// With one more property. A second value takes the place of the first.
            fn with<T>(mut self, property: &str, value: $crate::cfn::Value<T>) -> Self {
                self.0
                    .properties
                    .insert(property.to_owned(), value.into_node());
                self
            }

            /// Makes CloudFormation wait for another resource that this one doesn't refer to.
            pub fn depends_on(mut self, resource: &impl $crate::cfn::Dependency) -> Self {
                self.0.depends_on.push(resource.logical_id().to_owned());
                self
            }

            /// Creates the resource only where the condition holds.
            pub fn condition(mut self, condition: &$crate::cfn::ConditionHandle) -> Self {
                self.0.condition = Some(condition.name().to_owned());
                self
            }

            /// What happens to the resource when it leaves the stack.
            pub fn deletion_policy(mut self, policy: $crate::cfn::DeletionPolicy) -> Self {
                self.0.deletion_policy = Some(policy);
                self
            }

            /// What happens to the old resource when an update replaces it.
            pub fn update_replace_policy(
                mut self,
                policy: $crate::cfn::UpdateReplacePolicy,
            ) -> Self {
                self.0.update_replace_policy = Some(policy);
                self
            }

            /// Which signals make the resource count as created.
            pub fn creation_policy(mut self, policy: $crate::cfn::CreationPolicy) -> Self {
                self.0.creation_policy = Some(policy.into());
                self
            }

            /// How updates of the resource proceed.
            pub fn update_policy(mut self, policy: $crate::cfn::UpdatePolicy) -> Self {
                self.0.update_policy = Some(policy.into());
                self
            }

            /// Adds an entry of metadata.
            pub fn metadata(mut self, key: &str, value: impl Into<$crate::cfn::Node>) -> Self {
                self.0.metadata.insert(key.to_owned(), value.into());
                self
            }

            /// What `cfn-init` does on the machine.
            pub fn init(mut self, init: $crate::cfn::init::Init) -> Self {
                let key = $crate::cfn::init::Init::KEY.to_owned();
                self.0.metadata.insert(key, init.into_node());
                self
            }

            /// Declares that a finding of one of our rules about this resource is meant to be, and
            /// why. `check` leaves it out and counts it; a suppression that suppresses nothing is
            /// a finding.
            pub fn suppress(mut self, rule: &str, reason: &str) -> Self {
                $crate::cfn::Suppression::declare(&mut self.0, rule, reason);
                self
            }

            /// Declares the same of a rule of cfn-lint, such as `E3006`.
            /// <https://github.com/aws-cloudformation/cfn-lint#metadata>
            pub fn suppress_cfn_lint(mut self, rule: &str, reason: &str) -> Self {
                $crate::cfn::Suppression::declare_for_cfn_lint(&mut self.0, rule, reason);
                self
            }
        }
    };
}
