//! `bucket-lifecycle`: rules of a bucket that S3 takes.

use super::super::{Check, Report, Rule, Severity, Subject, View};
use crate::cfn::Node;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "bucket-lifecycle",
    severity: Severity::Error,
    what: "A bucket's lifecycle rules do something, in an order that S3 takes.",
    why: "S3 refuses the configuration.",
    fix: "warmer classes come first, 30 days before STANDARD_IA and ONEZONE_IA, and nothing expires before it is moved",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html",
    check: Check::Template(check),
};

/// From warm to cold: an object moves down only.
const CLASSES: [&str; 6] = [
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
];
/// What a rule can do.
const ACTIONS: [&str; 10] = [
    "AbortIncompleteMultipartUpload",
    "ExpirationDate",
    "ExpirationInDays",
    "ExpiredObjectDeleteMarker",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionExpirationInDays",
    "NoncurrentVersionTransition",
    "NoncurrentVersionTransitions",
    "Transition",
    "Transitions",
];
const DAYS_BEFORE_IA: f64 = 30.0;

fn check(subject: &Subject<'_>, report: &mut Report) {
    for view in subject.of_type("AWS::S3::Bucket") {
        let rules = view
            .get(&["LifecycleConfiguration", "Rules"])
            .and_then(Node::as_list);
        let mut seen: Vec<String> = Vec::new();
        for (index, rule) in rules.into_iter().flatten().enumerate() {
            let index = index.to_string();
            let place = ["LifecycleConfiguration", "Rules", index.as_str()];
            if let Some(id) = rule.get("Id").and_then(Node::scalar_text) {
                if seen.contains(&id) {
                    report.at(
                        view.path(&place).join("Id"),
                        format!("another rule is called `{id}`"),
                    );
                }
                seen.push(id);
            }
            let Some(entries) = rule.as_map() else {
                continue;
            };
            if !ACTIONS.iter().any(|action| entries.contains_key(*action)) {
                report.at(view.path(&place), "the rule does nothing");
            }
            order(view, &place, rule, report);
        }
        needs_versions(view, report);
    }
}

fn order(view: View<'_>, place: &[&str; 3], rule: &Node, report: &mut Report) {
    let days = |node: &Node, key: &str| node.get(key)?.scalar_text()?.parse::<f64>().ok();
    let mut moves: Vec<(f64, String)> = Vec::new();
    let listed = Node::one_or_more(rule.get("Transitions"));
    for transition in listed.into_iter().chain(rule.get("Transition")) {
        let class = transition.get("StorageClass").and_then(Node::scalar_text);
        if let (Some(class), Some(days)) = (class, days(transition, "TransitionInDays")) {
            if matches!(class.as_str(), "STANDARD_IA" | "ONEZONE_IA") && days < DAYS_BEFORE_IA {
                let message =
                    format!("{class} takes objects after {DAYS_BEFORE_IA} days, not {days}");
                report.at(view.path(place).join("Transitions"), message);
            }
            moves.push((days, class));
        }
    }
    moves.sort_by(|one, other| one.0.total_cmp(&other.0));
    let rank = |class: &str| CLASSES.iter().position(|known| *known == class);
    for pair in moves.windows(2) {
        if let [(_, before), (_, after)] = pair
            && let (Some(warm), Some(cold)) = (rank(before), rank(after))
            && cold <= warm
        {
            let message = format!("nothing moves from {before} to {after}");
            report.at(view.path(place).join("Transitions"), message);
        }
    }
    if let Some(expires) = days(rule, "ExpirationInDays")
        && let Some((last, class)) = moves.last()
        && expires <= *last
    {
        let message = format!("it expires after {expires} days, and moves to {class} after {last}");
        report.at(view.path(place).join("ExpirationInDays"), message);
    }
}

/// What works on versions of objects only.
fn needs_versions(view: View<'_>, report: &mut Report) {
    let status = view.get(&["VersioningConfiguration", "Status"]);
    let is_known = status.is_none_or(|status| status.scalar_text().is_some());
    let has = view.is(&["VersioningConfiguration", "Status"], "Enabled");
    if is_known && !has && view.get(&["ReplicationConfiguration"]).is_some() {
        report.at(
            view.path(&["ReplicationConfiguration"]),
            "replication needs versioning",
        );
    }
    let locks = view.get(&["ObjectLockConfiguration"]).is_some();
    if locks && view.get(&["ObjectLockEnabled"]).is_none() {
        let message = "a lock needs `ObjectLockEnabled: true`";
        report.at(view.path(&["ObjectLockConfiguration"]), message);
    }
    let owner = view.text(&["OwnershipControls", "Rules", "0", "ObjectOwnership"]);
    let acl = view.text(&["AccessControl"]);
    if owner.as_deref() == Some("BucketOwnerEnforced")
        && acl.is_some_and(|acl| acl != "BucketOwnerFullControl" && acl != "Private")
    {
        report.at(
            view.path(&["AccessControl"]),
            "a bucket whose owner owns all takes no ACL",
        );
    }
}
