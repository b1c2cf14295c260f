//! What the functions that stand in templates do, run with stand-ins for AWS.

use crate::functions::{Function, Run};
use serde_json::{Value, json};

const KEY: &str = "k";
/// HMAC-SHA256 of "1" and of "2" under KEY, as `openssl dgst -sha256 -hmac k` computes them.
const TOKEN_1: &str = "0aa2054d88556d7e5df6e54b00683dae80bbd4266a5d1cbc89abacbf856ad862";
const TOKEN_2: &str = "e94dc0787a13962ab08e6a258b9bb46eb05e968a3746dee179a4dd727b063de8";

fn submit(variables: &str, command: Option<&str>, answers: &[(&str, Value)]) -> Function {
    let mut environment = json!({
        "JOB_NAME": "SC-1",
        "JOB_QUEUE": "queue",
        "JOB_DEFINITION": "definition:3",
        "JOB_VARIABLES": variables,
        "JOBS_PER_MINUTE": "2",
        "LOG_GROUP": "/SC-1/log",
        "URL_KEY": "key-secret",
        "URL_REVISION": "1",
    });
    if let Some(command) = command {
        environment["JOB_COMMAND"] = command.into();
    }
    let mut all = json!({
        "secretsmanager.get_secret_value": {"SecretString": KEY},
        "batch.list_jobs": {"jobSummaryList": []},
        "batch.submit_job": {"jobId": "id-1"},
    });
    for (operation, answer) in answers {
        all[*operation] = answer.clone();
    }
    Function::new("scheduled-job/files/submit.py", environment, all)
}

fn call(method: &str, path: &str, headers: Value) -> Value {
    json!({
        "rawPath": path,
        "headers": headers,
        "requestContext": {"http": {"method": method}},
    })
}

fn get(token: &str) -> Value {
    call(
        "GET",
        &format!("/{token}"),
        json!({"user-agent": "curl/8.5.0"}),
    )
}

fn status(run: &Run) -> Vec<u64> {
    run.results
        .iter()
        .map(|result| result["statusCode"].as_u64().unwrap())
        .collect()
}

#[test]
fn each_variable_reaches_the_job_cut_at_its_first_equals_sign() {
    let variables = "A=one,TOKEN=abc==, URL=https://example.org/?a=b&c=d ,EMPTY=,SPACED=a b";
    let Some(run) = submit(variables, None, &[]).run(&[json!({"source": "aws.events"})]) else {
        return;
    };
    assert_eq!(
        run.calls,
        [(
            "batch.submit_job".to_owned(),
            json!({
                "jobName": "SC-1",
                "jobQueue": "queue",
                "jobDefinition": "definition:3",
                "containerOverrides": {"environment": [
                    {"name": "A", "value": "one"},
                    {"name": "TOKEN", "value": "abc=="},
                    {"name": "URL", "value": "https://example.org/?a=b&c=d"},
                    {"name": "EMPTY", "value": ""},
                    {"name": "SPACED", "value": "a b"},
                ]},
            })
        )]
    );
}

#[test]
fn without_variables_the_job_has_none_and_a_command_array_reaches_it_word_by_word() {
    let command = r#"["sh", "-c", "echo \"a b\""]"#;
    let Some(run) = submit("", Some(command), &[]).run(&[json!({})]) else {
        return;
    };
    assert_eq!(
        run.calls_of("batch.submit_job")[0]["containerOverrides"],
        json!({"environment": [], "command": ["sh", "-c", "echo \"a b\""]})
    );
}

#[test]
fn the_url_submits_and_says_so() {
    let Some(run) = submit("A=1", None, &[]).run(&[get(TOKEN_1)]) else {
        return;
    };
    assert_eq!(status(&run), [200]);
    assert_eq!(
        run.results[0]["body"],
        r#"{"message": "Submitted job [SC-1 - id-1] to the job queue [queue]"}"#
    );
    assert_eq!(run.results[0]["headers"]["Cache-Control"], "no-store");
    assert_eq!(run.calls_of("batch.submit_job").len(), 1);
}

