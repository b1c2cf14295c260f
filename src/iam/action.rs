//! The actions that IAM knows, by service, with the resource types that each takes.

use crate::yaml::nearest;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

/// AWS's list of actions, of every service that IAM knows.
///
/// Names compare without regard to case, as IAM compares them; the list holds them in lower case.
#[derive(Debug)]
pub struct ActionList {
    services: BTreeMap<&'static str, LazyService>,
}

/// A line of the list, read when its service is first asked for: of some 450, a catalog asks for
/// twenty.
#[derive(Debug)]
struct LazyService {
    line: &'static str,
    service: OnceLock<Service>,
}

impl LazyService {
    fn get(&self) -> &Service {
        self.service.get_or_init(|| read(self.line))
    }
}

/// A service, its actions with the resource types that each takes, and those types with the
/// patterns of their ARNs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    #[serde(rename = "service")]
    _name: &'static str,
    #[serde(borrow)]
    actions: BTreeMap<&'static str, Vec<&'static str>>,
    #[serde(borrow)]
    resources: BTreeMap<&'static str, Vec<&'static str>>,
}

/// # Panics
/// Where the line that is compiled in has another form: a test reads them all.
fn read<T: Deserialize<'static>>(line: &'static str) -> T {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("vendor/iam-actions.jsonl: {error}"))
}

/// A name as the list has it.
fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// The vendored list: a JSON document a line, a line a service.
const LIST: &str = include_str!("../../vendor/iam-actions.jsonl");

/// What each line starts with, before the service's name.
const START: &str = "{\"service\":\"";

/// AWS's list, as it is vendored.
pub fn actions() -> &'static ActionList {
    static ACTIONS: LazyLock<ActionList> = LazyLock::new(|| {
        let lines = LIST.lines().filter_map(|line| {
            let (name, _) = line.strip_prefix(START)?.split_once('"')?;
            let service = OnceLock::new();
            Some((name, LazyService { line, service }))
        });
        ActionList {
            services: lines.collect(),
        }
    });
    &ACTIONS
}

/// An action that isn't one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownAction {
    /// The action as written.
    pub action: String,
    /// What is wrong with it.
    pub why: ActionSpelling,
}

/// What is wrong with the spelling of an action.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionSpelling {
    /// It is not of the form `service:Action`.
    Form,
    /// It has a wildcard.
    Wildcard,
    /// IAM has no service of this prefix; the nearest that it has.
    Service(Option<String>),
    /// The service has no such action; the nearest that it has, with the capitals of what was written.
    Action(Option<String>),
}

