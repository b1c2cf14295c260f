//! The operations that the local AWS serves: the lines of `operations.txt`, by service.

use std::collections::BTreeMap;

use super::Error;

/// The model of a service, from `vendor/`.
pub fn api_path(service: &str) -> String {
    format!("api/{service}.json")
}

/// An operation, and those of its parameters that aren't served.
pub type Served<'a> = (&'a str, Vec<&'a str>);

/// Operations by service, from lines such as `sts:AssumeRole -Policy -Tags`.
///
/// # Errors
/// A line that names no operation, or a service whose place in botocore isn't known.
pub fn by_service(operations: &[String]) -> Result<BTreeMap<&str, Vec<Served<'_>>>, Error> {
    let mut services: BTreeMap<&str, Vec<Served<'_>>> = BTreeMap::new();
    for line in operations {
        let malformed = || {
            Error::new(format!(
                "operations.txt: {line:?} isn't service:Operation -Parameter"
            ))
        };
        let mut words = line.split_whitespace();
        let operation = words.next().and_then(|word| word.split_once(':'));
        let (service, operation) = operation.ok_or_else(malformed)?;
        let without = words.map(|word| word.strip_prefix('-').ok_or_else(malformed));
        let served = (operation, without.collect::<Result<_, _>>()?);
        services.entry(service).or_default().push(served);
    }
    Ok(services)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_an_operation_and_the_parameters_that_are_not_served() {
        let lines = ["sts:AssumeRole -Policy -Tags".to_owned()];
        let services = by_service(&lines).unwrap();
        assert_eq!(services["sts"], [("AssumeRole", vec!["Policy", "Tags"])]);
        for line in ["sts", "sts:AssumeRole Policy"] {
            assert!(by_service(&[line.to_owned()]).is_err(), "{line}");
        }
    }
}
