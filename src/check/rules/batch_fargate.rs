//! `batch-fargate`: what runs on Fargate has what Fargate needs, and nothing that it lacks.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "batch-fargate",
    severity: Severity::Error,
    what: "Batch on Fargate has what Fargate needs, and nothing that it lacks; on EC2 it has an instance role.",
    why: "Batch refuses the compute environment or the job definition.",
    fix: "give or leave out what the message names",
    source: "https://docs.aws.amazon.com/batch/latest/userguide/fargate.html",
    check: Check::Template(check),
};

/// What only machines have.
const OF_MACHINES: [&str; 9] = [
    "AllocationStrategy",
    "BidPercentage",
    "DesiredvCpus",
    "Ec2KeyPair",
    "ImageId",
    "InstanceRole",
    "InstanceTypes",
    "LaunchTemplate",
    "MinvCpus",
];
/// What containers on Fargate can't have.
const NOT_ON_FARGATE: [&str; 4] = ["Ulimits", "InstanceType", "Vcpus", "Memory"];
/// <https://docs.aws.amazon.com/batch/latest/APIReference/API_LogConfiguration.html>
const DRIVERS: [&str; 3] = ["awslogs", "splunk", "awsfirelens"];
/// How a job of containers says what it runs.
const FORMS: [&str; 3] = ["ContainerProperties", "EcsProperties", "EksProperties"];
/// <https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html>
const LEAST_SECONDS: f64 = 60.0;

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Batch::ComputeEnvironment") {
        compute(view, report);
    }
    for view in subject.of_type("AWS::Batch::JobDefinition") {
        job(view, report);
    }
    timeouts(subject, report);
}

fn compute(view: View<'_>, report: &mut Report) {
    let part = "ComputeResources";
    let Some(resources) = view.get(&[part]).and_then(Node::as_map) else {
        return;
    };
    let kind = view
        .text(&[part, "Type"])
        .unwrap_or_default()
        .to_ascii_uppercase();
    let at = |name: &str| view.path(&[part, name]);
    if kind.starts_with("FARGATE") {
        for name in OF_MACHINES
            .into_iter()
            .filter(|name| resources.contains_key(*name))
        {
            report.at(at(name), format!("Fargate takes no {name}"));
        }
        if !resources.contains_key("SecurityGroupIds") {
            report.at(view.path(&[part]), "Fargate needs SecurityGroupIds");
        }
    } else if matches!(kind.as_str(), "EC2" | "SPOT") && !resources.contains_key("InstanceRole") {
        report.at(view.path(&[part]), "machines need an InstanceRole");
    }
    let least = view
        .text(&[part, "MinvCpus"])
        .and_then(|text| text.parse::<f64>().ok());
    let most = view
        .text(&[part, "MaxvCpus"])
        .and_then(|text| text.parse::<f64>().ok());
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        report.at(
            at("MinvCpus"),
            format!("the least, {least}, is above the greatest, {most}"),
        );
    }
}

fn job(view: View<'_>, report: &mut Report) {
    let part = "ContainerProperties";
    let has = |name: &str| view.get(&[name]).is_some();
    if view.is(&["Type"], "container") && !FORMS.into_iter().any(has) {
        let message = format!("a container has one of {}", FORMS.join(", "));
        report.at(view.path(&[part]), message);
    }
    let Some(container) = view.get(&[part]).and_then(Node::as_map) else {
        return;
    };
    let at = |name: &str| view.path(&[part, name]);
    names(view, report);
    let platforms = Node::one_or_more(view.get(&["PlatformCapabilities"]));
    if !platforms.iter().any(|one| one.as_str() == Some("FARGATE")) {
        return;
    }
    if !container.contains_key("ExecutionRoleArn") {
        report.at(
            view.path(&[part]),
            "a job on Fargate needs an ExecutionRoleArn",
        );
    }
    if view.is(&[part, "Privileged"], "true") {
        report.at(at("Privileged"), "Fargate has no privileged containers");
    }
    for name in NOT_ON_FARGATE
        .into_iter()
        .filter(|name| container.contains_key(*name))
    {
        report.at(at(name), format!("Fargate takes no {name}"));
    }
    if let Some(driver) = view.text(&[part, "LogConfiguration", "LogDriver"])
        && !DRIVERS.contains(&driver.as_str())
    {
        let message = format!(
            "Fargate has no log driver `{driver}`: {}",
            DRIVERS.join(", ")
        );
        report.at(view.path(&[part, "LogConfiguration", "LogDriver"]), message);
    }
    let volumes = view.get(&[part, "Volumes"]).and_then(Node::as_list);
    for (index, volume) in volumes.into_iter().flatten().enumerate() {
        if volume.get("Host").is_some() {
            let at = view.path(&[part, "Volumes", &index.to_string(), "Host"]);
            report.at(at, "Fargate has no host whose folder could be mounted");
        }
    }
}

/// Names in a container that refer to each other, or exclude each other.
fn names(view: View<'_>, report: &mut Report) {
    let part = "ContainerProperties";
    let list = |name: &str| {
        view.get(&[part, name])
            .and_then(Node::as_list)
            .unwrap_or_default()
    };
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::scalar_text);
    let volumes: Vec<String> = list("Volumes")
        .iter()
        .filter_map(|volume| text(volume, "Name"))
        .collect();
    for (index, mount) in list("MountPoints").iter().enumerate() {
        if let Some(name) = text(mount, "SourceVolume")
            && !volumes.contains(&name)
        {
            let at = view.path(&[part, "MountPoints", &index.to_string(), "SourceVolume"]);
            report.at(at, format!("there is no volume `{name}`"));
        }
    }
    let mut seen: Vec<String> = Vec::new();
    for section in ["Environment", "Secrets"] {
        for (index, entry) in list(section).iter().enumerate() {
            let Some(name) = text(entry, "Name") else {
                continue;
            };
            let at = || view.path(&[part, section, &index.to_string(), "Name"]);
            if name.starts_with("AWS_BATCH") {
                report.at(
                    at(),
                    format!("`{name}`: Batch sets what begins with AWS_BATCH itself"),
                );
            }
            if seen.contains(&name) {
                report.at(
                    at(),
                    format!("another variable or secret is called `{name}`"),
                );
            }
            seen.push(name);
        }
    }
}

/// Attempts end after a minute at least, for every value that the form takes.
fn timeouts(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::Batch::JobDefinition") {
        let path = ["Timeout", "AttemptDurationSeconds"];
        let seconds = view.text(&path).and_then(|text| text.parse::<f64>().ok());
        if let Some(seconds) = seconds
            && seconds < LEAST_SECONDS
        {
            let message =
                format!("an attempt of {seconds} s: Batch takes {LEAST_SECONDS} at least");
            report.at(view.path(&path), message);
        }
    }
}
