//! Nothing that a file holds crashes, hangs or fills memory: reader, rules, impact, plan files.
//!
//! Each run tries the same samples. `scripts/nightly.sh` sets `HOSTILE_SECONDS`: then new ones are
//! tried for so long, and the seed of a find is printed.

use compute_catalog::cfn::{Template, read, write};
use compute_catalog::change::{Kept, compatibility, diff, impact, parameter_impacts};
use compute_catalog::check::check_file;
use compute_catalog::publish::PlanFile;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Samples of each kind where no time is given.
const SAMPLES: u32 = 60;
/// No sample of some kilobytes may take longer, in a build that isn't optimized, on a busy machine.
const LONGEST: Duration = Duration::from_secs(120);

/// Tries samples of a strategy.
fn tried<S: Strategy>(strategy: S, test: impl Fn(S::Value)) {
    let seconds = std::env::var("HOSTILE_SECONDS").ok();
    let seconds = seconds.map(|text| Duration::from_secs(text.parse().unwrap()));
    let begun = Instant::now();
    let first = match seconds {
        Some(_) => u64::from(std::process::id()) << 32,
        None => 0,
    };
    for seed in first.. {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let config = Config {
            cases: SAMPLES,
            failure_persistence: None,
            ..Config::default()
        };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let found = runner.run(&strategy, |sample| {
            let begun = Instant::now();
            test(sample);
            let took = begun.elapsed();
            match took < LONGEST {
                true => Ok(()),
                false => Err(TestCaseError::fail(format!("it took {took:?}"))),
            }
        });
        assert!(found.is_ok(), "seed {seed}: {found:?}");
        if seconds.is_none_or(|seconds| begun.elapsed() > seconds) {
            break;
        }
    }
}

/// Reads, checks, compares and writes whatever this is.
fn looked_at(text: &str, other: &Template) {
    let Ok(template) = read(text) else {
        return;
    };
    let findings = check_file("sample.yaml", &template, text);
    for finding in &findings {
        assert!(!finding.to_string().is_empty());
    }
    for (old, new) in [(other, &template), (&template, other)] {
        let changes = diff(old, new);
        impact(old, new, &changes);
        compatibility(&changes);
    }
    parameter_impacts(&template, &Kept::default());
    // What a macro puts in isn't written, and without it a template may be none.
    if template.open.is_empty()
        && let Ok(written) = write(&template, None)
    {
        read(&written).unwrap_or_else(|errors| panic!("{written}\n{errors:?}"));
    }
}

fn good() -> Template {
    read(include_str!("good.yaml")).unwrap()
}

/// Words that mean something to CloudFormation, and some that don't.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "Resources", "Parameters", "Conditions", "Mappings", "Outputs", "Rules", "Metadata",
            "Transform", "Properties", "Type", "Condition", "DependsOn", "DeletionPolicy", "Default",
            "AllowedValues", "AllowedPattern", "Statement", "Effect", "Action", "Principal", "Resource",
            "A", "B", "C", "AWS::S3::Bucket", "AWS::EC2::Instance", "AWS::IAM::Role", "AWS::NoValue",
            "AWS::Region", "UserData", "PolicyDocument", "AWS::CloudFormation::Init", "configSets",
            "config", "files", "commands", "command", "content", "Tags", "Key", "Value", "String",
            "Number", "${A}", "${B.Arn}", "${!A}", "${", "arn:aws:s3:::a/*", "*", "0.0.0.0/0", "(a+)+$",
            "rate(1 day)", "cron(0 12 * * ? *)", "#!/bin/bash -e\ncfn-init -s A\ncfn-signal -e $?",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<i64>().prop_map(|number| number.to_string()),
    ]
}

