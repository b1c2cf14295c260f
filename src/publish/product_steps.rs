//! The steps of one product: its templates, itself, its versions, and who may launch them.

use super::plan::{Draft, Known};
use super::{
    Action, Evidence, Guidance, LiveProduct, LiveVersion, Options, Ownership, PRODUCT_TAG, Phase,
    Product, Standing, Step, Version, VersionStatus, evidence, standings,
};
use crate::product::VersionName;
use std::collections::{BTreeMap, BTreeSet};

/// Service Catalog takes no more versions of a product.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const VERSIONS_OF_A_PRODUCT: usize = 100;

pub(super) fn plan(known: &Known<'_>, product: &Product, options: Options, draft: &mut Draft) {
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
    let standings = standings(candidates.iter().copied(), &withdrawn, product.retention);
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
            standings.by_version.get(&version.name) == Some(&Standing::Offered)
                && !steps.versions.contains_key(&version.name)
        })
        .collect();
    steps.room_for(missing.len());
    steps.upload(&missing);
    steps.product_itself(&missing);
    steps.create(&missing);
    for version in &product.versions {
        if let Some(standing) = standings.by_version.get(&version.name) {
            steps.describe(version);
            steps.associate(version, *standing);
            if *standing == Standing::Offered {
                steps.offer(version);
            }
        }
    }
    for version in &product.versions {
        match standings.by_version.get(&version.name) {
            Some(Standing::Deprecated) => steps.deprecate(version, standings.newest),
            Some(Standing::Retired) => steps.retire(version, standings.newest),
            _ => {}
        }
    }
}

/// The live version of each released version. `None` when they contradict each other.
fn live_versions<'a>(
    product: &Product,
    live: Option<&'a LiveProduct>,
    draft: &mut Draft,
) -> Option<BTreeMap<VersionName, &'a LiveVersion>> {
    let mut found = BTreeMap::new();
    let mut is_clear = true;
    let Some(live) = live else {
        return Some(found);
    };
    for version in &product.versions {
        let named: Vec<&LiveVersion> = live
            .versions
            .iter()
            .filter(|one| one.name == version.name.to_string())
            .collect();
        let on = format!("version {} {}", product.key, version.name);
        match named.as_slice() {
            [] => {}
            [one] => match problem(version, one) {
                None => {
                    found.insert(version.name, *one);
                }
                Some((message, hint)) => {
                    is_clear = false;
                    draft.block(&on, message, hint);
                }
            },
            several => {
                is_clear = false;
                let ids: Vec<&str> = several.iter().map(|one| one.id.as_str()).collect();
                draft.block(
                    &on,
                    format!(
                        "{} has several versions of this name: {}",
                        live.id,
                        ids.join(", ")
                    ),
                    "rename or delete the one that nothing runs on",
                );
            }
        }
    }
    is_clear.then_some(found)
}

fn problem(version: &Version, live: &LiveVersion) -> Option<(String, String)> {
    if live.status == VersionStatus::Failed {
        return Some((
            format!("Service Catalog failed to create {}", live.id),
            format!(
                "look at it in the console; then delete {} and publish again",
                live.id
            ),
        ));
    }
    match evidence(version, live) {
        Evidence::Body | Evidence::Description => None,
        Evidence::OtherBody(digest) => Some((
            format!(
                "{} has another body: {digest}, the ledger says {}",
                live.id, version.digest
            ),
            "a released version never changes: find out who made this one, rename or delete it"
                .to_owned(),
        )),
        Evidence::None(why) => Some((
            format!(
                "nothing proves that {} is the released version: {why}",
                live.id
            ),
            "allow this identity to read the version's template, or rename that version".to_owned(),
        )),
    }
}

