//! What can be said of an update from a version whose template isn't kept: what its facts tell,
//! and what they leave open.

use super::accounts::{Account, Accounts};
use super::compatibility::{Break, Incompatibility, compatibility_of};
use super::data::at_risk;
use super::impact::{Impact, ResourceImpact, worst};
use super::property::{BEHAVIOURS, property_change};
use super::stack::{LazyProperties, Properties};
use super::{Case, Effect, Reason, When, refused};
use crate::cfn::normal::normal;
use crate::cfn::place::{ACCOUNT, REGION};
use crate::cfn::{
    self, Evaluation, IndexMap, Map, Node, Parameter, ParameterType, Pseudo, Resource, Scenario,
    Template,
};
use crate::product::VersionName;
use crate::release::{LegacyParameter, LegacyVersion, LegacyVersions, Loss, NewestLegacyVersion};
use crate::resource::{self, OnChange};
use serde_json::{Value as Json, json};

/// What running products of a published version can't carry over.
pub fn compatibility_with(old: &LegacyVersion, new: &Template) -> Vec<Incompatibility> {
    let one = |parameter: &String, kind| Incompatibility {
        parameter: parameter.clone(),
        kind,
        values: Vec::new(),
    };
    let mut found = Vec::new();
    for (name, asked) in &old.parameters {
        match (new.parameters.get(name), parameter_of(asked)) {
            (None, _) => found.push(one(name, Break::Removed)),
            (Some(new), Some(old)) => found.extend(
                // The facts hold no pattern, so that every pattern would count as another.
                compatibility_of(name, &old, new)
                    .into_iter()
                    .filter(|broken| broken.kind != Break::Pattern),
            ),
            (Some(new), None) => found.push(one(
                name,
                Break::Type {
                    from: asked.r#type.clone(),
                    to: new.kind.to_string(),
                },
            )),
        }
    }
    let is_asked_anew = |(name, parameter): &(&String, &Parameter)| {
        !old.parameters.contains_key(*name) && parameter.default.is_none()
    };
    let required = new.parameters.iter().filter(is_asked_anew);
    found.extend(required.map(|(name, _)| one(name, Break::Required)));
    found
}

