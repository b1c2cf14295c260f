//! The notebook's boot script and the user data, run with stand-ins for what is
//! outside: containers that are created once, and a signal that waits for answers.

use super::machine::{Machine, starting};
use compute_catalog::change::Kept;

const DIGEST_A: &str = "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const DIGEST_B: &str = "@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
fn notebook_env<'a>(kind: &'a str, notebook: &'a str, proxy: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("NOTEBOOK_TYPE", kind),
        ("NOTEBOOK_IMAGE", notebook),
        ("PROXY_IMAGE", proxy),
        ("DOCKER_NETWORK", "proxy-net"),
        ("NOTEBOOK_CONTAINER", "notebook"),
        ("WORK_VOLUME", "work-dir"),
        ("SSM_PREFIX", "service/cred"),
        ("SSM_SUFFIX", "token"),
    ]
}

#[test]
fn jupyter_starts_with_work_and_packages_on_the_volume() {
    let image = format!("quay.io/jupyter/base-notebook{DIGEST_A}");
    let proxy = format!("ghcr.io/org/proxy{DIGEST_A}");
    let machine = Machine::new(
        "jupyter",
        "notebook",
        &notebook_env("Jupyter", &image, &proxy),
    );
    let calls = machine.boot("notebook.sh");
    let runs = starting(&calls, "docker run");
    let pip = machine.path("opt/pip.conf");
    assert_eq!(
        runs,
        [
            format!(
                "docker run -d --name notebook --network proxy-net --restart unless-stopped --log-driver local \
                 --label compute-catalog.notebook=Jupyter -v work-dir:/home/jovyan/work -e SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME=/service/cred/i-0123456789abcdef0/token \
                 -e AWS_DEFAULT_REGION=us-east-1 --user root -e GRANT_SUDO=yes -e PYTHONUSERBASE=/home/jovyan/work/.python \
                 -v {}:/opt/conda/pip.conf:ro {image} start-notebook.py --IdentityProvider.token= \
                 --ServerApp.base_url=/i-0123456789abcdef0 --ServerApp.root_dir=/home/jovyan/work",
                pip.display()
            ),
            format!(
                "docker run -d --name reverse-proxy --network proxy-net --restart unless-stopped --log-driver local \
                 --memory 1g --cpus 1 -p 443:443 -e EC2_INSTANCE_ID=i-0123456789abcdef0 -e NOTEBOOK_HOST=notebook \
                 -e AWS_REGION=us-east-1 -e SERVICE_CATALOG_PREFIX=service/cred -e SSM_PARAMETER_SUFFIX=token {proxy}"
            ),
        ]
    );
    assert!(
        calls
            .iter()
            .any(|call| call.ends_with("http://172.18.0.2:8888/i-0123456789abcdef0/api"))
    );
    assert_eq!(machine.read("opt/pip.conf"), "[install]\nuser = true\n");
}

#[test]
fn a_reload_leaves_running_containers_alone_and_starts_stopped_ones() {
    let image = format!("ghcr.io/org/rstudio{DIGEST_A}");
    let proxy = format!("ghcr.io/org/proxy{DIGEST_A}");
    let machine = Machine::new(
        "reload",
        "notebook",
        &notebook_env("Rstudio", &image, &proxy),
    );
    let first = machine.boot("notebook.sh");
    assert_eq!(starting(&first, "docker pull").len(), 2);
    assert!(
        first
            .iter()
            .any(|call| call.starts_with("docker exec --user rstudio notebook Rscript"))
    );

    let changes = [
        "docker run",
        "docker rm",
        "docker start",
        "docker pull",
        "docker network create",
    ];
    let second = machine.boot("notebook.sh");
    for change in changes {
        assert!(starting(&second, change).is_empty(), "{change}: {second:?}");
    }
    machine.write("docker/container/notebook", &format!("{image}\nfalse\n"));
    let third = machine.boot("notebook.sh");
    assert_eq!(starting(&third, "docker start"), ["docker start notebook"]);
}

