//! `iam-policy`: every policy is one that IAM reads.

use super::super::policy::Purpose;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Map, Node, Path, Step, Trail};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "iam-policy",
    severity: Severity::Error,
    what: "Every policy is one that IAM reads.",
    why: "IAM refuses the policy in the middle of a launch, or an old version of the language reads it otherwise.",
    fix: "write the statement as the grammar of policies has it",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    check: Check::Template(check),
};

/// The elements of a statement.
const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    // IAM takes the older version; ours have the newer.
    let older = subject.of_house();
    // A firewall's rules have statements too, and they are no policy's.
    let is_firewall = |kind: &str| kind.starts_with("AWS::WAF");
    let properties = subject.properties();
    for property in properties.filter(|property| !is_firewall(&property.resource.kind)) {
        let resources = Trail::top("Resources");
        let resource = resources.key(property.id);
        let properties = resource.key("Properties");
        let at = properties.key(property.name);
        find(&at, property.value, Purpose::of(property), older, report);
    }
}

/// Looks for policies: maps that hold a statement, or should.
fn find(at: &Trail<'_>, node: &Node, purpose: Purpose, severity: Severity, report: &mut Report) {
    let is_document = at
        .name()
        .is_some_and(|name| name.ends_with("PolicyDocument") || name == "KeyPolicy");
    match node {
        Node::Map(map) if map.contains_key("Statement") || is_document => {
            document(&at.path(), map, purpose, severity, report);
        }
        Node::Map(map) => {
            for (key, value) in map {
                find(&at.key(key), value, purpose, severity, report);
            }
        }
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                find(
                    &at.down(Step::Index(index)),
                    item,
                    purpose,
                    severity,
                    report,
                );
            }
        }
        _ => {}
    }
}

fn document(at: &Path, map: &Map, purpose: Purpose, severity: Severity, report: &mut Report) {
    match map.get("Version").and_then(Node::as_str) {
        Some("2012-10-17") => {}
        // Without one it is the older; variables in it stay text.
        Some("2008-10-17") | None => report.of(
            severity,
            at.join("Version"),
            "a policy is of version 2012-10-17",
        ),
        Some(_) => report.at(at.join("Version"), "a policy is of version 2012-10-17"),
    }
    unknown_keys(at, map, &["Version", "Id", "Statement"], report);
    let at = at.join("Statement");
    match map.get("Statement") {
        Some(Node::List(items)) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                statement(&at.join(index.to_string()), item, purpose, report);
            }
        }
        Some(one @ Node::Map(_)) => statement(&at, one, purpose, report),
        Some(Node::Intrinsic(_)) => {}
        _ => report.at(at, "a policy has at least one statement"),
    }
}

fn statement(at: &Path, node: &Node, purpose: Purpose, report: &mut Report) {
    let map = match node {
        Node::Map(map) => map,
        Node::Intrinsic(_) => return,
        _ => return report.at(at.clone(), "a statement is a map"),
    };
    unknown_keys(at, map, &ELEMENTS, report);
    let effect = map.get("Effect").and_then(Node::as_str);
    if !matches!(effect, Some("Allow" | "Deny")) {
        report.at(at.join("Effect"), "the effect is Allow or Deny");
    }
    if let Some(sid) = map.get("Sid")
        && !is_text(sid)
    {
        report.at(at.join("Sid"), "a statement's name is a text");
    }
    if let Some(condition) = map.get("Condition") {
        conditions(&at.join("Condition"), condition, report);
    }
    for name in ["Resource", "NotResource"] {
        let named = match map.get(name) {
            Some(Node::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        // An API's own policy may leave out what stands before its name.
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
        let is_of_api =
            |text: &str| purpose == Purpose::Resource && text.starts_with("execute-api:/");
        let is_arn = |text: &str| text == "*" || text.starts_with("arn:") || is_of_api(text);
        for text in named.iter().filter_map(Node::as_str) {
            if !is_arn(text) {
                report.at(at.join(name), format!("`{text}` is no ARN"));
            }
        }
    }
    let mut pair = |name: &str, not: &str, is_wanted: bool| match (map.get(name), map.get(not)) {
        (Some(_), Some(_)) => report.at(
            at.join(name),
            format!("{name} and {not} exclude each other"),
        ),
        (None, None) if is_wanted => report.at(at.clone(), format!("the statement has no {name}")),
        (Some(value), None) if name == "Principal" => principal(&at.join(name), value, report),
        (Some(value), None) if !is_text(value) => {
            report.at(
                at.join(name),
                format!("{name} is a text, or a list of texts"),
            );
        }
        _ => {}
    };
    pair("Action", "NotAction", true);
    pair("Resource", "NotResource", purpose == Purpose::Identity);
    pair("Principal", "NotPrincipal", purpose == Purpose::Trust);
    if purpose == Purpose::Identity && map.contains_key("Principal") {
        report.at(
            at.join("Principal"),
            "a policy of a role or user names no principal",
        );
    }
}

/// The operators of conditions, without `IfExists` and the words for sets of values.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// Keys whose value is an account.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const ACCOUNTS: [&str; 5] = [
    "aws:SourceAccount",
    "aws:PrincipalAccount",
    "aws:ResourceAccount",
    "kms:CallerAccount",
    "s3:ResourceAccount",
];

/// Keys whose value is an organization.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>
const ORGANIZATIONS: [&str; 3] = ["aws:PrincipalOrgID", "aws:ResourceOrgID", "aws:SourceOrgID"];

/// What an operator compares, where a text isn't that: nothing would ever match it.
fn misfit(operator: &str, text: &str) -> Option<&'static str> {
    let is_number = || text.parse::<f64>().is_ok();
    let is_date = || {
        let day = text.get(..10).unwrap_or_default();
        let is_of_day = |(index, byte): (usize, u8)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        day.len() == 10 && day.bytes().enumerate().all(is_of_day)
    };
    let is_network = || {
        let (address, bits) = text.split_once('/').unwrap_or((text, "0"));
        let numbers = address.split('.').map(str::parse::<u8>);
        let is_v4 = numbers.clone().count() == 4 && numbers.clone().all(|part| part.is_ok());
        let is_part = |part: &str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let most = match (is_v4, address.contains(':')) {
            (true, _) => 32,
            (false, true) if address.split(':').all(is_part) => 128,
            _ => return false,
        };
        bits.parse::<u8>().is_ok_and(|bits| bits <= most)
    };
    let is_truth = || text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    match operator {
        "Bool" | "Null" => (!is_truth()).then_some("`true` and `false`"),
        "IpAddress" | "NotIpAddress" => (!is_network()).then_some("networks, such as `10.0.0.0/8`"),
        _ if operator.starts_with("Numeric") => (!is_number()).then_some("numbers"),
        _ if operator.starts_with("Date") => {
            (!is_date() && !is_number()).then_some("times, such as `2026-01-31T18:00:00Z`")
        }
        _ => None,
    }
}

