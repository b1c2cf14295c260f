//! The files that an engine makes a product of, as they stand in its folder `artifact/`.

/// A file below `artifact/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArtifactFile {
    /// Its path from there, with forward slashes: that in the archive.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// What it holds; nothing of what is no file.
    pub bytes: Vec<u8>,
}

/// What stands in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A file.
    Plain,
    /// A file that can be run.
    Program,
    /// A link to something else, in the folder or not.
    Link,
    /// A pipe, a device, a socket.
    Special,
}
