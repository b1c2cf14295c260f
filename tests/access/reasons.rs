//! Reasons, and what has none.

use crate::account::Account;
use compute_catalog::access::{AccessFile, Matrix, Search, faults, page};
use compute_catalog::yaml::load;

const PRODUCT: &str = r#"
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
"#;

/// The messages about people who may delete everybody's logs, and the page.
fn told(file: &str) -> (Vec<String>, String) {
    let mut account = Account::of(PRODUCT);
    account.people = r#"[{ PolicyName: own, PolicyDocument: { Version: "2012-10-17", Statement: [{ Sid: Logs, Effect: Allow, Action: "logs:DeleteLogGroup", Resource: "*" }] } }]"#.to_owned();
    let file: AccessFile = load("portfolios/access.yaml", file).unwrap();
    account.ask(|cast, questions| {
        let matrix = Matrix::new(cast, questions).unwrap();
        let paths = Search::new(cast, questions, 4).paths().unwrap();
        let accounts = [(cast, &matrix, paths.as_slice())];
        let faults = faults(&accounts, questions, &file);
        (
            faults
                .into_iter()
                .map(|fault| match fault.at {
                    Some(at) => format!("{at}: {}", fault.message),
                    None => fault.message,
                })
                .collect(),
            page(&accounts, questions, &file),
        )
    })
}

#[test]
fn what_has_no_reason_is_told_with_the_statement_that_allows_it() {
    let (faults, _) = told("reasons: []\n");
    assert_eq!(
        faults,
        [
            "people may delete logs elsewhere in the account (logs-end: all of them): allowed by statement Logs of catalog.yaml#People/own",
            "people may delete logs of others (logs-end: all of them): allowed by statement Logs of catalog.yaml#People/own"
        ]
    );
}

#[test]
fn a_reason_stands_on_the_page() {
    let (faults, page) = told(
        "reasons: [{ who: [end users], what: [logs-end], whose: [others, elsewhere], why: They tidy up. }]\n",
    );
    assert_eq!(faults, [] as [&str; 0]);
    assert!(
        page.contains("| delete logs | yes | yes [1] | – | yes [1] |"),
        "{page}"
    );
    assert!(page.contains("1. They tidy up."), "{page}");
}

#[test]
fn a_reason_that_nothing_needs_is_told() {
    let (faults, _) = told(
        "reasons:
  - { who: [people], what: [logs-end, logs-read, logs-reed], whose: [others, elsewhere], why: They tidy up. }
paths:
  - { who: [people], by: [assume], why: It was so once. }
",
    );
    assert_eq!(
        faults,
        [
            "2:39: reason 1 of `logs-read` is for people and nothing of it is allowed",
            "2:50: there is no question `logs-reed`",
            "4:26: there is no way by assume for people",
        ]
    );
}
