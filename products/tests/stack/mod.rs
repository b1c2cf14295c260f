//! A stack of a machine: a template with the values that CloudFormation would fill in.

#![allow(dead_code, reason = "each test file uses a part")]

use compute_catalog::cfn::{Evaluation, Node, Pseudo, Template};
use serde_json::Value;

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

    fn evaluated(&self, node: &Node) -> Value {
        let given = self
            .parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
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
