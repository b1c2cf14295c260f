//! `vendor`: what a person sees of it.
#![cfg(unix)]

use crate::checkout::{Checkout, Ran};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Runs a refresh on a machine whose `python3` is this script.
fn refresh(checkout: &Checkout, script: &str, arguments: &[&str]) -> Ran {
    checkout.write("bin/python3", script);
    fs::set_permissions(checkout.path("bin/python3"), Permissions::from_mode(0o755)).unwrap();
    let path = checkout.path("bin").display().to_string();
    let arguments = [&["vendor", "refresh"], arguments].concat();
    checkout.run_as(&arguments, &[("PATH", path.as_str())])
}

#[test]
fn a_refresh_says_what_it_waits_for_and_changes_nothing_where_that_fails() {
    let checkout = Checkout::new();
    let script = "#!/bin/sh\necho 'no network' >&2\nexit 1\n";
    let before = checkout.snapshot();
    let ran = refresh(&checkout, script, &[]);
    assert_eq!(
        ran.err,
        "Fetching cfn-lint from the package index.\n\
         error: pip can't download cfn-lint: no network\n  \
         hint: `python3 -m pip index versions` lists what the package index offers\n"
    );
    assert_eq!((ran.out.as_str(), ran.code), ("", 2));
    fs::remove_dir_all(checkout.path("bin")).unwrap();
    assert!(before == checkout.snapshot(), "something was written");
}

/// A package index with one wheel of each package, which pip downloads from.
struct Index<'c>(&'c Checkout);

impl Index<'_> {
    const PIP: &'static str = "#!/bin/sh\n\
        # -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest\n\
        /bin/mkdir -p \"${10}\"\n\
        exec /bin/cp \"${0%/*}/../index/${11}.whl\" \"${10}/\"\n";

    fn offer(&self, name: &str, version: &str, files: &[(&str, Value)]) {
        fs::create_dir_all(self.0.path("index")).unwrap();
        let file = File::create(self.0.path(&format!("index/{name}.whl"))).unwrap();
        let mut wheel = ZipWriter::new(file);
        let mut add = |path: &str, text: &str| {
            let options = SimpleFileOptions::default();
            wheel.start_file(path, options).unwrap();
            if path.ends_with(".gz") {
                let mut packed = GzEncoder::new(&mut wheel, Compression::default());
                packed.write_all(text.as_bytes()).unwrap();
                packed.finish().unwrap();
            } else {
                wheel.write_all(text.as_bytes()).unwrap();
            }
        };
        let metadata = format!("Name: {name}\nVersion: {version}\nLicense: MIT-0\n\n");
        add(&format!("{name}-{version}.dist-info/METADATA"), &metadata);
        for (path, value) in files {
            match path.ends_with(".py") {
                true => add(path, &format!("policies = \"\"\"{value}\"\"\"\n")),
                false => add(path, &value.to_string()),
            }
        }
        wheel.finish().unwrap();
    }

    fn offer_cfn_lint(&self, version: &str, properties: &Value) {
        let data = |path: &str| format!("cfnlint/data/{path}");
        let bucket = json!({ "typeName": "AWS::S3::Bucket", "properties": properties });
        let types = "schemas/extensions/aws_ec2_instance/instancetype_enum.json";
        self.offer(
            "cfn-lint",
            version,
            &[
                (
                    &data("schemas/providers/us-east-1.json"),
                    json!({ "AWS::S3::Bucket": "1a2b", "AWS::S3::BucketPolicy": "3c4d" }),
                ),
                (&data("schemas/resources/1a2b.json"), bucket),
                (
                    &data("schemas/resources/3c4d.json"),
                    json!({ "typeName": "AWS::S3::BucketPolicy", "properties": {} }),
                ),
                (
                    &data("schemas/other/iam/policy.json"),
                    json!({ "type": "object" }),
                ),
                (
                    &data("AdditionalSpecs/LmbdRuntimeLifecycle.json"),
                    json!({ "python3.7": { "create-block": "2024-01-09" } }),
                ),
                (
                    &data("AdditionalSpecs/Policies.json"),
                    json!({ "s3": { "Actions": { "getobject": {} }, "Resources": {} } }),
                ),
                (
                    &data(types),
                    json!({ "us-east-1": { "enum": ["g4ad.xlarge"] } }),
                ),
                (
                    &data("schemas/version.json"),
                    json!({ "schema_date": "9999-01-01" }),
                ),
            ],
        );
    }
}

