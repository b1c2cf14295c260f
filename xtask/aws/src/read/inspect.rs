//! What preflight asks an account. What this identity may not see is told, and the rest is looked at
//! all the same.

use super::{Hints, each, exports, offered, presence, read, stacks};
use crate::call::{CallError, Named};
use crate::session::Session;
use compute_catalog::publish::{Counted, DeniedCall, Inspected, Inspection, Observed, Quota};
use std::collections::BTreeSet;

/// Looks at an account.
///
/// # Errors
/// A call that gets no answer, or one that says something else than yes, no, or not for you.
pub(crate) async fn inspect(
    session: &Session,
    inspection: &Inspection<'_>,
) -> Result<Inspected, CallError> {
    let mut denied_calls = BTreeSet::new();
    let hints = Hints::default();
    let observed = seen(
        read(session, inspection.desired, &hints).await,
        &mut denied_calls,
    )?;
    let mut inspected = beside(session, inspection, observed).await?;
    inspected.denied_calls.extend(denied_calls);
    Ok(inspected)
}

/// Looks at all that publishing itself doesn't go by.
///
/// # Errors
/// As [`inspect`].
pub(crate) async fn beside(
    session: &Session,
    inspection: &Inspection<'_>,
    observed: Option<Observed>,
) -> Result<Inspected, CallError> {
    let mut denied_calls = BTreeSet::new();
    let exports = seen(exports::read(session).await, &mut denied_calls)?;

    let arns = exports
        .as_ref()
        .map(|exports| inspection.functions(exports));
    let functions = each(session, arns.unwrap_or_default(), |arn| async move {
        Ok((presence::function(session, &arn).await, arn))
    });
    let roles = each(
        session,
        inspection.roles(observed.as_ref()),
        |name| async move { Ok((presence::role(session, &name).await, name)) },
    );
    let (functions, roles) = tokio::try_join!(functions, roles)?;
    let mut inspected = Inspected {
        observed,
        exports,
        ..Inspected::default()
    };
    for (answer, arn) in functions {
        let is_there = seen(answer, &mut denied_calls)?;
        inspected
            .functions
            .extend(is_there.map(|is_there| (arn, is_there)));
    }
    for (answer, name) in roles {
        let is_there = seen(answer, &mut denied_calls)?;
        inspected
            .roles
            .extend(is_there.map(|is_there| (name, is_there)));
    }
    if let Some(exports) = &inspected.exports
        && !inspection.environment.local
    {
        let machines = inspection.machines(exports);
        inspected.offered = seen(offered::read(session, machines).await, &mut denied_calls)?;
        let images = inspection.container_images(exports);
        let asked = each(session, images, |name| async move {
            let found = session.registries.image(&name).await;
            Ok((name, found))
        });
        inspected.containers = asked.await?.into_iter().collect();
    }
    let (stacks, identities, portfolios, actions) = tokio::join!(
        stack_quota(session),
        identity_quotas(session),
        portfolios(session),
        service_actions(session)
    );
    inspected.quotas.extend(seen(stacks, &mut denied_calls)?);
    inspected
        .quotas
        .extend(seen(identities, &mut denied_calls)?.into_iter().flatten());
    for (of, used) in [
        (Counted::Portfolios, portfolios),
        (Counted::ServiceActions, actions),
    ] {
        if let (Some(used), Some(most)) = (seen(used, &mut denied_calls)?, of.default_most()) {
            inspected.quotas.push(Quota { of, used, most });
        }
    }
    inspected.denied_calls = denied_calls;
    Ok(inspected)
}

/// The answer, where this identity may see it.
fn seen<T>(
    answer: Result<T, CallError>,
    denied_calls: &mut BTreeSet<DeniedCall>,
) -> Result<Option<T>, CallError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_refused() => {
            denied_calls.insert(DeniedCall {
                call: format!("{} on {}", error.operation, error.on),
                why: error.why(),
            });
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// CloudFormation tells how many stacks the account may have.
async fn stack_quota(session: &Session) -> Result<Quota, CallError> {
    let used = stacks::list(session).await?.len();
    let answer = session.stacks.describe_account_limits().send().await;
    let answer = answer.named("cloudformation DescribeAccountLimits", "the account")?;
    let limits = answer.account_limits().iter();
    let most = limits
        .filter(|limit| limit.name() == Some("StackLimit"))
        .find_map(|limit| usize::try_from(limit.value()?).ok());
    Ok(Quota {
        of: Counted::Stacks,
        used,
        most: most.unwrap_or(usize::MAX),
    })
}

/// IAM tells how many roles and policies there are, and how many there may be.
async fn identity_quotas(session: &Session) -> Result<Vec<Quota>, CallError> {
    let summary = session.iam.summary().await?;
    let number = |key: &str| summary.get(key).copied();
    let quota = |of, used, most| {
        Some(Quota {
            of,
            used: number(used)?,
            most: number(most)?,
        })
    };
    let quotas = [
        quota(Counted::Roles, "Roles", "RolesQuota"),
        quota(Counted::Policies, "Policies", "PoliciesQuota"),
    ];
    Ok(quotas.into_iter().flatten().collect())
}

async fn portfolios(session: &Session) -> Result<usize, CallError> {
    let mut pages = session.catalog.list_portfolios().into_paginator().send();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListPortfolios", "the account")?;
        count += page.portfolio_details().len();
    }
    Ok(count)
}

async fn service_actions(session: &Session) -> Result<usize, CallError> {
    let mut pages = session
        .catalog
        .list_service_actions()
        .into_paginator()
        .send();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        let page = page.named("servicecatalog ListServiceActions", "the account")?;
        count += page.service_action_summaries().len();
    }
    Ok(count)
}
