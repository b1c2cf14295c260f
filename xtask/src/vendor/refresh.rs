//! `vendor refresh`: fetch the packages, take out what is wanted, write it, say what changed.

use std::collections::BTreeSet;
use std::path::Path;

use super::changes::Changes;
use super::data::Data;
use super::provenance::Provenance;
use super::wheel::Wheel;
use super::{BOTOCORE, CFN_LINT, Error, MOTO, PROVENANCE, Wanted};

/// Which versions to fetch.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A version of cfn-lint; none: the newest.
    pub cfn_lint: Option<String>,
    /// A version of moto; none: the newest.
    pub moto: Option<String>,
    /// A version of botocore; none: the newest.
    pub botocore: Option<String>,
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
            botocore: version(BOTOCORE),
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
    let botocore = Wheel::fetch(BOTOCORE, request.botocore.as_deref(), downloads)?;
    let newest = request.cfn_lint.is_none();
    rewrite(
        vendor,
        Data::take(&wanted, cfn_lint, moto, botocore)?,
        newest,
    )
}

fn rewrite(vendor: &Path, data: Data, newest: bool) -> Result<Changes, Error> {
    let before = if vendor.join(PROVENANCE).exists() {
        Some(Provenance::read(vendor)?)
    } else {
        None
    };
    if newest {
        refuse_older(before.as_ref(), &data.provenance)?;
    }
    let changes = Changes::between(vendor, before.as_ref(), &data)?;
    write(&data, vendor, before.as_ref())?;
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

/// Writes what differs, removes what is no longer wanted, and writes `PROVENANCE.toml` last.
pub fn write(data: &Data, vendor: &Path, before: Option<&Provenance>) -> Result<(), Error> {
    let provenance = data.provenance.to_toml()?;
    for (path, text) in &data.contents {
        replace(&vendor.join(path), text)?;
    }
    let kept: BTreeSet<&String> = data.contents.keys().collect();
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

/// Writes beside the file, then renames, so that no reader sees half of it.
pub fn replace(path: &Path, text: &str) -> Result<(), Error> {
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

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::PathBuf;

    use flate2::{Compression, write::GzEncoder};
    use serde_json::{Value, json};
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::super::verify;
    use super::*;

    /// A wheel of `name` with these JSON files; one whose path ends in `.gz` is packed.
    fn wheel(folder: &Path, name: &str, version: &str, files: &[(&str, Value)]) -> Wheel {
        let path = folder.join(format!("{name}-{version}-py3-none-any.whl"));
        let mut archive = ZipWriter::new(std::fs::File::create(&path).unwrap());
        let mut add = |path: &str, bytes: &[u8]| {
            archive
                .start_file(path, SimpleFileOptions::default())
                .unwrap();
            archive.write_all(bytes).unwrap();
        };
        let metadata =
            format!("Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nLicense: MIT-0\n\n");
        add(
            &format!("{name}-{version}.dist-info/METADATA"),
            metadata.as_bytes(),
        );
        for (path, value) in files {
            let mut bytes = value.to_string().into_bytes();
            if path.ends_with(".gz") {
                let mut packed = GzEncoder::new(Vec::new(), Compression::default());
                packed.write_all(&bytes).unwrap();
                bytes = packed.finish().unwrap();
            }
            if path.ends_with(".py") {
                bytes = format!("policies = \"\"\"\n{value}\n\"\"\"\n").into_bytes();
            }
            add(path, &bytes);
        }
        archive.finish().unwrap();
        Wheel::open(&path).unwrap()
    }

    fn cfn_lint(folder: &Path, version: &str, date: &str, properties: Value) -> Wheel {
        let data = "cfnlint/data";
        wheel(
            folder,
            CFN_LINT,
            version,
            &[
                (
                    &format!("{data}/schemas/providers/us-east-1.json"),
                    json!({"AWS::S3::Bucket": "1a2b", "AWS::S3::BucketPolicy": "3c4d"}),
                ),
                (
                    &format!("{data}/schemas/resources/1a2b.json"),
                    json!({
                        "typeName": "AWS::S3::Bucket",
                        "description": "a bucket",
                        "properties": properties,
                    }),
                ),
                (
                    &format!("{data}/schemas/resources/3c4d.json"),
                    json!({"typeName": "AWS::S3::BucketPolicy", "properties": {}}),
                ),
                (
                    &format!("{data}/AdditionalSpecs/Policies.json"),
                    json!({"s3": {"Actions": {"getobject": {}}, "Resources": {}}}),
                ),
                (
                    &format!("{data}/schemas/extensions/aws_ec2_instance/instancetype_enum.json"),
                    json!({"us-east-1": {"enum": ["g4ad.xlarge"]}}),
                ),
                (
                    &format!("{data}/schemas/other/iam/policy.json"),
                    json!({"type": "object"}),
                ),
                (
                    &format!("{data}/AdditionalSpecs/LmbdRuntimeLifecycle.json"),
                    json!({"python3.7": {"create-block": "2024-01-09"}}),
                ),
                (
                    &format!("{data}/schemas/version.json"),
                    json!({"schema_date": date}),
                ),
            ],
        )
    }

    fn moto(folder: &Path) -> Wheel {
        let types = "moto/ec2/resources/instance_types.json.gz";
        let policies = "moto/iam/aws_managed_policies.py";
        let document = json!({"Statement": []});
        let policy = json!({"AWSBatchServiceRole": {"Document": document}});
        wheel(
            folder,
            MOTO,
            "5.0.0",
            &[(types, json!({})), (policies, policy)],
        )
    }

    fn botocore(folder: &Path) -> Wheel {
        let path = "botocore/data/sts/2011-06-15/service-2.json.gz";
        let model = json!({ "metadata": {}, "operations": { "AssumeRole": {} }, "shapes": {} });
        wheel(folder, BOTOCORE, "1.44.0", &[(path, model)])
    }

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            for (list, line) in [
                ("types", "AWS::S3::Bucket"),
                ("checked-types", "AWS::S3::BucketPolicy"),
                ("extensions", "AWS::S3::Bucket / iam.policy"),
                ("regions", "us-east-1"),
                ("policies", "AWSBatchServiceRole"),
                ("operations", "sts:AssumeRole"),
            ] {
                std::fs::write(path.join(format!("{list}.txt")), line).unwrap();
            }
            Self(path)
        }

        fn list(&self, types: &str) {
            std::fs::write(self.0.join("types.txt"), types).unwrap();
        }

        fn refresh(&self, cfn_lint: Wheel) -> Result<Changes, Error> {
            let wanted = Wanted::read(&self.0)?;
            rewrite(
                &self.0,
                Data::take(&wanted, cfn_lint, moto(&self.0), botocore(&self.0))?,
                true,
            )
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // What is left of a failed test lies in the temporary folder.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_refresh_writes_what_verify_accepts_and_a_second_one_changes_nothing() {
        let folder = Folder::new("vendor-refresh");
        let name = json!({"Name": {"type": "string", "description": "its name"}});
        let wheel = || cfn_lint(&folder.0, "1.0.0", "2026-01-01", name.clone());
        assert!(!folder.refresh(wheel()).unwrap().is_empty());
        assert_eq!(verify(&folder.0).unwrap(), []);
        let schema = std::fs::read_to_string(folder.0.join("schemas/AWS-S3-Bucket.json")).unwrap();
        assert!(!schema.contains("description"), "{schema}");
        assert!(folder.refresh(wheel()).unwrap().is_empty());
    }

    #[test]
    fn a_newer_package_is_told_fact_by_fact() {
        let folder = Folder::new("vendor-newer");
        let old = json!({"Name": {"type": "string"}});
        let new = json!({"Name": {"type": "string"}, "Size": {"type": "integer"}});
        folder
            .refresh(cfn_lint(&folder.0, "1.0.0", "2026-01-01", old))
            .unwrap();
        let changes = folder
            .refresh(cfn_lint(&folder.0, "1.1.0", "2026-02-01", new))
            .unwrap();
        assert_eq!(
            changes.to_string(),
            "cfn-lint 1.0.0 → 1.1.0\nvendor/schemas/AWS-S3-Bucket.json\n  + property Size: integer\n"
        );
    }

    #[test]
    fn older_schemas_are_refused_and_nothing_is_written() {
        let folder = Folder::new("vendor-older");
        let none = || json!({});
        folder
            .refresh(cfn_lint(&folder.0, "1.1.0", "2026-02-01", none()))
            .unwrap();
        let provenance = std::fs::read(folder.0.join(PROVENANCE)).unwrap();
        let error = folder
            .refresh(cfn_lint(&folder.0, "1.0.0", "2026-01-01", none()))
            .unwrap_err();
        assert!(error.to_string().contains("use a newer Python"), "{error}");
        assert_eq!(
            std::fs::read(folder.0.join(PROVENANCE)).unwrap(),
            provenance
        );
    }

    #[test]
    fn a_type_that_aws_lacks_is_named_and_nothing_is_written() {
        let folder = Folder::new("vendor-unknown");
        folder.list("AWS::S3::Bucket\nAWS::S3::Buckit\n");
        let wheel = cfn_lint(&folder.0, "1.0.0", "2026-01-01", json!({}));
        let error = folder.refresh(wheel).unwrap_err().to_string();
        assert!(
            error.contains("no schema for AWS::S3::Buckit\n  hint:"),
            "{error}"
        );
        assert!(!folder.0.join(PROVENANCE).exists());
        assert!(!folder.0.join("schemas").exists());
    }

    #[test]
    fn a_type_that_is_dropped_from_the_list_goes() {
        let folder = Folder::new("vendor-dropped");
        let wheel = || cfn_lint(&folder.0, "1.0.0", "2026-01-01", json!({}));
        folder.list("AWS::S3::BucketPolicy\n");
        folder.refresh(wheel()).unwrap();
        folder.list("AWS::S3::Bucket\n");
        let changes = folder.refresh(wheel()).unwrap();
        assert_eq!(
            changes.files["schemas/AWS-S3-BucketPolicy.json"],
            ["- no longer wanted"]
        );
        assert!(!folder.0.join("schemas/AWS-S3-BucketPolicy.json").exists());
        assert_eq!(verify(&folder.0).unwrap(), []);
    }
}
