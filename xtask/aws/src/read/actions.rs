//! The service actions that the catalog's stacks have made.

use super::each;
use super::presence::looked_for;
use crate::call::{CallError, Named};
use crate::session::Session;
use compute_catalog::publish::{LiveAction, LiveStack};
use std::collections::BTreeMap;

/// By id; `None` where one is gone.
pub(crate) async fn read(
    session: &Session,
    stacks: &BTreeMap<String, LiveStack>,
) -> Result<BTreeMap<String, Option<LiveAction>>, CallError> {
    let ids = stacks.values().flat_map(|stack| stack.resources.values());
    let ids = ids.filter(|id| id.starts_with("act-")).cloned();
    let found = each(session, ids, |id| async move {
        let live = describe(session, &id).await?;
        Ok((id, live))
    })
    .await?;
    Ok(found.into_iter().collect())
}

/// One, by its id; nothing where it is gone.
pub(crate) async fn describe(session: &Session, id: &str) -> Result<Option<LiveAction>, CallError> {
    let answer = looked_for(session, || async {
        let asked = session.catalog.describe_service_action().id(id).send();
        asked
            .await
            .named("servicecatalog DescribeServiceAction", id)
    });
    let answer = answer.await?;
    let Some(detail) = answer.as_ref().and_then(|one| one.service_action_detail()) else {
        return Ok(None);
    };
    let summary = detail.service_action_summary();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let definition = detail.definition().into_iter().flatten();
    Ok(Some(LiveAction {
        name: text(summary.and_then(|one| one.name())),
        description: text(summary.and_then(|one| one.description())),
        definition: definition
            .map(|(key, value)| (key.as_str().to_owned(), value.clone()))
            .collect(),
    }))
}
