//! Pairs of template versions, each the smallest that shows one thing, against the page of AWS's
//! documentation that says what the update does.

use compute_catalog::cfn::read;
use compute_catalog::change::{
    Accounts, DataAtRisk, Effect, Verdict, compatibility, diff, impact, overrides,
};
use compute_catalog::product::Bump;
use compute_catalog::resource;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    page: String,
    template: String,
    from: String,
    to: String,
    #[serde(default)]
    everywhere: bool,
    /// What the page leaves to the running account; only then is an effect unknown.
    depends_on: Option<String>,
    /// Every resource that is touched.
    impact: BTreeMap<String, String>,
    /// What is deleted.
    #[serde(default)]
    data: Vec<String>,
    /// What stays, outside of the stack or of what takes its place.
    #[serde(default)]
    stays: Vec<String>,
    when: Option<String>,
    sentence: Option<String>,
    bump: Option<Bump>,
    #[serde(default)]
    incompatible: Vec<String>,
}

fn pairs() -> Vec<(String, Pair)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/change/pairs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let pair = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap());
            let pair = pair.unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, pair)
        })
        .collect()
}

fn word(effect: Effect) -> String {
    serde_json::to_value(effect)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_impact_is_what_the_documentation_says() {
    let pairs = pairs();
    assert!(pairs.len() >= 40, "{} pairs", pairs.len());
    let mut wrong = Vec::new();
    for (name, pair) in pairs {
        assert!(
            pair.page.starts_with("https://docs.aws.amazon.com/"),
            "{name}"
        );
        let count = pair.template.matches(&pair.from).count();
        assert!(
            count == 1 || pair.everywhere && count > 1,
            "{name}: {count}"
        );
        let changed = pair.template.replace(&pair.from, &pair.to);
        let old = read(&pair.template).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let new = read(&changed).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let changes = diff(&old, &new);
        let found = impact(&old, &new, &changes);
        let mut check = |what: &str, is: String, should: String| {
            if is != should {
                wrong.push(format!(
                    "{name}: {what}\n    is     {is}\n    should {should}"
                ));
            }
        };
        let is_unknown = pair.impact.values().any(|effect| effect == "unknown");
        assert_eq!(is_unknown, pair.depends_on.is_some(), "{name}");
        let effects: BTreeMap<String, String> = found
            .resources
            .iter()
            .map(|resource| (resource.id.clone(), word(resource.effect)))
            .collect();
        check(
            "impact",
            format!("{effects:?}"),
            format!("{:?}", pair.impact),
        );
        let data = found.resources.iter().flat_map(|resource| &resource.data);
        let (lost, left): (Vec<_>, Vec<_>) = data.partition(|data| data.is_deleted);
        let what = |data: Vec<&DataAtRisk>| data.iter().map(|one| one.what.clone()).collect();
        let (lost, left): (Vec<String>, Vec<String>) = (what(lost), what(left));
        check("data", format!("{lost:?}"), format!("{:?}", pair.data));
        check("stays", format!("{left:?}"), format!("{:?}", pair.stays));
        if let Some(when) = pair.when {
            let first = found.resources.first().and_then(|one| one.reasons.first());
            let told = first.map(|reason| reason.when.to_string());
            check("when", told.unwrap_or_default(), when);
        }
        let verdict = Verdict::between(&old, &new, &Accounts::default());
        if let Some(sentence) = pair.sentence {
            check("sentence", verdict.sentence.clone(), sentence);
        }
        if let Some(bump) = pair.bump {
            check("bump", verdict.bump.to_string(), bump.to_string());
        }
        if found.worst().is_disruptive() {
            check("bump", verdict.bump.to_string(), "major".to_owned());
        }
        let broken: Vec<String> = compatibility(&changes)
            .iter()
            .map(ToString::to_string)
            .collect();
        check(
            "incompatible",
            format!("{broken:?}"),
            format!("{:?}", pair.incompatible),
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_override_speaks_of_a_property_and_names_its_page() {
    for row in overrides() {
        let name = format!("{} {:?}", row.kind, row.path);
        assert!(
            row.source.starts_with("https://docs.aws.amazon.com/"),
            "{name}"
        );
        assert!(row.why.len() > 10, "{name}");
        if let Some(facts) = resource::facts(row.kind)
            && !row.path.is_empty()
        {
            assert!(facts.kind_at(row.path).is_some(), "{name} is no property");
        }
    }
}

#[test]
fn a_template_does_not_differ_from_itself() {
    for (name, pair) in pairs() {
        let template = read(&pair.template).unwrap();
        assert!(diff(&template, &template).is_empty(), "{name}");
    }
}
