//! Scripts are never invisible: what of them is computed is computed as far as it can be, and the rest
//! is read by every rule.

use compute_catalog::cfn::read;
use compute_catalog::check::{Severity, check_file};

/// A machine that waits for a signal, with this user data, below `Fn::Base64`.
fn machine(user_data: &str, more: &str) -> String {
    format!(
        "
Parameters:
  Os: {{Type: String, Default: amazon, AllowedValues: [amazon, ubuntu]}}
  Extra: {{Type: String, Default: ''}}
Mappings:
  Install:
    amazon: {{command: dnf -y install x, signal: 'cfn-signal -e 0 --stack ${{s}} --resource M --region us-east-1'}}
    ubuntu: {{command: apt-get -y install x, signal: 'echo done'}}
Conditions:
  IsAmazon: !Equals [!Ref Os, amazon]
  IsHere: !Equals [!Ref 'AWS::Region', us-east-1]
Resources:
  M:
    Type: AWS::EC2::Instance
    CreationPolicy: {{ResourceSignal: {{Timeout: PT15M}}}}
    Properties:
      ImageId: ami-0123456789abcdef0
      UserData:
        Fn::Base64: {user_data}
{more}"
    )
}

/// What one rule finds, as its messages with their severities.
fn found(rule: &str, template: &str) -> Vec<(Severity, String)> {
    let read = read(template).unwrap_or_else(|errors| panic!("{errors:?}\n{template}"));
    check_file("t.yaml", &read, template)
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| (finding.severity, finding.message))
        .collect()
}

const SIGNAL: &str =
    "cfn-signal -e $? --stack ${AWS::StackName} --resource M --region ${AWS::Region}";

#[test]
fn a_signal_is_seen_wherever_the_text_around_it_is_computed() {
    let signal = SIGNAL;
    for user_data in [
        // A variable of each kind in the map of `Fn::Sub`.
        format!("!Sub [\"#!/bin/bash\\n${{x}}\\n{signal}\\n\", {{x: !If [IsAmazon, dnf, apt]}}]"),
        format!("!Sub [\"#!/bin/bash\\nmkdir ${{x}}\\n{signal}\\n\", {{x: !ImportValue Share}}]"),
        format!(
            "!Sub [\"#!/bin/bash\\nmkdir ${{x}}\\n{signal}\\n\", {{x: !FindInMap [Install, !Ref Os, command]}}]"
        ),
        format!(
            "!Sub [\"#!/bin/bash\\nmkdir ${{x}}\\n{signal}\\n\", {{x: !Select [0, !GetAZs '']}}]"
        ),
        format!(
            "!Sub [\"#!/bin/bash\\nmkdir ${{x}}\\n{signal}\\n\", {{x: !Join ['/', [a, !Select [1, !Split ['-', !Ref Extra]]]]}}]"
        ),
        // The signal itself comes out of what is nested.
        format!("!Sub [\"#!/bin/bash\\n${{x}}\\n\", {{x: !Sub \"{signal}\"}}]"),
        format!(
            "!Sub [\"#!/bin/bash\\n${{x}}\\n\", {{x: !Join [' ', [{}]]}}]",
            signal
                .replace("${", "'${")
                .replace('}', "}'")
                .replace(' ', ", ")
        ),
        format!("!Join [\"\\n\", ['#!/bin/bash', !ImportValue Setup, !Sub \"{signal}\"]]"),
        format!(
            "!Join [\"\\n\", ['#!/bin/bash', !If [IsAmazon, dnf, !Ref 'AWS::NoValue'], !Sub \"{signal}\"]]"
        ),
        format!(
            "!Join [\"\\n\", ['#!/bin/bash', !If [IsHere, !Sub \"{signal}\", !Sub \"true; {signal}\"]]]"
        ),
        format!(
            "!If [IsAmazon, !Sub \"#!/bin/bash\\n{signal}\", !Sub \"#!/bin/bash\\napt update\\n{signal}\"]"
        ),
    ] {
        let found = found("init-signal", &machine(&user_data, ""));
        assert_eq!(found, [], "{user_data}");
    }
}

