//! `public-access`: nothing is open to everyone.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "public-access",
    severity: Severity::Error,
    what: "Nothing is open to everyone.",
    why: "Whatever is open to everyone is found within minutes.",
    fix: "close it; where it is meant to be open, suppress this rule at the resource and say what guards it",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    check: Check::Template(check),
};

const BLOCKS: [&str; 4] = [
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::S3::Bucket") {
        for flag in BLOCKS {
            let path = ["PublicAccessBlockConfiguration", flag];
            // New buckets block it where nobody says otherwise.
            // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
            let severity = subject.of_house_unless(view.get(&path[..1]).is_some());
            if !view.is(&path, "true") {
                report.of(severity, view.path(&path), format!("`{flag}` isn't true"));
            }
        }
        if view
            .text(&["AccessControl"])
            .is_some_and(|acl| acl.starts_with("Public"))
        {
            report.at(
                view.path(&["AccessControl"]),
                "the bucket's access control list is public",
            );
        }
    }
    for allow in &subject.allows {
        let is_everyone = allow
            .principals()
            .iter()
            .any(|(kind, name)| matches!(*kind, "*" | "AWS") && name.as_str() == Some("*"));
        if is_everyone && !allow.is_conditional() && allow.purpose != Purpose::Identity {
            report.at(allow.at.clone(), "everyone is allowed, without a condition");
        }
    }
    for view in subject.of_type("AWS::RDS::DBInstance") {
        if view.is(&["PubliclyAccessible"], "true") {
            report.at(
                view.path(&["PubliclyAccessible"]),
                "the database gets a public address",
            );
        }
    }
    for view in subject.of_type("AWS::Lambda::Url") {
        if view.is(&["AuthType"], "NONE") {
            report.at(
                view.path(&["AuthType"]),
                "whoever knows the URL can call the function",
            );
        }
    }
    for view in subject.of_type("AWS::Lambda::Permission") {
        if view.is(&["Principal"], "*") {
            report.at(view.path(&["Principal"]), "everyone may call the function");
        }
    }
    for view in subject.of_type("AWS::ApiGateway::Method") {
        let is_preflight = view.is(&["HttpMethod"], "OPTIONS");
        let is_open = view
            .text(&["AuthorizationType"])
            .is_none_or(|kind| kind == "NONE");
        let has_key = view.is(&["ApiKeyRequired"], "true");
        if is_open && !has_key && !is_preflight {
            report.of(
                subject.of_house(),
                view.path(&["AuthorizationType"]),
                "the method asks for no authorization",
            );
        }
    }
    for view in subject.of_type("AWS::EC2::Instance") {
        let interfaces = view.get(&["NetworkInterfaces"]).and_then(Node::as_list);
        for (index, interface) in interfaces.into_iter().flatten().enumerate() {
            let public = interface
                .get("AssociatePublicIpAddress")
                .and_then(Node::scalar_text);
            if public.as_deref() == Some("true") {
                let at = view.path(&[
                    "NetworkInterfaces",
                    &index.to_string(),
                    "AssociatePublicIpAddress",
                ]);
                report.of(subject.of_house(), at, "the machine gets a public address");
            }
        }
    }
}
