//! Findings as other programs read them.

use compute_catalog::cfn::read;
use compute_catalog::check::{Files, Finding, check_template, github, rules, sarif};
use compute_catalog::yaml;

const TEMPLATE: &str = "\
Description: one
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: group-of-the-test
      RetentionInDays: 14
";
const SETTINGS: &str = "catalog:\n  name: one\nlogs:\n  keepDays: 14\n  name: group-of-the-test\n";

fn findings() -> Vec<Finding> {
    let template = read(TEMPLATE).unwrap();
    let tree = yaml::read(TEMPLATE).unwrap();
    let files = Files {
        template: ("generated/products/one.yaml", TEMPLATE),
        settings: Some(("products/one/settings.yaml", SETTINGS)),
    };
    let bad = TEMPLATE.replace("RetentionInDays: 14", "RetentionInDay: 14");
    assert!(check_template(&"one".parse().unwrap(), &template, TEMPLATE).is_empty());
    let template = read(&bad).unwrap();
    check_template(&"one".parse().unwrap(), &template, &bad)
        .into_iter()
        .map(|finding| finding.placed(&files, &tree))
        .collect()
}

#[test]
fn a_finding_names_file_line_excerpt_and_hint() {
    let texts: Vec<String> = findings().iter().map(ToString::to_string).collect();
    let schema = texts.iter().find(|text| text.contains("[schema]")).unwrap();
    assert!(
        schema.starts_with("error: one: Resources.Logs.Properties: "),
        "{schema}"
    );
    assert!(
        schema.contains("\n  --> generated/products/one.yaml:5:5\n   | Properties:\n"),
        "{schema}"
    );
    assert!(schema.contains("\n  hint: "), "{schema}");
}

#[test]
fn annotations_escape_what_github_would_cut() {
    let mut finding = findings().remove(0);
    finding.message = "100% of\nthis: a, b".to_owned();
    let line = github(&[finding]);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(
        line.starts_with("::error file=generated/products/one.yaml,line="),
        "{line}"
    );
    assert!(line.contains("100%25 of%0Athis: a, b"), "{line}");
}

#[test]
fn sarif_has_what_code_scanning_asks_for() {
    let findings = findings();
    let sarif = sarif(&findings, rules(), "1.2.3");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let known = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(known.len(), rules().len());
    for rule in known {
        for field in [
            "id",
            "shortDescription",
            "fullDescription",
            "help",
            "defaultConfiguration",
        ] {
            assert!(!rule[field].is_null(), "{rule} lacks {field}");
        }
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], known[index]["id"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && uri.contains('/'), "{uri}");
        assert!(result["message"]["text"].as_str().unwrap().len() > 10);
        assert!(result["partialFingerprints"].is_object());
    }
}
