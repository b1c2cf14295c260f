//! `stack-names`: names and texts that CloudFormation, IAM and Parameter Store take.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::reference::walk;
use crate::cfn::{Intrinsic, Node, Path, Target, Trail};

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "stack-names",
    severity: Severity::Error,
    what: "Names, texts and attributes are such as CloudFormation, IAM and Parameter Store take.",
    why: "The template or the resource is refused.",
    fix: "do as the message says",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html",
    check: Check::Template(check),
};

const DESCRIPTION_CHARACTERS: usize = 4_000;
/// What a role takes without a larger quota.
const MANAGED_POLICIES: usize = 10;
/// Types of which CloudFormation can keep a snapshot.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
const WITH_SNAPSHOTS: [&str; 10] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::RedshiftServerless::Namespace",
];
/// Types whose creation waits for signals.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html>
const WITH_CREATION_POLICY: [&str; 5] = [
    "AWS::AppStream::Fleet",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CloudFormation::WaitCondition",
    "AWS::EC2::Instance",
    "AWS::CloudFormation::CustomResource",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    parameters(subject, report);
    attributes(subject, report);
    exports(subject, report);
    imports(subject, report);
    for view in subject.of_type("AWS::SSM::Parameter") {
        let name = view.text(&["Name"]).unwrap_or_default();
        let start = name.trim_start_matches('/').to_ascii_lowercase();
        if start.starts_with("aws") || start.starts_with("ssm") {
            let message = format!("`{name}`: names that begin with `aws` or `ssm` are AWS's own");
            report.at(view.path(&["Name"]), message);
        }
        if view.is(&["Value"], "") {
            report.at(view.path(&["Value"]), "a parameter's value can't be empty");
        }
    }
    for view in subject.of_type("AWS::EC2::SecurityGroup") {
        if let Some(name) = view.text(&["GroupName"])
            && name.starts_with("sg-")
        {
            report.at(
                view.path(&["GroupName"]),
                format!("`{name}`: a name can't begin with `sg-`"),
            );
        }
    }
    for view in subject.of_type("AWS::IAM::Role") {
        let policies = view.get(&["Policies"]).and_then(Node::as_list);
        let mut seen: Vec<String> = Vec::new();
        for (index, policy) in policies.into_iter().flatten().enumerate() {
            if let Some(name) = policy.get("PolicyName").and_then(Node::scalar_text) {
                if seen.contains(&name) {
                    let at = view.path(&["Policies", &index.to_string(), "PolicyName"]);
                    report.at(at, format!("another policy of the role is called `{name}`"));
                }
                seen.push(name);
            }
        }
        let managed = view
            .get(&["ManagedPolicyArns"])
            .and_then(Node::as_list)
            .unwrap_or_default();
        for (index, policy) in managed.iter().enumerate() {
            let name = policy
                .as_str()
                .and_then(|arn| arn.rsplit('/').next())
                .unwrap_or_default();
            let is_of_aws = ["AWS", "Amazon"]
                .iter()
                .any(|start| name.starts_with(start));
            let has_account = policy
                .as_str()
                .is_some_and(|arn| !arn.contains(":iam::aws:"));
            if is_of_aws && has_account && !name.is_empty() {
                let at = view.path(&["ManagedPolicyArns", &index.to_string()]);
                report.at(
                    at,
                    format!("`{name}` looks like AWS's own: `arn:aws:iam::aws:policy/…`"),
                );
            }
        }
        if managed.len() > MANAGED_POLICIES {
            let message = format!(
                "{} managed policies; a role takes {MANAGED_POLICIES}",
                managed.len()
            );
            report.at(view.path(&["ManagedPolicyArns"]), message);
        }
    }
    for view in subject.of_type("AWS::SecretsManager::Secret") {
        if view.get(&["SecretString"]).is_some() && view.get(&["GenerateSecretString"]).is_some() {
            report.at(
                view.path(&["SecretString"]),
                "it is given and generated: one of the two",
            );
        }
    }
    constraints(subject, report);
}

/// The types that CloudFormation looks values up for.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
const LOOKED_UP: [&str; 10] = [
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::VPC::Id",
    "AWS::EC2::Volume::Id",
    "AWS::Route53::HostedZone::Id",
];

fn is_parameter_type(kind: &str) -> bool {
    let item = |kind: &str| {
        kind.strip_prefix("List<")
            .and_then(|kind| kind.strip_suffix('>'))
            .map(str::to_owned)
    };
    let in_store = kind
        .strip_prefix("AWS::SSM::Parameter::Value<")
        .and_then(|kind| kind.strip_suffix('>'));
    let base = in_store.unwrap_or(kind);
    let base = item(base).unwrap_or_else(|| base.to_owned());
    let is_plain = matches!(
        base.as_str(),
        "String" | "Number" | "CommaDelimitedList" | "AWS::SSM::Parameter::Name"
    );
    is_plain || LOOKED_UP.contains(&base.as_str())
}

