//! Lines that AWS would refuse, or that nobody could mean, in every file that a person edits: each is told
//! by its rule, at error level, at the line where it stands.

use crate::checkout::Checkout;
use compute_catalog::check::{Finding, Severity};
use xtask::check::findings;
use xtask::workspace::Workspace;

/// A file, what stands there, and what is written in its place; the rule that tells, a part of what it
/// says, and a part of the line that it points at.
type Sabotage = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const LINUX: &str = "products/linux-docker/settings.yaml";
const NOTEBOOK: &str = "products/notebook/settings.yaml";
const WINDOWS: &str = "products/windows/settings.yaml";
const JOB: &str = "products/scheduled-job/settings.yaml";
const SYNAPSE: &str = "products/s3-synapse/settings.yaml";
const LEDGER: &str = "products/linux-docker/history/versions.yaml";
const BODY: &str = "products/linux-docker/history/v2.0.2.yaml";
const FACTS: &str = "products/windows/legacy.json";
const CALLS: &str = "products/linux-docker/calls.yaml";
const CONTRACT: &str = "products/windows/contract.yaml";
const GUIDE: &str = "products/linux-docker/guide.yaml";
const ORGANIZATION: &str = "portfolios/organization.yaml";
const EC2: &str = "portfolios/ec2.yaml";
const BUCKETS: &str = "portfolios/s3-basic.yaml";
const FOUNDATION: &str = "portfolios/foundation.yaml";
const USERS: &str = "portfolios/end-users.yaml";
const OPTIONS: &str = "portfolios/tag-options.yaml";
const COMMUNITIES: &str = "portfolios/communities.yaml";
const HANDBOOK: &str = "portfolios/guide.yaml";
const PROD: &str = "portfolios/environments/prod.yaml";
const DEVELOP: &str = "portfolios/environments/develop.yaml";

const ALLOWED: &str = "    tagUpdate: allowed\n";

