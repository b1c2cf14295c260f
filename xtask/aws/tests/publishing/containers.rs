//! Images of containers: their registries are asked, and what they don't tell is said.

use crate::accounts::two_accounts_holding;
use local_aws::{Contents, HeldContainer};

fn held(image: &str, platforms: &[&str]) -> HeldContainer {
    HeldContainer {
        image: image.to_owned(),
        platforms: platforms.iter().map(|one| (*one).to_owned()).collect(),
        is_private: image.contains("private"),
    }
}

fn job(logical_id: &str, image: &str, further: &str) -> String {
    format!(
        "  {logical_id}:\n    Type: AWS::Batch::JobDefinition\n    Properties:\n      Type: container\n{further}      ContainerProperties: {{ Image: \"{image}\" }}\n\n"
    )
}

#[test]
fn registries_are_asked_for_images_and_their_platforms_and_what_they_dont_tell_is_said() {
    let (world, checkout) = two_accounts_holding(Contents {
        containers: vec![
            held("lab.example/tool:1", &["linux/amd64", "linux/arm64"]),
            held("lab.example/arm:1", &["linux/arm64"]),
            held("lab.example/private:1", &["linux/amd64"]),
        ],
        ..Contents::default()
    });
    let fargate = "      PlatformCapabilities: [FARGATE]\n";
    let jobs = [
        job("Fits", "lab.example/tool:1", fargate),
        job("Elsewhere", "other.example/tool:1", fargate),
        job("Gone", "lab.example/gone:1", fargate),
        job("GoneTag", "lab.example/tool:2", fargate),
        job("OnArm", "lab.example/arm:1", fargate),
        job("OnMachines", "lab.example/tool:1", ""),
        job("Private", "lab.example/private:1", fargate),
    ];
    let resources = format!("\nResources:\n{}", jobs.concat());
    checkout.refreeze("s3-private", &[("\nResources:\n", &resources)]);
    let arguments = ["preflight", "--env", "develop"];
    let ran = checkout.run(world.server.endpoint(), &arguments);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let told = |text: &str, part: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.contains(part));
        lines.map(|line| line.trim().to_owned()).collect()
    };
    let finding = |rest: &str| format!("version s3-private v2.0.0: {rest}");
    assert_eq!(
        told(&ran.out, "lab.example/"),
        [
            finding(
                "Gone: the registry has no image lab.example/gone:1: no container of it starts"
            ),
            finding(
                "GoneTag: the registry has no image lab.example/tool:2: no container of it starts"
            ),
            finding(
                "OnArm: image lab.example/arm:1 is for linux/arm64, and its container is started on linux/amd64"
            ),
        ],
        "{}",
        ran.out
    );
    let not_looked_up = |rest: &str| format!("Not looked up: s3-private v2.0.0: {rest}");
    assert_eq!(
        told(&ran.err, "example/"),
        [
            not_looked_up(
                "Elsewhere: whether the registry has image other.example/tool:1: the registry answers 503: UNAVAILABLE"
            ),
            not_looked_up(
                "OnMachines: whether image lab.example/tool:1 is for the machines that start it: their instance types tell, and it is for linux/amd64, linux/arm64"
            ),
            not_looked_up(
                "Private: whether the registry has image lab.example/private:1: the registry asks for a login"
            ),
        ],
        "{}",
        ran.err
    );
}
