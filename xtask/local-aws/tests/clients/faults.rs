//! Injected faults, the call log, and what a kill leaves behind.

use crate::local::{TOPIC, settings, start};
use aws_sdk_servicecatalog::error::ProvideErrorMetadata;
use local_aws::{Call, Config, Faults, Server};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

async fn portfolio(client: &aws_sdk_servicecatalog::Client, name: &str) -> Result<(), String> {
    let answer = client
        .create_portfolio()
        .display_name(name)
        .provider_name("Compute")
        .idempotency_token(name)
        .send()
        .await;
    answer
        .map(|_| ())
        .map_err(|error| error.code().unwrap_or("no answer").to_owned())
}

async fn count(client: &aws_sdk_servicecatalog::Client) -> usize {
    client
        .list_portfolios()
        .send()
        .await
        .unwrap()
        .portfolio_details()
        .len()
}

#[tokio::test]
async fn a_refused_call_has_no_effect_and_a_dropped_answer_hides_one() {
    let local = start();
    let catalog = local.catalog();
    let always = |set: fn(&mut Faults)| {
        let mut faults = Faults::default();
        set(&mut faults);
        local.server.set_faults(faults);
    };
    for (set, code) in [
        (
            (|f| f.throttling = 1.0) as fn(&mut Faults),
            "ThrottlingException",
        ),
        (|f| f.server_error = 1.0, "InternalFailure"),
        (|f| f.drop_before = 1.0, "no answer"),
        (|f| f.expire_from_call = Some(1), "ExpiredTokenException"),
    ] {
        always(set);
        assert_eq!(portfolio(&catalog, "a").await, Err(code.to_owned()));
        always(|_| {});
        assert_eq!(count(&catalog).await, 0, "{code}");
    }
    always(|f| f.drop_after = 1.0);
    assert_eq!(portfolio(&catalog, "a").await, Err("no answer".to_owned()));
    always(|_| {});
    assert_eq!(count(&catalog).await, 1);
    always(|f| f.stale_reads = 1.0);
    portfolio(&catalog, "b").await.unwrap();
    assert_eq!(
        count(&catalog).await,
        1,
        "a stale read doesn't see the last change"
    );
    always(|_| {});
    assert_eq!(count(&catalog).await, 2);
    always(|f| f.throttling = 1.0);
    let slow = local
        .s3()
        .create_bucket()
        .bucket("abc")
        .send()
        .await
        .unwrap_err();
    assert_eq!(slow.code(), Some("SlowDown"));
}

#[tokio::test]
async fn the_log_tells_changing_calls_and_the_server_stops_after_one() {
    let local = start();
    let catalog = local.catalog();
    let server = &local.server;
    server.set_faults(Faults {
        stop_after_change: Some(2),
        ..Faults::default()
    });
    portfolio(&catalog, "a").await.unwrap();
    count(&catalog).await;
    let calls = |count: usize| async move {
        while server.calls().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    let (second, third, ()) = tokio::join!(
        portfolio(&catalog, "b"),
        async {
            calls(3).await;
            assert!(server.is_halted());
            portfolio(&catalog, "c").await
        },
        async {
            // Neither is answered before this.
            calls(4).await;
            server.resume();
        }
    );
    assert_eq!(second, Err("no answer".to_owned()));
    assert_eq!(third, Err("no answer".to_owned()));
    assert_eq!(
        count(&catalog).await,
        2,
        "the second took effect, the third didn't"
    );
    let told: Vec<(String, Option<u64>, String)> = local
        .server
        .calls()
        .into_iter()
        .map(|call| (call.operation, call.change, call.outcome))
        .collect();
    let line =
        |operation: &str, change, outcome: &str| (operation.to_owned(), change, outcome.to_owned());
    assert_eq!(
        told,
        [
            line("CreatePortfolio", Some(1), "ok"),
            line("ListPortfolios", None, "ok"),
            line("CreatePortfolio", Some(2), "halted"),
            line("CreatePortfolio", None, "halted"),
            line("ListPortfolios", None, "ok"),
        ]
    );
}

#[tokio::test]
async fn the_server_stops_before_a_change() {
    let local = start();
    let catalog = local.catalog();
    local.server.set_faults(Faults {
        stop_before_change: Some(2),
        ..Faults::default()
    });
    portfolio(&catalog, "a").await.unwrap();
    let (second, ()) = tokio::join!(portfolio(&catalog, "b"), async {
        while !local.server.is_halted() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        local.server.resume();
    });
    assert_eq!(second, Err("no answer".to_owned()));
    assert_eq!(count(&catalog).await, 1);
}

#[tokio::test]
async fn the_same_seed_meets_the_same_faults() {
    let outcomes = |seed: u64| async move {
        let local = start();
        local.server.set_faults(Faults {
            seed,
            throttling: 0.3,
            drop_after: 0.2,
            ..Faults::default()
        });
        for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            let _ = portfolio(&local.catalog(), name).await;
        }
        let calls: Vec<Call> = local.server.calls();
        calls
            .into_iter()
            .map(|call| call.outcome)
            .collect::<Vec<_>>()
    };
    assert_eq!(outcomes(1).await, outcomes(1).await);
    assert_ne!(outcomes(1).await, outcomes(2).await);
}

