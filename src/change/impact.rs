//! What an update does to each resource of a running product.

use super::{DataAtRisk, Effect, Reason};
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

/// The worst of what several reasons do.
pub(super) fn worst(reasons: &[Reason]) -> Effect {
    let effects = reasons.iter().map(|reason| reason.effect);
    effects.max().unwrap_or(Effect::NoEffect)
}
