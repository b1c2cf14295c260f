//! Exports that a stack's next template takes away or changes, as far as both texts tell: while
//! another stack imports one, CloudFormation refuses the update.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>

use super::LiveStack;
use crate::cfn::normal::normal;
use crate::cfn::{Intrinsic, Node, TemplateOutput, read};

/// The outputs of a live template whose exports another template lacks, calls otherwise or gives
/// another value in a stack of which these pseudo parameters are known. A template that can't be read
/// takes nothing away: that it can't be is told elsewhere.
pub fn lost_exports(live: &str, desired: &str, known: &[(&str, &str)]) -> Vec<String> {
    if live == desired {
        return Vec::new();
    }
    let (Ok(live), Ok(desired)) = (read(live), read(desired)) else {
        return Vec::new();
    };
    let is_kept = |old: &TemplateOutput, new: Option<&TemplateOutput>| {
        new.is_some_and(|new| {
            let written = |node: &Node| written(node, known);
            old.export.as_ref().map(written) == new.export.as_ref().map(written)
                && written(&old.value) == written(&new.value)
        })
    };
    live.outputs
        .iter()
        .filter(|(name, old)| old.export.is_some() && !is_kept(old, desired.outputs.get(*name)))
        .map(|(name, _)| name.clone())
        .collect()
}

/// A value as far as it is known: one template may write out what another puts together.
fn written(node: &Node, known: &[(&str, &str)]) -> Node {
    let node = normal(node);
    let Node::Intrinsic(function) = &node else {
        return node;
    };
    let Intrinsic::Sub { text, variables } = function.as_ref() else {
        return node;
    };
    let known = known.iter().fold(text.clone(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), value)
    });
    match known.contains("${") || !variables.is_empty() {
        true => Intrinsic::Sub {
            text: known,
            variables: variables.clone(),
        }
        .into(),
        false => known.as_str().into(),
    }
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
            let found = lost_exports(LIVE, &LIVE.replace(from, to), &[]);
            assert_eq!(!found.is_empty(), lost, "{to}: {found:?}");
        }
        assert!(lost_exports(LIVE, LIVE, &[]).is_empty());
        assert!(lost_exports(LIVE, "Resources: [", &[]).is_empty());
    }

    #[test]
    fn what_one_template_writes_out_another_may_put_together() {
        let known = [("AWS::Region", "us-east-1"), ("AWS::StackName", "limits")];
        let put_together = LIVE.replace("-limit'", "-${AWS::StackName}'");
        for (written, lost) in [("us-east-1-limits", false), ("us-west-2-limits", true)] {
            let live = LIVE.replace("!Sub '${AWS::Region}-limit'", written);
            let found = lost_exports(&live, &put_together, &known);
            assert_eq!(!found.is_empty(), lost, "{written}");
        }
    }
}
