//! A stack of a machine: a template with the values that CloudFormation would fill in.

use compute_catalog::cfn::{Evaluation, Evaluator, IndexMap, Node, Pseudo, Template};
use compute_catalog::iam::{Decision, Policy, Request, decide};
use serde_json::{Map, Value};

/// Product, logical id of its instance, parameter of its type.
pub const MACHINES: [(&str, &str, &str); 3] = [
    ("linux-docker", "EC2Instance", "EC2InstanceType"),
    ("notebook", "LinuxInstance", "EC2InstanceType"),
    ("windows", "WindowsInstance", "WindowsInstanceType"),
];

/// The whole template as JSON.
pub fn body(template: &Template) -> String {
    template.to_json().to_string()
}

/// The files that cfn-init writes, by their paths.
pub fn files(template: &Template, id: &str) -> Map<String, Value> {
    let metadata = Stack::new(template).metadata(id);
    metadata["AWS::CloudFormation::Init"]["files"]["files"]
        .as_object()
        .unwrap()
        .clone()
}

/// The user data of an instance.
pub fn user_data(template: &Template, id: &str) -> String {
    Stack::new(template).properties(id)["UserData"]["Fn::Base64"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Whether the policies allow an action on a resource.
pub fn may(policies: &[Policy], action: &str, resource: &str) -> bool {
    decide(policies, &Request::new(action, resource)) == Decision::Allowed
}

/// A stack of this template.
pub struct Stack<'a> {
    template: &'a Template,
    pseudo: Pseudo,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Stack<'a> {
    /// A stack named a-stack in some account, in the region of the images.
    pub fn new(template: &'a Template) -> Stack<'a> {
        Stack::at(template, "111122223333", "us-east-1")
    }

    /// A stack named a-stack in this account and region.
    pub fn at(template: &'a Template, account: &str, region: &str) -> Stack<'a> {
        let pseudo = Pseudo {
            account_id: account.to_owned(),
            region: region.to_owned(),
            partition: "aws".to_owned(),
            stack_name: "a-stack".to_owned(),
            stack_id: format!("arn:aws:cloudformation:{region}:{account}:stack/a-stack/1"),
        };
        Stack {
            template,
            pseudo,
            parameters: Vec::new(),
        }
    }

    /// With this value of a parameter; the others have their defaults.
    #[must_use]
    pub fn with(mut self, parameter: &'a str, value: &'a str) -> Stack<'a> {
        self.parameters.push((parameter, value));
        self
    }

    fn given(&self) -> IndexMap<String, String> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.parameters.iter().map(own).collect()
    }

    fn evaluated(&self, node: &Node) -> Value {
        let given = self.given();
        let evaluation = Evaluation::new(self.template, &given, &self.pseudo)
            .unwrap_or_else(|missing| panic!("no value for {missing:?}"));
        evaluation
            .node(node)
            .value()
            .map_or(Value::Null, |node| node.to_json())
    }

    /// The properties of a resource; what only AWS knows stays a function.
    pub fn properties(&self, id: &str) -> Value {
        self.evaluated(&Node::Map(self.template.resources[id].properties.clone()))
    }

    /// A resource's metadata.
    pub fn metadata(&self, id: &str) -> Value {
        self.evaluated(&Node::Map(self.template.resources[id].metadata.clone()))
    }

    /// An output.
    pub fn output(&self, name: &str) -> Value {
        self.evaluated(&self.template.outputs[name].value)
    }
}

/// A stack that stands: what AWS knows of its resources is known as well.
struct RunningStack(Pseudo);

/// The id of every instance.
pub const INSTANCE: &str = "i-0123456789abcdef0";

impl Evaluator for RunningStack {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.0.pseudo(name)
    }

    fn resource(&self, logical_id: &str) -> Option<Node> {
        Some(
            if logical_id.ends_with("Instance") {
                INSTANCE
            } else {
                logical_id
            }
            .into(),
        )
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Node> {
        Some(format!("arn:aws:{logical_id}:{attribute}").as_str().into())
    }

    fn export(&self, name: &str) -> Option<Node> {
        Some(name.into())
    }
}

impl Stack<'_> {
    /// Part of a template as the stack that stands has it.
    pub fn standing(&self, node: &Node) -> Node {
        let standing = RunningStack(self.pseudo.clone());
        let given = self.given();
        let evaluation = Evaluation::new(self.template, &given, &standing)
            .unwrap_or_else(|missing| panic!("no value for {missing:?}"));
        evaluation.node(node).value().unwrap_or(Node::Null)
    }

    /// Everything that the role of the machine may do by policies of the stack's own.
    pub fn machine_policies(&self) -> Vec<Policy> {
        let mut documents = Vec::new();
        if let Some(Node::List(policies)) = self.template.resources["InstanceRole"]
            .properties
            .get("Policies")
        {
            documents.extend(policies.iter().filter_map(|policy| match policy {
                Node::Map(policy) => policy.get("PolicyDocument"),
                _ => None,
            }));
        }
        let managed = self
            .template
            .resources
            .values()
            .filter(|resource| resource.kind == "AWS::IAM::ManagedPolicy");
        documents.extend(managed.filter_map(|resource| resource.properties.get("PolicyDocument")));
        documents
            .into_iter()
            .map(|document| {
                Policy::read(&self.standing(document)).unwrap_or_else(|error| panic!("{error}"))
            })
            .collect()
    }
}
