//! `job-size`: a job asks for CPU and memory, on Fargate for a pair that Fargate has.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::{Node, Path};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "job-size",
    severity: Severity::Error,
    what: "A job asks for CPU and memory, on Fargate for a pair that Fargate has.",
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

/// Whether a definition asks for its size by the properties that came before `ResourceRequirements`.
fn has_old_form(view: View<'_>) -> bool {
    let has = |name| view.get(&["ContainerProperties", name]).is_some();
    has("Vcpus") || has("Memory")
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    for (id, resource) in &subject.template.resources {
        let container = resource.properties.get("ContainerProperties");
        let needs = container.and_then(|container| container.get("ResourceRequirements"));
        if let Some(needs) = needs.filter(|_| resource.kind == "AWS::Batch::JobDefinition") {
            let at = Path::properties(id)
                .join("ContainerProperties")
                .join("ResourceRequirements");
            for name in subject.open_parameters(needs) {
                let message =
                    format!("`{name}` takes any size: let the form offer those that there are");
                report.at(at.clone(), message);
            }
        }
    }
    for view in subject.of_type("AWS::Batch::JobDefinition") {
        let platforms = view.get(&["PlatformCapabilities"]).and_then(Node::as_list);
        let is_fargate = platforms
            .into_iter()
            .flatten()
            .any(|platform| platform.as_str() == Some("FARGATE"));
        let path = ["ContainerProperties", "ResourceRequirements"];
        let needs_at = view.path(&path);
        let needs = match view.get(&path) {
            // In an older form of a definition, which Fargate doesn't take, both stand outside.
            None if view.get(&path[..1]).is_some() && (is_fargate || !has_old_form(view)) => {
                report.at(view.path(&path[..1]), "it asks for neither VCPU nor MEMORY");
                continue;
            }
            needs => needs.and_then(Node::as_list),
        };
        let Some(needs) = needs else { continue };
        let need = |kind: &str| {
            let of_kind = |need: &&Node| need.get("Type").and_then(Node::as_str) == Some(kind);
            needs.iter().find(of_kind)?.get("Value")
        };
        let (Some(cpu), Some(memory)) = (need("VCPU"), need("MEMORY")) else {
            report.at(needs_at, "it doesn't ask for both, VCPU and MEMORY");
            continue;
        };
        let number = |node: &Node| node.scalar_text()?.parse::<f64>().ok();
        let (Some(cpu), Some(memory)) = (number(cpu), number(memory)) else {
            continue;
        };
        if !is_fargate {
            if cpu.fract() != 0.0 {
                report.at(needs_at, format!("{cpu} vCPU: only Fargate divides one"));
            }
            continue;
        }
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
