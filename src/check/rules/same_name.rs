//! `same-name`: two resources of a type have two names.

use super::super::{Check, Report, Rule, Severity, Subject};
use crate::cfn::{IndexMap, Path};
use crate::resource;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "same-name",
    severity: Severity::Error,
    what: "Two resources of a type that a name identifies have two names.",
    why: "The second fails the launch: there is one of that name already.",
    fix: "give one of them another name, or none",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html",
    check: Check::Template(check),
};

/// Types whose identifier isn't the name that is given, and that have the name once an account and region.
const NAMED: [(&str, &str); 2] = [
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::SecretsManager::Secret", "Name"),
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    // A type, the names that identify it, and who has them.
    let mut seen: IndexMap<(&str, String), (&str, Option<&str>)> = IndexMap::default();
    for (id, resource) in &subject.template.resources {
        let kind = resource.kind.as_str();
        let known = NAMED.iter().find(|(named, _)| *named == kind);
        let names: Vec<&str> = match (known, resource::facts(kind)) {
            (Some((_, name)), _) => vec![name],
            // What is left of a longer path is no property.
            (None, Some(facts)) => {
                let paths = facts.primary_identifier.iter();
                let names: Option<Vec<&str>> = paths
                    .map(|path| match path {
                        [name] => Some(*name),
                        _ => None,
                    })
                    .collect();
                names.unwrap_or_default()
            }
            (None, None) => continue,
        };
        let values: Option<Vec<String>> = names
            .iter()
            .map(|name| Some(resource.properties.get(*name)?.to_json().to_string()))
            .collect();
        let Some(values) = values.filter(|values| !values.is_empty()) else {
            continue;
        };
        let key = (kind, values.join(" "));
        let condition = resource.condition.as_deref();
        match seen.get(&key) {
            // Conditions may exclude each other.
            Some((other, of_other))
                if *of_other == condition || of_other.is_none() || condition.is_none() =>
            {
                let at = Path::properties(id).join(names[0]);
                report.at(at, format!("`{other}` has the same name"));
            }
            Some(_) => {}
            None => {
                seen.insert(key, (id.as_str(), condition));
            }
        }
    }
}
