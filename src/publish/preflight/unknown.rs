//! What the newest bodies ask of an account and no call of preflight tells: said, so that nobody takes it
//! for looked at.

use super::container::Containers;
use super::{Inspected, Inspection};
use serde_json::Value;
use std::collections::BTreeSet;

/// What begins the names of AWS's own macros, which every account has.
const OF_AWS: &str = "AWS::";

impl Inspection<'_> {
    /// What nobody has looked up, in words, sorted.
    pub fn unknown(&self, found: &Inspected) -> BTreeSet<String> {
        let mut unknown = BTreeSet::new();
        // What stands around the local AWS is made up with it.
        if self.environment.local {
            return unknown;
        }
        if let Some(offered) = &found.offered {
            unknown.extend(offered.asked.of_unknown_images());
        }
        let exports = found.exports.clone().unwrap_or_default();
        unknown.extend(Containers::of(self, &exports).unknown(found));
        for product in &self.desired.products {
            let Some((version, template)) = product.newest_template() else {
                continue;
            };
            let mut macros: BTreeSet<String> = BTreeSet::new();
            macros.extend(template.transform.iter().map(|one| one.name.clone()));
            collect(&template.to_json(), &mut macros);
            let who = format!("{} {version}", product.key);
            unknown.extend(macros.iter().filter(|name| !name.starts_with(OF_AWS)).map(
                |name| {
                    format!("{who}: whether the account has the macro {name}, and of which version: CloudFormation tells it only who makes a change set")
                },
            ));
        }
        unknown
    }
}

/// The macros that parts of a template name.
fn collect(value: &Value, macros: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("Fn::Transform").map(|one| &one["Name"]);
            macros.extend(name.and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect(field, macros));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, macros)),
        _ => {}
    }
}
