//! The launch forms: what people see, and what the fields take and refuse.

use crate::catalog;
use crate::catalog::template;
use compute_catalog::cfn::{Node, Parameter, ParameterType, Template};
use fancy_regex::Regex;
use std::fmt::Write;

/// The form as people see it: groups, fields, explanations.
fn form(template: &Template) -> String {
    let interface = template.metadata["AWS::CloudFormation::Interface"].to_json();
    let mut text = String::new();
    let mut shown = Vec::new();
    for group in interface["ParameterGroups"].as_array().unwrap() {
        writeln!(text, "# {}", group["Label"]["default"].as_str().unwrap()).unwrap();
        for name in group["Parameters"].as_array().unwrap() {
            let name = name.as_str().unwrap();
            shown.push(name.to_owned());
            let label = interface["ParameterLabels"][name]["default"].as_str();
            field(&mut text, name, label.unwrap(), &template.parameters[name]);
        }
    }
    let all: Vec<&String> = template.parameters.keys().collect();
    assert_eq!(shown.len(), all.len(), "{shown:?} of {all:?}");
    text
}

fn field(text: &mut String, name: &str, label: &str, parameter: &Parameter) {
    let literal = |node: &Node| node.scalar_text().unwrap();
    writeln!(text, "\n{label} ({name}, {})", parameter.kind).unwrap();
    writeln!(text, "  {}", parameter.description.as_deref().unwrap()).unwrap();
    if let Some(default) = &parameter.default {
        writeln!(text, "  at first: {:?}", literal(default)).unwrap();
    }
    if !parameter.allowed_values.is_empty() {
        let values: Vec<String> = parameter.allowed_values.iter().map(literal).collect();
        writeln!(text, "  one of: {}", values.join(", ")).unwrap();
    }
    if let (Some(least), Some(most)) = (&parameter.min_value, &parameter.max_value) {
        writeln!(text, "  from {} to {}", literal(least), literal(most)).unwrap();
    }
    if let Some(says) = &parameter.constraint_description {
        writeln!(text, "  otherwise: {says}").unwrap();
    }
    if parameter.no_echo {
        text.push_str("  never shown\n");
    }
}

#[test]
fn linux_docker() {
    insta::assert_snapshot!(form(&template("linux-docker")));
}

#[test]
fn notebook() {
    insta::assert_snapshot!(form(&template("notebook")));
}

#[test]
fn s3_private() {
    insta::assert_snapshot!(form(&template("s3-private")));
}

#[test]
fn s3_synapse() {
    insta::assert_snapshot!(form(&template("s3-synapse")));
}

#[test]
fn scheduled_job() {
    insta::assert_snapshot!(form(&template("scheduled-job")));
}

#[test]
fn windows() {
    insta::assert_snapshot!(form(&template("windows")));
}

/// Whether the form takes a value: the whole of it must match. Lists are tried whole and item by
/// item, because the documentation of CloudFormation says the one and earlier said the other.
fn takes(parameter: &Parameter, value: &str) -> bool {
    let pattern = parameter.allowed_pattern.as_deref().unwrap();
    let pattern = Regex::new(&format!(r"\A(?:{pattern})\z")).unwrap();
    let whole = pattern.is_match(value).unwrap();
    if parameter.kind == ParameterType::CommaDelimitedList {
        let mut items = value.split(',');
        let each = items.all(|item| pattern.is_match(item.trim()).unwrap());
        // Lengths are of the whole list.
        assert!(each == whole || value.len() > 2500, "{value:?}");
    }
    whole
}

fn tries(key: &str, name: &str, good: &[&str], bad: &[&str]) {
    let template = template(key);
    let parameter = &template.parameters[name];
    if let Some(default) = &parameter.default {
        let default = default.scalar_text().unwrap();
        assert!(
            takes(parameter, &default),
            "{name}: its default {default:?}"
        );
    }
    for value in good {
        assert!(takes(parameter, value), "{name} refuses {value:?}");
    }
    for value in bad {
        assert!(!takes(parameter, value), "{name} takes {value:?}");
    }
    let says = parameter.constraint_description.as_deref();
    assert!(says.is_some_and(|text| text.len() > 20), "{name}: {says:?}");
}

