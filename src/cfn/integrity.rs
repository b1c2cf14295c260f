//! Whether a template holds together: names, references, and functions in their places.
//!
//! What CloudFormation itself refuses in any template, whatever its resources are. Rules about
//! what a good product looks like stand in `check`.

use super::reference::{Needs, each_beside_values, each_target, each_variable, walk};
use super::sub::{Piece, pieces};
use super::trail::Trail;
use super::value::pseudo;
use super::{Intrinsic, Map, Node, Path, Target, Template};

/// One reason why a template does not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Where.
    pub at: Path,
    /// What is wrong.
    pub message: String,
    /// The macro that may make what isn't here; then it isn't certain that anything is wrong.
    pub unless: Option<String>,
    /// What comes of it.
    pub outcome: Outcome,
}

/// What comes of what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// CloudFormation refuses the template.
    Refused,
    /// A launch with one of the values that may be chosen fails.
    SomeLaunchesFail,
    /// Nothing: CloudFormation takes it, and nobody means it.
    Taken,
}

impl TemplateError {
    /// Something that is wrong for certain.
    pub(super) fn at(at: Path, message: impl Into<String>) -> TemplateError {
        TemplateError {
            at,
            message: message.into(),
            unless: None,
            outcome: Outcome::Refused,
        }
    }

    fn with(self, outcome: Outcome) -> TemplateError {
        TemplateError { outcome, ..self }
    }
}

impl Template {
    /// Every reason why CloudFormation would refuse this template before it looks at a resource.
    pub fn defects(&self) -> Vec<TemplateError> {
        self.defects_and_targets(&mut |_| {})
    }

    /// As [`Template::defects`], and visits what each reference points at on the way: whoever asks
    /// for both reads the template once.
    pub fn defects_and_targets<'t>(
        &'t self,
        seen: &mut impl FnMut(Target<'t>),
    ) -> Vec<TemplateError> {
        let mut defects = Vec::new();
        self.check_names(&mut defects);
        self.check_computed(&mut defects);
        let unless = self.maker();
        let mut needs = Needs::default();
        let mut refer = |at: &Trail<'_>, target: Target<'t>, defects: &mut Vec<TemplateError>| {
            seen(target);
            let is_resource = |name: &&str| self.resources.contains_key(*name);
            let resource = target.name().filter(|name| !is_pseudo(name));
            let resource = resource.filter(is_resource);
            if let Some(resource) = resource {
                needs.add(self, at, resource);
            }
            if let Some(message) = self.unresolved(at, target, resource) {
                defects.push(TemplateError {
                    at: at.path(),
                    message,
                    unless: unless.clone(),
                    outcome: Outcome::Refused,
                });
            }
        };
        each_beside_values(self, &mut |at, target| {
            refer(at, target, &mut defects);
            // What stands beside the properties by its name is what a resource waits for.
            if let Target::Name(name) = target
                && self.parameters.contains_key(name)
            {
                let message = format!("`{name}` is a parameter: a resource waits for resources");
                defects.push(TemplateError::at(at.path(), message));
            }
        });
        self.each_value(&mut |trail, node| {
            let section = trail.section();
            walk(trail, node, &mut |at, function| {
                let mut refer = |target| refer(at, target, &mut defects);
                let misplaced = |function| {
                    let fault = self.misplaced(section, function)?;
                    Some((fault, Outcome::Refused))
                };
                let fault = match function {
                    Intrinsic::Sub { text, variables } => match pieces(text) {
                        Ok(pieces) => {
                            each_variable(&pieces, variables, &mut refer);
                            unused(&pieces, variables).map(|fault| (fault, Outcome::Taken))
                        }
                        Err(error) => Some((error.to_string(), Outcome::Refused)),
                    },
                    Intrinsic::FindInMap {
                        mapping,
                        top,
                        second,
                        default: None,
                    } if mapping.as_str().is_some() => {
                        each_target(function, &mut refer);
                        let mapping = mapping.as_str().unwrap_or_default();
                        let missing = || self.missing_key(mapping, top, second);
                        misplaced(function).or_else(missing)
                    }
                    _ => {
                        each_target(function, &mut refer);
                        misplaced(function)
                    }
                };
                if let Some((message, outcome)) = fault {
                    defects.push(TemplateError::at(at.path(), message).with(outcome));
                }
            });
        });
        self.check_mappings(&mut defects);
        if let Some(circle) = needs.circle() {
            let message = format!("wait for each other: {}", circle.join(" → "));
            defects.push(TemplateError::at(
                Path::of(["Resources", &circle[0]]),
                message,
            ));
        }
        if let Some(circle) = self.circle_of_conditions() {
            let message = format!("conditions ask each other: {}", circle.join(" → "));
            defects.push(TemplateError::at(
                Path::of(["Conditions", &circle[0]]),
                message,
            ));
        }
        defects
    }

    /// Functions give the policies of a resource with the language extensions only.
    fn check_computed(&self, defects: &mut Vec<TemplateError>) {
        if self.has_language_extensions() {
            return;
        }
        for (id, resource) in &self.resources {
            for name in resource.computed.keys() {
                let extensions = Template::LANGUAGE_EXTENSIONS;
                let message =
                    format!("a function gives it: the template needs `Transform: {extensions}`");
                defects.push(TemplateError::at(
                    Path::of(["Resources", id, name]),
                    message,
                ));
            }
        }
    }

    /// What may make names that the file doesn't have.
    fn maker(&self) -> Option<String> {
        let named = self
            .macros()
            .next()
            .map(|name| format!("the macro `{name}`"));
        named.or_else(|| (!self.open.is_empty()).then(|| "`Fn::Transform` or a loop".to_owned()))
    }

