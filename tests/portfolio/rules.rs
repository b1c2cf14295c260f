//! What is refused in an organisation's files, and what the refusal says.

use super::{Organisation, file, files};
use compute_catalog::check::{CatalogFault, CheckContext, check_catalog};
use compute_catalog::environment::{
    Environments, Export, ExportKind, Organization, environment_path,
};
use compute_catalog::portfolio::{CatalogFiles, CatalogSources};
use compute_catalog::release::LegacyVersions;
use compute_catalog::yaml::{InputError, load};

const EXPORT: &str = "${AWS::Region}-known";

fn organization() -> Organization {
    let path = "portfolios/organization.yaml";
    load(path, &file(path).text).unwrap()
}

/// The name of an export of the first organisation, by its key.
pub fn export(key: &str) -> String {
    organization().exports[key].name.clone().unwrap()
}

/// The first organisation with one more export, and an account.
pub fn environments() -> Environments {
    let mut organization = organization();
    let known = Export {
        holds: ExportKind::RoleArn,
        name: Some(EXPORT.to_owned()),
    };
    organization.exports.insert("Known".to_owned(), known);
    let text = "account: \"210987654321\"\nregion: us-east-1\n";
    let lab = load(&environment_path(&"lab".parse().unwrap()), text).unwrap();
    Environments {
        organization,
        by_key: [("lab".parse().unwrap(), lab)].into(),
    }
}

/// The faults of the second organisation's files, one of them changed.
fn after(change: impl FnOnce(&mut CatalogSources)) -> Vec<String> {
    shown(&errors(broken(change)))
}

pub fn broken(change: impl FnOnce(&mut CatalogSources)) -> Vec<CatalogFault> {
    let mut files = files(super::SECOND, &["research"]);
    change(&mut files);
    let catalog = CatalogFiles::read(&files).unwrap();
    of(&catalog, &Organisation::second())
}

pub fn of(catalog: &CatalogFiles, organisation: &Organisation) -> Vec<CatalogFault> {
    within(&environments(), catalog, organisation)
}

/// The same in accounts of which something else is said.
pub fn within(
    environments: &Environments,
    catalog: &CatalogFiles,
    organisation: &Organisation,
) -> Vec<CatalogFault> {
    let mut products = organisation.known();
    for (key, known) in &mut products {
        let path = format!("{}/{key}/legacy.json", organisation.products);
        let text = std::fs::read_to_string(super::root().join(&path)).unwrap_or_default();
        if !text.is_empty() {
            known.legacy_types = LegacyVersions::read(&path, &text).unwrap().types();
        }
    }
    check_catalog(
        catalog,
        &CheckContext {
            products: &products,
            environments,
            names_in: &|folder| {
                let names: &[&str] = match folder {
                    "" => &["products", "docs", "README.md"],
                    "products" => &["linux-docker", "s3-private"],
                    _ => &[],
                };
                names.iter().map(|name| (*name).to_owned()).collect()
            },
        },
    )
}

fn errors(faults: Vec<CatalogFault>) -> Vec<InputError> {
    faults.into_iter().map(|fault| fault.error).collect()
}

fn shown(errors: &[InputError]) -> Vec<String> {
    errors
        .iter()
        .map(|error| {
            let folder = format!("{}/", super::SECOND);
            let text = error.to_string().replace(&folder, "");
            text.replace("\n  hint:", " |")
        })
        .collect()
}

fn in_portfolio(from: &'static str, to: &'static str) -> Vec<String> {
    after(|files| replace(&mut files.portfolios[0].1.text, from, to))
}

pub fn replace(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "the file has no `{from}`");
    *text = text.replacen(from, to, 1);
}

#[test]
fn both_organisations_are_sound() {
    for organisation in [Organisation::first(), Organisation::second()] {
        let found = errors(of(&organisation.catalog, &organisation));
        assert_eq!(shown(&found), [""; 0]);
    }
}

