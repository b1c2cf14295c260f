//! The URLs of S3 objects, as Service Catalog gives them back.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>

/// Bucket and key of an object's URL: AWS's forms, or a path under `endpoint`.
pub(crate) fn parse(url: &str, endpoint: Option<&str>) -> Option<(String, String)> {
    let url = url.split('?').next().unwrap_or(url);
    let path = |path: &str| -> Option<(String, String)> {
        let (bucket, key) = path.split_once('/')?;
        let is_whole = !bucket.is_empty() && !key.is_empty();
        is_whole.then(|| (bucket.to_owned(), key.to_owned()))
    };
    if let Some(rest) =
        endpoint.and_then(|endpoint| url.strip_prefix(endpoint.trim_end_matches('/')))
    {
        return path(rest.trim_start_matches('/'));
    }
    let (host, rest) = url.strip_prefix("https://")?.split_once('/')?;
    let host = host
        .strip_suffix(".amazonaws.com")
        .or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    // Bucket names may hold dots; the service's part is the last that is `s3`.
    let labels: Vec<&str> = host.split('.').collect();
    let service = labels
        .iter()
        .rposition(|label| *label == "s3" || label.starts_with("s3-"))?;
    match labels.get(..service).map(|labels| labels.join(".")) {
        Some(bucket) if !bucket.is_empty() => path(&format!("{bucket}/{rest}")),
        _ => path(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_the_url() {
        let expected = Some(("my.bucket".to_owned(), "a/b.yaml".to_owned()));
        for url in [
            "https://my.bucket.s3.amazonaws.com/a/b.yaml",
            "https://my.bucket.s3.us-east-1.amazonaws.com/a/b.yaml?versionId=1",
            "https://my.bucket.s3-us-west-2.amazonaws.com/a/b.yaml",
            "https://s3.us-east-1.amazonaws.com/my.bucket/a/b.yaml",
            "https://s3.amazonaws.com/my.bucket/a/b.yaml",
            "http://127.0.0.1:4000/my.bucket/a/b.yaml",
        ] {
            assert_eq!(parse(url, Some("http://127.0.0.1:4000")), expected, "{url}");
        }
        assert_eq!(parse("https://example.org/my.bucket/a", None), None);
        assert_eq!(parse("https://s3.amazonaws.com/my.bucket", None), None);
    }
}
