//! The facts: what a change does, what stands where, what AWS sets.

use compute_catalog::resource::{Kind, Object, OnChange, Property, facts, types};

fn on_change(type_name: &str, path: &str) -> OnChange {
    let path: Vec<&str> = path.split('.').collect();
    let facts = facts(type_name).unwrap();
    assert!(facts.kind_at(&path).is_some(), "{type_name} {path:?}");
    facts.on_change(&path)
}

#[test]
fn changes_do_what_the_documentation_says() {
    use OnChange::{Fails, MayReplace, Replaces, Updates};
    for (type_name, path, expected) in [
        ("AWS::EC2::Instance", "ImageId", Replaces),
        ("AWS::EC2::Instance", "SubnetId", Replaces),
        ("AWS::EC2::Instance", "KeyName", Replaces),
        ("AWS::EC2::Instance", "InstanceType", MayReplace),
        ("AWS::EC2::Instance", "UserData", MayReplace),
        (
            "AWS::EC2::Instance",
            "BlockDeviceMappings.0.Ebs.VolumeSize",
            MayReplace,
        ),
        ("AWS::EC2::Instance", "IamInstanceProfile", Updates),
        ("AWS::EC2::Instance", "Tags.0.Value", Updates),
        ("AWS::S3::Bucket", "BucketName", Replaces),
        ("AWS::S3::Bucket", "ObjectLockEnabled", Replaces),
        ("AWS::S3::Bucket", "BucketEncryption", Updates),
        (
            "AWS::S3::Bucket",
            "LifecycleConfiguration.Rules.0.Status",
            Updates,
        ),
        ("AWS::KMS::Key", "KeySpec", Fails),
        ("AWS::KMS::Key", "KeyUsage", Fails),
        ("AWS::KMS::Key", "MultiRegion", Fails),
        ("AWS::KMS::Key", "KeyPolicy", Updates),
        ("AWS::Batch::JobQueue", "Tags", Replaces),
        ("AWS::Batch::JobQueue", "Tags.Owner", Replaces),
        ("AWS::Batch::JobQueue", "Priority", Updates),
        (
            "AWS::Batch::ComputeEnvironment",
            "ComputeResources",
            Replaces,
        ),
        (
            "AWS::Batch::ComputeEnvironment",
            "ComputeResources.MaxvCpus",
            Updates,
        ),
        (
            "AWS::Batch::ComputeEnvironment",
            "ComputeResources.Type",
            MayReplace,
        ),
        ("AWS::Events::Rule", "EventBusName", Replaces),
        ("AWS::Events::Rule", "State", Updates),
    ] {
        assert_eq!(on_change(type_name, path), expected, "{type_name} {path}");
    }
}

#[test]
fn the_table_is_sorted_and_knows_its_types() {
    let names: Vec<&str> = types().map(|facts| facts.name).collect();
    assert!(names.is_sorted());
    for name in &names {
        assert_eq!(facts(name).map(|facts| facts.name), Some(*name));
    }
    assert!(facts("AWS::S3::Buckets").is_none());
    assert!(facts("").is_none());
}

#[test]
fn properties_are_sorted_down_to_the_last_object() {
    fn visit(properties: &'static [Property], seen: &mut Vec<*const Object>) {
        assert!(
            properties.is_sorted_by(|a, b| a.name < b.name),
            "{properties:?}"
        );
        for property in properties {
            let mut kind = property.kind;
            while let Kind::List { items: inner, .. } | Kind::Map(inner) = kind {
                kind = *inner;
            }
            if let Kind::Object(object) = kind
                && !seen.contains(&std::ptr::from_ref(object))
            {
                seen.push(object);
                visit(object.properties, seen);
            }
        }
    }
    let mut seen = Vec::new();
    for facts in types() {
        visit(facts.properties, &mut seen);
    }
    assert!(seen.len() > 200, "only {} objects", seen.len());
}

#[test]
fn a_path_leads_to_its_kind_or_nowhere() {
    let bucket = facts("AWS::S3::Bucket").unwrap();
    let kind = |path: &str| bucket.kind_at(&path.split('.').collect::<Vec<_>>());
    assert!(matches!(kind("BucketName"), Some(Kind::Text)));
    assert!(matches!(
        kind("LifecycleConfiguration.Rules.0.Status"),
        Some(Kind::Choice(
            ["Enabled", "Disabled"] | ["Disabled", "Enabled"]
        ))
    ));
    assert!(kind("BucketNam").is_none());
    assert!(kind("BucketName.Length").is_none());
    // AWS sets it: no template can.
    assert!(kind("Arn").is_none());
    let key = facts("AWS::KMS::Key").unwrap();
    assert!(matches!(
        key.kind_at(&["KeyPolicy", "Statement", "0"]),
        Some(Kind::Json)
    ));
}

#[test]
fn attributes_are_found_by_name_and_by_prefix() {
    let name = |type_name: &str, attribute: &str| {
        let facts = facts(type_name).unwrap();
        facts.attribute(attribute).map(|attribute| attribute.name)
    };
    assert_eq!(name("AWS::S3::Bucket", "Arn"), Some("Arn"));
    assert_eq!(name("AWS::S3::Bucket", "arn"), None);
    assert_eq!(name("AWS::S3::Bucket", "BucketName"), None);
    assert_eq!(name("AWS::EC2::SecurityGroup", "VpcId"), Some("VpcId"));
    let stack = "AWS::CloudFormation::Stack";
    assert_eq!(name(stack, "Outputs.SubmitJobApi"), Some("Outputs.*"));
    assert_eq!(name(stack, "Outputs."), None);
}

#[test]
fn what_aws_sets_or_hides_is_known_below_lists() {
    let bucket = facts("AWS::S3::Bucket").unwrap();
    let prefix = ["ReplicationConfiguration", "Rules", "0", "Prefix"];
    assert!(bucket.is_write_only(&prefix));
    assert!(!bucket.is_write_only(&prefix[..3]));
    assert!(bucket.is_read_only(&["Arn"]));
    assert!(!bucket.is_read_only(&["MetadataTableConfiguration"]));
}

#[test]
fn handlers_and_tags_are_known() {
    let bucket = facts("AWS::S3::Bucket").unwrap();
    assert!(bucket.permissions.create.contains(&"s3:CreateBucket"));
    assert_eq!(bucket.tagging.property, Some("Tags"));
    assert!(bucket.tagging.updatable);
    let environment = facts("AWS::Batch::ComputeEnvironment").unwrap();
    assert!(!environment.tagging.updatable);
    assert_eq!(facts("AWS::KMS::Alias").unwrap().tagging.property, None);
}