#[test]
fn a_product_has_one_launch_constraint_in_a_portfolio() {
    assert_eq!(
        in_portfolio("- product: s3-private", "- product: linux-docker"),
        [
            "research.yaml:17:14: `linux-docker` stands in the portfolio a second time, after line 10: it would have two launch constraints | place a product once"
        ]
    );
}

#[test]
fn a_launch_role_and_a_stack_set_exclude_each_other() {
    let set = "tagUpdate: allowed
    launch: { localRoleName: Launcher }
    stackSet:
      accounts: [\"109876543210\"]
      regions: [eu-central-1]
      adminRole: arn:aws:iam::210987654321:role/admin
      executionRole: execution
      usersChangeStacks: false";
    assert_eq!(
        in_portfolio("tagUpdate: allowed", set),
        [
            "research.yaml:19:13: `s3-private` has a launch role and a stack set: Service Catalog takes one of them | remove `launch`, or `stackSet`"
        ]
    );
}

#[test]
fn a_rule_names_parameters_of_every_active_version() {
    assert_eq!(
        in_portfolio("parameter: EC2InstanceType", "parameter: EC2InstanceTyp"),
        [
            "research.yaml:13:9: `EC2InstanceTyp` is no parameter of every active version of `linux-docker` | did you mean `EC2InstanceType`?"
        ]
    );
}

#[test]
fn names_must_be_known() {
    assert_eq!(
        in_portfolio("product: s3-private", "product: s3-privat"),
        ["research.yaml:17:14: `s3-privat` is no product | did you mean `s3-private`?"]
    );
    assert_eq!(
        in_portfolio("endUserRole: researcher", "endUserRole: reseacher"),
        ["research.yaml:6:5: `reseacher` is no end-user role | did you mean `researcher`?"]
    );
    assert_eq!(
        in_portfolio(
            "roleName: support/HelpDesk",
            "import: \"${AWS::Region}-knwon\""
        ),
        [
            "research.yaml:7:5: `${AWS::Region}-knwon` is no declared export | did you mean `${AWS::Region}-known`?"
        ]
    );
    assert_eq!(
        in_portfolio("[Grant]", "[Grants]"),
        ["research.yaml:19:14: `Grants` is no key of tag options | did you mean `Grant`?"]
    );
    let unheard = after(|files| {
        replace(
            &mut files.foundation.text,
            "product: s3-private",
            "product: buckets",
        );
    });
    assert_eq!(unheard.len(), 2, "{unheard:#?}");
    assert!(
        unheard[0].contains("`buckets` is no product"),
        "{unheard:#?}"
    );
    assert!(
        unheard[1].contains("`s3-private` has no launch role"),
        "{unheard:#?}"
    );
}

#[test]
fn somebody_must_reach_a_portfolio() {
    let all = "principals:
  - endUserRole: researcher
  - roleName: support/HelpDesk
  - pattern: arn:aws:iam:::role/lab-*";
    assert_eq!(
        in_portfolio(all, "principals: []"),
        ["research.yaml:3:7: nobody can reach the portfolio | name at least one principal"]
    );
    let faults = in_portfolio(
        "arn:aws:iam:::role/lab-*",
        "arn:aws:iam::210987654321:role/lab-*",
    );
    assert!(
        faults[0].contains("is no pattern of principals"),
        "{faults:#?}"
    );
}

#[test]
fn a_share_reaches_somebody_else() {
    let faults = in_portfolio("account: \"109876543210\"", "account: \"210987654321\"");
    assert_eq!(
        faults,
        [
            "research.yaml:21:5: 210987654321 is the account of `lab`, which publishes the portfolio itself | take it out: an account can't share with itself, and the other has the portfolio already"
        ]
    );
    let faults = in_portfolio("  - pattern: arn:aws:iam:::role/lab-*\n", "");
    assert!(
        faults[0].contains("nobody of the accounts that it is shared with can reach it"),
        "{faults:#?}"
    );
    let faults = in_portfolio("arn:aws:iam:::role/lab-*", "arn:aws:iam:::role/*");
    assert!(
        faults[0].contains("is no pattern of principals"),
        "{faults:#?}"
    );
    let faults = after(|files| {
        let text = &mut files.portfolios[0].1.text;
        replace(
            text,
            "tagUpdate: allowed",
            "tagUpdate: allowed\n    launch: { localRoleName: Launcher }",
        );
        let shares = text.find("shares:").unwrap();
        text.truncate(shares);
    });
    assert!(
        faults[0].contains("shared with nobody in whose account `Launcher` could be"),
        "{faults:#?}"
    );
}

#[test]
fn a_rule_lets_through_what_the_form_suggests_and_offers() {
    let types = "isOneOf: [t4g.small, t4g.medium]";
    let faults = in_portfolio(types, "isOneOf: [t4g.smal]");
    assert!(
        faults[0].contains("`t4g.smal` is no choice of `EC2InstanceType` | did you mean"),
        "{faults:#?}"
    );
    let faults = in_portfolio(types, "isOneOf: [t4g.medium]");
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("and the rule refuses it | add the default")),
        "{faults:#?}"
    );
}

