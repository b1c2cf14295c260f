//! Who is asking: the credential scope in the `Authorization` header of
//! Signature Version 4. The signature itself isn't checked, since the server
//! knows no secret keys and listens on 127.0.0.1 only.

/// The parts of `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    pub access_key: String,
    pub region: String,
    pub service: String,
}

impl Credential {
    /// Reads an `Authorization` header; `None` when it isn't Signature Version 4.
    pub(crate) fn parse(authorization: &str) -> Option<Self> {
        let rest = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
        let scope = rest
            .split(',')
            .find_map(|part| part.trim().strip_prefix("Credential="))?;
        let mut parts = scope.split('/');
        let access_key = parts.next()?.to_owned();
        let _date = parts.next()?;
        let region = parts.next()?.to_owned();
        let service = parts.next()?.to_owned();
        (parts.next()? == "aws4_request").then_some(Self {
            access_key,
            region,
            service,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_scope_of_a_signed_request() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIA1/20250102/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00";
        assert_eq!(
            Credential::parse(header),
            Some(Credential {
                access_key: "AKIA1".into(),
                region: "us-east-1".into(),
                service: "s3".into(),
            })
        );
        assert_eq!(Credential::parse("Bearer abc"), None);
        assert_eq!(
            Credential::parse("AWS4-HMAC-SHA256 Credential=AKIA1/20250102"),
            None
        );
    }
}
