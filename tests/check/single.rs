//! One mistake each that a rule tells, and the same without it, of which the rule says nothing.

use compute_catalog::cfn::read;
use compute_catalog::check::{check_file, unreadable};

/// The rules that find something in resources.
fn rules_of(resources: &str) -> Vec<&'static str> {
    let template = format!("Resources:\n{resources}");
    let found = match read(&template) {
        Ok(read) => check_file("t.yaml", &read, &template),
        Err(errors) => unreadable("t.yaml", &template, &errors),
    };
    found.iter().map(|finding| finding.rule).collect()
}

const ROLE: &str = "  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}\n      Policies: [{PolicyName: a, PolicyDocument: {Version: '2012-10-17', Statement: [STATEMENT]}}]\n  G: {Type: AWS::Logs::LogGroup}\n  B: {Type: AWS::S3::Bucket}\n";
const MACHINE: &str = "  M:\n    Type: AWS::EC2::Instance\n    CreationPolicy: {ResourceSignal: {Timeout: PT15M}}\n    Properties:\n      ImageId: ami-0123456789abcdef0\n      UserData:\n        Fn::Base64: !Sub |\n          #!/bin/PROGRAM\n          yum install -y httpd\n          /opt/aws/bin/cfn-signal SAYS --stack ${AWS::StackName} --resource M --region ${AWS::Region}\n";
const FUNCTION: &str = "  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: arn:aws:iam::123456789012:role/a\n      Runtime: python3.13\n      Handler: index.HANDLER\n      Environment: {Variables: {LIST: VALUE}}\n      Code:\n        ZipFile: |\n          def handler(event, context)COLON\n          INDENTreturn 1\n";

/// The resources with these words in place of those that stand there.
fn with(text: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(text.to_owned(), |text, (word, instead)| {
        text.replace(word, instead)
    })
}

#[test]
fn each_mistake_is_told_and_nothing_without_it() {
    let statement = |text: &str| with(ROLE, &[("STATEMENT", text)]);
    let machine = |program, says| with(MACHINE, &[("PROGRAM", program), ("SAYS", says)]);
    let function = |handler, value, colon, indent| {
        let words = [
            ("HANDLER", handler),
            ("VALUE", value),
            ("COLON", colon),
            ("INDENT", indent),
        ];
        with(FUNCTION, &words)
    };
    let rule = |source: &str| {
        format!(
            "  E: {{Type: AWS::Events::Rule, Properties: {{EventPattern: {{source: [{source}]}}}}}}\n"
        )
    };
    let one = |text: &str| format!("  X: {{{text}}}\n");
    let group = "{Effect: Allow, Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: !Sub 'arn:aws:logs:us-east-1:123456789012:log-group:${G}END'}";
    let cases = [
        (
            "streams of a group that is named without `:*`",
            "policy-fit",
            statement(&group.replace("END", "")),
            statement(&group.replace("END", ":*")),
        ),
        (
            "a bucket's name where its ARN belongs",
            "policy-fit",
            statement("{Effect: Allow, Action: 's3:ListBucket', Resource: !Ref B}"),
            statement("{Effect: Allow, Action: 's3:ListBucket', Resource: !GetAtt B.Arn}"),
        ),
        (
            "an action that nobody can be denied",
            "iam-action",
            statement("{Effect: Deny, Action: 's3:DeleteObjekt', Resource: '*'}"),
            statement("{Effect: Deny, Action: 's3:DeleteObject', Resource: '*'}"),
        ),
        (
            "an organization's id",
            "iam-policy",
            statement(
                "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}",
            ),
            statement(
                "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*', Condition: {StringEquals: {'aws:PrincipalOrgID': o-abc1234567}}}",
            ),
        ),
        (
            "a denial of what is encrypted",
            "bucket-policy",
            statement(
                "{Effect: Deny, Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'true'}}}",
            ),
            statement(
                "{Effect: Deny, Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}",
            ),
        ),
        (
            "a program that no machine has",
            "user-data",
            machine("bahs", "-e $?"),
            machine("bash", "-e $?"),
        ),
        (
            "success, whatever happened",
            "signal-call",
            machine("bash", "-e 0"),
            machine("bash", "-e $?"),
        ),
        (
            "Python without a colon",
            "function-code",
            function("handler", "a", "", "    "),
            function("handler", "a", ":", "    "),
        ),
        (
            "Python without a block",
            "function-code",
            function("handler", "a", ":", ""),
            function("handler", "a", ":", "    "),
        ),
        (
            "a part of a function's name",
            "function-code",
            function("handle", "a", ":", "    "),
            function("handler", "a", ":", "    "),
        ),
        (
            "a variable that the code reads, and the function doesn't have",
            "function-code",
            function("handler", "a", ":", "    ")
                .replace("return 1", "return os.environ[\"LOST\"]"),
            function("handler", "a", ":", "    ")
                .replace("return 1", "return os.environ[\"LIST\"]"),
        ),
        (
            "a variable that isn't there, read beside what catches everything",
            "function-code",
            function("handler", "a", ":", "    ").replace(
                "return 1",
                "try:\n                  pass\n              except Exception:\n                  pass\n              return os.environ['LOST']",
            ),
            function("handler", "a", ":", "    ").replace(
                "return 1",
                "try:\n                  return os.environ['LOST']\n              except Exception:\n                  pass",
            ),
        ),
        (
            "a variable that is there under a condition only",
            "function-code",
            function("handler", "!If [C, a, !Ref 'AWS::NoValue']", ":", "    ")
                .replace("return 1", "return os.environ['LIST']"),
            function("handler", "!If [C, a, !Ref 'AWS::NoValue']", ":", "    ")
                .replace("return 1", "return os.environ.get('LIST')"),
        ),
        (
            "a signal by a program that nobody has",
            "init-signal",
            machine("bash", "-e $?").replace("cfn-signal", "cfn-signall"),
            machine("bash", "-e $?"),
        ),
        (
            "a variable that is a list",
            "schema",
            function("handler", "[a, b]", ":", "    "),
            function("handler", "a", ":", "    "),
        ),
        (
            "variables of more than 4 KB together",
            "function-code",
            function(
                "handler",
                &format!("{}, MORE: {}", "a".repeat(2100), "b".repeat(2100)),
                ":",
                "    ",
            ),
            function(
                "handler",
                &format!("{}, MORE: {}", "a".repeat(2000), "b".repeat(2000)),
                ":",
                "    ",
            ),
        ),
        (
            "a source of events that there isn't",
            "event-pattern",
            rule("ec2.amazonaws.com"),
            rule("aws.ec2"),
        ),
        (
            "a task's newest image",
            "pinned-image",
            one(
                "Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: nginx}]}",
            ),
            one(
                "Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: a, Image: 'nginx:1.27'}]}",
            ),
        ),
        (
            "a database with a public address",
            "public-access",
            one("Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: true}"),
            one("Type: AWS::RDS::DBInstance, Properties: {PubliclyAccessible: false}"),
        ),
        (
            "a password as text",
            "secret-text",
            one("Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: hunter2hunter2}"),
            one(
                "Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: '{{resolve:secretsmanager:a:SecretString:b}}'}",
            ),
        ),
        (
            "an attribute of a type of which no Rust is made",
            "references",
            "  T: {Type: AWS::DynamoDB::Table}\nOutputs: {A: {Value: !GetAtt T.Name}}\n".to_owned(),
            "  T: {Type: AWS::DynamoDB::Table}\nOutputs: {A: {Value: !GetAtt T.Arn}}\n".to_owned(),
        ),
        (
            "a secure parameter where none is looked up",
            "dynamic-reference",
            one(
                "Type: AWS::Logs::LogGroup, Properties: {LogGroupName: '{{resolve:ssm-secure:a:1}}'}",
            ),
            one(
                "Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: '{{resolve:ssm-secure:a:1}}'}",
            ),
        ),
        (
            "a tag without a name",
            "syntax",
            one("Type: AWS::SNS::Topic, Properties: {DisplayName: ! a}"),
            one("Type: AWS::SNS::Topic, Properties: {DisplayName: a}"),
        ),
        (
            "more datapoints than periods",
            "schema",
            alarm(3, 60, 2),
            alarm(2, 60, 3),
        ),
        (
            "an alarm that looks back more than a day by minutes",
            "schema",
            alarm(1, 60, 1441),
            alarm(1, 60, 1440),
        ),
    ];
    for (what, rule, wrong, right) in cases {
        assert!(
            rules_of(&wrong).contains(&rule),
            "{what}: not told by {rule}: {:?}\n{wrong}",
            rules_of(&wrong)
        );
        assert!(
            !rules_of(&right).contains(&rule),
            "{what}: told without it by {rule}\n{right}"
        );
    }
}

