//! Calls of services whose crate of the SDK isn't there: signed and repeated as the SDK does it.

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use form_urlencoded::Serializer;
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A service, as its calls are signed.
pub(crate) struct Service<'a> {
    /// Its name in what is said of its calls.
    pub name: &'static str,
    /// Its name in signatures.
    pub signing_name: &'static str,
    /// The region of signatures.
    pub region: &'a str,
    /// Where it answers.
    pub url: &'a str,
    /// The request with a body.
    pub request: fn(String) -> Result<HttpRequest, BoxError>,
    /// What it says where it says no, of the answer and its body. An answer without a code is none of
    /// the service's, and stays without one.
    pub refusal: fn(&HttpResponse, &str) -> ErrorMetadata,
}

/// Calls of a service: a body is sent, a body comes back.
pub(crate) type Calls = Arc<Operation<String, String, Refusal>>;

impl Service<'_> {
    /// The calls of it.
    pub(crate) fn calls(&self, config: &SdkConfig) -> Calls {
        let mut settings = Layer::new(self.signing_name);
        settings.store_put(SigningRegion::from(Region::new(self.region.to_owned())));
        settings.store_put(SigningName::from_static(self.signing_name));
        settings.store_put(SigV4OperationSigningConfig::default());
        settings.store_put(AuthSchemeOptionResolverParams::new(()));
        let mut components = RuntimeComponentsBuilder::new(self.signing_name)
            .with_auth_scheme(SigV4AuthScheme::new())
            .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
                SCHEME_ID,
            ])))
            .with_identity_cache(Some(IdentityCache::lazy().build()))
            .with_http_client(config.http_client())
            .with_sleep_impl(config.sleep_impl())
            .with_time_source(config.time_source());
        if let Some(credentials) = config.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, credentials);
        }
        let plugin = StaticRuntimePlugin::new()
            .with_config(settings.freeze())
            .with_runtime_components(components);
        let (request, refusal) = (self.request, self.refusal);
        let mut operation = Operation::builder()
            .service_name(self.name)
            .operation_name("Query")
            .endpoint_url(self.url)
            .standard_retry(config.retry_config().unwrap_or(&RetryConfig::standard()))
            .retry_classifier(TransientErrorClassifier::<Refusal>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(AwsErrorCodeClassifier::<Refusal>::new())
            .serializer(request)
            .deserializer(move |response: &HttpResponse| {
                let text = response.body().bytes().map(String::from_utf8_lossy);
                let text = text.unwrap_or_default();
                match response.status().is_success() {
                    true => Ok(text.into_owned()),
                    false => Err(OrchestratorError::operation(Refusal(refusal(
                        response, &text,
                    )))),
                }
            })
            .runtime_plugin(plugin);
        if let Some(timeouts) = config.timeout_config() {
            operation = operation.timeout_config(timeouts.clone());
        }
        Arc::new(operation.build())
    }
}

/// A request of the query protocol: a form that is posted.
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
pub(crate) fn form(form: String) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(form));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-www-form-urlencoded");
    Ok(request)
}

/// Where a service answers for a region that has an endpoint of its own there.
/// <https://docs.aws.amazon.com/general/latest/gr/rande.html#regional-endpoints>
pub(crate) fn regional_url(service: &str, region: &str) -> String {
    let suffix = match region.starts_with("cn-") {
        true => "amazonaws.com.cn",
        false => "amazonaws.com",
    };
    format!("https://{service}.{region}.{suffix}")
}

/// The form of a call of the query protocol, without its parameters. The call is named as errors name
/// it: the service, then the operation.
pub(crate) fn asked(call: &str, version: &str) -> Serializer<'static, String> {
    let action = call.rsplit(' ').next().unwrap_or(call);
    let mut form = Serializer::new(String::new());
    form.append_pair("Action", action);
    form.append_pair("Version", version);
    form
}

