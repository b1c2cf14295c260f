//! What can't have changed since it was read: kept for the length of a run, which looks at the account
//! several times. Each is kept under all that would be another where it were another.

use compute_catalog::digest::Digest;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What was read and is fixed.
#[derive(Clone, Default)]
pub(crate) struct Fixed(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// A version's template is fixed when it is created.
    bodies: BTreeMap<Made, Digest>,
    stacks: BTreeMap<StackState, StackParts>,
    objects: BTreeMap<ObjectState, Digest>,
}

/// A version of a product: its id, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Made {
    pub id: String,
    pub at: String,
}

/// A state of an object: whatever is written there has another time, and another tag where it differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ObjectState {
    pub bucket: String,
    pub key: String,
    /// S3's own name for what is in it.
    pub etag: String,
    /// When it was written.
    pub at: String,
    /// In bytes.
    pub size: i64,
}

/// A state of a stack: nothing updates a stack without another time, nor a change set without its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StackState {
    /// The stack's id, which another stack of its name doesn't have.
    pub id: String,
    /// When it was updated last, or else created.
    pub at: String,
    /// The change set that was executed last.
    pub change_set: String,
    /// CloudFormation's word for it.
    pub status: String,
}

/// What a stack has in a state.
#[derive(Clone, Debug, Default)]
pub(crate) struct StackParts {
    /// Its template.
    pub template: String,
    /// The id of each thing, by logical id.
    pub resources: BTreeMap<String, String>,
    /// The type of each, by logical id.
    pub kinds: BTreeMap<String, String>,
}

impl Fixed {
    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The digest of a version's template.
    pub fn body(&self, version: &Made) -> Option<Digest> {
        self.with(|kept| kept.bodies.get(version).cloned())
    }

    /// Keeps it.
    pub fn keep_body(&self, version: &Made, digest: &Digest) {
        self.with(|kept| kept.bodies.insert(version.clone(), digest.clone()));
    }

    /// The digest of an object.
    pub fn object(&self, state: &ObjectState) -> Option<Digest> {
        self.with(|kept| kept.objects.get(state).cloned())
    }

    /// Keeps it.
    pub fn keep_object(&self, state: &ObjectState, digest: &Digest) {
        self.with(|kept| kept.objects.insert(state.clone(), digest.clone()));
    }

    /// What a stack has.
    pub fn stack(&self, state: &StackState) -> Option<StackParts> {
        self.with(|kept| kept.stacks.get(state).cloned())
    }

    /// Keeps it.
    pub fn keep_stack(&self, state: StackState, parts: &StackParts) {
        self.with(|kept| kept.stacks.insert(state, parts.clone()));
    }
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fixed")
    }
}
