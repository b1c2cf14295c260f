//! Updates between the versions of one product, in all accounts and in each.

use compute_catalog::cfn::{Template, read};
use compute_catalog::change::{
    Account, Accounts, Body, Effect, Running, Update, Verdict, VersionUpdates, diff,
};
use compute_catalog::product::VersionName;

/// A machine in a subnet that each account has for itself.
const MACHINE: &str = "
Parameters:
  Kind: {Type: String, Default: a, AllowedValues: [a, b]}
Mappings:
  Accounts:
    '111122223333': {Subnet: subnet-0aaaaaaaaaaaaaaaa}
    '444455556666': {Subnet: subnet-0bbbbbbbbbbbbbbbb}
Conditions:
  IsA: !Equals [!Ref Kind, a]
  IsKnown: !And [!Condition IsA, !Equals [!Ref AWS::Region, us-east-1]]
Resources:
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0aaaaaaaaaaaaaaaa
      SubnetId: !FindInMap [Accounts, !Ref AWS::AccountId, Subnet]
      UserData: !If [IsKnown, one, two]
";

fn template(text: &str) -> Template {
    read(text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn account(name: &str, id: &str) -> Account {
    Account {
        name: name.to_owned(),
        id: id.to_owned(),
        region: "us-east-1".to_owned(),
    }
}

fn running<'a>(templates: &'a [Template]) -> Vec<Running<'a>> {
    let each = templates.iter().enumerate();
    each.map(|(index, template)| Running {
        name: format!("v1.{index}.0").parse().unwrap(),
        body: Body::Template(template),
    })
    .collect()
}

#[test]
fn an_update_is_told_for_the_account_that_it_hits() {
    let (develop, prod) = (
        account("develop", "111122223333"),
        account("prod", "444455556666"),
    );
    let templates = [template(MACHINE)];
    let running = running(&templates);
    let accounts = Accounts::default();
    let effect = |new: &Template, account: &Account| {
        let whole = Update::of(&running[0], new, &accounts);
        let here = whole.in_account(&running[0], new, (&accounts, account));
        (whole.impact.worst(), here.impact.worst())
    };
    // The subnet of one account: the other's machines stay as they are.
    let moved = template(&MACHINE.replace("subnet-0bbbb", "subnet-0cccc"));
    assert_eq!(effect(&moved, &prod), (Effect::Replaced, Effect::Replaced));
    assert_eq!(
        effect(&moved, &develop),
        (Effect::Replaced, Effect::NoEffect)
    );
    // An image is the same everywhere.
    let image = template(&MACHINE.replace("ami-0aaaa", "ami-0cccc"));
    for account in [&develop, &prod] {
        assert_eq!(
            effect(&image, account),
            (Effect::Replaced, Effect::Replaced)
        );
    }
}

#[test]
fn what_is_worked_out_once_is_what_each_asks_for() {
    let texts = [
        MACHINE.to_owned(),
        MACHINE.replace("ami-0aaaa", "ami-0cccc"),
        MACHINE
            .replace("ami-0aaaa", "ami-0cccc")
            .replace("subnet-0bbbb", "subnet-0cccc"),
    ];
    let templates = texts.map(|text| template(&text));
    let running = running(&templates);
    let accounts = Accounts::default();
    let mut updates = VersionUpdates::of(&running, &accounts);
    for (index, one) in running.iter().enumerate() {
        let Body::Template(new) = one.body else {
            panic!("each is a template");
        };
        let alone = Verdict::of(&running[..index], new, &accounts);
        assert_eq!(updates.verdict(one.name).unwrap(), alone, "{}", one.name);
    }
    let newest: VersionName = "v1.2.0".parse().unwrap();
    assert_eq!(updates.to(newest).unwrap().len(), 2);
    assert_eq!(updates.to("v9.0.0".parse().unwrap()), None);
}

#[test]
fn what_a_value_asks_through_others_is_looked_at() {
    // A condition that another one names, a row of a mapping, a default: the text that asks for
    // them is the same in both.
    for (from, to) in [
        ("[!Ref Kind, a]", "[!Ref Kind, b]"),
        ("!Ref AWS::Region, us-east-1", "!Ref AWS::Region, eu-west-1"),
        ("subnet-0aaaa", "subnet-0dddd"),
    ] {
        assert_eq!(MACHINE.matches(from).count(), 1, "{from}");
        let changes = diff(&template(MACHINE), &template(&MACHINE.replace(from, to)));
        assert_eq!(changes.resources.len(), 1, "{to}");
    }
    // Which mapping it is, is computed.
    let computed = MACHINE
        .replace("!FindInMap [Accounts,", "!FindInMap [!Sub 'Acc${Kind}',")
        .replace("  Accounts:", "  Acca:");
    let row = computed.replace("subnet-0aaaa", "subnet-0dddd");
    let changes = diff(&template(&computed), &template(&row));
    assert_eq!(changes.resources.len(), 1);
    // What nothing asks for makes no difference.
    let more = MACHINE.replace("Conditions:", "  Unused: {x: {y: z}}\nConditions:");
    let changes = diff(&template(MACHINE), &template(&more));
    assert!(changes.resources.is_empty(), "{changes:?}");
}