#[test]
fn a_signal_that_is_missing_for_some_choice_is_told() {
    let hangs = [(
        Severity::Error,
        "nothing signals: the launch hangs until its time is over".to_owned(),
    )];
    let signal = SIGNAL;
    for user_data in [
        "!Sub [\"#!/bin/bash\\nmkdir ${x}\\n\", {x: !ImportValue Share}]".to_owned(),
        "!Sub [\"#!/bin/bash\\n${x}\\n\", {x: !FindInMap [Install, !Ref Os, command]}]".to_owned(),
        // On Ubuntu nothing does.
        "!Sub [\"#!/bin/bash\\n${x}\\n\", {x: !FindInMap [Install, !Ref Os, signal]}]".to_owned(),
        format!("!Join [\"\\n\", ['#!/bin/bash', !If [IsAmazon, !Sub \"{signal}\", 'echo done']]]"),
        format!(
            "!Join [\"\\n\", ['#!/bin/bash', !If [IsHere, !Sub \"{signal}\", !Ref 'AWS::NoValue']]]"
        ),
        format!(
            "!If [IsAmazon, !Sub \"#!/bin/bash\\n{signal}\", !Sub \"#!/bin/bash\\napt update\\n\"]"
        ),
    ] {
        assert_eq!(
            found("init-signal", &machine(&user_data, "")),
            hangs,
            "{user_data}"
        );
    }
}

#[test]
fn a_line_that_nobody_knows_may_signal() {
    for user_data in [
        "!Sub [\"#!/bin/bash\\n${x}\\n\", {x: !ImportValue Setup}]",
        "!Join [\"\\n\", ['#!/bin/bash', !Ref Extra]]",
        "!ImportValue Setup",
    ] {
        let found = found("init-signal", &machine(user_data, ""));
        let levels: Vec<Severity> = found.iter().map(|(severity, _)| *severity).collect();
        assert_eq!(levels, [Severity::Warning], "{user_data}: {found:?}");
        assert!(found[0].1.contains("isn't known"), "{found:?}");
    }
}

#[test]
fn rules_read_what_stands_around_a_computed_part() {
    let x = "x: !If [IsAmazon, dnf, !ImportValue Setup]";
    for (rule, line, message) in [
        (
            "signal-call",
            "cfn-signal -e $? --stack s --resource Nobody --region r",
            "cfn-signal names `Nobody`, and there is no such resource",
        ),
        (
            "signal-call",
            "cfn-init --stack s --resource M",
            "cfn-init without `--region` calls us-east-1 from everywhere",
        ),
        (
            "plain-secret",
            "mysql --password hunter2hunter2",
            "the value of `--password` stands on a command line",
        ),
        (
            "secret-text",
            "export DB_PASSWORD=hunter2hunter2",
            "a `password` is written out in a script",
        ),
        (
            "pinned-download",
            "curl -sL http://example.org/a.sh | bash",
            "",
        ),
    ] {
        let user_data = format!("!Sub [\"#!/bin/bash\\n${{x}}\\n{line}\\n\", {{{x}}}]");
        let found = found(rule, &machine(&user_data, ""));
        assert!(
            found.iter().any(|(_, told)| told.contains(message)),
            "{rule}: {line}: {found:?}"
        );
    }
    // What stands in a branch, in a mapping and in a variable too.
    for user_data in [
        "!If [IsAmazon, \"#!/bin/bash\\nmysql --password hunter2hunter2\\n\", \"#!/bin/bash\\n\"]",
        "!Sub [\"#!/bin/bash\\n${x}\\n\", {x: !If [IsAmazon, mysql --password hunter2hunter2, '']}]",
        "!Sub [\"#!/bin/bash\\n${x}\\n\", {x: !Sub ['mysql --password ${y}', {y: hunter2hunter2}]}]",
        "!Join [\"\\n\", ['#!/bin/bash', !Join [' ', [mysql, --password, hunter2hunter2]]]]",
    ] {
        let found = found("plain-secret", &machine(user_data, ""));
        assert_eq!(found.len(), 1, "{user_data}: {found:?}");
    }
}

