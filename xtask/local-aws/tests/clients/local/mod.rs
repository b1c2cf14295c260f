//! A local AWS in a folder of its own, and the unmodified clients for it.

#![allow(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

pub mod deploy;
pub mod iam;
pub mod product;

use aws_credential_types::Credentials;
use aws_sdk_cloudformation::config::Region;
use aws_smithy_types::retry::RetryConfig;
use local_aws::{Config, Delays, Server};
use tempfile::TempDir;

/// A server and the folder that it lives in.
pub struct Local {
    pub server: Server,
    pub folder: TempDir,
}

/// A server without delays.
pub fn start() -> Local {
    start_with(|config| config.delays = Delays::NONE)
}

pub fn start_with(set: impl FnOnce(&mut Config)) -> Local {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    set(&mut config);
    Local {
        server: Server::start(config).unwrap(),
        folder,
    }
}

/// The settings that every client of the SDK takes: one key, one endpoint, no retries.
pub fn settings(endpoint: &str, key: &str) -> aws_types::SdkConfig {
    let http = aws_smithy_http_client::Builder::new().build_http();
    aws_types::SdkConfig::builder()
        .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(aws_sdk_s3::config::SharedCredentialsProvider::new(
            Credentials::from_keys(key, "secret", None),
        ))
        .retry_config(RetryConfig::disabled())
        .http_client(http)
        .build()
}

impl Local {
    pub fn settings(&self, key: &str) -> aws_types::SdkConfig {
        settings(self.server.endpoint(), key)
    }

    pub fn s3(&self) -> aws_sdk_s3::Client {
        aws_sdk_s3::Client::new(&self.settings("AKIALOCAL"))
    }

    pub fn catalog(&self) -> aws_sdk_servicecatalog::Client {
        aws_sdk_servicecatalog::Client::new(&self.settings("AKIALOCAL"))
    }

    pub fn cloudformation(&self) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.settings("AKIALOCAL"))
    }

    /// Puts a template into a bucket and returns its URL.
    pub async fn template(&self, key: &str, body: &str) -> String {
        let s3 = self.s3();
        s3.create_bucket().bucket("templates").send().await.unwrap();
        s3.put_object()
            .bucket("templates")
            .key(key)
            .body(body.as_bytes().to_vec().into())
            .send()
            .await
            .unwrap();
        format!("https://templates.s3.us-east-1.amazonaws.com/{key}")
    }
}

/// A template that every account can launch.
pub const TOPIC: &str = "Parameters:\n  Name:\n    Type: String\n    Default: a\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: !Ref Name\n";
