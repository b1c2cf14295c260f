//! A parameter's pattern is matched as it is written.

use compute_catalog::cfn::read;
use fancy_regex::Regex;
use std::collections::BTreeSet;

/// A value, and what slips of the pen make of it.
fn slips(value: &str) -> BTreeSet<String> {
    let chars: Vec<char> = value.chars().collect();
    let with = |at: usize, removed: usize, added: &str| {
        let (before, after) = (&chars[..at], &chars[at + removed..]);
        before
            .iter()
            .chain(&added.chars().collect::<Vec<_>>())
            .chain(after)
            .collect()
    };
    let mut slips = BTreeSet::from([value.to_owned()]);
    for at in 0..=chars.len() {
        for added in [" ", "\n", "\t", "\\", "\"", ".", "-", ",", "9", "é"] {
            slips.insert(with(at, 0, added));
        }
        if at < chars.len() {
            slips.insert(with(at, 1, ""));
        }
    }
    slips
}

#[test]
fn the_patterns_of_the_products_mean_what_an_engine_of_its_own_says() {
    let values = [
        "",
        "my-bucket.of-2026",
        "xn--bucket",
        "bucket-s3alias",
        "192.168.1.10",
        "[\"run.sh\", \"a\\u00e9\\n\", \"\"]",
        "python run.py --all",
        "registry.example.org:5000/group/image_a:1.2@sha256:x",
        &format!("image@sha256:{}", "0f".repeat(32)),
        "A=1, B_2=two words,,AWS_BATCH_X=1",
        "\"key\": \"a\\\"b\", \"n\": -1.5, \"t\": true",
        "someone@example.org , other",
        "rate(1 minute)",
        "cron(0/5 8-17 ? * MON-FRI *)",
        "arn:aws:iam::123456789012:role/launch",
        "prod-abcdefghijk12",
    ];
    let values: BTreeSet<String> = values.iter().flat_map(|value| slips(value)).collect();
    let long = format!("[\"{}\"]", "é".repeat(795));

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/generated/products");
    let mut patterns = BTreeSet::new();
    let (mut fit, mut other) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for parameter in read(&text).unwrap().parameters.values() {
            let Some(written) = &parameter.allowed_pattern else {
                continue;
            };
            if !patterns.insert(written.clone()) {
                continue;
            }
            let pattern = parameter.pattern().unwrap().unwrap();
            let engine = Regex::new(&format!(r"\A(?:{written})\z")).unwrap();
            for value in values.iter().chain([&long]) {
                let expected = engine.is_match(value).unwrap();
                assert_eq!(pattern.is_match(value), expected, "{written} {value:?}");
                *(if expected { &mut fit } else { &mut other }) += 1;
            }
        }
    }
    assert!(
        patterns.len() > 5 && fit > 500 && other > 500,
        "{patterns:?} {fit} {other}"
    );
}
