//! What is done with a product that nobody has yet: launched, used, updated to other values and ended.

use super::account::Account;
use super::cause::Cause;
use super::engine::{Failure, Manner};
use super::event::{Event, Status};
use super::life::{Life, difference};
use super::outside::Program;
use super::platform::Platform;
use super::program::judge;
use super::stack::{Made, Stack, StackRequest};
use crate::cfn::Scenario;
use std::collections::BTreeSet;

/// What a launch led to.
struct Launched {
    stack: Stack,
    account: Account,
    events: Vec<Event>,
    failures: Vec<Failure>,
}

impl Life<'_> {
    /// One launch, used, updated to other values and ended.
    pub(super) fn whole(&mut self, scenario: &Scenario, first: Option<&Scenario>) {
        let subject = self.subject;
        let is_first = first.is_none();
        let told = match first {
            None => String::new(),
            Some(first) => difference(first, scenario),
        };
        let at = self.at("launch", &told);
        if is_first {
            self.platform(&at, Platform::Launch, &subject.template, &subject.file);
        }
        let request = self.request(1, &subject.template, &subject.file, scenario, "now");
        // A survey first: everything that doesn't work, not only what comes first.
        let surveyed = self.launched(&request, true);
        let (mut failures, mut events) = (surveyed.failures, surveyed.events);
        let mut well = surveyed.stack.status == Status::CreateComplete;
        if !failures.is_empty() {
            let real = self.launched(&request, false);
            let rollback = real.failures.into_iter();
            let new: Vec<Failure> = rollback.filter(|one| !failures.contains(one)).collect();
            failures.extend(new);
            events = real.events;
            well = false;
        }
        self.take(&at, well, failures, events);
        // What follows is rehearsed as if the launch had worked.
        let (mut stack, mut account) = (surveyed.stack, surveyed.account);
        self.used(&stack, &account, &told);
        if let Some(first) = first {
            // From the defaults to these values, and with it a version's own tags.
            let request = self.request(1, &subject.template, &subject.file, first, "before");
            let begun = self.launched(&request, true);
            let (mut begun, mut there) = (begun.stack, begun.account);
            let next = self.request(1, &subject.template, &subject.file, scenario, "now");
            let step = format!("update to {told}");
            self.updated(&step, &mut begun, &mut there, next);
        } else {
            let at = self.at("actions", "");
            self.platform(&at, Platform::Actions, &subject.template, &subject.file);
        }
        self.ended("end", &told, &mut stack, &mut account);
    }

    /// A launch in a fresh copy of the account.
    fn launched(&self, request: &StackRequest, survey: bool) -> Launched {
        let mut account = self.setting.account.clone();
        let manner = Manner {
            survey,
            ..Manner::default()
        };
        let role = self.launch_role();
        let (stack, events, failures) = self.at_work(role, &mut account, manner, |engine| {
            engine.create(request.clone())
        });
        Launched {
            stack,
            account,
            events,
            failures,
        }
    }

    /// What runs in a stack that is there: programs other than those of the first boot.
    fn used(&mut self, stack: &Stack, account: &Account, told: &str) {
        let at = self.at("use", told);
        let mut failures = Vec::new();
        let programs = self.world.programs.programs.iter();
        let later = |program: &&Program| {
            program.requests.is_empty() && (!program.at_boot || program.optional)
        };
        for program in programs.filter(later) {
            let kind = stack
                .resources
                .get(&program.runs_on)
                .map(|made| made.kind.clone());
            for cause in judge(&self.world, account, stack, program, None) {
                failures.push(Failure {
                    file: stack.request.file.clone(),
                    logical_id: program.runs_on.clone(),
                    kind: kind.clone().unwrap_or_default(),
                    property: None,
                    status: Status::CreateComplete,
                    cause,
                });
            }
        }
        for (id, made) in &stack.resources {
            if runs_programs(made)
                && !self
                    .world
                    .programs
                    .programs
                    .iter()
                    .any(|program| program.runs_on == *id)
            {
                failures.push(Failure {
                    file: stack.request.file.clone(),
                    logical_id: id.clone(),
                    kind: made.kind.clone(),
                    property: None,
                    status: Status::CreateComplete,
                    cause: Cause::Unsaid {
                        file: format!("products/{}/calls.yaml", self.subject.product),
                    },
                });
            }
        }
        self.take(&at, true, failures, Vec::new());
    }

    /// Each resource fails once it is made: everything before it goes again, and the next try works.
    pub(super) fn failures(&mut self, scenario: &Scenario) {
        let subject = self.subject;
        let request = self.request(1, &subject.template, &subject.file, scenario, "now");
        let launched = self.launched(&request, true);
        let begun = launched.stack;
        if !launched.failures.is_empty() {
            // What fails by itself has been told.
            return;
        }
        for id in begun.resources.keys() {
            let at = self.at(&format!("launch in which {id} fails"), "");
            let mut account = self.setting.account.clone();
            let manner = Manner {
                fail_at: Some(id.clone()),
                ..Manner::default()
            };
            let role = self.launch_role();
            let (stack, events, mut failures) =
                self.at_work(role, &mut account, manner, |engine| {
                    engine.create(request.clone())
                });
            if stack.status != Status::RollbackComplete && failures.is_empty() {
                failures.push(Failure::of_file(
                    &subject.file,
                    Cause::InUse {
                        by: format!("what a launch leaves behind in which {id} fails"),
                    },
                ));
            }
            self.take(
                &at,
                stack.status == Status::RollbackComplete,
                failures,
                events,
            );
        }
    }

    /// Two people have the product at once.
    pub(super) fn beside(&mut self, scenario: &Scenario) {
        let subject = self.subject;
        let first = self.request(1, &subject.template, &subject.file, scenario, "now");
        let mut account = self.launched(&first, true).account;
        let second = self.request(2, &subject.template, &subject.file, scenario, "now");
        let at = self.at("launch beside another's", "");
        let role = self.launch_role();
        let (stack, events, failures) =
            self.at_work(role, &mut account, Manner::survey(), |engine| {
                engine.create(second)
            });
        let known: BTreeSet<(String, Cause)> = self
            .found()
            .iter()
            .map(|found| {
                (
                    found.failure.logical_id.clone(),
                    found.failure.cause.clone(),
                )
            })
            .collect();
        let new = failures.into_iter().filter(|failure| {
            matches!(failure.cause, Cause::Exists { .. })
                && !known.contains(&(failure.logical_id.clone(), failure.cause.clone()))
        });
        let new: Vec<Failure> = new.collect();
        self.take(&at, stack.status == Status::CreateComplete, new, events);
    }
}

/// Whether something runs there that calls AWS.
fn runs_programs(made: &Made) -> bool {
    match made.kind.as_str() {
        "AWS::Lambda::Function" => true,
        "AWS::EC2::Instance" => made.properties.contains_key("IamInstanceProfile"),
        "AWS::Batch::JobDefinition" => {
            !super::fill::at(&made.properties, "ContainerProperties.JobRoleArn").is_empty()
        }
        _ => false,
    }
}
