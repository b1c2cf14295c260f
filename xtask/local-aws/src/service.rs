//! Which service a request is for, which operation it names, and how that
//! service writes its answers and refusals.

use crate::context::{Context, Reply};
use crate::wire::credential::Credential;
use crate::wire::xml::{Lists, document};
use crate::wire::{ApiError, Request, Response, form};
use crate::{catalog, cloudformation, iam, lambda, s3, sts};
use serde_json::{Value, json};

/// The services that this server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    S3,
    Sts,
    Iam,
    Lambda,
    CloudFormation,
    Catalog,
}

const TARGET: &str = "AWS242ServiceCatalogService.";

impl Service {
    /// Goes by the signing name in the credential scope; a request without one
    /// can only be an anonymous read from S3.
    pub(crate) fn of(credential: Option<&Credential>) -> Result<Self, ApiError> {
        let Some(credential) = credential else {
            return Ok(Self::S3);
        };
        match credential.service.as_str() {
            "s3" => Ok(Self::S3),
            "sts" => Ok(Self::Sts),
            "iam" => Ok(Self::Iam),
            "lambda" => Ok(Self::Lambda),
            "cloudformation" => Ok(Self::CloudFormation),
            "servicecatalog" => Ok(Self::Catalog),
            other => Err(ApiError::new(
                404,
                "UnknownService",
                format!("the local AWS has no service {other}"),
            )),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Sts => "sts",
            Self::Iam => "iam",
            Self::Lambda => "lambda",
            Self::CloudFormation => "cloudformation",
            Self::Catalog => "servicecatalog",
        }
    }

    /// The operation that a request names, and its input.
    pub(crate) fn parse(self, request: &Request) -> Result<(String, Value), ApiError> {
        match self {
            Self::S3 => s3::operation(request).map(|name| (name.to_owned(), Value::Null)),
            Self::Lambda => lambda::operation(request),
            Self::Catalog => {
                let target = request.header("x-amz-target").unwrap_or_default();
                let operation = target.strip_prefix(TARGET).ok_or_else(|| {
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
            Self::Sts | Self::Iam | Self::CloudFormation => {
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

    /// Carries an operation out.
    pub(crate) fn run(
        self,
        context: &mut Context<'_>,
        operation: &str,
        input: Value,
        request: &Request,
    ) -> Result<Response, ApiError> {
        match self {
            Self::S3 => s3::call(context, operation, request),
            Self::Sts => self.write(operation, sts::call(context, operation, input)),
            Self::Iam => self.write(operation, iam::call(context, operation, input)),
            Self::Lambda => self.write(operation, lambda::call(context, &input)),
            Self::CloudFormation => {
                self.write(operation, cloudformation::call(context, operation, input))
            }
            Self::Catalog => self.write(operation, catalog::call(context, operation, input)),
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
        match self {
            Self::S3 => "http://s3.amazonaws.com/doc/2006-03-01/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            Self::CloudFormation => "http://cloudformation.amazonaws.com/doc/2010-05-15/",
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            Self::Lambda | Self::Catalog => "",
        }
    }

    fn write(self, operation: &str, reply: Reply) -> Result<Response, ApiError> {
        let value = reply?;
        Ok(match self {
            Self::Lambda | Self::Catalog => {
                Response::new(200).body(self.json(), without_nulls(value).to_string())
            }
            _ => Response::new(200).body(
                "text/xml",
                document(
                    &format!("{operation}Response"),
                    self.namespace(),
                    Lists::Members,
                    &json!({ format!("{operation}Result"): value }),
                ),
            ),
        })
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
                let text = document("Error", "", Lists::Repeated, &error);
                Response::new(*status).body("application/xml", text.replacen(" xmlns=\"\"", "", 1))
            }
            Self::Lambda | Self::Catalog => Response::new(*status)
                .header("x-amzn-errortype", code)
                .body(
                    self.json(),
                    json!({ "__type": code, "Message": message }).to_string(),
                ),
            Self::Sts | Self::Iam | Self::CloudFormation => {
                let fault = if *status < 500 { "Sender" } else { "Receiver" };
                let error = json!({ "Error": { "Type": fault, "Code": code, "Message": message } });
                Response::new(*status).body(
                    "text/xml",
                    document("ErrorResponse", self.namespace(), Lists::Members, &error),
                )
            }
        }
    }

    /// The answer of a service that is called too often.
    pub(crate) fn throttled(self) -> ApiError {
        match self {
            Self::S3 => ApiError::new(503, "SlowDown", "Please reduce your request rate."),
            Self::Lambda | Self::Catalog => {
                ApiError::new(400, "ThrottlingException", "Rate exceeded")
            }
            Self::Sts | Self::Iam | Self::CloudFormation => {
                ApiError::new(400, "Throttling", "Rate exceeded")
            }
        }
    }

    /// The answer to an identity that lacks the permission for an operation.
    pub(crate) fn denied(self, caller: &str, operation: &str) -> ApiError {
        let (status, code) = match self {
            Self::Catalog => (400, "AccessDeniedException"),
            Self::Lambda => (403, "AccessDeniedException"),
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
            Self::Lambda | Self::Catalog => "ExpiredTokenException",
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
            Self::Lambda | Self::Catalog => ApiError::new(
                400,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
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

/// JSON answers leave out what isn't set.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, field)| !field.is_null())
            .map(|(name, field)| (name, without_nulls(field)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        value => value,
    }
}