#[tokio::test]
async fn what_is_denied_is_refused_as_each_service_does_and_has_no_effect() {
    let local = start();
    let url = local.template("t.yaml", TOPIC).await;
    let denied = [
        ("CreatePortfolio", ""),
        ("DescribeStacks", ""),
        ("GetObject", "/templates/"),
    ];
    let denied = denied.map(|(operation, path)| (operation.to_owned(), path.to_owned()));
    local.server.set_faults(Faults {
        denied: denied.into(),
        ..Faults::default()
    });
    let before = local.server.state().unwrap();
    let refused = portfolio(&local.catalog(), "a").await.unwrap_err();
    assert_eq!(refused, "AccessDeniedException");
    let refused = local.cloudformation().describe_stacks().send().await;
    assert_eq!(refused.unwrap_err().code(), Some("AccessDenied"));
    let s3 = local.s3();
    s3.create_bucket().bucket("others").send().await.unwrap();
    let others = s3.get_object().bucket("others").key("t.yaml").send().await;
    assert_eq!(others.unwrap_err().code(), Some("NoSuchKey"));
    let ours = s3.get_object().bucket("templates").key("t.yaml").send();
    assert_eq!(ours.await.unwrap_err().code(), Some("AccessDenied"));
    assert_eq!(
        local.server.state().unwrap()["accounts"],
        before["accounts"]
    );
    // A service that reads for itself isn't the identity.
    let validated = local.cloudformation().validate_template().template_url(url);
    validated.send().await.unwrap();
}

#[tokio::test]
async fn state_survives_a_restart_and_one_server_has_it() {
    let local = start();
    local.template("t.yaml", TOPIC).await;
    portfolio(&local.catalog(), "a").await.unwrap();
    let before = local.server.state().unwrap();
    let taken = Server::start(Config::new(local.folder.path()));
    let message = taken.err().unwrap().to_string();
    assert!(message.contains("in use by another server"), "{message}");
    local.server.stop();
    let again = Server::start(Config::new(local.folder.path())).unwrap();
    assert_eq!(again.state().unwrap(), before);
}

/// The program, killed at the latest when the test ends.
struct Program(Child);

impl Program {
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(folder: &std::path::Path) -> (Program, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_local-aws"))
        .args(["--port", "0", "--unseen", "0", "--pending", "0", "--state"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let output = child.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    (Program(child), line.trim().to_owned())
}

#[tokio::test]
async fn a_kill_leaves_state_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut known = 0;
    for round in 0..5 {
        let (mut child, endpoint) = program(folder.path());
        let catalog = aws_sdk_servicecatalog::Client::new(&settings(&endpoint, "AKIALOCAL"));
        let found = count(&catalog).await;
        assert!(
            found >= known,
            "{found} of {known} confirmed portfolios are left"
        );
        known = found;
        let writing = {
            let catalog = catalog.clone();
            tokio::spawn(async move {
                let mut confirmed = 0;
                for number in 0..3 {
                    let name = format!("p-{round}-{number}");
                    if portfolio(&catalog, &name).await.is_err() {
                        break;
                    }
                    confirmed += 1;
                }
                confirmed
            })
        };
        tokio::time::sleep(std::time::Duration::from_millis(3 * round)).await;
        child.kill();
        known += writing.await.unwrap();
    }
    let (mut child, endpoint) = program(folder.path());
    let catalog = aws_sdk_servicecatalog::Client::new(&settings(&endpoint, "AKIALOCAL"));
    assert!(count(&catalog).await >= known);
    child.kill();
}
