//! Whether the newest frozen body of each product serves the account: what differs between accounts and
//! regions stands in mappings, and a launch fails where those have no row for it.

use super::{Blocker, Inspection, Subject};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn check(inspection: &Inspection<'_>, findings: &mut Vec<Blocker>) {
    let desired = inspection.desired;
    for product in &desired.products {
        let Some((version, template)) = product.newest_template() else {
            continue;
        };
        let template = template.to_json();
        let mut asked = BTreeSet::new();
        collect(&template, &mut asked);
        for (mapping, pseudo) in asked {
            let row = match pseudo.as_str() {
                "AWS::AccountId" => desired.account.as_str(),
                "AWS::Region" => desired.region.as_str(),
                _ => continue,
            };
            if template["Mappings"][&mapping][row].is_null() {
                findings.push(Blocker {
                    on: Subject::Version(product.key.clone(), version),
                    message: format!("its mapping {mapping} has no row for {row}: no launch works here"),
                    hint: format!(
                        "what it was made of didn't know this account: `cargo xtask generate`, then `cargo xtask release {} --bump minor --note TEXT`",
                        product.key
                    ),
                });
            }
        }
    }
}

/// The mappings that are looked up by a value of the account: mapping, and pseudo parameter.
fn collect(value: &Value, asked: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let Some([mapping, row, ..]) = fields
                .get("Fn::FindInMap")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                && let (Some(mapping), Some(row)) = (mapping.as_str(), row["Ref"].as_str())
            {
                asked.insert((mapping.to_owned(), row.to_owned()));
            }
            fields.values().for_each(|field| collect(field, asked));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, asked)),
        _ => {}
    }
}
