//! Custom resources: the functions behind them, and what they answer.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html>

use super::account::{Account, Caller};
use super::cause::Cause;
use super::outside::{RequestKind, UpdateAnswer};
use super::program::judge;
use super::stack::Stack;
use super::world::World;
use crate::cfn::{IndexMap, Map};

/// What CloudFormation asks of the function behind a custom resource.
#[derive(Clone, Debug)]
pub struct CustomRequest<'a> {
    /// Create, Update or Delete.
    pub kind: RequestKind,
    /// The stack.
    pub stack: &'a Stack,
    /// The resource.
    pub logical_id: &'a str,
    /// Its type.
    pub resource_type: &'a str,
    /// Its physical id; none before it has one.
    pub physical_id: Option<&'a str>,
    /// Its properties, functions evaluated.
    pub properties: &'a Map,
    /// Those that it had, of an Update.
    pub old_properties: Option<&'a Map>,
    /// The function, by ARN.
    pub token: &'a str,
}

/// What the function answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomAnswer {
    /// The physical id.
    pub physical_id: String,
    /// What `Fn::GetAtt` yields.
    pub data: IndexMap<String, String>,
    /// Why it answers FAILED; none: SUCCESS.
    pub failed: Option<Cause>,
}

/// Answers in the place of the functions behind custom resources.
pub trait Functions {
    /// The answer to a request.
    fn answer(
        &mut self,
        world: &World<'_>,
        account: &Account,
        request: &CustomRequest<'_>,
    ) -> CustomAnswer;
}

/// The id that a function answers with where it has made nothing.
pub(super) const UNMADE: &str = "none";

/// Functions as they are declared: those of the template call what their product's `calls.yaml`
/// says, and fail where IAM refuses; those outside do what `portfolios/outside.yaml` says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared;

impl Functions for Declared {
    fn answer(
        &mut self,
        world: &World<'_>,
        account: &Account,
        request: &CustomRequest<'_>,
    ) -> CustomAnswer {
        let given = request.physical_id.map(str::to_owned);
        let made = || format!("{}-{}", request.stack.request.name, request.logical_id);
        let answer = |physical_id: String, failed: Option<Cause>| CustomAnswer {
            physical_id,
            data: IndexMap::default(),
            failed,
        };
        let failed = |reason: String| Cause::Answered {
            function: request.token.to_owned(),
            reason,
        };
        let Some(function) = account.find("AWS::Lambda::Function", request.token) else {
            return answer(
                given.unwrap_or_else(|| UNMADE.to_owned()),
                Some(Cause::NoFunction {
                    token: request.token.to_owned(),
                }),
            );
        };
        let is_own = request
            .stack
            .resources
            .iter()
            .find(|(_, made)| made.kind == function.kind && made.id == function.id);
        let Some((function_id, _)) = is_own else {
            return match (
                request.kind,
                world
                    .outside
                    .function(request.token)
                    .map(|known| known.update),
            ) {
                (RequestKind::Update, Some(UpdateAnswer::Failed)) => answer(
                    given.unwrap_or_else(made),
                    Some(failed("its Update handler fails".to_owned())),
                ),
                (RequestKind::Update, Some(UpdateAnswer::Replaced)) => {
                    let next = format!("{}-next", given.unwrap_or_else(made));
                    answer(next, None)
                }
                _ => answer(given.unwrap_or_else(made), None),
            };
        };
        let programs = world.programs.programs.iter();
        for program in programs.filter(|program| {
            program.runs_on == *function_id && program.requests.contains(&request.kind)
        }) {
            let is_unmade =
                request.kind == RequestKind::Delete && request.physical_id == Some(UNMADE);
            if is_unmade && program.forgives_unmade {
                continue;
            }
            let mut stack = request.stack.clone();
            // What the event brings is at hand under the name of the resource.
            if let Some(made) = stack.resources.get_mut(request.logical_id) {
                made.properties = request.properties.clone();
            }
            let judged = judge(world, account, &stack, program, Some(request.properties));
            if let Some(cause) = judged.into_iter().next()
                && !program.optional
            {
                let id = given.unwrap_or_else(|| UNMADE.to_owned());
                return answer(id, Some(failed(cause.to_string())));
            }
        }
        answer(given.filter(|id| id != UNMADE).unwrap_or_else(made), None)
    }
}

/// The request to call the function, as the caller of the stack.
pub(super) fn invocation(account: &Account, caller: &Caller, token: &str) -> crate::iam::Request {
    let request = crate::iam::Request::new("lambda:InvokeFunction", token);
    let request = match account.find("AWS::Lambda::Function", token) {
        Some(function) => super::call::with_tags(request, account, function, "lambda"),
        None => request,
    };
    super::call::with_caller(request, account, caller)
        .with("aws:CalledVia", "cloudformation.amazonaws.com")
}
