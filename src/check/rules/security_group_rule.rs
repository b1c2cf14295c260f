//! `security-group-rule`: a rule of a security group names a range of ports.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "security-group-rule",
    severity: Severity::Error,
    what: "A rule of a security group names a range of ports.",
    why: "Without ports a rule means all of them, or is refused.",
    fix: "name FromPort and ToPort, from 0 to 65535",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html",
    check: Check::Template(check),
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::SecurityGroup") {
        for section in ["SecurityGroupIngress", "SecurityGroupEgress"] {
            let rules = view.get(&[section]).and_then(Node::as_list);
            for (index, rule) in rules.into_iter().flatten().enumerate() {
                let protocol = rule.get("IpProtocol").and_then(Node::scalar_text);
                let at = view.path(&[section, &index.to_string()]);
                if !matches!(protocol.as_deref(), Some("tcp" | "udp" | "6" | "17")) {
                    continue;
                }
                let (Some(from), Some(to)) = (rule.get("FromPort"), rule.get("ToPort")) else {
                    report.at(at, "it names no range of ports");
                    continue;
                };
                let port = |node: &Node| node.scalar_text()?.parse::<i64>().ok();
                if let (Some(from), Some(to)) = (port(from), port(to))
                    && !(0 <= from && from <= to && to <= 65_535)
                {
                    report.at(at, format!("{from} to {to} is no range of ports"));
                }
            }
        }
    }
}
