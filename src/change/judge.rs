//! What a resource's own changes do to it.

use super::data::in_place;
use super::lifecycle::lifecycle;
use super::property::{BEHAVIOURS, path_of, property_change};
use super::refused;
use super::stack::Stack;
use super::{ChangeKind, DataAtRisk, Effect, Kept, Reason, ResourceChange, When};
use crate::cfn::Node;
use crate::cfn::boot::{configs_of, hook};
use crate::cfn::init::Init;

const LOGICAL_IDS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html";
const CONDITIONS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html";
const ATTRIBUTES: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html";
const HUP: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html";

/// Both sides of an update.
pub(super) struct Judge<'a> {
    /// What is running.
    pub old: &'a Stack<'a>,
    /// What it is updated to.
    pub new: &'a Stack<'a>,
    /// What machines keep.
    pub kept: &'a Kept,
}

impl Judge<'_> {
    /// Why a changed resource is affected, and the data at risk while it stays.
    pub fn own(&self, change: &ResourceChange) -> (Vec<Reason>, Vec<DataAtRisk>) {
        let mut reasons = self.whole(change);
        let mut data = Vec::new();
        let policy = self.new.resource(&change.id);
        let policy = policy.and_then(|resource| resource.update_policy.as_ref());
        for property in &change.properties {
            for case in &property.cases {
                if let Some(lost) = refused::row(Some(self.old.template), self.new.template, case) {
                    let path = path_of(&property.path);
                    reasons.push(Reason { path, ..lost });
                    continue;
                }
                let before = self.old.properties_at(&change.id, &case.example.0);
                let after = self.new.properties_at(&change.id, &case.example.1);
                let before = |name: &str| before.as_ref()?.get(name);
                let after = |name: &str| after.as_ref()?.get(name);
                reasons.push(property_change(
                    &change.kind,
                    &property.path,
                    case,
                    &before,
                    &after,
                    policy,
                ));
                reasons.extend(refused::architecture(
                    &change.kind,
                    &property.path,
                    case,
                    &before,
                    &after,
                ));
                let (old, new) = (case.old.as_ref(), case.new.as_ref());
                data.extend(in_place(&change.kind, &property.path, old, new));
                data.extend(lifecycle(&change.kind, &property.path, &before, &after));
            }
        }
        for metadata in &change.metadata {
            let reason = self.metadata(&change.id, &metadata.path);
            reasons.extend(metadata.cases.iter().map(|case| {
                let instead = self.kept.instead(case.old.as_ref(), case.new.as_ref());
                match instead {
                    Some(why) if reason.effect == Effect::InPlace => Reason {
                        effect: Effect::NotApplied,
                        why,
                        when: case.when.clone(),
                        ..reason.clone()
                    },
                    _ => Reason {
                        when: case.when.clone(),
                        ..reason.clone()
                    },
                }
            }));
        }
        (merged(reasons), data)
    }

    /// What happens to it as a whole, and to its attributes.
    fn whole(&self, change: &ResourceChange) -> Vec<Reason> {
        let mut reasons = Vec::new();
        match &change.fate {
            ChangeKind::Added => reasons.push(Reason::whole(Effect::Added, "it is new".to_owned(), BEHAVIOURS)),
            ChangeKind::Removed => reasons.push(Reason::whole(
                Effect::Removed,
                "the template no longer has it".to_owned(),
                BEHAVIOURS,
            )),
            ChangeKind::Renamed { from } => reasons.push(Reason::whole(
                Effect::Replaced,
                format!("it was `{from}`: CloudFormation knows a resource by its logical id, makes a new one and removes the old one"),
                LOGICAL_IDS,
            )),
            ChangeKind::Changed => {}
        }
        if let Some(was) = &change.old_kind {
            reasons.push(Reason {
                path: "Type".to_owned(),
                ..Reason::whole(
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
                    ..Reason::whole(effect, why.to_owned(), CONDITIONS)
                });
            }
        }
        for attribute in &change.attributes {
            let keeps = |text: &Option<String>| {
                let text = text.as_deref();
                text.is_some_and(|text| text.starts_with("Retain") || text == "Snapshot")
            };
            let why = match (attribute.name, keeps(&attribute.old), keeps(&attribute.new)) {
                ("DeletionPolicy", true, false) => {
                    "the resource itself stays; once it leaves the stack it is deleted, and kept no longer"
                }
                ("UpdateReplacePolicy", true, false) => {
                    "the resource itself stays; once it is replaced the old one is deleted, and kept no longer"
                }
                _ => "it decides about creating, replacing or deleting; the resource itself stays",
            };
            reasons.push(Reason {
                path: attribute.name.to_owned(),
                ..Reason::whole(Effect::NoEffect, why.to_owned(), ATTRIBUTES)
            });
        }
        reasons
    }

    /// What a change of metadata does: `cfn-init` reads it on a machine, nothing else does.
    pub fn metadata(&self, id: &str, path: &[String]) -> Reason {
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
        let before = self.old.metadata(id, Init::KEY);
        let user_data = || self.old.property(id, "UserData");
        let Some(hook) = before.and_then(|init| hook(id, init, user_data())) else {
            return reason(
                Effect::NotApplied,
                "the machine reads it at its first boot only: no cfn-hup watches it",
            );
        };
        let applied = |init: Option<&Node>| -> Vec<String> {
            init.map_or_else(Vec::new, |init| {
                hook.sets
                    .iter()
                    .flat_map(|set| configs_of(init, set))
                    .collect()
            })
        };
        let now = applied(self.new.metadata(id, Init::KEY));
        let is_applied = match path.get(1).map(String::as_str) {
            // The lists of the sets: the hook notices only what it runs.
            Some("configSets") => applied(before) != now,
            Some(config) => now.iter().any(|name| name == config),
            None => !now.is_empty(),
        };
        match is_applied {
            true => reason(Effect::InPlace, "cfn-hup applies it to the running machine"),
            false => reason(
                Effect::NotApplied,
                "cfn-hup runs, but not the config sets that hold this",
            ),
        }
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
