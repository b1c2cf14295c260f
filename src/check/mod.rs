//! Rules: what must hold of a template, a ledger and a catalog beyond what their types say.
//!
//! One rule, one file below `rules/`: what must hold, why, how to mend it, who says so, and the
//! function that looks. [`page`] is the reference of all of them.

mod catalog;
mod documents;
mod finding;
mod output;
mod page;
mod policy;
mod python;
mod rule;
mod rules;

mod scripts;
mod severity;
mod shell;
mod subject;
mod view;

pub use catalog::{CatalogReport, CheckContext};
pub use finding::{Files, Finding, Place};
pub use output::{github, sarif};
pub use page::{Suppressed, page};
pub use rule::{CatalogFault, Check, Report, Rule};
pub use rules::suppressions;
pub use severity::Severity;
pub use subject::Subject;
pub use view::{Form, Forms, Property, View};

use crate::cfn::{Pseudo, ReadError, Template};
use crate::environment::Environments;
use crate::portfolio::CatalogFiles;
use crate::product::{ArtifactFile, Key, ProductType};
use crate::release::{Contract, Ledger, LegacyVersions};
use crate::yaml::InputError;
use std::collections::BTreeMap;

/// Every rule.
pub fn rules() -> &'static [Rule] {
    rules::RULES
}

/// Applies every rule for templates, but where a resource suppresses it. `body` is the template as
/// it is written.
pub fn check_template(product: &Key, template: &Template, body: &str) -> Vec<Finding> {
    let pseudo = Pseudo::example();
    check_any(product.as_str(), template, body, &pseudo, Author::Product)
}

/// As [`check_template`], for a template that belongs to no product: without the rules that say how a
/// product of the catalog is made. `file` is its name, as findings give it.
///
/// ```
/// use compute_catalog::{cfn, check::check_file};
///
/// let body = "Resources:\n  Logs:\n    Type: AWS::Logs::LogGroup\n";
/// let template = cfn::read(body).map_err(|errors| format!("{errors:?}"))?;
/// let found = check_file("logs.yaml", &template, body);
/// assert!(found.iter().any(|finding| finding.rule == "log-retention"));
/// # Ok::<(), String>(())
/// ```
pub fn check_file(file: &str, template: &Template, body: &str) -> Vec<Finding> {
    // Nothing is known of the stack's name, which in a catalog begins with `SC-`.
    let pseudo = Pseudo {
        stack_name: "stack".to_owned(),
        ..Pseudo::example()
    };
    check_any(file, template, body, &pseudo, Author::Somebody)
}

/// As [`check_file`], for a stack of the catalog around the products: by what the catalog wants of its own.
pub fn check_stack(file: &str, template: &Template, body: &str) -> Vec<Finding> {
    check_any(file, template, body, &Pseudo::example(), Author::Catalog)
}

/// What made a template.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    /// The model of a product.
    Product,
    /// The catalog, around its products.
    Catalog,
    /// Somebody else.
    Somebody,
}

fn check_any(
    product: &str,
    template: &Template,
    body: &str,
    pseudo: &Pseudo,
    author: Author,
) -> Vec<Finding> {
    let forms = Forms::within(template, pseudo);
    let is_of_catalog = author != Author::Somebody;
    let subject = Subject::new(product, template, &forms, body, is_of_catalog);
    let findings = rules()
        .iter()
        .filter(|rule| author == Author::Product || !rule.is_for_products())
        .flat_map(|rule| rule.findings(&subject))
        .collect();
    let mut findings = rules::apply(product, template, findings);
    findings.sort();
    findings.dedup();
    findings
}

/// What a product's template lacks in the accounts and regions in which it is published.
pub fn check_environments(
    product: &Key,
    template: &Template,
    environments: &Environments,
) -> Vec<Finding> {
    rules::check_environments(product, template, environments)
}

/// What the released versions of a product lack in the accounts that offer them.
pub fn check_offered(
    product: &Key,
    ledger: &Ledger,
    bodies: &BTreeMap<String, Vec<u8>>,
    environments: &Environments,
) -> Vec<CatalogFault> {
    rules::check_offered(product, ledger, bodies, environments)
}

