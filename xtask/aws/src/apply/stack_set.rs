//! Stack sets: one operation at a time until every account is as it should be.
//!
//! Each round looks first, so that an operation whose answer was lost is neither begun again nor
//! waited for in vain.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html>

use super::wait::Look;
use super::{Apply, StepError};
use crate::call::{CallError, Named};
use crate::command_error::CommandError;
use crate::read::stack_sets::{call_as, find};
use aws_sdk_cloudformation::types::{
    AutoDeployment, Capability, DeploymentTargets, PermissionModels, StackSetOperationStatus,
};
use compute_catalog::publish::{LiveStackSet, Reference, StackSet, Targets};
use std::collections::BTreeSet;

/// Operations that bring a stack set where it should be: one for its template, one for new
/// instances, one for instances that failed before, one more for what changed meanwhile.
const MOST_OPERATIONS: usize = 4;

// Each operation has a builder of its own in the SDK, and these share no trait: what calls have in
// common is said once here.

/// A call with the template of a stack set, of which every instance is made.
macro_rules! with_template {
    ($call:expr, $set:ident, $url:ident) => {
        $call
            .stack_set_name(&$set.name)
            .call_as(call_as($set))
            .set_template_body($url.is_none().then(|| $set.template.to_string()))
            .set_template_url($url.map(str::to_owned))
            .capabilities(Capability::CapabilityNamedIam)
    };
}

/// A call on the instances of a stack set in some of its accounts or organisational units.
macro_rules! in_accounts {
    ($call:expr, $set:ident, $ids:ident) => {{
        let (accounts, units) = targets($set, $ids);
        $call
            .stack_set_name(&$set.name)
            .call_as(call_as($set))
            .set_accounts(accounts)
            .set_deployment_targets(units)
            .regions(&$set.region)
    }};
}

/// What is next for a stack set.
enum Next {
    Create,
    Update,
    Add(BTreeSet<String>),
    Repair(BTreeSet<String>),
    Nothing,
}

impl Next {
    fn of(set: &StackSet, live: Option<&LiveStackSet>) -> Next {
        let Some(live) = live else {
            return Next::Create;
        };
        if !set.is_template(&live.template) {
            return Next::Update;
        }
        let have = live.targets();
        let missing: BTreeSet<String> = set.targets.ids().difference(&have).cloned().collect();
        if !missing.is_empty() {
            return Next::Add(missing);
        }
        let behind = live.outdated();
        if behind.is_empty() {
            return Next::Nothing;
        }
        Next::Repair(match &set.targets {
            Targets::Accounts(_) => behind.into_keys().map(str::to_owned).collect(),
            Targets::Units(_) => behind
                .into_keys()
                .filter_map(|account| live.instances.get(account)?.unit.clone())
                .collect(),
        })
    }
}