#[test]
fn behind_the_token_the_newest_runs_log_is_shown_and_nothing_is_submitted() {
    let answers = [
        (
            "logs.describe_log_streams",
            json!({"logStreams": [{"logStreamName": "run/2"}, {"logStreamName": "run/1"}]}),
        ),
        (
            "logs.get_log_events",
            json!({"events": [{"message": "één"}, {"message": "two"}]}),
        ),
    ];
    let page = format!("{TOKEN_1}/log");
    let Some(run) = submit("A=1", None, &answers).run(&[get(&page)]) else {
        return;
    };
    assert_eq!(status(&run), [200]);
    assert_eq!(
        run.results[0]["body"],
        "{\n \"message\": [\n  \"één\",\n  \"two\"\n ]\n}"
    );
    assert_eq!(run.results[0]["headers"]["Cache-Control"], "no-store");
    assert_eq!(
        run.calls_of("logs.get_log_events"),
        [&json!({"logGroupName": "/SC-1/log", "logStreamName": "run/2"})]
    );
    assert!(run.calls_of("batch.submit_job").is_empty());
    assert!(run.calls_of("batch.list_jobs").is_empty());
}

#[test]
fn a_log_that_is_empty_or_closed_is_told() {
    let empty = [("logs.describe_log_streams", json!({"logStreams": []}))];
    let closed = json!({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}});
    let closed = [("logs.describe_log_streams", closed)];
    let page = format!("{TOKEN_1}/log");
    for (answers, expected, says) in [
        (empty, 200, "{\n \"message\": []\n}"),
        (closed, 400, r#"{"message": "not authorized"}"#),
    ] {
        let Some(run) = submit("A=1", None, &answers).run(&[get(&page)]) else {
            return;
        };
        assert_eq!(status(&run), [expected]);
        assert_eq!(run.results[0]["body"], says);
    }
}

#[test]
fn without_the_token_there_is_nothing_and_nothing_is_submitted() {
    let events = [
        "",
        "favicon.ico",
        "Prod/submitjob",
        TOKEN_2,
        &TOKEN_1[1..],
        "é",
        "log",
        &format!("{TOKEN_2}/log"),
        &format!("{TOKEN_1}/other"),
    ]
    .map(get);
    let Some(run) = submit("A=1", None, &[]).run(&events) else {
        return;
    };
    assert_eq!(status(&run), [404; 9]);
    assert!(run.calls_of("batch.submit_job").is_empty());
    assert_eq!(run.calls_of("secretsmanager.get_secret_value").len(), 1);
}

#[test]
fn previews_prefetching_and_other_methods_submit_nothing() {
    let path = format!("/{TOKEN_1}");
    let headers = [
        json!({"user-agent": "Slackbot-LinkExpanding 1.0"}),
        json!({"user-agent": "SkypeUriPreview Preview/0.5"}),
        json!({"sec-purpose": "prefetch;prerender", "user-agent": "Mozilla/5.0"}),
        json!({"purpose": "prefetch"}),
        json!({"x-moz": "prefetch"}),
    ];
    let mut events: Vec<Value> = headers.map(|one| call("GET", &path, one)).into();
    events.extend(["HEAD", "OPTIONS", "DELETE"].map(|method| call(method, &path, json!({}))));
    let Some(run) = submit("A=1", None, &[]).run(&events) else {
        return;
    };
    assert_eq!(status(&run), [403, 403, 403, 403, 403, 405, 405, 405]);
    assert!(run.calls_of("batch.submit_job").is_empty());
}

#[test]
fn calls_beyond_the_limit_of_a_minute_are_refused() {
    let lists = json!([
        {"jobSummaryList": [{}]},
        {"jobSummaryList": [{}, {}]},
    ]);
    let events = [get(TOKEN_1), get(TOKEN_1)];
    let Some(run) = submit("", None, &[("batch.list_jobs", lists)]).run(&events) else {
        return;
    };
    assert_eq!(status(&run), [200, 429]);
    assert_eq!(run.calls_of("batch.submit_job").len(), 1);
    assert_eq!(
        run.calls_of("batch.list_jobs")[0]["filters"][0]["name"],
        "AFTER_CREATED_AT"
    );
}

