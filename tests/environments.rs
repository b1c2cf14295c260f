//! Environment files: read strictly, and what differs between accounts stands in one mapping.
#![allow(clippy::unwrap_used, reason = "a test stops where its premise fails")]

use compute_catalog::environment::Environments;
use compute_catalog::product::PerAccount;

const ORGANIZATION: &str = "name: Org\nsupport: {description: Help, email: help@example.org, url: 'https://example.org'}\nexports:\n  VPCId: {holds: vpc-id}\n  TaggerArn: {holds: function-arn, name: '${AWS::Region}-tagger'}\n";

fn read(environments: &[(&str, &str)]) -> Result<Environments, Vec<String>> {
    let files: Vec<_> = environments
        .iter()
        .map(|(key, text)| {
            (
                key.parse().unwrap(),
                format!("{key}.yaml"),
                (*text).to_owned(),
            )
        })
        .collect();
    Environments::read(("organization.yaml", ORGANIZATION), &files)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[test]
fn what_differs_is_by_account_and_local_stays_out() {
    let environments = read(&[
        (
            "prod",
            "account: '111111111111'\nregion: us-east-1\nexports: {VPCId: prod-vpc}\n",
        ),
        (
            "local",
            "account: '123456789012'\nregion: us-east-1\nlocal: true\n",
        ),
        (
            "develop",
            "account: '222222222222'\nregion: us-east-1\nexports: {VPCId: dev-vpc}\n",
        ),
    ])
    .unwrap();
    let account_exports = environments.account_exports();
    assert_eq!(account_exports.accounts, ["222222222222", "111111111111"]);
    assert_eq!(
        account_exports.exports["TaggerArn"],
        PerAccount::Same("${AWS::Region}-tagger".to_owned())
    );
    let PerAccount::ByAccount(names) = &account_exports.exports["VPCId"] else {
        panic!("same")
    };
    assert_eq!(names["111111111111"], "prod-vpc");
}

#[test]
fn environments_take_versions_from_others_and_each_id_stands_once() {
    let errors = read(&[
        ("a", "account: '111111111111'\nregion: us-east-9\nexports: {VPCId: a}\npromotesFrom: b\n"),
        ("b", "account: '222222222222'\nregion: us-east-1\nexports: {VPCId: b}\npromotesFrom: a\nproducts:\n  one: {id: prod-aaaaaaaaaaaaa}\n  two: {id: prod-aaaaaaaaaaaaa}\n  three: {id: port-aaaaaaaaaaaaa}\n"),
        ("c", "account: '333333333333'\nregion: us-east-1\nexports: {VPCId: c}\npromotesFrom: a\n"),
    ])
    .unwrap_err();
    assert_eq!(
        errors,
        [
            "a.yaml:2:9: `us-east-9` is no region of AWS\n  hint: did you mean `us-east-1`?",
            "a.yaml:4:15: `a` would wait for itself: it takes what `b` has taken\n  hint: one environment takes versions from no other",
            "b.yaml:4:15: `b` would wait for itself: it takes what `a` has taken\n  hint: one environment takes versions from no other",
            "b.yaml:7:13: the id of `two` is that of `one` too\n  hint: each has an id of its own",
            "b.yaml:8:15: `port-aaaaaaaaaaaaa` is no id of this kind\n  hint: it begins with `prod-`",
        ]
    );
}

#[test]
fn contradictions_are_all_reported_with_their_lines() {
    let errors = read(&[
        ("develop", "account: '111111111111'\nregion: us-east-1\nexports: {VPCid: dev-vpc}\n"),
        ("prod", "account: '111111111111'\nregion: us-east-1\nexports: {VPCId: prod-vpc}\npromotesFrom: develp\n"),
    ])
    .unwrap_err();
    assert_eq!(
        errors,
        [
            "develop.yaml:1:10: the export `VPCId` has no name in this account\n  hint: add it under `exports`",
            "develop.yaml:3:11: the export `VPCid` is not declared\n  hint: did you mean `VPCId`?",
            "prod.yaml:1:10: the account 111111111111 is also that of `develop`\n  hint: one environment is one account",
            "prod.yaml:4:15: `develp` is no environment\n  hint: did you mean `develop`?",
        ]
    );
}

#[test]
fn unknown_keys_are_refused_with_their_line() {
    let errors = read(&[(
        "prod",
        "account: '012345678901'\nregion: us-east-1\nregoin: x\n",
    )])
    .unwrap_err();
    assert!(
        errors[0].starts_with("prod.yaml:3:1: unknown key `regoin`"),
        "{errors:?}"
    );
}
