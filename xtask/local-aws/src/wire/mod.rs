//! What travels on the wire: requests as the services see them, answers, and
//! refusals with AWS's own error codes. No service is known here.

pub(crate) mod checksum;
pub(crate) mod chunked;
pub(crate) mod credential;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod xml;

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use std::collections::BTreeMap;

/// A request whose body has arrived in full.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: Method,
    /// Still percent-encoded.
    pub path: String,
    /// Path and query as they came.
    pub target: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Objects that an upstream server was asked for, by URL.
    pub fetched: BTreeMap<String, Bytes>,
}

impl Request {
    /// A header as text; `None` when absent or not text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value of a query parameter; an empty string for a bare name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// An answer, before the server adds the request id.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Response {
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }
}

/// A typed error answer: the HTTP status and the code that the real service uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub status: u16,
    pub code: String,
    pub message: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    /// The server itself failed, for example because its disk is full.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::new(500, "InternalFailure", cause.to_string())
    }
}
