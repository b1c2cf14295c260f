//! Registries of container images: whether they have an image, and for which platforms. Asked as anybody
//! may ask, without a login; Amazon ECR's private ones by its own API, as the identity in use.
//!
//! <https://distribution.github.io/distribution/spec/api/>
//! <https://distribution.github.io/distribution/spec/auth/token/>

mod ecr;
mod manifest;

use crate::call::chain;
use crate::signed::anonymous;
use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use compute_catalog::digest::Digest;
use compute_catalog::publish::{ContainerImage, ImageName};
use ecr::Ecr;
use manifest::Manifest;
use serde::Deserialize;

/// What the API answers for a manifest that isn't there, and for a repository that isn't.
/// <https://distribution.github.io/distribution/spec/api/#errors-2>
const MISSING: [&str; 2] = ["MANIFEST_UNKNOWN", "NAME_UNKNOWN"];

/// Registries, as anybody asks them.
#[derive(Debug, Clone)]
pub struct Registries {
    config: SdkConfig,
    /// A server in the place of all of them. It is told of which registry it is to speak, as mirrors are.
    /// <https://github.com/containerd/containerd/blob/main/docs/hosts.md>
    endpoint: Option<String>,
}

/// A request: its path with a query, and its headers.
#[derive(Debug)]
struct Asked {
    path: String,
    headers: Vec<(&'static str, String)>,
}

/// An answer of any status.
#[derive(Debug)]
struct Answered {
    status: u16,
    challenge: Option<String>,
    location: Option<String>,
    body: String,
}

impl Asked {
    fn request(self) -> Result<HttpRequest, BoxError> {
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_method("GET")?;
        request.set_uri(self.path)?;
        for (name, value) in self.headers {
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }
}

impl Answered {
    fn read(response: &HttpResponse) -> Answered {
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        let body = response.body().bytes().map(String::from_utf8_lossy);
        Answered {
            status: response.status().as_u16(),
            challenge: header("www-authenticate"),
            location: header("location"),
            body: body.unwrap_or_default().into_owned(),
        }
    }

    /// Why this is no answer to go by.
    fn why(&self) -> String {
        let codes = self.codes();
        match (self.status, codes.is_empty()) {
            (401 | 403, _) => "the registry asks for a login".to_owned(),
            (429, _) => "the registry is asked too often".to_owned(),
            (status, true) => format!("the registry answers {status}, and not as registries do"),
            (status, false) => format!("the registry answers {status}: {}", codes.join(", ")),
        }
    }

    /// The codes of the API's errors.
    fn codes(&self) -> Vec<String> {
        #[derive(Deserialize)]
        struct Body {
            errors: Vec<One>,
        }
        #[derive(Deserialize)]
        struct One {
            code: String,
        }
        let body = serde_json::from_str::<Body>(&self.body);
        let errors = body.map_or_else(|_| Vec::new(), |body| body.errors);
        errors.into_iter().map(|one| one.code).collect()
    }
}

impl Registries {
    /// As this configuration reaches the network; one server in the place of all where there is an endpoint.
    pub(crate) fn new(config: &SdkConfig, endpoint: Option<&str>) -> Registries {
        Registries {
            config: config.clone(),
            endpoint: endpoint.map(|url| url.trim_end_matches('/').to_owned()),
        }
    }

    /// Whether an image is there. Whatever isn't a registry's word is told as not looked up.
    pub(crate) async fn image(&self, name: &str) -> ContainerImage {
        let Some(image) = ImageName::read(name) else {
            return ContainerImage::NotLookedUp("it isn't the name of an image".to_owned());
        };
        let found = match Ecr::of(&self.config, &image, self.endpoint.as_deref()) {
            Some(ecr) => ecr.image(&image).await,
            None => self.anybodys(&image).await,
        };
        found.unwrap_or_else(ContainerImage::NotLookedUp)
    }

