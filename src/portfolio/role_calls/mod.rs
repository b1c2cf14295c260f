//! The calls that the roles of a template are granted by its own policies: each with a resource and
//! the condition keys that the grant asks for, so that another policy can decide on it.
//!
//! Names that aren't known before a launch stand for themselves as samples, and so do imported values:
//! the same import is the same resource wherever it is named.

mod beyond;

pub(crate) use beyond::beyond;

use crate::cfn::{Intrinsic, Map, Node, Piece, Resource, Template, pieces};
use crate::portfolio::launch_role::{GeneratedName, Handlers};
use crate::resource::facts;
use std::collections::BTreeSet;

/// The account that samples are of.
const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";
/// What stands where anything can.
const SAMPLE: &str = "sample";

/// A call that a role is granted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RoleCall {
    /// The logical id of the role.
    pub role: String,
    /// The role's ARN.
    pub role_arn: String,
    /// The action.
    pub action: String,
    /// The resource; `*` where the grant is on any.
    pub resource: String,
    /// The resource as people know it.
    pub told: String,
    /// Condition keys with a value for which the grant holds.
    pub context: Vec<(String, String)>,
}

/// The calls of every role of a template.
pub(super) fn role_calls(template: &Template, handlers: &Handlers) -> BTreeSet<RoleCall> {
    let samples = Samples { template, handlers };
    let mut calls = BTreeSet::new();
    for (id, role) in &template.resources {
        if role.kind != "AWS::IAM::Role" {
            continue;
        }
        let path = role.properties.get("Path").and_then(Node::as_str);
        let role_arn = format!(
            "arn:aws:iam::{ACCOUNT}:role{}SC-{ACCOUNT}-{id}",
            path.unwrap_or("/")
        );
        for document in documents(template, id, role) {
            for (action, resource, told, context) in samples.grants(document) {
                calls.insert(RoleCall {
                    role: id.clone(),
                    role_arn: role_arn.clone(),
                    action,
                    resource,
                    told,
                    context,
                });
            }
        }
    }
    calls
}

/// The policies of the template that a role has: its own, those that it names, those that name it.
fn documents<'t>(template: &'t Template, id: &str, role: &'t Resource) -> Vec<&'t Node> {
    let list = |name| role.properties.get(name).and_then(Node::as_list);
    let own = list("Policies").unwrap_or_default().iter();
    let mut found: Vec<&Node> = own
        .filter_map(|policy| policy.get("PolicyDocument"))
        .collect();
    let attached = list("ManagedPolicyArns").unwrap_or_default();
    for (policy_id, policy) in &template.resources {
        if !matches!(
            policy.kind.as_str(),
            "AWS::IAM::ManagedPolicy" | "AWS::IAM::Policy"
        ) {
            continue;
        }
        let roles = policy.properties.get("Roles").and_then(Node::as_list);
        let is_named = attached.iter().any(|node| refers(node, policy_id));
        if is_named
            || roles
                .unwrap_or_default()
                .iter()
                .any(|node| refers(node, id))
        {
            found.extend(policy.properties.get("PolicyDocument"));
        }
    }
    found
}

/// Whether a value is that resource.
fn refers(node: &Node, id: &str) -> bool {
    match node.as_intrinsic() {
        Some(Intrinsic::Ref(name)) => name == id,
        Some(Intrinsic::GetAtt { resource, .. }) => resource == id,
        _ => false,
    }
}

/// An action, its resource, how that is told, and the condition keys.
type Granted = (String, String, String, Vec<(String, String)>);

/// What values of a template may be.
struct Samples<'t> {
    template: &'t Template,
    handlers: &'t Handlers,
}

