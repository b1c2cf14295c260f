//! What is known of an account and its resources while a template is evaluated.

use super::Node;

/// Values of the pseudo-parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pseudo {
    /// `AWS::AccountId`.
    pub account_id: String,
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::Partition`.
    pub partition: String,
    /// `AWS::StackName`.
    pub stack_name: String,
    /// `AWS::StackId`.
    pub stack_id: String,
}

impl Pseudo {
    /// An example that fits every schema's patterns, for looking at templates offline.
    pub fn example() -> Pseudo {
        let stack = "SC-111122223333-pp-example";
        Pseudo {
            account_id: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            partition: "aws".to_owned(),
            stack_name: stack.to_owned(),
            stack_id: format!("arn:aws:cloudformation:us-east-1:111122223333:stack/{stack}/1"),
        }
    }

    /// The same stack in another account and region.
    #[must_use]
    pub fn at(self, account: &str, region: &str) -> Pseudo {
        let partition = match region.split('-').take(2).collect::<Vec<_>>().as_slice() {
            ["cn", ..] => "aws-cn",
            ["us", "gov"] => "aws-us-gov",
            _ => "aws",
        };
        let stack = &self.stack_name;
        Pseudo {
            account_id: account.to_owned(),
            region: region.to_owned(),
            partition: partition.to_owned(),
            stack_id: format!("arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/1"),
            ..self
        }
    }

    fn get(&self, name: &str) -> Option<Node> {
        let text = match name {
            "AWS::AccountId" => &self.account_id,
            "AWS::Region" => &self.region,
            "AWS::Partition" => &self.partition,
            "AWS::StackName" => &self.stack_name,
            "AWS::StackId" => &self.stack_id,
            "AWS::URLSuffix" if self.partition == "aws-cn" => {
                return Some("amazonaws.com.cn".into());
            }
            "AWS::URLSuffix" => return Some("amazonaws.com".into()),
            _ => return None,
        };
        Some(Node::String(text.clone()))
    }
}

/// What is known while a template is evaluated, beside the template. Each answer may be "not
/// known", and the function then stays as it is.
pub trait Evaluator {
    /// The value of a pseudo-parameter.
    fn pseudo(&self, name: &str) -> Option<Node>;
    /// The physical id of a resource.
    fn resource(&self, logical_id: &str) -> Option<Node>;
    /// An attribute of a resource.
    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Node>;
    /// The value of an export.
    fn export(&self, name: &str) -> Option<Node>;
}

/// Pseudo-parameters alone are known: the offline evaluator.
impl Evaluator for Pseudo {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.get(name)
    }

    fn resource(&self, _: &str) -> Option<Node> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Node> {
        None
    }

    fn export(&self, _: &str) -> Option<Node> {
        None
    }
}
