//! Quotas: what the account has, and what is to come.

use super::{Blocker, Inspected, Inspection, Subject};
use crate::cfn::{Template, read};
use crate::publish::{Observed, Ownership, ownership};

/// The most products that Service Catalog takes in a region, unless AWS was asked for more; so for
/// portfolios and service actions. No API tells them.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const PRODUCTS_OF_A_REGION: usize = 350;

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// CloudFormation's stacks in the region.
    Stacks,
    /// IAM's roles in the account.
    Roles,
    /// IAM's customer managed policies in the account.
    Policies,
    /// Service Catalog's portfolios in the region.
    Portfolios,
    /// Service Catalog's service actions in the region.
    ServiceActions,
}

/// How much of a quota is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// What it counts.
    pub of: Counted,
    /// How many there are.
    pub used: usize,
    /// The most: as the account has it where AWS tells, else AWS's default.
    pub most: usize,
}

impl Counted {
    /// Service Catalog's defaults, which no API tells.
    pub const fn default_most(self) -> Option<usize> {
        match self {
            Counted::Portfolios => Some(100),
            Counted::ServiceActions => Some(200),
            Counted::Stacks | Counted::Roles | Counted::Policies => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Counted::Stacks => "stacks",
            Counted::Roles => "roles",
            Counted::Policies => "policies",
            Counted::Portfolios => "portfolios",
            Counted::ServiceActions => "service actions",
        }
    }

    /// How many a new stack makes.
    fn of_stack(self, template: &Template) -> usize {
        let kind = match self {
            Counted::Stacks => return 1,
            Counted::Roles => "AWS::IAM::Role",
            Counted::Policies => "AWS::IAM::ManagedPolicy",
            Counted::Portfolios => "AWS::ServiceCatalog::Portfolio",
            Counted::ServiceActions => "AWS::ServiceCatalog::ServiceAction",
        };
        let resources = template.resources.values();
        resources.filter(|resource| resource.kind == kind).count()
    }
}

pub(super) fn check(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    let Some(observed) = &found.observed else {
        return;
    };
    let mut hold = |name: &str, used: usize, more: usize, most: usize| {
        if more > 0 && used + more > most {
            findings.push(Blocker {
                on: Subject::Account(format!("quota of {name}")),
                message: format!(
                    "the account has {used}, {more} are to come, and {most} are the most"
                ),
                hint: "ask AWS for a higher quota".to_owned(),
            });
        }
    };
    let coming = new_stacks(inspection, observed);
    for quota in &found.quotas {
        let more = coming.iter().map(|stack| quota.of.of_stack(stack)).sum();
        hold(quota.of.name(), quota.used, more, quota.most);
    }
    let products = inspection.desired.products.iter();
    let absent = products
        .filter(|product| ownership(inspection.desired, product, observed) == Ownership::Absent);
    let (used, more) = (observed.products.len(), absent.count());
    hold("products", used, more, PRODUCTS_OF_A_REGION);
}

/// The templates of the stacks that the account doesn't have yet. One that can't be read makes
/// nothing: CloudFormation would refuse it.
fn new_stacks(inspection: &Inspection<'_>, observed: &Observed) -> Vec<Template> {
    let stacks = inspection.desired.stacks.iter();
    stacks
        .filter(|stack| !observed.stacks.contains_key(&stack.name))
        .filter_map(|stack| read(&stack.template).ok())
        .collect()
}
