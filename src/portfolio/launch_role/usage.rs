//! What a product's templates use: resource types, their properties and names, the policies that
//! roles get, the functions behind custom resources.

use super::facts::{GeneratedName, HandlerFacts, Handlers};
use crate::cfn::{Intrinsic, Node, Piece, Resource, Template, pieces};
use std::collections::{BTreeMap, BTreeSet};

/// The start of the names of Service Catalog's stacks, and so of what CloudFormation names in them.
pub(super) const STACKS: &str = "SC-${AWS::AccountId}-*";

/// What the templates of one product use together.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// By type.
    pub(super) types: BTreeMap<String, TypeUsage>,
    /// Of versions that nobody launches or updates to any more: what they made can be ended.
    pub(super) barred: BTreeMap<String, TypeUsage>,
    /// Managed policies that roles get, as they stand in the templates, each once.
    pub(super) attached: Vec<Node>,
    /// Policies of the templates that name the roles which get them.
    pub(super) names_roles: bool,
    /// Policies of the templates that name users or groups, which no product has.
    pub(super) for_people: BTreeSet<String>,
    /// Functions behind custom resources, as they stand in the templates, each once.
    pub(super) functions: Vec<Node>,
    /// Macros that rewrite the templates.
    pub(super) transforms: BTreeSet<String>,
    /// Roles, with what IAM asks of them, each once.
    pub(super) roles: Vec<RoleUsage>,
    /// Whether there are no templates: an engine makes the product.
    is_of_engine: bool,
}

/// How one type is used.
#[derive(Clone, Debug, Default)]
pub(super) struct TypeUsage {
    /// Properties that some template sets, of those that bring actions with them.
    pub properties: BTreeSet<String>,
    /// Names of the resources, as patterns for `Fn::Sub`.
    pub names: BTreeSet<String>,
    /// Their logical ids.
    pub ids: BTreeSet<String>,
}

/// A role in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleUsage {
    pub logical_id: String,
    pub path: Option<String>,
    pub is_bounded: bool,
}

impl Usage {
    /// Of a product that an engine makes, of which no template tells anything.
    pub fn of_engine() -> Usage {
        Usage {
            is_of_engine: true,
            ..Usage::default()
        }
    }

    /// Whether an engine makes the product.
    pub(in crate::portfolio) fn is_of_engine(&self) -> bool {
        self.is_of_engine
    }

    /// Adds a template.
    pub fn add(&mut self, template: &Template, handlers: &Handlers) {
        let transforms = template.transform.iter();
        self.transforms
            .extend(transforms.map(|transform| transform.name.clone()));
        for (id, resource) in &template.resources {
            if let Some(token) = resource.properties.get("ServiceToken") {
                push_once(&mut self.functions, token);
                continue;
            }
            add_type(&mut self.types, id, resource, handlers);
            match resource.kind.as_str() {
                "AWS::IAM::Role" => self.add_role(id, resource),
                "AWS::IAM::ManagedPolicy" | "AWS::IAM::Policy" => self.add_policy(id, resource),
                _ => {}
            }
        }
    }

    /// Adds the template of a version that is barred: what it made is ended, and nothing is made.
    pub fn add_barred(&mut self, template: &Template, handlers: &Handlers) {
        for (id, resource) in &template.resources {
            match resource.properties.get("ServiceToken") {
                Some(token) => push_once(&mut self.functions, token),
                None => add_type(&mut self.barred, id, resource, handlers),
            }
        }
    }

    fn add_policy(&mut self, id: &str, resource: &Resource) {
        self.names_roles |= resource.properties.contains_key("Roles");
        let for_people = ["Users", "Groups"];
        if for_people
            .iter()
            .any(|to| resource.properties.contains_key(*to))
        {
            self.for_people.insert(id.to_owned());
        }
    }

    fn add_role(&mut self, id: &str, resource: &Resource) {
        let policies = resource.properties.get("ManagedPolicyArns");
        for policy in policies.and_then(Node::as_list).unwrap_or_default() {
            push_once(&mut self.attached, policy);
        }
        let role = RoleUsage {
            logical_id: id.to_owned(),
            path: path_of(resource).map(str::to_owned),
            is_bounded: resource.properties.contains_key("PermissionsBoundary"),
        };
        if !self.roles.contains(&role) {
            self.roles.push(role);
        }
    }
}

fn add_type(
    types: &mut BTreeMap<String, TypeUsage>,
    id: &str,
    resource: &Resource,
    handlers: &Handlers,
) {
    let handler = handlers.of(&resource.kind);
    let usage = types.entry(resource.kind.clone()).or_default();
    let brings = |property: &&String| {
        handler.is_some_and(|handler| handler.only_with.contains_key(*property))
    };
    let properties = resource.properties.keys().filter(brings);
    usage.properties.extend(properties.cloned());
    usage.names.extend(names(id, resource, handler));
    usage.ids.insert(id.to_owned());
}

