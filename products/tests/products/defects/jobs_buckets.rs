//! What the bucket products and the scheduled job guarantee, by the number of the defect that it
//! rules out. What their functions do is tested in `functions_of_templates`.

use crate::catalog;
use crate::catalog::{build, properties, template};
use compute_catalog::cfn::{DeletionPolicy, Suppression, Template, UpdateReplacePolicy};
use serde_json::{Value, json};

const BUCKETS: [&str; 2] = ["s3-private", "s3-synapse"];
const ALL: [&str; 3] = ["s3-private", "s3-synapse", "scheduled-job"];
const OWNER: (&str, &str) = ("SynapseIDs", "1111111");

fn body(key: &str) -> String {
    catalog::read(&format!("generated/products/{key}.yaml"))
}

fn bucket(key: &str) -> (Template, Value) {
    let template = template(key);
    let properties = properties(&template, "S3Bucket", &[OWNER]);
    (template, properties)
}

fn job(id: &str, parameters: &[(&str, &str)]) -> Value {
    properties(&template("scheduled-job"), id, parameters)
}

#[test]
fn d01_a_bucket_has_a_name_of_its_own_unless_somebody_asks_for_another() {
    for key in BUCKETS {
        let (template, properties) = bucket(key);
        // S3 adds a random part to the stack's name, so no later bucket has the same.
        assert!(properties.get("BucketName").is_none(), "{key}");
        let parameter = &template.parameters["BucketName"];
        assert_eq!(parameter.default, Some("".into()), "{key}");
        let says = parameter.description.as_deref().unwrap();
        assert!(
            says.contains("one that no bucket had before"),
            "{key}: {says}"
        );
    }
}

#[test]
fn d03_the_schedule_follows_its_switch() {
    let state = |switch| job("ScheduleRule", &[("EnableSchedule", switch)])["State"].clone();
    assert_eq!(state("true"), "ENABLED");
    assert_eq!(state("false"), "DISABLED");
    assert_eq!(job("ScheduleRule", &[])["State"], "DISABLED");
}

#[test]
fn d07_what_describes_a_job_holds_none_of_its_variables() {
    // Whoever sees jobs sees their definitions; the function that submits has the variables.
    let definition = job("JobDefinition", &[("EnvVars", "NAME=a-value-of-mine")]);
    assert!(!definition.to_string().contains("a-value-of-mine"));
    let template = template("scheduled-job");
    for (name, output) in &template.outputs {
        let value = output.value.to_json().to_string();
        for parameter in ["EnvVars", "Secrets"] {
            assert!(
                !value.contains(&format!("\"{parameter}\"")),
                "{name}: {value}"
            );
        }
    }
    assert!(template.parameters["Secrets"].no_echo);
}

#[test]
fn d10_a_failed_launch_leaves_no_bucket_and_a_finished_product_leaves_its_data() {
    for key in BUCKETS {
        let (template, _) = bucket(key);
        let bucket = &template.resources["S3Bucket"];
        assert_eq!(
            bucket.deletion_policy,
            Some(DeletionPolicy::RetainExceptOnCreate)
        );
        assert_eq!(
            bucket.update_replace_policy,
            Some(UpdateReplacePolicy::Retain)
        );
    }
}

#[test]
fn d11_the_function_that_submits_gets_every_pair_as_it_was_written() {
    let variables = "A=one,TOKEN=abc==, URL=https://example.org/?a=b";
    let function = job("SubmitFunction", &[("EnvVars", variables)]);
    assert_eq!(
        function["Environment"]["Variables"]["JOB_VARIABLES"],
        "A=one,TOKEN=abc==,URL=https://example.org/?a=b"
    );
}

#[test]
fn d14_the_job_reads_its_own_secrets_and_no_others() {
    assert_eq!(
        job("JobRole", &[])["ManagedPolicyArns"],
        json!([{"Ref": "SecretsAccessPolicy"}])
    );
    let policy = job("SecretsAccessPolicy", &[])["PolicyDocument"].clone();
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0]["Resource"], json!({"Ref": "JobSecrets"}));
    let actions = statements[0]["Action"].as_array().unwrap();
    assert!(actions.contains(&json!("secretsmanager:GetSecretValue")));
    assert!(!actions.contains(&json!("secretsmanager:ListSecrets")));
    let outputs = template("scheduled-job").outputs;
    assert_eq!(
        outputs["JobSecretArn"].value,
        outputs["JobSecretsArn"].value
    );
}

