//! What preflight can't look up is said, and is no finding.

use crate::accounts::two_accounts;

const IMAGE: &str = "      ImageId: !FindInMap
        - Images
        - !Ref AWS::Region
        - UbuntuJammy
";

#[test]
fn macros_containers_and_images_that_only_a_launch_tells_are_said_to_be_not_looked_up() {
    let (world, checkout) = two_accounts();
    let preflight = || {
        let arguments = ["preflight", "--env", "develop"];
        checkout.run(world.server.endpoint(), &arguments)
    };
    let before = preflight();
    assert!(!before.err.contains("Not looked up"), "{}", before.err);

    let by_parameter = "      ImageId: \"{{resolve:ssm:/images/ubuntu}}\"\n";
    checkout.refreeze(
        "notebook",
        &[
            (IMAGE, by_parameter),
            (
                "\nResources:\n",
                "\nTransform: [Theirs, AWS::LanguageExtensions]\n\nResources:\n",
            ),
        ],
    );
    let job = "\nResources:\n  Job:\n    Type: AWS::Batch::JobDefinition\n    Properties:\n      Type: container\n      ContainerProperties: { Image: example.org/tool:1 }\n\n";
    checkout.refreeze("s3-private", &[("\nResources:\n", job)]);
    let after = preflight();
    let told: Vec<&str> = after
        .err
        .lines()
        .filter(|line| line.starts_with("Not looked up"))
        .collect();
    assert_eq!(
        told,
        [
            "Not looked up: notebook v2.0.0: LinuxInstance: which image it starts: only its launch tells",
            "Not looked up: notebook v2.0.0: whether the account has the macro Theirs, and of which version: CloudFormation tells it only who makes a change set",
            "Not looked up: s3-private v2.0.0: Job: whether the registry has image example.org/tool:1: the registry answers 503: UNAVAILABLE",
        ],
        "{}",
        after.err
    );
    // Neither is taken for something that isn't there.
    let of_images = |out: &str| out.matches("isn't there for this account").count();
    assert!(of_images(&before.out) > 0, "{}", before.out);
    assert_eq!(of_images(&after.out), 0, "{}", after.out);
}