/// A condition: operators that IAM knows, each with keys and texts.
fn conditions(at: &Path, node: &Node, report: &mut Report) {
    let Some(operators) = map_of(at, node, report) else {
        return;
    };
    for (operator, keys) in operators {
        let at = at.join(operator);
        let name = ["ForAllValues:", "ForAnyValue:"]
            .iter()
            .find_map(|set| operator.strip_prefix(set))
            .unwrap_or(operator);
        if !OPERATORS.contains(&name.strip_suffix("IfExists").unwrap_or(name)) {
            report.at(at.clone(), format!("IAM knows no operator `{operator}`"));
        }
        for (key, values) in map_of(&at, keys, report).into_iter().flatten() {
            if !is_text(values) && values.scalar_text().is_none() {
                report.at(
                    at.join(key),
                    "a condition's value is a text, or a list of texts",
                );
            }
            let plain = name.strip_suffix("IfExists").unwrap_or(name);
            for value in Node::one_or_more(Some(values)) {
                let text = value.scalar_text().filter(|text| !text.contains("${"));
                if let Some(wanted) = text.and_then(|text| misfit(plain, &text)) {
                    let given = value.scalar_text().unwrap_or_default();
                    let message = format!("`{plain}` compares {wanted}, and `{given}` is none");
                    report.at(at.join(key), message);
                }
            }
            let is_exact = matches!(
                name.strip_suffix("IfExists").unwrap_or(name),
                "StringEquals"
            );
            if is_exact
                && ORGANIZATIONS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(key))
            {
                let values = Node::one_or_more(Some(values));
                for value in values.into_iter().filter_map(Node::as_str) {
                    let rest = value.strip_prefix("o-").unwrap_or_default();
                    let is_id = (10..=32).contains(&rest.len())
                        && rest
                            .bytes()
                            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                    if !is_id && !value.contains("${") && !value.contains("{{resolve:") {
                        let message = format!(
                            "`{value}` is no organization: `o-` and 10 to 32 letters and digits"
                        );
                        report.at(at.join(key), message);
                    }
                }
            }
            if is_exact && ACCOUNTS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                let values = Node::one_or_more(Some(values));
                for value in values.into_iter().filter_map(Node::as_str) {
                    let is_account = value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit());
                    if !is_account && !value.contains("${") {
                        report.at(at.join(key), format!("`{value}` is no account: 12 digits"));
                    }
                }
            }
        }
    }
}

fn map_of<'n>(at: &Path, node: &'n Node, report: &mut Report) -> Option<&'n Map> {
    if node.as_map().is_none() && node.as_intrinsic().is_none() {
        report.at(at.clone(), "it is no map");
    }
    node.as_map()
}

fn principal(at: &Path, node: &Node, report: &mut Report) {
    match node {
        Node::Map(kinds) if !kinds.is_empty() => {
            unknown_keys(
                at,
                kinds,
                &["AWS", "Service", "Federated", "CanonicalUser"],
                report,
            );
            for (kind, names) in kinds {
                if !is_text(names) {
                    report.at(at.join(kind), "a principal is a text, or a list of texts");
                }
            }
        }
        Node::Intrinsic(_) => {}
        other if other.as_str() == Some("*") => {}
        _ => report.at(
            at.clone(),
            "a principal is `*`, or a map of kinds and names",
        ),
    }
}

fn unknown_keys(at: &Path, map: &Map, known: &[&str], report: &mut Report) {
    for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
        report.at(
            at.join(key),
            format!("`{key}` is none of {}", known.join(", ")),
        );
    }
}

/// A text or a list of some, functions among them.
fn is_text(node: &Node) -> bool {
    match node {
        Node::String(_) | Node::Intrinsic(_) => true,
        Node::List(items) => !items.is_empty() && items.iter().all(is_text),
        _ => false,
    }
}
