//! Launches: what records of provisioned products ask for, carried out resource by resource by the
//! core's engine of rehearsals, every call decided by IAM as the launch role. It happens after the
//! call that asked for it has been answered, and without keeping others from calling: the functions
//! behind custom resources call as well.

mod account;
mod action;
mod function;
mod nested;
mod rule;
mod stack;

use crate::cloudformation;
use crate::config::Identity;
use crate::context::Context;
use crate::dispatch::Dispatch;
use crate::state::catalog::{Ended, Provisioned, Record, Work};
use crate::state::cloudformation::Stack as KeptStack;
use crate::state::tag::Tag;
use crate::wire::ApiError;
use crate::{s3, template as templates};
use compute_catalog::cfn::{IndexMap, Template};
use compute_catalog::iam;
use compute_catalog::portfolio::launch_role::Handlers;
use compute_catalog::rehearsal::{
    Account, Behaviours, Caller, Engine, Event, Manner, Memory, Outside, Programs, Stack, Status,
    World,
};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

pub(crate) use cloudformation::{changes, replaces};

/// A record whose work is to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub account: String,
    pub region: String,
    pub record: String,
}

/// What is known of AWS; the error says why it can't be read.
static KNOWN: LazyLock<Result<(&'static Behaviours, Handlers), String>> = LazyLock::new(|| {
    let told = |errors: Vec<compute_catalog::yaml::InputError>| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    };
    Ok((
        Behaviours::known().map_err(told)?,
        Handlers::reviewed().map_err(told)?,
    ))
});

/// The template of a version, as it was frozen.
pub(crate) fn template(
    context: &Context<'_>,
    product: &str,
    artifact: &str,
) -> Result<String, ApiError> {
    let missing = || {
        ApiError::new(
            400,
            "ResourceNotFoundException",
            format!("no version {artifact}"),
        )
    };
    let here = context.here().ok_or_else(missing)?;
    let product = here.catalog.products.get(product).ok_or_else(missing)?;
    let version = product.artifacts.get(artifact).ok_or_else(missing)?;
    let body = s3::frozen(context, &version.frozen)?;
    String::from_utf8(body.to_vec()).map_err(ApiError::internal)
}

/// What a job works with.
struct Prepared {
    record: Record,
    provisioned: Provisioned,
    text: String,
    template: Template,
    parameters: BTreeMap<String, String>,
    stack_name: String,
    kept: Option<KeptStack>,
    former: Option<(String, BTreeMap<String, String>, Vec<Tag>)>,
    tags: Vec<Tag>,
    /// Templates of stacks within its stack.
    nested: IndexMap<String, Arc<Template>>,
    account: Account,
    caller: Caller,
}

