//! `fargate-size`: cPU and memory of a Fargate job are a pair that Fargate has.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "fargate-size",
    severity: Severity::Error,
    what: "CPU and memory of a Fargate job are a pair that Fargate has.",
    why: "The job definition is refused, or the job never starts.",
    fix: "choose memory within the range of the vCPU",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size",
    check: Check::Template(check),
};

/// vCPU, least and greatest memory and its step, all in MiB.
const SIZES: [(f64, f64, f64, f64); 7] = [
    (0.25, 512.0, 2048.0, 1024.0),
    (0.5, 1024.0, 4096.0, 1024.0),
    (1.0, 2048.0, 8192.0, 1024.0),
    (2.0, 4096.0, 16384.0, 1024.0),
    (4.0, 8192.0, 30720.0, 1024.0),
    (8.0, 16384.0, 61440.0, 4096.0),
    (16.0, 32768.0, 122_880.0, 8192.0),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Batch::JobDefinition") {
        let platforms = view.get(&["PlatformCapabilities"]).and_then(Node::as_list);
        let is_fargate = platforms
            .into_iter()
            .flatten()
            .any(|platform| platform.as_str() == Some("FARGATE"));
        let needs = ["ContainerProperties", "ResourceRequirements"];
        let needs_at = view.path(&needs);
        let Some(needs) = view
            .get(&needs)
            .and_then(Node::as_list)
            .filter(|_| is_fargate)
        else {
            continue;
        };
        let value = |kind: &str| {
            let need = needs
                .iter()
                .find(|need| need.get("Type").and_then(Node::as_str) == Some(kind))?;
            need.get("Value")?.scalar_text()?.parse::<f64>().ok()
        };
        let (Some(cpu), Some(memory)) = (value("VCPU"), value("MEMORY")) else {
            continue;
        };
        let size = SIZES.iter().find(|(vcpu, ..)| (vcpu - cpu).abs() < 1e-9);
        let message = match size {
            None => format!("Fargate has no size of {cpu} vCPU"),
            Some((_, least, greatest, step)) => {
                let fits = memory >= *least && memory <= *greatest;
                let on_step = (memory % step).abs() < 1e-9
                    || memory <= 2048.0 && *least <= 1024.0 && memory % 512.0 == 0.0;
                if fits && on_step {
                    continue;
                }
                format!(
                    "{cpu} vCPU takes {least} to {greatest} MiB in steps of {step}, not {memory}"
                )
            }
        };
        report.at(needs_at, message);
    }
}
