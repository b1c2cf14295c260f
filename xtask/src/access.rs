//! `access`: who may do what, in every account, as a page that is reviewed.

use crate::built::BuiltProducts;
use crate::cli::AccessArgs;
use crate::console;
use crate::diagnostic::{self, Part};
use crate::difference::Comparison;
use crate::generated::ACCESS_PAGE;
use crate::portfolios::StackInputs;
use crate::rehearse::{Common, ReadProduct, write_decisions};
use crate::workspace::{Workspace, WorkspaceError};
use compute_catalog::access::{
    AccessFile, Cast, Fault, Matrix, Owned, Path, Questions, Search, faults, page,
};
use compute_catalog::cfn::{Scenario, Template};
use compute_catalog::rehearsal::{
    CatalogTemplate, Decisions, Failure, Files, LaunchRole, Report, Setting, Undecidable, World,
    WrittenDecisions, findings, fullest_values,
};
use compute_catalog::yaml::{InputError, load};
use rayon::prelude::*;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

/// Where the reasons stand.
const REASONS: &str = "portfolios/access.yaml";
/// How many steps of a way are followed.
const DEPTH: usize = 4;

/// Writes the page, or says what would change; tells what is allowed without a reason.
///
/// # Errors
/// Files that can't be read or written, products that can't be built, policies that can't be decided.
pub fn run(workspace: &Workspace, args: &AccessArgs) -> Result<ExitCode, Box<dyn Error>> {
    let access = Access::of(workspace, args.decisions.is_some())?;
    write_decisions(args.decisions.as_deref(), access.decisions.as_ref())?;
    let comparison = Comparison {
        workspace,
        is_written: !args.check,
    };
    let compared = comparison.of([(ACCESS_PAGE.to_owned(), access.page)])?;
    let is_same = compared.difference.is_empty();
    if !args.check {
        compared.apply(workspace)?;
    }
    let faults: Vec<Part> = access.faults.iter().map(part).collect();
    diagnostic::say_error(&faults, workspace.root());
    if args.check && !is_same {
        console::print(&compared.difference.report(1))?;
        console::error(
            &"who may do what has changed\n  hint: run `cargo xtask access`, and read the difference in the review",
        );
    }
    Ok(match access.faults.is_empty() && (is_same || !args.check) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// A fault, with its line where it is about a reason that stands in the file.
fn part(fault: &Fault) -> Part {
    match fault.at {
        Some(at) => Part::Mistake(InputError {
            file: REASONS.to_owned(),
            at,
            message: fault.message.clone(),
            hint: Some(fault.hint.clone()),
        }),
        None => Part::Other(format!("{}\n  hint: {}", fault.message, fault.hint)),
    }
}

/// Why somebody may do something with what isn't theirs.
///
/// # Errors
/// The file can't be read, or isn't as it should be.
pub fn reasons(workspace: &Workspace) -> Result<AccessFile, WorkspaceError> {
    match workspace.root().join(REASONS).is_file() {
        true => load(REASONS, &workspace.read(REASONS)?).map_err(WorkspaceError::Input),
        false => Ok(AccessFile::default()),
    }
}

/// Who may do what.
pub struct Access {
    /// The page.
    pub page: String,
    /// What is allowed without a reason, and reasons that nothing needs.
    pub faults: Vec<Fault>,
    /// What was decided, where that was wanted.
    pub decisions: Option<WrittenDecisions>,
}

impl Access {
    /// Asks every account; keeps each decision on `is_noted`.
    ///
    /// # Errors
    /// Files that can't be read, products that can't be built or launched, policies that can't be
    /// decided.
    pub fn of(workspace: &Workspace, is_noted: bool) -> Result<Access, Box<dyn Error>> {
        let _waiting = console::waiting("Asking IAM of every principal in every account.");
        let catalog = BuiltProducts::load(workspace, &[])?;
        let built = catalog.built()?;
        let around = StackInputs::load(workspace, &catalog)?;
        let stacks = around.stacks()?;
        let common = Common::read(workspace, &catalog, &[], is_noted)?;
        let questions = Questions::known().map_err(WorkspaceError::Input)?;
        let file = reasons(workspace)?;
        let mut read = Vec::new();
        for (entry, built) in built {
            let all = &stacks.all;
            read.push(ReadProduct::read(
                workspace, &around, all, entry, built, None,
            )?);
        }
        let Some(first) = read.first() else {
            return Err("there is no product to ask about\n  hint: add one".into());
        };
        // The accounts are asked side by side.
        let asked = common.environments.par_iter().map(|(name, environment)| {
            let world = first.world(&common);
            let setting = Setting::new(
                world,
                name.as_str(),
                environment,
                &catalog.environments.organization,
                &together(&read),
                &LaunchRole::Name(String::new()),
            );
            let setting = setting.map_err(|failures| told(workspace, name.as_str(), failures))?;
            let mut launched = Vec::new();
            for product in &read {
                launched.extend(running(product, &common, &setting)?);
            }
            let owned: Vec<Owned<'_>> = launched.iter().map(Launched::owned).collect();
            let cast = Cast::new(world, questions, &setting, &around.catalog.end_users, &owned)
                .map_err(|failures| told(workspace, name.as_str(), failures))?;
            let undecided = |one: Undecidable| {
                let (what, why) = (one.what, one.why);
                format!("{name}: {what} can't be decided: {why}\n  hint: say in portfolios/outside.yaml what it is")
            };
            let matrix = Matrix::new(&cast, questions).map_err(undecided)?;
            let search = Search::new(&cast, questions, DEPTH);
            let paths = search.paths().map_err(undecided)?;
            Ok((cast, matrix, paths))
        });
        let asked = asked.collect::<Result<Vec<_>, String>>()?;
        let accounts: Vec<(&Cast<'_>, &Matrix, &[Path])> = asked
            .iter()
            .map(|(cast, matrix, paths)| (cast, matrix, paths.as_slice()))
            .collect();
        let mut page = page(&accounts, questions, &file);
        for (index, entry) in catalog.external.iter().enumerate() {
            if index == 0 {
                page.push_str("\n## Not asked about\n\nEngines make these products, of files that nothing here reads. Their launch roles, and what is made of\nthe files, are not among the answers above.\n\n");
            }
            page.push_str(&format!("- {}\n", entry.key));
        }
        Ok(Access {
            page,
            faults: faults(&accounts, questions, &file),
            decisions: common.decisions.as_ref().map(Decisions::written),
        })
    }
}

/// A version of a product, to be launched in an account.
struct Launched<'a> {
    product: &'a str,
    version: String,
    template: Arc<Template>,
    file: String,
    values: Scenario,
    world: World<'a>,
    launch_role: String,
}

impl Launched<'_> {
    fn owned(&self) -> Owned<'_> {
        Owned {
            product: self.product,
            version: &self.version,
            template: &self.template,
            file: &self.file,
            parameters: &self.values,
            world: self.world,
            launch_role: &self.launch_role,
        }
    }
}

