//! The actions that IAM knows, by service, with the resource types that each takes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

/// AWS's list of actions for the services whose actions are vendored.
///
/// Names compare without regard to case, as IAM compares them; the list holds them in lower case.
#[derive(Clone, Debug)]
pub struct ActionList {
    services: BTreeMap<String, LazyService>,
}

/// A service, read when it is first asked for: most lists of actions never are.
#[derive(Clone, Debug)]
struct LazyService {
    json: &'static str,
    service: OnceLock<Service>,
}

impl LazyService {
    /// What can't be read holds no action: none would pass unchecked.
    fn get(&self) -> &Service {
        self.service
            .get_or_init(|| serde_json::from_str(self.json).unwrap_or_default())
    }
}

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    actions: BTreeMap<String, Vec<String>>,
    resources: BTreeMap<String, Vec<String>>,
}

/// AWS's list, as it is vendored. What can't be read of it holds no action: none would pass
/// unchecked. A test reads it whole.
pub fn actions() -> &'static ActionList {
    static LIST: LazyLock<ActionList> = LazyLock::new(|| ActionList {
        services: vendored_services(include_str!("../../vendor/iam-actions.json"))
            .map(|(name, json)| {
                let service = OnceLock::new();
                (name.to_owned(), LazyService { json, service })
            })
            .collect(),
    });
    &LIST
}

/// Each service with its JSON, in the form in which `vendor refresh` writes the list: the name of
/// a service is indented by one space, what belongs to it by more, and its last line is ` }`.
fn vendored_services(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    const END: &str = "\n }";
    let mut rest = list;
    std::iter::from_fn(move || {
        let (_, service) = rest.split_once("\n \"")?;
        let (name, body) = service.split_once("\": ")?;
        let end = body.find(END)? + END.len();
        rest = &body[end..];
        Some((name, &body[..end]))
    })
}

/// A list of actions that can't be read.
#[derive(Debug)]
pub struct ActionListError(serde_json::Error);

impl fmt::Display for ActionListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the list of IAM actions cannot be read: {}\n  hint: restore it with `cargo xtask vendor refresh --pinned`",
            self.0
        )
    }
}

impl std::error::Error for ActionListError {}

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
    /// Reads the list from its JSON: service, then `actions` (name to types of resource) and
    /// `resources` (type to ARN patterns).
    ///
    /// # Errors
    /// Another shape.
    pub fn parse(json: &str) -> Result<ActionList, ActionListError> {
        let services: BTreeMap<String, Service> =
            serde_json::from_str(json).map_err(ActionListError)?;
        let read = |(name, service): (String, Service)| {
            let service = OnceLock::from(service);
            (name, LazyService { json: "", service })
        };
        Ok(ActionList {
            services: services.into_iter().map(read).collect(),
        })
    }

    /// The types of resource that the action takes: none for an action that takes `*` only.
    /// Nothing for an action that doesn't exist.
    pub fn resource_types(&self, action: &str) -> Option<&[String]> {
        let (service, name) = action.split_once(':')?;
        self.services
            .get(&service.to_ascii_lowercase())?
            .get()
            .actions
            .get(&name.to_ascii_lowercase())
            .map(Vec::as_slice)
    }

    /// The ARNs that resources of a type have: regular expressions with `${Partition}`,
    /// `${Region}` and `${Account}`.
    pub fn arn_patterns(&self, service: &str, resource_type: &str) -> &[String] {
        self.services
            .get(service)
            .and_then(|service| {
                let types = &service.get().resources;
                types.get(&resource_type.to_ascii_lowercase())
            })
            .map_or(&[], Vec::as_slice)
    }

    /// Whether there is such an action.
    pub fn contains(&self, action: &str) -> bool {
        self.resource_types(action).is_some()
    }

    /// The actions of a service, in lower case with the service before them; none of a service that
    /// isn't vendored.
    pub fn of_service(&self, service: &str) -> impl Iterator<Item = String> {
        let actions = self.services.get(service).into_iter();
        actions
            .flat_map(|service| service.get().actions.keys())
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
            Some((service, name)) => match self.services.get(&service.to_ascii_lowercase()) {
                None => ActionSpelling::Service,
                Some(known) => ActionSpelling::Action(
                    crate::yaml::nearest(name, known.get().actions.keys().map(String::as_str))
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

    #[test]
    fn the_vendored_list_is_read_whole_service_by_service() {
        let text = include_str!("../../vendor/iam-actions.json");
        let whole: BTreeMap<String, Service> = serde_json::from_str(text).unwrap();
        let lazy = &actions().services;
        assert!(lazy.keys().eq(whole.keys()));
        for (name, service) in &whole {
            let read = lazy[name].get();
            assert_eq!(read.actions, service.actions, "{name}");
            assert_eq!(read.resources, service.resources, "{name}");
        }
    }
}
