//! The steps of one product: its templates, itself, its versions, and who may launch them.

use super::candidates::{candidates, live_versions};
use super::draft::Draft;
use super::plan_input::PlanInput;
use super::product_draft::Steps;
use super::{
    Action, Availability, LiveProduct, Options, Ownership, PRODUCT_TAG, Product, Version,
    availabilities,
};
use std::collections::BTreeMap;

/// Service Catalog takes no more versions of a product.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const VERSIONS_OF_A_PRODUCT: usize = 100;

pub(super) fn plan(known: &PlanInput<'_>, product: &Product, options: Options, draft: &mut Draft) {
    let live = match known.owned.get(&product.key) {
        Some(Ownership::Unclear(blockers)) => {
            draft.blockers.extend(blockers.iter().cloned());
            return;
        }
        Some(Ownership::Ours(live)) => Some(*live),
        _ => None,
    };
    let Some(versions) = live_versions(product, live, draft) else {
        return;
    };
    let candidates = candidates(known, product, &versions, options, draft);
    let withdrawn = live.map(LiveProduct::withdrawn).unwrap_or_default();
    let availabilities = availabilities(candidates.iter().copied(), &withdrawn, product.retention);
    let mut steps = Steps {
        known,
        product,
        live,
        versions,
        draft,
        options,
        created: BTreeMap::new(),
        offers: Vec::new(),
    };
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
    for version in &product.versions {
        if let Some(availability) = availabilities.by_version.get(&version.name) {
            steps.describe(version);
            steps.associate(version, *availability);
            if *availability == Availability::Offered {
                steps.offer(version);
            }
        }
    }
    for version in &product.versions {
        match availabilities.by_version.get(&version.name) {
            Some(Availability::Deprecated) => steps.deprecate(version, availabilities.newest),
            Some(Availability::Retired) => steps.retire(version, availabilities.newest),
            _ => {}
        }
        if let Some(reason) = &version.barred {
            steps.bar(version, reason);
        }
    }
}

impl Steps<'_, '_> {
    fn room_for(&mut self, more: usize) {
        let have = self.live.map_or(0, |live| live.versions.len());
        if have + more > VERSIONS_OF_A_PRODUCT {
            self.draft.block(
                &format!("product {}", self.product.key),
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
            match self.known.observed.templates.get(&version.object) {
                Some(live) if live.digest == version.digest => {}
                Some(live) => self.draft.block(
                    &format!("template {}", version.object),
                    format!("its digest is {}", live.digest),
                    "somebody has overwritten it: find out who, delete the object, publish again",
                ),
                None => {
                    let action = Action::UploadTemplate {
                        product: product.key.clone(),
                        version: version.name,
                        digest: version.digest.clone(),
                        object: version.object.clone(),
                    };
                    let what = format!("upload the template of {}", self.named(version));
                    let reason = "the bucket doesn't have it";
                    let kind = "upload-template";
                    let after = self.draft.of_bucket(self.known.desired);
                    self.push(kind, Some(version), action, what, reason, after);
                }
            }
        }
    }

    /// The steps before a version: its upload, where one is planned, and the foundation, with the role
    /// that it is launched with.
    fn uploaded(&self, version: &Version) -> Vec<String> {
        let id = format!("upload-template/{}/{}", self.product.key, version.name);
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
                version: first.name,
                digest: first.digest.clone(),
                description: first.description.clone(),
            };
            let what = format!(
                "create the product {} (`{}`) with {}",
                product.key, product.texts.name, first.name
            );
            let before = self.uploaded(first);
            let id = self.push(
                "create-product",
                None,
                action,
                what,
                "the account doesn't have it",
                before,
            );
            self.created.insert(first.name, id);
            return;
        };
        let mut reasons = Vec::new();
        let mut tags = BTreeMap::new();
        if !live.tagged_as(&product.key) {
            tags.insert(PRODUCT_TAG.to_owned(), product.key.to_string());
            reasons.push("it is legacy_id as ours and lacks our tag".to_owned());
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
                "update-product",
                None,
                action,
                what,
                reasons.join("; "),
                Vec::new(),
            );
        }
    }

    fn create(&mut self, missing: &[&Version]) {
        let mut before = self.created.values().next().cloned();
        for version in missing {
            if self.created.contains_key(&version.name) {
                continue;
            }
            let action = Action::CreateVersion {
                product: self.product.key.clone(),
                version: version.name,
                digest: version.digest.clone(),
                description: version.description.clone(),
            };
            let what = format!("create {}, closed to launches", self.named(version));
            let mut after = self.uploaded(version);
            after.extend(before.clone());
            let id = self.push(
                "create-version",
                Some(version),
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
