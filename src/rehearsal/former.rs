//! What can be done with stacks of versions that may be running.

use super::account::{Account, Caller};
use super::engine::Manner;
use super::event::Status;
use super::form::scenarios;
use super::life::{Life, difference};
use super::platform::Platform;
use super::running::Running;
use super::stack::{Known, Stack, StackRequest};
use crate::cfn::{IndexMap, Scenario, Template};

impl Life<'_> {
    /// What may be done with a stack of a version: ended, updated within it, updated to what is
    /// launched now, and that again after a failure.
    pub(super) fn from(&mut self, running: &Running, values: &[Scenario]) {
        let subject = self.subject;
        let name = running.name();
        let mut scenarios = self.values_of(running);
        scenarios.truncate(4);
        for (index, scenario) in scenarios.iter().enumerate() {
            let told = match index {
                0 => String::new(),
                _ => difference(&scenarios[0], scenario),
            };
            let (stack, account) = self.there(running, scenario);
            {
                let (mut stack, mut account) = (stack.clone(), account.clone());
                self.ended(&format!("end of {name}"), &told, &mut stack, &mut account);
            }
            if running.no_update.is_some() {
                continue;
            }
            if index == 0 || running.is_ours {
                let at = self.at(&format!("update that stays on {name}"), "");
                self.platform(&at, Platform::Update, &running.template, &running.file);
                let (mut stack, mut account) = (stack.clone(), account.clone());
                let mut request =
                    self.request(1, &running.template, &running.file, scenario, &name);
                request.name.clone_from(&stack.request.name);
                self.updated(&at.step.clone(), &mut stack, &mut account, request);
            }
            let carried = carried(&subject.template, scenario, values.first());
            let request = self.request(1, &subject.template, &subject.file, &carried, "now");
            let step = format!("update from {name}");
            let at = self.at(&step, &told);
            self.platform(&at, Platform::Update, &subject.template, &subject.file);
            let (mut updated, mut there) = (stack.clone(), account.clone());
            self.updated(&step, &mut updated, &mut there, request.clone());
            self.ended(
                &format!("end after an update from {name}"),
                &told,
                &mut updated,
                &mut there,
            );
            if index == 0 {
                self.again(&name, &stack, &account, &request);
            }
        }
    }

    /// An update that fails at its last resource, rolls back, and is tried again.
    fn again(&mut self, name: &str, stack: &Stack, account: &Account, request: &StackRequest) {
        let step = format!("update from {name} that fails and is tried again");
        let at = self.at(&step, "");
        let last = {
            let (mut one, mut there) = (stack.clone(), account.clone());
            let ((), events, _) =
                self.at_work(self.launch_role(), &mut there, Manner::survey(), |engine| {
                    engine.update(&mut one, request.clone());
                    if !engine.is_well() {
                        // An update that never gets there can't be tried again: as if it did.
                        engine.failures.clear();
                    }
                });
            let touched = events.iter().rev().find(|event| {
                matches!(
                    event.status,
                    Status::CreateComplete | Status::UpdateComplete
                ) && event.kind != "AWS::CloudFormation::Stack"
                    && event.stack == one.request.name
            });
            touched.map(|event| event.logical_id.clone())
        };
        let Some(last) = last else { return };
        let (mut one, mut there) = (stack.clone(), account.clone());
        // As an administrator: whether IAM lets it is told elsewhere, here it is what stays behind.
        let manner = Manner {
            fail_at: Some(last),
            ..Manner::default()
        };
        let mut update = |manner: Manner| {
            self.at_work(Caller::Administrator, &mut there, manner, |engine| {
                engine.update(&mut one, request.clone());
            })
        };
        let ((), mut events, _) = update(manner);
        let ((), mut again, failures) = update(Manner::default());
        events.append(&mut again);
        self.take(&at, one.status == Status::UpdateComplete, failures, events);
    }

    fn values_of(&self, running: &Running) -> Vec<Scenario> {
        let nothing = IndexMap::default();
        let account = &self.setting.account;
        let known = Known {
            world: &self.world,
            account,
            pseudo: account.pseudo(&self.setting.stack(1)),
            made: &nothing,
        };
        scenarios(&running.template, self.world.behaviours, &known).0
    }

    /// A stack as a version has left it in the account.
    fn there(&self, running: &Running, scenario: &Scenario) -> (Stack, Account) {
        let mut account = self.setting.account.clone();
        let request = self.request(
            1,
            &running.template,
            &running.file,
            scenario,
            &running.name(),
        );
        let (stack, _, _) = self.at_work(
            Caller::Administrator,
            &mut account,
            Manner::survey(),
            |engine| engine.create(request),
        );
        (stack, account)
    }
}

/// The values of a running stack as far as the form takes them, and the form's for the others.
fn carried(template: &Template, old: &Scenario, defaults: Option<&Scenario>) -> Scenario {
    let mut values = defaults.cloned().unwrap_or_default();
    for (name, text) in old {
        let parameter = template.parameters.get(name);
        if parameter.is_some_and(|parameter| parameter.refusal(text).is_none()) {
            values.insert(name.clone(), text.clone());
        }
    }
    values
}
