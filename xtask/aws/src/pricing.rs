//! AWS's Price List API: what is for sale, with its prices.
//! <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html>
//!
//! Written from the API's model and the answers that its documentation shows. No answer of AWS's own
//! has been read by it yet: what it doesn't understand is no price.

use crate::call::{CallError, Named};
use crate::signed::{Calls, Service, json_refusal, json_request};
use aws_config::SdkConfig;
use compute_catalog::environment::Price;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The region in which the API answers, for every region; there are two more.
/// <https://docs.aws.amazon.com/general/latest/gr/billing.html>
pub(crate) const REGION: &str = "us-east-1";

/// As many as an answer may hold.
const MOST: u32 = 100;

/// The operation as errors call it.
const CALL: &str = "pricing GetProducts";

/// A client of the Price List API.
#[derive(Debug)]
pub(crate) struct Pricing(Calls);

/// A filter: an attribute, and its value.
pub(crate) type Filter<'a> = (&'a str, &'a str);

/// Something that is for sale.
#[derive(Debug, Deserialize)]
pub(crate) struct Offer {
    product: Sold,
    #[serde(default)]
    terms: Terms,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sold {
    #[serde(default)]
    product_family: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
struct Terms {
    #[serde(default, rename = "OnDemand")]
    on_demand: BTreeMap<String, Term>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    #[serde(default)]
    price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    unit: String,
    #[serde(default)]
    price_per_unit: BTreeMap<String, String>,
}

impl Offer {
    /// What an attribute says.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        match name {
            "productFamily" => self.product.product_family.as_deref(),
            _ => self.product.attributes.get(name).map(String::as_str),
        }
    }

    /// Whether it is what was asked for. AWS filters; what slips through has no price here.
    pub(crate) fn fits(&self, filters: &[Filter<'_>]) -> bool {
        let mut filters = filters.iter();
        filters.all(|(name, value)| {
            let said = self.attribute(name);
            said.is_some_and(|said| said.eq_ignore_ascii_case(value))
        })
    }

    /// What it costs on demand, by the unit and in a currency. What is part of something else, such as
    /// of a reservation, costs nothing and has no price.
    pub(crate) fn prices(&self, unit: &str, currency: &str) -> Vec<Price> {
        let terms = self.terms.on_demand.values();
        let dimensions = terms.flat_map(|term| term.price_dimensions.values());
        let of_unit = dimensions.filter(|one| one.unit.eq_ignore_ascii_case(unit));
        of_unit
            .filter_map(|one| Price::parse(one.price_per_unit.get(currency)?))
            .collect()
    }
}

impl Pricing {
    /// The client, at another server where there is an endpoint.
    pub(crate) fn new(config: &SdkConfig, endpoint: Option<&str>) -> Pricing {
        let url = format!("https://api.pricing.{REGION}.amazonaws.com");
        let service = Service {
            name: "Pricing",
            signing_name: "pricing",
            region: REGION,
            url: endpoint.unwrap_or(&url),
            request: |body| json_request("AWSPriceListService.GetProducts", body),
            refusal: json_refusal,
        };
        Pricing(service.calls(config))
    }

    /// Everything that a service sells and the filters let through.
    ///
    /// # Errors
    /// A call that gets no answer, or a refusal; an answer that isn't the operation's.
    pub(crate) async fn offers(
        &self,
        service: &str,
        filters: &[Filter<'_>],
    ) -> Result<Vec<Offer>, CallError> {
        let values = filters.iter().map(|(_, value)| *value);
        let on: Vec<&str> = [service].into_iter().chain(values).collect();
        let on = on.join(", ");
        let asked: Vec<Value> = filters
            .iter()
            .map(|(field, value)| json!({"Type": "TERM_MATCH", "Field": field, "Value": value}))
            .collect();
        let unclear = |error: serde_json::Error| CallError::unclear(CALL, &on, &error);
        let (mut offers, mut next) = (Vec::new(), None);
        loop {
            let mut body = json!({
                "ServiceCode": service,
                "FormatVersion": "aws_v1",
                "MaxResults": MOST,
                "Filters": asked,
            });
            if let Some(token) = &next {
                body["NextToken"] = json!(token);
            }
            let text = self.0.invoke(body.to_string()).await.named(CALL, &on)?;
            let answer: Answer = serde_json::from_str(&text).map_err(unclear)?;
            for item in answer.price_list {
                // A text that holds JSON, as the documentation shows it; some clients are given the
                // JSON itself.
                let offer = match item {
                    Value::String(text) => serde_json::from_str(&text),
                    value => serde_json::from_value(value),
                };
                offers.push(offer.map_err(unclear)?);
            }
            next = answer.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                return Ok(offers);
            }
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    price_list: Vec<Value>,
    #[serde(default)]
    next_token: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer that the API's documentation shows for a volume, with its numbers.
    /// <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html>
    const DOCUMENTED: &str = r#"{"product":{"productFamily":"Storage","attributes":{
        "volumeType":"Provisioned IOPS","servicecode":"AmazonEC2",
        "usagetype":"CAN1-EBS:VolumeUsage.piops","location":"Canada (Central)"},"sku":"WQGC34PB2AWS8R4U"},
        "serviceCode":"AmazonEC2","terms":{"OnDemand":{"WQGC34PB2AWS8R4U.JRTCKXETXF":{
        "priceDimensions":{"WQGC34PB2AWS8R4U.JRTCKXETXF.6YS6EN2CT7":{"unit":"GB-Mo","endRange":"Inf",
        "appliesTo":[],"beginRange":"0","pricePerUnit":{"USD":"0.1380000000"}}},
        "effectiveDate":"2017-08-01T00:00:00Z","termAttributes":{}}}},
        "version":"20170901182201","publicationDate":"2017-09-01T18:22:01Z"}"#;

    #[test]
    fn the_documented_answer_has_its_price() {
        let offer: Offer = serde_json::from_str(DOCUMENTED).unwrap();
        let asked = [
            ("productFamily", "Storage"),
            ("volumeType", "provisioned iops"),
        ];
        assert!(offer.fits(&asked));
        assert!(
            !offer.fits(&[("regionCode", "ca-central-1")]),
            "it doesn't say"
        );
        let prices = |unit, currency| offer.prices(unit, currency);
        assert_eq!(prices("GB-Mo", "USD"), [Price::parse("0.138").unwrap()]);
        assert!(prices("Hrs", "USD").is_empty() && prices("GB-Mo", "EUR").is_empty());
    }
}
