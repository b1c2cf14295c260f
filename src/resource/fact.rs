//! What is known of a resource type beyond its properties' names: the vocabulary of the
//! generated tables.

/// A path from the resource's properties. `*` stands for each item of a list or map.
pub type FactPath = &'static [&'static str];

/// A resource type, as AWS's schema and documentation describe it.
#[derive(Debug)]
pub struct TypeFacts {
    /// `AWS::S3::Bucket`.
    pub name: &'static str,
    /// The properties that a template can set, sorted by name.
    pub properties: &'static [Property],
    /// A change replaces the resource.
    pub create_only: &'static [FactPath],
    /// A change may replace the resource; the property's documentation says when.
    pub conditional_create_only: &'static [FactPath],
    /// An update that changes it fails.
    pub immutable: &'static [FactPath],
    /// AWS sets it.
    pub read_only: &'static [FactPath],
    /// AWS takes it and never tells it.
    pub write_only: &'static [FactPath],
    /// What identifies the resource, in order.
    pub primary_identifier: &'static [FactPath],
    /// What `Fn::GetAtt` takes, sorted by name.
    pub attributes: &'static [Attribute],
    /// What CloudFormation may call, by handler.
    pub permissions: Permissions,
    /// Whether and how it is tagged.
    pub tagging: Tagging,
}

/// A property.
#[derive(Debug)]
pub struct Property {
    /// Its name in a template.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// It must be there.
    pub required: bool,
}

/// What a property, item or map value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Anything, such as a policy document.
    Json,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list.
    List {
        /// What its items are.
        items: &'static Kind,
        /// Their order means something.
        ordered: bool,
    },
    /// A map from text.
    Map(&'static Kind),
    /// An object with properties.
    Object(&'static Object),
}

/// An object within a resource's properties. It may contain itself.
#[derive(Debug)]
pub struct Object {
    /// Its name in AWS's schema.
    pub name: &'static str,
    /// Its properties, sorted by name.
    pub properties: &'static [Property],
}

/// An attribute of `Fn::GetAtt`.
#[derive(Debug)]
pub struct Attribute {
    /// Its name, with dots; `Outputs.*` stands for any name after `Outputs.`.
    pub name: &'static str,
    /// What it yields.
    pub kind: Kind,
}

/// The actions that CloudFormation's handlers of the type may call: the most, not the least,
/// and for some types not all. A few of the names are no IAM actions.
#[derive(Debug)]
pub struct Permissions {
    /// To create it.
    pub create: &'static [&'static str],
    /// To read it.
    pub read: &'static [&'static str],
    /// To update it.
    pub update: &'static [&'static str],
    /// To delete it.
    pub delete: &'static [&'static str],
    /// To list those that are there.
    pub list: &'static [&'static str],
}

/// Whether and how resources of the type are tagged.
#[derive(Debug)]
pub struct Tagging {
    /// The property that holds the tags; none: it can't be tagged.
    pub property: Option<&'static str>,
    /// Tags are there from its creation on.
    pub on_create: bool,
    /// Tags can change without replacing it.
    pub updatable: bool,
    /// CloudFormation adds its own tags, and the stack's.
    pub system_tags: bool,
    /// The actions that tagging needs.
    pub permissions: &'static [&'static str],
}

/// What an update that changes a property does to the resource, from the least to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnChange {
    /// It is updated; AWS's schemas don't say whether with an interruption.
    Updates,
    /// It may be replaced, under conditions that the documentation states.
    MayReplace,
    /// It is replaced.
    Replaces,
    /// The update fails.
    Fails,
}

