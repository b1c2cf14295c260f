//! `address-block`: the blocks of a network's subnets are its own, and no two have an address in common.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::{Intrinsic, Node};
use ipnet::Ipv4Net;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "address-block",
    severity: Severity::Error,
    what: "The block of a subnet is within its network's, and apart from those of other subnets.",
    why: "EC2 refuses the subnet in the middle of a launch.",
    fix: "divide the network's block among its subnets",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
    check: Check::Template(check),
};

/// The resource to which a property refers.
fn referred<'v>(view: &'v View<'_>, property: &str) -> Option<&'v str> {
    match view.get(&[property])?.as_intrinsic()? {
        Intrinsic::Ref(id) => Some(id),
        Intrinsic::GetAtt { resource, .. } => Some(resource),
        _ => None,
    }
}

fn block(view: &View<'_>) -> Option<Ipv4Net> {
    view.get(&["CidrBlock"])
        .and_then(Node::as_str)?
        .parse()
        .ok()
}

fn check(subject: &Subject<'_>, report: &mut Report) {
    let mut before: Vec<(&str, &str, Ipv4Net, bool)> = Vec::new();
    for view in subject.of_type("AWS::EC2::Subnet") {
        let (Some(id), Some(own)) = (referred(&view, "VpcId"), block(&view)) else {
            continue;
        };
        let Some((id, network)) = subject.template.resources.get_key_value(id) else {
            continue;
        };
        let mut blocks = subject.views_of(id, network).map(|network| block(&network));
        let is_within = |one: Option<Ipv4Net>| one.is_none_or(|all| all.contains(&own));
        // Others may be added to a network's own block.
        let has_more = subject
            .of_type("AWS::EC2::VPCCidrBlock")
            .any(|more| referred(&more, "VpcId") == Some(id));
        if network.kind == "AWS::EC2::VPC" && !has_more && !blocks.any(is_within) {
            let message = format!("{own} is no part of the block of `{id}`");
            report.at(view.path(&["CidrBlock"]), message);
        }
        let is_sure = view.resource.condition.is_none();
        let other = before.iter().find(|(other, of, block, is_other_sure)| {
            let overlap = block.contains(&own) || own.contains(block);
            *of == id && *other != view.id && overlap && is_sure && *is_other_sure
        });
        if let Some((other, _, block, _)) = other {
            let message = format!("{own} has addresses of {block}, the block of `{other}`");
            report.at(view.path(&["CidrBlock"]), message);
        }
        before.push((view.id, id, own, is_sure));
    }
}