fn parameters(subject: &Subject<'_>, report: &mut Report) {
    for (name, parameter) in &subject.template.parameters {
        let kind = parameter.kind.to_string();
        if !is_parameter_type(&kind) {
            let message = format!("`{kind}` is no type of a parameter");
            report.at(Path::of(["Parameters", name, "Type"]), message);
        }
        let text = parameter.description.as_deref().unwrap_or_default();
        let length = text.chars().count();
        if length > DESCRIPTION_CHARACTERS {
            let at = Path::of(["Parameters", name, "Description"]);
            report.at(
                at,
                format!("it has {length} characters, and takes {DESCRIPTION_CHARACTERS}"),
            );
        }
    }
    for (mapping, rows) in &subject.template.mappings {
        for (top, row) in rows {
            // The first key takes fewer characters than documented nowhere; both are compared as texts.
            for key in std::iter::once(top).chain(row.keys()) {
                let is_plain =
                    |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
                if key.is_empty() || !key.bytes().all(is_plain) {
                    let at = Path::of(["Mappings", mapping, top]);
                    report.at(
                        at,
                        format!("the key `{key}` is letters, digits, `.` and `-`"),
                    );
                }
            }
        }
    }
}

fn attributes(subject: &Subject<'_>, report: &mut Report) {
    for (id, resource) in &subject.template.resources {
        let kind = resource.kind.as_str();
        let snapshot = "Snapshot";
        let policies = [
            (
                "DeletionPolicy",
                resource.deletion_policy.map(|policy| policy.to_string()),
            ),
            (
                "UpdateReplacePolicy",
                resource
                    .update_replace_policy
                    .map(|policy| policy.to_string()),
            ),
        ];
        for (name, policy) in policies {
            if policy.as_deref() == Some(snapshot) && !WITH_SNAPSHOTS.contains(&kind) {
                let message = format!("there are no snapshots of `{kind}`");
                report.at(Path::of(["Resources", id, name]), message);
            }
        }
        let is_custom = kind.starts_with("Custom::");
        if resource.creation_policy.is_some()
            && !is_custom
            && !WITH_CREATION_POLICY.contains(&kind)
            && kind.starts_with("AWS::")
            && !kind.starts_with("AWS::Serverless::")
        {
            let message = format!("nothing waits for signals of `{kind}`");
            report.at(Path::of(["Resources", id, "CreationPolicy"]), message);
        }
    }
}

/// Two exports of one name, and names that no export can have.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>
fn exports(subject: &Subject<'_>, report: &mut Report) {
    let mut seen: Vec<&Node> = Vec::new();
    for export in subject.template.exports() {
        let text = match export.name.as_intrinsic() {
            Some(Intrinsic::Sub { text, .. }) => text.as_str(),
            _ => export.name.as_str().unwrap_or_default(),
        };
        // What is filled in isn't known here.
        let fixed = text
            .split("${")
            .enumerate()
            .map(|(index, part)| match index {
                0 => part,
                _ => part.split_once('}').map_or("", |(_, rest)| rest),
            });
        let takes = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ':' | '-');
        if let Some(letter) = fixed.flat_map(str::chars).find(|letter| !takes(*letter)) {
            let at = Path::of(["Outputs", export.output, "Export", "Name"]);
            let message = format!(
                "an export's name has letters, digits, colons and hyphens, and no `{letter}`"
            );
            report.at(at, message);
        }
        let other = subject.template.outputs.get(export.output);
        let is_sure = other.is_some_and(|output| output.condition.is_none());
        if is_sure && seen.contains(&export.name) {
            let at = Path::of(["Outputs", export.output, "Export", "Name"]);
            report.at(at, "another output exports the same name");
        }
        seen.push(export.name);
    }
}

/// What is imported has a name that is known before anything is made.
fn imports(subject: &Subject<'_>, report: &mut Report) {
    let template = subject.template;
    template.each_value(&mut |at, node| {
        walk(at, node, &mut |at, function| {
            if let Intrinsic::ImportValue(name) = function {
                let base = Trail::top("");
                walk(&base, name, &mut |_, inner| {
                    crate::cfn::reference::each_target(inner, &mut |target| {
                        let of_resource = match target {
                            Target::Name(name) => template.resources.contains_key(name),
                            Target::Attribute { .. } => true,
                            _ => false,
                        };
                        if of_resource {
                            let message = "an import can't be named after a resource of the stack";
                            report.at(at.path(), message);
                        }
                    });
                });
            }
        });
    });
}

/// Constraints of portfolios.
fn constraints(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::ServiceCatalog::LaunchRoleConstraint") {
        let given = ["RoleArn", "LocalRoleName"]
            .into_iter()
            .filter(|name| view.get(&[name]).is_some());
        match given.count() {
            0 => report.at(view.path(&[]), "it names a role: RoleArn or LocalRoleName"),
            1 => {}
            _ => report.at(
                view.path(&["LocalRoleName"]),
                "RoleArn and LocalRoleName exclude each other",
            ),
        }
    }
    for view in subject.of_type("AWS::ServiceCatalog::LaunchTemplateConstraint") {
        if let Some(text) = view.get(&["Rules"]).and_then(Node::as_str)
            && let Err(error) = serde_json::from_str::<serde_json::Value>(text)
        {
            report.at(
                view.path(&["Rules"]),
                format!("the rules are no JSON: {error}"),
            );
        }
    }
}