impl TypeFacts {
    /// What a change at `path`, such as `["ComputeResources", "Type"]`, does to the resource.
    /// List positions and map keys are segments as well. A change of a whole object counts as
    /// a change of everything in it.
    pub fn on_change<S: AsRef<str>>(&self, path: &[S]) -> OnChange {
        [
            (self.immutable, OnChange::Fails),
            (self.create_only, OnChange::Replaces),
            (self.conditional_create_only, OnChange::MayReplace),
        ]
        .into_iter()
        .find(|(paths, _)| {
            let concerned = |listed: &FactPath| relation(listed, path) != Relation::Apart;
            paths.iter().any(concerned)
        })
        .map_or(OnChange::Updates, |(_, effect)| effect)
    }

    /// AWS sets what stands at `path`, so that a template can't.
    pub fn is_read_only<S: AsRef<str>>(&self, path: &[S]) -> bool {
        contains(self.read_only, path)
    }

    /// AWS never tells what stands at `path`.
    pub fn is_write_only<S: AsRef<str>>(&self, path: &[S]) -> bool {
        contains(self.write_only, path)
    }

    /// The property of this name, among those that a template can set.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        find(self.properties, name)
    }

    /// What stands at `path`; `None` where no property does. Below a free-form property,
    /// everything is [`Kind::Json`].
    pub fn kind_at<S: AsRef<str>>(&self, path: &[S]) -> Option<Kind> {
        let (first, rest) = path.split_first()?;
        let mut kind = self.property(first.as_ref())?.kind;
        for segment in rest {
            kind = match kind {
                Kind::List { items, .. } => *items,
                Kind::Map(values) => *values,
                Kind::Object(object) => object.property(segment.as_ref())?.kind,
                Kind::Json => Kind::Json,
                Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean | Kind::Choice(_) => {
                    return None;
                }
            };
        }
        Some(kind)
    }

    /// The attribute that `Fn::GetAtt` calls `name`.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes
            .iter()
            .find(|attribute| match attribute.name.strip_suffix('*') {
                Some(prefix) => name.len() > prefix.len() && name.starts_with(prefix),
                None => attribute.name == name,
            })
    }

    /// The page of AWS's reference that describes the type.
    pub fn documentation(&self) -> String {
        let name = self.name.trim_start_matches("AWS::");
        format!(
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-{}.html",
            name.replace("::", "-").to_ascii_lowercase()
        )
    }
}

impl Object {
    /// The property of this name.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        find(self.properties, name)
    }
}

fn find(properties: &'static [Property], name: &str) -> Option<&'static Property> {
    properties
        .binary_search_by(|property| property.name.cmp(name))
        .ok()
        .and_then(|index| properties.get(index))
}

fn contains<S: AsRef<str>>(paths: &[FactPath], path: &[S]) -> bool {
    paths
        .iter()
        .any(|listed| relation(listed, path) == Relation::Within)
}

/// How a path in a template lies to a listed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// It leads elsewhere.
    Apart,
    /// It ends above: it holds what is listed.
    Holds,
    /// It is the listed path, or leads further.
    Within,
}

fn relation<S: AsRef<str>>(listed: &[&str], path: &[S]) -> Relation {
    let mut path = path.iter().map(AsRef::as_ref);
    for wanted in listed {
        let mut found = path.next();
        // Some listed paths leave out the `*` of a list.
        if *wanted != "*" && found.is_some_and(is_position) {
            found = path.next();
        }
        match found {
            None => return Relation::Holds,
            Some(found) if *wanted == "*" || *wanted == found => {}
            Some(_) => return Relation::Apart,
        }
    }
    Relation::Within
}

fn is_position(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_path_may_leave_out_the_star_of_a_list() {
        let listed = ["Rules", "Prefix"];
        assert_eq!(
            relation(&listed, &["Rules", "0", "Prefix"]),
            Relation::Within
        );
        assert_eq!(relation(&listed, &["Rules", "0"]), Relation::Holds);
        assert_eq!(
            relation(&listed, &["Rules", "0", "Status"]),
            Relation::Apart
        );
        assert_eq!(
            relation(&["Rules", "*", "Id"], &["Rules", "3", "Id"]),
            Relation::Within
        );
    }
}
