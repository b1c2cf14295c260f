//! Lambda, for the one question of preflight: whether a function is there. The SDK's crate for Lambda takes
//! most of a minute of each first build.
//! <https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html>

use crate::call::{CallError, Named};
use crate::signed::{Calls, Service, regional_url, said};
use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use form_urlencoded::byte_serialize;
use serde::Deserialize;

/// A client of Lambda.
#[derive(Debug, Clone)]
pub struct Lambda(Calls);

impl Lambda {
    /// The client of a region, at another server where there is an endpoint.
    pub(crate) fn new(config: &SdkConfig, region: &str, endpoint: Option<&str>) -> Lambda {
        let of_region = regional_url("lambda", region);
        let service = Service {
            name: "Lambda",
            signing_name: "lambda",
            region,
            url: endpoint.unwrap_or(&of_region),
            request,
            refusal,
        };
        Lambda(service.calls(config))
    }

    /// Asks for a function, by name or ARN.
    ///
    /// # Errors
    /// There is no such function; a call that gets no answer, or a refusal.
    pub(crate) async fn function(&self, name: &str) -> Result<(), CallError> {
        let answer = self.0.invoke(name.to_owned()).await;
        answer
            .named("lambda GetFunctionConfiguration", name)
            .map(drop)
    }
}

/// The request for a function. Neither names nor ARNs hold what a form writes otherwise than a path.
fn request(name: String) -> Result<HttpRequest, BoxError> {
    let name: String = byte_serialize(name.as_bytes()).collect();
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("GET")?;
    request.set_uri(format!("/2015-03-31/functions/{name}/configuration"))?;
    Ok(request)
}

/// What Lambda says where it says no: the code stands in a header.
/// <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>
fn refusal(response: &HttpResponse, text: &str) -> ErrorMetadata {
    #[derive(Deserialize)]
    struct Said {
        #[serde(alias = "Message")]
        message: Option<String>,
    }
    let code = response.headers().get("x-amzn-errortype");
    // `Code:http://…` and `namespace#Code` are Smithy's other forms.
    let code = code.and_then(|code| code.split(':').next()?.rsplit('#').next());
    let message = serde_json::from_str(text).ok();
    said(
        code,
        message.and_then(|Said { message }| message).as_deref(),
    )
}
