//! What an update does to each resource of a running product.

use super::data::{at_risk, in_place};
use super::property::{BEHAVIOURS, property_change, property_path};
use super::side::{AtDefaults, Side};
use super::{Case, ChangeKind, Changes, DataAtRisk, Effect, Reason, ResourceChange, When};
use crate::cfn::boot::{configs_of, hook};
use crate::cfn::init::Init;
use crate::cfn::{Path, Template};
use indexmap::IndexMap;
use serde::Serialize;

/// What an update does, worst first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Impact {
    /// The resources that it touches.
    pub resources: Vec<ResourceImpact>,
}

/// What an update does to a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceImpact {
    /// Its logical id.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The worst of what is done to it.
    pub effect: Effect,
    /// Why, worst first.
    pub reasons: Vec<Reason>,
    /// The data at risk.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<DataAtRisk>,
}

impl Impact {
    /// The worst that is done to any resource.
    pub fn worst(&self) -> Effect {
        let effects = self.resources.iter().map(|resource| resource.effect);
        effects.max().unwrap_or(Effect::NoEffect)
    }

    /// What is done to a resource.
    pub fn effect(&self, id: &str) -> Effect {
        let found = self.resources.iter().find(|resource| resource.id == id);
        found.map_or(Effect::NoEffect, |resource| resource.effect)
    }
}

const LOGICAL_IDS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html";
const CONDITIONS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html";
const ATTRIBUTES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html";
const HUP: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html";

/// What an update from the old to the new template does to each resource: by its own changes, and
/// by those of what it refers to.
pub fn impact(old: &Template, new: &Template, changes: &Changes) -> Impact {
    let (old, new) = (AtDefaults::of(old), AtDefaults::of(new));
    impact_between(&old, &new, &changes.resources)
}

/// As [`impact`], for changes of resources from one stack to another.
pub(super) fn impact_between(old: &dyn Side, new: &dyn Side, changes: &[ResourceChange]) -> Impact {
    let judge = Judge { old, new };
    let mut touched: IndexMap<String, ResourceImpact> = IndexMap::new();
    for change in changes {
        let (reasons, data) = judge.own(change);
        touched.insert(
            change.id.clone(),
            ResourceImpact {
                id: change.id.clone(),
                kind: change.kind.clone(),
                effect: worst(&reasons),
                reasons,
                data,
            },
        );
    }
    judge.cascade(&mut touched);
    for (id, impact) in &mut touched {
        impact.effect = worst(&impact.reasons);
        impact
            .reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.effect));
        let change = changes.iter().find(|change| change.id == *id);
        let before = change.map(|change| &change.fate);
        let old_id = match before {
            Some(ChangeKind::Renamed { from }) => from,
            _ => id,
        };
        if let Some(was) = old.resource(old_id) {
            let effect = match before {
                Some(ChangeKind::Renamed { .. }) => Effect::Removed,
                _ => impact.effect,
            };
            let properties = |name: &str| old.property(old_id, name);
            let data = at_risk(effect, was, &properties, new.resource(id));
            impact.data.extend(data);
        }
        impact.data.sort();
        impact.data.dedup();
    }
    let mut resources: Vec<ResourceImpact> = touched.into_values().collect();
    resources.sort_by_key(|resource| std::cmp::Reverse(resource.effect));
    Impact { resources }
}

fn worst(reasons: &[Reason]) -> Effect {
    let effects = reasons.iter().map(|reason| reason.effect);
    effects.max().unwrap_or(Effect::NoEffect)
}

struct Judge<'a> {
    old: &'a dyn Side,
    new: &'a dyn Side,
}

