//! `tls`: connections are encrypted.

use super::super::subject::texts;
use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{Node, Path, Trail};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "tls",
    severity: Severity::Error,
    what: "Connections are encrypted.",
    why: "On the way, anyone can read and change what goes in the open.",
    fix: "write https",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_protect_data_transit_encrypt.html",
    check: Check::Template(check),
};

/// How an address begins that is reached without encryption.
const OPEN: &str = "http://";

/// Hosts on the machine itself, the metadata service, and names that are no addresses.
const LOCAL: [&str; 7] = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "169.254.169.254",
    "[fd00:ec2",
    "www.w3.org",
    "schemas.",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for script in &subject.scripts {
        for line in script.lines_with(OPEN) {
            // Where a variable of a script leads isn't known here.
            let line = line.replace("http://$", "$");
            look(&script.at, &line, Severity::Error, report);
        }
    }
    for (name, output) in &subject.template.outputs {
        let outputs = Trail::top("Outputs");
        let at = outputs.key(name);
        texts(&at.key("Value"), &output.value, &mut |at, text| {
            if text.contains(OPEN) {
                look(&at.path(), text, subject.of_house(), report);
            }
        });
    }
    for view in subject.of_type("AWS::ElasticLoadBalancingV2::TargetGroup") {
        if view.is(&["Protocol"], "HTTP") {
            report.of(
                subject.of_house(),
                view.path(&["Protocol"]),
                "the balancer reaches its targets in the open",
            );
        }
    }
    for view in subject.of_type("AWS::ElasticLoadBalancingV2::Listener") {
        let actions = view.get(&["DefaultActions"]).and_then(Node::as_list);
        let redirects = actions
            .into_iter()
            .flatten()
            .all(|action| action.get("Type").and_then(Node::as_str) == Some("redirect"));
        if view.is(&["Protocol"], "HTTP") && !redirects {
            let at = view.path(&["Protocol"]);
            report.of(subject.of_house(), at, "the balancer answers in the open");
        }
    }
}

fn look(at: &Path, text: &str, severity: Severity, report: &mut Report) {
    for (start, _) in text.match_indices(OPEN) {
        let host = &text[start + OPEN.len()..];
        if !LOCAL.iter().any(|name| host.starts_with(name)) {
            let end = host
                .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
                .unwrap_or(host.len());
            report.of(
                severity,
                at.clone(),
                format!("http://{} goes in the open", &host[..end]),
            );
        }
    }
}
