//! Whoever launches a product: a session of a role that a portfolio lets in, or an identity of the
//! AWS configuration.

use crate::call::Named;
use crate::command_error::CommandError;
use crate::session::Session;
use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Who launches.
pub(super) struct Visitor {
    /// The role or the profile.
    pub role: String,
    pub catalog: aws_sdk_servicecatalog::Client,
    /// What programs that are started for the visitor find in their environment.
    pub variables: Vec<(&'static str, String)>,
}

/// The identity of a profile of the AWS configuration.
pub(super) async fn of_profile(session: &Session, profile: &str) -> Visitor {
    let loaded = aws_config::defaults(BehaviorVersion::latest())
        .region(session.catalog.config().region().cloned())
        .profile_name(profile)
        .load()
        .await;
    let config = session.catalog.config().to_builder();
    let config = match loaded.credentials_provider() {
        Some(credentials) => config.credentials_provider(credentials),
        None => config,
    };
    Visitor {
        role: format!("the profile {profile}"),
        catalog: aws_sdk_servicecatalog::Client::from_conf(config.build()),
        variables: vec![("AWS_PROFILE", profile.to_owned())],
    }
}

/// Who looks at the account launches as well.
pub(super) fn same(session: &Session) -> Visitor {
    Visitor {
        role: session.caller.clone(),
        catalog: session.catalog.clone(),
        variables: Vec::new(),
    }
}

/// A token that no call before had.
pub(super) fn token() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_nanos());
    format!("try-{now}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Becomes the role of this name among those that portfolios with the product let in; without a
/// name, the first of them.
///
/// # Errors
/// No such role, or one that can't be assumed.
pub(super) async fn assume(
    session: &Session,
    product: &str,
    wanted: Option<&str>,
) -> Result<Visitor, CommandError> {
    let portfolios = session
        .catalog
        .list_portfolios_for_product()
        .product_id(product)
        .send()
        .await
        .named("servicecatalog ListPortfoliosForProduct", product)?;
    let mut roles = Vec::new();
    for portfolio in portfolios.portfolio_details() {
        let id = portfolio.id().unwrap_or_default();
        let principals = session
            .catalog
            .list_principals_for_portfolio()
            .portfolio_id(id)
            .send()
            .await
            .named("servicecatalog ListPrincipalsForPortfolio", id)?;
        let arns = principals
            .principals()
            .iter()
            .filter_map(|one| one.principal_arn());
        roles.extend(arns.filter(|arn| arn.contains(":role/")).map(str::to_owned));
    }
    // In whatever order an account lists its principals, the first role is the same.
    roles.sort();
    roles.dedup();
    let name_of = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
    let found = match wanted {
        None => roles.first(),
        Some(wanted) => roles
            .iter()
            .find(|arn| *arn == wanted || name_of(arn) == wanted),
    };
    let role = found.cloned().ok_or_else(|| {
        let names: Vec<String> = roles.iter().map(|arn| name_of(arn)).collect();
        let failure = match wanted {
            Some(wanted) => {
                CommandError::input(format!("no portfolio with this product lets {wanted} in"))
            }
            None => CommandError::new("no portfolio with this product lets anybody in"),
        };
        failure.hint(match names.as_slice() {
            [] => "give a portfolio the product, and roles, in portfolios/".to_owned(),
            names => format!("choose with `--as`: {}", names.join(", ")),
        })
    })?;
    let assumed = session
        .identities
        .assume_role()
        .role_arn(&role)
        .role_session_name("try")
        .send()
        .await
        .named("sts AssumeRole", &role)?;
    let keys = assumed
        .credentials()
        .ok_or_else(|| CommandError::new(format!("AssumeRole of {role} gives no credentials")))?;
    let credentials = Credentials::new(
        keys.access_key_id(),
        keys.secret_access_key(),
        Some(keys.session_token().to_owned()),
        None,
        "try",
    );
    let variables = vec![
        ("AWS_ACCESS_KEY_ID", keys.access_key_id().to_owned()),
        ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key().to_owned()),
        ("AWS_SESSION_TOKEN", keys.session_token().to_owned()),
    ];
    let config = session.catalog.config().to_builder();
    let config = config.credentials_provider(credentials).build();
    Ok(Visitor {
        role,
        variables,
        catalog: aws_sdk_servicecatalog::Client::from_conf(config),
    })
}
