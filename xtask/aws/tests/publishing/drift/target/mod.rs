//! An account, and every kind of drift made in it as somebody with a console would.

mod action;
mod constraint;
mod portfolio;
mod product;
mod share;
mod stack;
mod version;

use crate::world::World;
use compute_catalog::publish::{Desired, LivePortfolio, LiveProduct};
use publisher::{Hints, Session, observe};

/// What drift is made on.
pub struct Target {
    session: Session,
    notebook: LiveProduct,
    portfolio: LivePortfolio,
    object: String,
    bucket: String,
    grants: String,
}

impl Target {
    pub async fn of(world: &World, desired: &Desired) -> Target {
        let session = world.session().await;
        let hints = Hints::default();
        let observed = observe(&session, desired, &hints).await.unwrap();
        let key = "notebook".parse().unwrap();
        let mut products = observed.products.values();
        Target {
            session,
            notebook: products.find(|live| live.tagged_as(&key)).unwrap().clone(),
            portfolio: observed.portfolios["lab-research"].clone(),
            object: desired.find(&key).unwrap().versions[0].object.clone(),
            bucket: observed.bucket.unwrap(),
            grants: observed.stacks["lab-grants"].template.to_string(),
        }
    }

    /// Makes a drift of this kind.
    pub async fn drift(&self, kind: &str) {
        let is_made = self.drift_action(kind).await
            || self.drift_constraint(kind).await
            || self.drift_portfolio(kind).await
            || self.drift_product(kind).await
            || self.drift_share(kind).await
            || self.drift_stack(kind).await
            || self.drift_version(kind).await;
        assert!(is_made, "nothing makes {kind}");
    }
}
