//! `import`: hand-written templates become models that mean the same.

use crate::checkout::{self, Ran, root};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TEMPLATES: [&str; 3] = ["database.yaml", "machine.json", "queue.yaml"];

fn templates() -> PathBuf {
    root().join("xtask/tests/commands/templates")
}

fn xtask(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Ran { code, out, err } = checkout::xtask(folder, arguments, &[]);
    (code, out, err)
}

/// A repository of another organization.
fn repository(folder: &tempfile::TempDir) -> PathBuf {
    let to = folder.path().join("acme");
    let arguments = ["init", to.to_str().unwrap(), "--organization", "Acme"];
    let (code, _, told) = xtask(root(), &arguments);
    assert_eq!(code, 0, "{told}");
    to
}

fn import(repository: &Path, template: &Path, key: &str) -> (i32, String, String) {
    let template = template.to_str().unwrap();
    xtask(repository, &["import", template, "--product", key])
}

#[test]
fn a_template_becomes_a_model_that_a_person_could_have_written() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let (code, out, told) = import(&repository, &templates().join("queue.yaml"), "team-queue");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    assert!(out.contains("wrote products/team-queue/mod.rs\n"), "{out}");
    let model = fs::read_to_string(repository.join("products/team-queue/mod.rs")).unwrap();
    for written in [
        "//! Messages of a team, and a function that reads them.",
        "// How long a message waits before it is dropped.",
        "// What nobody could read.",
        ".runtime(lambda::FunctionRuntime::Python3_13)",
        ".depends_on(&reader_log)",
        ".deletion_policy(DeletionPolicy::RetainExceptOnCreate)",
        "dead.arn()",
        ".label(\"Retention\")",
        ".group(\"Queue\")",
        "if_else::<String>(",
    ] {
        assert!(model.contains(written), "{written} is missing:\n{model}");
    }
    assert!(!model.contains("no comment of the template\n//"), "{model}");
    let settings =
        fs::read_to_string(repository.join("products/team-queue/settings.yaml")).unwrap();
    assert!(
        settings.ends_with("defaults:\n  retentionSeconds: 345600\n  stage: \"test\"\n"),
        "{settings}"
    );
}

#[test]
fn a_type_that_is_not_vendored_is_declared_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let file = folder.path().join("files.yaml");
    let text = "Resources:\n  Files: {Type: AWS::EFS::FileSystem}\nOutputs:\n  Arn: {Value: !GetAtt Files.Arn}\n";
    fs::write(&file, text).unwrap();
    let (code, out, told) = import(&repository, &file, "team-files");
    assert_eq!((code, told.as_str()), (0, ""), "{out}");
    let hint = "cargo xtask vendor add AWS::EFS::FileSystem";
    assert!(out.contains("is declared in the model"), "{out}");
    assert!(out.contains(hint), "{out}");
    let model = fs::read_to_string(repository.join("products/team-files/mod.rs")).unwrap();
    let attribute = "files.attribute(&CustomAttribute::<EfsFileSystem, String>::new(\"Arn\"))";
    assert!(model.contains(attribute), "{model}");
}

#[test]
fn what_a_model_cannot_say_stops_the_import() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let before = fs::read_to_string(repository.join("products/lib.rs")).unwrap();
    let file = folder.path().join("rules.yaml");
    let text = "Rules:\n  R: {Assertions: [{Assert: !Equals [a, a]}]}\nResources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties: {Nonsense: 1}\n";
    fs::write(&file, text).unwrap();
    let (code, out, told) = import(&repository, &file, "team-rules");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(told.contains("the section Rules"), "{told}");
    assert!(
        told.contains("the property `Nonsense` of AWS::Logs::LogGroup"),
        "{told}"
    );
    assert!(!repository.join("products/team-rules").exists());
    let after = fs::read_to_string(repository.join("products/lib.rs")).unwrap();
    assert_eq!(before, after);

    fs::write(&file, "Resources:\n  Log: {Typ: AWS::Logs::LogGroup}\n").unwrap();
    let (code, _, told) = import(&repository, &file, "team-rules");
    assert_eq!(code, 2);
    assert!(told.contains("rules.yaml:2:"), "{told}");
}

/// Imported, compiled and compared with the original by the test beside each model.
#[test]
#[ignore = "compiles a repository: some minutes"]
fn imported_models_mean_what_their_templates_do() {
    let folder = tempfile::tempdir().unwrap();
    let repository = repository(&folder);
    let mut count = 0;
    for template in TEMPLATES {
        let key = format!("our-{}", template.split('.').next().unwrap());
        let (code, out, told) = import(&repository, &templates().join(template), &key);
        assert_eq!(code, 0, "{out}{told}");
        count += 1;
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let output = Command::new(env!("CARGO"))
        .args(["test", "--package", "acme-products", "--lib"])
        .current_dir(&repository)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{errors}");
    assert!(told.contains(&format!("{count} passed")), "{told}");
}
