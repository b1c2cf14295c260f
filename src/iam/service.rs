//! AWS's services, by the names that principals and actions have.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../vendor/service-principals.json"))
        .unwrap_or_else(|error| panic!("vendor/service-principals.json: {error}"))
});

/// The services that AWS's managed policies and its list of actions name: what stands before
/// `.amazonaws.com`, or before the colon of an action.
fn services() -> &'static BTreeSet<&'static str> {
    &NAMES
}

/// Why policies can't name a service so; none where they may. A newer service may have a name that no
/// list has: only one that is nearly a known one was meant to be that.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services>
pub fn service_fault(name: &str) -> Option<String> {
    let base = name
        .strip_suffix(".amazonaws.com")
        .or_else(|| name.strip_suffix(".amazonaws.com.cn"));
    match base {
        None if name.ends_with(".aws.internal") || name.contains("${") => None,
        None => Some("a service's name ends with `.amazonaws.com`".to_owned()),
        // With a region, or of a kind that few have.
        Some(base) if base.contains('.') || services().contains(base) => None,
        Some(base) => {
            let mut known = services().iter();
            let near = known.find(|known| strsim::levenshtein(known, base) == 1);
            near.map(|near| format!("did you mean `{near}.amazonaws.com`?"))
        }
    }
}
