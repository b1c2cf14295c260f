//! Exports that others import.

use compute_catalog::cfn::read;
use compute_catalog::change::{Accounts, Effect, Imports, Report};

const OLD: &str = "
Resources:
  Boundary: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {}}}
Outputs:
  BoundaryArn:
    Value: !Ref Boundary
    Export: {Name: !Sub '${AWS::Region}-boundary'}
";

fn report(new: &str, importer: &str) -> Report {
    let mut imports = Imports::default();
    imports.add("product notebook", &read(importer).unwrap());
    let accounts = Accounts::default().importing(imports);
    let (old, new) = (read(OLD).unwrap(), read(new).unwrap());
    Report::of_stack("foundation.yaml", "v1", &old, &new, &accounts)
}

fn importer(name: &str) -> String {
    format!(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      PermissionsBoundary: !ImportValue {{'Fn::Sub': '{name}'}}
"
    )
}

#[test]
fn an_export_that_a_known_product_imports_can_be_neither_renamed_removed_nor_changed() {
    let importer = importer("${AWS::Region}-boundary");
    let start = OLD.find("Outputs").unwrap();
    for new in [
        OLD.replace("-boundary", "-limit"),
        OLD[..start].to_owned(),
        OLD.replace("!Ref Boundary", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        OLD.replace("Boundary:", "Limit:")
            .replace("!Ref Boundary", "!Ref Limit"),
    ] {
        let report = report(&new, &importer);
        let export = &report.impact.resources[0];
        assert_eq!(
            (export.kind.as_str(), export.effect),
            ("Export", Effect::Fails),
            "{new}"
        );
        let why = &export.reasons[0].why;
        assert!(why.ends_with("Imported by product notebook"), "{why}");
        assert_eq!(report.worst(), Effect::Fails);
    }
}

#[test]
fn an_export_that_nobody_known_imports_may_be_imported_by_others() {
    let new = OLD.replace("-boundary", "-limit");
    let report = report(&new, &importer("${AWS::Region}-other"));
    assert_eq!(report.impact.resources[0].effect, Effect::Unknown);
}
