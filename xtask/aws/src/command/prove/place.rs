//! Where products are launched, and by whom.

use crate::command::environment_session::{EnvironmentSession, Proven};
use crate::command::stand_in::StandIn;
use crate::command::visitor::{self, Visitor};
use crate::command_error::CommandError;
use crate::repository::Repository;
use crate::session::Session;
use compute_catalog::publish::Desired;
use local_aws::Server;
use std::path::{Path, PathBuf};
use xtask::cli::{EnvironmentArgs, ProveArgs};

/// Where facts stand that launches in accounts have proved.
const PAGE: &str = "docs/proven.md";

/// Where products are launched.
pub(super) struct Place {
    pub session: Session,
    pub desired: Desired,
    /// It is AWS itself, and not a server in its place.
    pub is_aws: bool,
    /// What is written down while products run.
    pub folder: PathBuf,
    /// Where what was proved is written.
    pub page: PathBuf,
    /// Kept running as long as the session is used.
    _server: Option<Server>,
}

impl Place {
    /// # Errors
    /// An account that can't be reached, the page of facts for what a server in place of AWS shows.
    pub async fn open(
        repository: &mut Repository,
        args: &ProveArgs,
    ) -> Result<Place, CommandError> {
        let key = &args.environment;
        let root = repository.root().to_owned();
        let (session, desired, server) = if args.local {
            let opened = StandIn::open(repository, key, None).await?;
            (opened.session, opened.desired, opened.server)
        } else if repository.environment(key)?.local {
            let failure = CommandError::input(format!("`{key}` is no account of AWS"));
            return Err(failure.hint(
                "name the environment of an account; `--local` lets a local AWS stand for it",
            ));
        } else {
            let environment = EnvironmentArgs {
                environments: vec![key.clone()],
                endpoint_url: None,
            };
            let opened =
                EnvironmentSession::new(repository, key, &environment, Proven::Unasked).await?;
            (opened.session, opened.desired, None)
        };
        // AWS_ENDPOINT_URL names such a server as well.
        let is_aws = session.endpoint.is_none();
        let of_facts = root.join(PAGE);
        let page = args.out.clone().unwrap_or_else(|| of_facts.clone());
        if !is_aws && is_same(&page, &of_facts) {
            let failure = CommandError::input("a server in place of AWS proves nothing about AWS");
            return Err(failure.hint(format!("give `--out` another file than {PAGE}")));
        }
        let folder = root.join(match is_aws {
            true => "target/prove",
            false => "target/prove/local",
        });
        Ok(Place {
            session,
            desired,
            is_aws,
            folder: folder.join(key.as_str()),
            page,
            _server: server,
        })
    }

    /// Who launches: a profile, a role, or whoever looks at the account. A local AWS lets in the first
    /// role of a portfolio with the product.
    ///
    /// # Errors
    /// No such role, or one that can't be assumed.
    pub async fn launcher(
        &self,
        args: &ProveArgs,
        product: Option<&str>,
    ) -> Result<Visitor, CommandError> {
        let session = &self.session;
        match (&args.user_profile, &args.role, product) {
            (Some(profile), _, _) if self.is_aws => Ok(visitor::of_profile(session, profile).await),
            (_, Some(role), Some(product)) => visitor::assume(session, product, Some(role)).await,
            (_, None, Some(product)) if !self.is_aws => {
                visitor::assume(session, product, None).await
            }
            _ => Ok(visitor::same(session)),
        }
    }
}

/// Whether two paths name one file, which may not be there.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        path.canonicalize().ok().or_else(|| {
            let name = path.file_name()?;
            Some(folder?.join(name))
        })
    };
    match (real(one), real(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn a_file_is_known_by_whatever_path() {
        let folder = tempfile::tempdir().unwrap();
        let docs = folder.path().join("docs");
        std::fs::create_dir(&docs).unwrap();
        let page = docs.join("proven.md");
        let around = folder.path().join("docs/../docs/./proven.md");
        assert!(is_same(&around, &page), "before it is there");
        std::fs::write(&page, "").unwrap();
        assert!(is_same(&around, &page));
        let link = folder.path().join("link.md");
        std::os::unix::fs::symlink(&page, &link).unwrap();
        assert!(is_same(&link, &page));
        assert!(!is_same(&docs.join("other.md"), &page));
    }
}