/// The newest of a product, and what versions from before this catalog have left.
fn running<'a>(
    product: &'a ReadProduct<'_>,
    common: &'a Common,
    setting: &Setting,
) -> Result<Vec<Launched<'a>>, String> {
    let (world, subject) = (product.world(common), &product.subject);
    let Some(launch_role) = product.launch_role(&setting.account) else {
        return Err(format!(
            "{}: no portfolio says as whom it is launched",
            subject.product
        ));
    };
    let newest = (
        String::new(),
        Arc::clone(&subject.template),
        subject.file.clone(),
    );
    let former = subject.running.iter().filter(|running| !running.is_ours);
    let former = former.map(|running| {
        (
            running.name(),
            Arc::clone(&running.template),
            running.file.clone(),
        )
    });
    let mut launched = Vec::new();
    for (version, template, file) in std::iter::once(newest).chain(former) {
        let values = fullest_values(&world, &setting.account, "SC-access", &template);
        let Some(values) = values else {
            return Err(format!(
                "{file}: a parameter takes no value that is known here"
            ));
        };
        launched.push(Launched {
            product: &subject.product,
            version,
            template,
            file,
            values,
            world,
            launch_role: launch_role.clone(),
        });
    }
    Ok(launched)
}

/// The catalog's stacks that any product stands on, each once.
fn together(read: &[ReadProduct<'_>]) -> Vec<CatalogTemplate> {
    let mut all: Vec<CatalogTemplate> = Vec::new();
    for stack in read.iter().flat_map(|product| &product.stacks) {
        if !all.iter().any(|known| known.name == stack.name) {
            all.push(stack.clone());
        }
    }
    all
}

/// What an account can't be set up for.
fn told(workspace: &Workspace, environment: &str, failures: Vec<Failure>) -> String {
    let text = |path: &str| workspace.read(path).ok();
    let reports = [Report::of_failures(environment, failures)];
    let found = findings("access", &reports, &mut Files::new(&text));
    let texts: Vec<String> = found.iter().map(|finding| finding.text()).collect();
    // Whoever ends with it says "error:" first.
    let text = texts.join("\n\n");
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}
