//! Which EC2 instance types exist where, and what they are: architectures, vCPUs, memory.
//!
//! cfn-lint knows where a type is offered, moto what it is. A few types that are offered moto
//! lacks; their architecture follows from the name, their size stays open, and they are marked
//! `"inferred": true`.

use serde_json::{Map, Value, json};

use super::Error;

/// `{type: {architectures, memoryMiB, vcpus, regions}}` of the types offered in one of
/// `regions`. `offered` is `{region: {enum: [type]}}`, `described` EC2's answer by type.
///
/// # Errors
/// A region without offers, or a shape that isn't the one described.
pub fn select(offered: &Value, described: &Value, regions: &[String]) -> Result<Value, Error> {
    let mut types: Map<String, Value> = Map::new();
    for region in regions {
        let offers = offered
            .pointer(&format!("/{region}/enum"))
            .and_then(Value::as_array)
            .filter(|offers| !offers.is_empty())
            .ok_or_else(|| {
                Error::new(format!(
                    "regions.txt: no instance type is offered in {region}"
                ))
            })?;
        for name in offers.iter().filter_map(Value::as_str) {
            if !types.contains_key(name) {
                types.insert(name.to_owned(), describe(name, described.get(name))?);
            }
            if let Some(Value::Array(list)) = types
                .get_mut(name)
                .and_then(|entry| entry.get_mut("regions"))
            {
                list.push(json!(region));
            }
        }
    }
    Ok(Value::Object(types))
}

fn describe(name: &str, described: Option<&Value>) -> Result<Value, Error> {
    let Some(described) = described else {
        return Ok(json!({
            "architectures": [inferred_architecture(name)],
            "inferred": true,
            "regions": [],
        }));
    };
    let part = |pointer: &str| {
        described.pointer(pointer).cloned().ok_or_else(|| {
            Error::new(format!("instance type {name} has no {pointer}"))
                .hint("the source has changed its shape; see xtask/src/vendor/instance_types.rs")
        })
    };
    Ok(json!({
        "architectures": part("/ProcessorInfo/SupportedArchitectures")?,
        "memoryMiB": part("/MemoryInfo/SizeInMiB")?,
        "regions": [],
        "vcpus": part("/VCpuInfo/DefaultVCpus")?,
    }))
}

/// EC2's naming rule: family letters, generation digits, then attributes; a `g` first among
/// the attributes is AWS's own arm64 processor, and so is the family `a1`.
fn inferred_architecture(name: &str) -> &'static str {
    let family = name.split('.').next().unwrap_or(name);
    let attributes = family
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_start_matches(|c: char| c.is_ascii_digit());
    if family == "a1" || attributes.starts_with('g') {
        "arm64"
    } else {
        "x86_64"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_its_size_and_the_regions_that_offer_it() {
        let offered = json!({
            "us-east-1": {"enum": ["m6g.large", "g4ad.xlarge"]},
            "us-west-2": {"enum": ["m6g.large"]},
            "eu-west-3": {"enum": ["x1.large"]},
        });
        let described = json!({"m6g.large": {
            "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
            "MemoryInfo": {"SizeInMiB": 8192},
            "VCpuInfo": {"DefaultVCpus": 2},
        }});
        let regions = ["us-east-1".to_owned(), "us-west-2".to_owned()];
        assert_eq!(
            select(&offered, &described, &regions).unwrap(),
            json!({
                "m6g.large": {
                    "architectures": ["arm64"], "memoryMiB": 8192, "vcpus": 2,
                    "regions": ["us-east-1", "us-west-2"],
                },
                "g4ad.xlarge": {
                    "architectures": ["x86_64"], "inferred": true, "regions": ["us-east-1"],
                },
            })
        );
    }

    #[test]
    fn a_region_that_offers_nothing_is_an_error() {
        let error = select(&json!({}), &json!({}), &["eu-west-9".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("eu-west-9"), "{error}");
    }

    #[test]
    fn the_architecture_follows_from_the_name() {
        for (name, architecture) in [
            ("a1.medium", "arm64"),
            ("c6gd.large", "arm64"),
            ("g5g.xlarge", "arm64"),
            ("g4ad.xlarge", "x86_64"),
            ("g3s.xlarge", "x86_64"),
            ("u-12tb1.112xlarge", "x86_64"),
        ] {
            assert_eq!(inferred_architecture(name), architecture, "{name}");
        }
    }
}
