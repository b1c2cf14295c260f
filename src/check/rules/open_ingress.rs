//! `open-ingress`: no port is open to the whole internet.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

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
const LARGEST: u32 = 8;

/// Whether a block of addresses is the world, or a large part of it that nobody owns.
fn is_world(block: &str) -> bool {
    let Some((address, length)) = block.split_once('/') else {
        return false;
    };
    let is_private =
        address.starts_with("10.") || address.starts_with("fc") || address.starts_with("fd");
    length.parse::<u32>().is_ok_and(|length| length < LARGEST) && !is_private
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
                    report.at(at, format!("open to {block}"));
                }
            }
        }
    }
    for view in subject.of_type("AWS::EC2::SecurityGroupIngress") {
        for key in KEYS {
            if let Some(block) = view.text(&[key])
                && is_world(&block)
            {
                report.at(view.path(&[key]), format!("open to {block}"));
            }
        }
    }
}
