//! `encryption`: data is encrypted at rest, and the template says so.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

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
        if view
            .get(&["BucketEncryption", "ServerSideEncryptionConfiguration"])
            .is_none()
        {
            report.at(
                view.path(&["BucketEncryption"]),
                "the bucket's encryption isn't set",
            );
        }
    }
    for view in subject.of_type("AWS::EC2::Instance") {
        let devices = view.get(&["BlockDeviceMappings"]).and_then(Node::as_list);
        let at = view.path(&["BlockDeviceMappings"]);
        if devices.is_none_or(<[Node]>::is_empty) {
            report.at(
                at.clone(),
                "no volume is mapped, so its encryption isn't set",
            );
        }
        for (index, device) in devices.into_iter().flatten().enumerate() {
            volume(&at.join(index.to_string()), device, report);
        }
    }
    for view in subject.of_type("AWS::EC2::LaunchTemplate") {
        let path = ["LaunchTemplateData", "BlockDeviceMappings"];
        let devices = view.get(&path).and_then(Node::as_list);
        for (index, device) in devices.into_iter().flatten().enumerate() {
            volume(&view.path(&path).join(index.to_string()), device, report);
        }
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

/// A mapped device: its volume is encrypted, where it has one.
fn volume(at: &Path, device: &Node, report: &mut Report) {
    let Some(volume) = device.get("Ebs") else {
        return;
    };
    let encrypted = volume.get("Encrypted").and_then(Node::scalar_text);
    if encrypted.as_deref() != Some("true") {
        report.at(
            at.join("Ebs").join("Encrypted"),
            "the volume isn't encrypted",
        );
    }
}
