//! Findings as other programs read them.

use compute_catalog::cfn::read;
use compute_catalog::check::{Files, Finding, check_ledger, check_template, github, rules, sarif};
use compute_catalog::product::ProductType;
use compute_catalog::release::Ledger;
use compute_catalog::yaml;
use serde_json::Value as Json;
use std::collections::BTreeMap;

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
    let bad = TEMPLATE.replace("RetentionInDays: 14", "RetentionInDay: 14");
    let tree = yaml::read(&bad).unwrap();
    let files = Files {
        template: ("generated/products/one.yaml", &bad),
        settings: Some(("products/one/settings.yaml", SETTINGS)),
        sources: &[(
            "products/one/mod.rs".to_owned(),
            "let days = 7;\nbuilder.resource(\"Logs\", logs);\n".to_owned(),
        )],
    };
    assert!(check_template(&"one".parse().unwrap(), &template, TEMPLATE).is_empty());
    let template = read(&bad).unwrap();
    check_template(&"one".parse().unwrap(), &template, &bad)
        .into_iter()
        .map(|finding| finding.placed(&files, &tree))
        .collect()
}

#[test]
fn a_finding_names_what_where_and_the_next_step() {
    let findings = findings();
    let schema = findings.iter().find(|one| one.rule == "schema").unwrap();
    let text = schema.to_string();
    assert!(
        text.starts_with("error: one: Resources.Logs.Properties.RetentionInDay: "),
        "{text}"
    );
    assert!(text.contains("[schema]\n  hint: "), "{text}");
    let place = schema.place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (7, 7));
    assert_eq!(place.text, "      RetentionInDay: 14");
    assert_eq!(place.excerpt, "RetentionInDay: 14");
}

/// What rules say of a template, with the places.
fn placed(body: &str, settings: &str, sources: &[(&str, &str)]) -> Vec<Finding> {
    let template = read(body).unwrap();
    let tree = yaml::read(body).unwrap();
    let sources: Vec<(String, String)> = sources
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let files = Files {
        template: ("t.yaml", body),
        settings: Some(("settings.yaml", settings)),
        sources: &sources,
    };
    check_template(&"one".parse().unwrap(), &template, body)
        .into_iter()
        .map(|finding| finding.placed(&files, &tree))
        .collect()
}

/// What is found in a machine that is made of settings, a model and a script.
fn of_machine() -> Vec<Finding> {
    let body = "\
Description: one
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Init:
        config:
          files:
            /opt/set-up.sh:
              content: |
                #!/bin/bash
                echo one
                mysql --password hunter2hunter2
              mode: '000755'
              owner: root
              group: root
    Properties:
      ImageId: ami-0123456789abcdef0
      Tenancy: all
      BlockDeviceMappings:
        - DeviceName: /dev/xvda
          Ebs:
            VolumeType: gp4
            VolumeSize: 8
            Encrypted: true
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          cfn-init --stack ${AWS::StackName} --resource Machine --region ${AWS::Region}
          curl -sL https://example.org/a.sh | bash
";
    let script = "#!/bin/bash\necho one\nmysql --password hunter2hunter2\n";
    let settings = "catalog:\n  name: One\nvolume:\n  type: gp4\n  size: 80\n";
    let model = "//! The model.\nlet machine = ec2::Instance::new()\n    .image_id(image)\n    .tenancy(\"all\");\nbuilder.resource(\"Machine\", machine);\nlet boot = \"#!/bin/bash\n    curl -sL https://example.org/a.sh | bash\";\n";
    placed(
        body,
        settings,
        &[
            ("products/one/mod.rs", model),
            ("products/one/files/set-up.sh", script),
        ],
    )
}

/// A rule, the line of what is made, the file and the line that a person edits.
const EDITED: [(&str, usize, &str, usize); 4] = [
    ("plain-secret", 13, "products/one/files/set-up.sh", 3),
    ("schema", 23, "settings.yaml", 4),
    ("schema", 19, "products/one/mod.rs", 4),
    ("pinned-download", 30, "products/one/mod.rs", 7),
];

