//! Calls of IAM as its query protocol has them: what is asked here is worth no crate of the SDK, which
//! takes a minute to compile.

use std::io::{Read, Write};
use std::net::TcpStream;

/// The status and the body of what IAM answers to an operation, asked with an access key.
pub fn iam(endpoint: &str, key: &str, action: &str, parameters: &str) -> (String, String) {
    let form = format!("Action={action}&Version=2010-05-08{parameters}");
    let host = endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         authorization: AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/iam/aws4_request, \
         SignedHeaders=host, Signature=0\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap();
    (status.to_owned(), body.to_owned())
}

/// Whether there is a role of this name, and its ARN is the account's.
pub fn has_role(endpoint: &str, key: &str, name: &str) -> bool {
    let (status, body) = iam(endpoint, key, "GetRole", &format!("&RoleName={name}"));
    match status.as_str() {
        "200" => {
            assert!(body.contains(&format!(":role/{name}</Arn>")), "{body}");
            true
        }
        _ => {
            assert_eq!(status, "404", "{body}");
            assert!(body.contains("<Code>NoSuchEntity</Code>"), "{body}");
            false
        }
    }
}