#[test]
fn d15_the_url_changes_with_its_revision_and_its_function_submits_this_job_only() {
    let revision = |id| job(id, &[("SubmitUrlRevision", "7")]);
    assert_eq!(revision("SubmitUrl")["Revision"], 7);
    let function = revision("SubmitFunction");
    assert_eq!(function["Environment"]["Variables"]["URL_REVISION"], 7);
    assert_eq!(
        template("scheduled-job").outputs["SubmitJobApi"]
            .value
            .to_json(),
        json!({"Fn::GetAtt": ["SubmitUrl", "Url"]})
    );
    let document = job("SubmitRole", &[])["Policies"][0]["PolicyDocument"].clone();
    let submit = &document["Statement"][0];
    assert_eq!(submit["Action"], "batch:SubmitJob");
    assert_eq!(
        submit["Resource"],
        json!([
            {"Ref": "JobQueue"},
            "arn:aws:batch:eu-north-1:111122223333:job-definition/SC-1:*",
        ])
    );
}

#[test]
fn d19_no_region_and_no_partition_is_written_down() {
    for key in ALL {
        let text = body(key);
        assert!(!text.contains("us-east-1"), "{key}");
        assert!(!text.contains("arn:aws:"), "{key}");
    }
}

#[test]
fn d26_the_restriction_follows_its_bucket_and_whatever_the_policy_is_made_of() {
    for key in BUCKETS {
        let (template, _) = bucket(key);
        let on = [OWNER, ("RestrictSameRegionDownload", "true")];
        let restriction = properties(&template, "DownloadRestriction", &on);
        let policy = properties(&template, "S3BucketPolicy", &on);
        for (name, value) in policy.as_object().unwrap() {
            if name != "ServiceToken" {
                assert_eq!(restriction[name], *value, "{key}: {name}");
            }
        }
        let statement = &restriction["Statement"]["Statement"][0];
        assert_eq!(statement["Effect"], "Deny");
        assert_eq!(
            statement["Condition"],
            json!({"Null": {"aws:SourceVpce": "true"}})
        );
        assert!(properties(&template, "DownloadRestriction", &[OWNER]).is_null());
        let function = properties(&template, "DownloadRestrictionFunction", &on);
        assert_eq!(function["Runtime"], "python3.13");
    }
}

#[test]
fn d38_clean_up_finds_buckets_by_their_description_and_nothing_else() {
    for key in ALL {
        let description = template(key).description.unwrap();
        assert_eq!(
            description.to_lowercase().contains("s3"),
            BUCKETS.contains(&key),
            "{key}: {description}"
        );
    }
    for key in BUCKETS {
        let (_, properties) = bucket(key);
        assert!(properties.get("VersioningConfiguration").is_none(), "{key}");
    }
}

#[test]
fn d43_words_and_arrays_make_a_command() {
    let command = |text| {
        let parameters = [("Command", text)];
        let definition = job("JobDefinition", &parameters);
        let function = job("SubmitFunction", &parameters);
        (
            definition["ContainerProperties"]["Command"].clone(),
            function["Environment"]["Variables"]["JOB_COMMAND"].clone(),
        )
    };
    assert_eq!(command(""), (Value::Null, Value::Null));
    assert_eq!(
        command("echo hello [world]"),
        (json!(["echo", "hello", "[world]"]), Value::Null)
    );
    let array = r#"["sh", "-c", "echo hello"]"#;
    assert_eq!(command(array), (Value::Null, json!(array)));
}

#[test]
fn d44_the_queue_keeps_the_jobs_that_wait_in_it() {
    // A policy can't be added to a queue: it would be another queue.
    assert!(job("JobQueue", &[]).get("SchedulingPolicyArn").is_none());
    let template = template("scheduled-job");
    assert!(template.resources.contains_key("SchedulingPolicy"));
}

#[test]
fn d47_uploads_that_never_finish_are_deleted() {
    for key in BUCKETS {
        let (_, properties) = bucket(key);
        let rules = properties["LifecycleConfiguration"]["Rules"].clone();
        assert_eq!(
            rules[1]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"], 7,
            "{key}"
        );
    }
}

