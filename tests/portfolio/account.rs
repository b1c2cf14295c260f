//! An account in which every export is there, and the policies of templates in it.

use compute_catalog::cfn::{Evaluation, Evaluator, IndexMap, Node, Pseudo, Template};
use compute_catalog::iam::{Decision, Policy, Request, decide};

pub const ACCOUNT: &str = "123456789012";
pub const BOUNDARY: &str = "arn:aws:iam::123456789012:policy/boundary";

/// An account in which every export is there.
pub struct Account(Pseudo);

impl Evaluator for Account {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.0.pseudo(name)
    }

    fn resource(&self, _: &str) -> Option<Node> {
        None
    }

    fn attribute(&self, id: &str, attribute: &str) -> Option<Node> {
        let is_bucket = (id, attribute) == ("TemplateBucket", "Arn");
        is_bucket.then(|| "arn:aws:s3:::templates".into())
    }

    fn export(&self, name: &str) -> Option<Node> {
        let value = match name {
            name if name.ends_with("PermissionsBoundary") => BOUNDARY.to_owned(),
            name if name.ends_with("TemplateBucket") => "templates".to_owned(),
            name if name.ends_with("FunctionArn") => format!("arn:aws:lambda:::function:{name}"),
            name => format!("arn:aws:iam::{ACCOUNT}:policy/{name}"),
        };
        Some(value.into())
    }
}

pub fn account() -> Account {
    Account(Pseudo {
        account_id: ACCOUNT.to_owned(),
        region: "ap-southeast-2".to_owned(),
        partition: "aws".to_owned(),
        stack_name: "role".to_owned(),
        stack_id: "id".to_owned(),
    })
}

/// The policies of a role's template, in an account, and the size of each in characters.
pub fn policies(template: &Template) -> (Vec<Policy>, [usize; 2]) {
    let account = account();
    let evaluation = Evaluation::new(template, &IndexMap::default(), &account).unwrap();
    let role = evaluation.properties(&template.resources["LaunchRole"]);
    let inline = role["Policies"].as_list().unwrap()[0]
        .get("PolicyDocument")
        .unwrap();
    let managed = &evaluation.properties(&template.resources["PlatformPolicy"])["PolicyDocument"];
    let size = |document: &Node| document.to_json().to_string().len();
    let read = |document| Policy::read(document).unwrap();
    (
        vec![read(inline), read(managed)],
        [size(inline), size(managed)],
    )
}

/// Whether policies together allow a request.
pub fn allows(policies: &[Policy], request: &Request) -> bool {
    decide(policies, request) == Decision::Allowed
}

/// The document of a managed policy of a template.
pub fn document_of(template: &Template, id: &str) -> Node {
    let account = account();
    let given = IndexMap::from_iter([("LoginRoleArn".to_owned(), "arn".to_owned())]);
    let given = given
        .into_iter()
        .filter(|(name, _)| template.parameters.contains_key(name))
        .collect();
    let evaluation = Evaluation::new(template, &given, &account).unwrap();
    evaluation.properties(&template.resources[id])["PolicyDocument"].clone()
}

/// A managed policy of a template.
pub fn policy_of(template: &Template, id: &str) -> Vec<Policy> {
    vec![Policy::read(&document_of(template, id)).unwrap()]
}
