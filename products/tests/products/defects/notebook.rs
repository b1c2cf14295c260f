//! What notebooks guarantee beyond other machines, by the number of the defect that it rules out.

use crate::catalog;
use crate::catalog::template;
use crate::stack::{INSTANCE, Stack, may};
use serde_json::json;

#[test]
fn d02_a_notebooks_path_follows_a_replaced_instance() {
    let template = template("notebook");
    let rule = Stack::new(&template).properties("NotebookListenerRule");
    assert_eq!(
        rule["ServiceToken"],
        json!({ "Fn::GetAtt": ["NotebookRuleFunction", "Arn"] })
    );
    assert_eq!(rule["InstanceId"], json!({ "Ref": "LinuxInstance" }));
    // The logical id that the account's function kept: its update would be asked of that function.
    assert!(!template.resources.contains_key("AlbListenerRule"));
}

#[test]
fn d06_a_machine_reaches_the_token_of_its_own_notebook_alone() {
    let template = template("notebook");
    let policies = Stack::new(&template).machine_policies();
    let token = |instance: &str| {
        format!(
            "arn:aws:ssm:us-east-1:111122223333:parameter/service-catalog/synapse/cred/{instance}/oidc-accesstoken"
        )
    };
    for action in ["ssm:GetParameter", "ssm:PutParameter"] {
        assert!(may(&policies, action, &token(INSTANCE)), "{action}");
        assert!(
            !may(&policies, action, &token("i-0fedcba9876543210")),
            "{action}"
        );
    }
    let attached = template.resources["InstanceRole"].properties["ManagedPolicyArns"]
        .to_json()
        .to_string();
    assert!(!attached.contains("write-to-ssm"), "{attached}");
}

#[test]
fn d09_nothing_on_a_notebook_holds_the_docker_socket() {
    let body = template("notebook").to_json().to_string();
    assert!(!body.contains("docker.sock") && !body.contains("watchtower"));
}

#[test]
fn d37_the_load_balancer_is_data_and_a_notebook_takes_one_place_of_it() {
    // A load balancer holds a limited number of rules and target groups. How many notebooks an
    // account has, and which load balancer stands before them, the account's data say.
    let ours = template("notebook");
    for kind in [
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Custom::ALBListenerRule",
    ] {
        let count = ours
            .resources
            .values()
            .filter(|resource| resource.kind == kind);
        assert_eq!(count.count(), 1, "{kind}");
    }
    let other = catalog::template_in("notebook", |text| {
        let exports = text
            .lines()
            .map(|line| match line.trim_start().starts_with("ALB") {
                true => line.replace("${AWS::Region}-", "${AWS::Region}-second-"),
                false => line.to_owned(),
            });
        exports.collect::<Vec<_>>().join("\n")
    });
    let place = |template| {
        let stack = Stack::new(template);
        let rule = stack.properties("NotebookListenerRule");
        let ingress =
            stack.properties("NotebookConnectSecurityGroup")["SecurityGroupIngress"].clone();
        let address = stack.properties("NotebookAddress")["Value"].clone();
        [
            rule["ListenerArn"].clone(),
            ingress[0]["SourceSecurityGroupId"].clone(),
            address,
        ]
    };
    for (one, other) in place(&ours).iter().zip(place(&other)) {
        let text = other.to_string();
        assert!(text.contains("us-east-1-second-"), "{text}");
        assert_eq!(one.to_string(), text.replace("-second-", "-"));
    }
}

#[test]
fn d57_nothing_in_a_later_version_puts_the_tokens_placeholder_back() {
    let parameter = Stack::new(&template("notebook")).properties("InstanceSSMParameter");
    let names: Vec<&String> = parameter.as_object().unwrap().keys().collect();
    assert_eq!(names, ["Type", "Value", "Name"]);
}

#[test]
fn d59_the_health_check_asks_what_the_proxy_serves_and_takes_its_refusal() {
    let template = template("notebook");
    let group = &template.resources["EC2TargetGroup"].properties;
    let stack = Stack::new(&template);
    assert_eq!(
        stack
            .standing(&group["HealthCheckPath"])
            .scalar_text()
            .unwrap(),
        format!("/{INSTANCE}/")
    );
    assert_eq!(group["Matcher"].to_json(), json!({ "HttpCode": "200-499" }));
}

#[test]
fn the_proxys_port_is_open_to_the_load_balancer_alone() {
    let ingress = Stack::new(&template("notebook")).properties("NotebookConnectSecurityGroup")["SecurityGroupIngress"].clone();
    assert_eq!(ingress.as_array().unwrap().len(), 1);
    assert_eq!(ingress[0]["FromPort"], 443);
    assert_eq!(ingress[0]["ToPort"], 443);
    assert!(ingress[0]["SourceSecurityGroupId"]["Fn::ImportValue"].is_string());
    assert!(ingress[0].get("CidrIp").is_none());
}
