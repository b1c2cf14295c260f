//! What AWS's schemas don't say: the file of behaviours, read strictly.

use crate::cfn::IndexMap;
use crate::yaml::{InputError, Location, load};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Where the behaviours stand, from the root of the repository.
pub const BEHAVIOURS: &str = "src/rehearsal/behaviours.yaml";
const TEXT: &str = include_str!("behaviours.yaml");

/// The file of behaviours.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Behaviours {
    /// Beliefs about AWS.
    pub facts: Vec<Fact>,
    /// Condition keys that calls carry.
    pub keys: Vec<ContextKey>,
    /// What Service Catalog and CloudFormation call themselves.
    pub launches: LaunchBehaviour,
    /// What services need of the roles that they are handed.
    pub services: Vec<ServiceBehaviour>,
    /// What the schemas leave out, by type.
    pub types: Vec<TypeBehaviour>,
}

/// A belief about AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fact {
    /// Its name in this file.
    pub id: String,
    /// What is believed.
    pub says: String,
    /// The page that says so, or nearly so.
    #[schemars(url)]
    pub source: String,
    /// What would show it in the events of a stack, all of it; none: no event can.
    #[serde(default)]
    pub shown_by: Vec<Sign>,
    /// Where and when a real launch has proved it; none: nowhere yet.
    #[serde(default)]
    pub proved: Option<Proof>,
}

/// What a stack's events say where a fact is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sign {
    /// The type of a resource.
    #[serde(rename = "type")]
    pub kind: String,
    /// The state that it comes to, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Why it wouldn't come to it if the fact weren't true.
    pub because: String,
    /// What has to hold of every launch role, for that to follow.
    #[serde(default)]
    pub only_with: Option<Premise>,
}

/// Launch roles may call an action under a condition key alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Premise {
    /// The action.
    pub action: String,
    /// The key.
    pub key: String,
}

/// A real launch that proved a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Proof {
    /// The environment.
    pub environment: String,
    /// The day, such as `2026-11-28`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub on: String,
}

/// A condition key that calls carry.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContextKey {
    /// The key.
    pub key: String,
    /// The actions whose calls carry it.
    pub actions: Vec<String>,
    /// Its value.
    pub value: String,
    /// The fact behind it.
    pub fact: String,
}

/// What Service Catalog and CloudFormation call as the launch role, beside the handlers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LaunchBehaviour {
    /// The fact behind it.
    pub fact: String,
    /// The service that assumes the launch role.
    pub service: String,
    /// A key that the service may send when it does, or not.
    pub doubtful: DoubtfulKey,
    /// Whatever is done.
    pub always: Vec<CallRow>,
    /// To launch.
    pub create: Vec<CallRow>,
    /// To update.
    pub update: Vec<CallRow>,
    /// To end.
    pub delete: Vec<CallRow>,
    /// For each macro of the template.
    #[serde(rename = "macro")]
    pub of_macros: CallRows,
    /// For each action that a person starts on the product.
    pub service_action: CallRows,
}

/// A key that AWS may send, or not: nobody says.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DoubtfulKey {
    /// The key.
    pub key: String,
    /// Its value, where it is sent.
    pub value: String,
    /// The fact behind it.
    pub fact: String,
}

/// Calls that one fact speaks of.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CallRows {
    /// The fact behind them.
    pub fact: String,
    /// The calls.
    pub calls: Vec<CallRow>,
}

/// What a service needs of a role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceBehaviour {
    /// The service, such as `batch.amazonaws.com`.
    pub service: String,
    /// The fact behind it.
    pub fact: String,
    /// The keys that it sends when it assumes a role.
    #[serde(default)]
    pub sends: IndexMap<String, String>,
    /// What it calls as the role, whatever the role is for.
    #[serde(default)]
    pub needs: Vec<CallRow>,
}