fn function() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "Ref",
        "Condition",
        "Fn::GetAtt",
        "Fn::Sub",
        "Fn::Join",
        "Fn::Split",
        "Fn::Select",
        "Fn::If",
        "Fn::FindInMap",
        "Fn::ImportValue",
        "Fn::Base64",
        "Fn::Cidr",
        "Fn::GetAZs",
        "Fn::Equals",
        "Fn::And",
        "Fn::Or",
        "Fn::Not",
        "Fn::Length",
        "Fn::ToJsonString",
        "Fn::Transform",
        "Fn::GetStackOutput",
        "Fn::ForEach::L",
        "Fn::Contains",
        "Fn::Ref",
    ])
    .prop_map(str::to_owned)
}

/// A value as it may stand anywhere.
fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        4 => word().prop_map(Json::String),
        1 => any::<bool>().prop_map(Json::Bool),
        1 => any::<i32>().prop_map(|number| json!(number)),
        1 => any::<f64>().prop_map(|number| json!(number)),
    ];
    leaf.prop_recursive(6, 48, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((word(), inner.clone()), 0..5)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
            (function(), inner).prop_map(|(name, argument)| json!({ name: argument })),
        ]
    })
}

/// A template with any values in the places where they belong.
fn template() -> impl Strategy<Value = String> {
    let types = prop::sample::select(vec![
        "AWS::S3::Bucket",
        "AWS::EC2::Instance",
        "AWS::IAM::Role",
        "AWS::Batch::JobDefinition",
        "AWS::Lambda::Function",
        "AWS::KMS::Key",
        "AWS::Events::Rule",
        "AWS::EC2::SecurityGroup",
        "AWS::S3::BucketPolicy",
        "Custom::Thing",
        "AWS::SQS::Queue",
    ]);
    let properties = prop::sample::select(vec![
        "Policies",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "KeyPolicy",
        "Tags",
        "UserData",
        "BucketEncryption",
        "SecurityGroupIngress",
        "ContainerProperties",
        "ScheduleExpression",
        "Environment",
        "Code",
        "BlockDeviceMappings",
        "LifecycleConfiguration",
        "ServiceToken",
    ]);
    let resource = (
        types,
        prop::collection::vec((properties, value()), 0..4),
        value(),
    )
        .prop_map(|(kind, properties, metadata)| {
            let properties: Json = properties
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<serde_json::Map<_, _>>()
                .into();
            json!({
                "Type": kind,
                "Properties": properties,
                "Metadata": {"AWS::CloudFormation::Init": metadata},
                "CreationPolicy": {"ResourceSignal": {"Timeout": "PT5M"}},
            })
        });
    (
        prop::collection::vec(value(), 0..3),
        prop::collection::vec(value(), 0..3),
        prop::collection::vec(resource, 1..4),
        value(),
    )
        .prop_map(|(parameters, conditions, resources, output)| {
            let named = |values: Vec<Json>| -> Json {
                let names = ["A", "B", "C", "D"].into_iter().map(str::to_owned);
                names.zip(values).collect::<serde_json::Map<_, _>>().into()
            };
            let parameter = |default: Json| json!({"Type": "String", "Default": default});
            json!({
                "Parameters": {"P": {"Type": "String", "AllowedPattern": "(a+)+$"},
                    "Q": parameters.into_iter().next().map_or(json!({"Type": "Number"}), parameter)},
                "Conditions": named(conditions),
                "Resources": named(resources),
                "Outputs": {"O": {"Value": output}},
            })
            .to_string()
        })
}

#[test]
fn bytes() {
    let other = good();
    let sample = prop::collection::vec(any::<u8>(), 0..400);
    tried(sample, |bytes| {
        let text = String::from_utf8_lossy(&bytes);
        looked_at(&text, &other);
        let _ = PlanFile::read(&text);
    });
}

#[test]
fn templates_with_pieces_cut_out_moved_and_repeated() {
    let other = good();
    let whole = include_str!("good.yaml");
    let cut = (0..whole.len(), 0..200_usize, 0..whole.len(), word());
    tried(prop::collection::vec(cut, 1..4), |cuts| {
        let mut text = whole.to_owned();
        for (from, length, to, word) in cuts {
            let boundary = |text: &str, at: usize| {
                let at = at.min(text.len());
                (0..=at)
                    .rev()
                    .find(|at| text.is_char_boundary(*at))
                    .unwrap()
            };
            let start = boundary(&text, from);
            let end = boundary(&text, start + length);
            let piece: String = text.drain(start..end).collect();
            let to = boundary(&text, to);
            text.insert_str(to, &piece);
            text.insert_str(boundary(&text, from), &word);
        }
        looked_at(&text, &other);
    });
}