#[test]
fn a_new_image_reaches_the_proxy_but_never_the_users_container() {
    let image = format!("ghcr.io/org/rstudio{DIGEST_A}");
    let proxy = format!("ghcr.io/org/proxy{DIGEST_A}");
    let machine = Machine::new(
        "image",
        "notebook",
        &notebook_env("Rstudio", &image, &proxy),
    );
    machine.boot("notebook.sh");

    let newer = format!("ghcr.io/org/rstudio{DIGEST_B}");
    let newer_proxy = format!("ghcr.io/org/proxy{DIGEST_B}");
    machine.stack_env(&notebook_env("Rstudio", &newer, &newer_proxy));
    let calls = machine.boot("notebook.sh");
    assert_eq!(
        starting(&calls, "docker rm"),
        ["docker rm -f reverse-proxy"]
    );
    let runs = starting(&calls, "docker run");
    assert_eq!(runs.len(), 1);
    assert!(runs[0].ends_with(&newer_proxy), "{runs:?}");
    assert!(
        machine
            .read("boot.log")
            .contains(&format!("container notebook stays on {image}"))
    );

    std::fs::remove_file(machine.path("docker/container/notebook")).unwrap();
    let calls = machine.boot("notebook.sh");
    assert!(starting(&calls, "docker run")[0].contains(&newer));
}

#[test]
fn another_type_of_notebook_waits_until_the_user_lets_the_old_one_go() {
    let image = format!("ghcr.io/org/image{DIGEST_A}");
    let machine = Machine::new("type", "notebook", &notebook_env("Jupyter", &image, &image));
    machine.boot("notebook.sh");
    // Neither does the proxy of the other kind come: kept.yaml says so.
    let other = format!("ghcr.io/org/image{DIGEST_B}");
    machine.stack_env(&notebook_env("Rstudio", &other, &other));
    let calls = machine.boot("notebook.sh");
    for change in ["docker run", "docker rm", "docker exec"] {
        assert!(starting(&calls, change).is_empty(), "{change}: {calls:?}");
    }
    assert!(
        machine
            .read("boot.log")
            .contains("stays a Jupyter notebook")
    );
}

#[test]
fn what_kept_yaml_names_are_lines_of_the_settings() {
    let file = "products/notebook/kept.yaml";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("notebook/kept.yaml");
    let kept = Kept::read(file, &std::fs::read_to_string(path).unwrap()).unwrap();
    let lines = notebook_env("Jupyter", "", "");
    let known: Vec<&str> = lines.iter().map(|(key, _)| *key).collect();
    let keys: Vec<&str> = kept.keys().collect();
    assert!(keys.contains(&"NOTEBOOK_IMAGE"), "{keys:?}");
    for key in keys {
        assert!(known.contains(&key), "{key}");
    }
}

#[test]
fn every_container_that_the_script_can_meet_says_of_which_type_it_is() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("notebook");
    let mut versions = 0;
    for entry in std::fs::read_dir(folder.join("history")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.contains("notebook.sh") {
            continue;
        }
        versions += 1;
        let is_labelled = text.contains("--label \"$label=$NOTEBOOK_TYPE\"");
        assert!(is_labelled, "{}", path.display());
    }
    assert!(versions >= 3, "{versions}");
    // Nothing on a machine from before this catalog runs the script.
    let before = std::fs::read_to_string(folder.join("legacy/template.yaml")).unwrap();
    assert!(before.contains("AWS::EC2::Instance") && !before.contains("cfn-hup"));
}

#[test]
fn an_image_that_its_publisher_moves_is_refused_before_anything_starts() {
    let proxy = format!("ghcr.io/org/proxy{DIGEST_A}");
    let tags = [
        "",
        ":latest",
        ":1",
        ":1.0",
        ":python-3.12",
        ":2025-02",
        ":1.2.3-rc",
    ];
    for (index, tag) in tags.iter().enumerate() {
        let image = format!("quay.io/jupyter/base-notebook{tag}");
        let env = notebook_env("Jupyter", &image, &proxy);
        let machine = Machine::new(&format!("unpinned-{index}"), "notebook", &env);
        let calls = machine.fails("notebook.sh");
        assert!(calls.is_empty(), "{image}: {calls:?}");
        let says = format!("ERROR image is not pinned: {image}");
        assert!(machine.read("boot.log").contains(&says), "{image}");
    }
}

