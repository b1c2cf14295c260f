//! Who is in an account, and whose what is.

use super::question::Questions;
use super::stack::{
    ELSEWHERE, Owned, Owner, PROVISIONED, SESSION, STACK, add_beside, is_machine_of, launched,
    make_elsewhere,
};
use super::trust::Trusted;
use crate::portfolio::end_user::EndUsers;
use crate::rehearsal::{Account, Failure, Setting, Thing, World};
use std::collections::BTreeMap;

/// The two people of every account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// The one who asks.
    First,
    /// Somebody else.
    Second,
}

/// What somebody is, as reasons name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A scientist.
    EndUser,
    /// The role that a product is launched as.
    LaunchRole,
    /// What runs in a product: a machine, a function, a job.
    Program,
    /// The same in a product of a version from before this catalog.
    FormerProgram,
    /// A service that runs no code of its users: nobody gets its credentials.
    Service,
}

/// Somebody who has a role.
#[derive(Clone, Debug)]
pub struct Who {
    /// The name: the end users' key, `launch role of notebook`, or `notebook: InstanceRole`.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// The role, by ARN.
    pub role: String,
    /// The condition keys that the session brings.
    pub keys: Vec<(String, String)>,
    /// The names of the stacks that are its own.
    own: Vec<String>,
}

/// Whose something is, seen by one who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// The asker's.
    Own,
    /// Another product's.
    Others,
    /// Nobody's product: the catalog's, and what it imports.
    Catalog,
    /// What has nothing to do with the catalog.
    Elsewhere,
}

/// The people and roles of an account, with what they have.
pub struct Cast<'a> {
    /// What decides.
    pub world: World<'a>,
    /// The environment.
    pub environment: String,
    /// The account, everything launched.
    pub account: Account,
    /// Who asks.
    pub all: Vec<Who>,
    keep_credentials: &'a [String],
    /// The name of the tag that opens a machine to a person.
    pub session_tag: String,
    /// By the name of a stack, what stands in it: `notebook`, or `former notebook`.
    stacks: BTreeMap<String, String>,
}

/// The suffix of a session's name, which `aws:userid` ends with.
const fn user(person: Person) -> &'static str {
    match person {
        Person::First => "1111111",
        Person::Second => "2222222",
    }
}

impl<'a> Cast<'a> {
    /// Launches everything twice: for whoever asks, and for somebody else.
    ///
    /// # Errors
    /// What can't be launched even by an administrator: nothing could be decided about it.
    pub fn new(
        world: World<'a>,
        questions: &'a Questions,
        setting: &Setting,
        users: &EndUsers,
        products: &[Owned<'_>],
    ) -> Result<Cast<'a>, Vec<Failure>> {
        let mut account = setting.account.clone();
        account
            .things
            .retain(|thing| thing.kind != "AWS::EC2::Instance");
        let (mut stacks, mut failures) = (BTreeMap::new(), Vec::new());
        let mut programs = Vec::new();
        for person in [Person::First, Person::Second] {
            for owned in products {
                let name = stack_name(&account, owned, person);
                let label = match owned.version {
                    "" => owned.product.to_owned(),
                    _ => format!("former {}", owned.product),
                };
                failures.extend(launched(&mut account, owned, &name));
                for thing in &mut account.things {
                    if is_machine_of(thing, &name) {
                        let tag = users.sessions.tag.clone();
                        thing.tags.insert(tag, userid(person));
                    }
                }
                let owner = Owner {
                    user: user(person),
                    userid: userid(person),
                    role: Some(owned.launch_role),
                };
                add_beside(&mut account, &name, &owner);
                if person == Person::First {
                    programs.push((name.clone(), *owned));
                }
                stacks.insert(name, label);
            }
        }
        failures.extend(make_elsewhere(&mut account, world));
        if !failures.is_empty() {
            failures.sort();
            failures.dedup();
            return Err(failures);
        }
        let mut cast = Cast {
            world,
            environment: setting.environment.clone(),
            account,
            all: Vec::new(),
            keep_credentials: &questions.keep_credentials,
            session_tag: users.sessions.tag.clone(),
            stacks,
        };
        cast.gather(users, products, &programs);
        Ok(cast)
    }

