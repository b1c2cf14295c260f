//! Where an object is: in a request (path style, or virtual-hosted style under
//! `localhost`), and in the URLs that name templates.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>

use crate::wire::{ApiError, Request};
use percent_encoding::percent_decode_str;

/// Bucket and key of a request; empty where it has none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub bucket: String,
    pub key: String,
}

impl Address {
    pub(super) fn of(request: &Request) -> Result<Self, ApiError> {
        let host = request.header("host").unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        let path = match host.strip_suffix(".localhost") {
            Some(bucket) => format!("/{bucket}{}", request.path),
            None => request.path.clone(),
        };
        let (bucket, key) = split(path.trim_start_matches('/'))
            .ok_or_else(|| ApiError::new(400, "InvalidURI", "the path isn't UTF-8"))?;
        Ok(Self { bucket, key })
    }
}

fn split(path: &str) -> Option<(String, String)> {
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let decode = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    Some((decode(bucket)?, decode(key)?))
}

/// An object that a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    pub bucket: String,
    pub key: String,
    pub version: Option<String>,
}

impl Location {
    /// Reads the URL of an S3 object, in AWS's forms or under `endpoint`.
    /// `None` when it is of some other kind.
    pub(crate) fn parse(url: &str, endpoint: &str) -> Option<Self> {
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let version = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "versionId")
            .map(|(_, value)| value.into_owned());
        let (bucket, key) = match url.strip_prefix(endpoint) {
            Some(path) => split(path.strip_prefix('/')?)?,
            None => {
                let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
                let host = host.strip_suffix(".amazonaws.com")?;
                match host.rsplit_once(".s3") {
                    Some((bucket, region)) if is_region(region) => {
                        split(&format!("{bucket}/{path}"))?
                    }
                    _ if host.strip_prefix("s3").is_some_and(is_region) => split(path)?,
                    _ => return None,
                }
            }
        };
        (!bucket.is_empty() && !key.is_empty()).then_some(Self {
            bucket,
            key,
            version,
        })
    }
}

/// What follows `s3` in a host name: nothing, `.us-east-1`, or the old `-us-east-1`.
fn is_region(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(['.', '-']).is_some_and(|region| {
            region.split('-').count() >= 3 && region.ends_with(|c: char| c.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_a_template_url() {
        let endpoint = "http://127.0.0.1:4000";
        let expected = Some(Location {
            bucket: "my.bucket".into(),
            key: "a b/t.yaml".into(),
            version: None,
        });
        for url in [
            "https://my.bucket.s3.amazonaws.com/a%20b/t.yaml",
            "https://my.bucket.s3.us-east-1.amazonaws.com/a%20b/t.yaml",
            "https://my.bucket.s3-us-west-2.amazonaws.com/a%20b/t.yaml",
            "https://s3.amazonaws.com/my.bucket/a%20b/t.yaml",
            "https://s3.us-east-1.amazonaws.com/my.bucket/a%20b/t.yaml",
            "http://127.0.0.1:4000/my.bucket/a%20b/t.yaml",
        ] {
            assert_eq!(Location::parse(url, endpoint), expected, "{url}");
        }
        for url in [
            "http://my.bucket.s3.amazonaws.com/t.yaml",
            "https://example.com/my.bucket/t.yaml",
            "https://ec2.amazonaws.com/my.bucket/t.yaml",
            "s3://my.bucket/t.yaml",
        ] {
            assert_eq!(Location::parse(url, endpoint), None, "{url}");
        }
    }
}