/// The released versions that this environment may have.
fn candidates(
    known: &Known<'_>,
    product: &Product,
    versions: &BTreeMap<VersionName, &LiveVersion>,
    options: Options,
    draft: &mut Draft,
) -> BTreeSet<VersionName> {
    let promotion = known.desired.promotion.as_ref().filter(|_| !options.insist);
    let mut candidates = BTreeSet::new();
    for version in &product.versions {
        let waits_for = promotion.filter(|promotion| {
            !versions.contains_key(&version.name)
                && !promotion
                    .verified
                    .get(&product.key)
                    .is_some_and(|digests| digests.contains(&version.digest))
        });
        match waits_for {
            None => {
                candidates.insert(version.name);
            }
            Some(promotion) => draft.notes.push(format!(
                "{} {} waits: {} has not published and verified it (`--insist` publishes it all the same)",
                product.key, version.name, promotion.from
            )),
        }
    }
    candidates
}

struct Steps<'a, 'b> {
    known: &'a Known<'a>,
    product: &'a Product,
    live: Option<&'a LiveProduct>,
    versions: BTreeMap<VersionName, &'a LiveVersion>,
    draft: &'b mut Draft,
    options: Options,
    /// The step that creates each missing version.
    created: BTreeMap<VersionName, String>,
    /// The steps that open a version to launches.
    offers: Vec<String>,
}

impl Steps<'_, '_> {
    fn push(
        &mut self,
        kind: &str,
        version: Option<&Version>,
        action: Action,
        what: String,
        reason: impl Into<String>,
        mut depends_on: Vec<String>,
    ) -> String {
        let mut id = format!("{kind}/{}", self.product.key);
        if let Some(version) = version {
            id = format!("{id}/{}", version.name);
        }
        if depends_on.is_empty() {
            depends_on = self.draft.of(Phase::Foundation);
        }
        depends_on.sort();
        depends_on.dedup();
        self.draft.steps.push(Step {
            id: id.clone(),
            action,
            what,
            reason: reason.into(),
            impact: Vec::new(),
            depends_on,
        });
        id
    }

    fn impact(&mut self, impact: &[String]) {
        if let Some(step) = self.draft.steps.last_mut() {
            step.impact = impact.to_vec();
        }
    }

