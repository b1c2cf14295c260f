//! Instance sizes: the vCPUs and memory of the instance types that a form offers.

use super::LaunchForm;
use crate::cfn::{Intrinsic, Node, Template};
use crate::product::instance_type::{InstanceType, instance_type};
use indexmap::IndexMap;
use serde::Serialize;

/// One instance type that a form offers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceSize {
    /// Its name, such as `t3a.small`.
    pub name: String,
    /// Virtual processors, where AWS's data says.
    pub vcpus: Option<u32>,
    /// Memory in GiB, as people write it; where AWS's data says.
    pub memory_gib: Option<String>,
    /// The processors' architectures.
    pub architectures: String,
    /// Whether the form offers it first.
    pub is_default: bool,
}

/// The sizes that a form offers for the template's instances, by the parameter that chooses.
pub(super) fn sizes(template: &Template, form: &LaunchForm) -> IndexMap<String, Vec<InstanceSize>> {
    let mut sizes = IndexMap::new();
    for resource in template.resources.values() {
        if resource.kind != "AWS::EC2::Instance" {
            continue;
        }
        let chosen = resource.properties.get("InstanceType");
        let Some(Intrinsic::Ref(name)) = chosen.and_then(Node::as_intrinsic) else {
            continue;
        };
        if let Some(field) = form.field(name) {
            let offered = field.allowed_values.iter();
            let default = field.default.as_deref();
            sizes.insert(
                name.clone(),
                offered.map(|name| size(name, default)).collect(),
            );
        }
    }
    sizes
}

fn size(name: &str, default: Option<&str>) -> InstanceSize {
    let known = instance_type(name);
    InstanceSize {
        name: name.to_owned(),
        vcpus: known.and_then(|known| known.vcpus),
        memory_gib: known.and_then(|known| known.memory_mib).map(gib),
        architectures: known.map(architectures).unwrap_or_default(),
        is_default: default == Some(name),
    }
}

/// The names of the architectures, with commas between them.
fn architectures(known: &InstanceType) -> String {
    let names = known
        .architectures()
        .map(|architecture| architecture.name());
    names.collect::<Vec<_>>().join(", ")
}

/// MiB as GiB: `0.5`, `8`, `15.25`.
fn gib(mib: u64) -> String {
    let hundredths = mib * 100 / 1024;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendored_figures_are_read() {
        let small = size("t3a.small", Some("t3a.small"));
        assert_eq!(
            (small.vcpus, small.memory_gib.as_deref()),
            (Some(2), Some("2"))
        );
        assert!(small.is_default);
        assert_eq!(gib(512), "0.5");
        assert_eq!(gib(15_616), "15.25");
        assert_eq!(gib(102_400), "100");
    }
}
