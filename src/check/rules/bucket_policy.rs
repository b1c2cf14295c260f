//! `bucket-policy`: a bucket's policy is about that bucket.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::text_of;
use crate::cfn::{Intrinsic, Map, Node};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "bucket-policy",
    severity: Severity::Error,
    what: "A bucket's policy names its bucket by name and in its resources, and asks what S3 tells.",
    why: "S3 refuses the policy: it has an invalid resource, or conditions that don't apply.",
    fix: "give the bucket's name; let each resource be the bucket or `/*` of it; ask for a prefix with s3:ListBucket only",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
    check: Check::Template(check),
};

/// Keys that S3 tells with few actions, with those actions.
const KEYS: [(&str, &[&str]); 3] = [
    (
        "s3:prefix",
        &[
            "s3:ListBucket",
            "s3:ListBucketVersions",
            "s3:ListBucketMultipartUploads",
        ],
    ),
    ("s3:delimiter", &["s3:ListBucket", "s3:ListBucketVersions"]),
    ("s3:max-keys", &["s3:ListBucket", "s3:ListBucketVersions"]),
];
/// The global keys, in lower case.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const GLOBAL: [&str; 41] = [
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:currenttime",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceowner",
    "aws:sourceorgpaths",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:viaawsservice",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::S3::BucketPolicy") {
        let Some(bucket) = view.get(&["Bucket"]) else {
            continue;
        };
        let is_arn = match bucket {
            Node::String(text) => text.starts_with("arn:"),
            Node::Intrinsic(function) => {
                matches!(&**function, Intrinsic::GetAtt { attribute, .. } if attribute == "Arn")
            }
            _ => false,
        };
        if is_arn {
            report.at(
                view.path(&["Bucket"]),
                "a policy takes the bucket's name, not its ARN",
            );
        }
        let statements = view.get(&["PolicyDocument", "Statement"]);
        for (index, statement) in Node::one_or_more(statements).into_iter().enumerate() {
            let at = view.path(&["PolicyDocument", "Statement", &index.to_string()]);
            for resource in Node::one_or_more(statement.get("Resource")) {
                if let Some(other) = of_another(bucket, resource) {
                    let message = format!("it is about another bucket: {other}");
                    report.at(at.join("Resource"), message);
                }
            }
        }
    }
    conditions(subject, report);
    for deny in &subject.denies {
        let asked = deny.statement.get("Condition");
        let asked = asked.and_then(|one| one.get("Bool")?.get("aws:SecureTransport"));
        if asked.and_then(Node::scalar_text).as_deref() == Some("true") {
            let message =
                "it denies what comes encrypted: `aws:SecureTransport` is false for the rest";
            report.at(deny.at.join("Condition"), message);
        }
    }
}

/// The resource, where it is certainly of another bucket.
fn of_another(bucket: &Node, resource: &Node) -> Option<String> {
    let text = match resource {
        Node::Intrinsic(function)
            if !matches!(&**function, Intrinsic::Sub { .. } | Intrinsic::Join { .. }) =>
        {
            return None;
        }
        other => text_of(other).into_owned(),
    };
    let rest = text
        .splitn(6, ':')
        .nth(5)
        .filter(|_| text.contains(":s3:"))?;
    let name = rest.split('/').next().unwrap_or_default();
    let literal = !name.contains("${") && !name.contains('*') && !name.is_empty();
    match bucket {
        Node::String(own) => (literal && name != own).then_some(text.clone()),
        // What CloudFormation names has no name that could be written out.
        Node::Intrinsic(function) => match &**function {
            Intrinsic::Ref(_) => literal.then_some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Condition keys that nobody tells, and those that S3 tells with other actions only.
fn conditions(subject: &Subject<'_>, report: &mut Report) {
    for allow in subject.allows.iter().chain(&subject.denies) {
        let operators = allow.statement.get("Condition").and_then(Node::as_map);
        let keys = operators
            .into_iter()
            .flat_map(Map::values)
            .filter_map(Node::as_map);
        for key in keys.flat_map(Map::keys) {
            let lower = key.to_ascii_lowercase();
            let name = lower.split('/').next().unwrap_or_default();
            let has_suffix =
                ["aws:principaltag", "aws:requesttag", "aws:resourcetag"].contains(&name);
            if name.starts_with("aws:") && !has_suffix && !GLOBAL.contains(&name) {
                let at = allow.at.join("Condition");
                match crate::yaml::nearest(name, GLOBAL) {
                    Some(near) => {
                        let message =
                            format!("there is no condition key `{key}`; did you mean `{near}`?");
                        report.at(at, message);
                    }
                    // AWS may have added it since.
                    None => {
                        let message = format!("`{key}` is none of the global condition keys");
                        report.of(Severity::Warning, at, message);
                    }
                }
            }
            let Some((_, told)) = KEYS.iter().find(|(known, _)| *known == lower) else {
                continue;
            };
            let others = allow.actions.iter().filter(|action| {
                action.starts_with("s3:")
                    && !action.contains('*')
                    && !told.iter().any(|known| known.eq_ignore_ascii_case(action))
            });
            for action in others {
                let message = format!("S3 doesn't tell `{key}` with `{action}`");
                report.at(allow.at.join("Condition"), message);
            }
        }
    }
}