#[test]
fn a_full_version_and_the_date_of_a_build_are_as_good_as_a_digest() {
    for (test, tag) in [("version", ":1.2.80"), ("date", ":2025-02-18")] {
        let image = format!("ghcr.io/org/image{tag}");
        let machine = Machine::new(test, "notebook", &notebook_env("Jupyter", &image, &image));
        let calls = machine.boot("notebook.sh");
        assert_eq!(starting(&calls, "docker run").len(), 2, "{image}");
    }
}

#[test]
fn a_pull_that_fails_is_tried_again_and_then_fails_the_boot() {
    let image = format!("ghcr.io/org/rstudio{DIGEST_A}");
    let proxy = format!("ghcr.io/org/proxy{DIGEST_A}");
    let machine = Machine::new("pull", "notebook", &notebook_env("Rstudio", &image, &proxy));
    machine.break_program("docker", "pull");
    let calls = machine.fails("notebook.sh");
    assert_eq!(starting(&calls, "docker pull").len(), 12);
    assert!(starting(&calls, "docker run").is_empty());
    machine.repair("docker");
    machine.boot("notebook.sh");

    let newer = format!("ghcr.io/org/proxy{DIGEST_B}");
    machine.stack_env(&notebook_env("Rstudio", &image, &newer));
    machine.break_program("docker", "pull");
    let calls = machine.fails("notebook.sh");
    assert!(
        starting(&calls, "docker rm").is_empty(),
        "the old proxy is gone, without a new one"
    );
}

/// Machine of a notebook with its user data, as CloudFormation would fill it in.
fn with_user_data(test: &str) -> Machine {
    let image = format!("quay.io/jupyter/base-notebook{DIGEST_A}");
    let proxy = format!("ghcr.io/org/proxy{DIGEST_A}");
    let machine = Machine::new(test, "notebook", &notebook_env("Jupyter", &image, &proxy));
    let text = machine
        .read("opt/user-data.sh.sub")
        .replace("${AWS::StackId}", "STACK")
        .replace("${AWS::Region}", "us-east-1")
        .replace("${LogicalId}", "LinuxInstance")
        .replace("${ConfigSets}", "A,B")
        .replace(
            "/var/log/compute-catalog.log",
            &machine.path("boot.log").display().to_string(),
        );
    machine.write("user-data.sh", &text);
    machine.write(
        "commands",
        &format!("{}\n", machine.path("opt/notebook.sh").display()),
    );
    machine
}

#[test]
fn success_is_signalled_only_after_notebook_and_proxy_answered() {
    let machine = with_user_data("signal");
    let (success, calls) = machine.run("user-data.sh", &[]);
    assert!(success);
    assert_eq!(
        calls[0],
        "cfn-init -v --stack STACK --resource LinuxInstance --region us-east-1 --configsets A,B"
    );
    let position = |text: &str| calls.iter().position(|call| call.contains(text)).unwrap();
    assert!(position("8888/i-0123456789abcdef0/api") < position("cfn-signal"));
    assert!(position("https://127.0.0.1/") < position("cfn-signal"));
    assert_eq!(
        starting(&calls, "cfn-signal"),
        [
            "cfn-signal --exit-code 0 --reason cfn-init exit 0 --stack STACK --resource LinuxInstance --region us-east-1"
        ]
    );
}

#[test]
fn a_notebook_that_never_answers_is_signalled_as_failure_with_its_reason() {
    let machine = with_user_data("signal-failure");
    machine.break_program("curl", "8888");
    let (success, calls) = machine.run("user-data.sh", &[]);
    assert!(!success);
    let signals = starting(&calls, "cfn-signal");
    assert_eq!(signals.len(), 1);
    assert!(
        signals[0].starts_with("cfn-signal --exit-code 1 --reason cfn-init exit 1. "),
        "{signals:?}"
    );
    assert!(
        signals[0].contains("ERROR the notebook on port 8888 does not answer"),
        "{signals:?}"
    );
}

#[test]
fn a_signal_that_does_not_get_through_is_sent_again() {
    let machine = with_user_data("signal-again");
    machine.break_program("cfn-signal", ".");
    let (success, calls) = machine.run("user-data.sh", &[]);
    assert!(!success);
    assert_eq!(starting(&calls, "cfn-signal").len(), 5);
}
