//! `ingress-source`: a rule of a security group has one source, and a protocol that there is.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "ingress-source",
    severity: Severity::Error,
    what: "A rule of a security group has one source or destination, a protocol that there is, and ports in order.",
    why: "EC2 refuses the rule.",
    fix: "name one of a block of addresses, a prefix list and a group; protocols are tcp, udp, icmp, icmpv6, -1 or a number",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html",
    check: Check::Template(check),
};

const SOURCES: [&str; 5] = [
    "CidrIp",
    "CidrIpv6",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
];
const DESTINATIONS: [&str; 4] = [
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
];
const PROTOCOLS: [&str; 5] = ["tcp", "udp", "icmp", "icmpv6", "-1"];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::SecurityGroup") {
        for (section, ends) in [
            ("SecurityGroupIngress", &SOURCES[..]),
            ("SecurityGroupEgress", &DESTINATIONS),
        ] {
            let rules = view.get(&[section]).and_then(Node::as_list);
            for (index, rule) in rules.into_iter().flatten().enumerate() {
                let mut before = rules.into_iter().flatten().take(index);
                if before.any(|other| other == rule) {
                    let at = view.path(&[section, &index.to_string()]);
                    report.at(at, "the same rule stands here twice");
                }
                if rule.as_map().is_some() {
                    let at = view.path(&[section, &index.to_string()]);
                    look(&|name| rule.get(name), ends, &at, report);
                }
            }
        }
    }
    for (kind, ends) in [
        ("AWS::EC2::SecurityGroupIngress", &SOURCES[..]),
        ("AWS::EC2::SecurityGroupEgress", &DESTINATIONS),
    ] {
        for view in subject.of_type(kind) {
            look(&|name| view.get(&[name]), ends, &view.path(&[]), report);
        }
    }
}

fn look<'n>(get: &dyn Fn(&str) -> Option<&'n Node>, ends: &[&str], at: &Path, report: &mut Report) {
    let given: Vec<&str> = ends
        .iter()
        .copied()
        .filter(|name| get(name).is_some())
        .collect();
    match given.as_slice() {
        [] => report.at(at.clone(), format!("it names none of {}", ends.join(", "))),
        [_] => {}
        many => report.at(
            at.clone(),
            format!("{} exclude each other", many.join(" and ")),
        ),
    }
    if let Some(protocol) = get("IpProtocol").and_then(Node::scalar_text) {
        let lower = protocol.to_ascii_lowercase();
        let is_number = protocol.parse::<u8>().is_ok();
        if !PROTOCOLS.contains(&lower.as_str()) && !is_number {
            report.at(
                at.join("IpProtocol"),
                format!("there is no protocol `{protocol}`"),
            );
        }
    }
    let port = |name: &str| get(name)?.scalar_text()?.parse::<i64>().ok();
    let icmp = get("IpProtocol")
        .and_then(Node::scalar_text)
        .is_some_and(|text| text.starts_with("icmp"));
    if let (Some(from), Some(to)) = (port("FromPort"), port("ToPort"))
        && from > to
        && !icmp
    {
        report.at(
            at.join("FromPort"),
            format!("{from} to {to} is no range of ports"),
        );
    }
}
