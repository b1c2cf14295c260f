//! When the objects of a bucket expire, and what an update does about it.

use super::DataAtRisk;
use super::stack::Properties;
use crate::cfn::Node;

/// A rule that deletes objects.
#[derive(Debug, PartialEq)]
struct Expiry {
    /// The beginning of the keys it is about; none: it is about all.
    prefix: Option<Node>,
    /// What else it asks of objects, as it is written.
    filter: Option<Node>,
    /// Old versions only.
    is_noncurrent: bool,
    /// After how many days; none: by a date, or a number that isn't known.
    days: Option<f64>,
    /// How the time is written.
    time: Node,
    /// How many of the newest old versions it spares, where it says so.
    spares: Option<Node>,
}

impl Expiry {
    /// Whether it deletes all that the other deletes, as early.
    fn covers(&self, other: &Expiry) -> bool {
        let is_as_early = match (self.days, other.days) {
            (Some(own), Some(others)) => own <= others,
            _ => self.time == other.time,
        };
        let is_as_wide = self.filter.is_none() || self.filter == other.filter;
        // What isn't known of a rule covers the same alone.
        let text = |node: &'_ Option<Node>| match node {
            None => Some(String::new()),
            Some(node) => node.scalar_text(),
        };
        let begins = match (text(&self.prefix), text(&other.prefix)) {
            (Some(own), _) if own.is_empty() => true,
            (Some(own), Some(others)) => others.starts_with(&own),
            _ => self.prefix == other.prefix,
        };
        let number = |node: &'_ Option<Node>| match node {
            None => Some(0.0),
            Some(node) => node.scalar_text()?.parse::<f64>().ok(),
        };
        let spares_no_more = match (number(&self.spares), number(&other.spares)) {
            (Some(own), Some(others)) => own <= others,
            _ => self.spares == other.spares,
        };
        is_as_early
            && is_as_wide
            && begins
            && spares_no_more
            && self.is_noncurrent == other.is_noncurrent
    }
}

/// What a change of a bucket's lifecycle puts at risk: objects that a rule deletes from now on, or
/// earlier than before.
pub(super) fn lifecycle(
    kind: &str,
    path: &[String],
    old: &Properties<'_>,
    new: &Properties<'_>,
) -> Option<DataAtRisk> {
    let name = "LifecycleConfiguration";
    if kind != "AWS::S3::Bucket" || path.first().is_none_or(|first| first != name) {
        return None;
    }
    let (before, after) = (expiries(old(name)), expiries(new(name)));
    let fresh: Vec<&Expiry> = after
        .iter()
        .filter(|expiry| !before.iter().any(|known| known.covers(expiry)))
        .collect();
    let is_earlier = |expiry: &&&Expiry| {
        before.iter().any(|known| {
            known.is_noncurrent == expiry.is_noncurrent && known.prefix == expiry.prefix
        })
    };
    let message = match (fresh.iter().find(is_earlier), fresh.first()) {
        (Some(_), _) => "a lifecycle rule deletes objects earlier than before",
        (None, Some(_)) => "a new lifecycle rule deletes objects",
        (None, None) => return None,
    };
    Some(DataAtRisk {
        what: "objects".to_owned(),
        is_deleted: true,
        message: message.to_owned(),
    })
}

/// The rules that delete, of those that are switched on. A rule whose state isn't known counts.
fn expiries(configuration: Option<&Node>) -> Vec<Expiry> {
    let rules = configuration.and_then(|node| node.get("Rules"));
    let mut found = Vec::new();
    for rule in rules.and_then(Node::as_list).unwrap_or_default() {
        let text = |name: &str| rule.get(name).and_then(Node::as_str);
        if text("Status") == Some("Disabled") {
            continue;
        }
        for (name, inner, is_noncurrent) in [
            ("ExpirationInDays", None, false),
            ("ExpirationDate", None, false),
            ("NoncurrentVersionExpirationInDays", None, true),
            ("NoncurrentVersionExpiration", Some("NoncurrentDays"), true),
        ] {
            let Some(node) = rule.get(name) else { continue };
            let time = inner.and_then(|inner| node.get(inner)).unwrap_or(node);
            let days = match name {
                "ExpirationDate" => None,
                _ => time.scalar_text().and_then(|text| text.parse().ok()),
            };
            found.push(Expiry {
                prefix: rule.get("Prefix").cloned(),
                filter: filter_of(rule),
                is_noncurrent,
                days,
                time: time.clone(),
                spares: node.get("NewerNoncurrentVersions").cloned(),
            });
        }
    }
    found
}

/// What a rule asks of objects beyond the beginning of their keys.
fn filter_of(rule: &Node) -> Option<Node> {
    let asked: crate::cfn::Map = ["TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), rule.get(name)?.clone())))
        .collect();
    (!asked.is_empty()).then_some(Node::Map(asked))
}
