//! `plan`: what publish would do.

use super::only_one_for;
use super::opened::Opened;
use crate::desire::Repository;
use crate::failure::Failure;
use crate::read::{Hints, observe};
use compute_catalog::publish::{Options, PlanFile, plan};
use xtask::cli::{Format, InsistArgs, PlanArgs};
use xtask::console::{print, print_json};

pub(super) fn options(args: &InsistArgs) -> Options {
    Options {
        force: args.force,
        insist: args.insist,
    }
}

pub(super) async fn run(repository: &Repository, args: &PlanArgs) -> Result<bool, Failure> {
    let environments = &args.environment.environments;
    if args.out.is_some() {
        only_one_for("--out", environments.len())?;
    }
    let mut is_well = true;
    let mut files = Vec::new();
    for key in environments {
        let opened = Opened::new(repository, key, &args.environment, args.insist.insist).await?;
        let hints = Hints {
            usage: true,
            portfolios: true,
            ..Hints::default()
        };
        let observed = observe(&opened.session, &opened.desired, &hints).await?;
        let plan = plan(&opened.desired, &observed, options(&args.insist));
        is_well &= plan.blockers.is_empty() && (plan.is_empty() || !args.detailed_exit);
        if args.format == Format::Text {
            print(&format!("{plan}\n"))?;
        }
        files.push(PlanFile::from(&plan));
    }
    match (args.format, files.as_slice()) {
        (Format::Text, _) => {}
        (Format::Json, [file]) => print(&file.to_text())?,
        (Format::Json, files) => print_json(&files)?,
    }
    if let (Some(path), Some(file)) = (&args.out, files.first()) {
        std::fs::write(path, file.to_text()).map_err(|error| {
            Failure::input(format!("cannot write the plan to {}", path.display())).because(error)
        })?;
    }
    Ok(is_well)
}
