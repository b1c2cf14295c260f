//! Which service a request is for, which operation it names, and how that
//! service writes its answers and refusals.

use crate::api::{self, Model, Spelling};
use crate::context::Context;
use crate::wire::credential::Credential;
use crate::wire::xml::document;
use crate::wire::{ApiError, Request, Response, form};
use crate::{catalog, cloudformation, ec2, iam, lambda, s3, secrets, sts};
use serde_json::{Value, json};

/// The services that this server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    S3,
    Sts,
    Iam,
    Ec2,
    Lambda,
    Secrets,
    CloudFormation,
    Catalog,
}

impl Service {
    /// Goes by the signing name in the credential scope; a request without one
    /// can only be an anonymous read from S3.
    pub(crate) fn of(credential: Option<&Credential>) -> Result<Self, ApiError> {
        let Some(credential) = credential else {
            return Ok(Self::S3);
        };
        let name = &credential.service;
        Self::named(name).ok_or_else(|| {
            ApiError::new(
                404,
                "UnknownService",
                format!("the local AWS has no service {name}"),
            )
        })
    }

    /// The service of a signing name.
    fn named(name: &str) -> Option<Self> {
        const ALL: [Service; 8] = [
            Service::S3,
            Service::Sts,
            Service::Iam,
            Service::Ec2,
            Service::Lambda,
            Service::Secrets,
            Service::CloudFormation,
            Service::Catalog,
        ];
        ALL.into_iter().find(|service| service.name() == name)
    }

    /// Refuses what isn't a service of this server, or an operation of one that has a model.
    pub(crate) fn check(own: &str) -> Result<(), String> {
        let (name, operation) = match own.split_once(':') {
            Some((name, operation)) => (name, Some(operation)),
            None => (own, None),
        };
        let service =
            Self::named(name).ok_or_else(|| format!("the local AWS has no service {name}"))?;
        match (operation, service.model()) {
            (None, _) => Ok(()),
            (Some(operation), Some(model)) if model.has(operation) => Ok(()),
            (Some(operation), _) => Err(format!(
                "the local AWS has no {name} operation {operation} that it could answer alone"
            )),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::Ec2 => "ec2",
            Self::Lambda => "lambda",
            Self::Secrets => "secretsmanager",
            Self::CloudFormation => "cloudformation",
            Self::Catalog => "servicecatalog",
        }
    }

    /// The operation that a request names, and its input.
    pub(crate) fn parse(self, request: &Request) -> Result<(String, Value), ApiError> {
        match self {
            Self::S3 => s3::operation(request).map(|name| (name.to_owned(), Value::Null)),
            Self::Lambda => lambda::operation(request),
            Self::Secrets | Self::Catalog => {
                let target = request.header("x-amz-target").unwrap_or_default();
                let prefix = self
                    .model()
                    .map_or("", |model| model.metadata.target_prefix.as_str());
                let operation = target.strip_prefix(prefix);
                let operation = operation.and_then(|rest| rest.strip_prefix('.'));
                let operation = operation.ok_or_else(|| {
                    ApiError::new(
                        400,
                        "UnknownOperationException",
                        format!("no operation in X-Amz-Target {target:?}"),
                    )
                })?;
                let input = serde_json::from_slice(&request.body).map_err(|error| {
                    ApiError::new(400, "SerializationException", error.to_string())
                })?;
                Ok((operation.to_owned(), input))
            }
            Self::Sts | Self::Iam | Self::Ec2 | Self::CloudFormation => {
                let mut operation = None;
                let fields = form_urlencoded::parse(&request.body)
                    .filter(|(name, text)| match name.as_ref() {
                        "Action" => {
                            operation = Some(text.to_string());
                            false
                        }
                        "Version" => false,
                        _ => true,
                    })
                    .map(|(name, text)| (name.into_owned(), text.into_owned()))
                    .collect::<Vec<_>>();
                let input = form::value(fields.into_iter())
                    .map_err(|error| ApiError::new(400, "MalformedInput", error))?;
                let operation = operation.ok_or_else(|| {
                    ApiError::new(400, "MissingAction", "the form names no Action")
                })?;
                Ok((operation, input))
            }
        }
    }