#[test]
fn a_service_action_names_a_document_and_calls_that_there_are() {
    let actions = |from: &'static str, to: &'static str| {
        after(|files| replace(&mut files.foundation.text, from, to))
    };
    assert_eq!(
        actions("AWS-StopEC2Instance", "AWS-StopEC2Instanz"),
        [
            "foundation.yaml:6:15: there is no document `AWS-StopEC2Instanz` | did you mean `AWS-StopEC2Instance`?"
        ]
    );
    let faults = actions("ec2:StopInstances]", "ec2:StopInstanses]");
    assert!(
        faults[0].contains("IAM has no action `ec2:StopInstanses`"),
        "{faults:#?}"
    );
}

#[test]
fn what_a_file_may_say_is_in_its_schema() {
    let refused = |change: &dyn Fn(&mut CatalogSources)| {
        let mut files = files(super::SECOND, &["research"]);
        change(&mut files);
        shown(&CatalogFiles::read(&files).unwrap_err())
    };
    for (from, to) in [
        ("roleName: support/HelpDesk", "roleName: \"team/*\""),
        (
            "roleName: support/HelpDesk",
            "arn: arn:aws:iam::*:role/team",
        ),
        ("notify: [\"arn:", "notify: [\"topic:"),
    ] {
        let errors = refused(&|files| replace(&mut files.portfolios[0].1.text, from, to));
        assert_eq!(errors.len(), 1, "{to}: {errors:#?}");
        assert!(errors[0].contains(" is no "), "{errors:#?}");
        assert!(!errors[0].contains("any of the schemas"), "{errors:#?}");
    }
    for (from, to) in [
        ("documentVersion: \"1\"", "documentVersion: latest"),
        (
            "AWS-StopEC2Instance",
            "arn:aws:ssm:us-east-1:123456789012:document/Mine",
        ),
    ] {
        let errors = refused(&|files| replace(&mut files.foundation.text, from, to));
        assert!(errors[0].contains(" is no "), "{errors:#?}");
    }
    let errors =
        refused(&|files| replace(&mut files.end_users.text, "LabResearcher", "Lab Researcher"));
    assert!(errors[0].contains(" is no "), "{errors:#?}");
}

