//! Reading an account: one pass over what the catalog asks about, into [`Observed`].
//!
//! Reads run side by side. Nothing here decides, and nothing here changes anything.

pub(crate) mod actions;
pub(crate) mod again;
pub(crate) mod body;
pub(crate) mod bucket;
pub(crate) mod drift;
pub(crate) mod exports;
pub(crate) mod fixed;
pub(crate) mod held;
pub(crate) mod in_the_way;
pub(crate) mod inspect;
mod live;
pub(crate) mod offered;
pub(crate) mod portfolios;
pub(crate) mod presence;
pub(crate) mod products;
pub(crate) mod provisioned;
pub(crate) mod shares;
pub(crate) mod stack_sets;
pub(crate) mod stacks;
pub(crate) mod versions;

pub use live::live;

use crate::call::CallError;
use crate::command_error::CommandError;
use crate::session::Session;
use compute_catalog::publish::{Desired, Observed};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use std::collections::BTreeSet;
use std::future::Future;

/// What to look at beside what the catalog asks for.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Products that the last run created: a list may not show them yet.
    pub products: BTreeSet<String>,
    /// Of which versions the provisioned products are counted.
    pub usage: Usage,
    /// The ids of the only products that are looked at; nothing: all that may be ours.
    pub alone: Option<BTreeSet<String>>,
}

/// Of which versions the provisioned products are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Usage {
    /// Of none.
    #[default]
    None,
    /// Of those that nobody should get any more.
    Withdrawn,
    /// Of all.
    All,
}

/// Reads an account.
///
/// # Errors
/// A call that AWS refuses, or that gets no answer.
pub async fn observe(
    session: &Session,
    desired: &Desired,
    hints: &Hints,
) -> Result<Observed, CommandError> {
    Ok(read(session, desired, hints).await?)
}

/// Reads an account: what AWS refuses is told apart.
pub(crate) async fn read(
    session: &Session,
    desired: &Desired,
    hints: &Hints,
) -> Result<Observed, CallError> {
    let (stacks, stack_sets) = tokio::try_join!(
        stacks::read(session, desired),
        stack_sets::read(session, desired)
    )?;
    let (products, (bucket, unusable_bucket), shares, portfolios, actions, in_the_way) = tokio::try_join!(
        products::read(session, desired, hints, &stacks),
        async {
            match bucket::read(session, desired, &stacks).await {
                Err(error) if bucket::is_unusable(&error) => Ok((None, Some(error.why()))),
                answer => Ok((answer?, None)),
            }
        },
        shares::read(session, desired, &stacks),
        portfolios::read(session, &stacks),
        actions::read(session, &stacks),
        in_the_way::read(session, desired, &stacks)
    )?;
    let lost_tag_options = portfolios::lost_tag_options(session, &stacks, &portfolios).await?;
    let templates = match &bucket {
        Some(bucket) => bucket::templates(session, bucket, desired).await?,
        None => Default::default(),
    };
    Ok(Observed {
        bucket,
        unusable_bucket,
        templates,
        products,
        stacks,
        stack_sets,
        shares,
        portfolios,
        actions,
        in_the_way,
        lost_tag_options,
    })
}

/// Does the same for each item, a few at a time; answers in the order of the items.
pub(crate) async fn each<I, T, F>(
    session: &Session,
    items: impl IntoIterator<Item = I>,
    read: impl FnMut(I) -> F,
) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    let reads: Vec<F> = items.into_iter().map(read).collect();
    stream::iter(reads)
        .buffered(session.pace.reads)
        .try_collect()
        .await
}