    /// AWS's model of the service. S3 has none here: its requests are read by hand.
    fn model(self) -> Option<&'static Model> {
        match self {
            Self::S3 => None,
            Self::Sts => Some(&api::sts::MODEL),
            Self::Iam => Some(&api::iam::MODEL),
            Self::Ec2 => Some(&api::ec2::MODEL),
            Self::Lambda => Some(&api::lambda::MODEL),
            Self::Secrets => Some(&api::secretsmanager::MODEL),
            Self::CloudFormation => Some(&api::cloudformation::MODEL),
            Self::Catalog => Some(&api::servicecatalog::MODEL),
        }
    }

    /// Carries an operation out: its input and its answer are held to the model.
    pub(crate) fn run(
        self,
        context: &mut Context<'_>,
        operation: &str,
        input: Value,
        request: &Request,
    ) -> Result<Response, ApiError> {
        let Some(model) = self.model() else {
            return s3::call(context, operation, request);
        };
        if self == Self::Lambda && operation == lambda::INVOKE {
            return lambda::invoke(context, request);
        }
        if !model.has(operation) {
            let name = self.name();
            return Err(ApiError::new(
                400,
                self.unknown_operation(),
                format!("the local AWS has no {name} operation {operation}"),
            ));
        }
        let input = api::read(model, operation, input, self.spelling(), self.bad_input())?;
        let call = match self {
            Self::Sts => sts::call,
            Self::Iam => iam::call,
            Self::Ec2 => ec2::call,
            Self::Lambda => lambda::call,
            Self::Secrets => secrets::call,
            Self::CloudFormation => cloudformation::call,
            Self::Catalog | Self::S3 => catalog::call,
        };
        let answer = api::checked(model, operation, call(context, operation, input)?)?;
        Ok(match self.spelling() {
            Spelling::Json => {
                let body = api::json(model, operation, answer);
                Response::new(200).body(self.json(), body.to_string())
            }
            Spelling::Form | Spelling::Ec2 => {
                Response::new(200).body("text/xml", api::xml(model, operation, &answer))
            }
        })
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Lambda | Self::Secrets | Self::Catalog => Spelling::Json,
            Self::S3 | Self::Sts | Self::Iam | Self::CloudFormation => Spelling::Form,
            Self::Ec2 => Spelling::Ec2,
        }
    }

    /// The code of a refusal of an operation that doesn't exist.
    fn unknown_operation(self) -> &'static str {
        match self.spelling() {
            Spelling::Json => "UnknownOperationException",
            Spelling::Form | Spelling::Ec2 => "InvalidAction",
        }
    }

    /// The code of a refusal of an input that the model doesn't allow.
    fn bad_input(self) -> &'static str {
        match self.spelling() {
            Spelling::Json => "ValidationException",
            Spelling::Form => "ValidationError",
            Spelling::Ec2 => "InvalidParameterValue",
        }
    }

    /// The type of answers in JSON.
    fn json(self) -> &'static str {
        match self {
            Self::Lambda => "application/json",
            _ => "application/x-amz-json-1.1",
        }
    }

    fn namespace(self) -> &'static str {
        self.model()
            .map_or("", |model| model.metadata.xml_namespace.as_str())
    }

    /// A refusal as this service writes it.
    pub(crate) fn refuse(self, refusal: &ApiError, request: &Request) -> Response {
        let ApiError {
            status,
            code,
            message,
        } = refusal;
        match self {
            Self::S3 if request.method == hyper::Method::HEAD => Response::new(*status),
            Self::S3 => {
                let error = json!({ "Code": code, "Message": message, "Resource": request.path });
                let text = document("Error", "", &error);
                Response::new(*status).body("application/xml", text.replacen(" xmlns=\"\"", "", 1))
            }
            Self::Lambda | Self::Secrets | Self::Catalog => Response::new(*status)
                .header("x-amzn-errortype", code)
                .body(
                    self.json(),
                    json!({ "__type": code, "Message": message }).to_string(),
                ),
            // <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>
            Self::Ec2 => {
                let error = json!({ "Errors": { "Error": { "Code": code, "Message": message } } });
                let text = document("Response", "", &error).replacen(" xmlns=\"\"", "", 1);
                Response::new(*status).body("text/xml", text)
            }
            Self::Sts | Self::Iam | Self::CloudFormation => {
                let fault = if *status < 500 { "Sender" } else { "Receiver" };
                let error = json!({ "Error": { "Type": fault, "Code": code, "Message": message } });
                Response::new(*status).body(
                    "text/xml",
                    document("ErrorResponse", self.namespace(), &error),
                )
            }
        }
    }

    /// The answer of a service that is called too often.
    pub(crate) fn throttled(self) -> ApiError {
        match self {
            Self::S3 => ApiError::new(503, "SlowDown", "Please reduce your request rate."),
            Self::Lambda | Self::Secrets | Self::Catalog => {
                ApiError::new(400, "ThrottlingException", "Rate exceeded")
            }
            Self::Ec2 => ApiError::new(503, "RequestLimitExceeded", "Request limit exceeded."),
            Self::Sts | Self::Iam | Self::CloudFormation => {
                ApiError::new(400, "Throttling", "Rate exceeded")
            }
        }
    }

    /// The answer to an identity that lacks the permission for an operation.
    pub(crate) fn denied(self, caller: &str, operation: &str) -> ApiError {
        let (status, code) = match self {
            Self::Secrets | Self::Catalog => (400, "AccessDeniedException"),
            Self::Lambda => (403, "AccessDeniedException"),
            Self::Ec2 => (403, "UnauthorizedOperation"),
            Self::S3 | Self::Sts | Self::Iam | Self::CloudFormation => (403, "AccessDenied"),
        };
        let name = self.name();
        ApiError::new(
            status,
            code,
            format!("User: {caller} is not authorized to perform: {name}:{operation}"),
        )
    }

    /// The answer to a key whose time is over.
    pub(crate) fn expired(self) -> ApiError {
        let code = match self {
            Self::S3 => "ExpiredToken",
            Self::Lambda | Self::Secrets | Self::Catalog => "ExpiredTokenException",
            Self::Ec2 => "RequestExpired",
            Self::Sts | Self::Iam | Self::CloudFormation => "ExpiredToken",
        };
        let status = if self == Self::S3 { 400 } else { 403 };
        ApiError::new(
            status,
            code,
            "The security token included in the request is expired",
        )
    }

    /// The answer to an access key that nobody has.
    pub(crate) fn unknown_key(self) -> ApiError {
        match self {
            Self::S3 => ApiError::new(
                403,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            ),
            Self::Lambda | Self::Secrets | Self::Catalog => ApiError::new(
                400,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            Self::Ec2 => ApiError::new(
                401,
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
            ),
            Self::Sts | Self::Iam | Self::CloudFormation => ApiError::new(
                403,
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
            ),
        }
    }
}

/// Whether an operation changes anything, by the verb that its name starts with.
pub(crate) fn is_changing(operation: &str) -> bool {
    const READS: [&str; 9] = [
        "AssumeRole",
        "Describe",
        "Detect",
        "Get",
        "Head",
        "List",
        "Scan",
        "Search",
        "Validate",
    ];
    !READS.iter().any(|verb| operation.starts_with(verb))
}