/// What the schema of a type leaves out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TypeBehaviour {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// How it is named; none: its id is all it has.
    #[serde(default)]
    pub name: Option<Naming>,
    /// What `Ref` yields.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// Attributes that are other than what any text would do for.
    #[serde(default)]
    pub attributes: IndexMap<String, String>,
    /// The actions that make it: before them, it isn't there and has no tags.
    pub creates: Vec<String>,
    /// Making it again under its name is no conflict.
    #[serde(default)]
    pub shared: bool,
    /// The roles that it takes.
    #[serde(default)]
    pub roles: Vec<TakenRole>,
    /// Calls that are other than one on itself.
    #[serde(default)]
    pub calls: Vec<CallRow>,
    /// The policy that it carries.
    #[serde(default)]
    pub policy: Option<OwnPolicy>,
    /// Whose tags it carries as well.
    #[serde(default)]
    pub inherits: Option<Inherits>,
    /// It gets contents in use, and isn't deleted with them.
    #[serde(default)]
    pub fills: Option<Fills>,
}

/// How resources of a type are named.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Naming {
    /// The property that names one.
    #[serde(default)]
    pub property: Option<String>,
    /// What the name that CloudFormation makes begins with; none: it makes none.
    #[serde(default)]
    pub generated: Option<Generated>,
    /// The greatest length of a name, in characters.
    #[serde(default)]
    pub most: Option<usize>,
    /// Names are in lower case.
    #[serde(default)]
    pub lower: bool,
}

/// What a name that CloudFormation makes begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Generated {
    /// The name of the stack, then the logical id.
    Stack,
    /// The logical id.
    LogicalId,
}

/// A property that takes a role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TakenRole {
    /// The property; `*` stands for each item.
    pub property: String,
    /// How the role is written there.
    pub by: RoleSpelling,
    /// The service that takes it.
    pub passed_to: String,
    /// The fact behind it.
    pub fact: String,
}

/// How a property names a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RoleSpelling {
    /// By ARN.
    Arn,
    /// By name, whatever its path.
    Name,
    /// By ARN, or by name with its path; a name alone has the path `/`.
    ArnOrPathAndName,
    /// By the instance profile that holds it.
    Profile,
}

/// A call of a handler, of a service or of a program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CallRow {
    /// The actions.
    pub actions: Vec<String>,
    /// One call for each value of this property; none without it.
    #[serde(default)]
    pub each: Option<String>,
    /// Only with one of these properties.
    #[serde(default)]
    pub with: Vec<String>,
    /// On what: each must be allowed. A text whose property isn't set is left out.
    #[serde(default)]
    pub on: Vec<String>,
    /// The condition keys beside those that every call carries.
    #[serde(default)]
    pub keys: IndexMap<String, String>,
    /// The handler never calls it, though the schema lists it.
    #[serde(default)]
    pub never: bool,
    /// The fact behind it.
    #[serde(default)]
    pub fact: Option<String>,
}

/// The policy that a resource carries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OwnPolicy {
    /// The property that holds it.
    pub property: String,
    /// Nobody uses the resource whom it doesn't let in.
    pub must_allow: bool,
    /// The fact behind it.
    pub fact: String,
}

/// Whose tags a resource carries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Inherits {
    /// The resource.
    pub tags_of: String,
    /// The fact behind it.
    pub fact: String,
}

/// What fills up in use.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fills {
    /// The fact behind it.
    pub fact: String,
}

impl Fact {
    /// Whether a type and a state for each event of a stack show it.
    pub fn is_shown(&self, events: &[(String, String)]) -> bool {
        let is_seen = |sign: &Sign| {
            let mut events = events.iter();
            events.any(|(kind, status)| *kind == sign.kind && *status == sign.status)
        };
        !self.shown_by.is_empty() && self.shown_by.iter().all(is_seen)
    }
}