#[test]
fn what_batch_refuses_is_answered_to_the_caller() {
    let refusal = json!({"Error": {"Code": "ClientException", "Message": "the queue is off"}});
    let answers = [("batch.submit_job", refusal)];
    let Some(run) = submit("", None, &answers).run(&[get(TOKEN_1)]) else {
        return;
    };
    assert_eq!(status(&run), [400]);
    assert_eq!(run.results[0]["body"], r#"{"message": "the queue is off"}"#);
}

fn resource_event(kind: &str, revision: &str) -> Value {
    json!({
        "RequestType": kind,
        "PhysicalResourceId": "submit-url",
        "ResourceProperties": {"BaseUrl": "https://x.on.aws/", "Revision": revision},
    })
}

#[test]
fn a_revision_is_a_url_and_the_same_revision_is_the_same_url() {
    let events = [
        resource_event("Create", "1"),
        resource_event("Update", "2"),
        resource_event("Update", "1"),
        resource_event("Delete", "1"),
    ];
    let Some(run) = submit("", None, &[]).run(&events) else {
        return;
    };
    let urls: Vec<&Value> = run.sent.iter().map(|one| &one["data"]["Url"]).collect();
    let [first, second] = [TOKEN_1, TOKEN_2].map(|token| format!("https://x.on.aws/{token}"));
    assert_eq!(
        urls,
        [&json!(first), &json!(second), &json!(first), &Value::Null]
    );
    assert!(run.sent.iter().all(|one| one["status"] == "SUCCESS"));
    assert!(
        run.sent.iter().all(|one| one["id"] == "submit-url"),
        "another id would have CloudFormation delete the old one"
    );
}

#[test]
fn a_url_waits_for_its_new_role_and_fails_aloud_when_it_never_works() {
    let denied = json!({"Error": {"Code": "AccessDeniedException", "Message": "no"}});
    let once = json!([denied, {"SecretString": KEY}]);
    let answers = [("secretsmanager.get_secret_value", once)];
    let event = resource_event("Create", "1");
    let Some(run) = submit("", None, &answers).run(std::slice::from_ref(&event)) else {
        return;
    };
    assert_eq!(run.sent[0]["status"], "SUCCESS");

    let answers = [("secretsmanager.get_secret_value", denied)];
    let run = submit("", None, &answers).run(&[event]).unwrap();
    assert_eq!(run.sent.len(), 1);
    assert_eq!(run.sent[0]["status"], "FAILED");
    assert!(
        run.sent[0]["reason"]
            .as_str()
            .unwrap()
            .contains("AccessDenied")
    );
}

fn statement(sid: &str) -> Value {
    json!({"Sid": sid, "Effect": "Deny"})
}

fn restriction(policy: Value) -> Function {
    let answers = json!({
        "s3.get_bucket_policy": policy,
        "s3.put_bucket_policy": {},
        "s3.delete_bucket_policy": {},
    });
    let environment = json!({ "BUCKET": "results" });
    Function::new("shared/bucket/restrict_downloads.py", environment, answers)
}

fn policy(statements: &[Value]) -> Value {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    json!({"Policy": policy.to_string()})
}

fn restrict(kind: &str) -> Value {
    json!({
        "RequestType": kind,
        "PhysicalResourceId": "results/Restrict",
        "ResourceProperties": {
            "BucketName": "results",
            "Statement": {"Version": "2012-10-17", "Statement": [statement("Restrict")]},
        },
    })
}

/// The statements of the policy that was written.
fn written(run: &Run) -> Value {
    let calls = run.calls_of("s3.put_bucket_policy");
    let policy: Value = serde_json::from_str(calls[0]["Policy"].as_str().unwrap()).unwrap();
    policy["Statement"].clone()
}

#[test]
fn the_restriction_joins_the_policy_that_is_there_and_leaves_it_alone_again() {
    let others = [statement("Tls"), statement("Owner")];
    let Some(run) = restriction(policy(&others)).run(&[restrict("Create")]) else {
        return;
    };
    assert_eq!(
        written(&run),
        json!([statement("Tls"), statement("Owner"), statement("Restrict")])
    );
    assert_eq!(run.sent[0]["status"], "SUCCESS");
    assert_eq!(run.sent[0]["id"], "results/Restrict");

    let all = [statement("Tls"), statement("Restrict"), statement("Owner")];
    let run = restriction(policy(&all))
        .run(&[restrict("Delete")])
        .unwrap();
    assert_eq!(written(&run), json!(others));
}

#[test]
fn the_restriction_is_written_again_after_the_policy_was_written_anew() {
    let rewritten = policy(&[statement("Tls")]);
    let Some(run) = restriction(rewritten).run(&[restrict("Update")]) else {
        return;
    };
    assert_eq!(
        written(&run),
        json!([statement("Tls"), statement("Restrict")])
    );
}

#[test]
fn a_bucket_or_policy_that_is_gone_stops_no_deletion_and_a_refusal_is_told() {
    for code in ["NoSuchBucket", "NoSuchBucketPolicy"] {
        let gone = json!({"Error": {"Code": code}});
        let Some(run) = restriction(gone).run(&[restrict("Delete")]) else {
            return;
        };
        assert_eq!(run.sent[0]["status"], "SUCCESS");
        assert_eq!(run.calls.len(), 1, "{:?}", run.calls);
    }
    let denied = json!({"Error": {"Code": "AccessDenied"}});
    let run = restriction(denied).run(&[restrict("Create")]).unwrap();
    assert_eq!(run.sent[0]["status"], "FAILED");
    assert!(
        run.sent[0]["reason"]
            .as_str()
            .unwrap()
            .contains("AccessDenied")
    );
}

#[test]
fn what_passes_is_tried_again_and_what_stays_is_told() {
    let again = |code: &str| json!({"Error": {"Code": code}});
    let answers = json!([
        again("AccessDenied"),
        again("OperationAborted"),
        again("SlowDown"),
        policy(&[])
    ]);
    let Some(run) = restriction(answers).run(&[restrict("Create")]) else {
        return;
    };
    assert_eq!(run.sent[0]["status"], "SUCCESS", "{:?}", run.sent);
    assert_eq!(written(&run), json!([statement("Restrict")]));
    let run = restriction(again("MalformedPolicy"))
        .run(&[restrict("Create")])
        .unwrap();
    assert_eq!(run.calls.len(), 1);
    assert_eq!(run.sent[0]["status"], "FAILED");
}

#[test]
fn one_statement_may_stand_without_a_list() {
    let alone = json!({"Version": "2012-10-17", "Statement": statement("Tls")});
    let alone = json!({"Policy": alone.to_string()});
    let Some(run) = restriction(alone).run(&[restrict("Create")]) else {
        return;
    };
    assert_eq!(
        written(&run),
        json!([statement("Tls"), statement("Restrict")])
    );
}

#[test]
fn what_was_never_made_or_is_another_buckets_stops_no_deletion() {
    let denied = json!({"Error": {"Code": "AccessDenied"}});
    for (id, bucket) in [("none", "results"), ("before/Restrict", "before")] {
        let mut deletion = restrict("Delete");
        deletion["PhysicalResourceId"] = json!(id);
        deletion["ResourceProperties"]["BucketName"] = json!(bucket);
        let Some(run) = restriction(denied.clone()).run(&[deletion]) else {
            return;
        };
        assert!(run.calls.is_empty(), "{id}");
        assert_eq!(run.sent[0]["status"], "SUCCESS", "{id}");
        assert_eq!(run.sent[0]["id"], id);
    }
}
