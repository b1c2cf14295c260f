//! `open-ingress`: no port is open to the whole internet.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;
use core::net::{Ipv4Addr, Ipv6Addr};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "open-ingress",
    severity: Severity::Error,
    what: "No port is open to the whole internet.",
    why: "Everyone can knock, and somebody does.",
    fix: "name the network or security group that needs it",
    source: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    check: Check::Template(check),
};

const KEYS: [&str; 2] = ["CidrIp", "CidrIpv6"];
/// No organisation has a larger block than a two hundred and fifty-sixth of all addresses.
const LARGEST: u8 = 8;

/// The addresses that anybody may use inside, and nobody has outside: RFC 1918's only block of that
/// size, and RFC 4193's.
const PRIVATE: [IpNet; 2] = [
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 8)),
    IpNet::V6(Ipv6Net::new_assert(
        Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0),
        7,
    )),
];

/// Whether a block of addresses is the world, or a large part of it that nobody owns. What is no
/// block at all, the schema of the property refuses.
fn is_world(block: &str) -> bool {
    let Ok(block) = block.parse::<IpNet>() else {
        return false;
    };
    block.prefix_len() < LARGEST && !PRIVATE.iter().any(|own| own.contains(&block))
}

/// Pages are meant for everybody, in a template of somebody else.
fn severity(subject: &Subject<'_>, from: Option<String>, to: Option<String>) -> Severity {
    let is_of_pages = |port: &String| port == "80" || port == "443";
    subject.of_house_unless(from != to || !from.as_ref().is_some_and(is_of_pages))
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::SecurityGroup") {
        let rules = view.get(&["SecurityGroupIngress"]).and_then(Node::as_list);
        for (index, rule) in rules.into_iter().flatten().enumerate() {
            for key in KEYS {
                if let Some(block) = rule.get(key).and_then(Node::as_str)
                    && is_world(block)
                {
                    let at = view.path(&["SecurityGroupIngress", &index.to_string(), key]);
                    let port = |name: &str| rule.get(name).and_then(Node::scalar_text);
                    let severity = severity(subject, port("FromPort"), port("ToPort"));
                    report.of(severity, at, format!("open to {block}"));
                }
            }
        }
    }
    for view in subject.of_type("AWS::EC2::SecurityGroupIngress") {
        for key in KEYS {
            if let Some(block) = view.text(&[key])
                && is_world(&block)
            {
                let severity = severity(subject, view.text(&["FromPort"]), view.text(&["ToPort"]));
                report.of(severity, view.path(&[key]), format!("open to {block}"));
            }
        }
    }
}