impl fmt::Display for UnknownAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = &self.action;
        match &self.why {
            ActionSpelling::Form => write!(f, "`{action}` is not of the form service:Action"),
            ActionSpelling::Wildcard => write!(f, "`{action}` has a wildcard"),
            ActionSpelling::Service(nearest) => {
                write!(f, "IAM has no service with the prefix of `{action}`")?;
                match nearest {
                    Some(near) => write!(f, "\n  hint: did you mean `{near}`?"),
                    None => write!(
                        f,
                        "\n  hint: `cargo xtask vendor refresh` fetches AWS's newest list"
                    ),
                }
            }
            ActionSpelling::Action(nearest) => {
                write!(f, "IAM has no action `{action}`")?;
                match nearest {
                    Some(near) => write!(f, "\n  hint: did you mean `{near}`?"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// A name of the list with the capitals of one that is nearly it: in the letters that both begin and
/// end with.
fn in_case_of(near: &str, written: &str) -> String {
    let same = |a: &char, b: &char| a.eq_ignore_ascii_case(b);
    let (near, written): (Vec<char>, Vec<char>) =
        (near.chars().collect(), written.chars().collect());
    let ahead = near
        .iter()
        .zip(&written)
        .take_while(|(a, b)| same(a, b))
        .count();
    let rest = near.len().min(written.len()) - ahead;
    let behind = near.iter().rev().zip(written.iter().rev()).take(rest);
    let behind = behind.take_while(|(a, b)| same(a, b)).count();
    let between = near.len() - behind;
    let end = &written[written.len() - behind..];
    written[..ahead]
        .iter()
        .chain(&near[ahead..between])
        .chain(end)
        .collect()
}

/// What actions begin with that change nothing.
const READS: [&str; 7] = [
    "Get", "List", "Describe", "BatchGet", "Head", "Lookup", "Search",
];

impl ActionList {
    /// The types of resource that the action takes: none for an action that takes `*` only.
    /// Nothing for an action that doesn't exist.
    pub fn resource_types(&self, action: &str) -> Option<&[&'static str]> {
        let (service, name) = action.split_once(':')?;
        let types = self.service(service)?.actions.get(lower(name).as_ref());
        types.map(Vec::as_slice)
    }

    /// Whether the action takes resources, rather than `*` only. Nothing for an action that doesn't
    /// exist.
    pub fn takes_resource(&self, action: &str) -> Option<bool> {
        self.resource_types(action).map(|types| !types.is_empty())
    }

    /// Whether the action changes resources that a policy can name.
    pub fn changes_resources(&self, action: &str) -> bool {
        let name = action.split(':').nth(1).unwrap_or_default();
        let reads = READS.iter().any(|verb| name.starts_with(verb));
        !reads && self.takes_resource(action) == Some(true)
    }

    fn service(&self, name: &str) -> Option<&Service> {
        let service = self.services.get(lower(name).as_ref())?;
        Some(service.get())
    }

    /// The ARNs that resources of a type have: regular expressions with `${Partition}`,
    /// `${Region}` and `${Account}`.
    pub fn arn_patterns(&self, service: &str, resource_type: &str) -> &[&'static str] {
        let name = lower(resource_type);
        let patterns = self
            .service(service)
            .and_then(|service| service.resources.get(name.as_ref()));
        patterns.map_or(&[], Vec::as_slice)
    }

    /// Whether there is such an action.
    pub fn contains(&self, action: &str) -> bool {
        self.resource_types(action).is_some()
    }

    /// The actions of a service, in lower case with the service before them; none of a service that
    /// IAM doesn't know.
    pub fn of_service(&self, service: &str) -> impl Iterator<Item = String> {
        let actions = self.service(service).into_iter();
        actions
            .flat_map(|service| service.actions.keys())
            .map(move |name| format!("{service}:{name}"))
    }

    /// The number of services and of actions.
    pub fn size(&self) -> (usize, usize) {
        let services = self.services.values().map(LazyService::get);
        let actions = services.map(|service| service.actions.len());
        (self.services.len(), actions.sum())
    }

    /// What is wrong with an action's spelling, if anything.
    pub fn check(&self, action: &str) -> Option<UnknownAction> {
        let why = match action.split_once(':') {
            _ if self.contains(action) => return None,
            None => ActionSpelling::Form,
            Some(_) if action.contains(['*', '?']) => ActionSpelling::Wildcard,
            Some((service, name)) => match self.service(service) {
                None => ActionSpelling::Service(
                    nearest(service, self.services.keys().copied())
                        .map(|near| format!("{near}:{name}")),
                ),
                Some(known) => ActionSpelling::Action(
                    nearest(name, known.actions.keys().copied())
                        .map(|near| format!("{service}:{}", in_case_of(near, name))),
                ),
            },
        };
        Some(UnknownAction {
            action: action.to_owned(),
            why,
        })
    }
}

/// Actions that give away secrets and data, in lower case.
const GIVE_AWAY: [&str; 8] = [
    "secretsmanager:getsecretvalue",
    "ssm:getparameter",
    "ssm:getparameters",
    "ssm:getparametersbypath",
    "kms:decrypt",
    "s3:getobject",
    "dynamodb:scan",
    "sts:assumerole",
];

/// Whether an action gives away secrets and data: on everything there is, it reads all of the account.
pub fn gives_away_data(action: &str) -> bool {
    GIVE_AWAY.contains(&action.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_vendored_list_is_a_service() {
        assert_eq!(actions().services.len(), LIST.lines().count());
        for (name, service) in &actions().services {
            let read: Service = read(service.line);
            assert_eq!(read._name, *name);
            assert!(!read.actions.is_empty(), "{name}");
        }
    }
}