impl Apply<'_> {
    pub(super) async fn deploy_stack_set(
        &self,
        set: &StackSet,
        bucket: &Reference,
    ) -> Result<(), StepError> {
        for _ in 0..=MOST_OPERATIONS {
            let live = find(self.session, set).await?;
            let next = Next::of(set, live.as_ref());
            if matches!(next, Next::Nothing) {
                return Ok(());
            }
            if let Some(operation) = self.begin(set, &next, bucket).await? {
                self.end(set, &operation).await?;
            }
        }
        Err(self.why_behind(set).await)
    }

    /// Begins what is next; answers the operation, where it takes time. While another operation is
    /// in progress it waits.
    async fn begin(
        &self,
        set: &StackSet,
        next: &Next,
        bucket: &Reference,
    ) -> Result<Option<String>, StepError> {
        let url = match next {
            Next::Create | Next::Update => {
                self.url_where_needed(&set.name, &set.template, bucket)
                    .await?
            }
            _ => None,
        };
        self.wait_for(&format!("the stack set {}", set.name), || async {
            let answer = match next {
                Next::Create => self.create_set(set, url.as_deref()).await,
                Next::Update => self.update_set(set, url.as_deref()).await,
                Next::Add(ids) => self.add_instances(set, ids).await,
                Next::Repair(ids) => self.repair_instances(set, ids).await,
                Next::Nothing => Ok(None),
            };
            match answer.as_ref().map_err(|error| error.code.as_deref()) {
                Err(Some("OperationInProgressException")) => {
                    Ok(Look::NotYet("busy with another operation".to_owned()))
                }
                // An earlier attempt made it.
                Err(Some("NameAlreadyExistsException")) => Ok(Look::There(None)),
                _ => Ok(Look::There(answer?)),
            }
        })
        .await
    }

    async fn create_set(
        &self,
        set: &StackSet,
        url: Option<&str>,
    ) -> Result<Option<String>, CallError> {
        let is_of_units = matches!(set.targets, Targets::Units(_));
        let auto = AutoDeployment::builder()
            .enabled(true)
            // An account that leaves keeps what its running products need.
            .retain_stacks_on_account_removal(true)
            .build();
        with_template!(self.session.stacks.create_stack_set(), set, url)
            .description(format!("Published from {}", set.file))
            .permission_model(if is_of_units {
                PermissionModels::ServiceManaged
            } else {
                PermissionModels::SelfManaged
            })
            .set_auto_deployment(is_of_units.then_some(auto))
            .client_request_token(self.token(&["stack set", &set.name, &set.template]))
            .send()
            .await
            .named("cloudformation CreateStackSet", &set.name)?;
        Ok(None)
    }

    /// Changes the template, and with it every instance.
    async fn update_set(
        &self,
        set: &StackSet,
        url: Option<&str>,
    ) -> Result<Option<String>, CallError> {
        let answer = with_template!(self.session.stacks.update_stack_set(), set, url)
            .send()
            .await
            .named("cloudformation UpdateStackSet", &set.name)?;
        Ok(answer.operation_id)
    }

    async fn add_instances(
        &self,
        set: &StackSet,
        ids: &BTreeSet<String>,
    ) -> Result<Option<String>, CallError> {
        let answer = in_accounts!(self.session.stacks.create_stack_instances(), set, ids)
            .send()
            .await
            .named("cloudformation CreateStackInstances", &set.name)?;
        Ok(answer.operation_id)
    }

    async fn repair_instances(
        &self,
        set: &StackSet,
        ids: &BTreeSet<String>,
    ) -> Result<Option<String>, CallError> {
        let answer = in_accounts!(self.session.stacks.update_stack_instances(), set, ids)
            .send()
            .await
            .named("cloudformation UpdateStackInstances", &set.name)?;
        Ok(answer.operation_id)
    }

    /// Waits for the end of an operation.
    async fn end(&self, set: &StackSet, operation: &str) -> Result<(), StepError> {
        let is_fine = self
            .wait_for(
                &format!("the operation {operation} of the stack set {}", set.name),
                || async {
                    let answer = self
                        .session
                        .stacks
                        .describe_stack_set_operation()
                        .stack_set_name(&set.name)
                        .operation_id(operation)
                        .call_as(call_as(set))
                        .send()
                        .await
                        .named("cloudformation DescribeStackSetOperation", &set.name)?;
                    let status = answer.stack_set_operation().and_then(|one| one.status());
                    Ok(match status {
                        Some(StackSetOperationStatus::Succeeded) => Look::There(true),
                        Some(
                            StackSetOperationStatus::Failed | StackSetOperationStatus::Stopped,
                        ) => Look::There(false),
                        other => Look::NotYet(
                            other.map_or("unknown", |status| status.as_str()).to_owned(),
                        ),
                    })
                },
            )
            .await?;
        if is_fine {
            Ok(())
        } else {
            Err(self.why_behind(set).await)
        }
    }

    /// Why accounts aren't as they should be, for each.
    async fn why_behind(&self, set: &StackSet) -> StepError {
        let mut failure = CommandError::new(format!(
            "the stack set {} is not in every account as it should be",
            set.name
        ))
        .hint("mend what failed in those accounts, then publish again; the others have it");
        match find(self.session, set).await {
            Ok(live) => {
                for (account, why) in live.iter().flat_map(LiveStackSet::outdated) {
                    failure = failure.because(format!("{account}: {why}"));
                }
            }
            Err(error) => failure = failure.because(CommandError::from(error)),
        }
        failure.into()
    }
}

/// Single accounts, or organisational units.
fn targets(
    set: &StackSet,
    ids: &BTreeSet<String>,
) -> (Option<Vec<String>>, Option<DeploymentTargets>) {
    let ids: Vec<String> = ids.iter().cloned().collect();
    match set.targets {
        Targets::Accounts(_) => (Some(ids), None),
        Targets::Units(_) => {
            let targets = DeploymentTargets::builder().set_organizational_unit_ids(Some(ids));
            (None, Some(targets.build()))
        }
    }
}
