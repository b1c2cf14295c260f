//! The actions that IAM knows, by service, with the resource types that each takes.

use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// AWS's list of actions for the services whose actions are vendored.
///
/// Names compare without regard to case, as IAM compares them; the list holds them in lower case.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct ActionList {
    #[serde(borrow)]
    services: BTreeMap<&'static str, Service>,
}

/// A service, its actions with the resource types that each takes, and those types with the
/// patterns of their ARNs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    #[serde(borrow)]
    actions: BTreeMap<&'static str, Vec<&'static str>>,
    #[serde(borrow)]
    resources: BTreeMap<&'static str, Vec<&'static str>>,
}

/// A name as the list has it.
fn lower(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// AWS's list, as it is vendored.
///
/// # Panics
/// Where the file that is compiled in has another form: any test that asks for it shows that.
pub fn actions() -> &'static ActionList {
    static LIST: LazyLock<ActionList> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../vendor/iam-actions.json"))
            .unwrap_or_else(|error| panic!("vendor/iam-actions.json: {error}"))
    });
    &LIST
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

    fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(lower(name).as_ref())
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
    /// isn't vendored.
    pub fn of_service(&self, service: &str) -> impl Iterator<Item = String> {
        let actions = self.services.get(service).into_iter();
        actions
            .flat_map(|service| service.actions.keys())
            .map(move |name| format!("{service}:{name}"))
    }

    /// The number of services and of actions.
    pub fn size(&self) -> (usize, usize) {
        let actions = self.services.values().map(|service| service.actions.len());
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
                    crate::yaml::nearest(name, known.actions.keys().copied())
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
