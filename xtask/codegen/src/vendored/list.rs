//! The hand-written lists that say what is vendored: `types.txt`, `regions.txt`, `policies.txt`,
//! `operations.txt`.
//!
//! One name a line; blank lines and lines that start with `#` are skipped. Sorted and without
//! repeats, so that two people who add a line at once meet in a readable conflict.

use std::path::Path;

use super::Error;

/// What the vendored data covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Resource types, such as `AWS::S3::Bucket`.
    pub types: Vec<String>,
    /// Types that `check` knows beside those, of which no Rust is made.
    pub checked: Vec<String>,
    /// Schemas that hold for parts of types: `aws_s3_bucket.ownershipcontrols`.
    pub extensions: Vec<String>,
    /// Regions, such as `us-east-1`.
    pub regions: Vec<String>,
    /// Managed policies of AWS, such as `AmazonSSMManagedInstanceCore`.
    pub policies: Vec<String>,
    /// Operations that the local AWS serves, such as `sts:AssumeRole`.
    pub operations: Vec<String>,
}

impl Wanted {
    /// Reads the lists in `vendor`.
    ///
    /// # Errors
    /// A list that can't be read, is empty, unsorted, or repeats a name.
    pub fn read(vendor: &Path) -> Result<Self, Error> {
        Ok(Self {
            types: read(&vendor.join("types.txt"))?,
            checked: read(&vendor.join("checked-types.txt"))?,
            extensions: extensions(&vendor.join("extensions.txt"))?,
            regions: read(&vendor.join("regions.txt"))?,
            policies: read(&vendor.join("policies.txt"))?,
            operations: read(&vendor.join("operations.txt"))?,
        })
    }
}

/// The schemas that `extensions.txt` names, each once: the third word of each line.
fn extensions(path: &Path) -> Result<Vec<String>, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| Error::new(format!("can't read {}", path.display())).cause(cause))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut names: Vec<String> = lines
        .filter_map(|line| line.split_whitespace().nth(2))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    Ok(names)
}

fn read(path: &Path) -> Result<Vec<String>, Error> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| Error::new(format!("can't read {}", path.display())).cause(cause))?;
    parse(&text).map_err(|(line, problem)| {
        Error::new(format!("{}:{line}: {problem}", path.display()))
            .hint("one name a line, sorted, each once")
    })
}

fn parse(text: &str) -> Result<Vec<String>, (usize, String)> {
    let mut names: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let name = line.trim();
        if name.is_empty() || name.starts_with('#') {
            continue;
        }
        if let Some(last) = names.last() {
            if last == name {
                return Err((index + 1, format!("{name} stands here twice")));
            }
            if last.as_str() > name {
                return Err((index + 1, format!("{name} belongs before {last}")));
            }
        }
        names.push(name.to_owned());
    }
    if names.is_empty() {
        return Err((1, "the list is empty".to_owned()));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_are_skipped() {
        let names = parse("# what\n\nAWS::IAM::Role\n  AWS::S3::Bucket\n").unwrap();
        assert_eq!(names, ["AWS::IAM::Role", "AWS::S3::Bucket"]);
    }

    #[test]
    fn a_repeat_or_a_name_out_of_order_is_located() {
        assert_eq!(
            parse("a\nb\nb\n"),
            Err((3, "b stands here twice".to_owned()))
        );
        assert_eq!(
            parse("# x\nb\na\n"),
            Err((3, "a belongs before b".to_owned()))
        );
        assert_eq!(parse("# x\n"), Err((1, "the list is empty".to_owned())));
    }
}
