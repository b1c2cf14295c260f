//! Whether a template holds together: names, references, and functions in their places.
//!
//! What CloudFormation itself refuses in any template, whatever its resources are. Rules about
//! what a good product looks like stand in `check`.

use super::reference::{cycle_among, walk};
use super::sub::{Piece, pieces};
use super::trail::Trail;
use super::value::pseudo;
use super::{Intrinsic, Node, Path, Reference, Target, Template, references};
use indexmap::IndexMap;

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
        self.defects_among(&references(self))
    }

    /// As [`Template::defects`], with the template's references.
    pub(crate) fn defects_among(&self, references: &[Reference<'_>]) -> Vec<Defect> {
        let mut defects = Vec::new();
        self.check_names(&mut defects);
        self.check_references(references, &mut defects);
        self.check_functions(&mut defects);
        if let Some(circle) = cycle_among(self, references) {
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
        let mut owners: IndexMap<&str, &str> = IndexMap::new();
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

    fn check_references(&self, references: &[Reference<'_>], defects: &mut Vec<Defect>) {
        for reference in references {
            let in_conditions =
                matches!(reference.at.segments()[0].as_str(), "Conditions" | "Rules");
            let message = match reference.target {
                Target::Name(name) => {
                    if self.parameters.contains_key(name) || pseudo::NAMES.contains(&name) {
                        continue;
                    }
                    match self.resources.contains_key(name) {
                        true if in_conditions => {
                            format!("conditions can't refer to the resource `{name}`")
                        }
                        true => continue,
                        false => format!("`{name}` is no parameter, resource or pseudo-parameter"),
                    }
                }
                Target::Attribute { resource, .. } => match self.resources.contains_key(resource) {
                    true if in_conditions => {
                        format!("conditions can't refer to the resource `{resource}`")
                    }
                    true => continue,
                    false => format!("`{resource}` is no resource of this template"),
                },
                Target::Mapping(name) if self.mappings.contains_key(name) => continue,
                Target::Mapping(name) => format!("`{name}` is no mapping of this template"),
                Target::Condition(name) if self.conditions.contains_key(name) => continue,
                Target::Condition(name) => format!("`{name}` is no condition of this template"),
            };
            defects.push(Defect {
                at: reference.at.clone(),
                message,
            });
        }
    }

    fn check_functions(&self, defects: &mut Vec<Defect>) {
        self.each_value(&mut |trail, node| {
            let section = trail.section();
            walk(trail, node, &mut |at, intrinsic| {
                if let Some(message) = self.misplaced(section, intrinsic) {
                    defects.push(Defect {
                        at: at.path(),
                        message,
                    });
                }
            });
        });
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
