//! The steps of one product: its templates, itself, its versions, and who may launch them.

use super::candidates::{candidates, live_versions};
use super::draft::Draft;
use super::plan_input::PlanInput;
use super::product_draft::Steps;
use super::{
    Action, Availability, Body, Layer, LiveProduct, LiveTemplate, Ownership, PRODUCT_TAG, Product,
    Reference, Scope, StepId, Subject, Version, WITHDRAWN_TAG, availabilities,
};
use crate::product::{Key, ProductType, VersionName};
use std::collections::{BTreeMap, BTreeSet};

/// Service Catalog takes no more versions of a product.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const VERSIONS_OF_A_PRODUCT: usize = 100;

pub(super) fn plan(known: &PlanInput<'_>, product: &Product, draft: &mut Draft) {
    let key = &product.key;
    let live = match known.owned.get(key) {
        Some(Ownership::Unclear(blockers)) => {
            for blocker in blockers {
                draft.block_by(blocker.clone());
            }
            return;
        }
        Some(Ownership::Ours(live)) => Some(*live),
        _ => None,
    };
    if let Some(live) = live
        && let Some(message) = mistyped(product, live)
    {
        draft.block(
            Subject::Product(key.clone()),
            message,
            "Service Catalog never changes the type of a product: take its tag off that product, or correct the recorded id",
        );
        return;
    }
    // A withdrawal takes effect on what is there, whatever else is wrong.
    let is_withdrawal = known.goal.scope == Scope::Withdrawals;
    if !is_withdrawal && let Some(below) = held_below(known, key, draft) {
        draft.wait(Subject::Product(key.clone()), &below);
        return;
    }
    let Some(versions) = live_versions(known, product, live, draft) else {
        return;
    };
    let candidates = candidates(known, product, &versions, draft);
    let withdrawn = live.map_or_else(BTreeMap::new, |live| known.goal.withdrawn(live, key));
    let there: BTreeSet<VersionName> = versions.keys().copied().collect();
    let availabilities = availabilities(
        candidates.iter().copied(),
        &there,
        &withdrawn.keys().copied().collect(),
        product.retention,
    );
    let mut steps = Steps {
        known,
        product,
        live,
        versions,
        draft,
        withdrawal: None,
        created: BTreeMap::new(),
        offers: Vec::new(),
    };
    steps.withdraw(&withdrawn);
    if !is_withdrawal {
        let missing: Vec<&Version> = product
            .versions
            .iter()
            .filter(|version| {
                availabilities.by_version.get(&version.name) == Some(&Availability::Offered)
                    && !steps.versions.contains_key(&version.name)
            })
            .collect();
        steps.room_for(missing.len());
        steps.upload(&missing);
        steps.product_itself(&missing);
        steps.create(&missing);
    }
    for version in &product.versions {
        if let Some(availability) = availabilities.by_version.get(&version.name) {
            if !is_withdrawal {
                steps.describe(version);
                steps.associate(version, *availability);
            }
            if *availability == Availability::Offered {
                steps.offer(version);
            }
        }
    }
    for version in &product.versions {
        match availabilities.by_version.get(&version.name) {
            Some(Availability::Deprecated) => steps.deprecate(version, availabilities.newest),
            Some(Availability::Retired) => steps.retire(version, availabilities.newest),
            Some(Availability::Withdrawn) => {
                let reason = withdrawn.get(&version.name).map_or("", String::as_str);
                steps.close_withdrawn(version, reason);
            }
            _ => {}
        }
        if let Some(reason) = &version.barred {
            steps.bar(version, reason);
        }
    }
    if product.closes_adopted && !is_withdrawal {
        steps.close_adopted();
    }
}

/// Why the account's product can't have versions of ours: it is made by something else.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/productmgmt-update.html>
fn mistyped(product: &Product, live: &LiveProduct) -> Option<String> {
    let default = ProductType::default().as_str();
    let is = live.product_type.as_deref().unwrap_or(default);
    let ours = product.versions.first()?.product_type.as_str();
    (is != ours).then(|| {
        format!(
            "{} is of the type {is}, and ours of the type {ours}",
            live.id
        )
    })
}

/// What a product stands on and that is left as it is: a stack of the foundation, or that of its
/// launch role.
fn held_below(known: &PlanInput<'_>, key: &Key, draft: &Draft) -> Option<Subject> {
    let stacks = known.desired.stacks.iter();
    stacks
        .filter(|stack| stack.layer == Layer::Foundation)
        .filter(|stack| stack.launch_role_of.as_ref().is_none_or(|of| of == key))
        .map(|stack| Subject::Stack(stack.name.clone()))
        .find(|stack| draft.is_held(stack))
}