impl Samples<'_> {
    fn grants(&self, document: &Node) -> Vec<Granted> {
        let mut found = Vec::new();
        for statement in Node::one_or_more(document.get("Statement")) {
            if statement.get("Effect").and_then(Node::as_str) != Some("Allow") {
                continue;
            }
            let mut context = Vec::new();
            let conditions = statement.get("Condition").and_then(Node::as_map);
            for (operator, keys) in conditions.into_iter().flatten() {
                self.add_context(operator, keys, &mut context);
            }
            let actions = match statement.get("NotAction") {
                Some(_) => vec!["every action but some".to_owned()],
                None => Node::one_or_more(statement.get("Action"))
                    .iter()
                    .map(|node| told(node))
                    .collect(),
            };
            for action in actions {
                let service = action.split(':').next().unwrap_or_default();
                for node in Node::one_or_more(statement.get("Resource")) {
                    for resource in self.texts(node, service) {
                        found.push((action.clone(), resource, told(node), context.clone()));
                    }
                }
            }
        }
        found
    }

    /// Notes values for which a condition holds. Where it holds without the key, none is needed.
    fn add_context(&self, operator: &str, keys: &Node, context: &mut Vec<(String, String)>) {
        let is_negated = operator.contains("Not");
        for (key, values) in keys.as_map().into_iter().flatten() {
            let value = Node::one_or_more(Some(values)).first().map_or_else(
                || SAMPLE.to_owned(),
                |first| self.texts(first, "").into_iter().next().unwrap_or_default(),
            );
            match operator {
                "Null" if value == "false" => context.push((key.clone(), SAMPLE.to_owned())),
                "Null" => {}
                _ if is_negated => {}
                _ => context.push((key.clone(), value.replace('*', SAMPLE))),
            }
        }
    }

    /// The texts that a value may yield, as samples; `*` stays where a value is that alone.
    fn texts(&self, node: &Node, service: &str) -> Vec<String> {
        match node.as_intrinsic() {
            None => vec![node.scalar_text().unwrap_or_else(|| SAMPLE.to_owned())],
            Some(Intrinsic::Ref(name)) => self.reference(name),
            Some(Intrinsic::GetAtt {
                resource,
                attribute,
            }) => self.attribute(resource, attribute),
            Some(Intrinsic::ImportValue(name)) => vec![imported(service, &told(name))],
            Some(Intrinsic::If {
                then, otherwise, ..
            }) => {
                let mut both = self.texts(then, service);
                both.extend(self.texts(otherwise, service));
                both
            }
            Some(Intrinsic::Sub { text, variables }) => self.sub(text, variables, service),
            Some(Intrinsic::Join { delimiter, values }) => {
                let parts = Node::one_or_more(Some(values)).into_iter();
                let first = |node: &Node| self.texts(node, service).into_iter().next();
                let parts: Vec<String> = parts.filter_map(first).collect();
                vec![parts.join(delimiter)]
            }
            Some(_) => vec![SAMPLE.to_owned()],
        }
    }

    fn sub(&self, text: &str, variables: &Map, service: &str) -> Vec<String> {
        let Ok(pieces) = pieces(text) else {
            return vec![SAMPLE.to_owned()];
        };
        let mut all = vec![String::new()];
        for piece in pieces {
            let choices = match piece {
                Piece::Text(text) => vec![text.to_owned()],
                Piece::Escaped(name) => vec![format!("${{{name}}}")],
                Piece::Variable(name) => match (variables.get(name), name.split_once('.')) {
                    (Some(node), _) => self.texts(node, service),
                    (None, Some((id, attribute))) => self.attribute(id, attribute),
                    (None, None) => self.reference(name),
                },
            };
            all = all
                .iter()
                .flat_map(|start| choices.iter().map(move |choice| format!("{start}{choice}")))
                .collect();
        }
        all
    }

    fn reference(&self, name: &str) -> Vec<String> {
        let pseudo = match name {
            "AWS::AccountId" => ACCOUNT,
            "AWS::Partition" => "aws",
            "AWS::Region" => REGION,
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::StackName" => "SC-111122223333-pp-sample",
            "AWS::NoValue" => return Vec::new(),
            _ => "",
        };
        if !pseudo.is_empty() {
            return vec![pseudo.to_owned()];
        }
        let Some(resource) = self.template.resources.get(name) else {
            return vec![SAMPLE.to_owned()];
        };
        let identifier = facts(&resource.kind).and_then(|facts| facts.primary_identifier.first());
        let is_arn = identifier.and_then(|path| path.last()).is_some_and(|last| {
            // A secret's id is its ARN.
            last.ends_with("Arn") || resource.kind == "AWS::SecretsManager::Secret" && *last == "Id"
        });
        match is_arn {
            true => self.arns(name, resource),
            false => vec![self.name(name, resource)],
        }
    }

    fn attribute(&self, id: &str, attribute: &str) -> Vec<String> {
        match self.template.resources.get(id) {
            Some(resource) if attribute.ends_with("Arn") => self.arns(id, resource),
            _ => vec![SAMPLE.to_owned()],
        }
    }

    /// The ARN of a resource.
    fn arns(&self, id: &str, resource: &Resource) -> Vec<String> {
        let handler = self.handlers.of(&resource.kind);
        let Some(pattern) = handler.and_then(|handler| handler.arns.first()) else {
            return vec![SAMPLE.to_owned()];
        };
        let name = self.name(id, resource);
        let arn = pattern.replace("{name}", &name).replace('*', &name);
        self.sub(&arn, &Map::default(), "")
    }

    /// The name of a resource: the one that it is given, or one as CloudFormation makes it.
    fn name(&self, id: &str, resource: &Resource) -> String {
        let handler = self.handlers.of(&resource.kind);
        let property = handler.and_then(|handler| handler.name_property.as_ref());
        let given = property.and_then(|property| resource.properties.get(property));
        let path = resource.properties.get("Path").and_then(Node::as_str);
        let path = path.unwrap_or_default().trim_start_matches('/');
        let name = given.and_then(|node| self.texts(node, "").into_iter().next());
        let name = name.unwrap_or_else(|| match handler.map(|handler| handler.generated_name) {
            Some(GeneratedName::LogicalId) => format!("{id}-{SAMPLE}"),
            _ => format!("SC-{ACCOUNT}-pp-{SAMPLE}-{id}"),
        });
        format!("{path}{name}")
    }
}

/// The value of an export, by the service whose action is on it.
fn imported(service: &str, name: &str) -> String {
    let kind = if service == "lambda" { "function:" } else { "" };
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}import{name}")
}

/// A text with pseudo-parameters, as a sample has it; wildcards stay.
fn sampled(text: &str) -> String {
    text.replace("${AWS::Partition}", "aws")
        .replace("${AWS::Region}", REGION)
        .replace("${AWS::AccountId}", ACCOUNT)
        .replace("${AWS::URLSuffix}", "amazonaws.com")
}

/// A value as people know it.
fn told(node: &Node) -> String {
    match node.as_intrinsic() {
        Some(Intrinsic::Ref(name)) => name.clone(),
        Some(Intrinsic::GetAtt {
            resource,
            attribute,
        }) => format!("{resource}.{attribute}"),
        Some(Intrinsic::ImportValue(name)) => told(name),
        Some(Intrinsic::Sub { text, .. }) => text.clone(),
        Some(_) => "a computed value".to_owned(),
        None => node.scalar_text().unwrap_or_default(),
    }
}
