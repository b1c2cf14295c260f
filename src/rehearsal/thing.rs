//! What stands in an account: resources, with what is asked of each.

use super::behaviour::{Generated, TypeBehaviour};
use super::behaviours::Behaviours;
use super::fill::{Values, fill};
use crate::cfn::{IndexMap, Map, Node};
use crate::digest::Digest;

/// A resource in an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Its type.
    pub kind: String,
    /// What `Ref` yields.
    pub id: String,
    /// Its name, or its id where it has none.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its properties, functions evaluated.
    pub properties: Map,
    /// Its tags, CloudFormation's own among them where the type takes them.
    pub tags: IndexMap<String, String>,
    /// The policies that others have attached to it, by ARN.
    pub attached: Vec<String>,
    /// Something is in it.
    pub is_filled: bool,
    /// The stack that holds it; none: nobody's, or left behind.
    pub stack: Option<String>,
    /// The file and logical id that it comes from, for messages.
    pub origin: Origin,
}

/// Where a resource is declared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The template's file, from the root of the repository.
    pub file: String,
    /// The logical id.
    pub logical_id: String,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.file, self.logical_id)
    }
}

/// What a name is made of.
pub(super) struct Naming<'a> {
    pub behaviour: &'a TypeBehaviour,
    pub properties: &'a Map,
    pub stack: &'a str,
    pub logical_id: &'a str,
    /// Tells apart what is made under one logical id again and again.
    pub serial: u64,
    pub partition: &'a str,
    pub region: &'a str,
    pub account: &'a str,
    /// Finds what else the account has.
    pub the: &'a dyn Fn(&str, &str) -> Option<String>,
}

/// What identifies a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub id: String,
    pub name: String,
    pub arn: String,
    pub attributes: IndexMap<String, String>,
}

impl Naming<'_> {
    /// What identifies the resource that is made now; the properties that it would need to be
    /// identified by, where one is missing.
    pub fn identity(&self) -> Result<Identity, String> {
        let name = self.name();
        let arn = self.text(&self.behaviour.arn, name.as_deref(), None, None)?;
        let id = match self.behaviour.arn.contains("${Id}") {
            true => {
                let id = self.text(&self.behaviour.id, name.as_deref(), None, None)?;
                return self.with_id(id, name);
            }
            false => self.text(&self.behaviour.id, name.as_deref(), Some(&arn), None)?,
        };
        self.identified(id, name, arn)
    }

    fn with_id(&self, id: String, name: Option<String>) -> Result<Identity, String> {
        let arn = self.text(&self.behaviour.arn, name.as_deref(), None, Some(&id))?;
        self.identified(id, name, arn)
    }

    fn identified(
        &self,
        id: String,
        name: Option<String>,
        arn: String,
    ) -> Result<Identity, String> {
        let mut attributes = IndexMap::default();
        for (attribute, text) in &self.behaviour.attributes {
            let value = self.text(text, name.as_deref(), Some(&arn), Some(&id))?;
            attributes.insert(attribute.clone(), value);
        }
        Ok(Identity {
            name: name.unwrap_or_else(|| id.clone()),
            id,
            arn,
            attributes,
        })
    }

    /// The ARN of the resource whose tags it carries as well.
    pub fn inherits_from(&self) -> Option<String> {
        let inherits = self.behaviour.inherits.as_ref()?;
        self.text(&inherits.tags_of, None, None, None).ok()
    }

    fn text(
        &self,
        text: &str,
        name: Option<&str>,
        arn: Option<&str>,
        id: Option<&str>,
    ) -> Result<String, String> {
        let filling = Filling {
            naming: self,
            name,
            arn,
            id,
        };
        // Where the id isn't there yet, the ARN that holds it is looked at again with it.
        let text = match id {
            None => text.replace("${Id}", "?"),
            Some(_) => text.to_owned(),
        };
        fill(&text, &filling).into_iter().next().ok_or(text)
    }

    fn given(&self) -> Option<String> {
        let property = self.behaviour.name.as_ref()?.property.as_ref()?;
        self.properties.get(property).and_then(Node::scalar_text)
    }

    fn name(&self) -> Option<String> {
        let naming = self.behaviour.name.as_ref()?;
        if let Some(given) = self.given() {
            return Some(given);
        }
        let random = self.random(13);
        let id = self.logical_id;
        let mut begin = match naming.generated? {
            Generated::Stack => format!("{}-{id}", self.stack),
            Generated::LogicalId => id.to_owned(),
        };
        if let Some(most) = naming.most {
            // CloudFormation cuts the stack's name and the logical id, never what tells names apart.
            begin = begin
                .chars()
                .take(most.saturating_sub(random.len() + 1))
                .collect();
        }
        let name = format!("{begin}-{random}");
        Some(match naming.lower {
            true => name.to_lowercase(),
            false => name,
        })
    }

    fn digest(&self) -> String {
        let serial = self.serial.to_string();
        let digest = Digest::of_all([self.stack, self.logical_id, serial.as_str()]).to_string();
        digest.rsplit(':').next().unwrap_or_default().to_owned()
    }

    fn random(&self, length: usize) -> String {
        self.digest().to_uppercase().chars().take(length).collect()
    }
}

struct Filling<'a> {
    naming: &'a Naming<'a>,
    name: Option<&'a str>,
    arn: Option<&'a str>,
    id: Option<&'a str>,
}

impl Values for Filling<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let naming = self.naming;
        let text = match name {
            "Partition" => naming.partition,
            "Region" => naming.region,
            "Account" => naming.account,
            "Stack" => naming.stack,
            "LogicalId" => naming.logical_id,
            "Name" => self.name?,
            "Arn" => self.arn?,
            "Id" => self.id?,
            "Path" => {
                let path = naming.properties.get("Path").and_then(Node::scalar_text);
                return Some(path.unwrap_or_else(|| "/".to_owned()));
            }
            "Random" => return Some(naming.random(10)),
            "Hex" => return Some(naming.digest().chars().take(17).collect()),
            "Digits" => {
                let digits = naming.digest();
                let digits = digits.bytes().map(|byte| char::from(b'0' + byte % 10));
                return Some(digits.take(12).collect());
            }
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn properties(&self) -> &Map {
        self.naming.properties
    }

    fn the(&self, kind: &str, name: &str) -> Option<String> {
        (self.naming.the)(kind, name)
    }
}

/// The value of a resource's attribute.
pub(super) fn attribute(
    behaviours: &Behaviours,
    thing: &Thing,
    attributes: &IndexMap<String, String>,
    logical_id: &str,
    name: &str,
) -> Node {
    if let Some(known) = attributes.get(name) {
        return known.as_str().into();
    }
    if let Some(property) = thing.properties.get(name) {
        return property.clone();
    }
    let is_arn = name == "Arn" || name.ends_with("Arn");
    match behaviours.of(&thing.kind) {
        Some(_) if is_arn => thing.arn.as_str().into(),
        _ => format!("{logical_id}.{name}").into(),
    }
}
