//! Servers that aren't AWS: a person is told within seconds, in words.

use compute_catalog::environment::AccountId;
use publisher::{Destination, Exit, Pace, Session};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// What a server does with whoever connects.
#[derive(Clone, Copy)]
enum Server {
    Hangs,
    Closes,
    AnswersHtml,
}

fn start(server: Server) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
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