impl Judge<'_> {
    fn own(&self, change: &ResourceChange) -> (Vec<Reason>, Vec<DataAtRisk>) {
        let mut reasons = Vec::new();
        let mut data = Vec::new();
        let whole = |effect, why: String, source: &str| Reason {
            path: String::new(),
            effect,
            why,
            source: source.to_owned(),
            when: When::default(),
        };
        match &change.fate {
            ChangeKind::Added => reasons.push(whole(Effect::Added, "it is new".to_owned(), BEHAVIOURS)),
            ChangeKind::Removed => reasons.push(whole(
                Effect::Removed,
                "the template no longer has it".to_owned(),
                BEHAVIOURS,
            )),
            ChangeKind::Renamed { from } => reasons.push(whole(
                Effect::Replaced,
                format!("it was `{from}`: CloudFormation knows a resource by its logical id, makes a new one and removes the old one"),
                LOGICAL_IDS,
            )),
            ChangeKind::Changed => {}
        }
        if let Some(was) = &change.old_kind {
            reasons.push(Reason {
                path: "Type".to_owned(),
                ..whole(
                    Effect::Fails,
                    format!(
                        "it is a `{was}`: the type of a resource can't change under one logical id"
                    ),
                    BEHAVIOURS,
                )
            });
        }
        for (when, effect, why) in [
            (&change.appears, Effect::Added, "its condition now holds"),
            (
                &change.disappears,
                Effect::Removed,
                "its condition no longer holds",
            ),
        ] {
            if let Some(when) = when {
                reasons.push(Reason {
                    path: "Condition".to_owned(),
                    when: when.clone(),
                    ..whole(effect, why.to_owned(), CONDITIONS)
                });
            }
        }
        if !change.properties.is_empty() {
            let before = |name: &str| self.old.property(&change.id, name);
            let after = |name: &str| self.new.property(&change.id, name);
            for property in &change.properties {
                for case in &property.cases {
                    reasons.push(property_change(
                        &change.kind,
                        &property.path,
                        case,
                        &before,
                        &after,
                    ));
                    let (old, new) = (case.old.as_ref(), case.new.as_ref());
                    data.extend(in_place(&change.kind, &property.path, old, new));
                }
            }
        }
        for metadata in &change.metadata {
            reasons.push(self.metadata(&change.id, &metadata.path));
        }
        for attribute in &change.attributes {
            reasons.push(Reason {
                path: (*attribute).to_owned(),
                ..whole(
                    Effect::NoEffect,
                    "it decides about creating, replacing or deleting; the resource itself stays"
                        .to_owned(),
                    ATTRIBUTES,
                )
            });
        }
        (merged(reasons), data)
    }

    /// What a change of metadata does: `cfn-init` reads it on a machine, nothing else does.
    fn metadata(&self, id: &str, path: &[String]) -> Reason {
        let reason = |effect, why: &str| Reason {
            path: format!("Metadata.{}", path.join(".")),
            effect,
            why: why.to_owned(),
            source: HUP.to_owned(),
            when: When::default(),
        };
        if path.first().map(String::as_str) != Some(Init::KEY) {
            return reason(Effect::NoEffect, "nothing reads it");
        }
        // The machine that runs has the old template's hook, and reads the new metadata with it.
        let init = self.old.metadata(id, Init::KEY);
        let user_data = || self.old.property(id, "UserData");
        let Some(hook) = init.and_then(|init| hook(id, init, user_data())) else {
            return reason(
                Effect::NotApplied,
                "the machine reads it at its first boot only: no cfn-hup watches it",
            );
        };
        let init = self.new.metadata(id, Init::KEY);
        let applied: Vec<String> = init.map_or_else(Vec::new, |init| {
            hook.sets
                .iter()
                .flat_map(|set| configs_of(init, set))
                .collect()
        });
        match path.get(1).map(String::as_str) {
            Some("configSets") | None => reason(
                Effect::InPlace,
                "cfn-hup applies its config sets to the running machine",
            ),
            Some(config) if applied.iter().any(|name| name == config) => {
                reason(Effect::InPlace, "cfn-hup applies it to the running machine")
            }
            Some(_) => reason(
                Effect::NotApplied,
                "cfn-hup runs, but not the config sets that hold this",
            ),
        }
    }

    /// Follows what is replaced to everything that refers to it, until nothing new is touched.
    fn cascade(&self, touched: &mut IndexMap<String, ResourceImpact>) {
        let mut done: Vec<(String, Effect)> = Vec::new();
        loop {
            let next = touched
                .values()
                .map(|impact| (impact.id.clone(), worst(&impact.reasons)))
                .find(|(id, effect)| {
                    let moves = matches!(effect, Effect::Replaced | Effect::Unknown);
                    moves && !done.contains(&(id.clone(), *effect))
                });
            let Some((cause, effect)) = next else { return };
            done.push((cause.clone(), effect));
            for at in self.new.references_to(&cause) {
                let Some(id) = at.logical_id().filter(|id| *id != cause) else {
                    continue;
                };
                if let Some(reason) = self.follow(id, &at, &cause, effect) {
                    let kind = self.new.resource(id).map(|resource| resource.kind.clone());
                    let impact = touched
                        .entry(id.to_owned())
                        .or_insert_with(|| ResourceImpact {
                            id: id.to_owned(),
                            kind: kind.unwrap_or_default(),
                            effect: Effect::NoEffect,
                            reasons: Vec::new(),
                            data: Vec::new(),
                        });
                    let is_new_one = impact.reasons.iter().any(|one| one.effect == Effect::Added);
                    if !is_new_one && !impact.reasons.contains(&reason) {
                        impact.reasons.push(reason);
                    }
                }
            }
        }
    }

    /// What a new id or attribute of `cause` does where it is referred to.
    fn follow(&self, id: &str, at: &Path, cause: &str, effect: Effect) -> Option<Reason> {
        let resource = self.new.resource(id)?;
        self.old.resource(id)?;
        let segments = at.segments();
        let (section, rest) = (segments.get(2)?, segments.get(3..)?);
        // A path into a function ends at the function: `SubnetId.If.1` is a change of `SubnetId`.
        let path: Vec<String> = property_path(&resource.kind, rest);
        let mut reason = match section.as_str() {
            "Properties" => {
                let case = Case {
                    old: None,
                    new: None,
                    when: When::default(),
                };
                let before = |name: &str| self.old.property(id, name);
                let after = |name: &str| self.new.property(id, name);
                property_change(&resource.kind, &path, &case, &before, &after)
            }
            "Metadata" => self.metadata(id, rest),
            _ => return None,
        };
        if effect == Effect::Unknown && reason.effect > Effect::Unknown {
            reason.effect = Effect::Unknown;
        }
        let verb = match effect {
            Effect::Unknown => "may be replaced",
            _ => "is replaced",
        };
        reason.why = format!("`{cause}` {verb}: {}", reason.why);
        Some(reason)
    }
}

/// One reason for each path and effect: the cases of a property that do the same are one.
fn merged(reasons: Vec<Reason>) -> Vec<Reason> {
    let mut merged: Vec<Reason> = Vec::new();
    for reason in reasons {
        let same = merged
            .iter_mut()
            .find(|one| one.path == reason.path && one.effect == reason.effect);
        match same {
            Some(one) => one.when = one.when.or(&reason.when),
            None => merged.push(reason),
        }
    }
    merged
}