#[test]
fn files_and_commands_of_cfn_init_are_read_in_each_choice() {
    let metadata = |config: &str| {
        format!(
            "    Metadata:
      AWS::CloudFormation::Init:
        config: {config}
"
        )
    };
    let signal = "!Sub \"#!/bin/bash\\ncfn-init --stack ${AWS::StackName} --resource M --region ${AWS::Region}\\ncfn-signal -e $? --stack ${AWS::StackName} --resource M --region ${AWS::Region}\\n\"";
    for config in [
        "{commands: {a: {command: !Sub ['mysql --password hunter2hunter2 ${x}', {x: !ImportValue X}]}}}",
        "{commands: {a: {command: !Join [' ', [mysql, --password, hunter2hunter2, !If [IsHere, a, b]]]}}}",
        "{commands: {a: !If [IsAmazon, {command: mysql --password hunter2hunter2}, !Ref 'AWS::NoValue']}}",
        "{commands: !If [IsAmazon, {a: {command: mysql --password hunter2hunter2}}, {b: {command: ls}}]}",
        "!If [IsAmazon, {commands: {a: {command: mysql --password hunter2hunter2}}}, {commands: {b: {command: ls}}}]",
        "{files: {/opt/a.sh: {content: !Sub ['mysql --password hunter2hunter2 ${x}', {x: !GetAtt M.PrivateIp}], mode: '000755', owner: root, group: root}}}",
    ] {
        let found = found("plain-secret", &machine(signal, &metadata(config)));
        assert_eq!(found.len(), 1, "{config}: {found:?}");
    }
    // What signals may stand there as well, beside what is computed.
    let boots = "!Sub \"#!/bin/bash\\ncfn-init --stack ${AWS::StackName} --resource M --region ${AWS::Region}\\n\"";
    for (config, hangs) in [
        (
            format!(
                "{{commands: {{a: {{command: !Sub ['{SIGNAL} ${{x}}', {{x: !ImportValue X}}]}}}}}}"
            ),
            0,
        ),
        (
            "{commands: {a: {command: !Sub ['echo ${x}', {x: !ImportValue X}]}}}".to_owned(),
            1,
        ),
    ] {
        let found = found("init-signal", &machine(boots, &metadata(&config)));
        assert_eq!(found.len(), hangs, "{config}: {found:?}");
    }
}

#[test]
fn machines_of_a_group_signal_for_it() {
    let group = |user_data: &str| {
        format!(
            "
Resources:
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy: {{ResourceSignal: {{Count: 1, Timeout: PT15M}}}}
    Metadata:
      AWS::CloudFormation::Init: {{config: {{commands: {{a: {{command: ls}}}}}}}}
    Properties:
      MinSize: '1'
      MaxSize: '2'
      LaunchTemplate: {{LaunchTemplateId: !Ref Machine, Version: !GetAtt Machine.LatestVersionNumber}}
  Machine:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        UserData: {{Fn::Base64: !Sub \"#!/bin/bash\\n{user_data}\\n\"}}
"
        )
    };
    let signals = "cfn-init --stack ${AWS::StackName} --resource Group --region ${AWS::Region}\\ncfn-signal -e $? --stack ${AWS::StackName} --resource Group --region ${AWS::Region}";
    assert_eq!(found("init-signal", &group(signals)), []);
    assert_eq!(found("init-signal", &group("echo hello")).len(), 1);
    let secret = found("plain-secret", &group("mysql --password hunter2hunter2"));
    assert_eq!(secret.len(), 1, "{secret:?}");
}
