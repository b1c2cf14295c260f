//! The whole life of a product in an account: launched, used, updated from every version that may
//! be running, and ended, under the roles that it really has.

use super::account::{Account, Caller};
use super::cause::Cause;
use super::custom::Declared;
use super::engine::{Engine, Failure, Manner};
use super::event::{Event, Status};
use super::form::scenarios;
use super::platform::{Platform, refused};
use super::seen::{Found, Report, Step};
use super::setting::{Setting, stack_tags};
use super::stack::{Known, Stack, StackRequest};
use super::subject::Subject;
use super::world::World;
use crate::cfn::{IndexMap, Scenario, Template};
use std::sync::Arc;

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

    /// What was found so far.
    pub(super) fn found(&self) -> &[Found] {
        &self.report.found
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

    /// CloudFormation at work in an account, called by somebody, functions answering as they are
    /// declared: what came of it, what happened, and what doesn't work.
    pub(super) fn at_work<T>(
        &self,
        caller: Caller,
        account: &mut Account,
        manner: Manner,
        work: impl FnOnce(&mut Engine<'_>) -> T,
    ) -> (T, Vec<Event>, Vec<Failure>) {
        let mut functions = Declared;
        let mut engine = Engine::new(self.world, account, caller, &mut functions, manner);
        let done = work(&mut engine);
        (done, engine.events, engine.failures)
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
        let mut surveyed = stack.clone();
        let mut there = account.clone();
        let role = || self.launch_role();
        let ((), mut events, failures) =
            self.at_work(role(), &mut there, Manner::survey(), |engine| {
                engine.delete(&mut surveyed)
            });
        if !failures.is_empty() {
            ((), events, _) = self.at_work(role(), account, Manner::default(), |engine| {
                engine.delete(stack)
            });
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
            let manner = Manner {
                may_replace,
                ..Manner::survey()
            };
            let ((), happened, failures) =
                self.at_work(self.launch_role(), &mut there, manner, |engine| {
                    engine.update(&mut one, request.clone());
                });
            all.extend(failures);
            events = happened;
            (*stack, *account) = (one, there);
        }
        if !all.is_empty() {
            let (mut one, mut there) = begun;
            let ((), happened, failures) = self.at_work(
                self.launch_role(),
                &mut there,
                Manner::default(),
                |engine| {
                    engine.update(&mut one, request);
                },
            );
            all.extend(failures);
            events = happened;
            status = one.status;
        }
        all.sort();
        all.dedup();
        self.take(&at, status == Status::UpdateComplete, all, events);
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
