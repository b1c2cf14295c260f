//! `policy-fit`: each action of a statement works on one of its resources.

use super::super::policy::{Allow, Purpose};
use super::super::{Check, Report, Rule, Severity, Subject};
use super::given::gives;
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
    for statement in subject.allows.iter().chain(&subject.denies) {
        for node in statement.resources() {
            let is_function = node.as_intrinsic().is_some();
            let given = is_function.then(|| gives(subject.template, &node.to_json()));
            if let Some(given) = given.flatten().filter(|given| !given.ends_with(".Arn")) {
                let message = format!("it gives `{given}`, and a policy wants an ARN");
                report.at(statement.at.join("Resource"), message);
            }
        }
    }
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
        of_log_groups(allow, &resources, report);
    }
}

fn look(allow: &Allow<'_>, resources: &[String], report: &mut Report) {
    // Every action works on something.
    if resources.iter().any(|resource| resource == ANY) {
        return;
    }
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
            // The name of a group has no colon.
            None if is_log_group(subject, name) => out.push_str("group"),
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

fn is_log_group(subject: &Subject<'_>, name: &str) -> bool {
    let resource = subject.template.resources.get(name);
    resource.is_some_and(|resource| resource.kind == "AWS::Logs::LogGroup")
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
        // The list has it as it has groups; a stream stands behind its group.
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
        ("logs", "log-stream") => return "arn:*:logs:*:*:log-group:*:*".to_owned(),
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
    may_meet(wanted.as_bytes(), given.as_bytes())
}

/// Whether some text is of both patterns: `*` stands for any number of any characters.
fn may_meet(left: &[u8], right: &[u8]) -> bool {
    // Whether the rest of one from here on may meet the rest of the other, from the ends to the beginnings:
    // one row for each place in the left one.
    let mut below = vec![false; right.len() + 1];
    for from_left in (0..=left.len()).rev() {
        let mut row = vec![false; right.len() + 1];
        for from_right in (0..=right.len()).rev() {
            row[from_right] = match (left.get(from_left), right.get(from_right)) {
                (None, None) => true,
                (Some(b'*'), other) => below[from_right] || other.is_some() && row[from_right + 1],
                (one, Some(b'*')) => row[from_right + 1] || one.is_some() && below[from_right],
                (Some(one), Some(other)) => one == other && below[from_right + 1],
                _ => false,
            };
        }
        below = row;
    }
    below[0]
}

/// What names a log group, where an action on groups wants the form that ends in `:*`.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html>
const OF_GROUP: &str = ":log-group:";
/// The actions that want the form without it, and the one that names what isn't there yet, of which
/// nothing stands there.
const WITHOUT: [&str; 4] = [
    "logs:TagResource",
    "logs:UntagResource",
    "logs:ListTagsForResource",
    "logs:CreateLogGroup",
];

/// Log groups that are named without `:*` behind them.
fn of_log_groups(allow: &Allow<'_>, resources: &[String], report: &mut Report) {
    let is_of_group = |action: &&String| {
        let types = actions().resource_types(action).unwrap_or_default();
        action.starts_with("logs:")
            && types.contains(&"log-group")
            && !WITHOUT.iter().any(|one| one.eq_ignore_ascii_case(action))
    };
    let is_short = |resource: &&String| {
        let name = resource.split_once(OF_GROUP).map(|(_, name)| name);
        name.is_some_and(|name| !name.contains([':', '*']))
    };
    let action = allow.actions.iter().find(is_of_group);
    if let (Some(action), true) = (action, resources.iter().all(|one| is_short(&one))) {
        let named = resources.join(", ");
        let message = format!("`{action}` wants `:*` behind the name of a log group: {named}");
        report.of(Severity::Warning, allow.at.join("Resource"), message);
    }
}
