//! The machines of a template: what each runs, the types it may have, and its volumes. It is what
//! people choose when they choose a size, and what a size costs.

use crate::cfn::{Intrinsic, Node, Resource, Template};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a machine runs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum Platform {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Platform; 2] = [Platform::Linux, Platform::Windows];

    /// What an instance runs. EC2 hands user data that opens with a tag to Windows' launch agent,
    /// anything else to Linux's.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html>
    pub fn of(instance: &Resource) -> Platform {
        let user_data = instance.properties.get("UserData").map(literal_text);
        let opens_with = |tag: &str| {
            user_data
                .as_ref()
                .is_some_and(|text| text.trim_start().starts_with(tag))
        };
        if opens_with("<powershell>") || opens_with("<script>") || opens_with("version: 1.") {
            Platform::Windows
        } else {
            Platform::Linux
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Platform::Linux => "Linux",
            Platform::Windows => "Windows",
        })
    }
}

/// An instance of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its logical id.
    pub id: String,
    /// What it runs.
    pub platform: Platform,
    /// The parameter by which its type is chosen; nothing where the template says it.
    pub chosen_by: Option<String>,
    /// The types that it may have, as EC2 names them; none where anything may be typed.
    pub types: Vec<String>,
    /// The type that it has where nobody chooses.
    pub default: Option<String>,
    /// Its volumes, as its block device mappings say.
    pub volumes: Vec<Volume>,
}

/// A volume of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Its size.
    pub size: VolumeSize,
    /// Its type, such as `gp3`; nothing where its image decides, or where it isn't said in a word.
    pub kind: Option<String>,
    /// Whether it asks for operations or throughput, which may cost more.
    pub is_provisioned: bool,
}

/// How large a volume is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSize {
    /// So many GiB.
    Fixed(u64),
    /// What a parameter says, which has a default or none.
    Chosen {
        /// The parameter.
        by: String,
        /// What it is where nobody chooses, in GiB.
        default: Option<u64>,
    },
    /// As its image has it, or as a function says.
    Unknown,
}

impl VolumeSize {
    /// How large it is where nobody chooses, in GiB.
    pub fn by_default(&self) -> Option<u64> {
        match self {
            VolumeSize::Fixed(size) => Some(*size),
            VolumeSize::Chosen { default, .. } => *default,
            VolumeSize::Unknown => None,
        }
    }
}

impl Machine {
    /// The machines of a template, in its order.
    pub fn all(template: &Template) -> Vec<Machine> {
        let resources = template.resources.iter();
        let instances = resources.filter(|(_, resource)| resource.kind == "AWS::EC2::Instance");
        let machines = instances.map(|(id, resource)| Machine::of(id, resource, template));
        machines.collect()
    }

    /// Each type that it may have, with what it runs.
    pub fn each_type(&self) -> impl Iterator<Item = (&str, Platform)> {
        let types = self.types.iter();
        types.map(|name| (name.as_str(), self.platform))
    }

    fn of(id: &str, instance: &Resource, template: &Template) -> Machine {
        let kind = instance.properties.get("InstanceType");
        let parameter = kind.and_then(referred).and_then(|name| {
            let parameter = template.parameters.get(name)?;
            Some((name, parameter))
        });
        let fixed = kind.and_then(Node::as_str).map(str::to_owned);
        let (types, default) = match &parameter {
            Some((_, parameter)) => (
                parameter
                    .allowed_values
                    .iter()
                    .filter_map(Node::scalar_text)
                    .collect(),
                parameter.default.as_ref().and_then(Node::scalar_text),
            ),
            None => (fixed.iter().cloned().collect(), fixed),
        };
        Machine {
            id: id.to_owned(),
            platform: Platform::of(instance),
            chosen_by: parameter.map(|(name, _)| name.to_owned()),
            types,
            default,
            volumes: volumes(instance, template),
        }
    }
}

