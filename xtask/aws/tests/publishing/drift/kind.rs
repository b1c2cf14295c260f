//! The kinds of drift: what `status` says of each, and what `plan` makes of it.

/// What `plan` makes of a kind of drift.
pub enum Answer {
    /// A step of this id, which `publish` carries out.
    Mends(&'static str),
    /// Words of a note or blocker.
    Reports(&'static str),
    /// A step whose id begins so, and words of what is left.
    MendsAndReports(&'static str, &'static str),
}

use Answer::{Mends, MendsAndReports, Reports};

/// Name, or names of what is done one after the other; what `status` says; what `plan` does.
pub const KINDS: [(&str, &str, Answer); 106] = [
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
        Mends("restore/lab-research/Portfolio"),
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
        Mends("restore/lab-research/"),
    ),
    (
        "principal added",
        "somebody has added the principal arn:aws:iam::123456789012:role/other",
        Reports("added the principal"),
    ),
    (
        "product taken off the portfolio",
        "was taken off",
        MendsAndReports("restore/lab-research/", "NotebookLaunchConstraint"),
    ),
    (
        "tag option taken off",
        "gives it, was taken off",
        Mends("restore/lab-grants/"),
    ),
    (
        "tag option switched off",
        "gives it, was switched off",
        Mends("restore/lab-grants/"),
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
        "put back the template of notebook v2.0.0",
        Mends("upload-template/notebook/v2.0.0"),
    ),
    (
        "stack edited",
        "update the stack lab-grants",
        Mends("deploy-stack/lab-grants"),
    ),
    (
        "service action changed",
        "somebody has changed the service action RestartAction",
        Mends("restore/lab-catalog/RestartAction"),
    ),
    (
        "version renamed",
        "give notebook v2.0.0 its name back",
        Mends("rename-version/notebook/v2.0.0"),
    ),
    (
        "version renamed and described otherwise",
        "give notebook v2.0.0 its name back",
        Mends("rename-version/notebook/v2.0.0"),
    ),
    (
        "version renamed as another release",
        "give notebook v2.0.0 its name back",
        Mends("rename-version/notebook/v2.0.0"),
    ),
    (
        "version hidden and deprecated",
        "open notebook v2.0.0 to launches",
        Mends("set-active/notebook/v2.0.0"),
    ),
    (
        "version of a newer checkout",
        "released from another revision",
        Reports("check out the newest revision"),
    ),
    (
        "version of ours with another body",
        "several versions of this name",
        Reports("delete it only when nothing runs on it"),
    ),
    (
        "service action added to the version",
        "somebody has given notebook v2.0.0 the service action act-",
        Reports("the service action act-"),
    ),
    (
        "service action deleted",
        "(act-",
        Reports("of stack lab-catalog was deleted"),
    ),
    (
        "service action described otherwise",
        "somebody has changed the service action RestartAction",
        Mends("restore/lab-catalog/RestartAction"),
    ),
    (
        "service action runs another document",
        "somebody has changed the service action RestartAction",
        Mends("restore/lab-catalog/RestartAction"),
    ),
    (
        "product described otherwise",
        "description is `Theirs`",
        Mends("update-product/notebook"),
    ),
    (
        "product of another owner",
        "owner is `Theirs`",
        Mends("update-product/notebook"),
    ),
    (
        "product of another distributor",
        "distributor is `Theirs`",
        Mends("update-product/notebook"),
    ),
    (
        "product with another support text",
        "support description is `Theirs`",
        Mends("update-product/notebook"),
    ),
    (
        "product with another support address",
        "support e-mail is `theirs@example.com`",
        Mends("update-product/notebook"),
    ),
    (
        "product with another support page",
        "support URL is `https://example.com/theirs`",
        Mends("update-product/notebook"),
    ),
    (
        "product renamed and of other makers",
        "name is `Theirs`",
        Mends("update-product/notebook"),
    ),
    (
        "product tagged as another",
        "nothing says that it is ours",
        Reports("record its id under"),
    ),
    (
        "second product with our tag",
        "several products are tagged as it",
        Reports("keep the tag on one of them"),
    ),
    (
        "second product of our name",
        "has the name of notebook",
        Reports("people see two"),
    ),
    (
        "tag option on the product",
        "somebody has given notebook (prod-",
        Reports("the tag option Theirs=one"),
    ),
    (
        "product of others in the portfolio",
        "somebody has added the product prod-",
        Reports("somebody has added the product prod-"),
    ),
    (
        "tag option of others on the portfolio",
        "somebody has added the tag option Theirs=one",
        Reports("tag option Theirs=one"),
    ),
    (
        "portfolio described otherwise",
        "somebody has set its Description to `Theirs`",
        Mends("restore/lab-research/Portfolio"),
    ),
    (
        "portfolio of another provider",
        "somebody has set its ProviderName to `Theirs`",
        Mends("restore/lab-research/Portfolio"),
    ),
    (
        "portfolio with every text changed",
        "somebody has set its ProviderName to `Theirs`",
        Mends("restore/lab-research/Portfolio"),
    ),
    (
        "portfolio deleted",
        "was deleted by hand",
        Reports("aws cloudformation delete-stack --stack-name lab-research"),
    ),
    (
        "launch role changed",
        "somebody has set the launch role of NotebookLaunchConstraint",
        Mends("restore/lab-research/NotebookLaunchConstraint"),
    ),
    (
        "launch role changed to an ARN",
        "somebody has set the launch role of NotebookLaunchConstraint",
        Mends("restore/lab-research/NotebookLaunchConstraint"),
    ),
    (
        "tag updates allowed",
        "somebody has set TagUpdateOnProvisionedProduct",
        Mends("restore/lab-research/"),
    ),
    (
        "every constraint deleted",
        "the constraint NotebookLaunchConstraint",
        Reports("was deleted"),
    ),
    (
        "shared with a stranger account",
        "somebody has shared it with 999999999999",
        Reports("somebody has shared it with 999999999999"),
    ),
    (
        "shared with a stranger unit",
        "somebody has shared it with ou-zz99-stranger",
        Reports("somebody has shared it with ou-zz99-stranger"),
    ),
    (
        "share with principals",
        "its principals should not come with it",
        Mends("share/research/ou-ab12-cdef3456"),
    ),
    (
        "every principal taken off",
        "role/Researcher was taken off",
        Mends("restore/lab-research/"),
    ),
    (
        "principal pattern added",
        "somebody has added the principal arn:aws:iam:::role/theirs-*",
        Reports("added the principal"),
    ),
    (
        "template's tag taken off",
        "tag the template of notebook v2.0.0 again",
        Mends("tag-template/notebook/v2.0.0"),
    ),
    (
        "template's tag set otherwise",
        "tag the template of notebook v2.0.0 again",
        Mends("tag-template/notebook/v2.0.0"),
    ),
    (
        "template overwritten and untagged",
        "put back the template of notebook v2.0.0",
        Mends("upload-template/notebook/v2.0.0"),
    ),
    (
        "templates all deleted",
        "upload the template of s3-private v2.0.0",
        Mends("upload-template/notebook/v2.0.0"),
    ),
    (
        "product in a portfolio of others",
        "into the portfolio port-",
        Reports("into the portfolio port-"),
    ),
    (
        "version deleted",
        "create notebook v2.0.0",
        MendsAndReports("create-version/notebook/v2.0.0", "v0.9.0` (pa-"),
    ),
    (
        "service action taken off + service action added to the version",
        "somebody has given notebook v2.0.0 the service action act-",
        MendsAndReports(
            "associate-actions/notebook/v2.0.0",
            "the service action act-",
        ),
    ),
    (
        "constraint deleted + launch constraint made by hand",
        "somebody has added the constraint cons-",
        Reports("NotebookLaunchConstraint"),
    ),
    (
        "stack deleted",
        "create the stack lab-grants",
        Mends("deploy-stack/lab-grants"),
    ),
    (
        "template's tag taken off + principal added",
        "tag the template of notebook v2.0.0 again",
        MendsAndReports("tag-template/notebook/v2.0.0", "added the principal"),
    ),
    (
        "portfolio renamed + product renamed",
        "change what is shown of notebook",
        Mends("restore/lab-research/Portfolio"),
    ),
    (
        "change set left under our name",
        "update the stack lab-grants",
        Mends("deploy-stack/lab-grants"),
    ),
    (
        "template constraint added",
        "(TEMPLATE of notebook)",
        Reports("(TEMPLATE of notebook)"),
    ),
    (
        "launch role given to what people launch as themselves",
        "(LAUNCH of s3-private, with the role Admin)",
        Reports("(LAUNCH of s3-private, with the role Admin)"),
    ),
    (
        "stack set constraint added",
        "(STACKSET of s3-private)",
        Reports("(STACKSET of s3-private)"),
    ),
    (
        "tag update constraint made by hand",
        "(RESOURCE_UPDATE of notebook)",
        Reports("NotebookTagUpdateConstraint"),
    ),
    (
        "tag option deleted",
        "gives it, was deleted (tag-",
        Reports("gives it, was deleted (tag-"),
    ),
    (
        "tag option made anew by hand",
        "which the stack never finds",
        Reports("and made anew by hand (tag-"),
    ),
    (
        "tag option's value edited",
        "was given the value `Theirs`",
        Mends("restore/lab-grants/"),
    ),
    (
        "portfolio tagged",
        "somebody has tagged it Project=theirs",
        Reports("everything gets it that is launched from there"),
    ),
    (
        "product tagged",
        "Project=theirs: everything gets it that is launched of it",
        Reports("somebody has tagged notebook (prod-"),
    ),
    (
        "product tagged as withdrawn of no version",
        "compute-catalog:withdrawn:latest=theirs",
        Reports("somebody has tagged notebook (prod-"),
    ),
    (
        "product deleted",
        "somebody has deleted prod-",
        Mends("create-product/notebook"),
    ),
    (
        "product connected to a repository",
        "to theirs/templates",
        Reports("becomes a version by itself"),
    ),
    (
        "stack of others under our name",
        "it isn't ours",
        Reports("an update would delete what it holds: Theirs"),
    ),
    (
        "stack with a role",
        "somebody has given the stack lab-grants the role",
        Reports("role/theirs"),
    ),
    (
        "portfolio deleted + stack protected",
        "was deleted by hand",
        Reports(
            "`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name lab-grants`, then `aws cloudformation delete-stack --stack-name lab-grants`, then `aws cloudformation delete-stack --stack-name lab-research`",
        ),
    ),
    (
        "stack lab-research is DELETE_FAILED",
        "it is DELETE_FAILED",
        Reports("then `aws cloudformation delete-stack --stack-name lab-research`"),
    ),
    (
        "stack lab-grants is ROLLBACK_FAILED",
        "it is ROLLBACK_FAILED",
        Reports("hint: `aws cloudformation delete-stack --stack-name lab-grants`, once"),
    ),
    (
        "stack lab-research is CREATE_FAILED",
        "it is CREATE_FAILED",
        Reports("`aws cloudformation rollback-stack --stack-name lab-research`"),
    ),
    (
        "stack lab-research is UPDATE_FAILED",
        "it is UPDATE_FAILED",
        Reports("`aws cloudformation rollback-stack --stack-name lab-research`"),
    ),
    (
        "stack lab-research is UPDATE_ROLLBACK_FAILED",
        "it is UPDATE_ROLLBACK_FAILED",
        Reports("continue-update-rollback --stack-name lab-research"),
    ),
    (
        "stack lab-research is IMPORT_ROLLBACK_FAILED",
        "it is IMPORT_ROLLBACK_FAILED",
        Reports("mend it in the CloudFormation console"),
    ),
    (
        "stack edited + stack lab-grants is UPDATE_ROLLBACK_COMPLETE",
        "update the stack lab-grants",
        Mends("deploy-stack/lab-grants"),
    ),
    (
        "stack edited + stack lab-grants is IMPORT_COMPLETE",
        "update the stack lab-grants",
        Mends("deploy-stack/lab-grants"),
    ),
    (
        "bucket's versioning suspended",
        "TemplateBucket is MODIFIED /VersioningConfiguration",
        Reports("stack lab-catalog had drifted"),
    ),
    (
        "bucket's policy deleted",
        "TemplateBucketPolicy is DELETED",
        Reports("stack lab-catalog had drifted"),
    ),
    (
        "bucket encrypted otherwise",
        "TemplateBucket is MODIFIED /BucketEncryption",
        Reports("stack lab-catalog had drifted"),
    ),
    (
        "bucket open to the world",
        "TemplateBucket is MODIFIED /PublicAccessBlockConfiguration",
        Reports("stack lab-catalog had drifted"),
    ),
    (
        "role of the end users deleted",
        "Researcher is DELETED",
        Reports("stack lab-researchers had drifted"),
    ),
    (
        "role of the end users trusts others",
        "Researcher is MODIFIED /AssumeRolePolicyDocument",
        Reports("stack lab-researchers had drifted"),
    ),
    (
        "managed policy changed",
        "LaunchPolicy is MODIFIED /PolicyDocument",
        Reports("stack lab-researchers had drifted"),
    ),
    (
        "managed policies deleted",
        "LaunchPolicy is DELETED",
        Reports("stack lab-researchers had drifted"),
    ),
    (
        "product of another catalog with our key",
        "is another catalog's",
        Reports("give ours another key"),
    ),
    (
        "bucket of another account",
        "another account has the bucket",
        Reports("nothing is to be uploaded to it"),
    ),
    (
        "bucket in another region",
        "the bucket isn't in us-east-1",
        Reports("give it another name in the stack lab-catalog"),
    ),
    (
        "template moved to an archive",
        "launches can't either: InvalidObjectState",
        Reports("where it is in an archive, restore it"),
    ),
    (
        "stack put back and its tag options made by hand",
        "exists already, tag-",
        Reports("Service Catalog takes none twice"),
    ),
];
