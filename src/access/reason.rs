//! Why somebody may do something with what isn't theirs: `portfolios/access.yaml`.

use super::cast::{Cast, Class, Who, Whose};
use super::matrix::Matrix;
use super::question::Questions;
use super::search::Path;
use crate::yaml::{Located, Location};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// `portfolios/access.yaml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessFile {
    /// Why something that isn't the asker's own can be reached by a call.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Why there is a way to something that isn't the asker's own.
    #[serde(default)]
    pub paths: Vec<PathReason>,
}

/// Why calls are allowed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reason {
    /// Who: a name of the page, or `end users`, `launch roles`, `programs`, `former
    /// programs` or `services`.
    pub who: Vec<String>,
    /// Questions, by their ids.
    pub what: Vec<Located<String>>,
    /// Whose things: `others`, `catalog` or `elsewhere`.
    pub whose: Vec<WhoseKey>,
    /// Why it can't be otherwise, or needn't.
    pub why: String,
}

/// Whose things a reason speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum WhoseKey {
    /// Of other products.
    Others,
    /// The catalog's.
    Catalog,
    /// Of nothing in the catalog.
    Elsewhere,
}

/// Why there is a way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PathReason {
    /// Who, as in reasons.
    pub who: Vec<String>,
    /// The steps, by their names in the file of questions.
    pub by: Located<Vec<String>>,
    /// What is reached begins or ends with this; none: whatever it is.
    #[serde(default)]
    pub to: Option<String>,
    /// Why it can't be otherwise, or needn't.
    pub why: String,
}

/// Something that isn't as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Where in `portfolios/access.yaml`, where it is about what stands there.
    pub at: Option<Location>,
    /// What.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Reason {
    fn covers(&self, who: &Who, question: &str, whose: Whose) -> bool {
        let side = match whose {
            Whose::Own => return false,
            Whose::Others => WhoseKey::Others,
            Whose::Catalog => WhoseKey::Catalog,
            Whose::Elsewhere => WhoseKey::Elsewhere,
        };
        names(&self.who, who)
            && self.whose.contains(&side)
            && self.what.iter().any(|id| id.value == question)
    }
}

impl PathReason {
    fn covers(&self, who: &Who, path: &Path) -> bool {
        let steps: Vec<&str> = path.steps.iter().map(|step| step.edge.as_str()).collect();
        let to = self.to.as_ref();
        names(&self.who, who)
            && self.by.iter().map(String::as_str).eq(steps)
            && to
                .is_none_or(|to| path.to.starts_with(to.as_str()) || path.to.ends_with(to.as_str()))
    }
}

fn names(given: &[String], who: &Who) -> bool {
    let class = match who.class {
        Class::EndUser => "end users",
        Class::LaunchRole => "launch roles",
        Class::Program => "programs",
        Class::FormerProgram => "former programs",
        Class::Service => "services",
    };
    given.iter().any(|name| *name == who.name || name == class)
}

impl AccessFile {
    /// Why an answer is as it is.
    pub fn reason(&self, who: &Who, question: &str, whose: Whose) -> Option<&Reason> {
        let mut reasons = self.reasons.iter();
        reasons.find(|reason| reason.covers(who, question, whose))
    }

    /// Why there is a way.
    pub fn path(&self, who: &Who, path: &Path) -> Option<&PathReason> {
        self.paths.iter().find(|reason| reason.covers(who, path))
    }
}

/// What is allowed without a reason, and reasons for what isn't allowed anywhere.
pub fn faults(
    accounts: &[(&Cast<'_>, &Matrix, &[Path])],
    questions: &Questions,
    file: &AccessFile,
) -> Vec<Fault> {
    let mut faults = BTreeSet::new();
    let mut used: BTreeSet<(usize, &str)> = BTreeSet::new();
    let mut used_paths = BTreeSet::new();
    for (cast, matrix, paths) in accounts {
        for ((name, id, whose), answer) in &matrix.answers {
            if *whose == Whose::Own || answer.count == 0 {
                continue;
            }
            let Some(who) = cast.all.iter().find(|who| who.name == *name) else {
                continue;
            };
            let covering: Vec<usize> = (0..file.reasons.len())
                .filter(|index| file.reasons[*index].covers(who, id, *whose))
                .collect();
            if covering.is_empty() {
                faults.insert(unexplained(name, id, *whose, answer, questions));
            }
            let known = questions
                .questions
                .iter()
                .find(|question| question.id == *id);
            used.extend(
                covering
                    .into_iter()
                    .filter_map(|index| Some((index, known?.id.as_str()))),
            );
        }
        for path in *paths {
            let Some(who) = cast.all.iter().find(|who| who.name == path.who) else {
                continue;
            };
            let covering: Vec<usize> = (0..file.paths.len())
                .filter(|index| file.paths[*index].covers(who, path))
                .collect();
            if covering.is_empty() {
                faults.insert(Fault {
                    at: None,
                    message: format!("{} gets to {}: {}", path.who, path.to, steps(path)),
                    hint: "narrow the policy that allows a step, or give the reason under `paths` of portfolios/access.yaml".to_owned(),
                });
            }
            used_paths.extend(covering);
        }
    }
    for (index, reason) in file.reasons.iter().enumerate() {
        for id in &reason.what {
            if !used.contains(&(index, id.as_str())) {
                let known = questions
                    .questions
                    .iter()
                    .any(|question| question.id == id.value);
                let name = &id.value;
                faults.insert(Fault {
                    at: Some(id.at),
                    message: match known {
                        true => format!(
                            "reason {} of `{name}` is for {} and nothing of it is allowed",
                            index + 1,
                            reason.who.join(", ")
                        ),
                        false => format!("there is no question `{name}`"),
                    },
                    hint: "take it out".to_owned(),
                });
            }
        }
    }
    for (index, reason) in file.paths.iter().enumerate() {
        if !used_paths.contains(&index) {
            faults.insert(Fault {
                at: Some(reason.by.at),
                message: format!(
                    "there is no way by {} for {}",
                    reason.by.join(", "),
                    reason.who.join(", ")
                ),
                hint: "take it out".to_owned(),
            });
        }
    }
    faults.into_iter().collect()
}

fn unexplained(
    who: &str,
    id: &str,
    whose: Whose,
    answer: &super::matrix::Answer,
    questions: &Questions,
) -> Fault {
    let question = questions
        .questions
        .iter()
        .find(|question| question.id == *id);
    let asks = question.map_or(id, |question| question.asks.as_str());
    let by: Vec<String> = answer.by.iter().map(ToString::to_string).collect();
    let by = match by.as_slice() {
        [] => "the policy of the thing".to_owned(),
        by => by.join(", "),
    };
    let side = match whose {
        Whose::Catalog => "of the catalog",
        Whose::Elsewhere => "elsewhere in the account",
        _ => "of others",
    };
    let allowed = match answer.text().as_str() {
        "yes" => "all of them".to_owned(),
        text => text.to_owned(),
    };
    Fault {
        at: None,
        message: format!("{who} may {asks} {side} ({id}: {allowed}): allowed by {by}"),
        hint: "narrow the policy, or give the reason under `reasons` of portfolios/access.yaml"
            .to_owned(),
    }
}

/// The steps of a way, one after the other.
pub(super) fn steps(path: &Path) -> String {
    let texts: Vec<&str> = path.steps.iter().map(|step| step.text.as_str()).collect();
    texts.join(", then ")
}
