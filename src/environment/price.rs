//! An amount of money, exact: AWS's prices have up to ten decimals.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// A price, in parts of 10⁻¹⁰ of its currency. More than nothing: what costs nothing has no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(u64);

/// How many decimals are kept.
const DECIMALS: usize = 10;

/// One of the currency.
const ONE: u64 = 10_u64.pow(10);

/// The hours of a month: those of a year by twelve.
const HOURS: u64 = 730;

impl Price {
    /// A price as it is written: `0.0188`, `13`, `0.0188000000`. Nothing where it is no amount above
    /// nothing, or has more decimals than are kept.
    pub fn parse(text: &str) -> Option<Price> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(decimals) {
            return None;
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > DECIMALS {
            return None;
        }
        let parts: u64 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
        let whole: u64 = whole.parse().ok()?;
        let all = whole.checked_mul(ONE)?.checked_add(parts)?;
        (all > 0).then_some(Price(all))
    }

    /// The price of so many of what one costs so much; the greatest that there is where it is more.
    #[must_use]
    pub fn times(self, count: u64) -> Price {
        Price(self.0.saturating_mul(count))
    }

    /// The price of a part of what costs so much, to the nearest that there is above nothing.
    #[must_use]
    pub fn part(self, of: u64, whole: u64) -> Price {
        let parts = u128::from(self.0) * u128::from(of);
        let whole = u128::from(whole.max(1));
        let price = (parts + whole / 2) / whole;
        Price(u64::try_from(price).unwrap_or(u64::MAX).max(1))
    }

    /// The price of a month of what costs so much an hour.
    #[must_use]
    pub fn a_month(self) -> Price {
        self.times(HOURS)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Price) -> Price {
        Price(self.0.saturating_add(other.0))
    }

    /// To two decimals, rounded: `13.72`.
    pub fn rounded(self) -> String {
        let cent = ONE / 100;
        let cents = self.0.saturating_add(cent / 2) / cent;
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// Every decimal that counts: `0.0188`, `13`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:0DECIMALS$}", self.0 / ONE, self.0 % ONE);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The shortest text that reads back as the number is what was written.
        let number = f64::deserialize(deserializer)?;
        Price::parse(&number.to_string()).ok_or_else(|| {
            let why = format!("{number} is no price above 0 with at most {DECIMALS} decimals");
            serde::de::Error::custom(why)
        })
    }
}

impl JsonSchema for Price {
    fn schema_name() -> Cow<'static, str> {
        "Price".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A price, above 0.",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1_000_000,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact() {
        for (written, shown, month) in [
            ("0.0188000000", "0.0188", "13.72"),
            ("0.0001", "0.0001", "0.07"),
            ("12", "12", "8760.00"),
            ("0.0047", "0.0047", "3.43"),
            ("0.0000000001", "0.0000000001", "0.00"),
        ] {
            let price = Price::parse(written).unwrap();
            assert_eq!(
                (price.to_string(), price.a_month().rounded()),
                (shown.to_owned(), month.to_owned())
            );
        }
        for wrong in [
            "",
            "0",
            "0.0000000000",
            "-1",
            "1e3",
            ".5",
            "1,5",
            "0.00000000001",
            "99999999999",
        ] {
            assert_eq!(Price::parse(wrong), None, "{wrong}");
        }
    }
}