#[test]
fn tag_options_do_not_conflict() {
    let options = |from: &'static str, to: &'static str| {
        after(|files| replace(&mut files.tag_options.as_mut().unwrap().text, from, to))
    };
    assert_eq!(
        options("Proteome Atlas / 120002", "Proteome Atlas / 120001"),
        [
            "tag-options.yaml:6:37: `Proteome Atlas / 120001` has the code of `Genome Atlas / 120001` | a code stands once"
        ]
    );
    assert_eq!(
        options("Proteome Atlas / 120002", "Proteome Atlas"),
        [
            "tag-options.yaml:6:37: `Proteome Atlas` is no name with its code | write a name of letters, digits, blanks and `.:+=@_-`, then ` / ` and six digits; or leave out `none` and `other`"
        ]
    );
    // Without the two, any value that AWS takes.
    let free = after(|files| {
        let text = &mut files.tag_options.as_mut().unwrap().text;
        replace(
            text,
            "    none: None / 000000\n    other: Another / 999999\n",
            "",
        );
        replace(text, "Genome Atlas / 120001", "R+D");
        replace(text, "Proteome Atlas / 120002", "Grüße-éà=x@y, prod");
    });
    assert_eq!(free, [""; 0]);
    let many = (0..24)
        .map(|n| format!("Grant {n} / 13{n:04}"))
        .collect::<Vec<_>>()
        .join(", ");
    let too_many = after(|files| {
        let text = &mut files.tag_options.as_mut().unwrap().text;
        *text = text.replace("Genome Atlas / 120001, Proteome Atlas / 120002", &many);
    });
    assert_eq!(too_many.len(), 2, "{too_many:#?}");
    assert!(too_many[0].contains("26 tag options for the portfolio; Service Catalog takes 25"));
    assert!(too_many[1].contains("26 values for one resource; Service Catalog takes 25"));
    assert_eq!(
        in_portfolio("[Grant]", "[Grant, Grant]")[0],
        "research.yaml:19:21: the tag options of `Grant` stand a second time | name each key once: launches would ask for it twice"
    );
}

#[test]
fn a_template_leaves_the_launchs_tags_alone() {
    let mut organisation = Organisation::second();
    let tags = serde_json::json!([{"Key": "Grant", "Value": "x"}]);
    let machine = organisation.templates[0]
        .resources
        .get_mut("Machine")
        .unwrap();
    machine.properties.insert(
        "Tags".to_owned(),
        compute_catalog::cfn::Node::from_json(&tags),
    );
    assert_eq!(
        shown(&errors(of(&organisation.catalog, &organisation))),
        [
            "tag-options.yaml:3:10: the template of `linux-docker` sets the tag `Grant` itself | the launch's tag would conflict: take the tag out of the template"
        ]
    );
}

#[test]
fn a_role_grants_nothing_that_the_boundary_keeps_from_it() {
    assert_eq!(
        after(|files| replace(
            &mut files.foundation.text,
            "logs:PutLogEvents",
            "logs:GetLogEvents"
        )),
        [
            "foundation.yaml:29:16: the role Role of `linux-docker` may logs:PutLogEvents on *, which the boundary keeps from it | add what it needs under `boundary`, or take it from the role"
        ]
    );
}

#[test]
fn a_value_that_no_tag_takes_is_refused_where_it_stands() {
    let mut files = files(super::SECOND, &["research"]);
    let text = &mut files.tag_options.as_mut().unwrap().text;
    replace(text, "Genome Atlas / 120001", "\"Genome (Atlas) / 120001\"");
    let errors = shown(&CatalogFiles::read(&files).unwrap_err());
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(
        errors[0].starts_with("tag-options.yaml:6:14: "),
        "{errors:#?}"
    );
}

#[test]
fn every_mistake_in_the_form_of_the_files_is_found_at_once() {
    let mut files = files(super::SECOND, &["research"]);
    replace(
        &mut files.portfolios[0].1.text,
        "description:",
        "descripton:",
    );
    replace(
        &mut files.end_users.text,
        "[launch, sessions]",
        "[lunch, sessions]",
    );
    files.foundation = file(&format!("{}/tag-options.yaml", super::SECOND));
    let errors = shown(&CatalogFiles::read(&files).unwrap_err());
    for wanted in [
        "unknown key `descripton`",
        "did you mean `launch`?",
        "lacks the key \"boundary\"",
    ] {
        assert!(
            errors.iter().any(|error| error.contains(wanted)),
            "{wanted}: {errors:#?}"
        );
    }
}
