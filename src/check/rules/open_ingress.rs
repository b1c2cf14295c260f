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

const WORLD: [(&str, &str); 2] = [("CidrIp", "0.0.0.0/0"), ("CidrIpv6", "::/0")];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::SecurityGroup") {
        let rules = view.get(&["SecurityGroupIngress"]).and_then(Node::as_list);
        for (index, rule) in rules.into_iter().flatten().enumerate() {
            for (key, world) in WORLD {
                if rule.get(key).and_then(Node::as_str) == Some(world) {
                    let at = view.path(&["SecurityGroupIngress", &index.to_string(), key]);
                    report.at(at, format!("open to {world}"));
                }
            }
        }
    }
    for view in subject.of_type("AWS::EC2::SecurityGroupIngress") {
        for (key, world) in WORLD {
            if view.is(&[key], world) {
                report.at(view.path(&[key]), format!("open to {world}"));
            }
        }
    }
}
