//! The boot scripts of the Linux products, run with stand-ins for what is outside:
//! what they do on the first run, what a second run leaves alone, and how they fail.

use super::machine::{Machine, PACKAGE, starting};

const ENV: [(&str, &str); 2] = [
    ("PROFILE_URL", "https://example.org/profile/"),
    ("OWNER_EMAIL_DOMAIN", "example.org"),
];

/// It waits while the first boot's own updates hold the lock.
const INSTALL: &str = "apt-get install -y -q -o DPkg::Lock::Timeout=600";

fn agent_env(sha256: &str) -> Vec<(&str, &str)> {
    vec![
        (
            "AGENT_URL_X86_64",
            "https://example.org/1.2/amd64/agent.deb",
        ),
        ("AGENT_SHA256_X86_64", sha256),
        ("AGENT_URL_ARM64", "https://example.org/1.2/arm64/agent.deb"),
        ("AGENT_SHA256_ARM64", sha256),
    ]
}

#[test]
fn docker_is_ready_for_its_users_and_a_second_run_changes_nothing() {
    let machine = Machine::new(
        "docker",
        "linux-docker",
        &[("LOGIN_USERS", "ec2-user nobody-here")],
    );
    let first = machine.boot("docker.sh");
    assert_eq!(starting(&first, "usermod"), ["usermod -aG docker ec2-user"]);
    assert!(
        machine
            .read("boot.log")
            .contains("WARNING this image has no user nobody-here")
    );

    machine.write("bin/id", "#!/bin/bash\necho ec2-user docker\n");
    let second = machine.boot("docker.sh");
    assert!(starting(&second, "usermod").is_empty(), "{second:?}");
}

#[test]
fn docker_that_never_answers_fails_the_boot() {
    let machine = Machine::new(
        "docker-dead",
        "linux-docker",
        &[("LOGIN_USERS", "ec2-user")],
    );
    machine.break_program("docker", "info");
    let calls = machine.fails("docker.sh");
    assert_eq!(starting(&calls, "docker info").len(), 24);
    assert!(
        machine
            .read("boot.log")
            .contains("ERROR the Docker daemon does not answer")
    );
}

#[test]
fn a_failure_names_the_script_the_line_and_the_command() {
    let machine = Machine::new("line", "linux-docker", &[("LOGIN_USERS", "ec2-user")]);
    machine.break_program("usermod", ".");
    let calls = machine.fails("docker.sh");
    assert!(
        starting(&calls, "docker info").is_empty(),
        "it went on: {calls:?}"
    );
    let log = machine.read("boot.log");
    assert!(
        log.contains("ERROR docker.sh line 16: exit 22: usermod -aG docker"),
        "{log}"
    );
}

#[test]
fn a_missing_key_is_named() {
    let machine = Machine::new("key", "linux-docker", &[]);
    machine.fails("docker.sh");
    assert!(
        machine
            .read("boot.log")
            .contains("ERROR stack.env has no LOGIN_USERS")
    );
}

#[test]
fn values_of_the_stack_are_never_evaluated() {
    let machine = Machine::new(
        "literal",
        "linux-docker",
        &[("LOGIN_USERS", "$(touch${IFS}x)=`id`")],
    );
    machine.boot("docker.sh");
    assert!(
        machine
            .read("boot.log")
            .contains("no user $(touch${IFS}x)=`id`")
    );
}

#[test]
fn cfn_hup_restarts_only_when_its_files_changed() {
    let machine = Machine::new("hup", "linux-docker", &[]);
    machine.write("cfn-hup.conf", "interval=5");
    let conf = machine.path("cfn-hup.conf").display().to_string();
    let (_, first) = machine.run("opt/hup.sh", &[&conf]);
    assert_eq!(
        first,
        [
            "systemctl daemon-reload",
            "systemctl enable cfn-hup.timer",
            "systemctl restart cfn-hup.timer"
        ]
    );
    let (_, second) = machine.run("opt/hup.sh", &[&conf]);
    assert_eq!(second, ["systemctl enable --now cfn-hup.timer"]);
    machine.write("cfn-hup.conf", "interval=1");
    let (_, third) = machine.run("opt/hup.sh", &[&conf]);
    assert_eq!(starting(&third, "systemctl restart").len(), 1);
}

#[test]
fn the_instance_environment_holds_what_was_found() {
    let machine = Machine::new("env", "linux-docker", &ENV);
    let calls = machine.boot("instance-env.sh");
    let file = machine.read("etc/instance_env_vars.sh");
    holds_lines(
        &file,
        &[
            "export AWS_REGION=us-east-1",
            "export STACK_NAME=SC-1-pp-1",
            "export STACK_ID=arn:aws:cloudformation:us-east-1:123456789012:stack/SC-1-pp-1/uuid",
            "export EC2_INSTANCE_ID=i-0123456789abcdef0",
            "export ROOT_DISK_ID=vol-1",
            "export ASSUMED_ROLE_NAME=Scientist",
            "export ACCESS_APPROVED_ROLEID=AROAEXAMPLE",
            "export OWNER_EMAIL=ada@example.org",
            "export OIDC_USER_ID=1234567",
            "export OIDC_USERNAME=ada",
            "export PRODUCT_NAME=my\\ product\\'s\\ \\$name",
        ],
    );
    for call in starting(&calls, "curl")
        .iter()
        .filter(|call| call.contains("meta-data"))
    {
        assert!(call.contains("X-aws-ec2-metadata-token: TOKEN"), "{call}");
    }
}

