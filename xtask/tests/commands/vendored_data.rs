//! The data in `vendor/` is what was fetched, and what isn't is reported by name.

use std::path::{Path, PathBuf};

use codegen::{Patches, Wanted, schema_path};
use xtask::vendor::verify;

fn vendor() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vendor")
}

/// A copy of `vendor/` that a test may spoil; removed when dropped.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if copy.exists() {
            std::fs::remove_dir_all(&copy).unwrap();
        }
        for folder in ["", "api", "schemas", "checked", "extensions"] {
            std::fs::create_dir_all(copy.join(folder)).unwrap();
            for entry in std::fs::read_dir(vendor().join(folder)).unwrap() {
                let entry = entry.unwrap();
                if entry.path().is_file() {
                    let to = copy.join(folder).join(entry.file_name());
                    std::fs::copy(entry.path(), to).unwrap();
                }
            }
        }
        Self(copy)
    }

    fn problems(&self) -> Vec<String> {
        verify(&self.0)
            .unwrap()
            .into_iter()
            .map(|finding| format!("{} {}", finding.path, finding.problem))
            .collect()
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // A folder left behind is emptied by the next run.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_file_has_the_recorded_hash() {
    assert_eq!(verify(&vendor()).unwrap(), []);
}

#[test]
fn a_changed_a_missing_and_a_foreign_file_are_all_named() {
    let copy = Copy::new("spoilt");
    let bucket = copy.0.join("schemas/AWS-S3-Bucket.json");
    let text = std::fs::read_to_string(&bucket).unwrap();
    std::fs::write(&bucket, text.replacen("BucketName", "BuckitName", 1)).unwrap();
    std::fs::remove_file(copy.0.join("schemas/AWS-KMS-Key.json")).unwrap();
    std::fs::write(copy.0.join("schemas/AWS-S3-Bucked.json"), "{}").unwrap();
    assert_eq!(
        copy.problems(),
        [
            "schemas/AWS-KMS-Key.json is missing",
            "schemas/AWS-S3-Bucked.json has no entry in PROVENANCE.toml",
            "schemas/AWS-S3-Bucket.json was changed after it was fetched",
        ]
    );
}

#[test]
fn a_list_that_ran_ahead_of_the_data_is_reported() {
    let copy = Copy::new("ahead");
    let list = copy.0.join("types.txt");
    let text = std::fs::read_to_string(&list).unwrap();
    let text = text.replace("AWS::S3::Bucket\n", "AWS::S3::AccessPoint\n");
    std::fs::write(&list, text).unwrap();
    assert_eq!(
        copy.problems(),
        [
            "schemas/AWS-S3-AccessPoint.json was not fetched yet, though types.txt names its type",
            "schemas/AWS-S3-Bucket.json belongs to no line of the lists",
        ]
    );
}

#[test]
fn no_pattern_is_left_that_only_python_understands() {
    let mut patterns = 0;
    for name in Wanted::read(&vendor()).unwrap().types {
        let text = std::fs::read_to_string(vendor().join(schema_path(&name))).unwrap();
        patterns += text.matches("\"pattern\"").count();
        assert!(!text.contains(r"\\Z"), "{name}");
        assert!(!text.contains("\"description\": \""), "{name}");
    }
    assert!(patterns > 50, "only {patterns} patterns were looked at");
}

#[test]
fn every_patch_still_says_something_new() {
    let types = Wanted::read(&vendor()).unwrap().types;
    let patches = Patches::read(&vendor(), &types).unwrap();
    let mut changed = 0;
    for name in &types {
        let text = std::fs::read_to_string(vendor().join(schema_path(name))).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut patched = schema.clone();
        patches.apply(name, &mut patched).unwrap();
        changed += usize::from(patched != schema);
    }
    assert_eq!(changed, 11);
}
