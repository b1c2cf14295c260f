//! What the compiler says of a mistake in a model: the mistake, once, and nothing else.

use std::path::PathBuf;
use std::process::Command;

/// The library as it was built for this test, with what it depends on beside it.
fn library() -> (PathBuf, PathBuf) {
    let exe = std::env::current_exe().unwrap();
    let folder = exe.parent().unwrap().to_owned();
    let built = std::fs::read_dir(&folder).unwrap().filter_map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let is_library = name.starts_with("libcompute_catalog-") && name.ends_with(".rlib");
        is_library.then(|| (entry.metadata().unwrap().modified().unwrap(), entry.path()))
    });
    let (_, newest) = built.max().unwrap();
    (folder, newest)
}

/// The compiler's errors about a model with this body.
fn errors(body: &str) -> Vec<String> {
    let (folder, library) = library();
    let own = std::env::temp_dir().join(format!(
        "mistakes-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::create_dir_all(&own).unwrap();
    let source = format!(
        "use compute_catalog::cfn::{{Builder, DeletionPolicy, Output, json}};
         use compute_catalog::resource::{{logs, s3, scheduler, sns}};
         pub fn model(builder: &mut Builder) {{ {body} }}"
    );
    let file = own.join("model.rs");
    std::fs::write(&file, source).unwrap();
    let mut dependencies = std::ffi::OsString::from("dependency=");
    dependencies.push(folder);
    let mut external = std::ffi::OsString::from("compute_catalog=");
    external.push(library);
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata"])
        .args(["--error-format=json", "-Aunused"])
        .arg("-L")
        .arg(dependencies)
        .arg("--extern")
        .arg(external)
        .arg("--out-dir")
        .arg(&own)
        .arg(&file)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&own).unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let messages = told
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    messages
        .filter(|message| message["level"] == "error" && !message["code"].is_null())
        .map(|message| message["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_model_without_mistakes_compiles() {
    let found = errors(
        r#"let log = builder.resource("Log", logs::LogGroup::new().deletion_policy(DeletionPolicy::Retain));
           let bucket = builder.resource("Bucket", s3::Bucket::new().depends_on(&log));
           builder.resource("Failed", sns::Subscription::new("sqs", "topic")
               .redrive_policy(json!({"deadLetterTargetArn": log.arn(), "maxReceiveCount": 5})));
           let input = json!({"bucket": &bucket, "log": {"arn": log.arn()}});
           builder.resource("Daily", scheduler::Schedule::new(
               scheduler::FlexibleTimeWindow::new(scheduler::FlexibleTimeWindowMode::Off),
               "rate(1 day)",
               scheduler::Target::new("arn", "role").input(input)));
           builder.output("Arn", Output::new(bucket.arn(), "the bucket"));"#,
    );
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_misspelt_property_is_one_error() {
    let found = errors(
        r#"let bucket = builder.resource("Bucket", s3::Bucket::new().bucket_nam("results"));
           let log = builder.resource("Log", logs::LogGroup::new().log_group_name(bucket.arn()));
           builder.output("Arn", Output::new(bucket.arn(), "the bucket"));
           builder.output("Name", Output::new(&bucket, "the bucket"));
           builder.output("Log", Output::new(log.arn(), "the log"));"#,
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("bucket_nam"), "{found:#?}");
}

#[test]
fn a_misspelt_resource_attribute_is_one_error() {
    let found = errors(
        r#"let log = builder.resource("Log", logs::LogGroup::new());
           let bucket = builder.resource("Bucket", s3::Bucket::new().depend_on(&log));
           builder.output("Arn", Output::new(bucket.arn(), "the bucket"));"#,
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("depend_on"), "{found:#?}");
}

#[test]
fn a_misspelt_attribute_is_one_error() {
    let found = errors(
        r#"let bucket = builder.resource("Bucket", s3::Bucket::new());
           builder.output("Arn", Output::new(bucket.arnn(), "the bucket"));"#,
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("arnn"), "{found:#?}");
}

#[test]
fn a_value_of_another_type_is_one_error() {
    let found = errors(
        r#"let bucket = builder.resource("Bucket", s3::Bucket::new().bucket_name(7));
           builder.output("Arn", Output::new(bucket.arn(), "the bucket"));"#,
    );
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn a_required_property_that_is_left_out_is_one_error() {
    let found = errors(r#"builder.resource("Policy", s3::BucketPolicy::new("bucket"));"#);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("2 arguments"), "{found:#?}");
}

#[test]
fn an_attribute_of_another_type_of_value_is_one_error() {
    let found = errors(
        r#"let bucket = builder.resource("Bucket", s3::Bucket::new());
           let _: compute_catalog::cfn::Value<i64> = bucket.arn();"#,
    );
    assert_eq!(found, ["mismatched types"]);
}

#[test]
fn text_makes_no_handle_of_a_resource_or_condition() {
    let found = errors(
        r#"let _: compute_catalog::cfn::Handle<s3::Bucket> = "Bucket".into();
           let _: compute_catalog::cfn::Value<String> =
               compute_catalog::cfn::if_else("HasName", "a", "b");"#,
    );
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].contains("From<&str>"), "{found:#?}");
    assert_eq!(found[1], "mismatched types");
}
