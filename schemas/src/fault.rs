//! What is wrong with a value.

/// What is wrong with a value, by its schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The keys and positions that lead to it.
    pub path: Vec<String>,
    /// What is wrong.
    pub message: String,
    /// The keyword that says so: `required`.
    pub keyword: &'static str,
    /// The schema in which it stands: a resource type, or one beside those, such as `iam.policy_trust`.
    pub schema: &'static str,
}
