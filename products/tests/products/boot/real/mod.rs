//! The boot of each Linux product by the real cfn-init, cfn-hup and cfn-signal, in a throw-away root:
//! from the user data and the metadata of the template to the signal. Needs root, `unshare`, overlay
//! mounts and Python 2.7; `scripts/cfn-init.sh` fetches the rest, and says where it can't be tested.

use super::machine::{Machine, PACKAGE, PRODUCTS};
use crate::catalog;
use crate::stack::{INSTANCE, Stack};
use compute_catalog::cfn::{Node, Template};
use serde_json::Value;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A root to boot in, with the metadata of a stack of the product. Every signature is good there.
struct Root {
    machine: Machine,
    metadata: Value,
    user_data: String,
    process: Child,
    commands: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Root {
    fn new(test: &str, product: &str, id: &str, given: &[(&str, &str)]) -> Root {
        let machine = Machine::new(test, product, &[]);
        for program in ["cfn-init", "cfn-signal"] {
            fs::remove_file(machine.path(&format!("bin/{program}"))).unwrap();
        }
        fs::remove_dir_all(machine.path("opt")).unwrap();
        let template = catalog::template(product);
        let (metadata, user_data) = resolved(&template, id, given);
        let folder = machine.path("");
        let program = |name| {
            env::var(name).unwrap_or_else(|_| panic!("run scripts/cfn-init.sh: {name} isn't set"))
        };
        let script = Path::new(PRODUCTS).join("tests/products/boot/real/root.sh");
        let mut process = Command::new("unshare")
            .args([
                "--mount",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "bash",
            ])
            .arg(script)
            .arg(folder.to_str().unwrap().trim_end_matches('/'))
            .arg(program("CFN_PYTHON"))
            .arg(program("CFN_BOOTSTRAP"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let root = Root {
            commands: process.stdin.take().unwrap(),
            said: BufReader::new(process.stdout.take().unwrap()),
            machine,
            metadata,
            user_data,
            process,
        };
        let signer = root.metadata.to_string();
        if let Some((_, rest)) = signer.split_once("AGENT_KEY_FINGERPRINT=") {
            let fingerprint = rest.split("\\n").next().unwrap_or_default();
            root.machine.write("signer", &fingerprint.replace(' ', ""));
        }
        root.machine.write("status", "CREATE_IN_PROGRESS");
        root.machine.write("user-data", &root.user_data);
        root.publish();
        root
    }

    /// Makes the metadata what CloudFormation answers.
    fn publish(&self) {
        self.machine
            .write("metadata.json", &self.metadata.to_string());
    }

    /// Runs a command in the root: its exit code, what it printed, and the calls of stand-ins.
    fn run(&mut self, command: &str) -> (i32, String, Vec<String>) {
        self.machine.write("calls", "");
        self.machine.write("signals", "");
        writeln!(self.commands, "{command}").unwrap();
        let mut text = String::new();
        loop {
            let mut line = String::new();
            let read = self.said.read_line(&mut line).unwrap();
            assert!(
                read > 0,
                "the root is gone: {text}{}",
                self.machine.read("cloud.log")
            );
            if let Some(code) = line.strip_prefix("exit ") {
                let calls = self.machine.read("calls");
                let calls = calls.lines().map(str::to_owned).collect();
                return (code.trim().parse().unwrap(), text, calls);
            }
            text.push_str(&line);
        }
    }

    /// Boots: the user data as the machine runs it.
    fn boot(&mut self) -> (i32, String, Vec<String>) {
        let script = self.machine.path("user-data");
        self.run(&format!("bash {}", script.display()))
    }

    fn signals(&self) -> String {
        self.machine.read("signals")
    }

    /// A file of the root.
    fn read(&mut self, file: &str) -> String {
        self.run(&format!("cat {file}")).1
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// The metadata and the user data of the machine in a stack that stands, with the digest of the
/// package that the stand-in for curl delivers.
fn resolved(template: &Template, id: &str, given: &[(&str, &str)]) -> (Value, String) {
    let stack = given
        .iter()
        .fold(Stack::new(template), |stack, (name, value)| {
            stack.with(name, value)
        });
    let resource = &template.resources[id];
    let metadata = stack
        .standing(&Node::Map(resource.metadata.clone()))
        .to_json();
    let properties = stack
        .standing(&Node::Map(resource.properties.clone()))
        .to_json();
    let user_data = properties["UserData"]["Fn::Base64"]
        .as_str()
        .unwrap()
        .to_owned();
    let text = metadata.to_string();
    let digests = text.split("AGENT_SHA256_").skip(1).filter_map(|rest| {
        let (_, value) = rest.split_once('=')?;
        let digest = value.get(..64)?;
        digest
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then_some(digest)
    });
    let text = digests.fold(text.clone(), |text, digest| text.replace(digest, PACKAGE));
    (serde_json::from_str(&text).unwrap(), user_data)
}

/// A product, the logical id of its machine, and values of its form.
type Boot = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// The Linux products, their machines, and values that lead to other scripts or options.
const BOOTS: [Boot; 3] = [
    ("linux-docker", "EC2Instance", &[]),
    ("notebook", "LinuxInstance", &[("NotebookType", "Rstudio")]),
    ("notebook", "LinuxInstance", &[("NotebookType", "Jupyter")]),
];

/// What changes a machine: a second run without changes makes none of these calls.
const CHANGES: [&str; 10] = [
    "amazon-cloudwatch-agent-ctl -m ec2 -a fetch-config",
    "apt-get",
    "dnf",
    "docker pull",
    "docker rm",
    "docker run",
    "docker start",
    "rpm",
    "systemctl restart",
    "usermod",
];

/// Calls that may fail without failing the launch: what services outside know is looked up anew at the
/// next run, and what isn't there yet is made.
const MAY_FAIL: [&str; 10] = [
    "amazon-cloudwatch-agent-ctl -m ec2 -a status",
    "aws --region us-east-1 --output text ec2 describe-tags",
    "aws --region us-east-1 --output text iam get-role",
    "aws --region us-east-1 --output text servicecatalog",
    "curl -fsS -m 10 https://",
    "docker container inspect --format {{.",
    "docker image inspect",
    "docker network inspect",
    "sleep",
    "systemctl is-active",
];

fn is_one_of(prefixes: &[&str], call: &str) -> bool {
    prefixes.iter().any(|prefix| call.starts_with(prefix))
}

const LOGS: &str = "/var/log/compute-catalog.log /var/log/cfn-init.log";

/// A first boot that must succeed: the calls it made.
fn boots(root: &mut Root, id: &str) -> Vec<String> {
    let (code, said, calls) = root.boot();
    let signals = root.signals();
    let logs = root.read(LOGS);
    assert_eq!(code, 0, "{said}{logs}");
    assert_eq!(signals, format!("SUCCESS {id} {INSTANCE}\n"), "{logs}");
    calls
}

#[test]
#[ignore = "needs root and Python 2.7: scripts/cfn-init.sh"]
fn a_second_run_changes_nothing_and_a_hook_applies_what_changed() {
    for (number, (product, id, given)) in BOOTS.into_iter().enumerate() {
        let mut root = Root::new(&format!("real-runs-{number}"), product, id, given);
        let first = boots(&mut root, id);
        let changes = |calls: &[String]| -> Vec<String> {
            let changes = calls.iter().filter(|call| is_one_of(&CHANGES, call));
            changes.cloned().collect()
        };
        assert!(changes(&first).len() > 2, "{product}: {first:#?}");
        let warned = root.read(LOGS);
        let users = "this image has no user";
        let warned = warned
            .lines()
            .filter(|line| line.contains("WARNING") && !line.contains(users));
        assert_eq!(warned.count(), 0, "{product}");

        // The stand-in for `id` doesn't follow `usermod`.
        root.machine
            .write("bin/id", "#!/bin/bash\necho ec2-user docker\n");
        let second = boots(&mut root, id);
        assert_eq!(
            changes(&second),
            Vec::<String>::new(),
            "{product}: a second run"
        );

        // The first look notes what there is; while an update is under way nothing is applied.
        root.machine.write("status", "UPDATE_COMPLETE");
        let looks = |root: &mut Root| {
            let (code, said, calls) = root.run("cfn-hup --no-daemon");
            assert_eq!(code, 0, "{product}: {said}");
            calls
        };
        looks(&mut root);
        assert_eq!(
            looks(&mut root),
            Vec::<String>::new(),
            "{product}: nothing changed"
        );

        let agent = "/opt/compute-catalog/cloudwatch-agent.json";
        let files = &mut root.metadata["AWS::CloudFormation::Init"]["files"]["files"];
        let content = files[agent]["content"].as_str().unwrap();
        files[agent]["content"] = Value::from(format!("{content}\n"));
        root.publish();
        let hooked = looks(&mut root);
        assert_eq!(
            changes(&hooked),
            [format!("{} -s -c file:{agent}", CHANGES[0])],
            "{product}: what changed is applied, and nothing else: {}",
            root.read("/var/log/cfn-hup.log")
        );
    }
}

#[test]
#[ignore = "needs root and Python 2.7: scripts/cfn-init.sh"]
fn every_call_that_fails_is_signalled_and_told_or_may_fail() {
    for (number, (product, id, given)) in BOOTS.into_iter().enumerate() {
        let name = format!("real-failures-{number}");
        let calls = boots(&mut Root::new(&name, product, id, given), id);
        let mut calls: Vec<&String> = calls.iter().collect();
        calls.sort();
        calls.dedup();
        assert!(calls.len() > 10, "{product}: {calls:#?}");
        for call in calls {
            let (program, arguments) = call.split_once(' ').unwrap_or((call, ""));
            let mut root = Root::new(&name, product, id, given);
            root.machine
                .break_program(program, &exactly(&generic(arguments)));
            let (code, said, _) = root.boot();
            let signals = root.signals();
            let log = root.read("/var/log/compute-catalog.log");
            if is_one_of(&MAY_FAIL, call) {
                assert_eq!(code, 0, "{product}: {call}: {said}{log}");
                assert_eq!(
                    signals,
                    format!("SUCCESS {id} {INSTANCE}\n"),
                    "{product}: {call}"
                );
                continue;
            }
            assert_ne!(code, 0, "{product}: {call} failed unseen: {log}");
            assert_eq!(
                signals,
                format!("FAILURE {id} {INSTANCE}\n"),
                "{product}: {call}"
            );
            let told = log.lines().filter(|line| line.contains(" ERROR ")).count();
            assert_eq!(told, 1, "{product}: {call}: {log}");
        }
    }
}

/// The arguments with what differs from run to run left open.
fn generic(arguments: &str) -> String {
    let words = arguments
        .split(' ')
        .map(|word| match word.split_once("/tmp/tmp.") {
            Some((before, rest)) => format!(
                "{before}/tmp/tmp.\u{0}{}",
                rest.get(10..).unwrap_or_default()
            ),
            None => word.to_owned(),
        });
    words.collect::<Vec<_>>().join(" ")
}

/// A pattern for `grep -E` that matches these arguments alone.
fn exactly(arguments: &str) -> String {
    let mut pattern = String::from("^");
    for letter in arguments.chars() {
        match letter {
            '\u{0}' => pattern.push_str(".{10}"),
            letter if letter.is_ascii_punctuation() && !"/-_=,:@#%\"'".contains(letter) => {
                pattern.push('\\');
                pattern.push(letter);
            }
            letter => pattern.push(letter),
        }
    }
    pattern.push('$');
    pattern
}

#[test]
#[ignore = "needs root and Python 2.7: scripts/cfn-init.sh"]
fn a_mirror_that_answers_late_is_waited_for() {
    for (number, (product, id, given)) in BOOTS.into_iter().enumerate() {
        let mut root = Root::new(&format!("real-late-{number}"), product, id, given);
        // Each outage is over after the third pause.
        root.machine.replace_program(
            "sleep",
            ". \"$MACHINE/bin/record\"\n\
             [ \"$(grep -c '^sleep ' \"$MACHINE/calls\")\" -lt 3 ] || rm -f \"$MACHINE\"/fail/*\n",
        );
        for program in ["dnf", "curl", "docker", "aws"] {
            let pattern = match program {
                "docker" => "^pull",
                "curl" => "https://",
                _ => ".",
            };
            root.machine.break_program(program, pattern);
        }
        let calls = boots(&mut root, id);
        let pauses = calls
            .iter()
            .filter(|call| call.starts_with("sleep "))
            .count();
        assert!(pauses >= 3, "{product}: {calls:#?}");
    }
}

/// The lock that a first boot's own updates hold is held by this very dpkg's lock here.
#[test]
#[ignore = "needs root and Python 2.7: scripts/cfn-init.sh"]
fn a_held_lock_of_dpkg_is_waited_for() {
    let (product, id, given) = BOOTS[1];
    let mut root = Root::new("real-lock", product, id, given);
    let folder = root.machine.path("package");
    fs::create_dir_all(folder.join("DEBIAN")).unwrap();
    let control = "Package: agent-of-a-test\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: none\n";
    fs::write(folder.join("DEBIAN/control"), control).unwrap();
    fs::remove_file(root.machine.path("bin/apt-get")).unwrap();
    let (code, said, _) = root.run("dpkg-deb --build $MACHINE/package $MACHINE/agent.deb");
    assert_eq!(code, 0, "{said}");
    root.machine.replace_program(
        "curl",
        "for argument; do case $argument in */agent.deb) cp \"$MACHINE/agent.deb\" \"$argument\"; exit;; esac; done\n\
         . \"$MACHINE/bin/curl-of-the-test\"\n",
    );
    root.machine.write(
        "hold.py",
        "import fcntl, sys, time\n\
         lock = open('/var/lib/dpkg/lock-frontend', 'w')\n\
         fcntl.lockf(lock, fcntl.LOCK_EX)\n\
         print('held', flush=True)\n\
         time.sleep(8)\n",
    );
    let hold = "mkfifo /tmp/held; python3 $MACHINE/hold.py >/tmp/held & read -r _ </tmp/held; date +%s >/tmp/from";
    let boot = format!("{hold}; bash {}", root.machine.path("user-data").display());
    let (code, said, _) = root.run(&boot);
    let logs = root.read(LOGS);
    assert_eq!(code, 0, "{said}{logs}");
    let (code, said, _) =
        root.run("dpkg -s agent-of-a-test; echo $(($(date +%s) - $(cat /tmp/from)))");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Status: install ok installed"), "{said}");
    let seconds: u64 = said.lines().last().unwrap().parse().unwrap();
    assert!(seconds >= 7, "it didn't wait: {seconds} s");
}
