//! The whole life of a product in an account: launched, used, updated from every version that may
//! be running, and ended, under the roles that it really has.

use super::account::{Account, Caller};
use super::cause::Cause;
use super::custom::Declared;
use super::engine::{Engine, Failure, Manner};
use super::event::{Event, Status};
use super::form::scenarios;
use super::outside::Program;
use super::platform::{Platform, refused};
use super::program::judge;
use super::seen::{Found, Report, Step};
use super::setting::{Setting, stack_tags};
use super::stack::{Known, Stack, StackRequest};
use super::subject::Subject;
use super::world::World;
use crate::cfn::{IndexMap, Scenario, Template};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a launch led to.
struct Launched {
    stack: Stack,
    account: Account,
    events: Vec<Event>,
    failures: Vec<Failure>,
}

/// Where a step stands.
pub(super) struct At<'a> {
    pub environment: &'a str,
    pub step: String,
    pub values: String,
}

/// A product's life in one account.
pub struct Life<'a> {
    pub(super) world: World<'a>,
    pub(super) subject: &'a Subject,
    pub(super) setting: &'a Setting,
    report: Report,
}

impl<'a> Life<'a> {
    /// Rehearses everything.
    pub fn rehearse(world: World<'a>, subject: &'a Subject, setting: &'a Setting) -> Report {
        let mut life = Life {
            world,
            subject,
            setting,
            report: Report::default(),
        };
        let values = life.values();
        life.report.scenarios = values.len();
        for (index, scenario) in values.iter().enumerate() {
            life.whole(scenario, values.first().filter(|_| index > 0));
        }
        if let Some(first) = values.first() {
            life.failures(first);
            life.beside(first);
        }
        for running in &subject.running {
            life.from(running, &values);
        }
        life.report
    }

    fn values(&mut self) -> Vec<Scenario> {
        let nothing = IndexMap::default();
        let account = &self.setting.account;
        let known = Known {
            world: &self.world,
            account,
            pseudo: account.pseudo(&self.setting.stack(1)),
            made: &nothing,
        };
        let template = &self.subject.template;
        let (values, missing) = scenarios(template, self.world.behaviours, &known);
        for name in missing {
            let failure = Failure::of_file(
                &self.subject.file,
                Cause::Unknown {
                    what: format!("a value that the form takes for {name}"),
                },
            );
            self.note("the launch form", "", failure);
        }
        values
    }

    pub(super) fn note(&mut self, step: &str, values: &str, failure: Failure) {
        let found = Found {
            failure,
            step: step.to_owned(),
            values: values.to_owned(),
            environment: self.setting.environment.clone(),
        };
        let is_known = self
            .report
            .found
            .iter()
            .any(|known| known.failure == found.failure && known.step == found.step);
        if !is_known {
            self.report.found.push(found);
        }
    }

    pub(super) fn take(
        &mut self,
        at: &At<'_>,
        well: bool,
        failures: Vec<Failure>,
        events: Vec<Event>,
    ) {
        let failed = !failures.is_empty();
        for failure in failures {
            self.note(&at.step, &at.values, failure);
        }
        self.report.steps.push(Step {
            name: match at.values.as_str() {
                "" => at.step.clone(),
                values => format!("{} with {values}", at.step),
            },
            environment: at.environment.to_owned(),
            well: well && !failed,
            events,
        });
    }

