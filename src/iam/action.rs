//! The actions that IAM knows, by service, with the resource types that each takes.

use crate::cfn::IndexMap;
use memchr::{memchr, memmem};
use std::borrow::Cow;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

/// AWS's list of actions for the services whose actions are vendored.
///
/// Names compare without regard to case, as IAM compares them; the list holds them in lower case.
#[derive(Clone, Debug)]
pub struct ActionList {
    services: IndexMap<&'static str, LazyService>,
}

/// A service, read when it is first asked for: most lists of actions never are.
#[derive(Clone, Debug)]
struct LazyService {
    json: &'static str,
    service: OnceLock<Service>,
}

impl LazyService {
    fn get(&self) -> &Service {
        self.service.get_or_init(|| Service::read(self.json))
    }
}

/// The lists of a service. A list stays JSON until it is asked for: few of thousands ever are.
#[derive(Clone, Debug)]
struct Service {
    /// By name, in the order of names.
    actions: Vec<(&'static str, &'static str)>,
    /// The lines of the others.
    resources: &'static str,
}

impl Service {
    /// Reads the form in which `vendor refresh` writes a service: a list a line, actions first.
    fn read(json: &'static str) -> Service {
        let actions = memmem::find(json.as_bytes(), b"\n  \"resources\": ");
        let (actions, resources) = json.split_at(actions.unwrap_or(json.len()));
        Service {
            actions: listed(actions).collect(),
            resources,
        }
    }

    /// The resource types that an action of this name takes, as JSON.
    fn types(&self, action: &str) -> Option<&'static str> {
        let found = self.actions.binary_search_by_key(&action, |(name, _)| name);
        let (_, types) = self.actions.get(found.ok()?)?;
        Some(types)
    }
}

/// The lists of a text by name, each as JSON.
fn listed(json: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut rest = json;
    let lines = std::iter::from_fn(move || {
        let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(end).filter(|_| !rest.is_empty())?;
        rest = after.get(1..).unwrap_or_default();
        Some(line)
    });
    lines.filter_map(|line| {
        let name = line.strip_prefix("   \"")?;
        let (name, list) = name.split_at(memchr(b'"', name.as_bytes())?);
        let list = list.strip_prefix("\": ")?;
        Some((name, list.strip_suffix(',').unwrap_or(list)))
    })
}

/// A name as the list has it.
fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// The items of a list. What can't be read holds nothing: none would pass unchecked.
fn items(list: &'static str) -> Vec<&'static str> {
    serde_json::from_str(list).unwrap_or_default()
}

/// AWS's list, as it is vendored. A test reads it whole.
pub fn actions() -> &'static ActionList {
    static LIST: LazyLock<ActionList> = LazyLock::new(|| ActionList {
        services: vendored_services(include_str!("../../vendor/iam-actions.json"))
            .map(|(name, json)| {
                let service = OnceLock::new();
                (name, LazyService { json, service })
            })
            .collect(),
    });
    &LIST
}

/// Each service with its JSON, in the form in which `vendor refresh` writes the list: the name of
/// a service is indented by one space, what belongs to it by more, and its last line is ` }`.
fn vendored_services(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    const END: &str = "\n }";
    let cut = |text: &'static str, at: &str| {
        let found = memmem::find(text.as_bytes(), at.as_bytes())?;
        Some((&text[..found], &text[found + at.len()..]))
    };
    let mut rest = list;
    std::iter::from_fn(move || {
        let (_, service) = cut(rest, "\n \"")?;
        let (name, body) = cut(service, "\": ")?;
        let (inside, after) = cut(body, END)?;
        rest = after;
        Some((name, &body[..inside.len() + END.len()]))
    })
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
    /// No action of this service is vendored.
    Service,
    /// The service has no such action; the nearest that it has, in lower case.
    Action(Option<String>),
}

impl fmt::Display for UnknownAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = &self.action;
        match &self.why {
            ActionSpelling::Form => write!(f, "`{action}` is not of the form service:Action"),
            ActionSpelling::Wildcard => write!(f, "`{action}` has a wildcard"),
            ActionSpelling::Service => write!(
                f,
                "no actions of the service of `{action}` are vendored\n  hint: check the prefix, or add it to vendor/services.txt and run `cargo xtask vendor refresh --pinned`"
            ),
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

impl ActionList {
    /// The types of resource that the action takes: none for an action that takes `*` only.
    /// Nothing for an action that doesn't exist.
    pub fn resource_types(&self, action: &str) -> Option<Vec<&'static str>> {
        self.types_of(action).map(items)
    }

    /// Whether the action takes resources, rather than `*` only. Nothing for an action that doesn't
    /// exist.
    pub fn takes_resource(&self, action: &str) -> Option<bool> {
        self.types_of(action).map(|types| types != "[]")
    }

    fn types_of(&self, action: &str) -> Option<&'static str> {
        let (service, name) = action.split_once(':')?;
        self.service(service)?.types(&lower(name))
    }

    fn service(&self, name: &str) -> Option<&Service> {
        let service = self.services.get(lower(name).as_ref())?;
        Some(service.get())
    }

    /// The ARNs that resources of a type have: regular expressions with `${Partition}`,
    /// `${Region}` and `${Account}`.
    pub fn arn_patterns(&self, service: &str, resource_type: &str) -> Vec<&'static str> {
        let name = resource_type.to_ascii_lowercase();
        let resources = self
            .service(service)
            .map_or("", |service| service.resources);
        let patterns = listed(resources).find(|(listed, _)| *listed == name);
        patterns.map_or_else(Vec::new, |(_, patterns)| items(patterns))
    }

    /// Whether there is such an action.
    pub fn contains(&self, action: &str) -> bool {
        self.types_of(action).is_some()
    }

    /// The actions of a service, in lower case with the service before them; none of a service that
    /// isn't vendored.
    pub fn of_service(&self, service: &str) -> impl Iterator<Item = String> {
        let actions = self.services.get(service).into_iter();
        actions
            .flat_map(|service| &service.get().actions)
            .map(move |(name, _)| format!("{service}:{name}"))
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
                None => ActionSpelling::Service,
                Some(known) => ActionSpelling::Action(
                    crate::yaml::nearest(name, known.actions.iter().map(|(name, _)| *name))
                        .map(|near| format!("{service}:{near}")),
                ),
            },
        };
        Some(UnknownAction {
            action: action.to_owned(),
            why,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        actions: BTreeMap<String, Vec<String>>,
        resources: BTreeMap<String, Vec<String>>,
    }

    #[test]
    fn the_vendored_list_is_read_whole_line_by_line() {
        let text = include_str!("../../vendor/iam-actions.json");
        let whole: BTreeMap<String, Whole> = serde_json::from_str(text).unwrap();
        let services = &actions().services;
        assert!(services.keys().eq(whole.keys()));
        let owned = |name: &str, list: &'static str| {
            let items = items(list).into_iter().map(str::to_owned).collect();
            (name.to_owned(), items)
        };
        for (name, service) in whole {
            let read = services[name.as_str()].get();
            let names = read.actions.iter().map(|(name, _)| *name);
            let actions = names.map(|name| owned(name, read.types(name).unwrap()));
            let resources = listed(read.resources).map(|(name, list)| owned(name, list));
            assert_eq!(actions.collect::<BTreeMap<_, _>>(), service.actions);
            assert_eq!(resources.collect::<BTreeMap<_, _>>(), service.resources);
        }
    }
}