impl Behaviours {
    /// The behaviours that every rehearsal reads.
    ///
    /// # Errors
    /// Mistakes in the file.
    pub fn known() -> Result<&'static Behaviours, Vec<InputError>> {
        static KNOWN: LazyLock<Result<Behaviours, Vec<InputError>>> =
            LazyLock::new(|| Behaviours::read(BEHAVIOURS, TEXT));
        KNOWN.as_ref().map_err(Clone::clone)
    }

    /// Reads a file of behaviours.
    ///
    /// # Errors
    /// Every mistake in the file: of form, a type twice, a fact that isn't there or that nothing
    /// speaks of.
    pub fn read(file: &str, text: &str) -> Result<Behaviours, Vec<InputError>> {
        let read: Behaviours = load(file, text)?;
        let mut errors = Vec::new();
        let mut fail = |wanted: &str, message: String, hint: &str| {
            let lines = (1..).zip(text.lines());
            let line = lines.into_iter().find(|(_, line)| names(line, wanted));
            errors.push(InputError {
                file: file.to_owned(),
                at: Location {
                    line: line.map_or(1, |(line, _)| line),
                    column: 1,
                },
                message,
                hint: Some(hint.to_owned()),
            });
        };
        let used = read.used_facts();
        for fact in &used {
            if !read.facts.iter().any(|known| known.id == *fact) {
                fail(
                    fact,
                    format!("there is no fact `{fact}`"),
                    "add it under `facts`, with its source",
                );
            }
        }
        for (index, fact) in read.facts.iter().enumerate() {
            if read.facts[..index].iter().any(|other| other.id == fact.id) {
                fail(
                    &fact.id,
                    format!("the fact `{}` stands twice", fact.id),
                    "keep one",
                );
            }
        }
        for (index, known) in read.types.iter().enumerate() {
            if read.types[..index]
                .iter()
                .any(|other| other.kind == known.kind)
            {
                fail(
                    &known.kind,
                    format!("{} stands twice", known.kind),
                    "keep one",
                );
            }
            if crate::resource::facts(&known.kind).is_none() {
                fail(
                    &known.kind,
                    format!("{} is no vendored type", known.kind),
                    "correct it, or add it to vendor/types.txt",
                );
            }
        }
        if errors.is_empty() {
            Ok(read)
        } else {
            errors.sort();
            Err(errors)
        }
    }

    /// The facts that something speaks of.
    fn used_facts(&self) -> Vec<&str> {
        let mut used: Vec<&str> = self.keys.iter().map(|key| key.fact.as_str()).collect();
        let launches = &self.launches;
        used.extend([
            launches.fact.as_str(),
            &launches.doubtful.fact,
            &launches.of_macros.fact,
            &launches.service_action.fact,
        ]);
        used.extend(self.services.iter().map(|service| service.fact.as_str()));
        for known in &self.types {
            used.extend(known.roles.iter().map(|role| role.fact.as_str()));
            used.extend(known.calls.iter().filter_map(|row| row.fact.as_deref()));
            used.extend(known.policy.iter().map(|policy| policy.fact.as_str()));
            used.extend(known.inherits.iter().map(|of| of.fact.as_str()));
            used.extend(known.fills.iter().map(|fills| fills.fact.as_str()));
        }
        used
    }

    /// What is known of a type.
    pub fn of(&self, kind: &str) -> Option<&TypeBehaviour> {
        self.types.iter().find(|known| known.kind == kind)
    }

    /// What is known of a service that takes roles.
    pub fn service(&self, name: &str) -> Option<&ServiceBehaviour> {
        self.services.iter().find(|service| service.service == name)
    }
}

/// Whether a line holds a name, and not only a longer one that begins with it.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let next = line[at + name.len()..].chars().next();
        next.is_none_or(|next| !next.is_ascii_alphanumeric() && next != '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_each_fact_has_an_https_source() {
        let known = Behaviours::known().unwrap();
        assert!(known.types.len() > 25);
        for fact in &known.facts {
            assert!(fact.source.starts_with("https://"), "{}", fact.id);
        }
    }

    #[test]
    fn a_fact_that_is_not_there_is_told_with_its_line() {
        let text = TEXT.replacen("fact: batch-role-by-path }", "fact: batch-role }", 1);
        let errors = Behaviours::read("b.yaml", &text).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(
            errors[0].message.contains("no fact `batch-role`"),
            "{}",
            errors[0]
        );
        let line = TEXT
            .lines()
            .position(|line| line.contains("fact: batch-role-by-path }"));
        assert_eq!(errors[0].at.line, line.unwrap() + 1);
    }
}
