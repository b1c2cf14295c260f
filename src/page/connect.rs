//! How to reach what was launched: which ways there are follows from resources and outputs.

use crate::cfn::{Intrinsic, Node, Resource, Template};
use crate::product::{Platform, literal_text};
use serde::Serialize;

/// The ways to reach a product. Each is there where the template has what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connect {
    /// The instance that sessions go to.
    pub instance: Option<Instance>,
    /// The output that opens a shell in the browser.
    pub browser_shell: Option<String>,
    /// The output that opens an application on the instance in the browser.
    pub application: Option<String>,
    /// The output that holds the name of a bucket.
    pub bucket: Option<String>,
    /// The output that opens the bucket in the console.
    pub bucket_console: Option<String>,
}

/// An instance that sessions go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// The output that holds its id.
    pub output: String,
    /// What it runs.
    pub platform: Platform,
    /// Whether it runs Windows: what templates ask.
    pub is_windows: bool,
    /// The user to work as.
    pub login_user: String,
    /// A port of the instance worth forwarding, and the one on the reader's computer.
    pub ports: (u16, u16),
}

/// The user that Session Manager makes on Linux at the first session.
const SESSION_USER: &str = "ssm-user";

impl Connect {
    /// The ways that a template has.
    pub fn of(template: &Template) -> Connect {
        let instance = of_type(template, "AWS::EC2::Instance");
        let bucket = of_type(template, "AWS::S3::Bucket");
        let balanced = of_type(template, "AWS::ElasticLoadBalancingV2::TargetGroup").is_some();
        let find = |fits: &dyn Fn(&Node) -> bool| {
            let mut outputs = template.outputs.iter();
            outputs
                .find(|(_, output)| fits(&output.value))
                .map(|(name, _)| name.clone())
        };
        // The last one: those before it keep the names that others hold.
        let id_output = |id: &str| {
            let mut outputs = template.outputs.iter().rev();
            outputs
                .find(|(_, output)| is_ref(&output.value, id))
                .map(|(name, _)| name.clone())
        };
        Connect {
            instance: instance.and_then(|(id, resource)| {
                let platform = Platform::of(resource);
                Some(Instance {
                    output: id_output(id)?,
                    platform,
                    is_windows: platform == Platform::Windows,
                    login_user: login_user(template),
                    ports: (80, 9090),
                })
            }),
            browser_shell: find(&|value| literal_text(value).contains("/session-manager/")),
            application: find(&|value| {
                let held = stored(template, value).unwrap_or(value);
                balanced && holds_import(held) && instance.is_some_and(|(id, _)| refers(held, id))
            }),
            bucket: bucket.and_then(|(id, _)| id_output(id)),
            bucket_console: bucket.and_then(|(id, _)| {
                find(&|value| {
                    literal_text(value).contains("console.aws.amazon.com/s3") && refers(value, id)
                })
            }),
        }
    }

    /// Whether there is any way to reach it.
    pub fn is_possible(&self) -> bool {
        *self != Connect::default()
    }

    /// Whether there is anything to run on the reader's computer.
    pub fn needs_credentials(&self) -> bool {
        self.instance.is_some() || self.bucket.is_some()
    }
}

/// What a stored parameter holds, where a value is the parameter's.
fn stored<'a>(template: &'a Template, value: &Node) -> Option<&'a Node> {
    let Some(Intrinsic::GetAtt {
        resource,
        attribute,
    }) = value.as_intrinsic()
    else {
        return None;
    };
    let parameter = template.resources.get(resource)?;
    let is_stored = parameter.kind == "AWS::SSM::Parameter" && attribute == "Value";
    parameter.properties.get("Value").filter(|_| is_stored)
}

fn of_type<'a>(template: &'a Template, kind: &str) -> Option<(&'a str, &'a Resource)> {
    template
        .resources
        .iter()
        .find(|(_, resource)| resource.kind == kind)
        .map(|(id, resource)| (id.as_str(), resource))
}

/// The user that an output's session command logs in as.
fn login_user(template: &Template) -> String {
    let commands = template
        .outputs
        .values()
        .map(|output| literal_text(&output.value));
    commands
        .filter_map(|text| {
            let (_, rest) = text.split_once("sudo su - ")?;
            let is_name = |c: &char| c.is_ascii_alphanumeric() || "_-".contains(*c);
            let user: String = rest.chars().take_while(is_name).collect();
            (!user.is_empty()).then_some(user)
        })
        .next()
        .unwrap_or_else(|| SESSION_USER.to_owned())
}

fn is_ref(node: &Node, id: &str) -> bool {
    matches!(node.as_intrinsic(), Some(Intrinsic::Ref(name)) if name == id)
}

/// Whether a value refers to a resource, in whatever function.
fn refers(node: &Node, id: &str) -> bool {
    let mut found = is_ref(node, id);
    visit(node, &mut |intrinsic| {
        found |= match intrinsic {
            Intrinsic::Ref(name) => name == id,
            Intrinsic::GetAtt { resource, .. } => resource == id,
            Intrinsic::Sub { text, .. } => {
                text.contains(&format!("${{{id}}}")) || text.contains(&format!("${{{id}."))
            }
            _ => false,
        };
    });
    found
}

fn holds_import(node: &Node) -> bool {
    let mut found = false;
    visit(node, &mut |intrinsic| {
        found |= matches!(intrinsic, Intrinsic::ImportValue(_));
    });
    found
}

fn visit(node: &Node, see: &mut impl FnMut(&Intrinsic)) {
    match node {
        Node::List(items) => items.iter().for_each(|item| visit(item, see)),
        Node::Map(map) => map.values().for_each(|item| visit(item, see)),
        Node::Intrinsic(intrinsic) => {
            see(intrinsic);
            for (_, part) in intrinsic.parts() {
                visit(part, see);
            }
        }
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::String(_) => {}
    }
}
