//! A second look at what steps touch, beside what was seen of the rest a moment ago.
//!
//! Most publishes make one version of one product. What its steps go by, and what they leave, is in that
//! product and its templates: nothing else of the account is asked for again.

use super::{Hints, bucket, products};
use crate::call::CallError;
use crate::session::Session;
use compute_catalog::product::Key;
use compute_catalog::publish::{Action, Bucket, Desired, Observed, Product, Step};
use std::collections::{BTreeMap, BTreeSet};

/// The account as it was seen, but for what these steps touch, which is read anew; nothing where the steps
/// touch more than products that are there: then all is to be read.
pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    (before, steps): (&Observed, &[Step]),
    hints: &Hints,
) -> Result<Option<Observed>, CallError> {
    let (Some(touched), Some(name)) = (touched(desired, steps), &before.bucket) else {
        return Ok(None);
    };
    let is_touched = |product: &&Product| touched.contains(&product.key);
    let alone = Desired {
        products: desired
            .products
            .iter()
            .filter(is_touched)
            .cloned()
            .collect(),
        stacks: Vec::new(),
        stack_sets: Vec::new(),
        shares: Vec::new(),
        bucket: Bucket::Named(name.clone()),
        ..desired.clone()
    };
    let mut ids = BTreeSet::new();
    for product in &alone.products {
        let own = before.products.values().filter(|live| live.is_of(product));
        let known = ids.len();
        ids.extend(own.map(|live| live.id.clone()));
        if ids.len() == known {
            return Ok(None);
        }
    }
    let hints = Hints {
        products: BTreeSet::new(),
        alone: Some(ids.clone()),
        usage: hints.usage,
    };
    let stacks = BTreeMap::new();
    let (found, bucket) = tokio::try_join!(
        products::read(session, &alone, &hints, &stacks),
        bucket::read(session, &alone, &stacks)
    )?;
    let Some(bucket) = bucket else {
        return Ok(None);
    };
    let templates = bucket::templates(session, &bucket, &alone).await?;
    let mut seen = before.clone();
    seen.products.retain(|id, _| !ids.contains(id));
    seen.products.extend(found);
    for version in alone.products.iter().flat_map(|one| &one.versions) {
        seen.templates.remove(&version.object);
    }
    seen.templates.extend(templates);
    Ok(Some(seen))
}

/// The products that steps touch; nothing where one touches something else.
fn touched(desired: &Desired, steps: &[Step]) -> Option<BTreeSet<Key>> {
    let mut keys = BTreeSet::new();
    for step in steps {
        let key = match &step.action {
            Action::UploadTemplate { product, .. }
            | Action::UpdateProduct { product, .. }
            | Action::CreateVersion { product, .. }
            | Action::RenameVersion { product, .. }
            | Action::DescribeVersion { product, .. }
            | Action::AssociateActions { product, .. }
            | Action::OfferVersion { product, .. }
            | Action::DeprecateVersion { product, .. }
            | Action::SetActive { product, .. } => Some(product.clone()),
            Action::TagTemplate { object, .. } => {
                let mut all = desired.products.iter();
                all.find(|one| one.versions.iter().any(|one| one.object == *object))
                    .map(|one| one.key.clone())
            }
            Action::CloseAdopted { product, .. } => {
                let mut all = desired.products.iter();
                all.find(|one| one.legacy_id.as_ref() == Some(product))
                    .map(|one| one.key.clone())
            }
            Action::CreateBucket { .. }
            | Action::DeployStack { .. }
            | Action::CreateProduct { .. }
            | Action::Restore { .. }
            | Action::DeployStackSet { .. }
            | Action::Share { .. } => None,
        };
        keys.insert(key?);
    }
    (!keys.is_empty()).then_some(keys)
}