/// The environments that a ledger names and that there aren't.
pub fn check_ledger_environments(
    product: &Key,
    ledger: &Ledger,
    environments: &Environments,
) -> Vec<Finding> {
    rules::environments_of(product, ledger, environments)
}

/// The names in a product's contract with its earlier versions, in the file `file`, that nothing has.
pub fn check_contract(
    file: &str,
    contract: &Contract,
    template: &Template,
    published: &LegacyVersions,
) -> Vec<CatalogFault> {
    let found = contract.unknown_names(file, template, published);
    let fault = |error| CatalogFault {
        rule: rules::CATALOG_NAMES,
        error,
    };
    found.into_iter().map(fault).collect()
}

/// The findings of a file that can't be read as a template.
pub fn unreadable(file: &str, text: &str, errors: &[ReadError]) -> Vec<Finding> {
    rules::unreadable(file, text, errors)
}

/// The finding of a file of the catalog that can't be read. `text` is the file's.
pub fn input(error: &InputError, text: &str) -> Finding {
    rules::input(error, text)
}

/// The finding of something of the catalog that can't be read, where no line is known.
pub fn unreadable_input(message: &str) -> Finding {
    rules::unreadable_input(message)
}

/// Applies the rules for a ledger and its frozen bodies.
pub fn check_ledger(
    product: &Key,
    ledger: &Ledger,
    bodies: &BTreeMap<String, Vec<u8>>,
    is: ProductType,
) -> Vec<Finding> {
    rules::check_ledger(product, ledger, bodies, is)
}

/// Everything that is wrong with the files, sorted by file and line.
pub fn check_catalog(catalog: &CatalogFiles, known: &CheckContext<'_>) -> Vec<CatalogFault> {
    let mut faults = Vec::new();
    for rule in rules() {
        if let Check::Catalog(check) = rule.check {
            let mut report = CatalogReport::default();
            check(catalog, known, &mut report);
            let found = report.0.into_iter();
            faults.extend(found.map(|error| CatalogFault { rule, error }));
        }
    }
    faults.sort_by(|a, b| (&a.error, a.rule.id).cmp(&(&b.error, b.rule.id)));
    faults.dedup_by(|a, b| (&a.error, a.rule.id) == (&b.error, b.rule.id));
    faults
}

/// What is wrong with the files of a product that an engine makes. `reads` are the endings of those that
/// the engine reads.
pub fn check_artifact(product: &Key, files: &[ArtifactFile], reads: &[String]) -> Vec<Finding> {
    rules::check_artifact(product, files, reads)
}

/// The findings of stacks that can't be made: launch roles that can't be compiled, templates that don't
/// hold together.
pub fn check_stacks(errors: &[InputError], text: impl Fn(&str) -> String) -> Vec<Finding> {
    let finding = |error: &InputError| {
        let text = text(&error.file);
        // What is said of a whole stack is said at the last line that names what is wrong in it.
        let is_of_template = error.message.starts_with("the stack `");
        let rule = match is_of_template {
            true => rules::REFERENCES,
            false => rules::LAUNCH_ROLE_NEEDS,
        };
        let mut error = error.clone();
        let named = |one: &str| {
            let is_part = |letter: char| letter.is_ascii_alphanumeric();
            let lines = (1..).zip(text.lines());
            let holds = |line: &str| {
                line.split(|letter| !is_part(letter))
                    .any(|word| word == one)
            };
            let last = lines.filter(|(_, line)| holds(line)).last()?;
            let column = last.1.find(one)? + 1;
            Some(crate::yaml::Location {
                line: last.0,
                column,
            })
        };
        if is_of_template && error.at.line <= 1 {
            let mut words = error.message.split(['.', ':', '`', ' ']);
            let id = words
                .by_ref()
                .skip_while(|word| !["Resources", "Outputs", "Parameters", "AWS"].contains(word));
            error.at = id
                .skip(1)
                .find_map(|word| match word.is_empty() {
                    true => None,
                    false => named(word),
                })
                .unwrap_or(error.at);
        }
        rule.in_file(&error, &text)
    };
    errors.iter().map(finding).collect()
}
