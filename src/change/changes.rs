//! What differs between two templates, as a value.

use super::When;
use crate::cfn::{Node, Parameter, Resource, Scenario};

/// What differs between two templates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The old and new description of the template.
    pub description: Option<(Option<String>, Option<String>)>,
    /// Parameters, in the order of the new template, removed ones last.
    pub parameters: Vec<ParameterChange>,
    /// Resources, in the order of the new template, removed ones last.
    pub resources: Vec<ResourceChange>,
    /// Outputs.
    pub outputs: Vec<NamedChange>,
    /// Conditions.
    pub conditions: Vec<NamedChange>,
    /// Mappings.
    pub mappings: Vec<NamedChange>,
    /// The groups and labels of the launch form.
    pub form: Vec<ValueChange>,
}

/// A value that differs, whatever CloudFormation makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueChange {
    /// Where it stands.
    pub path: Vec<String>,
    /// As it was, if it was there.
    pub old: Option<Node>,
    /// As it is, if it is there.
    pub new: Option<Node>,
}

/// What became of a named thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It had this name.
    Renamed {
        /// The old name.
        from: String,
    },
    /// It stays, changed.
    Changed,
}

/// A parameter that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterChange {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: ChangeKind,
    /// As it was.
    pub old: Option<Parameter>,
    /// As it is.
    pub new: Option<Parameter>,
}

/// An output, condition or mapping that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedChange {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: ChangeKind,
    /// What differs in it.
    pub values: Vec<ValueChange>,
}

/// A resource that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceChange {
    /// Its logical id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// The type it had, where that is another.
    pub old_kind: Option<String>,
    /// What became of it.
    pub fate: ChangeKind,
    /// For which values it is there only after the update.
    pub appears: Option<When>,
    /// For which values it is gone after the update.
    pub disappears: Option<When>,
    /// Properties that differ.
    pub properties: Vec<PropertyChange>,
    /// Metadata that differs.
    pub metadata: Vec<PropertyChange>,
    /// Attributes that differ, such as `DeletionPolicy`.
    pub attributes: Vec<AttributeChange>,
}

/// An attribute of a resource that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeChange {
    /// Its name.
    pub name: &'static str,
    /// As it was, where it stood there.
    pub old: Option<String>,
    /// As it is, where it stands there.
    pub new: Option<String>,
}

/// A property that differs, with every way in which it does.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyChange {
    /// From the resource's properties or metadata.
    pub path: Vec<String>,
    /// The different pairs of values.
    pub cases: Vec<Case>,
}

/// One pair of values of a property.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What stood there, if anything.
    pub old: Option<Node>,
    /// What stands there, if anything.
    pub new: Option<Node>,
    /// For which parameter values, accounts and regions.
    pub when: When,
    /// Values of one running product for which it holds, before and after the update; its
    /// account and region are among them.
    pub example: (Scenario, Scenario),
}

impl Changes {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }

    /// Whether what differs depends on the account or the region.
    pub fn depends_on_place(&self) -> bool {
        self.resources.iter().any(|change| {
            let conditions = change.appears.iter().chain(&change.disappears);
            let entries = change.properties.iter().chain(&change.metadata);
            let cases = entries.flat_map(|entry| &entry.cases);
            let mut whens = conditions.chain(cases.map(|case| &case.when));
            whens.any(When::names_place)
        })
    }

    /// The change of a resource, by its logical id in the new template.
    pub fn resource(&self, id: &str) -> Option<&ResourceChange> {
        self.resources.iter().find(|change| change.id == id)
    }
}

impl ResourceChange {
    /// What became of a resource as a whole, nothing told of what is in it.
    pub(super) fn of(id: &str, resource: &Resource, fate: ChangeKind) -> ResourceChange {
        ResourceChange {
            id: id.to_owned(),
            kind: resource.kind.clone(),
            old_kind: None,
            fate,
            appears: None,
            disappears: None,
            properties: Vec::new(),
            metadata: Vec::new(),
            attributes: Vec::new(),
        }
    }
}