    /// Conditions that ask each other in a circle, in order, when there are such.
    fn circle_of_conditions(&self) -> Option<Vec<String>> {
        let mut needs = Needs::default();
        for (name, node) in &self.conditions {
            walk(&Trail::top("Conditions"), node, &mut |_, function| {
                each_target(function, &mut |target| {
                    if let Target::Condition(other) = target {
                        needs.between(name, other);
                    }
                });
            });
        }
        needs.circle()
    }

    fn check_names(&self, defects: &mut Vec<TemplateError>) {
        let mut check = |section: &str, name: &str, owner: Option<&str>| {
            let mut add = |message: String| {
                let at = Path::of([section, name]);
                defects.push(TemplateError::at(at, message));
            };
            let is_name = (1..=255).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_name {
                add("a logical name is 1 to 255 letters and digits".to_owned());
            }
            if let Some(owner) = owner {
                add(format!("is also in {owner}"));
            }
        };
        for name in self.parameters.keys() {
            check("Parameters", name, None);
        }
        for name in self.mappings.keys() {
            check("Mappings", name, None);
        }
        for name in self.conditions.keys() {
            check("Conditions", name, None);
        }
        for name in self.resources.keys() {
            // Parameters and resources share the names that `Ref` resolves.
            let is_parameter = self.parameters.contains_key(name);
            check("Resources", name, is_parameter.then_some("Parameters"));
        }
        for name in self.outputs.keys() {
            check("Outputs", name, None);
        }
    }

    /// Why a target isn't there for what stands here. `resource` is the one that it is or is of.
    fn unresolved(
        &self,
        at: &Trail<'_>,
        target: Target<'_>,
        resource: Option<&str>,
    ) -> Option<String> {
        let resource = |name: &str, otherwise: &str| match resource {
            Some(_) if matches!(at.section(), "Conditions" | "Rules") => {
                Some(format!("conditions can't refer to the resource `{name}`"))
            }
            Some(_) => None,
            None => Some(format!("`{name}` is no {otherwise}")),
        };
        match target {
            Target::Name(name) => {
                let is_known = is_pseudo(name) || self.parameters.contains_key(name);
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

    fn check_mappings(&self, defects: &mut Vec<TemplateError>) {
        for (mapping, rows) in &self.mappings {
            for (top, row) in rows {
                for (second, value) in row {
                    let at = Trail::top("Mappings");
                    let (at, row) = (at.key(mapping), top);
                    walk(&at.key(row).key(second), value, &mut |at, intrinsic| {
                        // The language extensions give mappings functions too.
                        if !self.has_language_extensions()
                            && !matches!(intrinsic, Intrinsic::Transform(_))
                        {
                            let name = intrinsic.name();
                            let message = format!("a mapping holds constants, not `{name}`");
                            defects.push(TemplateError::at(at.path(), message));
                        }
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
            _ if !self.has_language_extensions() && is_extension(intrinsic) => Some(format!(
                "this `{}` is of the language extensions: the template needs `Transform: {}`",
                intrinsic.name(),
                Template::LANGUAGE_EXTENSIONS
            )),
            Intrinsic::GetAtt { .. }
            | Intrinsic::ImportValue(_)
            | Intrinsic::Base64(_)
            | Intrinsic::GetAzs(_)
            | Intrinsic::Cidr { .. }
                if in_conditions =>
            {
                Some(format!("`{}` can't stand in a condition", intrinsic.name()))
            }
            _ => None,
        }
    }

    /// A key that isn't in the mapping, where the key is known now, or is one of some.
    fn missing_key(&self, mapping: &str, top: &Node, second: &Node) -> Option<(String, Outcome)> {
        let rows = self.mappings.get(mapping)?;
        let is_certain = |key: &Node| key.as_intrinsic().is_none();
        let outcome = |is_certain| match is_certain {
            true => Outcome::Refused,
            false => Outcome::SomeLaunchesFail,
        };
        let rows: Vec<_> = match self.possible(top) {
            Some(keys) => {
                if let Some(missing) = keys.iter().find(|key| !rows.contains_key(key.as_str())) {
                    let fault = format!("the mapping `{mapping}` has no key `{missing}`");
                    return Some((fault, outcome(is_certain(top))));
                }
                keys.into_iter()
                    .filter_map(|key| rows.get_key_value(&key))
                    .collect()
            }
            None => rows.iter().collect(),
        };
        let is_both_certain = is_certain(top) && is_certain(second);
        for key in self.possible(second)? {
            if let Some((top, _)) = rows.iter().find(|(_, row)| !row.contains_key(&key)) {
                let fault = format!("the mapping `{mapping}` has no key `{key}` under `{top}`");
                return Some((fault, outcome(is_both_certain)));
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

/// A variable of `Fn::Sub` that its text leaves out. cfn-lint's W1019 warns of it: CloudFormation takes it.
/// <https://github.com/aws-cloudformation/cfn-lint/pull/308>
fn unused(pieces: &[Piece<'_>], variables: &Map) -> Option<String> {
    variables
        .keys()
        .find(|name| !pieces.contains(&Piece::Variable(name)))
        .map(|name| format!("the text does not use the variable `{name}`"))
}

/// Whether only the language extensions know it.
fn is_extension(function: &Intrinsic) -> bool {
    match function {
        Intrinsic::Length(_) | Intrinsic::ToJsonString(_) => true,
        Intrinsic::FindInMap {
            mapping, default, ..
        } => {
            let is_plain = match mapping {
                Node::Intrinsic(function) => {
                    matches!(**function, Intrinsic::Ref(_) | Intrinsic::FindInMap { .. })
                }
                other => other.as_str().is_some(),
            };
            default.is_some() || !is_plain
        }
        _ => false,
    }
}

fn is_pseudo(name: &str) -> bool {
    pseudo::NAMES.contains(&name)
}
