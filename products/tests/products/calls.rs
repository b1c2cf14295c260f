//! What programs are declared to call in AWS is what they call: `calls.yaml` of each product beside
//! the scripts and functions.

use compute_catalog::rehearsal::Programs;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn products() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `describe-volumes` or `get_secret_value` as IAM's actions are spelt.
fn pascal(name: &str) -> String {
    name.split(['-', '_'])
        .map(|word| {
            let (first, rest) = word.split_at(1);
            format!("{}{rest}", first.to_uppercase())
        })
        .collect()
}

/// Operations whose action has another name.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html>
fn action(service: &str, operation: &str) -> String {
    match (service, operation) {
        ("lambda", "invoke") => "lambda:InvokeFunction".to_owned(),
        _ => format!("{service}:{}", pascal(operation)),
    }
}

/// The words that stand before the name of a service: the tool itself, and the functions of the
/// scripts that call it.
const TOOLS: [&str; 4] = ["aws", "text", "Get-AwsText", "$Aws"];

/// What a script calls by the AWS CLI.
fn calls_of_script(text: &str, services: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
    {
        let words: Vec<&str> = line.split([' ', '(', ')', '{', '}']).collect();
        for (index, word) in words.iter().enumerate() {
            if !TOOLS.contains(word) {
                continue;
            }
            // Options with their values may stand between.
            let after: Vec<&&str> = words[index + 1..].iter().collect();
            let place = after.iter().position(|word| services.contains(**word));
            if let Some(place) = place
                && let Some(operation) = after.get(place + 1)
                && operation.starts_with(|c: char| c.is_ascii_lowercase())
            {
                found.insert(action(after[place], operation));
                // Systems Manager decrypts as whoever reads.
                // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
                if words.contains(&"--with-decryption") {
                    found.insert("kms:Decrypt".to_owned());
                }
            }
        }
    }
    found
}

/// What a function calls by boto3: `NAME = boto3.client("service")`, then `NAME.operation`.
fn calls_of_function(text: &str) -> BTreeSet<String> {
    let clients: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" = boto3.client(\"")?;
            Some((name.trim(), rest.split('"').next()?))
        })
        .collect();
    let mut found = BTreeSet::new();
    for (name, service) in clients {
        for part in text.split(&format!("{name}.")).skip(1) {
            let operation: String = part
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            // Called here, or handed to who calls it; these two are no operations.
            if !["exceptions", "meta"].contains(&operation.as_str()) {
                found.insert(action(service, &operation));
            }
        }
    }
    found
}

fn calls(file: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(products().join(file)).unwrap();
    let services = [
        "batch",
        "ec2",
        "iam",
        "lambda",
        "logs",
        "s3",
        "secretsmanager",
        "servicecatalog",
        "ssm",
    ];
    match file.ends_with(".py") {
        true => calls_of_function(&text),
        false => calls_of_script(&text, &services.into_iter().collect()),
    }
}

/// What each product declares, by file.
fn declared() -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut declared: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for entry in fs::read_dir(products()).unwrap() {
        let path = entry.unwrap().path().join("calls.yaml");
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let product = path.parent().unwrap().file_name().unwrap();
        let product = product.to_str().unwrap().to_owned();
        let programs = Programs::read(path.to_str().unwrap(), &text).unwrap();
        for program in programs.programs {
            assert_eq!(
                program.file.is_some(),
                program.by.is_none(),
                "{product}: a program is a file of ours, or somebody else's"
            );
            assert_eq!(program.by.is_some(), program.source.is_some(), "{product}");
            if let Some(file) = program.file {
                let actions = program.calls.iter().flat_map(|row| row.actions.clone());
                declared
                    .entry((product.clone(), file))
                    .or_default()
                    .extend(actions);
            }
        }
    }
    declared
}

#[test]
fn each_program_calls_what_is_declared_and_nothing_else() {
    let declared = declared();
    assert!(declared.len() >= 6, "{declared:#?}");
    for ((product, file), actions) in declared {
        assert_eq!(actions, calls(&file), "{product}: {file}");
    }
}

#[test]
fn every_program_that_calls_aws_is_declared() {
    let declared = declared();
    let mut looked_at = 0;
    let folders = fs::read_dir(products()).unwrap().flat_map(|entry| {
        let path = entry.unwrap().path();
        [
            path.join("files"),
            path.join("boot/linux"),
            path.join("bucket"),
        ]
    });
    for folder in folders.filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path
                .strip_prefix(products())
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if ![".sh", ".ps1", ".py"].iter().any(|end| file.ends_with(end)) {
                continue;
            }
            looked_at += 1;
            let is_declared = declared.keys().any(|(_, known)| *known == file);
            assert!(
                is_declared || calls(&file).is_empty(),
                "{file} calls {:?}, and no calls.yaml says so",
                calls(&file)
            );
        }
    }
    assert!(looked_at > 8);
}

#[test]
fn calls_are_found_in_scripts_and_functions() {
    let services = ["ec2", "ssm"].into_iter().collect();
    let script = "x=$(text ec2 describe-tags --query x)\n# text ssm get-parameter\naws --region r ssm put-parameter\n";
    let found: Vec<String> = calls_of_script(script, &services).into_iter().collect();
    assert_eq!(found, ["ec2:DescribeTags", "ssm:PutParameter"]);
    let function = "L = boto3.client(\"lambda\")\nretry(L.invoke, x)\nL.exceptions.No\n";
    let found: Vec<String> = calls_of_function(function).into_iter().collect();
    assert_eq!(found, ["lambda:InvokeFunction"]);
}