/// The file has exactly these lines.
fn holds_lines(file: &str, lines: &[&str]) {
    assert_eq!(file.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn an_outage_outside_leaves_values_empty_and_warns() {
    let machine = Machine::new("env-outage", "linux-docker", &ENV);
    machine.break_program("curl", "profile");
    machine.break_program("aws", "search-provisioned-products");
    let calls = machine.boot("instance-env.sh");
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.contains("/profile/"))
            .count(),
        5
    );
    let file = machine.read("etc/instance_env_vars.sh");
    assert!(file.contains("export OIDC_USER_ID=1234567\n"), "{file}");
    assert!(file.contains("export OWNER_EMAIL=''\n"), "{file}");
    assert!(file.contains("export PRODUCT_NAME=''\n"), "{file}");
    let log = machine.read("boot.log");
    assert!(
        log.contains("WARNING OIDC_USERNAME was not found, it stays ''"),
        "{log}"
    );
    assert!(
        log.contains("WARNING PRODUCT_NAME was not found, it stays ''"),
        "{log}"
    );
}

#[test]
fn an_outage_at_a_reload_keeps_what_was_found_before() {
    let machine = Machine::new("env-reload", "linux-docker", &ENV);
    machine.boot("instance-env.sh");
    let before = machine.read("etc/instance_env_vars.sh");
    machine.break_program("curl", "profile");
    machine.break_program("aws", "describe-tags|search-provisioned-products");
    machine.boot("instance-env.sh");
    assert_eq!(machine.read("etc/instance_env_vars.sh"), before);
}

#[test]
fn without_its_own_metadata_the_instance_does_not_boot() {
    let machine = Machine::new("env-imds", "linux-docker", &ENV);
    machine.break_program("curl", "api/token");
    let calls = machine.fails("instance-env.sh");
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.contains("api/token"))
            .count(),
        6
    );
    assert_eq!(
        starting(&calls, "sleep"),
        ["sleep 1", "sleep 2", "sleep 4", "sleep 8", "sleep 16"]
    );
    assert_eq!(machine.read("etc/instance_env_vars.sh"), "");
}

#[test]
fn the_agent_is_installed_for_the_architecture_once_and_configured_when_changed() {
    let machine = Machine::new("agent", "notebook", &agent_env(PACKAGE));
    machine.write("architecture", "aarch64\n");
    let first = machine.boot("agent.sh");
    assert!(
        starting(&first, "curl")[0].ends_with("https://example.org/1.2/arm64/agent.deb"),
        "{first:?}"
    );
    assert_eq!(starting(&first, INSTALL).len(), 1);
    assert_eq!(
        starting(&first, "amazon-cloudwatch-agent-ctl -m ec2 -a fetch-config").len(),
        1
    );

    let second = machine.boot("agent.sh");
    assert_eq!(second, ["amazon-cloudwatch-agent-ctl -m ec2 -a status"]);

    machine.write("opt/cloudwatch-agent.json", "{\"agent\": {}}");
    let third = machine.boot("agent.sh");
    assert!(starting(&third, "apt-get").is_empty());
    assert_eq!(
        starting(&third, "amazon-cloudwatch-agent-ctl -m ec2 -a fetch-config").len(),
        1
    );
}

#[test]
fn a_package_that_is_not_the_pinned_one_is_never_installed() {
    let machine = Machine::new(
        "agent-digest",
        "notebook",
        &agent_env(&PACKAGE.replace('4', "5")),
    );
    let calls = machine.fails("agent.sh");
    assert!(starting(&calls, "apt-get").is_empty(), "{calls:?}");
    assert!(
        machine
            .read("boot.log")
            .contains("is not the package that was pinned")
    );

    let mut env = agent_env("");
    env.push(("AGENT_KEY_URL", "https://example.org/key"));
    env.push(("AGENT_KEY_FINGERPRINT", "1111 2222"));
    let machine = Machine::new("agent-signer", "notebook", &env);
    machine.write("signer", "33334444");
    assert!(starting(&machine.fails("agent.sh"), "apt-get").is_empty());
    machine.write("signer", "11112222");
    assert_eq!(starting(&machine.boot("agent.sh"), INSTALL).len(), 1);

    let machine = Machine::new("agent-unpinned", "notebook", &agent_env(""));
    let calls = machine.fails("agent.sh");
    assert!(calls.is_empty(), "{calls:?}");
    assert!(
        machine
            .read("boot.log")
            .contains("stack.env has no AGENT_KEY_URL")
    );
}

#[test]
fn without_a_package_of_its_own_the_agent_comes_from_the_distribution() {
    let machine = Machine::new("agent-dnf", "linux-docker", &[]);
    assert_eq!(starting(&machine.boot("agent.sh"), "dnf").len(), 1);
    assert!(starting(&machine.boot("agent.sh"), "dnf").is_empty());
}

#[test]
fn what_is_retried_is_told_with_its_error_when_it_fails_for_good() {
    let machine = Machine::new("retry", "linux-docker", &[]);
    machine.break_program("dnf", ".");
    let calls = machine.fails("agent.sh");
    assert_eq!(starting(&calls, "dnf").len(), 12, "{calls:?}");
    let log = machine.read("boot.log");
    let told = "failed 12 times: dnf install -y -q amazon-cloudwatch-agent: ";
    assert!(log.contains(told), "{log}");
}
