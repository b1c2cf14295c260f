//! Roles by name: those that others have to make, and those that the catalog makes under a fixed name.

use super::{Blocker, Inspected, Inspection, Observed, Subject};
use crate::portfolio::{Launch, Placement, Principal};
use crate::product::Key;

/// A role that preflight looks for.
pub(super) struct ExpectedRole {
    /// Its name.
    pub name: String,
    /// What it is for.
    whose: String,
    /// Who makes it.
    maker: Maker,
}

enum Maker {
    /// Somebody else: it has to be there.
    Others,
    /// This stack of the catalog: nobody else may have made it.
    Stack(String),
    /// A service, when somebody asks it to: its name.
    Service(&'static str),
}

/// The roles of services without which products can't be launched: what a template holds, the role,
/// and the service that makes it.
/// <https://docs.aws.amazon.com/batch/latest/userguide/using-service-linked-roles.html>
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html>
const OF_SERVICES: [(&str, &str, &str); 3] = [
    (
        "AWS::Batch::ComputeEnvironment",
        "AWSServiceRoleForBatch",
        "batch.amazonaws.com",
    ),
    ("AWS::ECS::", "AWSServiceRoleForECS", "ecs.amazonaws.com"),
    ("SPOT", "AWSServiceRoleForEC2Spot", "spot.amazonaws.com"),
];

/// The roles of services that the newest bodies need.
fn of_services(inspection: &Inspection<'_>) -> Vec<ExpectedRole> {
    let mut expected = Vec::new();
    for product in &inspection.desired.products {
        let newest = product.newest();
        let text = newest.and_then(|version| std::str::from_utf8(&version.body).ok());
        for (held, role, service) in OF_SERVICES {
            if text.is_some_and(|text| text.contains(held)) {
                expected.push(ExpectedRole {
                    name: role.to_owned(),
                    whose: format!("the role of {service}, which {} needs,", product.key),
                    maker: Maker::Service(service),
                });
            }
        }
    }
    expected
}

pub(super) fn expected(inspection: &Inspection<'_>) -> Vec<ExpectedRole> {
    // Nobody logs in to a local environment.
    let mut expected = match inspection.environment.local {
        true => Vec::new(),
        false => of_others(inspection),
    };
    let users = &inspection.catalog.end_users;
    expected.extend(users.roles.iter().filter_map(|role| {
        Some(ExpectedRole {
            name: role.role_name.as_ref()?.value.clone(),
            whose: format!("the role of the end users `{}`", role.key.value),
            maker: Maker::Stack(users.stack.to_string()),
        })
    }));
    if !inspection.environment.local {
        expected.extend(of_services(inspection));
    }
    expected.extend(
        called_by_name(inspection).filter_map(|(portfolio, placement, name)| {
            let product = &placement.product.value;
            let stack = &inspection.catalog.launch_role(product)?.stack;
            Some(ExpectedRole {
                name: name.to_owned(),
                whose: format!("the launch role of {product} in the portfolio {portfolio}"),
                maker: Maker::Stack(stack.to_string()),
            })
        }),
    );
    expected
}

/// The launch roles that constraints call by name.
fn called_by_name<'a>(
    inspection: &Inspection<'a>,
) -> impl Iterator<Item = (&'a Key, &'a Placement, &'a str)> {
    let portfolios = inspection.catalog.portfolios.iter();
    let placements = portfolios.flat_map(|(key, file)| {
        let placements = file.body.products.iter();
        placements.map(move |placement| (key, placement))
    });
    placements.filter_map(|(key, placement)| match &placement.launch.as_ref()?.value {
        Launch::LocalRoleName(name) => Some((key, placement, name.as_str())),
        _ => None,
    })
}

