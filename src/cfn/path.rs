//! Where something stands in a template: `Resources.S3Bucket.Properties.BucketName`.

use std::fmt;

/// A path of keys and list positions, from the top of the template.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<String>);

impl Path {
    /// The path of these segments.
    pub fn of<S: Into<String>>(segments: impl IntoIterator<Item = S>) -> Path {
        Path(segments.into_iter().map(Into::into).collect())
    }

    /// The path of a resource's property section.
    pub fn properties(logical_id: &str) -> Path {
        Path::of(["Resources", logical_id, "Properties"])
    }

    /// This path and one more segment.
    #[must_use]
    pub fn join(&self, segment: impl Into<String>) -> Path {
        self.join_all([segment])
    }

    /// This path and these further segments.
    #[must_use]
    pub fn join_all<S: Into<String>>(&self, further: impl IntoIterator<Item = S>) -> Path {
        let further = further.into_iter();
        let mut segments = Vec::with_capacity(self.0.len() + further.size_hint().0);
        segments.extend_from_slice(&self.0);
        segments.extend(further.map(Into::into));
        Path(segments)
    }

    /// The segments, from the top.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// The logical id, where the path leads into a resource.
    pub fn logical_id(&self) -> Option<&str> {
        match self.0.as_slice() {
            [section, id, ..] if section == "Resources" => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}
