//! What was changed behind the catalog's back and no step puts back: on portfolios, whose stacks
//! CloudFormation doesn't update without a change of theirs, and versions that are nobody's we know.
//!
//! CloudFormation's own detection of drift lacks several of these types; here the portfolios
//! themselves are looked at.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html>
//!
//! No step, because no change of a template restores what it doesn't change: a stack whose metadata
//! or description is new leaves its resources as they are. A drift-aware change set would look at
//! them, at those types alone that the detection knows, and takes back every other change as well,
//! also one that was right: whether it may is for a person to say. `docs/operating.md` tells how.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html>

use super::{Desired, LivePortfolio, LiveStack, Observed, Ownership, ownership};
use crate::product::VersionName;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The next step of whoever reads these lines.
pub(super) const PUT_BACK: &str =
    "docs/operating.md says under \"Changed by hand\" how each is put back";

/// Everything that a person has to look at, in words, sorted.
pub(super) fn left_alone(desired: &Desired, observed: &Observed) -> Vec<String> {
    let mut lines = foreign_versions(desired, observed);
    for (stack, portfolio) in &observed.portfolios {
        if let Some(live) = observed.stacks.get(stack) {
            compare(desired, observed, (stack, live), portfolio, &mut lines);
        }
    }
    for set in &desired.stack_sets {
        let live = observed.stack_sets.get(&set.name);
        let targets = live.map(|live| live.targets()).unwrap_or_default();
        for other in targets.difference(set.targets.ids()) {
            lines.push(format!(
                "stack set {} has instances in {other}, which the portfolio is not shared with",
                set.name
            ));
        }
    }
    lines.sort();
    lines
}

/// What CloudFormation found when somebody last had it look: who doesn't have it look now can't say
/// more.
pub(super) fn drifted_before(observed: &Observed) -> impl Iterator<Item = String> {
    let drifted = observed
        .stacks
        .iter()
        .filter(|(_, stack)| stack.has_drifted);
    drifted.map(|(name, _)| {
        format!(
            "stack {name} had drifted when CloudFormation last looked (`cargo xtask status` says where)"
        )
    })
}

fn foreign_versions(desired: &Desired, observed: &Observed) -> Vec<String> {
    let mut lines = Vec::new();
    for product in &desired.products {
        let Ownership::Ours(live) = ownership(desired, product, observed) else {
            continue;
        };
        for version in &live.versions {
            let name = version.name.parse::<VersionName>().ok();
            let is_known = name.is_some_and(|name| {
                product.version(name).is_some() || product.legacy_versions.contains(&name)
            });
            if !is_known {
                lines.push(format!(
                    "{} has a version `{}` ({}) that is not ours",
                    product.key, version.name, version.id
                ));
            }
        }
    }
    lines
}

fn compare(
    desired: &Desired,
    observed: &Observed,
    (name, stack): (&str, &LiveStack),
    portfolio: &LivePortfolio,
    lines: &mut Vec<String>,
) {
    let say = |what: &str| format!("portfolio {} of stack {name}: {what}", portfolio.id);
    let declared = Declared::of(desired, observed, stack, portfolio);
    // Absent is a value that only CloudFormation can tell: its own detection has to do.
    for (kind, declared, live) in [
        ("principal", &declared.principals, &portfolio.principals),
        ("product", &declared.products, &portfolio.products),
    ] {
        if let Some(declared) = declared {
            for lost in declared.difference(live) {
                lines.push(say(&format!("the {kind} {lost} was taken off")));
            }
            for added in live.difference(declared) {
                lines.push(say(&format!("somebody has added the {kind} {added}")));
            }
        }
    }
    if let Some(declared) = &declared.tag_options {
        let lost = |option: &&String| !portfolio.tag_options.contains(*option);
        for (option, stack) in declared.iter().filter(|(option, _)| lost(option)) {
            lines.push(say(&format!(
                "the tag option {option}, which the stack {stack} gives it, was taken off or switched off"
            )));
        }
        let added = |option: &&String| !declared.contains_key(*option);
        for option in portfolio.tag_options.iter().filter(added) {
            lines.push(say(&format!("somebody has added the tag option {option}")));
        }
    }
    let template = json(stack);
    for (_, properties) in of_type(&template, "Portfolio") {
        for (property, text) in &portfolio.texts {
            let declared = properties[property].as_str();
            if declared.is_some_and(|declared| declared != text) {
                lines.push(say(&format!("somebody has set its {property} to `{text}`")));
            }
        }
    }
    let own: BTreeSet<&String> = portfolio.declared_constraints.values().collect();
    for (logical_id, id) in &portfolio.declared_constraints {
        if !portfolio.constraints.contains(id) {
            lines.push(say(&format!(
                "the constraint {logical_id} ({id}) was deleted"
            )));
        }
    }
    for id in portfolio.constraints.iter().filter(|id| !own.contains(id)) {
        lines.push(say(&format!("somebody has added the constraint {id}")));
    }
}

