//! The names of steps: what is done to what, the same in every plan for an environment.

use crate::product::{Key, VersionName};
use serde::{Serialize, Serializer};
use std::fmt;

/// The name of a step. Files hold it as it is displayed, and nothing reads that text back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepId {
    /// Makes this bucket.
    CreateBucket(String),
    /// Creates or updates this stack.
    DeployStack(String),
    /// Puts a version's template into the bucket.
    UploadTemplate(Key, VersionName),
    /// Gives a version's template the tag by which launch roles may read it.
    TagTemplate(Key, VersionName),
    /// Creates a product with its first version.
    CreateProduct(Key),
    /// Changes what is shown of a product.
    UpdateProduct(Key),
    /// Marks the versions of a product that nobody should get any more.
    WithdrawVersion(Key),
    /// Creates a version.
    CreateVersion(Key, VersionName),
    /// Gives a version its name back.
    RenameVersion(Key, VersionName),
    /// Changes a version's description.
    DescribeVersion(Key, VersionName),
    /// Gives a version its service actions.
    AssociateActions(Key, VersionName),
    /// Opens a version to launches.
    OfferVersion(Key, VersionName),
    /// Closes a version to launches.
    DeprecateVersion(Key, VersionName),
    /// Closes a version from before this catalog to launches: the product, and the version's id.
    CloseAdopted(Key, String),
    /// Shows or hides a version.
    SetActive(Key, VersionName),
    /// Puts back a resource of a stack: the stack's name, and the resource's logical id.
    Restore(String, String),
    /// Creates or updates this stack set.
    DeployStackSet(String),
    /// Shares a portfolio with an account or an organisational unit.
    Share(Key, String),
}

impl StepId {
    /// The product that the step is on, where it is on one.
    pub fn product(&self) -> Option<&Key> {
        match self {
            StepId::CreateProduct(product)
            | StepId::UpdateProduct(product)
            | StepId::WithdrawVersion(product)
            | StepId::UploadTemplate(product, _)
            | StepId::TagTemplate(product, _)
            | StepId::CreateVersion(product, _)
            | StepId::RenameVersion(product, _)
            | StepId::DescribeVersion(product, _)
            | StepId::AssociateActions(product, _)
            | StepId::OfferVersion(product, _)
            | StepId::DeprecateVersion(product, _)
            | StepId::CloseAdopted(product, _)
            | StepId::SetActive(product, _) => Some(product),
            StepId::CreateBucket(_)
            | StepId::DeployStack(_)
            | StepId::Restore(..)
            | StepId::DeployStackSet(_)
            | StepId::Share(..) => None,
        }
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepId::CreateBucket(name) => write!(f, "create-bucket/{name}"),
            StepId::DeployStack(name) => write!(f, "deploy-stack/{name}"),
            StepId::UploadTemplate(product, version) => {
                write!(f, "upload-template/{product}/{version}")
            }
            StepId::TagTemplate(product, version) => write!(f, "tag-template/{product}/{version}"),
            StepId::CreateProduct(product) => write!(f, "create-product/{product}"),
            StepId::UpdateProduct(product) => write!(f, "update-product/{product}"),
            StepId::WithdrawVersion(product) => write!(f, "withdraw-version/{product}"),
            StepId::CreateVersion(product, version) => {
                write!(f, "create-version/{product}/{version}")
            }
            StepId::RenameVersion(product, version) => {
                write!(f, "rename-version/{product}/{version}")
            }
            StepId::DescribeVersion(product, version) => {
                write!(f, "describe-version/{product}/{version}")
            }
            StepId::AssociateActions(product, version) => {
                write!(f, "associate-actions/{product}/{version}")
            }
            StepId::OfferVersion(product, version) => {
                write!(f, "offer-version/{product}/{version}")
            }
            StepId::DeprecateVersion(product, version) => {
                write!(f, "deprecate-version/{product}/{version}")
            }
            StepId::CloseAdopted(product, id) => write!(f, "close-adopted/{product}/{id}"),
            StepId::SetActive(product, version) => write!(f, "set-active/{product}/{version}"),
            StepId::Restore(stack, logical_id) => write!(f, "restore/{stack}/{logical_id}"),
            StepId::DeployStackSet(name) => write!(f, "deploy-stack-set/{name}"),
            StepId::Share(portfolio, recipient) => write!(f, "share/{portfolio}/{recipient}"),
        }
    }
}

impl Serialize for StepId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
