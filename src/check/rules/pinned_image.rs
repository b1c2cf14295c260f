//! `pinned-image`: images are named exactly.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "pinned-image",
    severity: Severity::Error,
    what: "Images are named exactly.",
    why: "What runs tomorrow is not what was tested today.",
    fix: "name an image id, a version of a parameter, or a digest",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let severity = subject.of_house();
    for view in subject.of_type("AWS::EC2::Instance") {
        if let Some(image) = view.get(&["ImageId"]).and_then(Node::as_str) {
            let inside = image
                .strip_prefix("{{resolve:ssm:")
                .and_then(|rest| rest.strip_suffix("}}"));
            let is_newest =
                inside.is_some_and(|name| !name.contains(':')) || image.starts_with("resolve:ssm:");
            if is_newest {
                report.of(
                    severity,
                    view.path(&["ImageId"]),
                    "the image is whatever is newest at launch",
                );
            }
        }
    }
    for view in subject.of_type("AWS::ECS::TaskDefinition") {
        let containers = view.get(&["ContainerDefinitions"]).and_then(Node::as_list);
        for (index, container) in containers.into_iter().flatten().enumerate() {
            if let Some(image) = container.get("Image").and_then(Node::as_str)
                && !is_exact(image)
            {
                let at = view.path(&["ContainerDefinitions", &index.to_string(), "Image"]);
                report.of(severity, at, format!("`{image}` is whatever is newest"));
            }
        }
    }
    for view in subject.of_type("AWS::Batch::JobDefinition") {
        let path = ["ContainerProperties", "Image"];
        if let Some(image) = view.get(&path).and_then(Node::as_str)
            && !is_exact(image)
        {
            let message = format!("`{image}` is whatever is newest");
            report.of(severity, view.path(&path), message);
        }
    }
}

/// Whether a container's image is named by a digest, or by a tag that isn't the newest.
fn is_exact(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    // What is looked up or filled in isn't known here.
    image.contains("@sha256:")
        || image.contains("{{resolve:")
        || image.contains("${")
        || name.contains(':') && !name.ends_with(":latest")
}
