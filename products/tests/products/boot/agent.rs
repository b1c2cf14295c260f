//! What the CloudWatch agents are told to send, and where: the configurations, as text.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// An agent configuration as the stack SC-1 has it.
fn agent_configuration(file: &str) -> Value {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let text = text
        .replace("${AWS::StackName}", "SC-1")
        .replace("${SystemLogGroup}", "the-group");
    serde_json::from_str(&text).unwrap()
}

/// The keys of the objects at these places are those that the agent documents.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html>
fn has_keys(config: &Value, documented: &[(&str, &[&str])]) {
    for (pointer, keys) in documented {
        let object = config.pointer(pointer).and_then(Value::as_object).unwrap();
        let found: BTreeSet<_> = object.keys().map(String::as_str).collect();
        assert_eq!(found, keys.iter().copied().collect(), "{pointer}");
    }
}

/// What is collected under this key, with the stream that it goes to.
fn streams<'a>(config: &'a Value, collected: &str, name: &str) -> Vec<(&'a str, &'a str)> {
    config["logs"]["logs_collected"][collected]["collect_list"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            assert_eq!(entry["log_group_name"], "the-group");
            let text = |key: &str| entry[key].as_str().unwrap();
            (text(name), text("log_stream_name"))
        })
        .collect()
}

#[test]
fn the_agent_of_linux_sends_the_boot_and_uses_documented_keys_alone() {
    let config = agent_configuration("shared/boot/linux/cloudwatch-agent.json.sub");
    has_keys(
        &config,
        &[
            ("", &["agent", "logs", "metrics"]),
            ("/agent", &["metrics_collection_interval", "run_as_user"]),
            // append_dimensions would take the host dimension away.
            ("/metrics", &["metrics_collected", "namespace"]),
            ("/metrics/metrics_collected", &["cpu", "disk", "mem"]),
            (
                "/metrics/metrics_collected/cpu",
                &["measurement", "totalcpu"],
            ),
            (
                "/metrics/metrics_collected/disk",
                &[
                    "drop_device",
                    "ignore_file_system_types",
                    "measurement",
                    "resources",
                ],
            ),
            ("/metrics/metrics_collected/mem", &["measurement"]),
            ("/logs", &["logs_collected"]),
            ("/logs/logs_collected", &["files"]),
            ("/logs/logs_collected/files", &["collect_list"]),
            (
                "/logs/logs_collected/files/collect_list/0",
                &["file_path", "log_group_name", "log_stream_name", "timezone"],
            ),
        ],
    );
    assert_eq!(config["metrics"]["namespace"], "CWAgent/SC-1");
    let ignored = config["metrics"]["metrics_collected"]["disk"]["ignore_file_system_types"]
        .as_array()
        .unwrap();
    for kind in ["overlay", "tmpfs", "squashfs"] {
        assert!(ignored.contains(&json!(kind)), "{kind}");
    }
    assert_eq!(
        streams(&config, "files", "file_path"),
        [
            ("/var/log/cloud-init-output.log", "{instance_id}/init"),
            ("/var/log/cfn-init-cmd.log", "{instance_id}/init"),
            ("/var/log/cfn-init.log", "{instance_id}/cfn-init"),
            ("/var/log/compute-catalog.log", "{instance_id}/boot"),
            ("/var/log/syslog", "{instance_id}/syslog"),
        ]
    );
}

#[test]
fn the_agent_of_windows_sends_the_boot_and_the_event_logs_and_uses_documented_keys_alone() {
    let config = agent_configuration("windows/files/cloudwatch-agent.json.sub");
    has_keys(
        &config,
        &[
            ("", &["agent", "logs", "metrics"]),
            ("/agent", &["metrics_collection_interval"]),
            ("/metrics", &["metrics_collected", "namespace"]),
            // Counters by the names of Windows: what stands for them is free.
            (
                "/metrics/metrics_collected",
                &["LogicalDisk", "Memory", "Processor"],
            ),
            ("/logs", &["logs_collected"]),
            ("/logs/logs_collected", &["files", "windows_events"]),
            (
                "/logs/logs_collected/files/collect_list/0",
                &["file_path", "log_group_name", "log_stream_name"],
            ),
            (
                "/logs/logs_collected/windows_events/collect_list/0",
                &[
                    "event_format",
                    "event_levels",
                    "event_name",
                    "log_group_name",
                    "log_stream_name",
                ],
            ),
        ],
    );
    assert_eq!(config["metrics"]["namespace"], "CWAgent/SC-1");
    assert_eq!(
        streams(&config, "files", "file_path"),
        [
            (
                r"C:\ProgramData\Amazon\EC2Launch\log\agent.log",
                "{instance_id}/init"
            ),
            (r"C:\cfn\log\cfn-init-cmd.log", "{instance_id}/init"),
            (r"C:\cfn\log\cfn-init.log", "{instance_id}/cfn-init"),
            (r"C:\compute-catalog\boot.log", "{instance_id}/boot"),
        ]
    );
    assert_eq!(
        streams(&config, "windows_events", "event_name"),
        [
            ("System", "{instance_id}/system"),
            ("Application", "{instance_id}/application"),
        ]
    );
}
