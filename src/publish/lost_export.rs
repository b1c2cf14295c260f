//! Exports that a stack's next template takes away or changes, as far as both texts tell: while
//! another stack imports one, CloudFormation refuses the update.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>

use super::LiveStack;
use crate::cfn::normal::normal;
use crate::cfn::{TemplateOutput, read};

/// The outputs of a live template whose exports another template lacks, calls otherwise or gives
/// another value. A template that can't be read takes nothing away: that it can't be is told elsewhere.
pub fn lost_exports(live: &str, desired: &str) -> Vec<String> {
    if live == desired {
        return Vec::new();
    }
    let (Ok(live), Ok(desired)) = (read(live), read(desired)) else {
        return Vec::new();
    };
    let is_kept = |old: &TemplateOutput, new: Option<&TemplateOutput>| {
        new.is_some_and(|new| {
            old.export.as_ref().map(normal) == new.export.as_ref().map(normal)
                && normal(&old.value) == normal(&new.value)
        })
    };
    live.outputs
        .iter()
        .filter(|(name, old)| old.export.is_some() && !is_kept(old, desired.outputs.get(*name)))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Why a stack can't be updated while others import what it would no longer export; nothing where
/// nobody does.
pub(super) fn imported(live: &LiveStack) -> Option<(String, &'static str)> {
    let told: Vec<String> = live
        .importers
        .iter()
        .map(|(export, stacks)| format!("{export} by {}", stacks.join(", ")))
        .collect();
    (!told.is_empty()).then(|| {
        (
            format!(
                "its new template takes exports away, or gives them another value, that other stacks import, and CloudFormation refuses that: {}",
                told.join("; ")
            ),
            "keep the export and add another beside it; once nobody imports the old one, remove it. A stack whose name holds `-pp-` is a running product: `cargo xtask fleet` names its owner",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::lost_exports;

    const LIVE: &str = "
Resources:
  Limit: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {}}}
Outputs:
  Arn: {Value: !Ref Limit, Export: {Name: !Sub '${AWS::Region}-limit'}}
  Plain: {Value: one}
";

    #[test]
    fn an_export_is_lost_with_its_output_its_name_or_its_value() {
        for (from, to, lost) in [
            ("-limit", "-boundary", true),
            ("!Ref Limit", "arn:aws:iam::aws:policy/ReadOnlyAccess", true),
            ("Arn:", "LimitArn:", true),
            (", Export: {Name: !Sub '${AWS::Region}-limit'}", "", true),
            ("!Ref Limit", "!Sub '${Limit}'", false),
            ("Value: one", "Value: two", false),
        ] {
            assert_eq!(LIVE.matches(from).count(), 1, "{from}");
            let found = lost_exports(LIVE, &LIVE.replace(from, to));
            assert_eq!(!found.is_empty(), lost, "{to}: {found:?}");
        }
        assert!(lost_exports(LIVE, LIVE).is_empty());
        assert!(lost_exports(LIVE, "Resources: [").is_empty());
    }
}