    fn named(&self, version: &Version) -> String {
        format!("{} {}", self.product.key, version.name)
    }

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
                    self.push(
                        "upload-template",
                        Some(version),
                        action,
                        what,
                        reason,
                        Vec::new(),
                    );
                }
            }
        }
    }

    /// The step before: an upload of this version, where one is planned.
    fn uploaded(&self, version: &Version) -> Vec<String> {
        let id = format!("upload-template/{}/{}", self.product.key, version.name);
        let is_planned = self.draft.steps.iter().any(|step| step.id == id);
        if is_planned { vec![id] } else { Vec::new() }
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
            self.impact(&version.impact);
            self.created.insert(version.name, id.clone());
            before = Some(id);
        }
    }

    fn describe(&mut self, version: &Version) {
        let is_other = self
            .versions
            .get(&version.name)
            .is_some_and(|live| live.description != version.description);
        if is_other {
            let action = Action::DescribeVersion {
                product: self.product.key.clone(),
                version: version.name,
                description: version.description.clone(),
            };
            let what = format!("restore the description of {}", self.named(version));
            let reason = "it is not the ledger's";
            self.push(
                "describe-version",
                Some(version),
                action,
                what,
                reason,
                Vec::new(),
            );
        }
    }

    fn associate(&mut self, version: &Version, standing: Standing) {
        let live = self.versions.get(&version.name);
        let creation = self.created.get(&version.name).cloned();
        if live.is_none() && creation.is_none() || standing == Standing::Retired {
            return;
        }
        let missing: Vec<_> = self
            .product
            .actions
            .iter()
            .filter(|action| {
                !self
                    .known
                    .value(action)
                    .zip(live)
                    .is_some_and(|(id, live)| live.actions.contains(&id))
            })
            .cloned()
            .collect();
        if missing.is_empty() {
            return;
        }
        let what = format!(
            "give {} its {} service actions",
            self.named(version),
            missing.len()
        );
        let action = Action::AssociateActions {
            product: self.product.key.clone(),
            version: version.name,
            actions: missing,
        };
        let mut after = self.draft.of(Phase::Foundation);
        after.extend(creation);
        self.push(
            "associate-actions",
            Some(version),
            action,
            what,
            "it lacks them",
            after,
        );
    }

    fn offer(&mut self, version: &Version) {
        let live = self.versions.get(&version.name).copied();
        let creation = self.created.get(&version.name).cloned();
        let is_new_product = creation
            .as_deref()
            .is_some_and(|id| id.starts_with("create-product/"));
        let mut after: Vec<String> = creation.clone().into_iter().collect();
        let association = format!("associate-actions/{}/{}", self.product.key, version.name);
        after.extend(
            self.draft
                .steps
                .iter()
                .filter(|step| step.id == association)
                .map(|step| step.id.clone()),
        );
        if live.is_some_and(|live| !live.active) {
            let action = Action::SetActive {
                product: self.product.key.clone(),
                version: version.name,
                active: true,
            };
            let what = format!("show {} again", self.named(version));
            let reason = "it is hidden, and the portfolio's retention keeps it";
            let id = self.push(
                "set-active",
                Some(version),
                action,
                what,
                reason,
                after.clone(),
            );
            self.offers.push(id);
        }
        let is_closed = match live {
            Some(live) => live.guidance != Guidance::Default,
            // A version that comes with its product is open from the start: no portfolio has it yet.
            None => !is_new_product,
        };
        if is_closed {
            let reason = if creation.is_some() {
                "the newest versions are offered"
            } else {
                "it is deprecated, and the portfolio's retention offers it"
            };
            let what = format!(
                "open {} to launches, after reading its body back",
                self.named(version)
            );
            let action = self.guidance(version, Guidance::Default);
            let id = self.push("offer-version", Some(version), action, what, reason, after);
            self.impact(&version.impact);
            self.offers.push(id);
        } else {
            self.offers.extend(after);
        }
    }

    fn guidance(&self, version: &Version, guidance: Guidance) -> Action {
        Action::SetGuidance {
            product: self.product.key.clone(),
            version: version.name,
            guidance,
        }
    }

    fn deprecate(&mut self, version: &Version, newest: Option<VersionName>) {
        let Some(live) = self.versions.get(&version.name).copied() else {
            return;
        };
        if !live.active {
            let action = Action::SetActive {
                product: self.product.key.clone(),
                version: version.name,
                active: true,
            };
            let what = format!("show {} again", self.named(version));
            let reason = "it is hidden, and the portfolio's retention keeps it";
            self.push(
                "set-active",
                Some(version),
                action,
                what,
                reason,
                Vec::new(),
            );
        }
        if live.guidance != Guidance::Deprecated {
            let what = format!("close {} to launches", self.named(version));
            let reason = newest.map_or_else(
                || "no version is offered".to_owned(),
                |newest| format!("{newest} takes its place"),
            );
            let action = self.guidance(version, Guidance::Deprecated);
            let after = self.offers.clone();
            self.push(
                "deprecate-version",
                Some(version),
                action,
                what,
                reason,
                after,
            );
            self.impact(&["running products stay, and can still update to it".to_owned()]);
        }
    }

    fn retire(&mut self, version: &Version, newest: Option<VersionName>) {
        let Some(live) = self.versions.get(&version.name).copied() else {
            return;
        };
        if !live.active {
            return;
        }
        let may_hide = self.options.force || live.in_use == Some(0);
        if !may_hide {
            let users = live.in_use.map_or_else(
                || "an unknown number of provisioned products".to_owned(),
                |count| format!("{count} provisioned products"),
            );
            self.draft.notes.push(format!(
                "{} stays active: {users} run on it (`--force` hides it all the same)",
                self.named(version)
            ));
            return self.deprecate(version, newest);
        }
        let what = format!("hide {}", self.named(version));
        let reason = "the portfolio's retention keeps newer versions only";
        let action = Action::SetActive {
            product: self.product.key.clone(),
            version: version.name,
            active: false,
        };
        let after = self.offers.clone();
        self.push("set-active", Some(version), action, what, reason, after);
        if let Some(count) = live.in_use.filter(|count| *count > 0) {
            self.impact(&[format!("{count} provisioned products run on it")]);
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