#[test]
fn what_a_refresh_changed_is_one_document_for_programs() {
    let checkout = Checkout::new();
    fs::remove_file(checkout.path("vendor/patches.yaml")).unwrap();
    for (list, line) in [
        ("types", "AWS::S3::Bucket"),
        ("checked-types", "AWS::S3::BucketPolicy"),
        (
            "extensions",
            "AWS::S3::BucketPolicy /PolicyDocument iam.policy",
        ),
        ("regions", "us-east-1"),
        ("policies", "AWSBatchServiceRole"),
        ("operations", "sts:AssumeRole"),
    ] {
        checkout.write(&format!("vendor/{list}.txt"), line);
    }
    let index = Index(&checkout);
    index.offer(
        "moto",
        "5.0.0",
        &[
            ("moto/ec2/resources/instance_types.json.gz", json!({})),
            (
                "moto/iam/aws_managed_policies.py",
                json!({ "AWSBatchServiceRole": { "Document": { "Statement": [] } } }),
            ),
        ],
    );
    index.offer(
        "botocore",
        "1.44.0",
        &[(
            "botocore/data/sts/2011-06-15/service-2.json.gz",
            json!({ "metadata": {}, "operations": { "AssumeRole": {} }, "shapes": {} }),
        )],
    );
    let changes = || -> Value {
        let ran = refresh(&checkout, Index::PIP, &["--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let mut document: Value = serde_json::from_str(&ran.out).unwrap();
        document["result"].take()
    };
    let name = json!({ "type": "string" });
    index.offer_cfn_lint("1.0.0", &json!({ "Name": name }));
    let first = changes();
    let package = first["packages"][1].as_str().unwrap();
    assert!(package.ends_with(" → 1.0.0"), "{first}");

    let size = json!({ "type": "integer" });
    index.offer_cfn_lint("1.1.0", &json!({ "Name": name, "Size": size }));
    let changed = json!({
        "packages": ["cfn-lint 1.0.0 → 1.1.0"],
        "files": { "schemas/AWS-S3-Bucket.json": ["+ property Size: integer"] },
    });
    assert_eq!(changes(), changed);
    assert_eq!(changes(), json!({ "packages": [], "files": {} }));
}

/// A checkout with an index that offers the pinned package with these schemas.
pub fn with_index(checkout: Checkout, schemas: &[(&str, Value)]) -> Checkout {
    let provenance = checkout.read("vendor/PROVENANCE.toml");
    let field = |name: &str| {
        let (_, rest) = provenance.split_once("name = \"cfn-lint\"").unwrap();
        let (_, rest) = rest.split_once(&format!("\n{name} = \"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let digest = offer_schemas(&checkout, &field("version"), schemas);
    checkout.replace("vendor/PROVENANCE.toml", &field("sha256"), &digest);
    checkout
}

/// Offers this version of the package with these schemas; its digest.
fn offer_schemas(checkout: &Checkout, version: &str, schemas: &[(&str, Value)]) -> String {
    let index = Index(checkout);
    let data = |path: &str| format!("cfnlint/data/{path}");
    let mut provider = serde_json::Map::new();
    let mut files = Vec::new();
    for (number, (name, schema)) in schemas.iter().enumerate() {
        provider.insert((*name).to_owned(), json!(format!("s{number}")));
        files.push((data(&format!("schemas/resources/s{number}.json")), schema));
    }
    let provider = Value::Object(provider);
    files.push((data("schemas/providers/us-east-1.json"), &provider));
    let files: Vec<(&str, Value)> = files
        .iter()
        .map(|(path, value)| (path.as_str(), (*value).clone()))
        .collect();
    index.offer("cfn-lint", version, &files);
    let pinned = checkout.path(&format!("index/cfn-lint=={version}.whl"));
    fs::rename(checkout.path("index/cfn-lint.whl"), &pinned).unwrap();
    let digest = compute_catalog::digest::Digest::of(&fs::read(&pinned).unwrap());
    digest.hex().to_owned()
}

/// The path of programs, on which pip takes packages from the index of a checkout.
fn path_with_index(checkout: &Checkout) -> String {
    checkout.write("bin/python3", Index::PIP);
    fs::set_permissions(checkout.path("bin/python3"), Permissions::from_mode(0o755)).unwrap();
    let path = checkout.path("bin").display().to_string();
    // `rustfmt` stands where it always does.
    format!("{path}:{}", std::env::var("PATH").unwrap())
}

pub fn add(checkout: &Checkout, types: &[&str]) -> Ran {
    let path = path_with_index(checkout);
    checkout.run_as(&[&["vendor", "add"], types].concat(), &[("PATH", &path)])
}

#[test]
fn another_organization_adds_types_beside_its_products() {
    let checkout = Checkout::new();
    let folder = tempfile::tempdir().unwrap();
    let acme = folder.path().join("acme");
    let made = checkout.run(&["init", acme.to_str().unwrap(), "--organization", "Acme"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let digest = offer_schemas(&checkout, "9.9.9", &[files()]);
    let path = path_with_index(&checkout);
    let run = |arguments: &[&str]| crate::checkout::xtask(&acme, arguments, &[("PATH", &path)]);
    let read = |path: &str| fs::read_to_string(acme.join(path)).unwrap_or_default();
    // Its types come from a package of its own choice.
    fs::create_dir_all(acme.join("vendor")).unwrap();
    let provenance = format!(
        "file = []\n\n[[package]]\nname = \"cfn-lint\"\nversion = \"9.9.9\"\nlicence = \"MIT-0\"\nwheel = \"cfn-lint.whl\"\nsha256 = \"{digest}\"\n"
    );
    fs::write(acme.join("vendor/PROVENANCE.toml"), provenance).unwrap();
    let unknown = run(&["vendor", "add", "AWS::EFS::FileSystems"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("did you mean AWS::EFS::FileSystem?"),
        "{}",
        unknown.err
    );

    // One that is refused brings nothing.
    let template = folder.path().join("refused.yaml");
    let refused =
        "Resources:\n  Files: {Type: AWS::EFS::FileSystem}\nOutputs:\n  X: {Value: !Ref Nobody}\n";
    fs::write(&template, refused).unwrap();
    let module = read("products/resource/mod.rs");
    let ran = run(&[
        "import",
        template.to_str().unwrap(),
        "--product",
        "team-files",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("`Nobody` is no parameter"), "{}", ran.err);
    assert_eq!(read("products/resource/mod.rs"), module);
    assert!(!acme.join("vendor/types.txt").exists());

    // An import brings what its template needs.
    let template = folder.path().join("files.yaml");
    fs::write(
        &template,
        "Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n    Properties: {FileSystemName: a}\nOutputs:\n  Arn: {Value: !GetAtt Files.Arn}\n",
    )
    .unwrap();
    let imported = run(&[
        "import",
        template.to_str().unwrap(),
        "--product",
        "team-files",
    ]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    let told = "AWS::EFS::FileSystem is in the module `crate::resource::efs`";
    assert!(imported.out.contains(told), "{}", imported.out);
    let model = read("products/team-files/mod.rs");
    for written in [
        "use crate::resource::efs;",
        "efs::FileSystem::new().file_system_name(\"a\")",
        "files.attribute(&efs::FileSystem::ARN)",
    ] {
        assert!(model.contains(written), "{written}: {model}");
    }
    assert_eq!(
        read("vendor/types.txt").lines().last(),
        Some("AWS::EFS::FileSystem")
    );
    let all = read("products/resource/mod.rs");
    assert!(all.contains("facts::efs::AWS_FILE_SYSTEM"), "{all}");

    let again = run(&["vendor", "add", "AWS::EFS::FileSystem", "AWS::S3::Bucket"]);
    assert_eq!(
        again.out, "vendor/: these types are there already\n",
        "{}",
        again.err
    );
    assert_eq!(run(&["vendor", "check"]).out, "vendor/: as fetched\n");
    let schema = "vendor/schemas/AWS-EFS-FileSystem.json";
    fs::write(acme.join(schema), "{}").unwrap();
    let changed = run(&["vendor", "check"]);
    assert_eq!(changed.code, 1, "{}", changed.err);
    assert!(
        changed
            .out
            .contains(&format!("{schema} was changed after it was fetched")),
        "{}",
        changed.out
    );

    // Without the index the model declares the type, and says so.
    let template = folder.path().join("table.yaml");
    fs::write(
        &template,
        "Resources:\n  Table: {Type: AWS::DynamoDB::Table}\n",
    )
    .unwrap();
    let imported = run(&[
        "import",
        template.to_str().unwrap(),
        "--product",
        "team-table",
    ]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    assert!(
        imported
            .err
            .contains("AWS publishes no schema for AWS::DynamoDB::Table"),
        "{}",
        imported.err
    );
    assert!(
        imported
            .out
            .contains("AWS::DynamoDB::Table is declared in the model"),
        "{}",
        imported.out
    );
}

fn files() -> (&'static str, Value) {
    let schema = json!({
        "typeName": "AWS::EFS::FileSystem",
        "description": "A file system.",
        "properties": {
            "FileSystemName": { "type": "string" },
            "RedrivePolicy": { "type": ["object", "string"] },
            "Metadata": { "type": "string" },
            "Arn": { "type": "string" },
        },
        "readOnlyProperties": ["/properties/Arn"],
        "createOnlyProperties": ["/properties/FileSystemName"],
        "primaryIdentifier": ["/properties/Arn"],
        "handlers": { "create": { "permissions": ["elasticfilesystem:CreateFileSystem"] } },
    });
    ("AWS::EFS::FileSystem", schema)
}

#[test]
fn a_type_is_added_with_all_that_follows_from_it() {
    let checkout = with_index(Checkout::new(), &[files()]);
    let ran = add(&checkout, &["AWS::EFS::FileSystem", "AWS::S3::Bucket"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for file in [
        "src/resource/efs.rs",
        "src/resource/facts/efs.rs",
        "src/resource/mod.rs",
        "vendor/schemas/AWS-EFS-FileSystem.json",
        "vendor/types.txt",
    ] {
        assert!(ran.out.contains(&format!("wrote {file}\n")), "{}", ran.out);
    }
    assert!(ran.out.contains("nobody has reviewed"), "{}", ran.out);
    let module = checkout.read("src/resource/efs.rs");
    assert!(module.contains("pub fn redrive_policy(self, value: impl Into<Value<Json>>)"));
    // A method of every resource keeps its name.
    assert!(
        module.contains("pub fn metadata_property(self,"),
        "{module}"
    );
    assert!(checkout.read("vendor/types.txt").contains(
        "AWS::EC2::SecurityGroup\nAWS::EFS::FileSystem\nAWS::ElasticLoadBalancingV2::TargetGroup\n"
    ));
    // What only `check` knew is one of the types now.
    let checked = checkout.read("vendor/checked-types.txt");
    assert!(!checked.contains("AWS::EFS::FileSystem\n"), "{checked}");
    assert!(checked.contains("AWS::SQS::QueuePolicy\n"), "{checked}");
    assert!(
        !checkout
            .path("vendor/checked/AWS-EFS-FileSystem.json")
            .exists()
    );
    let vendored = checkout.run(&["vendor", "check"]);
    assert_eq!(vendored.out, "vendor/: as fetched\n", "{}", vendored.err);

    let before = checkout.snapshot();
    let again = add(&checkout, &["AWS::EFS::FileSystem"]);
    assert_eq!(again.out, "vendor/: these types are there already\n");
    assert!(before == checkout.snapshot(), "something was written");
}

#[test]
fn a_type_that_aws_lacks_is_refused_and_changes_nothing() {
    let checkout = with_index(Checkout::new(), &[files()]);
    let before = (
        checkout.read("vendor/types.txt"),
        checkout.read("vendor/PROVENANCE.toml"),
    );
    let ran = add(&checkout, &["AWS::EFS::FileSyste"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.ends_with(
            "error: AWS publishes no schema for AWS::EFS::FileSyste\n  hint: did you mean AWS::EFS::FileSystem?\n"
        ),
        "{}",
        ran.err
    );
    let after = (
        checkout.read("vendor/types.txt"),
        checkout.read("vendor/PROVENANCE.toml"),
    );
    assert_eq!(before, after);
    assert!(!checkout.path("src/resource/efs.rs").exists());
}

#[test]
fn another_package_than_the_pinned_one_is_refused() {
    let checkout = with_index(Checkout::new(), &[files()]);
    let provenance = checkout.read("vendor/PROVENANCE.toml");
    let (_, package) = provenance.split_once("name = \"cfn-lint\"").unwrap();
    let (_, digest) = package.split_once("\nsha256 = \"").unwrap();
    let digest = &digest[..64];
    checkout.replace("vendor/PROVENANCE.toml", digest, &"0".repeat(64));
    let ran = add(&checkout, &["AWS::EFS::FileSystem"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(
        ran.err.contains("isn't the one that vendor/ was made from"),
        "{}",
        ran.err
    );
}