fn volumes(instance: &Resource, template: &Template) -> Vec<Volume> {
    let mappings = instance.properties.get("BlockDeviceMappings");
    let mappings = mappings.and_then(Node::as_list).unwrap_or_default();
    let volumes = mappings.iter().filter_map(|mapping| {
        let ebs = mapping.get("Ebs")?;
        let kind = ebs.get("VolumeType").and_then(Node::as_str);
        Some(Volume {
            size: size(ebs.get("VolumeSize"), template),
            kind: kind.map(str::to_owned),
            is_provisioned: ["Iops", "Throughput"]
                .into_iter()
                .any(|name| ebs.get(name).is_some()),
        })
    });
    volumes.collect()
}

fn size(node: Option<&Node>, template: &Template) -> VolumeSize {
    let number = |node: &Node| node.scalar_text()?.parse().ok();
    let Some(node) = node else {
        return VolumeSize::Unknown;
    };
    let chosen = referred(node).and_then(|name| Some((name, template.parameters.get(name)?)));
    match (chosen, number(node)) {
        (Some((name, parameter)), _) => VolumeSize::Chosen {
            by: name.to_owned(),
            default: parameter.default.as_ref().and_then(number),
        },
        (None, Some(size)) => VolumeSize::Fixed(size),
        (None, None) => VolumeSize::Unknown,
    }
}

/// All literal text of a value, in order.
pub(crate) fn literal_text(node: &Node) -> String {
    match node {
        Node::String(text) => text.clone(),
        Node::List(items) => items.iter().map(literal_text).collect(),
        Node::Map(map) => map.values().map(literal_text).collect(),
        Node::Intrinsic(intrinsic) => match intrinsic.as_ref() {
            Intrinsic::Sub { text, .. } => text.clone(),
            other => other.parts().map(|(_, part)| literal_text(part)).collect(),
        },
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) => String::new(),
    }
}

/// What a value refers to, where it is a `Ref`.
pub(super) fn referred(node: &Node) -> Option<&str> {
    match node.as_intrinsic() {
        Some(Intrinsic::Ref(name)) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::read;

    #[test]
    fn types_and_volumes_are_those_of_the_parameters() {
        let template = read(
            "Parameters:
  Kind:
    Type: String
    Default: t3a.small
    AllowedValues: [t3a.micro, t3a.small]
  Size:
    Type: Number
    Default: 30
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: !Ref Kind
      BlockDeviceMappings:
        - DeviceName: /dev/xvda
          Ebs: { VolumeSize: !Ref Size }
        - DeviceName: /dev/xvdb
          Ebs: { VolumeSize: 100, VolumeType: io2, Iops: 4000 }
        - DeviceName: /dev/xvdc
          NoDevice: {}
  Other:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: m6a.large
      UserData: !Base64 <powershell>Get-Date</powershell>
",
        )
        .unwrap();
        let machines = Machine::all(&template);
        let [first, second] = machines.as_slice() else {
            panic!("{machines:?}");
        };
        assert_eq!(first.chosen_by.as_deref(), Some("Kind"));
        assert_eq!(first.types, ["t3a.micro", "t3a.small"]);
        assert_eq!(first.default.as_deref(), Some("t3a.small"));
        assert_eq!(first.platform, Platform::Linux);
        let chosen = VolumeSize::Chosen {
            by: "Size".to_owned(),
            default: Some(30),
        };
        assert_eq!(
            (&first.volumes[0].size, &first.volumes[0].kind),
            (&chosen, &None)
        );
        assert_eq!(first.volumes[1].size, VolumeSize::Fixed(100));
        assert!(first.volumes[1].is_provisioned && !first.volumes[0].is_provisioned);
        assert_eq!(first.volumes.len(), 2, "no device is no volume");
        assert_eq!(second.types, ["m6a.large"]);
        assert_eq!(
            (second.chosen_by.as_ref(), second.platform),
            (None, Platform::Windows)
        );
    }
}
