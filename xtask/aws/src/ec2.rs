//! EC2's query interface, for the few questions of preflight.
//! <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html>

use crate::call::{CallError, Named};
use crate::signed::{Calls, Service, asked, form, query_refusal, regional_url};
use aws_config::SdkConfig;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The version of the interface.
const VERSION: &str = "2016-11-15";

/// Values of one filter in a request. That EC2 takes so many is unproved: its page of filters gives no
/// number. Fewer in a request are right either way.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html>
const MOST_VALUES: usize = 200;

/// A client of EC2.
#[derive(Debug, Clone)]
pub struct Ec2(Calls);

/// A filter of a request: what is asked for, and its values.
pub(crate) type Filter<'a> = (&'a str, &'a [&'a str]);

impl Ec2 {
    /// The client of a region, at another server where there is an endpoint.
    pub(crate) fn new(config: &SdkConfig, region: &str, endpoint: Option<&str>) -> Ec2 {
        let of_region = regional_url("ec2", region);
        let service = Service {
            name: "EC2",
            signing_name: "ec2",
            region,
            url: endpoint.unwrap_or(&of_region),
            request: form,
            refusal: query_refusal,
        };
        Ec2(service.calls(config))
    }

    /// Everything that an operation tells of what the filters let through. The values of the first
    /// filter may be as many as there are: they are asked for in turn.
    ///
    /// # Errors
    /// A call that gets no answer, or a refusal; an answer that isn't the operation's.
    pub(crate) async fn describe<T: Answer>(
        &self,
        parameters: &[(&str, &str)],
        (first, values): Filter<'_>,
        further: &[Filter<'_>],
    ) -> Result<Vec<T::Item>, CallError> {
        let mut all = Vec::new();
        for values in values.chunks(MOST_VALUES) {
            let mut next: Option<String> = None;
            loop {
                let mut form = asked(T::CALL, VERSION);
                form.extend_pairs(parameters);
                for (number, (name, values)) in [(first, values)].iter().chain(further).enumerate()
                {
                    let filter = format!("Filter.{}", number + 1);
                    form.append_pair(&format!("{filter}.Name"), name);
                    for (number, value) in values.iter().enumerate() {
                        form.append_pair(&format!("{filter}.Value.{}", number + 1), value);
                    }
                }
                if let Some(token) = &next {
                    form.append_pair("NextToken", token);
                }
                let on = values.join(", ");
                let text = self.0.invoke(form.finish()).await.named(T::CALL, &on)?;
                let answer: T = quick_xml::de::from_str(&text)
                    .map_err(|error| CallError::unclear(T::CALL, &on, &error))?;
                let (items, token) = answer.parts();
                all.extend(items);
                next = token.filter(|token| !token.is_empty());
                if next.is_none() {
                    break;
                }
            }
        }
        Ok(all)
    }
}

/// An answer of an operation.
pub(crate) trait Answer: DeserializeOwned {
    /// The operation as errors call it.
    const CALL: &'static str;
    /// What it lists.
    type Item;
    /// What it lists, and the token of the next page.
    fn parts(self) -> (Vec<Self::Item>, Option<String>);
}

/// A list in an answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Set<T> {
    #[serde(default = "Vec::new")]
    pub item: Vec<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set { item: Vec::new() }
    }
}