const ALL: &[Sabotage] = &[
    // The organisation.
    (
        ORGANIZATION,
        "url: https://www",
        "url: www",
        "syntax",
        "is no address of a page",
        "url: www",
    ),
    (
        ORGANIZATION,
        "email: ",
        "email: x ",
        "syntax",
        "is no e-mail address",
        "email: ",
    ),
    (
        ORGANIZATION,
        "JobsVPCId: { holds: vpc-id, name: \"",
        "JobsVPCId: { holds: vpc-id, name: \"a b",
        "syntax",
        "is no name of an export",
        "JobsVPCId",
    ),
    (
        ORGANIZATION,
        "AWS::S3::Object\"]",
        "AWS:S3:Object\"]",
        "syntax",
        "is no resource type",
        "types: ",
    ),
    // Environments.
    (
        PROD,
        "account: \"",
        "account: \"111122223333\" # \"",
        "offered-versions",
        "has no row for 111122223333",
        "account: ",
    ),
    (
        PROD,
        "region: us-east-1",
        "region: us-esat-1",
        "syntax",
        "is no region of AWS",
        "region: us-esat-1",
    ),
    (
        PROD,
        "promotesFrom: develop",
        "promotesFrom: local",
        "syntax",
        "is on this machine alone",
        "promotesFrom: local",
    ),
    (
        DEVELOP,
        "region: us-east-1",
        "region: us-east-1\npromotesFrom: prod",
        "syntax",
        "would wait for itself",
        "promotesFrom: prod",
    ),
    (
        DEVELOP,
        "region: us-east-1",
        "region: us-east-1\nproducts: { notbook: { id: prod-aaaaaaaaaaaaa } }",
        "catalog-names",
        "`notbook` is no product",
        "notbook",
    ),
    (
        DEVELOP,
        "region: us-east-1",
        "region: us-east-1\nproducts:\n  notebook: { id: prod-aaaaaaaaaaaaa }\n  windows: { id: prod-aaaaaaaaaaaaa }",
        "syntax",
        "is that of `notebook` too",
        "windows: ",
    ),
    (
        PROD,
        "promotesFrom: develop",
        "templateBucket: a..b",
        "syntax",
        "is no name of a bucket",
        "templateBucket",
    ),
    (
        PROD,
        "VPCId: ",
        "VPCId: \"\" # ",
        "syntax",
        "is no name of an export",
        "VPCId: ",
    ),
    // Portfolios.
    (
        EC2,
        "stack: sc-portfolio-ec2",
        "stack: sc-tag-options",
        "catalog-names",
        "the stack `sc-tag-options` is that of",
        "sc-tag-options",
    ),
    (
        EC2,
        "- endUserRole: staff",
        "- pattern: \"arn:aws:iam:::role/*\"",
        "catalog-reach",
        "is no pattern of principals",
        "- pattern",
    ),
    (
        EC2,
        "- endUserRole: staff",
        "- arn: \"arn:asw:iam::123456789012:role/x\"",
        "syntax",
        "is no ARN of a role",
        "- arn",
    ),
    (
        EC2,
        "tagOptions: [CostCenter]",
        "tagOptions: [CostCenter]\nprincipalIds: { staf: Staff }",
        "catalog-names",
        "`staf` is no principal",
        "principalIds",
    ),
    (
        EC2,
        "{ association: Associateec2windows }",
        "{ association: Associateec2linux }",
        "references",
        "is declared twice",
        "Associateec2linux }",
    ),
    (
        EC2,
        "Associateec2windows }\n",
        "Associateec2windows }\n    notify: [\"arn:aws:sns:us-east-1:1234:t\"]\n",
        "syntax",
        "is no ARN of an SNS topic",
        "notify",
    ),
    (
        EC2,
        "Associateec2windows }\n",
        "Associateec2windows }\n    rules:\n      - { name: A, assert: { parameter: WindowsInstanceType, isOneOf: [t3a.small] }, says: a }\n      - { name: B, assert: { parameter: WindowsInstanceType, isOneOf: [t3a.large] }, says: b }\n",
        "catalog-template-rules",
        "no choice of the form meets `B`",
        "name: B",
    ),
    (
        BUCKETS,
        ALLOWED,
        "    tagUpdate: allowed\n    launch: { localRoleName: Nowhere }\n",
        "catalog-reach",
        "shared with nobody",
        "localRoleName",
    ),
    (
        BUCKETS,
        ALLOWED,
        "    tagUpdate: allowed\n    launch: { localRoleName: \"arn:aws:iam::123456789012:role/x\" }\n",
        "syntax",
        "is no name of a role",
        "localRoleName",
    ),
    // The foundation.
    (
        FOUNDATION,
        "name: Stop\n",
        "name: Restart\n",
        "catalog-names",
        "is the name of RestartAction too",
        "name: Restart",
    ),
    (
        FOUNDATION,
        "AWS-StopEC2Instance",
        "AWS-StopEC2Instanz",
        "catalog-names",
        "there is no document",
        "AWS-StopEC2Instanz",
    ),
    (
        FOUNDATION,
        "[linux-docker, notebook, windows]",
        "[linux-docker, s3-private]",
        "catalog-names",
        "`s3-private` has none",
        "s3-private",
    ),
    (
        FOUNDATION,
        "path: /service-catalog/synapse/cred/",
        "path: service-catalog",
        "syntax",
        "is no path of parameters",
        "path: service-catalog",
    ),
    (
        FOUNDATION,
        "tag: service-catalog:notebook",
        "tag: aws:notebook",
        "syntax",
        "is no key of a tag",
        "tag: aws:notebook",
    ),
    (
        FOUNDATION,
        "[ecs-tasks.amazonaws.com]",
        "[ecs-task.amazonaws.com]",
        "catalog-names",
        "there is no service",
        "ecs-task.",
    ),
    (
        FOUNDATION,
        "arn:${AWS::Partition}:s3:::aws-quicksetup-patchpolicy-*",
        "arn:${AWS::Partition}:ec2:*:*:volume/*",
        "policy-fit",
        "works on none of",
        "ec2:*:*:volume/*",
    ),
    (
        FOUNDATION,
        "actions: [cloudwatch:PutMetricData]",
        "actions: [cloudwatch:PutMetricDatum]",
        "iam-action",
        "did you mean `cloudwatch:PutMetricData`",
        "PutMetricDatum",
    ),
    (
        FOUNDATION,
        "stack: sc-notebook-launchrole",
        "stack: sc-compute-catalog",
        "catalog-names",
        "the stack `sc-compute-catalog`",
        "sc-compute-catalog",
    ),
    // Who uses it.
    (
        USERS,
        "roleName: ServiceCatalogExternalEndusers",
        "roleName: ServiceCatalogEndusers",
        "catalog-names",
        "is the name of `staff` too",
        "roleName",
    ),
    (
        USERS,
        "tag: Protected/",
        "tag: \"aws:Protected/\" #",
        "syntax",
        "is no key of a tag",
        "tag: ",
    ),
    (
        USERS,
        "AWS-StartSSHSession",
        "AWS-StartSSHSesion",
        "catalog-names",
        "there is no document",
        "AWS-StartSSHSesion",
    ),
    (
        OPTIONS,
        "key: CostCenter",
        "key: \"aws:CostCenter\"",
        "syntax",
        "is no key of a tag",
        "key: ",
    ),
    (
        OPTIONS,
        "values: []",
        "values: [A / 100000, B / 100000]",
        "catalog-tag-options",
        "has the code of",
        "values: ",
    ),
    (
        COMMUNITIES,
        "  recover:\n    name: ",
        "  other:\n    name: Twice\n    environment: prod\n    role: staff\n  recover:\n    name: Twice # ",
        "syntax",
        "is the name of `other` too",
        "name: Twice # ",
    ),
    (
        COMMUNITIES,
        "    role: staff\n",
        "    role: staff\n    manager: office\n",
        "syntax",
        "is no e-mail address",
        "manager",
    ),
    (
        HANDBOOK,
        "title: Your",
        "titel: Your",
        "syntax",
        "unknown key `titel`",
        "titel",
    ),
    // Products.
    (
        LINUX,
        "ami-07260db8d2b10c0ad",
        "ami-07260d",
        "syntax",
        "is no id of an image",
        "ami-07260d",
    ),
    (
        LINUX,
        "ids: { us-east-1",
        "ids: { eu-west-1",
        "references",
        "`us-east-1` is missing",
        "ids: ",
    ),
    (
        LINUX,
        "{ us-east-1: ami-07260db8d2b10c0ad }",
        "{ us-east-1: ami-07260db8d2b10c0ad, us-west-2: ami-07260db8d2b10c0ad }",
        "syntax",
        "is the image of us-east-1 too",
        "ids: ",
    ),
    (
        LINUX,
        "name: \"EC2: Linux Docker\"",
        "name: \"EC2: Linux\\nDocker\"",
        "syntax",
        "is no name that stands on one line of a page",
        "name: ",
    ),
    (
        LINUX,
        "instanceEnvFile: /opt",
        "instanceEnvFile: opt",
        "syntax",
        "is no whole path of a file",
        "instanceEnvFile",
    ),
    (
        LINUX,
        "loginUsers: [ec2-user, ssm-user]",
        "loginUsers: [ec2-user, ec2-user]",
        "syntax",
        "loginUsers",
        "loginUsers",
    ),
    (
        LINUX,
        "10.50.0.0/16",
        "10.50.0.0/33",
        "syntax",
        "is no network",
        "vpnCidr",
    ),
    (
        LINUX,
        "PatchGroup: prod-default",
        "\"aws:PatchGroup\": prod-default",
        "syntax",
        "is no key of a tag",
        "aws:PatchGroup",
    ),
    (
        LINUX,
        "PatchGroup: prod-default",
        "PatchGroup: \"a;b\"",
        "syntax",
        "is no value of a tag",
        "a;b",
    ),
    (
        NOTEBOOK,
        "prefix: service-catalog",
        "prefix: aws",
        "syntax",
        "is no beginning of a parameter's name",
        "prefix",
    ),
    (
        WINDOWS,
        "name: aws-cli",
        "name: chrome",
        "syntax",
        "the package `chrome` stands at line",
        "name: chrome",
    ),
    (
        WINDOWS,
        "\"EC2: Windows\"",
        "\"EC2: Linux Docker\"",
        "catalog-names",
        "is the name of `linux-docker` too",
        "name: ",
    ),
    (
        JOB,
        "rate(7 days)",
        "rate(1 days)",
        "schedule",
        "1 goes with `day`",
        "schedule",
    ),
    (
        JOB,
        "rate(7 days)",
        "cron(0 6 30,31 feb ? *)",
        "schedule",
        "no month of `feb` has a day 30",
        "schedule",
    ),
    (
        JOB,
        "${AWS::StackName}}",
        "${AWS::StackNme}}",
        "syntax",
        "`AWS::StackNme` is no parameter",
        "StackNme",
    ),
    (
        SYNAPSE,
        "origins: [\"*\"]",
        "origins: [\"https://*.*.org\"]",
        "syntax",
        "is no origin",
        "origins",
    ),
    (
        GUIDE,
        "title: Using",
        "titel: Using",
        "syntax",
        "unknown key `titel`",
        "titel",
    ),
    (
        CALLS,
        "optional: true",
        "optionl: true",
        "syntax",
        "unknown key `optionl`",
        "optionl",
    ),
    // What was released, and what was before.
    (
        LEDGER,
        "- develop\n",
        "- devlop\n",
        "ledger",
        "`devlop`, which had this version, is no environment",
        "name: v1.1.18",
    ),
    (
        LEDGER,
        "name: v2.0.1",
        "name: v2.0.9",
        "ledger",
        "the frozen body is missing",
        "name: v2.0.9",
    ),
    (
        BODY,
        "Description: \"",
        "Description: \"My ",
        "ledger",
        "the frozen body is",
        "name: v2.0.2",
    ),
    // The contract with earlier versions.
    (
        CONTRACT,
        "exceptions:",
        "exeptions:",
        "syntax",
        "exeptions",
        "exeptions:",
    ),
    (
        CONTRACT,
        "- at: Parameters.WindowsInstanceType",
        "- at: Parameters.WindowsInstanceTyp",
        "catalog-names",
        "no version has `WindowsInstanceTyp` under Parameters",
        "WindowsInstanceTyp.",
    ),
    (
        CONTRACT,
        "- at: TgwHubSecurityGroup.GroupDescription",
        "- at: TgwHubSecurityGroup.GroupDescr",
        "catalog-names",
        "has no property `GroupDescr`",
        "GroupDescr",
    ),
    (
        FOUNDATION,
        "- name: AWS::Include",
        "- name: AWS::Inclde",
        "catalog-names",
        "`AWS::Inclde` is no macro of AWS",
        "AWS::Inclde",
    ),
    (
        FOUNDATION,
        "- name: SsmParam",
        "- name: SsmParm",
        "catalog-names",
        "`SsmParm` is no macro of versions of `windows`",
        "SsmParm",
    ),
    (
        FACTS,
        "\"classes\"",
        "\"clases\"",
        "syntax",
        "unknown field `clases`",
        "clases",
    ),
];

