//! What was reviewed is what is applied.

use crate::values::{desired, empty, published};
use compute_catalog::publish::{Options, PlanFile, PlanFileError, plan};

#[test]
fn a_plan_reads_as_it_is_carried_out() {
    let desired = desired(&["v1.0.0", "v1.1.0"]);
    let observed = published(&crate::values::desired(&["v1.0.0"]));
    insta::assert_snapshot!(plan(&desired, &observed, Options::default()), @r"
    Plan for prod (account 123456789012, us-east-1)

      Templates
        upload the template of notebook v1.1.0
          because the bucket doesn't have it

      Versions
        create notebook v1.1.0, closed to launches
          because the account doesn't have it

      Open to launches
        open notebook v1.1.0 to launches, after reading its body back
          because people should take the newest release
          impact: the instance is replaced

      Closed to launches
        close notebook v1.0.0 to launches
          because v1.1.0 takes its place
          impact: running products stay, and can still update to it

    4 steps
    ");
}

#[test]
fn it_survives_its_file_and_shows_every_edit() {
    let desired = desired(&["v1.0.0"]);
    let file = PlanFile::from(&plan(&desired, &empty(), Options::default()));
    let text = file.to_text();
    assert_eq!(PlanFile::read(&text).unwrap(), file);
    assert_eq!(
        text,
        PlanFile::from(&plan(&desired, &empty(), Options::default())).to_text()
    );
    for (from, to) in [
        ("create the product", "delete the product"),
        ("\"v1.0.0\"", "\"v1.0.1\""),
        ("123456789012", "210987654321"),
        ("\"bucket\": \"sha256:", "\"bucket\": \"sha256:0"),
    ] {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        assert!(PlanFile::read(&edited).is_err(), "{from}");
    }
    let newer = text.replacen("\"schema\": 2", "\"schema\": 3", 1);
    assert_eq!(PlanFile::read(&newer), Err(PlanFileError::Schema(3)));
}

#[test]
fn what_has_moved_is_named() {
    let desired = desired(&["v1.0.0"]);
    let reviewed = PlanFile::from(&plan(&desired, &empty(), Options::default()));
    let mut observed = empty();
    let live = published(&desired).products["prod-one"].clone();
    observed.products.insert(live.id.clone(), live);
    let now = plan(&desired, &observed, Options::default());
    let moved = PlanFileError::Moved(vec!["product notebook".to_owned()]);
    assert_eq!(reviewed.holds(&now, false), Err(moved));
    // A run that was cut off has made the product; what is left is part of what was reviewed.
    assert_eq!(reviewed.holds(&now, true), Ok(()));
}

#[test]
fn counting_users_moves_nothing() {
    let desired = desired(&["v1.0.0"]);
    let reviewed = PlanFile::from(&plan(&desired, &published(&desired), Options::default()));
    let mut observed = published(&desired);
    for live in observed.products.values_mut() {
        live.versions[0].in_use = Some(7);
    }
    let now = plan(&desired, &observed, Options::default());
    assert_eq!(reviewed.holds(&now, false), Ok(()));
}
