//! Who publishes, and where: the clients of one account and region, and the identity behind them.

use crate::call::{CallErrorKind, Named};
use crate::command_error::{CommandError, Exit};
use crate::ec2::Ec2;
use crate::iam::Iam;
use crate::lambda::Lambda;
use crate::pace::Pace;
use crate::read::fixed::Fixed;
use crate::registry::Registries;
use crate::silence::Watched;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use compute_catalog::environment::AccountId;
use compute_catalog::yaml::{InputError, Location};
use std::time::Duration;

/// Where and as whom to open a session.
#[derive(Debug, Clone)]
pub struct Destination {
    /// The account that the environment file names.
    pub account: AccountId,
    /// The environment file, and where it names the account; absent where no file says it.
    pub account_at: Option<(String, Location)>,
    /// The region that the environment file names.
    pub region: String,
    /// The profile of the AWS configuration; absent: as the environment says.
    pub profile: Option<String>,
    /// Another server than AWS.
    pub endpoint: Option<String>,
    /// Credentials that open nothing, for a server on this machine.
    pub dummy_credentials: bool,
    /// How fast to go.
    pub pace: Pace,
}

impl Destination {
    /// How the SDK calls it.
    pub(crate) async fn config(&self) -> SdkConfig {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(10))
            .operation_attempt_timeout(Duration::from_secs(60))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(Watched::client(self.http_client()))
            .region(Region::new(self.region.clone()))
            .retry_config(self.pace.retries())
            .timeout_config(timeouts);
        if let Some(clock) = self.pace.clock() {
            loader = loader.sleep_impl(clock).time_source(clock);
        }
        if let Some(endpoint) = &self.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if self.dummy_credentials {
            // Servers on this machine tell accounts by such keys.
            let key = self.account.as_str();
            loader =
                loader.credentials_provider(Credentials::new(key, "local", None, None, "local"));
        } else if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        loader.load().await
    }

    /// The credentials are of another account.
    fn is_not(&self, account: &str, caller: &str) -> CommandError {
        let message = format!(
            "the credentials are of account {account} ({caller}), the environment's account is {}",
            self.account
        );
        let hint = "choose the environment's profile with AWS_PROFILE, or another `--env`; nothing was changed";
        let failure = CommandError::input(message.clone()).hint(hint);
        match self.account_at.clone() {
            Some((file, at)) => failure.at(InputError {
                file,
                at,
                message,
                hint: Some(hint.to_owned()),
            }),
            None => failure,
        }
    }

    /// How it is reached. A server on this machine asks for no certificates, of which a system has
    /// hundreds to read; with credentials of one's own, single sign-on is elsewhere and needs them.
    fn http_client(&self) -> SharedHttpClient {
        let client = aws_smithy_http_client::Builder::new();
        let endpoint = self.endpoint.as_deref().unwrap_or_default();
        if self.dummy_credentials && endpoint.starts_with("http://") {
            return client.build_http();
        }
        let tls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        client.tls_provider(tls).build_https()
    }
}

/// The clients of one account and region.
#[derive(Debug, Clone)]
pub struct Session {
    /// Amazon S3.
    pub s3: aws_sdk_s3::Client,
    /// AWS Service Catalog.
    pub catalog: aws_sdk_servicecatalog::Client,
    /// AWS Identity and Access Management.
    pub iam: Iam,
    /// AWS Security Token Service.
    pub identities: aws_sdk_sts::Client,
    /// AWS Lambda.
    pub functions: Lambda,
    /// Amazon EC2.
    pub ec2: Ec2,
    /// Registries of container images.
    pub(crate) registries: Registries,
    /// AWS CloudFormation.
    pub stacks: aws_sdk_cloudformation::Client,
    /// The account.
    pub account: AccountId,
    /// The region.
    pub region: String,
    /// The ARN of the identity.
    pub caller: String,
    /// The server in place of AWS.
    pub endpoint: Option<String>,
    /// How fast to go.
    pub pace: Pace,
    pub(crate) fixed: Fixed,
}

/// For how long the first call waits for an answer: a person waits for it.
const FIRST_ANSWER: Duration = Duration::from_secs(4);

/// Whose the credentials are. The first call of all: who is told nothing by it is told so, soon.
async fn identity(
    config: &SdkConfig,
    endpoint: Option<&str>,
) -> Result<GetCallerIdentityOutput, CommandError> {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(FIRST_ANSWER)
        .operation_attempt_timeout(FIRST_ANSWER)
        .operation_timeout(2 * FIRST_ANSWER)
        .build();
    let patient = aws_sdk_sts::config::Builder::from(config)
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(timeouts)
        .build();
    let asked = aws_sdk_sts::Client::from_conf(patient)
        .get_caller_identity()
        .send()
        .await
        .named("sts GetCallerIdentity", "the credentials in use");
    asked.map_err(|error| {
        let is_silent = error.code.is_none()
            || matches!(
                error.kind,
                CallErrorKind::Unanswered
                    | CallErrorKind::Unclear
                    | CallErrorKind::Unreachable
                    | CallErrorKind::NotFound
            );
        let failure = CommandError::from(error);
        if !is_silent {
            return failure;
        }
        let place = endpoint.unwrap_or("the region of the environment");
        CommandError {
            exit: Exit::Unreachable,
            ..failure
        }
        .because(format!("asked at {place}"))
        .hint("look at the network, the proxy and AWS_ENDPOINT_URL; or give `--endpoint-url` of a server that speaks AWS's protocol")
    })
}

impl Session {
    /// Opens a session and asks AWS who that is.
    ///
    /// # Errors
    /// AWS can't be reached or refuses the identity; the identity is of another account.
    pub async fn open(destination: &Destination) -> Result<Session, CommandError> {
        let config = destination.config().await;
        let endpoint = destination
            .endpoint
            .clone()
            .or_else(|| config.endpoint_url().map(str::to_owned));
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            // Other servers have no host name for each bucket.
            .force_path_style(endpoint.is_some())
            .retry_partition(destination.pace.allowance())
            .build();
        let catalog = aws_sdk_servicecatalog::config::Builder::from(&config)
            .retry_partition(destination.pace.allowance())
            .build();
        let stacks = aws_sdk_cloudformation::config::Builder::from(&config)
            .retry_partition(destination.pace.allowance())
            .build();
        let identity = identity(&config, endpoint.as_deref()).await?;
        let account = identity.account().unwrap_or_default();
        let caller = identity.arn().unwrap_or_default().to_owned();
        if account != destination.account.as_str() {
            return Err(destination.is_not(account, &caller));
        }
        Ok(Session {
            s3: aws_sdk_s3::Client::from_conf(s3),
            catalog: aws_sdk_servicecatalog::Client::from_conf(catalog),
            iam: Iam::new(&config, &destination.region, endpoint.as_deref()),
            identities: aws_sdk_sts::Client::new(&config),
            functions: Lambda::new(&config, &destination.region, endpoint.as_deref()),
            ec2: Ec2::new(&config, &destination.region, endpoint.as_deref()),
            registries: Registries::new(&config, endpoint.as_deref()),
            stacks: aws_sdk_cloudformation::Client::from_conf(stacks),
            account: destination.account.clone(),
            region: destination.region.clone(),
            caller,
            endpoint,
            pace: destination.pace,
            fixed: Fixed::default(),
        })
    }

    /// The URL by which Service Catalog and CloudFormation fetch an object.
    pub(crate) fn object_url(&self, bucket: &str, key: &str) -> String {
        format!("https://{bucket}.s3.{}.amazonaws.com/{key}", self.region)
    }
}