impl Steps<'_, '_> {
    /// The tags say which versions nobody should get any more: first of all, so that whoever goes on
    /// from a run that was cut off knows it too.
    fn withdraw(&mut self, withdrawn: &BTreeMap<VersionName, String>) {
        let Some(live) = self.live else { return };
        let now = live.withdrawn();
        let more: Vec<_> = withdrawn
            .iter()
            .filter(|(name, _)| !now.contains_key(name))
            .collect();
        let less: Vec<_> = now
            .keys()
            .filter(|name| !withdrawn.contains_key(name))
            .collect();
        if more.is_empty() && less.is_empty() {
            return;
        }
        let key = &self.product.key;
        let words = more
            .iter()
            .map(|(name, _)| format!("withdraw {key} {name}"))
            .chain(less.iter().map(|name| format!("give {key} {name} back")));
        let what = words.collect::<Vec<String>>().join("; ");
        let reasons: Vec<&str> = more.iter().map(|(_, reason)| reason.as_str()).collect();
        let reason = match reasons.is_empty() {
            true => "somebody asked for it".to_owned(),
            false => reasons.join("; "),
        };
        let action = Action::UpdateProduct {
            product: key.clone(),
            texts: live.texts.clone(),
            tags: more
                .iter()
                .map(|(name, reason)| (format!("{WITHDRAWN_TAG}{name}"), (*reason).clone()))
                .collect(),
            untag: less
                .iter()
                .map(|name| format!("{WITHDRAWN_TAG}{name}"))
                .collect(),
        };
        let id = self.push(
            StepId::WithdrawVersion(key.clone()),
            action,
            what,
            reason,
            Vec::new(),
        );
        self.impact(&["running products stay as they are".to_owned()]);
        self.withdrawal = Some(id);
    }

    fn room_for(&mut self, more: usize) {
        let have = self.live.map_or(0, |live| live.versions.len());
        if have + more > VERSIONS_OF_A_PRODUCT {
            self.draft.block(
                Subject::Product(self.product.key.clone()),
                format!("it has {have} versions, and {VERSIONS_OF_A_PRODUCT} are the most that Service Catalog takes"),
                "delete old versions that nothing runs on (`cargo xtask status` counts), or ask AWS for a higher quota",
            );
        }
    }

    /// Templates of live and missing versions that the bucket lacks.
    fn upload(&mut self, missing: &[&Version]) {
        let product = self.product;
        for version in &product.versions {
            let is_wanted = self.versions.contains_key(&version.name)
                || missing.iter().any(|one| one.name == version.name);
            if !is_wanted {
                continue;
            }
            let live = self.known.observed.templates.get(&version.object);
            let id = StepId::UploadTemplate(product.key.clone(), version.name);
            let after = self.draft.of_bucket(self.known.desired);
            let bucket = self.known.desired.bucket.reference();
            let reason = match live {
                None => "the bucket doesn't have it".to_owned(),
                Some(LiveTemplate {
                    body: Body::Read(digest),
                    ..
                }) if *digest != version.digest => format!(
                    "somebody has overwritten {}: it is {digest}",
                    version.object
                ),
                Some(LiveTemplate {
                    body: Body::Unreadable(why),
                    ..
                }) => {
                    self.draft.block(
                        Subject::Template(product.key.clone(), version.name),
                        format!("{} can't be read, and launches can't either: {why}", version.object),
                        "where it is in an archive, restore it and copy it onto itself, and take it out of the bucket's lifecycle rules; where its key is disabled or about to be deleted, enable the key; where the bucket's policy denies it, mend that. Or delete the object, then publish again, which uploads it anew",
                    );
                    continue;
                }
                Some(live) if !live.is_tagged => {
                    let id = StepId::TagTemplate(product.key.clone(), version.name);
                    let body = version.product_type.body();
                    let what = format!("tag the {body} of {} again", self.named(version));
                    let object = version.object.clone();
                    let action = Action::TagTemplate { object, bucket };
                    let reason = "it lacks the tag by which launch roles may read it";
                    self.push(id, action, what, reason, after);
                    continue;
                }
                Some(_) => continue,
            };
            let action = Action::UploadTemplate {
                product: product.key.clone(),
                version: version.clone(),
                bucket,
                replace: live.is_some(),
            };
            let verb = if live.is_some() { "put back" } else { "upload" };
            let body = version.product_type.body();
            let what = format!("{verb} the {body} of {}", self.named(version));
            self.push(id, action, what, reason, after);
        }
    }