#[test]
fn every_field_takes_its_own_default() {
    let mut tried = 0;
    for product in products::all() {
        let key = product.key().to_string();
        for (name, parameter) in &template(&key).parameters {
            let Some(default) = parameter.default.as_ref().and_then(Node::scalar_text) else {
                continue;
            };
            tried += 1;
            let allowed = &parameter.allowed_values;
            let is_allowed = |one: &Node| one.scalar_text().as_deref() == Some(&default);
            assert!(
                allowed.is_empty() || allowed.iter().any(is_allowed),
                "{key}: {name}"
            );
            let number = |node: &Option<Node>| {
                let text = node.as_ref().and_then(Node::scalar_text);
                text.map(|text| text.parse::<f64>().unwrap())
            };
            if let Some(least) = number(&parameter.min_value) {
                assert!(default.parse::<f64>().unwrap() >= least, "{key}: {name}");
            }
            if let Some(most) = number(&parameter.max_value) {
                assert!(default.parse::<f64>().unwrap() <= most, "{key}: {name}");
            }
            if parameter.allowed_pattern.is_some() {
                assert!(takes(parameter, &default), "{key}: {name}: {default:?}");
            }
        }
    }
    assert!(tried > 15, "{tried} defaults were tried");
}

#[test]
fn d12_an_image_is_a_reference_to_one() {
    let digest = format!("debian@sha256:{}", "0a".repeat(32));
    tries(
        "scheduled-job",
        "Image",
        &[
            "s",
            "ss",
            "debian",
            "debian:latest",
            "library/debian:12.11",
            "public.ecr.aws/docker/library/python:3.13-slim",
            "111122223333.dkr.ecr.us-east-1.amazonaws.com/my_image:Latest",
            "localhost:5000/a/b-c__d:1",
            &digest,
        ],
        &[
            "",
            " ",
            "   ",
            "debian: latest",
            "MY-IMAGE:latest",
            "ghcr.io/Sage/tool",
            "debian:",
            "debian@sha256:12",
            "-x",
            "a//b",
            "https://docker.io/debian",
        ],
    );
}

#[test]
fn d12_a_schedule_is_a_rate_or_six_fields() {
    tries(
        "scheduled-job",
        "Schedule",
        &[
            "rate(7 days)",
            "rate(1 hour)",
            "rate(3650 days)",
            "cron(0 6 ? * MON *)",
            "cron(0 6 ? * 2#1 *)",
            "cron(0/15 8-17 ? * MON-FRI *)",
            "cron(0 12 1,15 * ? *)",
            "cron(0 0 L * ? 2027)",
            "cron(0 9 3W JAN-MAR ? *)",
            "cron(0 9 LW 1,7 ? 2027-2030)",
            "cron(00,30 */2 ? dec,Jan 6L *)",
            "cron(5/15 0/6 ? * SAT,sun *)",
            "cron(59 23 31 12 ? 2199)",
        ],
        &[
            "",
            "s",
            " ",
            "daily",
            "rate(1 days)",
            "rate(7 day)",
            "rate(0 days)",
            "rate(7days)",
            "cron(0 6 * * * *)",
            "cron(0 6 ? * ? *)",
            "cron(0 6 * * MON)",
            "0 6 * * 1",
            "cron(60 6 ? * MON *)",
            "cron(0 24 ? * MON *)",
            "cron(0 6 0 * ? *)",
            "cron(0 6 32 * ? *)",
            "cron(0 6 1 13 ? *)",
            "cron(0 6 ? * 8 *)",
            "cron(0 6 ? * MOO *)",
            "cron(0 6 ? * MON#6 *)",
            "cron(0 6 1 XYZ ? *)",
            "cron(0 6 1 * ? 1969)",
            "cron(0 6 1 * ? 2200)",
            "cron(0/0 6 1 * ? *)",
            "cron(, 6 1 * ? *)",
            "cron(0- 6 1 * ? *)",
            "cron(0, 6 1 * ? *)",
            "cron(0 6 1, * ? *)",
            "cron(0 6 1 * ? *,)",
        ],
    );
}

