//! `instance-type`: every instance type exists, and can start the image it is given.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};
use crate::product::instance_type::{Architecture, instance_type};
use std::collections::BTreeMap;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "instance-type",
    severity: Severity::Error,
    what: "Every instance type exists, and can start the image it is given.",
    why: "The launch fails after the person has filled in the form.",
    fix: "offer only types of the image's architecture",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (resource, declared) in &subject.template.resources {
        let asked = declared.properties.get("InstanceType");
        for name in asked.map_or_else(Vec::new, |asked| subject.open_parameters(asked)) {
            let message = format!(
                "`{name}` takes any text: let the form offer the types that can start the image"
            );
            // CloudFormation takes it; a form of ours doesn't let people guess.
            let at = Path::properties(resource).join("InstanceType");
            report.of(subject.of_house(), at, message);
        }
        if declared.kind != "AWS::EC2::Instance" {
            continue;
        }
        // By image: the architectures that are left, and the first type that left them.
        let mut images: BTreeMap<String, (Vec<Architecture>, String)> = BTreeMap::new();
        for view in subject.views_of(resource, declared) {
            let Some(name) = view.get(&["InstanceType"]).and_then(Node::as_str) else {
                continue;
            };
            let at = || view.path(&["InstanceType"]);
            let Some(known) = instance_type(name) else {
                report.at(at(), format!("EC2 has no type `{name}`"));
                continue;
            };
            let Some(image) = view.get(&["ImageId"]) else {
                continue;
            };
            let image = image.to_json().to_string();
            let own = architecture_in(&image).map(|one| vec![one]);
            let starts: Vec<Architecture> = known.architectures().collect();
            let left = images
                .entry(image)
                .or_insert_with(|| (own.unwrap_or_else(|| starts.clone()), name.to_owned()));
            left.0.retain(|one| known.starts(*one));
            if left.0.is_empty() {
                report.at(
                    at(),
                    format!(
                        "`{name}` is {}, and the image is one for `{}`",
                        names(&starts),
                        left.1
                    ),
                );
                left.0 = starts;
            }
        }
    }
}

/// The architecture that the name of an image's public parameter tells.
fn architecture_in(image: &str) -> Option<Architecture> {
    let is_named = image.contains("resolve:ssm") || image.contains("/aws/service/");
    Architecture::ALL
        .into_iter()
        .find(|one| is_named && image.contains(one.name()))
}

fn names(architectures: &[Architecture]) -> String {
    let names: Vec<&str> = architectures.iter().map(|one| one.name()).collect();
    names.join(" or ")
}
