//! Another server for everything but Service Catalog: calls are handed on as they came, and the
//! templates that Service Catalog reads are fetched there.

use crate::config::Config;
use crate::service::Service;
use crate::wire::{ApiError, Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeMap;

/// A server that speaks AWS's wire protocols over plain HTTP, such as another emulator.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    /// `http://HOST:PORT`
    url: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// Between two servers and not of the call.
const OF_THE_CONNECTION: [&str; 5] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "transfer-encoding",
];

/// Whether the other server answers an operation of a service.
pub(crate) fn hands_on(config: &Config, service: &str, operation: &str) -> bool {
    config.upstream.is_some()
        && service != Service::Catalog.name()
        && !config.own.contains(service)
        && !config.own.contains(&format!("{service}:{operation}"))
}

impl Upstream {
    /// Takes `http://HOST:PORT`; the error says what is wrong with another text.
    pub(crate) fn new(url: &str) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        let parsed: Uri = url.parse().map_err(|error| format!("{url}: {error}"))?;
        if parsed.scheme_str() != Some("http") || parsed.host().is_none() {
            return Err(format!("{url} isn't of the form http://HOST:PORT"));
        }
        Ok(Self {
            url: url.to_owned(),
            client: Client::builder(TokioExecutor::new()).build_http(),
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Hands a call on, and its answer back. Emulators tell accounts by keys that are twelve digits; whose
    /// key a call has is known here alone.
    pub(crate) async fn forward(
        &self,
        request: &Request,
        account: Option<&str>,
    ) -> Result<Response, ApiError> {
        let mut onward = hyper::Request::builder()
            .method(request.method.clone())
            .uri(format!("{}{}", self.url, request.target));
        for (name, value) in &request.headers {
            // Signatures cover the host's name; servers that check them would have to be asked
            // under this one's.
            if name == "authorization"
                && let Some(account) = account
                && let Some(text) = request.header("authorization")
            {
                onward = onward.header(name, as_account(text, account));
            } else if name == "host" || !OF_THE_CONNECTION.contains(&name.as_str()) {
                onward = onward.header(name, value);
            }
        }
        let onward = onward
            .body(Full::new(request.body.clone()))
            .map_err(|error| self.failed(&error))?;
        let answer = self
            .client
            .request(onward)
            .await
            .map_err(|error| self.failed(&error))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| self.failed(&error))?;
        let mut response = Response::new(head.status.as_u16());
        for (name, value) in &head.headers {
            if let Ok(text) = value.to_str()
                && !OF_THE_CONNECTION.contains(&name.as_str())
            {
                response = response.header(name.as_str(), text);
            }
        }
        response.body = body.to_bytes();
        // The length of what a HEAD doesn't send.
        if let Some(length) = head
            .headers
            .get("content-length")
            .filter(|_| response.body.is_empty())
            && let Ok(text) = length.to_str()
        {
            response = response.header("content-length", text);
        }
        Ok(response)
    }

    /// An object by its path, such as `/bucket/key`, read with the keys of a call.
    pub(crate) async fn object(
        &self,
        path: &str,
        like: &Request,
        account: Option<&str>,
    ) -> Result<Bytes, ApiError> {
        let mut request = Request {
            method: hyper::Method::GET,
            path: path.to_owned(),
            target: path.to_owned(),
            query: Vec::new(),
            headers: hyper::HeaderMap::new(),
            body: Bytes::new(),
            fetched: BTreeMap::new(),
        };
        if let Some(authorization) = like.header("authorization") {
            let as_s3 = authorization.replace("/servicecatalog/aws4_request", "/s3/aws4_request");
            if let Ok(value) = as_s3.parse() {
                request.headers.insert("authorization", value);
            }
        }
        for name in ["x-amz-date", "x-amz-security-token"] {
            if let Some(value) = like.headers.get(name) {
                request.headers.insert(name, value.clone());
            }
        }
        let answer = self.forward(&request, account).await?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(ApiError::new(
                400,
                "InvalidParametersException",
                format!("{}{path} answers {status}", self.url),
            )),
        }
    }

    fn failed(&self, error: &dyn std::error::Error) -> ApiError {
        ApiError::new(
            503,
            "ServiceUnavailable",
            format!("the server at {} can't be reached: {error}", self.url),
        )
    }
}

/// A header of credentials with an account in the place of the key.
fn as_account(authorization: &str, account: &str) -> String {
    let Some((before, rest)) = authorization.split_once("Credential=") else {
        return authorization.to_owned();
    };
    let Some((_, scope)) = rest.split_once('/') else {
        return authorization.to_owned();
    };
    format!("{before}Credential={account}/{scope}")
}

#[cfg(test)]
mod tests {
    use super::{Upstream, as_account};

    #[test]
    fn a_key_is_handed_on_as_its_account() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request, SignedHeaders=host";
        let handed_on = as_account(header, "123456789012");
        let expected = "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/s3/aws4_request, SignedHeaders=host";
        assert_eq!(handed_on, expected);
        assert_eq!(as_account("Bearer x", "123456789012"), "Bearer x");
    }

    #[test]
    fn only_plain_http_is_taken() {
        assert!(Upstream::new("http://127.0.0.1:4566/").is_ok());
        for url in ["https://127.0.0.1:4566", "127.0.0.1:4566", "http://", "a b"] {
            assert!(Upstream::new(url).is_err(), "{url}");
        }
    }
}
