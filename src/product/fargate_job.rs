//! The jobs of a template that AWS Batch runs on Fargate: what people choose when they choose a job's
//! memory. A run costs by its vCPUs and memory, at Fargate's prices.
//! <https://aws.amazon.com/batch/pricing/>, <https://aws.amazon.com/fargate/pricing/>

use super::machine::referred;
use crate::cfn::{Evaluation, Node, Pseudo, Resource, Scenario, Template};

/// A job whose memory is chosen on the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FargateJob {
    /// The parameter by which its memory is chosen.
    pub chosen_by: String,
    /// What each value gives, in the order of the form.
    pub sizes: Vec<FargateSize>,
}

/// What a job has at one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FargateSize {
    /// The value.
    pub value: String,
    /// Its virtual processors, in thousandths.
    pub thousandths_of_vcpus: u64,
    /// Its memory in MiB.
    pub memory_mib: u64,
}

impl FargateJob {
    /// The jobs of a template. One whose sizes can't all be told isn't among them.
    pub fn all(template: &Template) -> Vec<FargateJob> {
        let definitions = template.resources.values();
        let definitions = definitions.filter(|one| one.kind == "AWS::Batch::JobDefinition");
        definitions
            .filter_map(|definition| FargateJob::of(definition, template))
            .collect()
    }

    fn of(definition: &Resource, template: &Template) -> Option<FargateJob> {
        let platforms = definition
            .properties
            .get("PlatformCapabilities")?
            .as_list()?;
        if !platforms.iter().any(|one| one.as_str() == Some("FARGATE")) {
            return None;
        }
        let needs = definition.properties.get("ContainerProperties")?;
        let needs = needs.get("ResourceRequirements")?;
        let need = |kind: &str| {
            let of_kind = |need: &&Node| need.get("Type").and_then(Node::as_str) == Some(kind);
            needs.as_list()?.iter().find(of_kind)?.get("Value")
        };
        let (vcpus, memory) = (need("VCPU")?, need("MEMORY")?);
        let chosen_by = referred(memory)?;
        let values = &template.parameters.get(chosen_by)?.allowed_values;
        let size = |value: &Node| {
            let value = value.scalar_text()?;
            let given = Scenario::from_iter([(chosen_by.to_owned(), value.clone())]);
            let pseudo = Pseudo::example();
            let evaluation = Evaluation::open(template, &given, &pseudo);
            let number = |node: &Node| -> Option<f64> {
                evaluation.node(node).value()?.scalar_text()?.parse().ok()
            };
            Some(FargateSize {
                thousandths_of_vcpus: whole(1000.0 * number(vcpus)?)?,
                memory_mib: whole(number(memory)?)?,
                value,
            })
        };
        let sizes: Option<Vec<FargateSize>> = values.iter().map(size).collect();
        Some(FargateJob {
            chosen_by: chosen_by.to_owned(),
            sizes: sizes.filter(|sizes| !sizes.is_empty())?,
        })
    }
}

/// A number of which nothing is lost; the most that Fargate has is far below its bound.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole, above nothing and small, as is looked at before"
)]
fn whole(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (1.0..1e9).contains(&number)).then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::read;

    #[test]
    fn each_choice_of_memory_has_its_processors() {
        let template = read(
            "Parameters:\n  Memory: { Type: String, AllowedValues: ['1024', '4096'] }\nMappings:\n  Sizes:\n    '1024': { Vcpu: '0.25' }\n    '4096': { Vcpu: '1' }\nResources:\n  Job:\n    Type: AWS::Batch::JobDefinition\n    Properties:\n      Type: container\n      PlatformCapabilities: [FARGATE]\n      ContainerProperties:\n        Image: debian\n        ResourceRequirements:\n          - { Type: MEMORY, Value: !Ref Memory }\n          - { Type: VCPU, Value: !FindInMap [Sizes, !Ref Memory, Vcpu] }\n",
        )
        .unwrap();
        let size = |value: &str, thousandths_of_vcpus, memory_mib| FargateSize {
            value: value.to_owned(),
            thousandths_of_vcpus,
            memory_mib,
        };
        let job = FargateJob {
            chosen_by: "Memory".to_owned(),
            sizes: vec![size("1024", 250, 1024), size("4096", 1000, 4096)],
        };
        assert_eq!(FargateJob::all(&template), [job]);
    }
}
