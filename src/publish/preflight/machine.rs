//! What launches ask of EC2 in the account: images, instance types and subnets that are there and
//! fit together, for every value of the launch form.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html>
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html>
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html>

use super::{Blocker, Inspected, Inspection, Subject};
use crate::cfn::{
    Evaluation, Evaluator, IndexSet, Map, Node, Pseudo, Resource, Scenarios, Template,
};
use crate::product::instance_type::instance_type;
use crate::product::{Key, VersionName};
use std::collections::{BTreeMap, BTreeSet};

/// What the newest bodies of all products ask of EC2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machines {
    all: BTreeSet<(Key, VersionName, String, Machine)>,
}

/// A machine that some value of a form starts, or something else that stands in a subnet. What
/// isn't known before the launch is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Machine {
    is_instance: bool,
    image: Option<String>,
    instance_type: Option<String>,
    subnet: Option<String>,
}

/// An image, as EC2 tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Machines of this architecture start it, in EC2's words.
    pub architecture: String,
    /// `available`, or why it can't be started.
    pub state: String,
}

/// A subnet, as EC2 tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// Its availability zone, such as `us-east-1a`.
    pub zone: String,
    /// Addresses that are free.
    pub free: i64,
}

/// What EC2 has of what launches ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// What was asked for.
    pub asked: Machines,
    /// Images by id; what isn't there is left out.
    pub images: BTreeMap<String, Image>,
    /// Subnets by id; what isn't there is left out.
    pub subnets: BTreeMap<String, Subnet>,
    /// By availability zone, the instance types that are offered there, of those asked for.
    pub instance_types: BTreeMap<String, BTreeSet<String>>,
}

impl Machines {
    /// The ids of the images.
    pub fn images(&self) -> BTreeSet<&str> {
        self.each(|machine| &machine.image)
    }

    /// The ids of the subnets.
    pub fn subnets(&self) -> BTreeSet<&str> {
        self.each(|machine| &machine.subnet)
    }

    /// The names of the instance types.
    pub fn instance_types(&self) -> BTreeSet<&str> {
        self.each(|machine| &machine.instance_type)
    }

    /// The machines whose image is known at the launch alone, in words.
    pub(super) fn of_unknown_images(&self) -> impl Iterator<Item = String> {
        let unknown = self.all.iter();
        let unknown = unknown.filter(|(.., one)| one.is_instance && one.image.is_none());
        unknown.map(|(product, version, logical_id, _)| {
            format!(
                "{product} {version}: {logical_id}: which image it starts: only its launch tells"
            )
        })
    }

    fn each(&self, part: impl Fn(&Machine) -> &Option<String>) -> BTreeSet<&str> {
        let parts = self.all.iter().filter_map(|(.., one)| part(one).as_deref());
        parts.collect()
    }
}

/// The account, as far as templates look at it.
pub(super) struct Place<'a> {
    pseudo: Pseudo,
    exports: &'a BTreeMap<String, String>,
}

impl<'a> Place<'a> {
    /// The account that is inspected, with what is exported there.
    pub(super) fn of(inspection: &Inspection<'_>, exports: &'a BTreeMap<String, String>) -> Self {
        let desired = inspection.desired;
        Place {
            pseudo: Pseudo::example().at(desired.account.as_str(), &desired.region),
            exports,
        }
    }
}

impl Evaluator for Place<'_> {
    fn pseudo(&self, name: &str) -> Option<Node> {
        self.pseudo.pseudo(name)
    }

    fn resource(&self, _: &str) -> Option<Node> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Node> {
        None
    }

    fn export(&self, name: &str) -> Option<Node> {
        self.exports.get(name).map(|value| value.as_str().into())
    }
}

/// What the newest bodies ask for in this account, with what is exported there.
pub(super) fn machines(
    inspection: &Inspection<'_>,
    exports: &BTreeMap<String, String>,
) -> Machines {
    let desired = inspection.desired;
    let place = Place::of(inspection, exports);
    let mut all = BTreeSet::new();
    for product in &desired.products {
        let Some((version, template)) = product.newest_template() else {
            continue;
        };
        let scenarios = Scenarios::of(&template);
        for (logical_id, resource) in &template.resources {
            for machine in asked(&template, &scenarios, resource, &place) {
                all.insert((product.key.clone(), version, logical_id.clone(), machine));
            }
        }
    }
    Machines { all }
}

