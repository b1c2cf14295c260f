//! The steps that bring a version to its availability: its description, its actions, who may launch it.

use super::product_draft::Steps;
use super::{Action, Availability, Guidance, Version};
use crate::product::VersionName;

impl Steps<'_, '_> {
    pub(super) fn describe(&mut self, version: &Version) {
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

    pub(super) fn associate(&mut self, version: &Version, availability: Availability) {
        let live = self.versions.get(&version.name);
        let creation = self.created.get(&version.name).cloned();
        if live.is_none() && creation.is_none() || availability == Availability::Retired {
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
        let mut after = self.draft.below(&self.product.key);
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

    pub(super) fn offer(&mut self, version: &Version) {
        let live = self.versions.get(&version.name).copied();
        let creation = self.created.get(&version.name).cloned();
        let is_new_product = creation
            .as_deref()
            .is_some_and(|id| id.starts_with("create-product/"));
        let mut after: Vec<String> = creation.clone().into_iter().collect();
        let association = format!("associate-actions/{}/{}", self.product.key, version.name);
        after.extend(self.draft.has(&association).then_some(association));
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
                "people should take the newest release"
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

    pub(super) fn deprecate(&mut self, version: &Version, newest: Option<VersionName>) {
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

    pub(super) fn retire(&mut self, version: &Version, newest: Option<VersionName>) {
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
        let reason = "the portfolio's retention keeps newer versions only";
        self.hide(version, reason.to_owned(), live.in_use);
    }

    /// Hides a version that nobody shall launch or update to, whatever runs on it.
    pub(super) fn bar(&mut self, version: &Version, reason: &str) {
        let live = self.versions.get(&version.name).copied();
        if let Some(live) = live.filter(|live| live.active) {
            self.hide(version, format!("it is barred: {reason}"), live.in_use);
        }
    }

    fn hide(&mut self, version: &Version, reason: String, in_use: Option<u64>) {
        let what = format!("hide {}", self.named(version));
        let action = Action::SetActive {
            product: self.product.key.clone(),
            version: version.name,
            active: false,
        };
        let after = self.offers.clone();
        self.push("set-active", Some(version), action, what, reason, after);
        if let Some(count) = in_use.filter(|count| *count > 0) {
            self.impact(&[format!("{count} provisioned products run on it")]);
        }
    }
}