/// What a service of the query protocol says where it says no. `Error` stands at the top of the answer,
/// in EC2's below `Errors`.
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization>
/// <https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html#operation-error-serialization>
pub(crate) fn query_refusal(_: &HttpResponse, text: &str) -> ErrorMetadata {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer {
        error: Option<One>,
        errors: Option<Errors>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Errors {
        error: One,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct One {
        code: String,
        message: Option<String>,
    }
    let answer = quick_xml::de::from_str::<Answer>(text).ok();
    let error = answer.and_then(|answer| answer.error.or(answer.errors.map(|errors| errors.error)));
    let error = error.as_ref();
    said(
        error.map(|error| error.code.as_str()),
        error.and_then(|error| error.message.as_deref()),
    )
}

/// A code with its message, as the SDK's errors hold them.
pub(crate) fn said(code: Option<&str>, message: Option<&str>) -> ErrorMetadata {
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    if let Some(message) = message {
        metadata = metadata.message(message);
    }
    metadata.build()
}

/// Calls that nobody signs, of any server: a request goes out, whatever is answered comes back.
pub(crate) fn anonymous<I, O>(
    config: &SdkConfig,
    url: &str,
    request: fn(I) -> Result<HttpRequest, BoxError>,
    read: fn(&HttpResponse) -> O,
) -> Operation<I, O, Refusal>
where
    I: fmt::Debug + Send + Sync + 'static,
    O: fmt::Debug + Send + Sync + 'static,
{
    /// Preflight asks many things at once; who doesn't answer is told as such.
    const PATIENCE: Duration = Duration::from_secs(10);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(PATIENCE)
        .operation_timeout(PATIENCE)
        .build();
    let components = RuntimeComponentsBuilder::new("anonymous")
        .with_http_client(config.http_client())
        .with_sleep_impl(config.sleep_impl())
        .with_time_source(config.time_source());
    let plugin = StaticRuntimePlugin::new().with_runtime_components(components);
    Operation::builder()
        .service_name("anonymous")
        .operation_name("Get")
        .endpoint_url(url)
        .no_auth()
        .no_retry()
        .timeout_config(timeouts)
        .serializer(request)
        .deserializer(move |response: &HttpResponse| Ok(read(response)))
        .runtime_plugin(plugin)
        .build()
}

/// A request of the JSON protocol to an operation, as `SERVICE.OPERATION` names it.
/// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>
pub(crate) fn json_request(target: &'static str, body: String) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.1");
    headers.insert("x-amz-target", target);
    Ok(request)
}

/// What a service of the JSON protocol says where it says no.
/// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization>
pub(crate) fn json_refusal(_: &HttpResponse, text: &str) -> ErrorMetadata {
    #[derive(Deserialize)]
    struct Said {
        #[serde(rename = "__type")]
        kind: String,
        #[serde(alias = "Message")]
        message: Option<String>,
    }
    match serde_json::from_str(text) {
        Ok(Said { kind, message }) => said(kind.rsplit('#').next(), message.as_deref()),
        Err(_) => said(None, None),
    }
}

/// What a service says where it says no.
#[derive(Debug)]
pub(crate) struct Refusal(ErrorMetadata);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_refusal_are_read_and_others_have_no_code() {
        let error = "<Error><Code>NoSuchEntity</Code><Message>none</Message></Error>";
        let of_iam = format!("<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>");
        let of_ec2 =
            format!("<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>");
        let read = |text: &str| {
            let answer = HttpResponse::new(400.try_into().unwrap(), SdkBody::empty());
            let read = query_refusal(&answer, text);
            let text = |text: Option<&str>| text.map(str::to_owned);
            (text(read.code()), text(read.message()))
        };
        let said = (Some("NoSuchEntity".to_owned()), Some("none".to_owned()));
        assert_eq!(read(&of_iam), said);
        assert_eq!(read(&of_ec2), said);
        for other in ["<html><body>502</body></html>", "", "no XML"] {
            assert_eq!(read(other), (None, None), "{other}");
        }
    }
}
