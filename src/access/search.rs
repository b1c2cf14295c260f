//! The ways from a role to others: what whoever has it can reach in a few steps.

use super::ask::Ask;
use super::cast::{Cast, Class, Who, Whose};
use super::question::{Edge, EdgeCall, Gives, Questions};
use super::trust::Trusted;
use crate::iam::Authority;
use crate::rehearsal::{Thing, Undecidable};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// What somebody gets hold of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Everything in the account.
    Anything,
    /// A role, by ARN; with all that its boundary lets through, or with its own policies.
    Role {
        /// The ARN.
        arn: String,
        /// With everything that the boundary lets through.
        unbound: bool,
    },
    /// What is in a thing, by ARN.
    Data(String),
}

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The way's name in the file of questions.
    pub edge: String,
    /// In words: `opens a session on LinuxInstance of notebook`.
    pub text: String,
}

/// A way to something that isn't one's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    /// Who.
    pub who: String,
    /// What is reached, in words.
    pub to: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// How far is looked.
pub struct Search<'a> {
    cast: &'a Cast<'a>,
    edges: &'a [Edge],
    depth: usize,
}

/// A place from which the search goes on.
struct Place {
    at: Reached,
    steps: Vec<Step>,
}

impl<'a> Search<'a> {
    /// A search over the edges, this many steps deep.
    pub fn new(cast: &'a Cast<'a>, questions: &'a Questions, depth: usize) -> Search<'a> {
        Search {
            cast,
            edges: &questions.edges,
            depth,
        }
    }

    /// Every way of everybody to what isn't theirs, the shortest of each.
    ///
    /// # Errors
    /// Policies that can't be found or read.
    pub fn paths(&self) -> Result<Vec<Path>, Undecidable> {
        let mut paths = Vec::new();
        // Nobody gets the credentials of the others.
        let obtainable = self.cast.all.iter();
        for who in obtainable.filter(|who| who.class != Class::Service) {
            paths.extend(self.of(who)?);
        }
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    fn of(&self, who: &Who) -> Result<Vec<Path>, Undecidable> {
        let begin = Reached::Role {
            arn: who.role.clone(),
            unbound: false,
        };
        let mut known = BTreeSet::from([begin.clone()]);
        let mut open = VecDeque::from([Place {
            at: begin,
            steps: Vec::new(),
        }]);
        let mut told = BTreeSet::new();
        let mut paths = Vec::new();
        while let Some(place) = open.pop_front() {
            if place.steps.len() == self.depth {
                continue;
            }
            for (reached, step) in self.next(who, &place.at)? {
                if !known.insert(reached.clone()) {
                    continue;
                }
                let mut steps = place.steps.clone();
                steps.push(step);
                let is_own = self.is_own(who, &reached);
                if !is_own {
                    let to = self.name(&reached);
                    if told.insert(to.clone()) {
                        let who = who.name.clone();
                        paths.push(Path { who, to, steps });
                    }
                    // What follows from it is told where it begins.
                    continue;
                }
                open.push_back(Place { at: reached, steps });
            }
        }
        Ok(paths)
    }

    fn is_own(&self, who: &Who, reached: &Reached) -> bool {
        let whose = |arn: &str| {
            let thing = self.cast.account.by_arn(arn);
            thing.is_some_and(|thing| self.cast.whose(who, thing) == Whose::Own)
        };
        match reached {
            Reached::Anything => false,
            Reached::Role { arn, .. } => *arn == who.role || whose(arn),
            Reached::Data(arn) => whose(arn),
        }
    }

    fn name(&self, reached: &Reached) -> String {
        let name = |arn: &str| match self.cast.account.by_arn(arn) {
            Some(thing) => self.cast.name_of(thing),
            None => arn.to_owned(),
        };
        match reached {
            Reached::Anything => "everything in the account".to_owned(),
            Reached::Role { arn, .. } => name(arn),
            Reached::Data(arn) => format!("what is in {}", name(arn)),
        }
    }

    /// Where one gets from a role in one step.
    fn next(&self, who: &Who, at: &Reached) -> Result<Vec<(Reached, Step)>, Undecidable> {
        let Reached::Role { arn, unbound } = at else {
            return Ok(Vec::new());
        };
        let own = self.cast.account.authority(self.cast.world.outside, arn)?;
        let authority = match unbound {
            true => Arc::new(everything_within(&own)),
            false => own,
        };
        let mut found = Vec::new();
        for edge in self.edges {
            let speaks = |call: &EdgeCall| self.cast.speaks_of(&authority, &call.action, &edge.on);
            if !edge.calls.iter().all(speaks) {
                continue;
            }
            let things = self.cast.account.things.iter();
            for thing in things.filter(|thing| thing.kind == edge.on && thing.arn != *arn) {
                if !self.leads(who, arn, &authority, edge, thing)? {
                    continue;
                }
                let text = format!("{} {}", edge.tells, self.cast.name_of(thing));
                let step = Step {
                    edge: edge.id.clone(),
                    text,
                };
                let reached = self.given(edge, thing).into_iter();
                found.extend(reached.map(|reached| (reached, step.clone())));
            }
        }
        Ok(found)
    }

    fn leads(
        &self,
        who: &Who,
        role: &str,
        authority: &Authority,
        edge: &Edge,
        thing: &Thing,
    ) -> Result<bool, Undecidable> {
        if let Some(service) = &edge.trusts
            && !Trusted::by(thing).services.contains(service)
        {
            return Ok(false);
        }
        for call in &edge.calls {
            let resource = call.resource.as_deref().unwrap_or("${Arn}");
            let mut resources = vec![self.cast.filled(resource, thing)];
            if call.beside {
                resources = beside(&thing.arn, &self.cast.account.id);
            }
            let mut allowed = false;
            for resource in resources {
                let ask = Ask {
                    action: &call.action,
                    thing,
                    resource,
                    keys: &call.keys,
                    without: &call.without,
                };
                let allows = self.cast.allows(who, role, authority, &ask)?;
                allowed |= allows.is_some();
            }
            if !allowed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn given(&self, edge: &Edge, thing: &Thing) -> Vec<Reached> {
        let account = &self.cast.account;
        let unbound = |role: &Thing| match role.properties.contains_key("PermissionsBoundary") {
            true => Reached::Role {
                arn: role.arn.clone(),
                unbound: true,
            },
            false => Reached::Anything,
        };
        match edge.gives {
            Gives::Anything => vec![Reached::Anything],
            Gives::Data => vec![Reached::Data(thing.arn.clone())],
            Gives::Role => vec![Reached::Role {
                arn: thing.arn.clone(),
                unbound: false,
            }],
            Gives::Unbound => vec![unbound(thing)],
            Gives::Through => {
                let path = edge.through.as_deref().unwrap_or_default();
                let roles = account.roles_at(&thing.properties, path).into_iter();
                roles
                    .map(|role| Reached::Role {
                        arn: role.arn.clone(),
                        unbound: false,
                    })
                    .collect()
            }
            Gives::Holders => {
                let holds = |role: &&Thing| {
                    role.kind == "AWS::IAM::Role" && account.policies_of(role).contains(&thing.arn)
                };
                account.things.iter().filter(holds).map(unbound).collect()
            }
        }
    }
}

/// What the boundary of a role lets through, whatever its policies say.
fn everything_within(own: &Authority) -> Authority {
    let Some(boundary) = &own.boundary else {
        return own.clone();
    };
    Authority {
        identity: vec![boundary.clone()],
        boundary: Some(boundary.clone()),
        session: None,
    }
}

/// Names that a new thing may be given beside one that is there.
fn beside(arn: &str, account: &str) -> Vec<String> {
    let folder = arn.rsplit_once('/').map_or(arn, |(folder, _)| folder);
    ["planted".to_owned(), format!("SC-{account}-planted")]
        .map(|name| format!("{folder}/{name}"))
        .to_vec()
}
