//! Each running product by name: what an update does to it with its own values.

use compute_catalog::cfn::{Scenario, Template, read};
use compute_catalog::change::{
    Account, Accounts, Body, Effect, Fleet, Running, RunningProduct, messages,
};
use compute_catalog::product::Key;

const MACHINE: &str = "
Parameters:
  Kind: {Type: String, Default: plain, AllowedValues: [plain, gpu]}
Mappings:
  Images: {plain: {Id: ami-0aaaaaaaaaaaaaaaa}, gpu: {Id: ami-0bbbbbbbbbbbbbbbb}}
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties: {ImageId: !FindInMap [Images, !Ref Kind, Id], InstanceType: t3.small}
";

fn template(text: &str) -> Template {
    read(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn product(name: &str, owner: &str, version: &str, kind: Option<&str>) -> RunningProduct {
    RunningProduct {
        id: format!("pp-{name}"),
        name: name.to_owned(),
        owner: owner.to_owned(),
        version: version.parse().ok(),
        version_name: version.to_owned(),
        values: match kind {
            Some(kind) => Ok(Scenario::from_iter([("Kind".to_owned(), kind.to_owned())])),
            None => Err("CloudFormation refuses".to_owned()),
        },
    }
}

fn fleet() -> Fleet {
    let old = template(MACHINE);
    let new = template(&MACHINE.replace("ami-0bbbbbbbbbbbbbbbb", "ami-0cccccccccccccccc"));
    let running = [
        Running {
            name: "v1.0.0".parse().unwrap(),
            body: Body::Template(&old),
        },
        Running {
            name: "v2.0.0".parse().unwrap(),
            body: Body::Template(&new),
        },
    ];
    let account = Account {
        name: "prod".to_owned(),
        id: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let products = [
        product("calm", "ada", "v1.0.0", Some("plain")),
        product("hit", "ada", "v1.0.0", Some("gpu")),
        product("current", "bob", "v2.0.0", Some("gpu")),
        product("blind", "bob", "v1.0.0", None),
        product("stranger", "eve", "v9.0.0", Some("plain")),
        product("refused", "eve", "v1.0.0", Some("huge")),
    ];
    let key: Key = "notebook".parse().unwrap();
    let to = "v2.0.0".parse().unwrap();
    Fleet::of(
        (&key, "Notebook"),
        &products,
        &running,
        (to, &new),
        (&Accounts::default(), &account),
    )
}

#[test]
fn the_values_of_each_decide_and_the_worst_comes_first() {
    let fleet = fleet();
    let order: Vec<&str> = fleet
        .members
        .iter()
        .map(|member| member.name.as_str())
        .collect();
    assert_eq!(
        order,
        ["hit", "blind", "stranger", "refused", "calm", "current"]
    );
    let effect = |name: &str| {
        fleet
            .members
            .iter()
            .find(|member| member.name == name)
            .unwrap()
            .effect
    };
    assert_eq!(effect("hit"), Some(Effect::Replaced));
    assert_eq!(effect("calm"), Some(Effect::NoEffect));
    assert_eq!(effect("current"), Some(Effect::NoEffect));
    assert_eq!(effect("blind"), None);
    assert_eq!(effect("stranger"), None);
    assert!(fleet.is_partly_unread());
    assert_eq!(
        fleet.sum(),
        "Notebook, 6 running: 1 would lose data, 2 not known, 1 must be given other values, 1 go on, 1 run it already"
    );
    let text = fleet.text();
    assert!(text.contains("hit (pp-hit), v1.0.0, of ada"), "{text}");
    assert!(text.contains("with Kind gpu"), "{text}");
    assert!(
        fleet.markdown().contains("files on the machine"),
        "{}",
        fleet.markdown()
    );
}

#[test]
fn each_owner_gets_one_message_with_what_to_copy_first() {
    let messages = messages(&[fleet()], Some("1 March"));
    let owners: Vec<&str> = messages.iter().map(|(owner, _)| owner.as_str()).collect();
    assert_eq!(owners, ["ada", "bob", "eve"]);
    let ada = &messages[0].1;
    assert!(ada.starts_with("To: ada\n"), "{ada}");
    for words in [
        "hit (Notebook), which runs v1.0.0: an update to v2.0.0",
        "Replaces the machine: files on it are lost.",
        "Copy what you need to another place by 1 March.",
        "calm (Notebook)",
    ] {
        assert!(ada.contains(words), "{words}: {ada}");
    }
    // Who runs the version already has nothing to do.
    assert!(!messages[1].1.contains("current"), "{}", messages[1].1);
}

#[test]
fn what_an_engine_does_to_what_runs_is_not_known_and_passes_for_nothing() {
    let key: Key = "bucket".parse().unwrap();
    let products = [
        product("current", "ada", "v2.0.0", None),
        product("old", "bob", "v1.0.0", None),
    ];
    let to = "v2.0.0".parse().unwrap();
    let fleet = Fleet::unknown((&key, "Bucket"), &products, to, "its engine decides");
    let order: Vec<&str> = fleet.members.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(order, ["old", "current"]);
    assert_eq!(
        fleet.sum(),
        "Bucket, 2 running: 1 not known, 1 run it already"
    );
    assert!(fleet.is_partly_unread());
    let said = &fleet.members[0].sentence;
    assert_eq!(said, "What an update does isn't known: its engine decides.");
}
