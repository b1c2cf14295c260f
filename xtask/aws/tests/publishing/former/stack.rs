//! The stacks of then: portfolios, products in them, and launch roles.

use super::{Former, PRODUCTS};
use aws_sdk_cloudformation::types::{Capability, ChangeSetType, Parameter};

/// The stacks of portfolios, with the logical id and the name of the portfolio.
const PORTFOLIOS: [(&str, &str, &str); 4] = [
    ("sc-portfolio-ec2", "SCEC2portfolio", "Sage EC2 Porfolio"),
    (
        "sc-portfolio-ec2-external",
        "SCEC2portfolio",
        "Collaborator EC2 Porfolio",
    ),
    ("sc-portfolio-s3-basic", "SCS3portfolio", "S3 Portfolio"),
    (
        "sc-portfolio-scheduled-jobs",
        "SCScheduledJobsPortfolio",
        "Sage Scheduled Jobs Porfolio",
    ),
];

/// The stacks that put products into portfolios: the product, and the export of each portfolio. They
/// hold association, launch constraint, and the constraint on tags.
const PLACEMENTS: [(&str, &str, &[&str]); 6] = [
    (
        "sc-product-ec2-linux-docker",
        "linux-docker",
        &[EC2, EXTERNAL],
    ),
    (
        "sc-product-ec2-linux-docker-notebook",
        "notebook",
        &[EC2, EXTERNAL],
    ),
    ("sc-product-ec2-windows-jumpcloud", "windows", &[EC2]),
    ("sc-product-s3-private-enc", "s3-private", &[S3]),
    ("sc-product-s3-synapse", "s3-synapse", &[S3]),
    ("sc-product-scheduled-jobs", "scheduled-job", &[JOBS]),
];
const EC2: &str = "us-east-1-sc-portfolio-ec2-SCEC2portfolioId";
const EXTERNAL: &str = "us-east-1-sc-portfolio-ec2-external-SCEC2portfolioId";
const S3: &str = "us-east-1-sc-portfolio-s3-basic-SCS3portfolioId";
const JOBS: &str = "us-east-1-sc-portfolio-scheduled-jobs-SCScheduledJobsPortfolioId";

/// What notebooks of then could do with the parameter that holds their token.
const WRITE_TO_SSM: &str = r#"
Resources:
  WriteToSSMPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: ssm:PutParameter
            Resource: "arn:aws:ssm:*:*:parameter/service-catalog/synapse/cred/*"
Outputs:
  WriteToSSMPolicy:
    Value: !Ref WriteToSSMPolicy
    Export: { Name: us-east-1-sc-product-ec2-linux-notebook-write-to-ssm-policy-WriteToSSMPolicy }
"#;

impl Former {
    /// Makes the launch roles, the portfolios, and what puts products into them.
    pub(super) async fn deploy_stacks_of_then(&self) {
        for role in [
            "sc-ec2vpc-launchrole",
            "sc-s3-launchrole",
            "sc-scheduled-jobs-launchrole",
        ] {
            self.deploy(role, &launch_role(role), []).await;
        }
        let policy = "sc-product-ec2-linux-notebook-write-to-ssm-policy";
        self.deploy(policy, WRITE_TO_SSM, []).await;
        for (stack, portfolio, name) in PORTFOLIOS {
            let people = match stack.contains("external") {
                true => ("Principalexternal", "ServiceCatalogExternalEndusers"),
                false => ("Principalstaff", "ServiceCatalogEndusers"),
            };
            let template = portfolio_stack(stack, portfolio, name, people);
            self.deploy(stack, &template, []).await;
        }
        for (stack, key, portfolios) in PLACEMENTS {
            let template = self.placement(key, portfolios);
            self.deploy(stack, &template, []).await;
        }
    }

    /// A stack that puts a product into portfolios.
    fn placement(&self, key: &str, portfolios: &[&str]) -> String {
        let product = &self.ids[key].0;
        let role = PRODUCTS.iter().find(|(one, _)| *one == key).unwrap().1;
        let mut text = "Resources:\n".to_owned();
        for (number, portfolio) in portfolios.iter().enumerate() {
            text.push_str(&format!(
                "  Associate{number}:
    Type: AWS::ServiceCatalog::PortfolioProductAssociation
    Properties: {{ PortfolioId: !ImportValue {portfolio}, ProductId: {product} }}
  Constrain{number}:
    Type: AWS::ServiceCatalog::LaunchRoleConstraint
    DependsOn: Associate{number}
    Properties:
      PortfolioId: !ImportValue {portfolio}
      ProductId: {product}
      RoleArn: !ImportValue us-east-1-{role}-LaunchRoleArn
  ConstraintTagUpdate{number}:
    Type: AWS::ServiceCatalog::ResourceUpdateConstraint
    DependsOn: Associate{number}
    Properties:
      PortfolioId: !ImportValue {portfolio}
      ProductId: {product}
      TagUpdateOnProvisionedProduct: ALLOWED
"
            ));
        }
        text
    }

    /// Makes a stack.
    pub async fn deploy<'a>(
        &self,
        name: &str,
        template: &str,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let stacks = &self.session.stacks;
        let values = values.into_iter().map(|(name, value)| {
            let parameter = Parameter::builder().parameter_key(name);
            parameter.parameter_value(value).build()
        });
        let change_set = stacks
            .create_change_set()
            .stack_name(name)
            .change_set_name("first")
            .change_set_type(ChangeSetType::Create)
            .capabilities(Capability::CapabilityNamedIam)
            .template_body(template)
            .set_parameters(Some(values.collect()));
        let change_set = change_set.send().await.unwrap().id.unwrap();
        let execute = stacks.execute_change_set().change_set_name(change_set);
        execute.send().await.unwrap();
        let described = stacks
            .describe_stacks()
            .stack_name(name)
            .send()
            .await
            .unwrap();
        let stack = &described.stacks()[0];
        let status = stack.stack_status().unwrap().as_str();
        let reason = stack.stack_status_reason();
        assert_eq!(status, "CREATE_COMPLETE", "{name}: {reason:?}");
    }
}

fn portfolio_stack(
    stack: &str,
    portfolio: &str,
    name: &str,
    (principal, people): (&str, &str),
) -> String {
    format!(
        "Resources:
  {portfolio}:
    Type: AWS::ServiceCatalog::Portfolio
    Properties: {{ DisplayName: {name}, ProviderName: Somebody }}
  {principal}:
    Type: AWS::ServiceCatalog::PortfolioPrincipalAssociation
    Properties:
      PortfolioId: !Ref {portfolio}
      PrincipalARN: !ImportValue us-east-1-sc-enduser-iam-{people}-RoleArn
      PrincipalType: IAM
Outputs:
  {portfolio}Id:
    Value: !Ref {portfolio}
    Export: {{ Name: us-east-1-{stack}-{portfolio}Id }}
"
    )
}

/// The roles of then could do nearly everything.
fn launch_role(stack: &str) -> String {
    format!(
        "Resources:
  LaunchRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {stack}
      AssumeRolePolicyDocument:
        Statement:
          - {{ Effect: Allow, Principal: {{ Service: servicecatalog.amazonaws.com }}, Action: sts:AssumeRole }}
      Policies:
        - PolicyName: launch
          PolicyDocument:
            Statement: [{{ Effect: Allow, Action: \"*\", Resource: \"*\" }}]
Outputs:
  LaunchRoleArn:
    Value: !GetAtt LaunchRole.Arn
    Export: {{ Name: us-east-1-{stack}-LaunchRoleArn }}
"
    )
}