#[test]
fn d13_secrets_are_members_of_a_json_object() {
    tries(
        "scheduled-job",
        "Secrets",
        &[
            r#""A":"b""#,
            r#""SECRET1":"Shh1","SECRET2":"Shh2""#,
            r#" "A" : "with, comma = equals and {brace}" , "B" : "" "#,
            r#""QUOTED":"say \"hi\" C:\\x \u00e9 \n""#,
            r#""NUMBER":12.5,"FLAG":true,"NONE":null"#,
        ],
        &[
            "",
            " ",
            "s",
            r#"{"A":"b"}"#,
            r#""A":"b","#,
            r#"A:"b""#,
            r#""A":b"#,
            r#""A":"b" "C":"d""#,
            r#""A":"b"#,
            r#""A":"a "quote" inside""#,
            r#""A":"C:\x""#,
            "\"A\":\"two\nlines\"",
            r#""":"b""#,
        ],
    );
    // What the pattern takes is JSON in the braces that the template puts around it.
    let stored = catalog::properties(
        &template("scheduled-job"),
        "JobSecrets",
        &[("Secrets", r#""A":"say \"hi\", a=b","B":1"#)],
    );
    let text = stored["SecretString"].as_str().unwrap();
    let secrets: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(secrets["A"], "say \"hi\", a=b");
}

#[test]
fn d11_variables_are_pairs_whose_values_may_hold_equals_signs() {
    let long = format!("A={}", "x".repeat(2600));
    tries(
        "scheduled-job",
        "EnvVars",
        &[
            "",
            "A=1",
            "TOKEN=abc==",
            "A=1,URL=https://example.org/?a=b&c=d",
            "A=1, B=two words ,C=",
            "A=1,,B=2",
            "some-name.v2=1",
            "_x9={\"a\": 1}",
        ],
        &[
            "A",
            "A=1,2",
            "=1",
            "A B=1",
            "9A=1",
            "A$B=1",
            "AWS_BATCH_JOB_ID=1",
            "SCHEDULED_JOB_SECRETS=x",
            "A=1\nB=2",
            &long,
        ],
    );
}

#[test]
fn d43_a_command_is_words_or_a_json_array() {
    tries(
        "scheduled-job",
        "Command",
        &[
            "",
            "echo hello world",
            "echo|hello|world",
            "test -f [a]",
            r#"["sh", "-c", "echo \"a b\" && date"]"#,
            r#"["one"]"#,
        ],
        &[
            " ",
            " echo",
            "[",
            "[]",
            "[echo]",
            r#"["sh" "-c"]"#,
            r#"["sh",]"#,
            r#"["sh"] and more"#,
        ],
    );
}

#[test]
fn d46_a_bucket_has_a_name_that_s3_takes_or_none() {
    let longest = "a".repeat(63);
    let too_long = "a".repeat(64);
    for key in ["s3-private", "s3-synapse"] {
        tries(
            key,
            "BucketName",
            &["", "abc", "my-data.2026", "0-0", &longest],
            &[
                " ",
                "ab",
                "MyBucket",
                "my_bucket",
                "-abc",
                "abc-",
                "a..b",
                "192.168.5.4",
                "xn--abc",
                "sthree-abc",
                "abc-s3alias",
                "abc--ol-s3",
                &too_long,
            ],
        );
    }
}

#[test]
fn owners_are_ids_names_and_addresses() {
    tries(
        "s3-synapse",
        "SynapseIDs",
        &[
            "1111111",
            "1111111, 2222222",
            "ada.lovelace,some-one_else",
            "ada@example.org , 3333333",
        ],
        &["", " ", ",", "1,,2", "two words", "a;b", "\"1\"", "1,"],
    );
}

#[test]
fn long_texts_and_lists_are_taken() {
    let secret = format!("\"A\":\"{}\"", "x".repeat(4000));
    let many = vec!["A=b=c"; 400].join(",");
    tries("scheduled-job", "Secrets", &[&secret], &[]);
    tries("scheduled-job", "EnvVars", &[&many], &[]);
}

/// A function's settings have 4 KB: bytes, of which a character may take three.
#[test]
fn variables_and_commands_fit_into_a_functions_settings() {
    let plain = format!("A={}", "x".repeat(2_400));
    let foreign = format!("A={}", "\u{20ac}".repeat(820));
    let too_many = format!("A={}", "\u{20ac}".repeat(900));
    tries(
        "scheduled-job",
        "EnvVars",
        &[&plain, &foreign],
        &[&too_many],
    );
    let array = |text: &str, count: usize| format!("[\"{}\"]", text.repeat(count));
    let taken = [array("x", 700), array("\u{20ac}", 250)];
    let refused = array("\u{20ac}", 300);
    tries(
        "scheduled-job",
        "Command",
        &[&taken[0], &taken[1]],
        &[&refused],
    );
    assert!(
        [&plain, &foreign]
            .iter()
            .all(|text| text.len() + taken[1].len() + 400 <= 4_096)
    );
}