#[test]
fn every_line_that_aws_would_refuse_is_told_where_it_stands() {
    // Whatever can be told at once is: of one file that can't be read, and of all that can.
    let mut together: Vec<Vec<&Sabotage>> = Vec::new();
    for sabotage in ALL {
        let is_of = |other: &Sabotage| match sabotage.3 {
            "syntax" => other.3 == "syntax" && other.0 == sabotage.0,
            _ => other.3 != "syntax",
        };
        match together.iter_mut().find(|one| is_of(one[0])) {
            Some(one) => one.push(sabotage),
            None => together.push(vec![sabotage]),
        }
    }
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let (one, other) = together.split_at(together.len() / 2);
        let looked = [one, other].map(|part| {
            scope.spawn(|| {
                let checkout = Checkout::new();
                // What isn't told beside others is told alone.
                let rest = part.iter().flat_map(|all| untold(&checkout, all).0);
                let rest: Vec<&Sabotage> = rest.collect();
                let alone = rest.iter().filter_map(|one| {
                    let (untold, found) = untold(&checkout, &[*one]);
                    let (file, _, to, ..) = untold.first()?;
                    Some(format!("{file}: {to}: not told\n{found}"))
                });
                alone.collect::<Vec<String>>()
            })
        });
        looked
            .into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_account_that_a_frozen_body_only_speaks_of_has_no_row_there() {
    let checkout = Checkout::new();
    let body = checkout.read(BODY);
    let spoken = body.replacen(
        "Description: \"",
        "Description: \"Made for 111122223333. ",
        1,
    );
    assert_ne!(body, spoken);
    checkout.write(BODY, &spoken);
    let text = checkout.read(PROD);
    let account = "account: \"111122223333\" # \"";
    checkout.write(PROD, &text.replacen("account: \"", account, 1));
    let workspace = Workspace::containing(&checkout.path("")).unwrap();
    let found = findings(&workspace);
    let told = found.iter().any(|finding| {
        finding.rule == "offered-versions"
            && finding.message.contains("offers v2.0.2 of `linux-docker`")
            && points_at(&checkout, finding, PROD, "account: ")
    });
    assert!(told, "{found:#?}");
}

/// Which of the sabotages aren't told, where all are made; with what is told.
fn untold<'a>(checkout: &Checkout, all: &[&'a Sabotage]) -> (Vec<&'a Sabotage>, String) {
    let mut before: Vec<(&str, String)> = Vec::new();
    let mut made = Vec::new();
    let mut untold = Vec::new();
    for sabotage in all {
        let (file, from, to, ..) = **sabotage;
        let text = checkout.read(file);
        match text.contains(from) {
            true => made.push(*sabotage),
            // Another stands in its place.
            false => {
                untold.push(*sabotage);
                continue;
            }
        }
        checkout.write(file, &text.replacen(from, to, 1));
        before.push((file, text));
    }
    let workspace = Workspace::containing(&checkout.path("")).unwrap();
    let found = findings(&workspace);
    for (file, _, _, rule, says, line) in &made {
        let told = |finding: &Finding| {
            finding.severity == Severity::Error
                && finding.rule == *rule
                && finding.message.contains(says)
                && points_at(checkout, finding, file_of(file), line)
        };
        if !found.iter().any(told) {
            untold.extend(made.iter().find(|one| one.5 == *line && one.4 == *says));
        }
    }
    for (file, text) in before.iter().rev() {
        checkout.write(file, text);
    }
    let shown = found.iter().map(|one| format!("  {one} {:?}\n", one.place));
    (untold, shown.collect())
}

/// The file that a finding names: of a frozen body, the ledger with its digest.
fn file_of(file: &str) -> &str {
    match file {
        BODY => LEDGER,
        other => other,
    }
}

/// Whether the line that a person edits is in this file, and holds this.
fn points_at(checkout: &Checkout, finding: &Finding, file: &str, line: &str) -> bool {
    let Some(place) = &finding.place else {
        return false;
    };
    let own = format!("{}:{}", place.file, place.line);
    let edit = place.edit.as_ref().unwrap_or(&own);
    let Some((named, number)) = edit.rsplit_once(':') else {
        return false;
    };
    let number: usize = number.parse().unwrap();
    let text = checkout.read(named);
    named == file
        && text
            .lines()
            .nth(number - 1)
            .is_some_and(|own| own.contains(line))
}
