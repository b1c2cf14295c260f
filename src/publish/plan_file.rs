//! The plan as a file: what was reviewed, and the proof that it is applied and nothing else.
//!
//! JSON with the fields of [`PlanFile`]. It holds names, ids and digests; no template, no
//! credential, no secret.

use super::{Fingerprint, Plan, Step, moved};
use crate::digest::Digest;
use crate::environment::AccountId;
use crate::product::Key;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The version of the file's form.
pub const PLAN_SCHEMA: u32 = 2;

/// A plan file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlanFile {
    /// [`PLAN_SCHEMA`].
    pub schema: u32,
    /// The environment.
    pub environment: Key,
    /// Its account.
    pub account: AccountId,
    /// Its region.
    pub region: String,
    /// What the plan was made from.
    pub observed: Fingerprint,
    /// The steps, each after those it depends on.
    pub steps: Vec<ReviewedStep>,
    /// The digest of everything above, as it stands.
    pub digest: Option<Digest>,
}

/// A step as it was reviewed. What is carried out is the step that is planned again from the
/// repository, which has bodies and templates where this has digests, once it is found the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReviewedStep {
    /// Its id.
    pub id: String,
    /// What is done.
    pub action: serde_json::Value,
    /// The same in words.
    pub what: String,
    /// Why.
    pub reason: String,
    /// What it means for people and for what they run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impact: Vec<String>,
    /// The ids of the steps that come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
}

impl From<&Step> for ReviewedStep {
    fn from(step: &Step) -> Self {
        ReviewedStep {
            id: step.id.to_string(),
            action: written(step),
            what: step.what.clone(),
            reason: step.reason.clone(),
            impact: step.impact.clone(),
            depends_on: step.depends_on.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What a step does, as files hold it.
fn written(step: &Step) -> serde_json::Value {
    // Plain values of strings and lists: JSON holds all of them.
    serde_json::to_value(&step.action).unwrap_or_default()
}

/// Why a plan file isn't applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFileError {
    /// It isn't a plan.
    Unreadable(String),
    /// It is of another form.
    Schema(u32),
    /// It was changed after it was written.
    Edited,
    /// It is for another environment, account or region.
    OtherPlace {
        /// Where it is for.
        planned: String,
        /// Where it was to be applied.
        asked: String,
    },
    /// The account no longer is as it was.
    Moved(Vec<String>),
    /// The same account, and yet other steps: the repository has moved.
    OtherSteps(Vec<String>),
}

impl PlanFileError {
    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            PlanFileError::Unreadable(_) | PlanFileError::Schema(_) => {
                "write it with `cargo xtask plan --out FILE`"
            }
            PlanFileError::Edited => "a plan is applied as it was written: plan and review again",
            PlanFileError::OtherPlace { .. } => "give the `--env` that the plan was made for",
            PlanFileError::Moved(_) => "plan and review again",
            PlanFileError::OtherSteps(_) => {
                "check out the revision that was planned, or plan and review again"
            }
        }
    }
}

impl fmt::Display for PlanFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanFileError::Unreadable(why) => write!(f, "it can't be read: {why}"),
            PlanFileError::Schema(schema) => {
                write!(
                    f,
                    "its schema is {schema}; this program reads {PLAN_SCHEMA}"
                )
            }
            PlanFileError::Edited => f.write_str("it was changed after it was written"),
            PlanFileError::OtherPlace { planned, asked } => {
                write!(f, "it is for {planned}, not for {asked}")
            }
            PlanFileError::Moved(names) => {
                write!(f, "the account has moved since: {}", names.join(", "))
            }
            PlanFileError::OtherSteps(ids) => {
                write!(f, "the repository has moved since: {}", ids.join(", "))
            }
        }
    }
}

impl std::error::Error for PlanFileError {}

impl From<&Plan> for PlanFile {
    fn from(plan: &Plan) -> Self {
        let mut file = PlanFile {
            schema: PLAN_SCHEMA,
            environment: plan.environment.clone(),
            account: plan.account.clone(),
            region: plan.region.clone(),
            observed: plan.observed.clone(),
            steps: plan.steps.iter().map(ReviewedStep::from).collect(),
            digest: None,
        };
        file.digest = Some(file.own_digest());
        file
    }
}

impl PlanFile {
    /// The file's text.
    pub fn to_text(&self) -> String {
        // Plain values of strings and lists: JSON holds all of them.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a plan file.
    ///
    /// # Errors
    /// Text that isn't a plan, another form, or a plan that was edited.
    pub fn read(text: &str) -> Result<PlanFile, PlanFileError> {
        let unreadable = |error: serde_json::Error| PlanFileError::Unreadable(error.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
        if let Some(schema) = value.get("schema").and_then(serde_json::Value::as_u64)
            && schema != u64::from(PLAN_SCHEMA)
        {
            return Err(PlanFileError::Schema(
                u32::try_from(schema).unwrap_or(u32::MAX),
            ));
        }
        let file: PlanFile = serde_json::from_value(value).map_err(unreadable)?;
        if file.digest.as_ref() == Some(&file.own_digest()) {
            Ok(file)
        } else {
            Err(PlanFileError::Edited)
        }
    }

    fn own_digest(&self) -> Digest {
        let bare = PlanFile {
            digest: None,
            ..self.clone()
        };
        Digest::of(serde_json::to_string(&bare).unwrap_or_default().as_bytes())
    }

    /// Whether this is what would be planned now.
    ///
    /// A run that was cut off part-way is `resumed`: then what is left may be less than was planned,
    /// never more or other.
    ///
    /// # Errors
    /// What has moved since.
    pub fn holds(&self, now: &Plan, resumed: bool) -> Result<(), PlanFileError> {
        let place = |environment: &Key, account: &AccountId, region: &str| {
            format!("{environment} ({account}, {region})")
        };
        let planned = place(&self.environment, &self.account, &self.region);
        let asked = place(&now.environment, &now.account, &now.region);
        if planned != asked {
            return Err(PlanFileError::OtherPlace { planned, asked });
        }
        if !resumed {
            let names = moved(&self.observed, &now.observed);
            if !names.is_empty() {
                return Err(PlanFileError::Moved(names));
            }
        }
        let planned: BTreeMap<&str, &serde_json::Value> = self
            .steps
            .iter()
            .map(|step| (step.id.as_str(), &step.action))
            .collect();
        // The same thing is done; why and after what may have changed with what is done already.
        let is_planned = |step: &&Step| {
            let planned = planned.get(step.id.to_string().as_str());
            planned.is_some_and(|action| **action == written(step))
        };
        let mut other: Vec<String> = now
            .steps
            .iter()
            .filter(|step| !is_planned(step))
            .map(|step| step.id.to_string())
            .collect();
        if !resumed {
            let ids: BTreeSet<String> = now.steps.iter().map(|step| step.id.to_string()).collect();
            let is_dropped = |planned: &&ReviewedStep| !ids.contains(&planned.id);
            other.extend(
                self.steps
                    .iter()
                    .filter(is_dropped)
                    .map(|step| step.id.clone()),
            );
        }
        if other.is_empty() {
            Ok(())
        } else if resumed {
            Err(PlanFileError::Moved(other))
        } else {
            Err(PlanFileError::OtherSteps(other))
        }
    }
}
