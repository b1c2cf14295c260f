//! The steps that bring a version to its availability: its description, its actions, who may launch it.

use super::product_draft::Steps;
use super::{Action, Availability, Guidance, LiveVersion, StepId, Version, is_known};
use crate::product::VersionName;

impl Steps<'_, '_> {
    /// The version's own words: its name, and its description with the mark that it is known by.
    pub(super) fn describe(&mut self, version: &Version) {
        let name = version.name.to_string();
        let other = self
            .versions
            .get(&version.name)
            .map(|live| live.name.clone());
        if let Some(other) = other.filter(|other| *other != name) {
            let action = Action::RenameVersion {
                product: self.product.key.clone(),
                version: version.name,
            };
            let what = format!("give {} its name back", self.named(version));
            let reason = format!("somebody has named it `{other}`");
            let id = StepId::RenameVersion(self.product.key.clone(), version.name);
            self.push(id, action, what, reason, Vec::new());
        }
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
                StepId::DescribeVersion(self.product.key.clone(), version.name),
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
        if live.is_none() && creation.is_none()
            || matches!(
                availability,
                Availability::Retired | Availability::Withdrawn
            )
        {
            return;
        }
        let missing: Vec<_> = self
            .product
            .actions
            .iter()
            .filter(|action| {
                let id = self.known.value(action);
                // One that was deleted is told of; nobody can give it to a version.
                let is_gone = id
                    .as_ref()
                    .and_then(|id| self.known.observed.actions.get(id))
                    .is_some_and(Option::is_none);
                let has = id
                    .zip(live)
                    .is_some_and(|(id, live)| live.actions.contains(&id));
                !has && !is_gone
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
            StepId::AssociateActions(self.product.key.clone(), version.name),
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
            .as_ref()
            .is_some_and(|id| matches!(id, StepId::CreateProduct(_)));
        let mut after: Vec<StepId> = creation.clone().into_iter().collect();
        let association = StepId::AssociateActions(self.product.key.clone(), version.name);
        after.extend(self.draft.has(&association).then_some(association));
        // What is read back before it is opened.
        let upload = StepId::UploadTemplate(self.product.key.clone(), version.name);
        after.extend(self.draft.has(&upload).then_some(upload));
        if live.is_some_and(|live| !live.active) {
            let action = Action::SetActive {
                product: self.product.key.clone(),
                version: version.name,
                active: true,
            };
            let what = format!("show {} again", self.named(version));
            let reason = "it is hidden, and the portfolio's retention keeps it";
            let id = self.push(
                StepId::SetActive(self.product.key.clone(), version.name),
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
            let action = Action::OfferVersion {
                product: self.product.key.clone(),
                version: version.name,
                digest: version.digest.clone(),
            };
            let id = StepId::OfferVersion(self.product.key.clone(), version.name);
            let id = self.push(id, action, what, reason, after);
            self.impact(&version.impact);
            self.offers.push(id);
        } else {
            self.offers.extend(after);
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
                StepId::SetActive(self.product.key.clone(), version.name),
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
            let action = Action::DeprecateVersion {
                product: self.product.key.clone(),
                version: version.name,
            };
            let after = self.offers.clone();
            self.push(
                StepId::DeprecateVersion(self.product.key.clone(), version.name),
                action,
                what,
                reason,
                after,
            );
            self.impact(&["running products stay, and can still update to it".to_owned()]);
        }
    }

    /// Nobody should get it any more: it is closed, and hidden as soon as nothing runs on it.
    pub(super) fn close_withdrawn(&mut self, version: &Version, reason: &str) {
        let Some(live) = self.versions.get(&version.name).copied() else {
            return;
        };
        if live.guidance != Guidance::Deprecated {
            let what = format!("close {} to launches", self.named(version));
            let action = Action::DeprecateVersion {
                product: self.product.key.clone(),
                version: version.name,
            };
            let id = StepId::DeprecateVersion(self.product.key.clone(), version.name);
            let after = self.offers.clone();
            self.push(
                id,
                action,
                what,
                format!("it is withdrawn: {reason}"),
                after,
            );
        }
        self.hide(version, live, &format!("it is withdrawn: {reason}"));
    }

    /// Hides a version that nothing runs on, or by force. Answers whether it is, or will be, hidden.
    fn hide(&mut self, version: &Version, live: &LiveVersion, reason: &str) -> bool {
        if !live.active {
            return true;
        }
        if !self.known.options.force && live.in_use != Some(0) {
            let users = live.in_use.map_or_else(
                || "an unknown number of provisioned products".to_owned(),
                |count| format!("{count} provisioned products"),
            );
            self.draft.notes.push(format!(
                "{} stays active: {users} run on it (`--force` hides it all the same)",
                self.named(version)
            ));
            return false;
        }
        self.set_inactive(version, reason.to_owned(), live.in_use);
        true
    }

    pub(super) fn retire(&mut self, version: &Version, newest: Option<VersionName>) {
        let Some(live) = self.versions.get(&version.name).copied() else {
            return;
        };
        let reason = "the portfolio's retention keeps newer versions only";
        if !self.hide(version, live, reason) {
            self.deprecate(version, newest);
        }
    }

    /// Hides a version that nobody shall launch or update to, whatever runs on it.
    pub(super) fn bar(&mut self, version: &Version, reason: &str) {
        let live = self.versions.get(&version.name).copied();
        if let Some(live) = live.filter(|live| live.active) {
            self.set_inactive(version, format!("it is barred: {reason}"), live.in_use);
        }
    }

    fn set_inactive(&mut self, version: &Version, reason: String, in_use: Option<u64>) {
        let what = format!("hide {}", self.named(version));
        let action = Action::SetActive {
            product: self.product.key.clone(),
            version: version.name,
            active: false,
        };
        let after = self.offers.clone();
        let id = StepId::SetActive(self.product.key.clone(), version.name);
        self.push(id, action, what, reason, after);
        if let Some(count) = in_use.filter(|count| *count > 0) {
            self.impact(&[format!("{count} provisioned products run on it")]);
        }
    }

    /// Closes versions from before this catalog, which its launch role can't launch.
    pub(super) fn close_adopted(&mut self) {
        let Some(live) = self.live else { return };
        let product = self.product;
        for one in &live.versions {
            let is_released =
                is_known(product, live, one).is_some_and(|name| product.version(name).is_some());
            if is_released || !one.active || one.guidance == Guidance::Deprecated {
                continue;
            }
            let action = Action::CloseAdopted {
                product: live.id.clone(),
                version: one.id.clone(),
            };
            let id = StepId::CloseAdopted(product.key.clone(), one.id.clone());
            let what = format!(
                "close {} {} ({}) to launches",
                product.key, one.name, one.id
            );
            let reason = "it is from before this catalog, whose launch role can't launch it (`closeAdopted: false` in the environment's file keeps it open)";
            let after = self.offers.clone();
            self.push(id, action, what, reason, after);
            self.impact(&["running products stay, and can still be updated and ended".to_owned()]);
        }
    }
}