    fn gather(
        &mut self,
        users: &EndUsers,
        products: &[Owned<'_>],
        programs: &[(String, Owned<'_>)],
    ) {
        let own = |person: Person| -> Vec<String> {
            products
                .iter()
                .map(|owned| stack_name(&self.account, owned, person))
                .collect()
        };
        let mut all = Vec::new();
        for role in &users.roles {
            let mut roles = self.account.things.iter().filter(|thing| {
                thing.kind == "AWS::IAM::Role"
                    && thing.stack.as_deref() == Some(users.stack.as_str())
                    && thing.origin.logical_id == role.logical_id.as_str()
            });
            let Some(thing) = roles.next() else { continue };
            all.push(Who {
                name: role.key.to_string(),
                class: Class::EndUser,
                role: thing.arn.clone(),
                keys: vec![("aws:userid".to_owned(), userid(Person::First))],
                own: own(Person::First),
            });
        }
        let mut launch_roles: Vec<(&str, &str)> = products
            .iter()
            .map(|owned| (owned.product, owned.launch_role))
            .collect();
        launch_roles.sort_unstable();
        launch_roles.dedup();
        for (product, role) in launch_roles {
            let of_product = |person| {
                let owned = products.iter().filter(|owned| owned.product == product);
                owned.map(move |owned| (owned, person))
            };
            let stacks = of_product(Person::First).chain(of_product(Person::Second));
            all.push(Who {
                name: format!("launch role of {product}"),
                class: Class::LaunchRole,
                role: role.to_owned(),
                keys: Vec::new(),
                own: stacks
                    .map(|(owned, person)| stack_name(&self.account, owned, person))
                    .collect(),
            });
        }
        for (stack, owned) in programs {
            let roles = self.account.things.iter().filter(|thing| {
                thing.kind == "AWS::IAM::Role"
                    && thing.stack.as_deref().is_some_and(|of| is_in(of, stack))
            });
            for role in roles {
                let id = &role.origin.logical_id;
                let is_former = !owned.version.is_empty();
                all.push(Who {
                    name: match is_former {
                        true => format!("{} {}: {id}", owned.product, owned.version),
                        false => format!("{}: {id}", owned.product),
                    },
                    class: match is_former {
                        _ if self.is_of_service(role) => Class::Service,
                        true => Class::FormerProgram,
                        false => Class::Program,
                    },
                    role: role.arn.clone(),
                    keys: Vec::new(),
                    own: vec![stack.clone()],
                });
            }
        }
        self.all = all;
    }

    /// Whether nobody but services that keep their credentials to themselves can have a role.
    fn is_of_service(&self, role: &Thing) -> bool {
        let Trusted { services, others } = Trusted::by(role);
        let keep = |service: &String| self.keep_credentials.contains(service);
        !others && !services.is_empty() && services.iter().all(keep)
    }

    /// Whose a thing is to somebody.
    pub fn whose(&self, who: &Who, thing: &Thing) -> Whose {
        let Some(stack) = &thing.stack else {
            return Whose::Catalog;
        };
        if who.own.iter().any(|own| is_in(stack, own)) {
            return Whose::Own;
        }
        if is_in(stack, ELSEWHERE) {
            return Whose::Elsewhere;
        }
        match self.label_of(stack) {
            Some(_) => Whose::Others,
            None => Whose::Catalog,
        }
    }

    /// What a thing belongs to, in words: `notebook`, `notebook v1.4.9`, a stack of the catalog.
    pub fn belongs_to(&self, thing: &Thing) -> String {
        let Some(stack) = &thing.stack else {
            return thing.name.clone();
        };
        let label = self.label_of(stack);
        label.map_or_else(|| stack.clone(), str::to_owned)
    }

    /// What a thing is called in messages.
    pub fn name_of(&self, thing: &Thing) -> String {
        let of = self.belongs_to(thing);
        match (thing.kind.as_str(), thing.origin.logical_id.as_str()) {
            (STACK, "") => format!("the stack of {of}"),
            (SESSION, _) => format!("a session of {of}"),
            (PROVISIONED, _) => format!("the provisioned product of {of}"),
            (_, "") => of,
            (_, id) => format!("{id} of {of}"),
        }
    }

    fn label_of(&self, stack: &str) -> Option<&str> {
        let mut found = self.stacks.iter().filter(|(name, _)| is_in(stack, name));
        found.next().map(|(_, label)| label.as_str())
    }
}

/// The stack itself, or one nested in it.
fn is_in(stack: &str, outer: &str) -> bool {
    let rest = stack.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn userid(person: Person) -> String {
    format!("AROAEXAMPLE:{}", user(person))
}

fn stack_name(account: &Account, owned: &Owned<'_>, person: Person) -> String {
    let letters = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.collect()
    };
    let (product, version) = (letters(owned.product), letters(owned.version));
    format!("SC-{}-pp-{product}{version}x{}", account.id, user(person))
}
