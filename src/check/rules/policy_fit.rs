//! `policy-fit`: each action of a statement works on one of its resources.

use super::super::policy::{Allow, Purpose};
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::text::text_of;
use crate::cfn::{Intrinsic, Node};
use crate::iam::actions;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "policy-fit",
    severity: Severity::Error,
    what: "Each action of a statement works on one of its resources.",
    why: "The service refuses the policy, or the statement grants nothing.",
    fix: "object actions take `bucket/*`, bucket actions the bucket itself; an ARN is of the action's service",
    source: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    check: Check::Template(check),
};

/// What a reference to a resource stands for in a text: any number of any characters.
const ANY: &str = "*";

fn check(subject: &Subject<'_>, report: &mut Report) {
    for allow in &subject.allows {
        if allow.purpose == Purpose::Trust || allow.statement.contains_key("NotResource") {
            continue;
        }
        let resources: Option<Vec<String>> = allow
            .resources()
            .iter()
            .map(|node| pattern(subject, node))
            .collect();
        let Some(resources) = resources.filter(|resources| !resources.is_empty()) else {
            continue;
        };
        look(allow, &resources, report);
    }
}

fn look(allow: &Allow<'_>, resources: &[String], report: &mut Report) {
    for action in &allow.actions {
        let Some(types) = actions()
            .resource_types(action)
            .filter(|types| !types.is_empty())
        else {
            continue;
        };
        let service = action.split(':').next().unwrap_or_default();
        let arns: Vec<String> = types
            .iter()
            .flat_map(|kind| {
                actions()
                    .arn_patterns(service, kind)
                    .iter()
                    .map(move |arn| (kind, arn))
            })
            .map(|(kind, arn)| as_wildcard(service, kind, arn))
            .collect();
        if arns.is_empty() {
            continue;
        }
        // A change set with a transform is allowed on the transform, which AWS's list doesn't say.
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
        let transforms = action.eq_ignore_ascii_case("cloudformation:CreateChangeSet");
        let fits = |resource: &&String| {
            transforms && resource.contains(":transform/")
                || resource.as_str() == ANY
                || arns.iter().any(|arn| may_be(service, resource, arn))
        };
        if !resources.iter().any(|resource| fits(&resource)) {
            let message = format!("`{action}` works on none of: {}", resources.join(", "));
            report.at(allow.at.join("Resource"), message);
        }
    }
}

/// A resource as a pattern: what isn't known is `*`. None where nothing of it is known.
fn pattern(subject: &Subject<'_>, node: &Node) -> Option<String> {
    let text = match node {
        Node::String(text) => text.clone(),
        Node::Intrinsic(function) => match &**function {
            Intrinsic::GetAtt {
                resource,
                attribute,
            } => {
                return arn_of(subject, resource, attribute);
            }
            Intrinsic::Sub { .. } | Intrinsic::Join { .. } => text_of(node).into_owned(),
            _ => return None,
        },
        _ => return None,
    };
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find("${") {
        let (before, inside) = rest.split_at(start);
        out.push_str(before);
        let end = inside.find('}')?;
        let name = &inside[2..end];
        match name.split_once('.') {
            Some((resource, attribute)) => out.push_str(&arn_of(subject, resource, attribute)?),
            None if name.starts_with("AWS::") => out.push_str(ANY),
            // A whole ARN may stand in a parameter.
            None if out.is_empty() => return None,
            None => out.push_str(ANY),
        }
        rest = &inside[end + 1..];
    }
    out.push_str(rest);
    // What begins with something unknown may be any ARN; what is none is another rule's.
    (out == ANY || out.starts_with("arn:")).then_some(out)
}

/// The ARN of a bucket of this template; of anything else nothing is said.
fn arn_of(subject: &Subject<'_>, resource: &str, attribute: &str) -> Option<String> {
    let kind = &subject.template.resources.get(resource)?.kind;
    (kind == "AWS::S3::Bucket" && attribute == "Arn").then(|| "arn:aws:s3:::bucket".to_owned())
}

/// The ARN of a type with `*` for what varies. AWS's list has the same for buckets and objects.
fn as_wildcard(service: &str, kind: &str, arn: &str) -> String {
    match (service, kind) {
        ("s3", "object") => return "arn:*:s3:::*/*".to_owned(),
        ("s3", "bucket") => return "arn:*:s3:::*".to_owned(),
        _ => {}
    }
    let arn = arn.replace(".*", ANY);
    let mut out = String::new();
    let mut rest = arn.as_str();
    while let Some(start) = rest.find("${") {
        out.push_str(&rest[..start]);
        out.push_str(ANY);
        rest = rest[start..]
            .find('}')
            .map_or("", |end| &rest[start + end + 1..]);
    }
    out.push_str(rest);
    out
}

/// Whether a resource can be of a type: both may leave open what stands where.
fn may_be(service: &str, resource: &str, arn: &str) -> bool {
    if service == "s3" && arn == "arn:*:s3:::*" {
        // A bucket's name has no slash.
        let name = resource.splitn(6, ':').nth(5).unwrap_or(resource);
        return resource.contains(":s3:::") && (!name.contains('/') || name.starts_with('*'));
    }
    if service == "s3" && arn == "arn:*:s3:::*/*" {
        let name = resource.splitn(6, ':').nth(5).unwrap_or(resource);
        return resource.contains(":s3:::") && (name.contains('/') || name.contains('*'));
    }
    let mut wanted = arn.splitn(6, ':');
    let mut given = resource.splitn(6, ':');
    // Partition, service, region and account are compared one by one, the rest as a whole.
    for _ in 0..5 {
        let (Some(wanted), Some(given)) = (wanted.next(), given.next()) else {
            return resource.contains('*');
        };
        if !wanted.contains('*') && !given.contains('*') && wanted != given {
            return false;
        }
        // Where S3 has an account or a region, it isn't empty.
        if service == "s3" && wanted == ANY && given.is_empty() {
            return false;
        }
    }
    let (wanted, given) = (
        wanted.next().unwrap_or_default(),
        given.next().unwrap_or_default(),
    );
    let fixed = wanted.split('*').next().unwrap_or_default();
    let known = given.split('*').next().unwrap_or_default();
    known.starts_with(fixed) || given.contains('*') && fixed.starts_with(known)
}