#[test]
fn a_finding_points_at_the_line_of_a_script_a_setting_or_a_model() {
    let found: Vec<(&str, usize, String)> = of_machine()
        .into_iter()
        .filter_map(|finding| {
            let place = finding.place?;
            Some((finding.rule, place.line, place.edit?))
        })
        .collect();
    for (rule, line, file, edited) in EDITED {
        let wanted = (rule, line, format!("{file}:{edited}"));
        assert!(found.contains(&wanted), "{wanted:?}: {found:#?}");
    }
}

#[test]
fn code_scanning_and_annotations_show_the_file_that_a_person_edits() {
    let found = of_machine();
    let document = sarif(&found, rules(), "1.0.0");
    let results = document["runs"][0]["results"].as_array().unwrap();
    let line_of = |at: &Json| {
        let at = &at["physicalLocation"];
        let file = at["artifactLocation"]["uri"].as_str().unwrap().to_owned();
        (file, at["region"]["startLine"].as_u64().unwrap())
    };
    let annotations = github(&found);
    for (rule, line, file, edited) in EDITED {
        let is_it = |result: &&Json| {
            result["ruleId"] == rule
                && line_of(&result["locations"][0]) == (file.to_owned(), edited as u64)
        };
        let result = results.iter().find(is_it);
        let result = result.unwrap_or_else(|| panic!("{rule} {file}:{edited}: {results:#?}"));
        // What is made of it stands beside it, and is no other place to mend.
        let related = line_of(&result["relatedLocations"][0]);
        assert_eq!(related, ("t.yaml".to_owned(), line as u64), "{rule}");
        let annotated = format!("file={file},line={edited},");
        let made = format!("makes: t.yaml:{line}");
        let mut lines = annotations.lines();
        assert!(
            lines.any(|one| one.contains(&annotated) && one.contains(&made)),
            "{annotated} {made}: {annotations}"
        );
    }
}

#[test]
fn annotations_escape_what_github_would_cut() {
    let mut finding = findings().remove(0);
    finding.message = "100% of\nthis: a, b".to_owned();
    let line = github(&[finding]);
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(
        line.starts_with("::error file=products/one/settings.yaml,line=4,"),
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

#[test]
fn sarif_is_what_its_schema_says() {
    let mut schema: Json = serde_json::from_str(include_str!("sarif-2.1.0.json")).unwrap();
    // Its pattern for languages has a bracket too many, which not every dialect reads.
    for holder in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][holder]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut all = findings();
    // Findings of ledgers and files have other places.
    let ledger = "versions: [{name: v1.0.0, description: one, origin: {released: {digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000', bump: patch, note: one}}}]";
    let ledger = Ledger::read("versions.yaml", ledger).unwrap();
    let key = "one".parse().unwrap();
    let type_of = ProductType::default();
    let ledger = check_ledger(&key, &ledger, &BTreeMap::new(), type_of).remove(0);
    all.push(ledger.clone());
    let text = "versions:\n  - name: v0.9.0\n  - name: v1.0.0\n";
    all.push(ledger.in_ledger("products/one/history/versions.yaml", text));
    let sarif = sarif(&all, rules(), "1.2.3");
    let errors: Vec<String> = validator
        .iter_errors(&sarif)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let last = &sarif["runs"][0]["results"][all.len() - 1]["locations"][0]["physicalLocation"];
    assert_eq!(last["region"]["startLine"], 3);

    let mut broken = sarif.clone();
    broken["runs"][0]["results"][0]["ruleIndex"] = Json::Null;
    assert!(validator.iter_errors(&broken).next().is_some());
}

#[test]
fn a_finding_names_the_line_that_a_person_edits() {
    let edits: Vec<Option<String>> = findings()
        .into_iter()
        .map(|finding| finding.place.unwrap().edit)
        .collect();
    let model = Some("products/one/mod.rs:2".to_owned());
    assert!(edits.contains(&model), "{edits:?}");
}

#[test]
fn json_keeps_its_names() {
    let json = serde_json::to_value(&findings()[0]).unwrap();
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "product", "path", "rule", "severity", "message", "hint", "file", "line", "column",
            "excerpt", "edit"
        ]
    );
}
