//! IAM's query interface, for the two questions of preflight: the SDK's crate for IAM takes a minute of
//! each first build.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html>

use crate::call::{CallError, Named};
use crate::signed::{Calls, Service, asked, form, query_refusal};
use aws_config::SdkConfig;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The version of the interface.
const VERSION: &str = "2010-05-08";

/// A client of IAM.
#[derive(Debug, Clone)]
pub struct Iam(Calls);

/// Where IAM answers for a region, and the region of signatures: one place for each partition.
/// <https://docs.aws.amazon.com/general/latest/gr/iam-service.html>
fn place(region: &str) -> (&'static str, &'static str) {
    if region.starts_with("cn-") {
        ("https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1")
    } else if region.starts_with("us-gov-") {
        ("https://iam.us-gov.amazonaws.com", "us-gov-west-1")
    } else {
        ("https://iam.amazonaws.com", "us-east-1")
    }
}

impl Iam {
    /// The client for a region, at another server where there is an endpoint.
    pub(crate) fn new(config: &SdkConfig, region: &str, endpoint: Option<&str>) -> Iam {
        let (url, region) = place(region);
        let service = Service {
            name: "IAM",
            signing_name: "iam",
            region,
            url: endpoint.unwrap_or(url),
            request: form,
            refusal: query_refusal,
        };
        Iam(service.calls(config))
    }

    /// Asks for a role.
    ///
    /// # Errors
    /// There is no such role; a call that gets no answer, or a refusal.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>
    pub(crate) async fn role(&self, name: &str) -> Result<(), CallError> {
        let parameters = [("RoleName", name)];
        self.ask("iam GetRole", &parameters, name).await.map(drop)
    }

    /// How many there are of what IAM counts, and how many there may be.
    ///
    /// # Errors
    /// A call that gets no answer, or a refusal; an answer that isn't the operation's.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
    pub(crate) async fn summary(&self) -> Result<BTreeMap<String, usize>, CallError> {
        const CALL: &str = "iam GetAccountSummary";
        let on = "the account";
        let text = self.ask(CALL, &[], on).await?;
        let answer: Summary =
            quick_xml::de::from_str(&text).map_err(|error| CallError::unclear(CALL, on, &error))?;
        let entries = answer.result.map.entries.into_iter();
        Ok(entries.map(|entry| (entry.key, entry.value)).collect())
    }

    async fn ask(
        &self,
        call: &'static str,
        parameters: &[(&str, &str)],
        on: &str,
    ) -> Result<String, CallError> {
        let mut form = asked(call, VERSION);
        form.extend_pairs(parameters);
        self.0.invoke(form.finish()).await.named(call, on)
    }
}

#[derive(Debug, Deserialize)]
struct Summary {
    #[serde(rename = "GetAccountSummaryResult")]
    result: SummaryResult,
}

#[derive(Debug, Deserialize)]
struct SummaryResult {
    #[serde(rename = "SummaryMap")]
    map: SummaryMap,
}

#[derive(Debug, Deserialize)]
struct SummaryMap {
    #[serde(default, rename = "entry")]
    entries: Vec<SummaryEntry>,
}

#[derive(Debug, Deserialize)]
struct SummaryEntry {
    key: String,
    value: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer that the API's documentation shows, cut.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
    #[test]
    fn the_documented_answer_is_read() {
        let text = r#"<GetAccountSummaryResponse>
<GetAccountSummaryResult>
<SummaryMap>
<entry>
<key>Roles</key>
<value>3</value>
</entry>
<entry>
<key>RolesQuota</key>
<value>1000</value>
</entry>
</SummaryMap>
</GetAccountSummaryResult>
<ResponseMetadata><RequestId>85cb9b90-ac28-11e4-a88d-97964EXAMPLE</RequestId></ResponseMetadata>
</GetAccountSummaryResponse>"#;
        let read: Summary = quick_xml::de::from_str(text).unwrap();
        let entries = read.result.map.entries;
        let pairs: Vec<_> = entries
            .iter()
            .map(|one| (one.key.as_str(), one.value))
            .collect();
        assert_eq!(pairs, [("Roles", 3), ("RolesQuota", 1000)]);
    }
}
