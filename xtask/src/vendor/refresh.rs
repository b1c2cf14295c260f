//! `vendor refresh`: fetch the packages, take out what is wanted, write it, say what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::changes::Changes;
use super::provenance::{File, Package, Provenance, sha256};
use super::wheel::Wheel;
use super::{
    Error, IAM_ACTIONS, INSTANCE_TYPES, PROVENANCE, Wanted, iam_actions, instance_types, layout,
    schema, schema_path,
};

const CFN_LINT: &str = "cfn-lint";
const MOTO: &str = "moto";
/// The region whose edition of the schemas is taken: the one in which AWS releases first.
const SCHEMA_REGION: &str = "us-east-1";
/// Deeper than any schema nests: each entry on a line of its own.
const EVERY_LEVEL: usize = usize::MAX;

/// Which versions to fetch.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A version of cfn-lint; none: the newest.
    pub cfn_lint: Option<String>,
    /// A version of moto; none: the newest.
    pub moto: Option<String>,
}

impl Request {
    /// The versions that `vendor` was made from.
    ///
    /// # Errors
    /// `PROVENANCE.toml` can't be read.
    pub fn pinned(vendor: &Path) -> Result<Self, Error> {
        let provenance = Provenance::read(vendor)?;
        let version = |name| provenance.package(name).map(|found| found.version.clone());
        Ok(Self {
            cfn_lint: version(CFN_LINT),
            moto: version(MOTO),
        })
    }
}

/// Fetches the packages into `downloads`, rewrites the data in `vendor` and says what changed.
/// Everything is read before anything is written; `PROVENANCE.toml` is written last, so that
/// [`verify`](super::verify) reports a refresh that was cut short.
///
/// # Errors
/// A package can't be fetched or lacks what a list names; the newest schemas are older than
/// the vendored ones; a file can't be written.
pub fn refresh(vendor: &Path, downloads: &Path, request: &Request) -> Result<Changes, Error> {
    let wanted = Wanted::read(vendor)?;
    let cfn_lint = Wheel::fetch(CFN_LINT, request.cfn_lint.as_deref(), downloads)?;
    let moto = Wheel::fetch(MOTO, request.moto.as_deref(), downloads)?;
    let data = Data::take(&wanted, cfn_lint, moto)?;
    let before = if vendor.join(PROVENANCE).exists() {
        Some(Provenance::read(vendor)?)
    } else {
        None
    };
    if request.cfn_lint.is_none() {
        refuse_older(before.as_ref(), &data.provenance)?;
    }
    let changes = Changes::between(vendor, before.as_ref(), &data)?;
    data.write(vendor, before.as_ref())?;
    Ok(changes)
}

/// pip offers the newest version that fits the Python at hand, which an old Python makes an
/// old one.
fn refuse_older(before: Option<&Provenance>, after: &Provenance) -> Result<(), Error> {
    let date = |provenance: &Provenance| {
        provenance
            .package(CFN_LINT)
            .and_then(|package| package.schema_date.clone())
    };
    match (before.and_then(date), date(after)) {
        (Some(old), Some(new)) if new < old => Err(Error::new(format!(
            "the newest {CFN_LINT} that pip offers has schemas of {new}, older than the vendored ones of {old}"
        ))
        .hint("use a newer Python, or name the version with --cfn-lint")),
        _ => Ok(()),
    }
}

/// The vendored data, in memory.
pub struct Data {
    /// What `PROVENANCE.toml` will say.
    pub provenance: Provenance,
    /// Contents by path from `vendor/`.
    pub contents: BTreeMap<String, String>,
}

impl Data {
    fn take(wanted: &Wanted, mut cfn_lint: Wheel, mut moto: Wheel) -> Result<Self, Error> {
        let mut data = Self {
            provenance: Provenance::default(),
            contents: BTreeMap::new(),
        };
        data.schemas(&wanted.types, &mut cfn_lint)?;

        let path = "cfnlint/data/AdditionalSpecs/Policies.json";
        let actions = iam_actions::select(&cfn_lint.json(path)?, &wanted.services)?;
        let source = from(&cfn_lint.package, path);
        data.add(IAM_ACTIONS, layout::lines(actions, 3), vec![source], vec![]);

        let offered = "cfnlint/data/schemas/extensions/aws_ec2_instance/instancetype_enum.json";
        let described = "moto/ec2/resources/instance_types.json.gz";
        let types = instance_types::select(
            &cfn_lint.json(offered)?,
            &moto.json(described)?,
            &wanted.regions,
        )?;
        let sources = vec![
            from(&cfn_lint.package, offered),
            from(&moto.package, described),
        ];
        data.add(INSTANCE_TYPES, layout::lines(types, 1), sources, vec![]);

        cfn_lint.package.schema_date = cfn_lint
            .json("cfnlint/data/schemas/version.json")?
            .get("schema_date")
            .and_then(Value::as_str)
            .map(str::to_owned);
        data.provenance.packages = vec![cfn_lint.package, moto.package];
        data.provenance.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(data)
    }

    fn schemas(&mut self, types: &[String], cfn_lint: &mut Wheel) -> Result<(), Error> {
        let index = cfn_lint.json(&format!(
            "cfnlint/data/schemas/providers/{SCHEMA_REGION}.json"
        ))?;
        let mut unknown = Vec::new();
        for name in types {
            let Some(stem) = index.get(name).and_then(Value::as_str) else {
                unknown.push(name.as_str());
                continue;
            };
            let path = format!("cfnlint/data/schemas/resources/{stem}.json");
            let (schema, rewritten) = schema::trim(cfn_lint.json(&path)?);
            if schema.get("typeName").and_then(Value::as_str) != Some(name.as_str()) {
                return Err(Error::new(format!(
                    "{path} of {CFN_LINT} is listed as {name}, and says it is another type"
                )));
            }
            let source = from(&cfn_lint.package, &path);
            self.add(
                &schema_path(name),
                layout::lines(schema, EVERY_LEVEL),
                vec![source],
                rewritten,
            );
        }
        if unknown.is_empty() {
            Ok(())
        } else {
            Err(Error::new(format!(
                "types.txt: AWS publishes no schema for {}",
                unknown.join(", ")
            ))
            .hint("type names are spelt as in a template, such as AWS::S3::Bucket"))
        }
    }

    fn add(&mut self, path: &str, text: String, sources: Vec<String>, rewritten: Vec<String>) {
        self.provenance.files.push(File {
            path: path.to_owned(),
            sha256: sha256(text.as_bytes()),
            sources,
            rewritten,
        });
        self.contents.insert(path.to_owned(), text);
    }

    fn write(&self, vendor: &Path, before: Option<&Provenance>) -> Result<(), Error> {
        let provenance = self.provenance.to_toml()?;
        for (path, text) in &self.contents {
            replace(&vendor.join(path), text)?;
        }
        let kept: BTreeSet<&String> = self.contents.keys().collect();
        for file in before.iter().flat_map(|before| &before.files) {
            let path = vendor.join(&file.path);
            if !kept.contains(&file.path) && path.exists() {
                std::fs::remove_file(&path).map_err(|cause| {
                    Error::new(format!("can't remove {}", path.display())).cause(cause)
                })?;
            }
        }
        replace(&vendor.join(PROVENANCE), &provenance)
    }
}

fn from(package: &Package, path: &str) -> String {
    format!("{}: {path}", package.name)
}

/// Writes beside the file, then renames, so that no reader sees half of it.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |cause| Error::new(format!("can't write {}", path.display())).cause(cause);
    if std::fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}
