//! The kinds of drift: what `status` says of each, and what `plan` makes of it.

/// What `plan` makes of a kind of drift.
pub enum Answer {
    /// A step of this id, which `publish` carries out.
    Mends(&'static str),
    /// Words of a note or blocker.
    Reports(&'static str),
}

use Answer::{Mends, Reports};

/// Name, what `status` says, what `plan` does.
pub const KINDS: [(&str, &str, Answer); 22] = [
    (
        "version described otherwise",
        "restore the description of notebook v2.0.0",
        Mends("describe-version/notebook/v2.0.0"),
    ),
    (
        "version hidden",
        "show notebook v2.0.0 again",
        Mends("set-active/notebook/v2.0.0"),
    ),
    (
        "version deprecated",
        "open notebook v2.0.0 to launches",
        Mends("offer-version/notebook/v2.0.0"),
    ),
    (
        "service action taken off",
        "give notebook v2.0.0 its 1 service actions",
        Mends("associate-actions/notebook/v2.0.0"),
    ),
    (
        "foreign version",
        "notebook has a version `v0.9.0`",
        Reports("v0.9.0` (pa-"),
    ),
    (
        "second version of a name",
        "several versions of this name",
        Reports("several versions of this name"),
    ),
    (
        "product renamed",
        "change what is shown of notebook",
        Mends("update-product/notebook"),
    ),
    (
        "product's tag taken off",
        "nothing says that it is ours",
        Reports("nothing says that it is ours"),
    ),
    (
        "portfolio renamed",
        "somebody has set its DisplayName to `Theirs`",
        Reports("DisplayName to `Theirs`"),
    ),
    (
        "constraint deleted",
        "the constraint NotebookLaunchConstraint",
        Reports("NotebookLaunchConstraint"),
    ),
    (
        "constraint added",
        "somebody has added the constraint cons-",
        Reports("added the constraint cons-"),
    ),
    (
        "principal taken off",
        "role/Researcher was taken off",
        Reports("role/Researcher was taken off"),
    ),
    (
        "principal added",
        "somebody has added the principal arn:aws:iam::123456789012:role/other",
        Reports("added the principal"),
    ),
    (
        "product taken off the portfolio",
        "was taken off",
        Reports("the product prod-"),
    ),
    (
        "tag option taken off",
        "the tag option Grant=",
        Reports("the tag option Grant="),
    ),
    (
        "tag option switched off",
        "the tag option Grant=",
        Reports("the tag option Grant="),
    ),
    (
        "share ended",
        "share the portfolio research with ou-",
        Mends("share/research/ou-ab12-cdef3456"),
    ),
    (
        "share without tag options",
        "its tag options should come with it",
        Mends("share/research/ou-ab12-cdef3456"),
    ),
    (
        "template deleted",
        "upload the template of notebook v2.0.0",
        Mends("upload-template/notebook/v2.0.0"),
    ),
    (
        "template overwritten",
        "its digest is sha256:",
        Reports("somebody has overwritten it"),
    ),
    (
        "stack edited",
        "update the stack lab-grants",
        Mends("deploy-stack/lab-grants"),
    ),
    (
        "service action changed",
        "stack lab-catalog: RestartAction is MODIFIED",
        Reports("stack lab-catalog had drifted"),
    ),
];
