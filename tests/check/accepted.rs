//! What CloudFormation takes isn't an error: each case stands in templates of others that work.

use compute_catalog::cfn::read;
use compute_catalog::check::{Severity, check_file};

/// What is said of a template at error level by rules of what AWS refuses.
fn errors(template: &str) -> Vec<String> {
    let read = read(template).unwrap_or_else(|errors| panic!("{errors:?}\n{template}"));
    // How safe something is, is another question.
    const SAFE: [&str; 6] = [
        "encryption",
        "metadata-service",
        "retention",
        "public-access",
        "tls",
        "key-rotation",
    ];
    check_file("t.yaml", &read, template)
        .into_iter()
        .filter(|one| one.severity == Severity::Error && !SAFE.contains(&one.rule))
        .map(|one| format!("{}: {}: {}", one.rule, one.path, one.message))
        .collect()
}

const MACHINE: &str = "
Resources:
  M:
    Type: AWS::EC2::Instance
    CreationPolicy: {ResourceSignal: {Timeout: PT15M}}
    Metadata:
      AWS::CloudFormation::Init:
        configSets: {default: [always, !If [More, sometimes, !Ref 'AWS::NoValue']]}
        always: {files: {/opt/x: {content: x, mode: 000400, owner: root, group: root}}}
        sometimes: {commands: {a: {command: 'wget --output-document=/opt/y.jar https://example.org/y.jar'}, b: {command: java -jar /opt/y.jar}}}
    Properties:
      ImageId: ami-0123456789abcdef0
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          trap '/opt/aws/bin/cfn-signal -e 1 --region ${AWS::Region} --stack ${AWS::StackName} --resource M' ERR
          /opt/aws/bin/cfn-init -v --stack ${AWS::StackName} --resource M --region ${AWS::Region}
          /opt/aws/bin/cfn-signal -e 0 --region ${AWS::Region} --stack ${AWS::StackName} --resource M
";

#[test]
fn what_cloudformation_takes_is_no_error() {
    for (what, template) in [
        (
            "a mode without quotes; a signal in a trap; a configuration that one choice leaves out",
            format!("Parameters: {{P: {{Type: String, Default: a}}}}\nConditions: {{More: !Equals [!Ref P, a]}}{MACHINE}"),
        ),
        (
            "items of a list with spaces between them",
            "Parameters: {P: {Type: CommaDelimitedList, Default: 'a, b', AllowedValues: [a, b]}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Join ['-', !Ref P]}}}".to_owned(),
        ),
        (
            "a least value without a greatest; a comparison of literals",
            "Parameters: {P: {Type: Number, Default: 5, MinValue: 1}}\nConditions: {C: !Equals [a, b]}\nResources: {T: {Type: AWS::SNS::Topic, Condition: C, Properties: {TopicName: !Sub 't${P}'}}}".to_owned(),
        ),
        (
            "a type of machine that anybody may write",
            "Parameters: {P: {Type: String, Default: t3.micro}}\nResources: {M: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-0123456789abcdef0, InstanceType: !Ref P}}}".to_owned(),
        ),
        (
            "a rule of a firewall, which has a statement",
            "Resources: {F: {Type: AWS::WAFv2::WebACL, Properties: {Scope: REGIONAL, DefaultAction: {Allow: {}}, Rules: [{Name: a, Priority: 0, Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: b}}}]}}}".to_owned(),
        ),
        (
            "a loop over a collection that only a launch knows",
            "Transform: AWS::LanguageExtensions\nParameters: {P: {Type: String}}\nMappings: {A: {b: {c: [x, y]}}}\nResources:\n  Fn::ForEach::Topics:\n    - Name\n    - !FindInMap [A, !Ref P, c]\n    - 'T${Name}': {Type: AWS::SNS::Topic}\n".to_owned(),
        ),
        (
            "a look ahead that is repeated",
            "Parameters: {P: {Type: String, Default: a, AllowedPattern: '^(?=.*?[a-z])?.+$'}}\nResources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref P}}}".to_owned(),
        ),
        (
            "user data that runs what another resource says",
            format!("Parameters: {{P: {{Type: String, Default: a}}}}\nConditions: {{More: !Equals [!Ref P, a]}}{MACHINE}  N:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-0123456789abcdef0\n      UserData: {{Fn::Base64: !Sub \"#!/bin/bash\\ncfn-init --stack ${{AWS::StackName}} --resource M --region ${{AWS::Region}}\\n\"}}\n"),
        ),
    ] {
        assert_eq!(errors(&template), Vec::<String>::new(), "{what}");
    }
}
