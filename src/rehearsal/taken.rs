//! The roles that resources take: passed by whoever makes the resource, and used by a service.

use super::account::Caller;
use super::behaviour::{RoleSpelling, TakenRole};
use super::cause::Cause;
use super::engine::Engine;
use super::event::Status;
use super::fill::at;
use super::stack::Stack;
use super::thing::Thing;

impl Engine<'_> {
    /// Passes the roles that a resource takes, and sees whether the service can use them.
    pub(super) fn pass_roles(
        &mut self,
        stack: &Stack,
        id: &str,
        thing: &Thing,
    ) -> Result<(), Cause> {
        const FAILED: Status = Status::CreateFailed;
        let Some(known) = self.world.behaviours.of(&thing.kind) else {
            return Ok(());
        };
        if self.caller == Caller::Administrator {
            return Ok(());
        }
        for taken in &known.roles {
            for value in at(&thing.properties, &taken.property) {
                let property = Some(taken.property.clone());
                let role = match self.taken_role(taken, &value) {
                    Ok(role) => role,
                    Err(cause) => {
                        self.or_go_on(stack, id, &thing.kind, FAILED, property, cause)?;
                        continue;
                    }
                };
                let service = &taken.passed_to;
                let call = self
                    .calls(stack, id)
                    .pass_role(&role, service, thing, &taken.property);
                self.decide(stack, id, &thing.kind, FAILED, vec![call])?;
                for cause in self.unusable(&role, service, thing) {
                    self.or_go_on(stack, id, &thing.kind, FAILED, property.clone(), cause)?;
                }
            }
        }
        Ok(())
    }

    /// The role that a property names, in the way in which it names roles.
    fn taken_role(&self, taken: &TakenRole, value: &str) -> Result<Thing, Cause> {
        const ROLE: &str = "AWS::IAM::Role";
        let account = &*self.account;
        let named = |name: &str| {
            let roles = account.things.iter().filter(|thing| thing.kind == ROLE);
            roles.into_iter().find(|role| role.name == name)
        };
        let prefix = format!("arn:{}:iam::{}:role", account.partition, account.id);
        let by_arn = |arn: &str| account.find(ROLE, arn).filter(|role| role.arn == arn);
        let (found, wanted) = match taken.by {
            RoleSpelling::Arn => (by_arn(value), format!("the role {value}")),
            RoleSpelling::Name => (named(value), format!("the role named {value}")),
            RoleSpelling::Profile => (
                account.role_of(value),
                format!("the role of the instance profile {value}"),
            ),
            RoleSpelling::ArnOrPathAndName => {
                let arn = match value.starts_with("arn:") {
                    true => value.to_owned(),
                    false => format!("{prefix}/{}", value.trim_start_matches('/')),
                };
                (by_arn(&arn), arn)
            }
        };
        found.cloned().ok_or_else(|| Cause::NoRole {
            property: taken.property.clone(),
            value: value.to_owned(),
            wanted,
        })
    }

    /// Why a service can't use a role that it is handed.
    fn unusable(&self, role: &Thing, service: &str, thing: &Thing) -> Vec<Cause> {
        let Some(known) = self.world.behaviours.service(service) else {
            return vec![Cause::Unknown {
                what: format!("what {service} needs of a role"),
            }];
        };
        super::service::unusable(&self.world, self.account, role, known, thing)
    }
}
