//! What another value of a field does to a running product, in words.

use crate::cfn::Template;
use crate::change::{Effect, ParameterImpact, Touched};
use crate::resource;

/// A sentence for the readers of a page. Parts that only connect others go untold while there is
/// something to tell of the others.
pub(super) fn sentence(impact: &ParameterImpact) -> String {
    let worst = impact.worst();
    let is_told = |touched: &&Touched| touched.effect.is_disruptive() || touched.effect == worst;
    let mut told: Vec<&Touched> = impact.touched.iter().filter(is_told).collect();
    let is_own = |touched: &&&Touched| !connects(&touched.kind);
    if told.iter().any(|touched| is_own(&touched)) {
        told.retain(|touched| is_own(&touched));
    }
    let mut sentences: Vec<String> = Vec::new();
    for effect in Effect::ALL.into_iter().rev() {
        for always in [true, false] {
            let group = told
                .iter()
                .filter(|one| one.effect == effect && one.always == always);
            let group: Vec<&Touched> = group.copied().collect();
            if !group.is_empty() {
                sentences.push(told_of(effect, always, &group));
            }
        }
    }
    if sentences.is_empty() {
        return "Nothing that is running changes.".to_owned();
    }
    sentences.join(" ")
}

/// Whether a resource only serves others of the product: rights, and what outside functions do.
fn connects(kind: &str) -> bool {
    kind.starts_with("Custom::")
        || kind.starts_with("AWS::IAM::")
        || kind == "AWS::Lambda::Permission"
}

fn told_of(effect: Effect, always: bool, group: &[&Touched]) -> String {
    let mut nouns: Vec<String> = Vec::new();
    let mut lost: Vec<&str> = Vec::new();
    let mut left: Vec<&str> = Vec::new();
    let mut instead: Vec<&str> = Vec::new();
    for touched in group {
        instead.extend(touched.instead.as_deref());
        let noun = noun(&touched.kind);
        if !nouns.contains(&noun) {
            nouns.push(noun);
        }
        lost.extend(touched.lost.iter().map(String::as_str));
        left.extend(touched.left.iter().map(String::as_str));
    }
    let what = listed(&nouns);
    let mut sentence = match effect {
        Effect::Fails => format!("The update fails at the {what}"),
        Effect::Replaced => format!("Makes a new {what}"),
        Effect::Removed => format!("Removes the {what}"),
        Effect::Unknown => format!("May make a new {what}"),
        Effect::Interrupted => format!("Interrupts the {what}"),
        Effect::InPlace => format!("Changes the {what} in place"),
        Effect::NotApplied if !instead.is_empty() => {
            instead.dedup();
            format!("What is running stays as it is: {}", instead.join("; "))
        }
        Effect::NotApplied => {
            "What is running stays as it is; what starts later gets it".to_owned()
        }
        Effect::Added => format!("Adds the {what}"),
        Effect::NoEffect => format!("Leaves the {what} as it is"),
    };
    if !always {
        sentence.push_str(" at some values");
    }
    for (data, said) in [
        (&mut lost, "lost"),
        (&mut left, "left behind, in the old one"),
    ] {
        data.dedup();
        if !data.is_empty() {
            sentence.push_str(&format!("; {said}: {}", data.join(", ")));
        }
    }
    sentence + "."
}

/// The parts that have the stack's tags from their creation on and can't take others: what other
/// tags replace. Whether tags of Service Catalog's own reach them isn't documented: the schemas speak
/// of those of CloudFormation alone.
pub(super) fn replaced_by_tags(template: &Template) -> String {
    let mut nouns: Vec<String> = Vec::new();
    for resource in template.resources.values() {
        let is_concerned = resource::facts(&resource.kind).is_some_and(|facts| {
            let tagging = &facts.tagging;
            tagging.property.is_some() && tagging.on_create && !tagging.updatable
        });
        let noun = noun(&resource.kind);
        if is_concerned && !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    listed(&nouns)
}

/// `AWS::Batch::JobDefinition` as `job definition`.
fn noun(kind: &str) -> String {
    let name = kind.rsplit("::").next().unwrap_or(kind);
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && words.ends_with(|last: char| last.is_ascii_lowercase()) {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn listed(nouns: &[String]) -> String {
    match nouns {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_named_as_people_say_them() {
        assert_eq!(noun("AWS::Batch::JobDefinition"), "job definition");
        assert_eq!(noun("AWS::EC2::Instance"), "instance");
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
