//! The communities file is read strictly: what can't be logged in to, or can't stand in a script,
//! is refused with its line.

use compute_catalog::environment::{Communities, Environment, LoginEndpoint};
use compute_catalog::product::Key;
use indexmap::IndexMap;

fn read(text: &str) -> Result<Communities, Vec<String>> {
    let environment =
        |text: &str| compute_catalog::yaml::load::<Environment>("env.yaml", text).unwrap();
    let environments: IndexMap<Key, Environment> = [
        ("prod", "account: '111111111111'\nregion: us-east-1\nloginEndpoint: https://login.example.org\n"),
        ("local", "account: '123456789012'\nregion: us-east-1\nlocal: true\n"),
    ]
    .into_iter()
    .map(|(key, text)| (key.parse().unwrap(), environment(text)))
    .collect();
    let staff: Key = "staff".parse().unwrap();
    Communities::read("communities.yaml", text, &environments, &[&staff])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn file(profile: &str, path: &str, environment: &str, role: &str) -> String {
    format!(
        "profile: {profile}\nlogin: {{tokenPage: /token, credentials: {path}}}\ncommunities:\n  all:\n    name: All\n    environment: {environment}\n    role: {role}\n"
    )
}

#[test]
fn a_right_file_is_read() {
    let communities = read(&file("catalog", "/sts", "prod", "staff")).unwrap();
    assert_eq!(communities.communities.len(), 1);
}

#[test]
fn words_that_could_not_stand_in_a_script_are_refused() {
    let errors = read(&file("'my profile'", "'/sts\"; rm'", "prod", "staff")).unwrap_err();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors[0].contains("communities.yaml:1:10: profile:"),
        "{errors:?}"
    );
    assert!(
        errors[1].contains("communities.yaml:2:41: login.credentials:"),
        "{errors:?}"
    );
}

#[test]
fn every_unknown_name_is_told_with_its_line_and_the_nearest_one() {
    let errors = read(&file("catalog", "/sts", "prd", "staf")).unwrap_err();
    let all = errors.join("\n");
    assert_eq!(errors.len(), 2, "{all}");
    for part in [
        "communities.yaml:6:",
        "`prd` is no environment",
        "did you mean `prod`?",
        "communities.yaml:7:",
        "`staf` is no end-user role",
        "did you mean `staff`?",
    ] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}

#[test]
fn an_environment_without_a_login_has_no_community() {
    let errors = read(&file("catalog", "/sts", "local", "staff")).unwrap_err();
    assert!(
        errors[0].contains("nobody can log in to `local`"),
        "{errors:?}"
    );
    assert!(
        errors[0].contains("portfolios/environments/local.yaml"),
        "{errors:?}"
    );
}

#[test]
fn a_login_endpoint_is_a_scheme_and_a_host() {
    for good in ["https://a.example.org", "https://a", "https://a:8443"] {
        assert!(LoginEndpoint::try_from(good.to_owned()).is_ok(), "{good}");
    }
    for bad in [
        "http://a.example.org",
        "https://",
        "https://a/b",
        "https://a/",
        "https://a\"; rm -rf",
        "https://A",
        "https://-a",
        "https://a:99999",
        "a",
    ] {
        assert!(LoginEndpoint::try_from(bad.to_owned()).is_err(), "{bad}");
    }
}
