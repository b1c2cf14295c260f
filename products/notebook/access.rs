//! How the browser reaches the notebook: the account's load balancer, a rule for the machine's
//! path, and the machine's proxy behind it.

use super::CredentialSettings;
use crate::part::custom::ListenerRule;
use crate::part::instance::Network;
use compute_catalog::cfn::{Builder, Handle, Sub, Value};
use compute_catalog::iam::{PolicyDocument, Statement};
use compute_catalog::resource::elasticloadbalancingv2 as elb;
use compute_catalog::resource::{ec2, iam, lambda, logs, ssm};

/// The port of the proxy.
const HTTPS: u32 = 443;

/// Declares `NotebookConnectSecurityGroup`: the proxy's port, for the load balancer alone.
pub fn security_group(
    builder: &mut Builder,
    network: &Network,
    balancer: &Value<String>,
) -> Handle<ec2::SecurityGroup> {
    builder.resource(
        "NotebookConnectSecurityGroup",
        // A group's description can't be changed: another one would be another group.
        ec2::SecurityGroup::new("Add ingress to 443 from notebook connection ALB")
            .vpc_id(&network.vpc_id)
            .security_group_ingress([ec2::Ingress::new("tcp")
                .from_port(HTTPS)
                .to_port(HTTPS)
                .source_security_group_id(balancer)]),
    )
}

/// Declares `EC2TargetGroup`. The proxy refuses the health check, which carries no login; that it
/// answers at all is what counts.
pub fn target_group(
    builder: &mut Builder,
    network: &Network,
    instance: &Handle<ec2::Instance>,
) -> Handle<elb::TargetGroup> {
    let path = Sub::new("/${Instance}/").with("Instance", instance);
    let name = Sub::new("TargetGroup-${Instance}").with("Instance", instance);
    let delay = elb::TargetGroupAttribute::new()
        .key("deregistration_delay.timeout_seconds")
        .value("20");
    builder.resource(
        "EC2TargetGroup",
        elb::TargetGroup::new()
            .vpc_id(&network.vpc_id)
            .protocol(elb::TargetGroupProtocol::Https)
            .port(HTTPS)
            .targets([elb::TargetDescription::new(instance).port(HTTPS)])
            .health_check_protocol(elb::TargetGroupHealthCheckProtocol::Https)
            .health_check_path(path)
            .matcher(elb::Matcher::new().http_code("200-499"))
            .health_check_interval_seconds(30)
            .health_check_timeout_seconds(15)
            .healthy_threshold_count(5)
            .unhealthy_threshold_count(3)
            .target_group_attributes([delay])
            .tags([elb::Tag::new("Name", name)]),
    )
}

/// Declares `NotebookAddress`: where the browser finds the notebook, below the address that the load
/// balancer's stack exports. An output can't repeat an export of another stack as it stands
/// (cfn-lint W6001): the address is the stack's own, as a parameter beside the token's.
pub fn address(
    builder: &mut Builder,
    settings: &CredentialSettings,
    instance: &Handle<ec2::Instance>,
    connection_uri: Value<String>,
) -> Handle<ssm::Parameter> {
    let address = Sub::new("${Balancer}/${Instance}/")
        .with("Balancer", connection_uri)
        .with("Instance", instance);
    builder.resource(
        "NotebookAddress",
        ssm::Parameter::new(ssm::ParameterType::String, address)
            .name(settings.filled("/${Prefix}/${Instance}/address", instance)),
    )
}

/// Declares the rule of the machine's path, and the function that keeps it.
///
/// The account's own function creates and deletes rules. When an update replaces the instance, for
/// a new image, another disk size or another subnet, the rule must follow; this function then asks
/// for a new rule, and CloudFormation deletes the old one. So the rule's logical id is its own, not
/// that of versions which gave their rule to the account's function.
pub fn listener_rule(
    builder: &mut Builder,
    instance: &Handle<ec2::Instance>,
    target: &Handle<elb::TargetGroup>,
    listener: &Value<String>,
    rule_function: &Value<String>,
    code: &str,
) {
    let log_group = builder.resource(
        "NotebookRuleLogGroup",
        logs::LogGroup::new().retention_in_days(30),
    );
    let policy = PolicyDocument::new([
        Statement::allow("HandOn")
            .actions(["lambda:InvokeFunction"])
            .on([rule_function]),
        Statement::allow("Log")
            .actions(["logs:CreateLogStream", "logs:PutLogEvents"])
            .on([log_group.arn()]),
    ]);
    let role = builder.resource(
        "NotebookRuleRole",
        iam::Role::new(PolicyDocument::trust(["lambda.amazonaws.com"]))
            .policies([iam::Policy::new(policy, "Function")]),
    );
    let function = builder.resource(
        "NotebookRuleFunction",
        lambda::Function::new(lambda::Code::new().zip_file(code), role.arn())
            .description(
                "Gives the notebook its path on the load balancer, and a new one to its successor",
            )
            .runtime(lambda::FunctionRuntime::Python3_13)
            .handler("index.handler")
            .timeout(60)
            .environment(lambda::Environment::new().variables([("RULE_FUNCTION", rule_function)]))
            .logging_config(lambda::LoggingConfig::new().log_group(&log_group)),
    );
    builder.resource(
        "NotebookListenerRule",
        ListenerRule::new(function.arn(), instance, target, listener),
    );
}