/// The roles that others have to make.
fn of_others(inspection: &Inspection<'_>) -> Vec<ExpectedRole> {
    let mut expected = Vec::new();
    let mut others = |name: Option<&str>, whose: String| {
        if let Some(name) = name {
            expected.push(ExpectedRole {
                name: name.to_owned(),
                whose,
                maker: Maker::Others,
            });
        }
    };
    if let Some(arn) = &inspection.environment.login_role {
        let whose = "`loginRole` of the environment".to_owned();
        others(name_in_account(inspection, arn), whose);
    }
    for (key, file) in &inspection.catalog.portfolios {
        for principal in &file.body.principals {
            let whose = format!("a principal of the portfolio {key}");
            match &principal.value {
                Principal::RoleName(path) => others(last(path), whose),
                Principal::Arn(arn) => others(name_in_account(inspection, arn), whose),
                _ => {}
            }
        }
        for placement in &file.body.products {
            let product = &placement.product.value;
            if let Some(set) = &placement.stack_set {
                let arn = inspection.plain(&set.admin_role);
                let whose = format!("`adminRole` of {product} in the portfolio {key}");
                others(name_in_account(inspection, &arn), whose);
            }
        }
    }
    for (key, placement, name) in called_by_name(inspection) {
        let product = &placement.product.value;
        if inspection.catalog.launch_role(product).is_none() {
            let whose = format!("the launch role of {product} in the portfolio {key}");
            expected.push(ExpectedRole {
                name: name.to_owned(),
                whose,
                maker: Maker::Others,
            });
        }
    }
    expected
}

/// The name of a role of this account, from its ARN.
fn name_in_account<'a>(inspection: &Inspection<'_>, arn: &'a str) -> Option<&'a str> {
    match arn.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "iam", "", account, role] if *account == inspection.desired.account.as_str() => {
            role.strip_prefix("role/").and_then(last)
        }
        _ => None,
    }
}

/// A role that a stack has made.
pub(super) struct MadeRole<'a> {
    /// Its name.
    pub role: String,
    stack: &'a str,
}

/// The roles that live stacks of the catalog put out: those of the end users, and those of launches.
pub(super) fn made<'a>(
    inspection: &Inspection<'_>,
    observed: &'a Observed,
) -> impl Iterator<Item = MadeRole<'a>> {
    observed.stacks.iter().flat_map(|(stack, live)| {
        let arns = live.outputs.values();
        let names = arns.filter_map(|arn| name_in_account(inspection, arn));
        names.map(|role| MadeRole {
            role: role.to_owned(),
            stack,
        })
    })
}

/// Roles that stacks have made and that are gone: CloudFormation doesn't notice.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html>
fn check_made(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    let observed = found.observed.iter();
    for made in observed.flat_map(|observed| made(inspection, observed)) {
        if found.roles.get(&made.role) != Some(&false) {
            continue;
        }
        let stack = made.stack;
        findings.push(Blocker {
            on: Subject::Account(format!("role {}", made.role)),
            message: format!("the stack {stack} has made it, and somebody has deleted it: whoever or whatever works as it can't any more"),
            hint: format!(
                "`aws cloudformation create-change-set --stack-name {stack} --change-set-name made-anew --use-previous-template --deployment-mode REVERT_DRIFT --capabilities CAPABILITY_NAMED_IAM`, read what it would do, `aws cloudformation execute-change-set --stack-name {stack} --change-set-name made-anew`; a portfolio that the role sees forgets it: docs/operating.md"
            ),
        });
    }
}

/// The name at the end of a path.
fn last(path: &str) -> Option<&str> {
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

pub(super) fn check(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    check_made(inspection, found, findings);
    for role in expected(inspection) {
        let on = Subject::Account(format!("role {}", role.name));
        match (&role.maker, found.roles.get(&role.name)) {
            (Maker::Others, Some(false)) => findings.push(Blocker {
                on,
                message: format!("{} doesn't exist", role.whose),
                hint: "create the role, or correct its name in the file".to_owned(),
            }),
            (Maker::Service(service), Some(false)) => findings.push(Blocker {
                on,
                message: format!("{} doesn't exist", role.whose),
                hint: format!("`aws iam create-service-linked-role --aws-service-name {service}`"),
            }),
            (Maker::Stack(stack), Some(true)) => {
                let observed = found.observed.as_ref();
                let is_made = observed.is_none_or(|observed| observed.stacks.contains_key(stack));
                if !is_made {
                    findings.push(Blocker {
                        on,
                        message: format!(
                            "{} exists already, and the stack {stack}, which makes it, doesn't",
                            role.whose
                        ),
                        hint: "import the role into the stack, or rename one of the two".to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
}