#[test]
fn d49_every_output_is_explained_and_leads_to_the_documentation() {
    for key in ALL {
        let outputs = template(key).outputs;
        assert!(outputs.contains_key("Documentation"), "{key}");
        for (name, output) in outputs {
            let text = output.description.unwrap_or_default();
            assert!(text.len() > 10, "{key}: {name}: {text:?}");
        }
    }
}

#[test]
fn d50_the_image_that_is_there_at_first_is_one_image() {
    let image = job("JobDefinition", &[])["ContainerProperties"]["Image"].clone();
    let (_, tag) = image.as_str().unwrap().split_once(':').unwrap();
    assert!(tag.starts_with(|c: char| c.is_ascii_digit()), "{image}");
    assert!(tag.contains('.'), "{image} moves from release to release");
}

#[test]
fn d55_no_macro_but_the_owner_files_and_one_lint_suppression_for_it() {
    for key in ALL {
        let template = template(key);
        let transforms: &[&str] = match key {
            "s3-synapse" => &["S3Objects"],
            _ => &[],
        };
        let names: Vec<&str> = template
            .transform
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, transforms, "{key}");
        for (id, resource) in &template.resources {
            assert_ne!(resource.kind, "AWS::CloudFormation::Stack", "{key}: {id}");
            let of_cfn_lint = Suppression::of(resource)
                .iter()
                .any(|one| one.rule.starts_with(Suppression::CFN_LINT));
            let is_owner_file = resource.kind == "AWS::S3::Object";
            assert_eq!(of_cfn_lint, is_owner_file, "{key}: {id}");
            assert_eq!(resource.metadata.contains_key("cfn-lint"), is_owner_file);
        }
    }
}

#[test]
fn d56_the_security_group_is_the_one_that_runs() {
    let group = job("SecurityGroup", &[]);
    assert_eq!(group["GroupDescription"], "SC for SC-1}");
    assert!(group.get("SecurityGroupIngress").is_none());
}

#[test]
fn promises_about_size_time_and_log() {
    let definition = job("JobDefinition", &[("Memory", "8192")]);
    let container = &definition["ContainerProperties"];
    assert_eq!(
        container["ResourceRequirements"],
        json!([{"Type": "MEMORY", "Value": "8192"}, {"Type": "VCPU", "Value": "2"}])
    );
    assert!(
        container.get("EphemeralStorage").is_none(),
        "20 GB is what a task has without it"
    );
    assert_eq!(container["Secrets"][0]["Name"], "SCHEDULED_JOB_SECRETS");
    assert_eq!(job("LogGroup", &[])["LogGroupName"], "/SC-1/log");
    let template = template("scheduled-job");
    let most = template.parameters["JobDurationSeconds"].max_value.clone();
    assert_eq!(most.unwrap().to_json(), json!(3600));
}

#[test]
fn a_size_that_fargate_lacks_is_refused_with_both_lines() {
    let faults = build("scheduled-job", |settings| {
        settings
            .replace(
                "memoryMib: 4096, vcpu: \"1\"",
                "memoryMib: 12288, vcpu: \"1\"",
            )
            .replace("vcpu: \"4\"", "vcpu: \"3\"")
    })
    .unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:#?}");
    let text = catalog::read("products/scheduled-job/settings.yaml");
    let line = 1 + text
        .lines()
        .position(|line| line.contains("vcpu: \"1\""))
        .unwrap();
    let fault = &faults[0];
    assert!(fault.contains(&format!("settings.yaml:{line}:")), "{fault}");
    assert!(fault.contains(&format!("1 vCPU at {line}:")), "{fault}");
    assert!(fault.contains("2048, 3072, 4096"), "{fault}");
    assert!(faults[1].contains("no 3 vCPU"), "{}", faults[1]);
}

#[test]
fn numbers_that_the_form_itself_would_refuse_are_refused() {
    let faults = build("scheduled-job", |settings| {
        settings
            .replace("most: 3600", "most: 7200")
            .replace("retries: { default: 1", "retries: { default: 9")
            .replace("\n  memoryMib: 1024", "\n  memoryMib: 512")
    })
    .unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:#?}");
}