fn alarm(points: u32, period: u32, periods: u32) -> String {
    format!(
        "  A: {{Type: AWS::CloudWatch::Alarm, Properties: {{Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Threshold: 1, ComparisonOperator: GreaterThanThreshold, DatapointsToAlarm: {points}, Period: {period}, EvaluationPeriods: {periods}}}}}\n"
    )
}

#[test]
fn what_works_is_no_error() {
    use compute_catalog::check::Severity;
    let errors = |template: &str| {
        let read = read(template).unwrap_or_else(|errors| panic!("{errors:?}\n{template}"));
        let found = check_file("t.yaml", &read, template);
        let errors = found
            .into_iter()
            .filter(|one| one.severity == Severity::Error);
        errors.map(|one| one.to_string()).collect::<Vec<String>>()
    };
    for (what, template) in [
        (
            "an image that is looked up",
            "Resources: {M: {Type: AWS::EC2::Instance, Properties: {ImageId: '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64}}'}}}",
        ),
        (
            "resources of a macro that become several",
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.b, CodeUri: a, Events: {E: {Type: Api, Properties: {RestApiId: !Ref A, Path: /, Method: GET}}}}}\n  A: {Type: AWS::Serverless::Api, Properties: {StageName: a, DefinitionBody: {x: !GetAtt F.Arn}}}\n",
        ),
        (
            "a text in quotes that goes on to the left",
            "Resources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: '{\n        \"Version\": \"2012-10-17\",\n        \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:ListAllMyBuckets\", \"Resource\": \"*\"}]\n      }'\n",
        ),
        (
            "an API's own policy",
            "Resources: {A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Policy: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {AWS: 'arn:aws:iam::123456789012:root'}, Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}}}}",
        ),
        (
            "a bucket that says nothing",
            "Resources: {B: {Type: AWS::S3::Bucket}}",
        ),
        (
            "a page for everybody",
            "Resources: {G: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]}}}",
        ),
    ] {
        assert_eq!(errors(template), Vec::<String>::new(), "{what}");
    }
}
