//! Tags and tag options of portfolios and products beside what stacks declare.
//!
//! What is launched gets the tags of its portfolio and of its product: a tag that somebody adds there is
//! on everybody's things, and on bills.
//! <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/autotags.html>

use super::declared::{of_type, value};
use super::{
    Desired, LivePortfolio, LiveProduct, Observed, PRODUCT_TAG, Restoration, WITHDRAWN_TAG,
};
use crate::product::VersionName;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was found of a tag option.
pub(super) enum Found<'a> {
    /// It can be put back: the stack and the logical id of what isn't as declared, how, and what was found.
    PutBack(&'a str, &'a str, Restoration, String),
    /// It is told.
    Told(String),
}

/// Tells every tag option of a portfolio that isn't as stacks declare it, and those that none declares.
pub(super) fn tag_options(
    desired: &Desired,
    observed: &Observed,
    portfolio: &LivePortfolio,
    mut tell: impl FnMut(Found<'_>),
) {
    let mut declared = BTreeSet::new();
    let stacks = observed.stacks.iter();
    for (name, stack) in stacks.filter(|(_, stack)| !stack.holds_nothing()) {
        let template = stack.template.json();
        for (association, properties) in of_type(template, "TagOptionAssociation") {
            let resource = value(desired, observed, stack, &properties["ResourceId"]);
            let logical_id = properties["TagOptionId"]["Ref"].as_str();
            let (Some(resource), Some(logical_id)) = (resource, logical_id) else {
                // What only CloudFormation can tell: nothing can be said of what is there beside it.
                return;
            };
            if resource != portfolio.id {
                continue;
            }
            let option = &template["Resources"][logical_id]["Properties"];
            let (Some(key), Some(text)) = (option["Key"].as_str(), option["Value"].as_str()) else {
                return;
            };
            let pair = format!("{key}={text}");
            let what = |verb: &str| {
                format!("the tag option {pair}, which the stack {name} gives it, was {verb}")
            };
            let Some(id) = stack.resources.get(logical_id) else {
                tell(Found::Told(what("taken off")));
                continue;
            };
            declared.insert(id.clone());
            match portfolio.tag_options.get(id) {
                Some(live) if live.pair != pair => {
                    let now = live.pair.split_once('=').map_or("", |(_, value)| value);
                    let how = Restoration::TagOptionValue {
                        option: id.clone(),
                        value: text.to_owned(),
                    };
                    let what = what(&format!("given the value `{now}`"));
                    tell(Found::PutBack(name, logical_id, how, what));
                }
                Some(live) if live.is_active => {}
                Some(_) => {
                    let how = Restoration::ActiveTagOption { option: id.clone() };
                    tell(Found::PutBack(name, logical_id, how, what("switched off")));
                }
                None if observed.lost_tag_options.contains(id) => {
                    let mut others = portfolio.tag_options.iter();
                    let anew = others.find(|(_, other)| other.pair == pair);
                    let what = what(&format!("deleted ({id})"));
                    tell(Found::Told(match anew {
                        Some((anew, _)) => {
                            declared.insert(anew.clone());
                            format!(
                                "{what} and made anew by hand ({anew}), which the stack never finds"
                            )
                        }
                        None => what,
                    }));
                }
                None => {
                    let how = Restoration::TagOption {
                        portfolio: portfolio.id.clone(),
                        option: id.clone(),
                    };
                    tell(Found::PutBack(name, association, how, what("taken off")));
                }
            }
        }
    }
    let all = portfolio.tag_options.iter();
    let added = all.filter(|(id, option)| option.is_active && !declared.contains(*id));
    for (_, option) in added {
        tell(Found::Told(format!(
            "somebody has added the tag option {}",
            option.pair
        )));
    }
}

/// The tags of a portfolio that its stack doesn't give it, and those that it lacks, in words.
pub(super) fn of_portfolio(
    template: &Value,
    portfolio: &LivePortfolio,
    value: impl Fn(&Value) -> Option<String>,
) -> Vec<String> {
    let mut declared = BTreeMap::new();
    for (_, properties) in of_type(template, "Portfolio") {
        for tag in properties["Tags"].as_array().into_iter().flatten() {
            let Some((key, text)) = value(&tag["Key"]).zip(value(&tag["Value"])) else {
                return Vec::new();
            };
            declared.insert(key, text);
        }
    }
    let given = "everything gets it that is launched from there";
    let live = portfolio.tags.iter();
    let others = live.filter(|(key, text)| declared.get(*key) != Some(*text));
    let added = others.map(|(key, text)| format!("somebody has tagged it {key}={text}: {given}"));
    let lacks = declared
        .iter()
        .filter(|(key, _)| !portfolio.tags.contains_key(*key));
    let lacks = lacks.map(|(key, text)| format!("its tag {key}={text} was taken off"));
    added.chain(lacks).collect()
}

/// The tags of a product of ours that this catalog doesn't give it.
pub(super) fn of_product(live: &LiveProduct) -> impl Iterator<Item = String> {
    let is_ours = |key: &str| {
        let withdrawn = key.strip_prefix(WITHDRAWN_TAG);
        key == PRODUCT_TAG || withdrawn.is_some_and(|name| name.parse::<VersionName>().is_ok())
    };
    let others = live.tags.iter().filter(move |(key, _)| !is_ours(key));
    others.map(|(key, text)| format!("{key}={text}"))
}
