//! Servers that aren't AWS: a person is told within seconds, in words.

use crate::checkout::Checkout;
use compute_catalog::environment::AccountId;
use publisher::{Destination, Exit, Pace, Session};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// What a server does with whoever connects.
#[derive(Clone, Copy)]
enum Server {
    Hangs,
    Closes,
    AnswersHtml,
}

/// Who calls, as STS answers it.
const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/local</Arn><UserId>local</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

fn start(server: Server) -> String {
    after(0, server)
}

/// A server that says who calls, so many times, and then does something else.
fn after(identities: usize, server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            if number < identities {
                let _ = stream.read(&mut [0; 4096]);
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{IDENTITY}",
                    IDENTITY.len()
                );
                continue;
            }
            match server {
                Server::Hangs => kept.push(stream),
                Server::Closes => drop(stream),
                Server::AnswersHtml => {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request);
                    let page = "<html>Log in to the network</html>";
                    let _ = write!(
                        stream,
                        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                        page.len()
                    );
                }
            }
        }
    });
    endpoint
}

async fn told(endpoint: String) -> String {
    let destination = Destination {
        account: "123456789012".parse::<AccountId>().unwrap(),
        account_at: None,
        region: "us-east-1".to_owned(),
        profile: None,
        endpoint: Some(endpoint.clone()),
        dummy_credentials: true,
        pace: Pace::AWS,
    };
    let begun = Instant::now();
    let failure = Session::open(&destination).await.unwrap_err();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{endpoint}: {failure}"
    );
    assert_eq!(failure.exit, Exit::Unreachable, "{endpoint}: {failure}");
    let text = failure.to_string();
    assert!(text.contains(&endpoint), "{text}");
    assert!(failure.hint.is_some(), "{text}");
    for internal in ["dispatch", "hyper", "Sdk", "unhandled", "Error(", "{"] {
        assert!(!text.contains(internal), "{internal} in {text}");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_none_of_aws_is_told_in_words_within_ten_seconds() {
    let hangs = told(start(Server::Hangs)).await;
    assert!(hangs.contains("no answer in time"), "{hangs}");
    told(start(Server::Closes)).await;
    let html = told(start(Server::AnswersHtml)).await;
    assert!(html.contains("text/html"), "{html}");
    told("http://127.0.0.1:9".to_owned()).await;
    told("http://no-such-host.invalid".to_owned()).await;
}

/// Commands that ask AWS, each after it was told who calls.
const COMMANDS: [&[&str]; 8] = [
    &["plan"],
    &["publish"],
    &["status"],
    &["preflight"],
    &["adopt"],
    &["rollback", "notebook"],
    &["withdraw", "notebook", "v2.0.0", "--reason", "lost"],
    &["fleet"],
];

#[test]
fn a_server_that_stops_being_aws_midway_is_told_and_ends_each_command_with_3() {
    let checkout = Checkout::new();
    for command in COMMANDS {
        for server in [Server::Closes, Server::AnswersHtml] {
            let begun = Instant::now();
            let ran = checkout.run(&after(1, server), command);
            assert_eq!(ran.code, Some(3), "{command:?}: {}{}", ran.out, ran.err);
            assert!(begun.elapsed() < Duration::from_secs(10), "{command:?}");
            assert!(ran.err.contains("hint: look at the network"), "{}", ran.err);
            for internal in ["dispatch", "hyper", "Sdk", "unhandled", "Error("] {
                assert!(!ran.err.contains(internal), "{}", ran.err);
            }
        }
    }
}

#[test]
fn a_server_that_hangs_midway_is_told_within_seconds() {
    // One process at a time has a checkout's receipts.
    let checkouts = COMMANDS.map(|_| Checkout::new());
    let mut checkouts = checkouts.iter();
    let children = COMMANDS.map(|command| {
        let checkout = checkouts.next().unwrap();
        let endpoint = after(1, Server::Hangs);
        let mut publisher = checkout.publisher(&endpoint, command);
        let child = publisher.stderr(std::process::Stdio::piped()).spawn();
        (command, child.unwrap())
    });
    let begun = Instant::now();
    for (command, mut child) in children {
        let mut line = String::new();
        let mut told = BufReader::new(child.stderr.take().unwrap());
        told.read_line(&mut line).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let is_told = line.starts_with("No answer from http://127.0.0.1:");
        assert!(is_told, "{command:?}: {line}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{command:?}");
    }
}