    /// The steps before a version: its upload, where one is planned, and the foundation, with the role
    /// that it is launched with.
    fn uploaded(&self, version: &Version) -> Vec<StepId> {
        let id = StepId::UploadTemplate(self.product.key.clone(), version.name);
        let mut before = self.draft.below(&self.product.key);
        before.extend(self.draft.has(&id).then_some(id));
        before
    }

    fn product_itself(&mut self, missing: &[&Version]) {
        let product = self.product;
        let Some(live) = self.live else {
            let Some(first) = missing.first() else {
                self.draft.notes.push(format!(
                    "{} is not published: it has no version that this environment may have",
                    product.key
                ));
                return;
            };
            let action = Action::CreateProduct {
                product: product.key.clone(),
                texts: product.texts.clone(),
                version: (*first).clone(),
                bucket: self.known.desired.bucket.reference(),
            };
            let what = format!(
                "create the product {} (`{}`) with {}",
                product.key, product.texts.name, first.name
            );
            let before = self.uploaded(first);
            let id = self.push(
                StepId::CreateProduct(product.key.clone()),
                action,
                what,
                self.why_absent(),
                before,
            );
            self.created.insert(first.name, id);
            return;
        };
        let mut reasons = Vec::new();
        let mut tags = BTreeMap::new();
        if !live.tagged_as(&product.key) {
            tags.insert(PRODUCT_TAG.to_owned(), product.key.to_string());
            reasons.push("it is recorded as ours and lacks our tag".to_owned());
        }
        reasons.extend(changed_texts(live, product));
        if !reasons.is_empty() {
            let action = Action::UpdateProduct {
                product: product.key.clone(),
                texts: product.texts.clone(),
                tags,
                untag: Vec::new(),
            };
            let what = format!("change what is shown of {}", product.key);
            self.push(
                StepId::UpdateProduct(product.key.clone()),
                action,
                what,
                reasons.join("; "),
                Vec::new(),
            );
        }
    }

    /// Why the account lacks the product: where a stack has been given its id, it was there.
    fn why_absent(&self) -> String {
        let product = Reference::ProductId(self.product.key.clone());
        let observed = self.known.observed;
        let mut given = self.known.desired.stacks.iter().filter_map(|stack| {
            let mut parameters = stack.parameters.iter();
            let (name, _) = parameters.find(|(_, reference)| **reference == product)?;
            let id = observed.stacks.get(&stack.name)?.parameters.get(name)?;
            Some((&stack.name, id))
        });
        let lost = given.find(|(_, id)| !observed.products.contains_key(*id));
        lost.map_or_else(
            || "the account doesn't have it".to_owned(),
            |(stack, id)| {
                format!("somebody has deleted {id}, which the stack {stack} has been given: what ran of it stays as a stack, and nobody can update or end it from Service Catalog")
            },
        )
    }

    fn create(&mut self, missing: &[&Version]) {
        let mut before = self.created.values().next().cloned();
        for version in missing {
            if self.created.contains_key(&version.name) {
                continue;
            }
            let action = Action::CreateVersion {
                product: self.product.key.clone(),
                version: (*version).clone(),
                bucket: self.known.desired.bucket.reference(),
            };
            let what = format!("create {}, closed to launches", self.named(version));
            let mut after = self.uploaded(version);
            after.extend(before.clone());
            let id = self.push(
                StepId::CreateVersion(self.product.key.clone(), version.name),
                action,
                what,
                "the account doesn't have it",
                after,
            );
            self.created.insert(version.name, id.clone());
            before = Some(id);
        }
    }
}

fn changed_texts(live: &LiveProduct, product: &Product) -> Vec<String> {
    let (is, should) = (&live.texts, &product.texts);
    [
        ("name", &is.name, &should.name),
        ("owner", &is.owner, &should.owner),
        ("description", &is.description, &should.description),
        ("distributor", &is.distributor, &should.distributor),
        (
            "support description",
            &is.support_description,
            &should.support_description,
        ),
        ("support e-mail", &is.support_email, &should.support_email),
        ("support URL", &is.support_url, &should.support_url),
    ]
    .into_iter()
    .filter(|(_, is, should)| is != should)
    .map(|(text, is, should)| format!("{text} is `{is}`, not `{should}`"))
    .collect()
}