/// Carries a job out. Its record tells how it ended.
pub(crate) fn carry_out(dispatch: &Dispatch, job: &Job) {
    let prepared = dispatch.aside(&job.account, &job.region, |context| {
        prepare(context, &dispatch.config.outside, &job.record)
    });
    let ended = match prepared {
        Ok(Some(prepared)) => perform(dispatch, job, prepared),
        // Somebody else has carried it out, or has deleted what it is about.
        Ok(None) => return,
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = ended {
        dispatch.aside(&job.account, &job.region, |context| {
            let error = Some((refusal.code.clone(), refusal.message.clone()));
            end(context, &job.record, error, Vec::new());
        });
    }
}

fn prepare(
    context: &mut Context<'_>,
    outside: &Outside,
    id: &str,
) -> Result<Option<Prepared>, ApiError> {
    let catalog = context.here().map(|here| &here.catalog);
    let record = catalog.and_then(|catalog| catalog.records.get(id)).cloned();
    let Some(record) = record.filter(|record| record.ended.is_none()) else {
        return Ok(None);
    };
    let provisioned = catalog.and_then(|catalog| catalog.provisioned.get(&record.provisioned));
    let Some(provisioned) = provisioned.cloned() else {
        return Ok(None);
    };
    context.caller.arn.clone_from(&provisioned.user);
    let text = template(context, &record.product, &record.artifact)?;
    let template = templates::read(text.as_bytes())
        .map_err(|error| ApiError::new(400, "ValidationError", error))?;
    let stack_name = format!("SC-{}-{}", context.account(), provisioned.id);
    let kept = provisioned.stack.as_deref();
    let kept = kept
        .and_then(|stack| cloudformation::stack(context, stack))
        .cloned();
    let given: &[Tag] = match &record.work {
        Work::Launch { parameters } | Work::Update { parameters } => parameters,
        Work::End { .. } | Work::Action { .. } => &[],
    };
    let parameters = match &record.work {
        Work::Launch { .. } | Work::Update { .. } => {
            let former = kept.as_ref().map(|stack| stack.parameters.clone());
            let values = cloudformation::values(&template, given, &former.unwrap_or_default())?;
            rule::check(context, &record.path, &record.product, &template, &values)?;
            values
        }
        _ => kept
            .as_ref()
            .map(|stack| stack.parameters.clone())
            .unwrap_or_default(),
    };
    let mut account = account::read(context, outside);
    if matches!(record.work, Work::Launch { .. }) {
        // What functions were shown of an attempt that the server was stopped in: it begins anew.
        account
            .things
            .retain(|thing| thing.stack.as_deref() != Some(&stack_name));
    }
    let caller = caller(context, &record, &account)?;
    let tags = stack_tags(context, &record, &provisioned);
    let former = kept.as_ref().map(|stack| {
        (
            stack.template.clone(),
            stack.parameters.clone(),
            stack.tags.clone(),
        )
    });
    let nested = nested::templates(context, &template);
    Ok(Some(Prepared {
        record,
        provisioned,
        text,
        template,
        parameters,
        stack_name,
        kept,
        former,
        tags,
        nested,
        account,
        caller,
    }))
}

/// As whom the stack is worked on: the launch role, which has to be there and to let Service Catalog
/// in; without one the caller's own role. A user of the local account may do everything.
fn caller(context: &Context<'_>, record: &Record, account: &Account) -> Result<Caller, ApiError> {
    let denied = |message: String| ApiError::new(400, "AccessDeniedException", message);
    let Some(arn) = &record.launch_role else {
        let role = crate::catalog::principal_of(context);
        let is_known = account.find("AWS::IAM::Role", &role).is_some();
        return Ok(if is_known {
            Caller::Role(role)
        } else {
            Caller::Administrator
        });
    };
    let role = account.find("AWS::IAM::Role", arn).ok_or_else(|| {
        denied(format!(
            "Access denied while assuming the role {arn}: there is no such role"
        ))
    })?;
    let service = "servicecatalog.amazonaws.com";
    match account.trusts(role, service, &[]) {
        Ok(true) => Ok(Caller::Role(arn.clone())),
        Ok(false) => Err(denied(format!(
            "Access denied while assuming the role {arn}: its trust policy doesn't let {service} in"
        ))),
        Err(undecidable) => Err(denied(format!(
            "Access denied while assuming the role {arn}: {} can't be judged: {}",
            undecidable.what, undecidable.why
        ))),
    }
}

/// The tags of the launch, and those that Service Catalog adds.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/autotags.html>
fn stack_tags(context: &Context<'_>, record: &Record, provisioned: &Provisioned) -> Vec<Tag> {
    let (region, account) = (&context.region, context.account());
    let of_product = |id: &str| format!("arn:aws:catalog:{region}:{account}:product/{id}");
    let own = [
        (
            "portfolioArn",
            format!(
                "arn:aws:catalog:{region}:{account}:portfolio/{}",
                record.path
            ),
        ),
        ("productArn", of_product(&record.product)),
        ("provisioningPrincipalArn", provisioned.user.clone()),
        (
            "provisionedProductArn",
            format!(
                "arn:aws:servicecatalog:{region}:{account}:stack/{}/{}",
                provisioned.name, provisioned.id
            ),
        ),
        ("provisioningArtifactIdentifier", record.artifact.clone()),
    ];
    let own = own.into_iter().map(|(name, value)| Tag {
        key: format!("aws:servicecatalog:{name}"),
        value,
    });
    record.tags.iter().cloned().chain(own).collect()
}

/// Works without the lock, but for what functions need to see.
fn perform(dispatch: &Dispatch, job: &Job, mut prepared: Prepared) -> Result<(), ApiError> {
    let known = KNOWN.as_ref().map_err(ApiError::internal)?;
    let programs = Programs::default();
    let nested = std::mem::take(&mut prepared.nested);
    let memory = Memory::default();
    let world = World {
        behaviours: known.0,
        handlers: &known.1,
        actions: iam::actions(),
        outside: &dispatch.config.outside,
        programs: &programs,
        nested: &nested,
        memory: &memory,
        decisions: None,
    };
    if let Work::Action { action, parameters } = &prepared.record.work {
        return action::perform(dispatch, job, &prepared, world, action, parameters);
    }
    if let (Work::End { .. }, None) = (&prepared.record.work, &prepared.kept) {
        dispatch.aside(&job.account, &job.region, |context| {
            end(context, &job.record, None, Vec::new());
        });
        return Ok(());
    }
    let request = nested::request(
        &prepared.stack_name,
        prepared.template.clone(),
        &prepared.parameters,
        &prepared.tags,
    );
    let stack_name = prepared.stack_name.clone();
    let mut functions = function::Live::new(dispatch, job, &stack_name);
    let (stack, events) = work(world, &mut prepared, request, &mut functions)?;
    dispatch.aside(&job.account, &job.region, |context| {
        keep(context, &prepared, &stack, &events)
    })
}

/// The stack as the engine leaves it, and what happened on the way.
fn work(
    world: World<'_>,
    prepared: &mut Prepared,
    request: compute_catalog::rehearsal::StackRequest,
    functions: &mut function::Live<'_>,
) -> Result<(Stack, Vec<Event>), ApiError> {
    let before = match (&prepared.kept, &prepared.former) {
        (Some(kept), Some((text, parameters, tags))) => {
            let former = templates::read(text.as_bytes()).map_err(ApiError::internal)?;
            let request = nested::request(&prepared.stack_name, former, parameters, tags);
            Some(stack::read(kept, request, Status::CreateComplete)?)
        }
        _ => None,
    };
    let caller = prepared.caller.clone();
    let manner = Manner::default();
    let mut engine = Engine::new(world, &mut prepared.account, caller, functions, manner);
    let stack = match (&prepared.record.work, before) {
        (Work::Launch { .. }, _) => engine.create(request),
        (Work::Update { .. }, Some(mut stack)) => {
            engine.update(&mut stack, request);
            stack
        }
        (Work::End { retain: true, .. }, Some(mut stack)) => {
            stack.resources.clear();
            engine.delete(&mut stack);
            stack
        }
        (Work::End { .. }, Some(mut stack)) => {
            engine.delete(&mut stack);
            stack
        }
        (Work::Update { .. } | Work::End { .. } | Work::Action { .. }, None)
        | (Work::Action { .. }, _) => {
            return Err(ApiError::new(
                400,
                "InvalidStateException",
                "the provisioned product has no stack",
            ));
        }
    };
    let events = std::mem::take(&mut engine.events);
    Ok((stack, events))
}

/// Takes everything over into the state.
fn keep(
    context: &mut Context<'_>,
    prepared: &Prepared,
    stack: &Stack,
    events: &[Event],
) -> Result<(), ApiError> {
    let Prepared {
        record,
        provisioned,
        account,
        ..
    } = prepared;
    account::write(context, account, &prepared.stack_name);
    let arn = stack.arn(account);
    let kept = prepared.kept.clone();
    let kept = kept.unwrap_or_else(|| {
        cloudformation::new_stack(context, &arn, &prepared.stack_name, prepared.tags.clone())
    });
    let outcome = stack::Outcome {
        stack,
        events,
        template: &prepared.text,
        parameters: &prepared.parameters,
        tags: &prepared.tags,
    };
    let kept = stack::write(context, kept, &outcome)?;
    let (status, reason) = (stack.status, kept.reason.clone());
    let outputs = kept.outputs.clone();
    cloudformation::put_stack(context, kept);
    let is_well = matches!(
        status,
        Status::CreateComplete | Status::UpdateComplete | Status::DeleteComplete
    );
    let ignores = matches!(
        record.work,
        Work::End {
            ignore_errors: true,
            ..
        }
    );
    if let Some(one) = context
        .here_mut()
        .catalog
        .provisioned
        .get_mut(&provisioned.id)
    {
        one.stack = Some(arn);
        if is_well {
            one.product.clone_from(&record.product);
            one.artifact.clone_from(&record.artifact);
            one.path.clone_from(&record.path);
            one.tags.clone_from(&record.tags);
            if let Work::Launch { parameters } | Work::Update { parameters } = &record.work {
                one.parameters.clone_from(parameters);
            }
        }
    }
    let error = (!is_well && !ignores).then(|| {
        let reason = reason.unwrap_or_else(|| status.name());
        (
            "StackFailure".to_owned(),
            format!("{}: {reason}", status.name()),
        )
    });
    end(context, &record.id, error, outputs);
    Ok(())
}

/// Ends a record, and says what becomes of its provisioned product.
fn end(
    context: &mut Context<'_>,
    id: &str,
    error: Option<(String, String)>,
    outputs: Vec<crate::state::cloudformation::StackOutput>,
) {
    let now = context.now;
    let catalog = &mut context.here_mut().catalog;
    let Some(record) = catalog.records.get_mut(id) else {
        return;
    };
    record.updated = now;
    let is_well = error.is_none();
    let message = error.as_ref().map(|(_, message)| message.clone());
    let outputs = if is_well { outputs } else { Vec::new() };
    record.ended = Some(Ended { error, outputs });
    let (of, work) = (record.provisioned.clone(), record.work.clone());
    let Some(one) = catalog.provisioned.get_mut(&of) else {
        return;
    };
    match (work, is_well) {
        (Work::End { .. }, true) => drop(catalog.provisioned.remove(&of)),
        (Work::Action { .. }, _) => {}
        (_, true) => {
            one.status = "AVAILABLE".to_owned();
            one.status_message = None;
            one.last_success = Some(id.to_owned());
        }
        // What was never there is in error; what runs on is tainted.
        (work, false) => {
            let is_new = matches!(work, Work::Launch { .. });
            one.status = if is_new { "ERROR" } else { "TAINTED" }.to_owned();
            one.status_message = message;
        }
    }
}

/// The identity that a function or a machine of a stack calls with.
fn session(context: &mut Context<'_>, role: &str, name: &str) -> String {
    let account = context.account().to_owned();
    let role = role.rsplit('/').next().unwrap_or(role);
    let identity = Identity {
        arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{name}"),
        account,
    };
    let state = context.change();
    let key = state.mint("ASIA").to_uppercase();
    state.sessions.insert(key.clone(), identity);
    key
}

/// The jobs that a server was stopped in: they are carried out again.
pub(crate) fn unfinished(state: &Arc<crate::state::State>) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (account, of_account) in &state.accounts {
        for (region, here) in &of_account.regions {
            let open = here
                .catalog
                .records
                .values()
                .filter(|one| one.ended.is_none());
            jobs.extend(open.map(|record| Job {
                account: account.clone(),
                region: region.clone(),
                record: record.id.clone(),
            }));
        }
    }
    jobs
}
