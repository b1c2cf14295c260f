// The stacks around the products, as the catalog has them: what everything stands on, the end users, a
// launch role a product, portfolios with their constraints, tag options. Resources, parameters and
// statements are those of the catalog in number and kind.
import * as cdk from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as catalog from "aws-cdk-lib/aws-servicecatalog";

/** The portfolios, with their products. */
const PORTFOLIOS = {
  ec2: ["linux-docker", "notebook", "windows"],
  "ec2-external": ["linux-docker", "notebook"],
  "s3-basic": ["s3-private", "s3-synapse"],
  "scheduled-jobs": ["scheduled-job"],
};

/** How many statements the launch role of a product has, and how many actions in all. */
const GRANTS = {
  "linux-docker": [27, 80],
  notebook: [35, 135],
  "s3-private": [16, 89],
  "s3-synapse": [18, 97],
  "scheduled-job": [30, 128],
  windows: [27, 81],
};

/** Copies in one portfolio, as in the copies of the catalog. */
const COPIES_PER_PORTFOLIO = 40;

class Around extends cdk.Stack {
  constructor(scope, id, description) {
    super(scope, id, { description, synthesizer: new cdk.LegacyStackSynthesizer(), analyticsReporting: false });
  }

  exports(name, value) {
    new cdk.CfnOutput(this, name, { value, exportName: cdk.Fn.sub(`\${AWS::Region}-${this.node.id}-${name}`) });
  }

  policy(id, statements, actions) {
    const each = Math.ceil(actions / statements);
    const document = new iam.PolicyDocument({ minimize: false });
    for (let at = 0; at < statements; at++) {
      document.addStatements(new iam.PolicyStatement({
        sid: `Statement${at}`,
        actions: Array.from({ length: each }, (_, one) => `cloudformation:Action${at}of${one}`),
        resources: [cdk.Fn.sub(`arn:\${AWS::Partition}:cloudformation:\${AWS::Region}:\${AWS::AccountId}:stack/SC-${at}-*/*`)],
        conditions: at % 4 ? undefined : { StringEquals: { "aws:ResourceAccount": cdk.Aws.ACCOUNT_ID } },
      }));
    }
    return new iam.ManagedPolicy(this, id, { document });
  }
}

const imported = (name) => cdk.Fn.importValue(cdk.Fn.sub(`\${AWS::Region}-${name}`));

function foundation(scope) {
  const stack = new Around(scope, "foundation", "What the catalog stands on");
  const former = new cdk.CfnParameter(stack, "FormerExports", { default: "false", allowedValues: ["true", "false"] });
  const isFormer = new cdk.CfnCondition(stack, "ExportsFormerNames", {
    expression: cdk.Fn.conditionEquals(former.valueAsString, "true"),
  });
  const bucket = new s3.Bucket(stack, "TemplateBucket", {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
  });
  stack.exports("Bucket", bucket.bucketName);
  new cdk.CfnOutput(stack, "FormerBucket", { value: bucket.bucketName, exportName: "templates", condition: isFormer });
  stack.exports("Boundary", stack.policy("PermissionsBoundary", 14, 60).managedPolicyArn);
  stack.policy("ActionsPolicy", 4, 12);
  for (const name of ["Restart", "Start", "Stop"]) {
    const action = new catalog.CfnServiceAction(stack, `${name}Action`, {
      name,
      definitionType: "SSM_AUTOMATION",
      definition: [
        { key: "Name", value: `AWS-${name}EC2Instance` },
        { key: "Version", value: "1" },
        { key: "AssumeRole", value: "LAUNCH_ROLE" },
      ],
    });
    stack.exports(`${name}ActionId`, action.ref);
  }
}

function endUsers(scope) {
  const stack = new Around(scope, "end-users", "Roles that people take to use the catalog");
  const login = new cdk.CfnParameter(stack, "LoginRoleArn", { allowedPattern: "^arn:[a-z-]+:iam::[0-9]{12}:role/.+$" });
  const policies = Array.from({ length: 6 }, (_, at) => stack.policy(`Policy${at}`, 4, 24));
  for (const name of ["Staff", "External"]) {
    const role = new iam.Role(stack, `${name}Role`, {
      assumedBy: new iam.ArnPrincipal(login.valueAsString),
      managedPolicies: policies.slice(0, 4),
    });
    stack.exports(`${name}RoleArn`, role.roleArn);
  }
}

function launchRole(scope, product, id) {
  const stack = new Around(scope, `${id}-launchrole`, `As whom ${id} is launched`);
  const [statements, actions] = GRANTS[product];
  const role = new iam.Role(stack, "LaunchRole", {
    assumedBy: new iam.ServicePrincipal("servicecatalog.amazonaws.com"),
    path: `/service-catalog/${id}/`,
    managedPolicies: [stack.policy("PlatformPolicy", statements, actions)],
  });
  stack.exports("LaunchRoleArn", role.roleArn);
}

function portfolio(scope, id, products) {
  const stack = new Around(scope, id, `Products of ${id}`);
  const made = new catalog.CfnPortfolio(stack, "Portfolio", {
    displayName: id, providerName: "Example", description: `Products of ${id}`,
  });
  new catalog.CfnPortfolioPrincipalAssociation(stack, "Principal", {
    portfolioId: made.ref, principalArn: imported("end-users-StaffRoleArn"), principalType: "IAM",
  });
  for (const product of products) {
    const parameter = new cdk.CfnParameter(stack, `${product}-id`, { allowedPattern: "^prod-[a-z0-9]{13}$" });
    const placed = { portfolioId: made.ref, productId: parameter.valueAsString };
    const association = new catalog.CfnPortfolioProductAssociation(stack, `${product}-association`, placed);
    const constraints = [
      new catalog.CfnLaunchRoleConstraint(stack, `${product}-launch`, {
        ...placed, roleArn: imported(`${product}-launchrole-LaunchRoleArn`),
      }),
      new catalog.CfnResourceUpdateConstraint(stack, `${product}-tags`, {
        ...placed, tagUpdateOnProvisionedProduct: "ALLOWED",
      }),
    ];
    for (const constraint of constraints) constraint.addResourceDependency(association);
  }
  stack.exports("PortfolioId", made.ref);
}

/** Makes them, for so many copies of the products. */
export function around(scope, copies) {
  const copied = (name, copy) => (copy ? `${name}-${copy}` : name);
  foundation(scope);
  endUsers(scope);
  for (let copy = 0; copy < copies; copy++) {
    for (const product of Object.keys(GRANTS)) launchRole(scope, product, copied(product, copy));
  }
  const portfolios = [];
  for (let first = 0; first < copies; first += COPIES_PER_PORTFOLIO) {
    const numbers = Array.from({ length: Math.min(COPIES_PER_PORTFOLIO, copies - first) }, (_, at) => first + at);
    for (const [name, products] of Object.entries(PORTFOLIOS)) {
      const id = copied(`portfolio-${name}`, first / COPIES_PER_PORTFOLIO);
      portfolio(scope, id, numbers.flatMap((copy) => products.map((product) => copied(product, copy))));
      portfolios.push(id);
    }
  }
  const options = new Around(scope, "tag-options", "Tags that launches ask for");
  for (const value of ["No Program / 000000", "Other / 000001"]) {
    const option = new catalog.CfnTagOption(options, `Option${value.slice(-1)}`, { key: "CostCenter", value, active: true });
    for (const id of portfolios) {
      new catalog.CfnTagOptionAssociation(options, `Option${value.slice(-1)}-${id}`, {
        resourceId: imported(`${id}-PortfolioId`), tagOptionId: option.ref,
      });
    }
  }
}
