//! How a person deletes a stack of ours. CloudFormation deletes none whose exports others import, and none
//! that is protected.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html>

use super::Observed;
use super::stack_links::importers;

/// The commands, in their order: first for those that import from it.
pub(super) fn deletion(observed: &Observed, name: &str) -> String {
    let mut order = Vec::new();
    collect(observed, name, &mut order);
    let commands = order.iter().flat_map(|name| {
        let live = observed.stacks.get(*name);
        let is_protected = live.is_some_and(|live| live.is_protected);
        let unlock = format!(
            "`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {name}`"
        );
        let delete = format!("`aws cloudformation delete-stack --stack-name {name}`");
        is_protected.then_some(unlock).into_iter().chain([delete])
    });
    let commands: Vec<String> = commands.collect();
    commands.join(", then ")
}

fn collect<'a>(observed: &'a Observed, name: &'a str, order: &mut Vec<&'a str>) {
    for importer in importers(observed, name) {
        if !order.contains(&importer) {
            collect(observed, importer, order);
        }
    }
    if !order.contains(&name) {
        order.push(name);
    }
}