fn parameter_of(asked: &LegacyParameter) -> Option<Parameter> {
    let mut parameter = Parameter::new(ParameterType::parse(&asked.r#type)?);
    parameter.default = asked.default.as_deref().map(Node::from);
    parameter.allowed_values = asked
        .allowed_values
        .iter()
        .map(|text| text.as_str().into())
        .collect();
    parameter.min_value = asked.least.map(Node::from);
    parameter.max_value = asked.most.map(Node::from);
    Some(parameter)
}

/// Values that a property has where a template leaves it out.
const DEFAULTS: [(&str, &str); 1] = [("Path", "/")];

/// A version whose facts are kept in place of its template.
pub(super) struct Legacy<'a> {
    /// What it promised.
    pub version: &'a LegacyVersion,
    /// What stacks of the newest of such versions hold; of the others that isn't kept.
    pub newest: Option<&'a NewestLegacyVersion>,
    /// What is lost with each resource, as the facts say.
    classes: Option<&'a IndexMap<String, Loss>>,
    /// All that is known of such versions.
    facts: &'a LegacyVersions,
}

impl<'a> Legacy<'a> {
    /// A version by its facts, where something is known of it.
    pub fn of(facts: &'a LegacyVersions, name: VersionName) -> Option<Legacy<'a>> {
        Some(Legacy {
            version: facts.versions.get(&name)?,
            newest: facts
                .newest
                .as_ref()
                .filter(|newest| newest.version == name),
            classes: facts.newest.as_ref().map(|newest| &newest.classes),
            facts,
        })
    }

    /// Whether no more is known of one than of the other, so that an update does the same to both.
    pub fn is_like(&self, other: &Legacy<'_>) -> bool {
        self.newest.is_none() && other.newest.is_none() && self.version == other.version
    }

    /// What an update to a template does, in each account by its id. `first` are the first values
    /// of the template's parameters.
    pub fn impacts(
        &self,
        new: &Template,
        first: &Scenario,
        accounts: &Accounts,
    ) -> Vec<(String, Impact)> {
        let here;
        // Where such a version has no names for what it needs, nobody could launch it.
        let names = &self.facts.names;
        let mut all: Vec<&Account> = accounts.iter().collect();
        if all.iter().any(|account| names.contains_key(&account.id)) {
            all.retain(|account| names.contains_key(&account.id));
        }
        if all.is_empty() {
            let example = Pseudo::example();
            here = Account {
                name: String::new(),
                id: self
                    .newest
                    .map_or(example.account_id, |newest| newest.account.clone()),
                region: self
                    .newest
                    .map_or(example.region, |newest| newest.region.clone()),
            };
            all.push(&here);
        }
        let each = all.iter().map(|account| {
            let resources = self.in_account(new, first, account);
            (account.id.clone(), finished(resources))
        });
        each.collect()
    }

    fn in_account(
        &self,
        new: &Template,
        first: &Scenario,
        account: &Account,
    ) -> Vec<ResourceImpact> {
        let pseudo = Pseudo {
            stack_name: "a-stack".to_owned(),
            ..Pseudo::example()
        }
        .at(&account.id, &account.region);
        let mut values = Scenario::default();
        for name in new.parameters.keys() {
            let kept = self
                .version
                .parameters
                .get(name)
                .and_then(|asked| asked.default.clone());
            let default = || first.get(name).cloned();
            values.extend(kept.or_else(default).map(|value| (name.clone(), value)));
        }
        values.insert(REGION.to_owned(), account.region.clone());
        let evaluation = Evaluation::open(new, &values, &pseudo);
        let mut found = Vec::new();
        for (id, kind) in &self.version.resources {
            let resource = new
                .resources
                .get(id)
                .filter(|one| evaluation.creates(one) != Some(false));
            let fixed = self.newest.and_then(|newest| newest.fixed.get(id));
            let fixed = fixed.map(|fixed| self.fixed_in(fixed, account));
            let before = fixed.and_then(|fixed| properties_of(kind, &fixed));
            let reasons = match resource {
                None => vec![Reason::whole(
                    Effect::Removed,
                    "the template no longer has it".to_owned(),
                    BEHAVIOURS,
                )],
                Some(now) if now.kind != *kind => vec![Reason::whole(
                    Effect::Unknown,
                    format!(
                        "was {kind}, is {}: the update fails unless a transform makes them one",
                        now.kind
                    ),
                    BEHAVIOURS,
                )],
                Some(now) => {
                    let after = LazyProperties::of(now);
                    let after = |name: &str| after.get(name, |node| evaluation.node(node).value());
                    self.kept(now, before.as_ref(), &after, new)
                }
            };
            if reasons.is_empty() {
                continue;
            }
            let effect = worst(&reasons);
            let class = self.classes.and_then(|classes| classes.get(id));
            let is_plain = class == Some(&Loss::Plain);
            // Their nested stacks held triggers and policies, but where the facts say otherwise.
            let is_inside = kind == "AWS::CloudFormation::Stack" && class != Some(&Loss::Data);
            let data = match is_plain || is_inside || kind.starts_with("Custom::") {
                true => Vec::new(),
                false => {
                    let was = Resource::new(kind);
                    let properties = |name: &str| before.as_ref()?.get(name);
                    at_risk(effect, &was, &properties, new.resources.get(id))
                }
            };
            found.push(ResourceImpact {
                id: id.clone(),
                kind: kind.clone(),
                effect,
                reasons,
                data,
            });
        }
        found
    }

    /// What happens to a resource that both have, by the properties that don't simply change in
    /// place. Those that a parameter fills keep what was chosen.
    fn kept(
        &self,
        now: &Resource,
        before: Option<&Map>,
        after: &Properties<'_>,
        template: &Template,
    ) -> Vec<Reason> {
        let Some(facts) = resource::facts(&now.kind) else {
            return Vec::new();
        };
        let mut reasons = Vec::new();
        let names = before.into_iter().flat_map(Map::keys);
        let further = now
            .properties
            .keys()
            .filter(|name| before.is_none_or(|map| !map.contains_key(*name)));
        for name in names.chain(further) {
            if facts.on_change(&[name]) < OnChange::MayReplace || self.is_chosen(now, name) {
                continue;
            }
            let (old, new) = (before.and_then(|map| map.get(name)), after(name));
            if old.is_none() && new.is_none() {
                continue;
            }
            let is_default = old.is_some_and(|old| {
                new.is_none()
                    && DEFAULTS.contains(&(name.as_str(), old.as_str().unwrap_or_default()))
            });
            if is_default || old.is_some() && old.map(normal) == new.map(normal) {
                continue;
            }
            let case = Case {
                old: old.cloned(),
                new: new.cloned(),
                when: When::default(),
                example: (Scenario::default(), Scenario::default()),
            };
            if let Some(lost) = refused::row(None, template, &case) {
                reasons.push(Reason {
                    path: format!("Properties.{name}"),
                    ..lost
                });
                continue;
            }
            let was = |name: &str| before.and_then(|map| map.get(name)).or_else(|| after(name));
            let is = |name: &str| after(name);
            let mut reason = property_change(
                &now.kind,
                std::slice::from_ref(name),
                &case,
                &was,
                &is,
                now.update_policy.as_ref(),
            );
            if reason.effect < Effect::Interrupted {
                continue;
            }
            // The facts of the newest version hold every property that replaces.
            if old.is_none()
                && (before.is_none() || facts.on_change(&[name]) == OnChange::MayReplace)
            {
                reason.effect = reason.effect.min(Effect::Unknown);
                reason.why = format!(
                    "what the version has there isn't kept, and taken to be something else: {}",
                    reason.why
                );
            }
            reasons.push(reason);
        }
        reasons
    }

    /// Values that the newest version has in the account that the facts speak of, as they are in
    /// another one.
    fn fixed_in(
        &self,
        fixed: &IndexMap<String, Json>,
        account: &Account,
    ) -> IndexMap<String, Json> {
        let from = self.newest.map_or("", |newest| newest.account.as_str());
        let change = |text: &str| self.facts.translated(text, from, &account.id);
        fixed
            .iter()
            .map(|(name, json)| (name.clone(), each_text(json, &change)))
            .collect()
    }

    /// Whether people choose a property by a parameter that the version had as well.
    fn is_chosen(&self, now: &Resource, name: &str) -> bool {
        let node = now.properties.get(name);
        node.and_then(Node::as_intrinsic).is_some_and(|function| {
            matches!(function, cfn::Intrinsic::Ref(parameter) if self.version.parameters.contains_key(parameter))
        })
    }
}

/// What is done in any of these accounts, each reason with those in which it holds.
pub(super) fn anywhere(impacts: &[(String, Impact)], accounts: &Accounts) -> Impact {
    let tried: Vec<Scenario> = impacts
        .iter()
        .map(|(account, _)| Scenario::from_iter([(ACCOUNT.to_owned(), account.clone())]))
        .collect();
    let mut found: IndexMap<&str, ResourceImpact> = IndexMap::default();
    let mut held: Vec<((&str, &Reason), Vec<&Scenario>)> = Vec::new();
    for ((_, impact), account) in impacts.iter().zip(&tried) {
        for resource in &impact.resources {
            for reason in &resource.reasons {
                let key = (resource.id.as_str(), reason);
                match held.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, holds)) => holds.push(account),
                    None => held.push((key, vec![account])),
                }
            }
            let entry = found.entry(&resource.id).or_insert_with(|| ResourceImpact {
                reasons: Vec::new(),
                data: Vec::new(),
                ..resource.clone()
            });
            entry.effect = entry.effect.max(resource.effect);
            entry.data.extend(resource.data.iter().cloned());
        }
    }
    let places = accounts.places();
    for ((id, reason), holds) in held {
        if let Some(impact) = found.get_mut(id) {
            let when = When::of(&holds, &tried, &places);
            let reason = reason.clone();
            impact.reasons.push(Reason { when, ..reason });
        }
    }
    finished(found.into_values().collect())
}

/// Everything worst first, and each piece of data once.
fn finished(mut resources: Vec<ResourceImpact>) -> Impact {
    for impact in &mut resources {
        impact
            .reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.effect));
        impact.data.sort();
        impact.data.dedup();
    }
    resources.sort_by_key(|impact| std::cmp::Reverse(impact.effect));
    Impact { resources }
}

/// A fixed value with another text for each of its texts.
fn each_text(json: &Json, change: &dyn Fn(&str) -> String) -> Json {
    match json {
        Json::String(text) => Json::String(change(text)),
        Json::Array(items) => items.iter().map(|item| each_text(item, change)).collect(),
        Json::Object(map) => Json::Object(
            map.iter()
                .map(|(key, inner)| (key.clone(), each_text(inner, change)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Properties written as JSON, functions among them.
fn properties_of(kind: &str, fixed: &IndexMap<String, Json>) -> Option<Map> {
    let template = json!({ "Resources": { "Known": { "Type": kind, "Properties": fixed } } });
    let read = cfn::read(&template.to_string()).ok()?;
    read.resources
        .get("Known")
        .map(|known| known.properties.clone())
}
