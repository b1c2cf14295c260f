//! The judgement of an update: what it does to each resource, by everything that can touch it.

use super::chain::Chain;
use super::data::{at_risk, is_unknown_type};
use super::impact::{Impact, ResourceImpact, worst};
use super::judge::Judge;
use super::stack::Stack;
use super::{
    Accounts, ChangeKind, Changes, Effect, Imports, Kept, claim, diff_in, export, fixed_name,
};
use crate::cfn::{Places, Template};
use indexmap::IndexMap;

/// What an update from the old to the new template does to each resource: by its own changes, by
/// those of what it refers to, and by what is read anew at every update.
pub fn impact(old: &Template, new: &Template, changes: &Changes) -> Impact {
    let (places, kept, imports) = (Places::anywhere(), Kept::default(), Imports::default());
    impact_in(old, new, changes, &places, &kept, &imports)
}

/// What differs between two templates, and what the update does in accounts, to what is kept and
/// imported there.
pub(super) fn judged(old: &Template, new: &Template, accounts: &Accounts) -> (Changes, Impact) {
    let places = accounts.places();
    let changes = diff_in(old, new, &places);
    let (kept, imports) = (accounts.kept(), accounts.imports());
    let impact = impact_in(old, new, &changes, &places, kept, imports);
    (changes, impact)
}

/// As [`impact`], in these accounts and regions and those that the templates speak of, on machines
/// that keep something, where others import something.
pub fn impact_in(
    old: &Template,
    new: &Template,
    changes: &Changes,
    places: &Places,
    kept: &Kept,
    imports: &Imports,
) -> Impact {
    let places = places.and_of(&[old, new]);
    let (old, new) = (Stack::of(old, &places), Stack::of(new, &places));
    let judge = Judge {
        old: &old,
        new: &new,
        kept,
    };
    let mut touched: IndexMap<String, ResourceImpact> = IndexMap::new();
    for change in &changes.resources {
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
    Chain { judge: &judge }.follow_all(changes, &mut touched);
    fixed_name::names(&judge, changes, &mut touched);
    claim::claims(&judge, changes, &mut touched);
    for (id, impact) in &mut touched {
        impact.effect = worst(&impact.reasons);
        impact
            .reasons
            .sort_by_key(|reason| std::cmp::Reverse(reason.effect));
        let fate = changes.resource(id).map(|change| &change.fate);
        let old_id = match fate {
            Some(ChangeKind::Renamed { from }) => from,
            _ => id,
        };
        if let Some(was) = old.resource(old_id) {
            let effect = match fate {
                // Whether a name is taken is certain only of types that are known.
                Some(ChangeKind::Renamed { .. })
                    if impact.effect != Effect::Fails || is_unknown_type(&impact.kind) =>
                {
                    Effect::Removed
                }
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
    resources.extend(export::exports(
        old.template,
        new.template,
        changes,
        &resources,
        imports,
    ));
    resources.retain(|resource| !resource.reasons.is_empty());
    resources.sort_by_key(|resource| std::cmp::Reverse(resource.effect));
    Impact { resources }
}