    async fn anybodys(&self, image: &ImageName) -> Result<ContainerImage, String> {
        let ImageName {
            repository,
            reference,
            ..
        } = image;
        let accepted = manifest::ACCEPTED.join(", ");
        let manifests = self.url(image, &format!("manifests/{reference}"));
        let mut token = None;
        let mut answer = self.get(&manifests, &accepted, None).await?;
        if answer.status == 401
            && let Some(challenge) = answer.challenge.as_deref()
        {
            token = Some(self.token(challenge, repository).await?);
            answer = self.get(&manifests, &accepted, token.as_deref()).await?;
        }
        let codes = answer.codes();
        if answer.status == 404 && codes.iter().any(|code| MISSING.contains(&code.as_str())) {
            return Ok(ContainerImage::Missing);
        }
        if answer.status != 200 {
            return Err(answer.why());
        }
        if reference.contains(':') && Digest::of(answer.body.as_bytes()).to_string() != *reference {
            return Err("the registry answers with a manifest of another digest".to_owned());
        }
        let platforms = match manifest::read(&answer.body)? {
            Manifest::OfEach(platforms) => platforms,
            Manifest::OfOne { config } => {
                let url = self.url(image, &format!("blobs/{config}"));
                let mut answer = self.get(&url, "*/*", token.as_deref()).await?;
                // Registries send to where their blobs are, which takes no token of theirs.
                if matches!(answer.status, 301 | 302 | 303 | 307 | 308)
                    && let Some(location) = answer.location.clone()
                {
                    answer = self.get(&location, "*/*", None).await?;
                }
                if answer.status != 200 {
                    return Err(answer.why());
                }
                [manifest::platform_of(&answer.body)?].into()
            }
        };
        Ok(ContainerImage::There(platforms))
    }

    /// The URL of something of a repository. Docker Hub's API is elsewhere than its name.
    fn url(&self, image: &ImageName, what: &str) -> String {
        let ImageName {
            host, repository, ..
        } = image;
        match &self.endpoint {
            Some(endpoint) => format!("{endpoint}/v2/{repository}/{what}?ns={host}"),
            None if host == "docker.io" => {
                format!("https://registry-1.docker.io/v2/{repository}/{what}")
            }
            None => format!("https://{host}/v2/{repository}/{what}"),
        }
    }

    /// A token for reading a repository, that a challenge says where to get. None is given for what needs
    /// a login.
    async fn token(&self, challenge: &str, repository: &str) -> Result<String, String> {
        let no_bearer = || "the registry asks for a login".to_owned();
        let (scheme, parameters) = challenge.split_once(' ').ok_or_else(no_bearer)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(no_bearer());
        }
        let said = |name: &str| parameter(parameters, name);
        let realm = said("realm").ok_or_else(no_bearer)?;
        if self.endpoint.is_none() && !realm.starts_with("https://") {
            return Err("the registry names a place for tokens that isn't https".to_owned());
        }
        let scope = said("scope").unwrap_or_else(|| format!("repository:{repository}:pull"));
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(service) = said("service") {
            query.append_pair("service", &service);
        }
        query.append_pair("scope", &scope);
        let mark = if realm.contains('?') { '&' } else { '?' };
        let url = format!("{realm}{mark}{}", query.finish());
        let answer = self.get(&url, "application/json", None).await?;
        if answer.status != 200 {
            return Err(answer.why());
        }
        // Both names may stand there, with the same token.
        let given: serde_json::Value =
            serde_json::from_str(&answer.body).map_err(|_| no_token())?;
        let token = given.get("token").or(given.get("access_token"));
        let token = token.and_then(serde_json::Value::as_str);
        token.map(str::to_owned).ok_or_else(no_token)
    }

    async fn get(&self, url: &str, accept: &str, token: Option<&str>) -> Result<Answered, String> {
        let mut headers = vec![("accept", accept.to_owned())];
        headers.extend(token.map(|token| ("authorization", format!("Bearer {token}"))));
        let place = url
            .match_indices('/')
            .nth(2)
            .map_or(url.len(), |(at, _)| at);
        let (server, path) = url.split_at(place);
        let asked = Asked {
            path: path.to_owned(),
            headers,
        };
        let calls = anonymous(&self.config, server, Asked::request, Answered::read);
        let answer = calls.invoke(asked).await;
        // The deepest cause says in the network's words what went wrong.
        let why = |error| chain(&error).pop().unwrap_or_default();
        answer.map_err(|error| format!("the registry can't be reached: {}", why(error)))
    }
}

fn no_token() -> String {
    "the registry gives no token to who has no login".to_owned()
}

/// A parameter of a challenge: `name="value"`, separated by commas.
/// <https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate>
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, further) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(',').unwrap_or((after, "")),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.to_owned());
        }
        rest = further.trim_start_matches([',', ' ']);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_challenge_is_read_with_commas_in_its_values() {
        // As the specification shows it.
        let said = r#"realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:samalba/my-app:pull,push""#;
        for (name, value) in [
            ("realm", "https://auth.docker.io/token"),
            ("service", "registry.docker.io"),
            ("scope", "repository:samalba/my-app:pull,push"),
        ] {
            assert_eq!(parameter(said, name).as_deref(), Some(value));
        }
        assert_eq!(parameter(said, "error"), None);
        assert_eq!(parameter("", "realm"), None);
    }
}