    pub(super) fn at(&self, step: &str, values: &str) -> At<'a> {
        At {
            environment: &self.setting.environment,
            step: step.to_owned(),
            values: values.to_owned(),
        }
    }

    pub(super) fn launch_role(&self) -> Caller {
        Caller::Role(self.setting.launch_role.clone())
    }

    pub(super) fn request(
        &self,
        person: u32,
        template: &Arc<Template>,
        file: &str,
        parameters: &Scenario,
        version: &str,
    ) -> StackRequest {
        StackRequest {
            name: self.setting.stack(person),
            template: Arc::clone(template),
            file: file.to_owned(),
            parameters: parameters.clone(),
            tags: stack_tags(&self.setting.account, &self.subject.product, version),
        }
    }

    /// What Service Catalog and CloudFormation call themselves, decided as the launch role.
    pub(super) fn platform(
        &mut self,
        at: &At<'_>,
        platform: Platform,
        template: &Template,
        file: &str,
    ) {
        let (world, subject, setting) = (self.world, self.subject, self.setting);
        for failure in refused(world, subject, setting, platform, template, file) {
            self.note(&at.step, &at.values, failure);
        }
    }

    /// One launch, used, updated to other values and ended.
    fn whole(&mut self, scenario: &Scenario, first: Option<&Scenario>) {
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
        let mut functions = Declared;
        let manner = Manner {
            survey,
            ..Manner::default()
        };
        let caller = self.launch_role();
        let mut engine = Engine::new(self.world, &mut account, caller, &mut functions, manner);
        let stack = engine.create(request.clone());
        let (events, failures) = (engine.events, engine.failures);
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
                    cause: Cause::Unknown {
                        what: format!("what runs there: products/{}/calls.yaml says nothing of it, and what it calls", self.subject.product),
                    },
                });
            }
        }
        self.take(&at, true, failures, Vec::new());
    }

    /// The end of a stack, with what gets into things in use.
    pub(super) fn ended(
        &mut self,
        step: &str,
        told: &str,
        stack: &mut Stack,
        account: &mut Account,
    ) {
        let at = self.at(step, told);
        self.platform(
            &at,
            Platform::End,
            &stack.request.template.clone(),
            &stack.request.file.clone(),
        );
        for thing in &mut account.things {
            if thing.stack.is_some() {
                thing.is_filled = true;
            }
        }
        let mut functions = Declared;
        let mut survey = account.clone();
        let manner = Manner {
            survey: true,
            ..Manner::default()
        };
        let mut engine = Engine::new(
            self.world,
            &mut survey,
            self.launch_role(),
            &mut functions,
            manner,
        );
        let mut surveyed = stack.clone();
        engine.delete(&mut surveyed);
        let failures = std::mem::take(&mut engine.failures);
        let mut events = std::mem::take(&mut engine.events);
        if !failures.is_empty() {
            let mut functions = Declared;
            let mut engine = Engine::new(
                self.world,
                account,
                self.launch_role(),
                &mut functions,
                Manner::default(),
            );
            engine.delete(stack);
            events = engine.events;
        }
        self.take(
            &at,
            surveyed.status == Status::DeleteComplete,
            failures,
            events,
        );
    }

    /// An update, found whole, then as it really goes.
    pub(super) fn updated(
        &mut self,
        step: &str,
        stack: &mut Stack,
        account: &mut Account,
        request: StackRequest,
    ) {
        let at = self.at(step, "");
        let mut all = Vec::new();
        let mut events = Vec::new();
        let mut status = Status::UpdateComplete;
        let begun = (stack.clone(), account.clone());
        for may_replace in [true, false] {
            let (mut one, mut there) = begun.clone();
            let mut functions = Declared;
            let manner = Manner {
                survey: true,
                may_replace,
                fail_at: None,
            };
            let mut engine = Engine::new(
                self.world,
                &mut there,
                self.launch_role(),
                &mut functions,
                manner,
            );
            engine.update(&mut one, request.clone());
            all.extend(std::mem::take(&mut engine.failures));
            events = std::mem::take(&mut engine.events);
            drop(engine);
            (*stack, *account) = (one, there);
        }
        if !all.is_empty() {
            let (mut one, mut there) = begun;
            let mut functions = Declared;
            let mut engine = Engine::new(
                self.world,
                &mut there,
                self.launch_role(),
                &mut functions,
                Manner::default(),
            );
            engine.update(&mut one, request);
            all.extend(std::mem::take(&mut engine.failures));
            events = std::mem::take(&mut engine.events);
            status = one.status;
        }
        all.sort();
        all.dedup();
        self.take(&at, status == Status::UpdateComplete, all, events);
    }

    /// Each resource fails once it is made: everything before it goes again, and the next try works.
    fn failures(&mut self, scenario: &Scenario) {
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
            let mut functions = Declared;
            let manner = Manner {
                fail_at: Some(id.clone()),
                ..Manner::default()
            };
            let mut engine = Engine::new(
                self.world,
                &mut account,
                self.launch_role(),
                &mut functions,
                manner,
            );
            let stack = engine.create(request.clone());
            let (events, mut failures) = (engine.events, engine.failures);
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
    fn beside(&mut self, scenario: &Scenario) {
        let subject = self.subject;
        let first = self.request(1, &subject.template, &subject.file, scenario, "now");
        let mut account = self.launched(&first, true).account;
        let second = self.request(2, &subject.template, &subject.file, scenario, "now");
        let at = self.at("launch beside another's", "");
        let mut functions = Declared;
        let manner = Manner {
            survey: true,
            ..Manner::default()
        };
        let mut engine = Engine::new(
            self.world,
            &mut account,
            self.launch_role(),
            &mut functions,
            manner,
        );
        let stack = engine.create(second);
        let (events, failures) = (engine.events, engine.failures);
        let known: BTreeSet<(String, Cause)> = self
            .report
            .found
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

/// The values that differ from the first.
pub(super) fn difference(first: &Scenario, scenario: &Scenario) -> String {
    let differs = |(name, text): &(&String, &String)| first.get(*name) != Some(*text);
    let told = scenario
        .iter()
        .filter(differs)
        .map(|(name, text)| format!("{name}={text}"));
    told.collect::<Vec<_>>().join(", ")
}

/// Whether something runs there that calls AWS.
fn runs_programs(made: &super::stack::Made) -> bool {
    match made.kind.as_str() {
        "AWS::Lambda::Function" => true,
        "AWS::EC2::Instance" => made.properties.contains_key("IamInstanceProfile"),
        "AWS::Batch::JobDefinition" => {
            !super::fill::at(&made.properties, "ContainerProperties.JobRoleArn").is_empty()
        }
        _ => false,
    }
}
