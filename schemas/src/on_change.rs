//! What another value of a property does to resources of the types that only `check` knows, of which
//! no Rust is made.

use crate::schema::on_change_of;
use serde_json::Value;

/// What an update does that gives a property another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnChange {
    /// It changes the resource that there is.
    Updates,
    /// It may replace it, under conditions that the documentation states.
    MayReplace,
    /// It replaces it.
    Replaces,
}

/// Whether the type is one of those that only `check` knows.
pub fn is_checked(type_name: &str) -> bool {
    on_change_of(type_name).is_some()
}

/// What another value of a property does, as the type's schema lists it; none where the schema isn't
/// vendored for `check` alone, or lists nothing at all: AWS's list is then missing rather than empty
/// (a volume's is, which can't move to another zone).
pub fn on_change(type_name: &str, property: &str) -> Option<OnChange> {
    let lists = on_change_of(type_name)?;
    let listed = |key: &str| -> Vec<&str> {
        let paths = lists.get(key).and_then(Value::as_array);
        let paths = paths.into_iter().flatten().filter_map(Value::as_str);
        // A list may name a part of a property: what changes in it may be that part.
        let names = paths.filter_map(|path| path.strip_prefix("/properties/")?.split('/').next());
        names.collect()
    };
    let (replaces, may_replace) = (listed("replaces"), listed("mayReplace"));
    if replaces.is_empty() && may_replace.is_empty() {
        return None;
    }
    Some(match () {
        () if replaces.contains(&property) => OnChange::Replaces,
        () if may_replace.contains(&property) => OnChange::MayReplace,
        () => OnChange::Updates,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_schema_lists_replaces_and_what_it_does_not_list_updates() {
        for (name, property, expected) in [
            (
                "AWS::DynamoDB::Table",
                "TableName",
                Some(OnChange::Replaces),
            ),
            (
                "AWS::DynamoDB::Table",
                "KeySchema",
                Some(OnChange::MayReplace),
            ),
            (
                "AWS::DynamoDB::Table",
                "BillingMode",
                Some(OnChange::Updates),
            ),
            ("AWS::EC2::Volume", "AvailabilityZone", None),
            ("AWS::IoT::Thing", "ThingName", None),
        ] {
            assert_eq!(on_change(name, property), expected, "{name} {property}");
        }
    }
}
