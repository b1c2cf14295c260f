//! Whether a template holds together: names, references, and functions in their places.
//!
//! What CloudFormation itself refuses in any template, whatever its resources are. Rules about
//! what a good product looks like stand in `check`.

use super::reference::{Needs, each_beside_values, each_target, walk};
use super::sub::{Piece, pieces};
use super::trail::Trail;
use super::value::pseudo;
use super::{IndexMap, Intrinsic, Node, Path, Target, Template};

/// One reason why a template does not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub at: Path,
    /// What is wrong.
    pub message: String,
}

impl Template {
    /// Every reason why CloudFormation would refuse this template before it looks at a resource.
    pub fn defects(&self) -> Vec<Defect> {
        let mut defects = Vec::new();
        self.check_names(&mut defects);
        let mut needs = Needs::default();
        let mut refer = |at: &Trail<'_>, target, defects: &mut Vec<Defect>| {
            needs.add(self, at, target);
            if let Some(message) = self.unresolved(at.section(), target) {
                defects.push(Defect {
                    at: at.path(),
                    message,
                });
            }
        };
        each_beside_values(self, &mut |at, target| refer(at, target, &mut defects));
        self.each_value(&mut |trail, node| {
            walk(trail, node, &mut |at, function| {
                each_target(function, &mut |target| refer(at, target, &mut defects));
                if let Some(message) = self.misplaced(trail.section(), function) {
                    defects.push(Defect {
                        at: at.path(),
                        message,
                    });
                }
            });
        });
        self.check_mappings(&mut defects);
        if let Some(circle) = needs.circle() {
            defects.push(Defect {
                at: Path::of(["Resources", &circle[0]]),
                message: format!("wait for each other: {}", circle.join(" → ")),
            });
        }
        defects
    }

    fn check_names(&self, defects: &mut Vec<Defect>) {
        let sections: [(&str, Vec<&String>); 5] = [
            ("Parameters", self.parameters.keys().collect()),
            ("Mappings", self.mappings.keys().collect()),
            ("Conditions", self.conditions.keys().collect()),
            ("Resources", self.resources.keys().collect()),
            ("Outputs", self.outputs.keys().collect()),
        ];
        let mut owners: IndexMap<&str, &str> = IndexMap::default();
        for (section, names) in &sections {
            for name in names {
                let at = || Path::of([*section, name.as_str()]);
                if name.is_empty()
                    || name.len() > 255
                    || !name.bytes().all(|b| b.is_ascii_alphanumeric())
                {
                    defects.push(Defect {
                        at: at(),
                        message: "a logical name is 1 to 255 letters and digits".to_owned(),
                    });
                }
                // Parameters and resources share the names that `Ref` resolves.
                if matches!(*section, "Parameters" | "Resources")
                    && let Some(owner) = owners.insert(name, section)
                {
                    defects.push(Defect {
                        at: at(),
                        message: format!("is also in {owner}"),
                    });
                }
            }
        }
    }

    /// Why a target isn't there for what stands in this section.
    fn unresolved(&self, section: &str, target: Target<'_>) -> Option<String> {
        let in_conditions = matches!(section, "Conditions" | "Rules");
        let resource = |name: &str, otherwise: &str| match self.resources.contains_key(name) {
            true if in_conditions => {
                Some(format!("conditions can't refer to the resource `{name}`"))
            }
            true => None,
            false => Some(format!("`{name}` is no {otherwise}")),
        };
        match target {
            Target::Name(name) => {
                let is_known = self.parameters.contains_key(name) || pseudo::NAMES.contains(&name);
                (!is_known)
                    .then(|| resource(name, "parameter, resource or pseudo-parameter"))
                    .flatten()
            }
            Target::Attribute { resource: id, .. } => resource(id, "resource of this template"),
            Target::Mapping(name) => (!self.mappings.contains_key(name))
                .then(|| format!("`{name}` is no mapping of this template")),
            Target::Condition(name) => (!self.conditions.contains_key(name))
                .then(|| format!("`{name}` is no condition of this template")),
        }
    }

    fn check_mappings(&self, defects: &mut Vec<Defect>) {
        for (mapping, rows) in &self.mappings {
            for (top, row) in rows {
                for (second, value) in row {
                    let at = Trail::top("Mappings");
                    let (at, row) = (at.key(mapping), top);
                    walk(&at.key(row).key(second), value, &mut |at, intrinsic| {
                        defects.push(Defect {
                            at: at.path(),
                            message: format!(
                                "a mapping holds constants, not `{}`",
                                intrinsic.name()
                            ),
                        });
                    });
                }
            }
        }
    }

    fn misplaced(&self, section: &str, intrinsic: &Intrinsic) -> Option<String> {
        let in_conditions = section == "Conditions";
        match intrinsic {
            Intrinsic::Rule(..) if section != "Rules" => Some(format!(
                "`{}` stands in the Rules section only",
                intrinsic.name()
            )),
            _ if intrinsic.is_condition() && !in_conditions && section != "Rules" => {
                Some(format!("`{}` stands in conditions only", intrinsic.name()))
            }
            Intrinsic::GetAtt { .. }
            | Intrinsic::ImportValue(_)
            | Intrinsic::Base64(_)
            | Intrinsic::GetAzs(_)
            | Intrinsic::Cidr { .. }
                if in_conditions =>
            {
                Some(format!("`{}` can't stand in a condition", intrinsic.name()))
            }
            Intrinsic::Sub { text, variables } => sub_fault(text, variables),
            Intrinsic::FindInMap {
                mapping,
                top,
                second,
            } => self.missing_key(mapping, top, second),
            _ => None,
        }
    }

    /// A key that isn't in the mapping, where the key is known now.
    fn missing_key(&self, mapping: &str, top: &Node, second: &Node) -> Option<String> {
        let rows = self.mappings.get(mapping)?;
        let rows: Vec<_> = match self.possible(top) {
            Some(keys) => {
                if let Some(missing) = keys.iter().find(|key| !rows.contains_key(key.as_str())) {
                    return Some(format!("the mapping `{mapping}` has no key `{missing}`"));
                }
                keys.into_iter()
                    .filter_map(|key| rows.get_key_value(&key))
                    .collect()
            }
            None => rows.iter().collect(),
        };
        for key in self.possible(second)? {
            if let Some((top, _)) = rows.iter().find(|(_, row)| !row.contains_key(&key)) {
                return Some(format!(
                    "the mapping `{mapping}` has no key `{key}` under `{top}`"
                ));
            }
        }
        None
    }

    /// The texts that a key can be, where the template itself limits them.
    fn possible(&self, key: &Node) -> Option<Vec<String>> {
        match key.as_intrinsic() {
            None => key.scalar_text().map(|text| vec![text]),
            Some(Intrinsic::Ref(name)) => {
                let allowed = &self.parameters.get(name)?.allowed_values;
                (!allowed.is_empty())
                    .then(|| allowed.iter().filter_map(Node::scalar_text).collect())
            }
            Some(_) => None,
        }
    }
}

fn sub_fault(text: &str, variables: &super::Map) -> Option<String> {
    match pieces(text) {
        Err(error) => Some(error.to_string()),
        Ok(pieces) => variables
            .keys()
            .find(|name| !pieces.contains(&Piece::Variable(name)))
            .map(|name| format!("the text does not use the variable `{name}`")),
    }
}