#[test]
fn trees() {
    let other = good();
    tried(value(), |value| looked_at(&value.to_string(), &other));
}

#[test]
fn templates_of_any_values() {
    let other = good();
    tried(template(), |text| looked_at(&text, &other));
}

#[test]
fn plan_files() {
    tried(value(), |value| {
        let plan = json!({
            "schema": 1, "environment": "prod", "account": "111122223333", "region": "us-east-1",
            "observed": value, "steps": value, "digest": value,
        });
        assert!(PlanFile::read(&plan.to_string()).is_err());
        assert!(PlanFile::read(&"[".repeat(100_000)).is_err());
    });
}

/// What was made to be hard: by hand, each for one weakness.
#[test]
fn bombs() {
    let other = good();
    let mut doubling = String::from(
        "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: ",
    );
    for _ in 0..40 {
        doubling.push_str("{Fn::Sub: ['${A}${A}${A}', {A: ");
    }
    doubling.push_str("abc");
    doubling.push_str(&"}]}".repeat(40));
    doubling.push_str("}}}\n");

    let mut asking = String::from("Conditions:\n");
    for index in 0..1000 {
        let next = index + 1;
        let _ = writeln!(
            asking,
            "  C{index}: !And [Condition: C{next}, !Not [Condition: C{next}]]"
        );
    }
    asking.push_str("  C1000: !Equals [!Ref AWS::Region, us-east-1]\nResources: {A: {Type: AWS::SNS::Topic, Condition: C0}}\n");

    let mut waiting = String::from("Resources:\n");
    for index in 0..1000 {
        let next = (index + 1) % 1000;
        let _ = writeln!(
            waiting,
            "  A{index}: {{Type: AWS::SNS::Topic, DependsOn: A{next}}}"
        );
    }
    let itself = "Conditions: {A: !Not [Condition: A]}\nResources: {A: {Type: AWS::SNS::Topic, Condition: A}}\n";
    let loops = "Transform: AWS::LanguageExtensions\nResources:\n".to_owned()
        + "  Fn::ForEach::A: [A, [1,2,3,4,5,6,7,8,9], {'Fn::ForEach::B${A}': [B, [1,2,3,4,5,6,7,8,9], {'Fn::ForEach::C${A}${B}': [C, [1,2,3,4,5,6,7,8,9], {'Fn::ForEach::D${A}${B}${C}': [D, [1,2,3,4,5,6,7,8,9], {'Fn::ForEach::E${A}${B}${C}${D}': [E, [1,2,3,4,5,6,7,8,9], {'T${A}${B}${C}${D}${E}': {Type: AWS::SNS::Topic}}]}]}]}]}]\n";
    let long = "x".repeat(500_000);
    let many = "!Ref P, ".repeat(20_000);
    let repeated = format!(
        "Parameters: {{P: {{Type: String, Default: {long}}}}}\nResources: {{A: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: !Join ['', [{many}a]]}}}}}}\n"
    );
    let nested = format!("Resources: {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let pattern = "Parameters: {P: {Type: String, Default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!, AllowedPattern: '^(a+)+$'}, Q: {Type: String, Default: b, AllowedPattern: '((a{1,1000}){1,1000}){1,1000}'}}\nResources: {A: {Type: AWS::SNS::Topic}}\n";
    for (name, text) in [
        ("doubling", doubling.as_str()),
        ("asking", &asking),
        ("waiting", &waiting),
        ("itself", itself),
        ("loops", &loops),
        ("repeated", &repeated),
        ("nested", &nested),
        ("pattern", pattern),
    ] {
        let begun = Instant::now();
        looked_at(text, &other);
        assert!(begun.elapsed() < LONGEST, "{name}: {:?}", begun.elapsed());
    }
}