/// What the templates say that a portfolio has; absent where a value can't be told from here.
struct Declared {
    principals: Option<BTreeSet<String>>,
    products: Option<BTreeSet<String>>,
    /// With the stack that gives each.
    tag_options: Option<BTreeMap<String, String>>,
}

impl Declared {
    fn of(
        desired: &Desired,
        observed: &Observed,
        stack: &LiveStack,
        portfolio: &LivePortfolio,
    ) -> Declared {
        let template = json(stack);
        let all = |kind: &str, property: &str| -> Option<BTreeSet<String>> {
            of_type(&template, kind)
                .map(|(_, properties)| value(desired, observed, stack, &properties[property]))
                .collect()
        };
        Declared {
            principals: all("PortfolioPrincipalAssociation", "PrincipalARN"),
            products: all("PortfolioProductAssociation", "ProductId"),
            tag_options: tag_options(desired, observed, &portfolio.id),
        }
    }
}

/// The tag options that any stack gives a portfolio: key and value, and the stack.
fn tag_options(
    desired: &Desired,
    observed: &Observed,
    portfolio: &str,
) -> Option<BTreeMap<String, String>> {
    let mut options = BTreeMap::new();
    for (name, stack) in &observed.stacks {
        let template = json(stack);
        for (_, properties) in of_type(&template, "TagOptionAssociation") {
            if value(desired, observed, stack, &properties["ResourceId"])? != portfolio {
                continue;
            }
            let option = properties["TagOptionId"]["Ref"].as_str()?;
            let option = &template["Resources"][option]["Properties"];
            let option = format!("{}={}", option["Key"].as_str()?, option["Value"].as_str()?);
            options.insert(option, name.clone());
        }
    }
    Some(options)
}

fn json(stack: &LiveStack) -> Value {
    crate::cfn::read(&stack.template).map_or(Value::Null, |template| template.to_json())
}

/// The resources of a Service Catalog type: logical id and properties.
fn of_type<'a>(
    template: &'a Value,
    kind: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    template["Resources"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(move |(_, resource)| {
            resource["Type"]
                .as_str()
                .and_then(|one| one.strip_prefix("AWS::ServiceCatalog::"))
                == Some(kind)
        })
        .map(|(logical_id, resource)| (logical_id, &resource["Properties"]))
}

/// A property's value: written out, a parameter, or imported from a stack of ours.
fn value(
    desired: &Desired,
    observed: &Observed,
    stack: &LiveStack,
    property: &Value,
) -> Option<String> {
    if let Some(text) = property.as_str() {
        return Some(text.to_owned());
    }
    if let Some(name) = property["Ref"].as_str() {
        return stack.parameters.get(name).cloned();
    }
    let import = &property["Fn::ImportValue"];
    let name = import.as_str().or_else(|| import["Fn::Sub"].as_str())?;
    desired.stacks.iter().find_map(|stack| {
        let live = observed.stacks.get(&stack.name)?;
        let template = json(live);
        let outputs = template["Outputs"].as_object()?;
        let (output, _) = outputs.iter().find(|(_, output)| {
            let export = &output["Export"]["Name"];
            export.as_str().or_else(|| export["Fn::Sub"].as_str()) == Some(name)
        })?;
        live.outputs.get(output).cloned()
    })
}
