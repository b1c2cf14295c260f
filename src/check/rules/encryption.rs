//! `encryption`: data is encrypted at rest, and the template says so.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "encryption",
    severity: Severity::Error,
    what: "Data is encrypted at rest, and the template says so.",
    why: "A default of the account can change; the template is what was reviewed.",
    fix: "set the encryption of the bucket or volume",
    source: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::S3::Bucket") {
        let path = ["BucketEncryption", "ServerSideEncryptionConfiguration"];
        let rules = view.get(&path);
        let has_default = |rule: &Node| {
            rule.as_intrinsic().is_some() || rule.get("ServerSideEncryptionByDefault").is_some()
        };
        let is_set = rules.is_some_and(|rules| match rules.as_list() {
            Some(rules) => rules.iter().any(has_default),
            // What a function will be.
            None => rules.as_intrinsic().is_some(),
        });
        if !is_set {
            // S3 encrypts whatever nobody speaks of.
            // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
            report.of(
                subject.of_house(),
                view.path(&path[..1]),
                "the bucket's encryption isn't set",
            );
        }
    }
    for view in subject.of_type("AWS::EC2::Instance") {
        let devices = view.get(&["BlockDeviceMappings"]).and_then(Node::as_list);
        if devices.is_none_or(<[Node]>::is_empty) {
            report.of(
                subject.of_house(),
                view.path(&["BlockDeviceMappings"]),
                "no volume is mapped, so its encryption isn't set",
            );
        }
        volumes(view, &["BlockDeviceMappings"], report);
    }
    for view in subject.of_type("AWS::EC2::LaunchTemplate") {
        volumes(view, &["LaunchTemplateData", "BlockDeviceMappings"], report);
    }
    for kind in ["AWS::EC2::Volume", "AWS::EFS::FileSystem"] {
        for view in subject.of_type(kind) {
            if !view.is(&["Encrypted"], "true") {
                report.at(view.path(&["Encrypted"]), "it isn't encrypted");
            }
        }
    }
    for view in subject.of_type("AWS::RDS::DBInstance") {
        if !view.is(&["StorageEncrypted"], "true") {
            report.at(view.path(&["StorageEncrypted"]), "it isn't encrypted");
        }
    }
}

/// Mapped devices: the volume of each is encrypted, where it has one.
fn volumes(view: View<'_>, path: &[&str], report: &mut Report) {
    let devices = view.get(path).and_then(Node::as_list);
    for (index, device) in devices.into_iter().flatten().enumerate() {
        let Some(volume) = device.get("Ebs") else {
            continue;
        };
        let encrypted = volume.get("Encrypted").and_then(Node::scalar_text);
        if encrypted.as_deref() != Some("true") {
            let at = view.path(path).join(index.to_string());
            report.at(
                at.join_all(["Ebs", "Encrypted"]),
                "the volume isn't encrypted",
            );
        }
    }
}