/// What a resource asks for, for every value of the form that makes a difference to it.
fn asked(
    template: &Template,
    scenarios: &Scenarios<'_>,
    resource: &Resource,
    place: &Place<'_>,
) -> BTreeSet<Machine> {
    let own = |name: &str| resource.properties.get(name);
    let is_machine = resource.kind == "AWS::EC2::Instance";
    let mut nodes = Vec::new();
    match is_machine {
        true => nodes.extend(
            ["ImageId", "InstanceType", "SubnetId"]
                .map(own)
                .into_iter()
                .flatten(),
        ),
        false => each_of_subnets(&resource.properties, &mut |node| nodes.push(node)),
    }
    let mut found = BTreeSet::new();
    if nodes.is_empty() {
        return found;
    }
    let mut names = IndexSet::default();
    for node in &nodes {
        names.extend(scenarios.parameters_in(node));
    }
    if let Some(condition) = &resource.condition {
        names.extend(scenarios.parameters_of_condition(condition));
    }
    for scenario in scenarios.over(&names) {
        let evaluation = Evaluation::open(template, &scenario, place);
        if evaluation.creates(resource) == Some(false) {
            continue;
        }
        let value = |node: &Node| evaluation.node(node).value();
        if is_machine {
            let text = |name| own(name).and_then(value)?.as_str().map(str::to_owned);
            found.insert(Machine {
                is_instance: true,
                // A name of a parameter, or a reference to one, is none: CloudFormation looks it up then.
                // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
                image: text("ImageId").filter(|image| image.starts_with("ami-")),
                instance_type: text("InstanceType"),
                subnet: text("SubnetId"),
            });
            continue;
        }
        for subnet in nodes.iter().copied().filter_map(value) {
            let subnets = match &subnet {
                Node::List(items) => items.as_slice(),
                one => std::slice::from_ref(one),
            };
            found.extend(
                subnets
                    .iter()
                    .filter_map(Node::as_str)
                    .map(|subnet| Machine {
                        subnet: Some(subnet.to_owned()),
                        ..Machine::default()
                    }),
            );
        }
    }
    found
}

/// Visits the properties that name subnets.
fn each_of_subnets<'t>(properties: &'t Map, visit: &mut impl FnMut(&'t Node)) {
    for (name, node) in properties {
        match node {
            _ if ["SubnetId", "SubnetIds", "Subnets"].contains(&name.as_str()) => visit(node),
            Node::Map(inner) => each_of_subnets(inner, visit),
            Node::List(items) => {
                let inner = items.iter().filter_map(Node::as_map);
                inner.for_each(|inner| each_of_subnets(inner, visit));
            }
            _ => {}
        }
    }
}

pub(super) fn check(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    let Some(offered) = &found.offered else {
        return;
    };
    let region = &inspection.desired.region;
    // Types by what is said of them: a form offers dozens of one kind.
    let mut types: BTreeMap<(Subject, String, &str), BTreeSet<&str>> = BTreeMap::new();
    for (product, version, logical_id, machine) in &offered.asked.all {
        let on = Subject::Version(product.clone(), *version);
        let mut tell = |what: String, hint: &str| {
            findings.push(Blocker {
                on: on.clone(),
                message: format!("{logical_id}: {what}"),
                hint: hint.to_owned(),
            });
        };
        let image = machine
            .image
            .as_ref()
            .map(|id| (id, offered.images.get(id)));
        let subnet = machine
            .subnet
            .as_ref()
            .map(|id| (id, offered.subnets.get(id)));
        match image {
            Some((id, None)) => tell(
                format!(
                    "image {id} isn't there for this account in {region}: no launch with it works"
                ),
                "share the image with the account, or name another one in the product's settings and release it",
            ),
            Some((id, Some(image))) if image.state != "available" => tell(
                format!("image {id} is {}: no launch with it works", image.state),
                "see why in EC2's console under AMIs, or name another one in the product's settings and release it",
            ),
            _ => {}
        }
        match subnet {
            Some((id, None)) => tell(
                format!("subnet {id} isn't there in {region}: no launch works"),
                "correct what the account exports, or the export that the environment file names",
            ),
            Some((id, Some(subnet))) if subnet.free < 1 => tell(
                format!(
                    "subnet {id} has no free address: no launch works until something there ends"
                ),
                "end what isn't used any more, or give the account a larger subnet",
            ),
            _ => {}
        }
        let Some(name) = machine.instance_type.as_deref() else {
            continue;
        };
        if let Some((id, Some(image))) = image
            && instance_type(name).is_some_and(|kind| !kind.starts_named(&image.architecture))
        {
            let message = format!(
                "{logical_id}: its types that don't start image {id}, which is {}",
                image.architecture
            );
            types.entry((on.clone(), message, "offer types and images of one architecture in the product's settings, and release it")).or_default().insert(name);
        }
        if let Some((id, Some(subnet))) = subnet
            && !offered
                .instance_types
                .get(&subnet.zone)
                .is_some_and(|types| types.contains(name))
        {
            let message = format!(
                "{logical_id}: its types that aren't offered in {}, where subnet {id} is",
                subnet.zone
            );
            types.entry((on.clone(), message, "offer other types in the product's settings, or give the account a subnet in another zone")).or_default().insert(name);
        }
    }
    for ((on, message, hint), names) in types {
        let names: Vec<&str> = names.into_iter().collect();
        findings.push(Blocker {
            on,
            message: format!("{message}: {}", names.join(", ")),
            hint: hint.to_owned(),
        });
    }
}