fn push_once(nodes: &mut Vec<Node>, node: &Node) {
    if !nodes.contains(node) {
        nodes.push(node.clone());
    }
}

fn path_of(resource: &Resource) -> Option<&str> {
    resource.properties.get("Path").and_then(Node::as_str)
}

/// The names that a resource may have, as patterns.
fn names(id: &str, resource: &Resource, handler: Option<&HandlerFacts>) -> Vec<String> {
    let given = handler
        .and_then(|handler| handler.name_property.as_ref())
        .and_then(|property| resource.properties.get(property));
    let generated = match handler.map(|handler| handler.generated_name) {
        Some(GeneratedName::LogicalId) => format!("{id}-*"),
        Some(GeneratedName::LowerStack) => STACKS.replacen("SC", "sc", 1),
        Some(GeneratedName::Stack) | None => STACKS.to_owned(),
    };
    let path = path_of(resource)
        .unwrap_or_default()
        .trim_start_matches('/');
    given
        .map_or_else(|| vec![None], patterns)
        .into_iter()
        .map(|name| format!("{path}{}", name.unwrap_or_else(|| generated.clone())))
        .collect()
}

/// The texts that a value may yield, as patterns; none where CloudFormation makes the name.
pub(super) fn patterns(node: &Node) -> Vec<Option<String>> {
    match node.as_intrinsic() {
        None => vec![Some(node.scalar_text().unwrap_or_else(|| "*".to_owned()))],
        Some(Intrinsic::Ref(name)) if name == "AWS::NoValue" => vec![None],
        Some(Intrinsic::Ref(name)) => vec![Some(variable(name))],
        Some(Intrinsic::If {
            then, otherwise, ..
        }) => {
            let mut both = patterns(then);
            both.extend(patterns(otherwise));
            both
        }
        Some(Intrinsic::Sub { text, variables }) => vec![Some(sub_pattern(text, variables))],
        Some(Intrinsic::Join { delimiter, values }) => {
            vec![Some(values.as_list().map_or_else(
                || "*".to_owned(),
                |items| {
                    items
                        .iter()
                        .map(one_pattern)
                        .collect::<Vec<_>>()
                        .join(delimiter)
                },
            ))]
        }
        Some(_) => vec![Some("*".to_owned())],
    }
}

fn one_pattern(node: &Node) -> String {
    match patterns(node).as_slice() {
        [Some(pattern)] => pattern.clone(),
        _ => "*".to_owned(),
    }
}

fn sub_pattern(text: &str, variables: &crate::cfn::Map) -> String {
    let Ok(pieces) = pieces(text) else {
        return "*".to_owned();
    };
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Escaped(name) => format!("${{!{name}}}"),
            Piece::Variable(name) => variables
                .get(name)
                .map_or_else(|| variable(name), one_pattern),
        })
        .collect()
}

/// What a reference may yield: only what is the same in every stack of an account stays as it is.
fn variable(name: &str) -> String {
    match name {
        "AWS::StackName" => STACKS.to_owned(),
        "AWS::AccountId" | "AWS::Partition" | "AWS::Region" | "AWS::URLSuffix" => {
            format!("${{{name}}}")
        }
        _ => "*".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::read;

    #[test]
    fn names_become_patterns() {
        let text = "
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub '/aws/ec2/${AWS::StackName}'}
  Plain:
    Type: AWS::Logs::LogGroup
  Key:
    Type: AWS::SSM::Parameter
    Properties: {Name: !Sub '/cred/${Instance}/token'}
  Secret:
    Type: AWS::SecretsManager::Secret
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !If [Named, !Ref Name, !Ref AWS::NoValue]}
";
        let handlers = Handlers::reviewed().unwrap();
        let mut usage = Usage::default();
        usage.add(&read(text).unwrap(), &handlers);
        let names = |kind: &str| -> Vec<&str> {
            usage.types[kind].names.iter().map(String::as_str).collect()
        };
        assert_eq!(
            names("AWS::Logs::LogGroup"),
            ["/aws/ec2/SC-${AWS::AccountId}-*", "SC-${AWS::AccountId}-*"]
        );
        assert_eq!(names("AWS::SSM::Parameter"), ["/cred/*/token"]);
        assert_eq!(names("AWS::SecretsManager::Secret"), ["Secret-*"]);
        assert_eq!(names("AWS::S3::Bucket"), ["*", "sc-${AWS::AccountId}-*"]);
    }
}
