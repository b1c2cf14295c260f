//! `instance-options`: an instance's options go together, and with its type.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "instance-options",
    severity: Severity::Error,
    what: "An instance's options go together, and with its type.",
    why: "EC2 refuses the instance.",
    fix: "leave out what the message names, or give the other",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html",
    check: Check::Template(check),
};

/// Families that earn credits.
const BURSTABLE: [&str; 5] = ["t2", "t3", "t3a", "t4g", "t1"];
/// What stands in the network interfaces where there are some.
const OF_INTERFACES: [&str; 4] = [
    "SubnetId",
    "SecurityGroupIds",
    "SecurityGroups",
    "PrivateIpAddress",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::EC2::Instance") {
        let has = |name: &str| view.get(&[name]).is_some();
        if !has("ImageId") && !has("LaunchTemplate") {
            report.at(
                view.path(&["ImageId"]),
                "it names no image, and no launch template that does",
            );
        }
        if view
            .get(&["NetworkInterfaces"])
            .and_then(Node::as_list)
            .is_some_and(|all| !all.is_empty())
        {
            for name in OF_INTERFACES.into_iter().filter(|name| has(name)) {
                let message =
                    format!("{name} can't stand beside NetworkInterfaces: it belongs into one");
                report.at(view.path(&[name]), message);
            }
        }
        let groups = Node::one_or_more(view.get(&["SecurityGroups"]));
        let has_name = groups
            .iter()
            .any(|group| group.as_str().is_some_and(|name| !name.starts_with("sg-")));
        if has("SubnetId") && has_name {
            let message =
                "in a subnet, groups are named by SecurityGroupIds, not by SecurityGroups";
            report.at(view.path(&["SecurityGroups"]), message);
        }
        let ids = Node::one_or_more(view.get(&["SecurityGroupIds"]));
        for (index, id) in ids.into_iter().enumerate() {
            if let Some(text) = id.as_str().filter(|text| !text.starts_with("sg-")) {
                let at = view.path(&["SecurityGroupIds", &index.to_string()]);
                report.at(
                    at,
                    format!("`{text}` is no id of a group: it begins with `sg-`"),
                );
            }
        }
        of_type(view, report);
        devices(view, report);
    }
}

fn of_type(view: View<'_>, report: &mut Report) {
    let Some(kind) = view.text(&["InstanceType"]) else {
        return;
    };
    let family = kind.split('.').next().unwrap_or_default();
    if view.get(&["CreditSpecification"]).is_some() && !BURSTABLE.contains(&family) {
        let message = format!("`{kind}` earns no credits");
        report.at(view.path(&["CreditSpecification"]), message);
    }
    // No burstable type has more.
    let most = if BURSTABLE.contains(&family) { 8 } else { 448 };
    let count = |name: &str| {
        view.text(&["CpuOptions", name])
            .and_then(|text| text.parse::<u32>().ok())
    };
    if let Some(cores) = count("CoreCount")
        && cores.saturating_mul(count("ThreadsPerCore").unwrap_or(1)) > most
    {
        let message = format!("`{kind}` has no {cores} cores");
        report.at(view.path(&["CpuOptions", "CoreCount"]), message);
    }
}

fn devices(view: View<'_>, report: &mut Report) {
    let devices = view.get(&["BlockDeviceMappings"]).and_then(Node::as_list);
    let mut seen: Vec<String> = Vec::new();
    for (index, device) in devices.into_iter().flatten().enumerate() {
        let at = view.path(&["BlockDeviceMappings", &index.to_string()]);
        if let Some(name) = device.get("DeviceName").and_then(Node::scalar_text) {
            if seen.contains(&name) {
                report.at(at.join("DeviceName"), format!("another device is `{name}`"));
            }
            seen.push(name);
        }
    }
}
