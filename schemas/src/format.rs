//! What AWS's ids, ARNs and blocks of addresses look like.
//!
//! The formats are those that cfn-lint's edition of the schemas names.

use crate::pattern;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a text isn't of a format; none where it is.
type Fault = fn(&str) -> Option<String>;

/// The formats that schemas name.
pub(crate) const FORMATS: [(&str, Fault); 31] = [
    ("ipv4", |text| {
        let is_it = text.parse::<Ipv4Addr>().is_ok();
        (!is_it).then(|| format!("`{text}` is no IPv4 address"))
    }),
    ("ipv6", |text| {
        let is_it = text.parse::<Ipv6Addr>().is_ok();
        (!is_it).then(|| format!("`{text}` is no IPv6 address"))
    }),
    // A virtual private gateway stands in the same place.
    ("AWS::EC2::InternetGateway.Id", |text| {
        let is_it = ["igw-", "vgw-"].iter().any(|start| text.starts_with(start));
        (!is_it).then(|| format!("`{text}` is no gateway: `igw-…` or `vgw-…`"))
    }),
    ("AWS::EC2::NatGateway.Id", |text| id("nat-", text)),
    ("AWS::EC2::Image.Id", |text| id("ami-", text)),
    ("AWS::EC2::SecurityGroup.Id", |text| id("sg-", text)),
    ("AWS::EC2::Subnet.Id", |text| id("subnet-", text)),
    ("AWS::EC2::VPC.Id", |text| id("vpc-", text)),
    ("AWS::EC2::SecurityGroup.Name", group_name),
    ("AWS::IAM::Role.Arn", |text| {
        arn(text, "iam", |rest| rest.starts_with("role/"), "a role")
    }),
    ("AWS::KMS::Key.Arn", |text| {
        let is_key = |rest: &str| rest.starts_with("key/") || rest.starts_with("alias/");
        arn(text, "kms", is_key, "a key")
    }),
    ("AWS::Lambda::Function.Arn", |text| {
        let is_function = |rest: &str| rest.starts_with("function:");
        arn(text, "lambda", is_function, "a function")
    }),
    ("AWS::SNS::Topic.Arn", |text| {
        arn(text, "sns", |rest| !rest.is_empty(), "a topic")
    }),
    ("AWS::SQS::Queue.Arn", |text| {
        arn(text, "sqs", |rest| !rest.is_empty(), "a queue")
    }),
    ("AWS::SQS::Queue.Url", |text| {
        (!text.starts_with("https://") && !text.starts_with("http://"))
            .then(|| format!("`{text}` is no address of a queue, such as `Ref` gives"))
    }),
    ("arn", |text| {
        let is_arn = text.starts_with("arn:") && text.splitn(6, ':').count() == 6;
        (!is_arn).then(|| format!("`{text}` is no ARN"))
    }),
    ("AWS::KMS::Key.Id", |text| {
        let is_cut = text.starts_with("arn:") && text.splitn(6, ':').count() < 6;
        is_cut.then(|| format!("`{text}` is neither the id, the alias nor the ARN of a key"))
    }),
    ("AWS::KMS::Alias.AliasName", alias),
    ("AWS::S3::Bucket.Name", bucket_name),
    ("AWS::Logs::LogGroup.Name", log_group),
    ("ipv4-network", |text| network(text, true)),
    ("ipv6-network", |text| network(text, false)),
    ("json", |text| {
        let error = serde_json::from_str::<serde_json::Value>(text).err()?;
        Some(format!("it is no JSON: {error}"))
    }),
    ("int64", |text| {
        text.parse::<i64>()
            .is_err()
            .then(|| format!("`{text}` is no whole number of 64 bits"))
    }),
    ("date-time", |text| {
        let form = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?$";
        (pattern::fits(form, text) == Some(false))
            .then(|| format!("`{text}` is no time, such as `2026-01-31T18:00:00Z`"))
    }),
    ("AWS::ACM::Certificate.Arn", |text| {
        let is_certificate = |rest: &str| rest.starts_with("certificate/");
        arn(text, "acm", is_certificate, "a certificate")
    }),
    // What looks like these isn't told apart: AWS takes them in several forms.
    ("AWS::Route53::AliasTarget.HostedZoneId", |_| None),
    ("uri", |_| None),
    ("timestamp", |_| None),
    ("double", |_| None),
    ("password", |_| None),
];

/// The format of each item of a list that has this one: `….Id` of `….Ids`.
pub(crate) fn of_items(format: &str) -> Option<&str> {
    let name = format.strip_suffix('s')?;
    FORMATS
        .iter()
        .any(|(known, _)| *known == name)
        .then_some(name)
}

/// Why a text isn't of a format.
pub(crate) fn fault(format: &str, text: &str) -> Option<String> {
    let (_, fault) = FORMATS.iter().find(|(name, _)| *name == format)?;
    fault(text)
}

fn id(prefix: &str, text: &str) -> Option<String> {
    (!is_id(prefix, text)).then(|| no_id(prefix, text))
}

fn group_name(text: &str) -> Option<String> {
    text.starts_with("sg-")
        .then(|| format!("`{text}`: the name of a security group can't begin with `sg-`"))
}

fn alias(text: &str) -> Option<String> {
    let rest = text.strip_prefix("alias/");
    let is_name = |rest: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-:".contains(&byte);
        !rest.is_empty() && rest.bytes().all(is_plain)
    };
    match rest {
        Some(rest) if rest.starts_with("aws/") => Some(format!(
            "`{text}`: names that begin with `alias/aws/` are AWS's own"
        )),
        Some(rest) if is_name(rest) => None,
        _ => Some(format!(
            "`{text}` is no alias: `alias/` and letters, digits, `/`, `_`, `-`"
        )),
    }
}

fn log_group(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#".contains(&byte);
    (text.is_empty() || text.len() > 512 || !text.bytes().all(is_plain))
        .then(|| format!("`{text}` is no name of a log group"))
}

/// `ami-` and 8 or 17 hexadecimal digits.
fn is_id(prefix: &str, text: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    matches!(digits.len(), 8 | 17) && digits.bytes().all(is_digit)
}

fn no_id(prefix: &str, text: &str) -> String {
    format!("`{text}` is no id: `{prefix}` and 8 or 17 digits of 0 to 9 and a to f")
}

/// Why a text isn't an ARN of a service's resource.
fn arn(text: &str, service: &str, is_it: impl Fn(&str) -> bool, what: &str) -> Option<String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let fits = match parts.as_slice() {
        ["arn", partition, of, _, account, rest] => {
            partition.starts_with("aws")
                && *of == service
                && (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
                    || *account == "aws")
                && is_it(rest)
        }
        _ => false,
    };
    (!fits).then(|| format!("`{text}` is no ARN of {what}: `arn:aws:{service}:…`"))
}

/// Why S3 refuses the name of a bucket.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn bucket_name(text: &str) -> Option<String> {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let why = if !(3..=63).contains(&text.len()) {
        "it has 3 to 63 characters"
    } else if !text.bytes().all(is_plain) {
        "it is lower-case letters, digits, `.` and `-`"
    } else if !ends(bytes.first()) || !ends(bytes.last()) || text.contains("..") {
        "it begins and ends with a letter or digit, and has no two dots together"
    } else if text.parse::<Ipv4Addr>().is_ok() {
        "it can't look like an address"
    } else if ["xn--", "sthree-", "amzn-s3-demo-"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        "names that begin so are reserved"
    } else if ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
        .iter()
        .any(|end| text.ends_with(end))
    {
        "names that end so are reserved"
    } else {
        return None;
    };
    Some(format!("`{text}` is no name of a bucket: {why}"))
}

/// Why a text isn't a block of addresses.
fn network(text: &str, is_v4: bool) -> Option<String> {
    let example = if is_v4 {
        "10.0.0.0/16"
    } else {
        "2001:db8::/56"
    };
    let Some((address, length)) = text.split_once('/') else {
        return Some(format!(
            "`{text}` is no block of addresses: it has no length, as in `{example}`"
        ));
    };
    let most = if is_v4 { 32 } else { 128 };
    let address: Option<IpAddr> = match is_v4 {
        true => address.parse::<Ipv4Addr>().ok().map(IpAddr::from),
        false => address.parse::<Ipv6Addr>().ok().map(IpAddr::from),
    };
    let length: Option<u32> = length.parse().ok().filter(|length| *length <= most);
    (address.is_none() || length.is_none())
        .then(|| format!("`{text}` is no block of addresses, such as `{example}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_tell_what_aws_takes_from_what_it_refuses() {
        for (format, good, bad) in [
            ("AWS::EC2::Image.Id", "ami-07260db8d2b10c0ad", "ami-07260d"),
            (
                "AWS::EC2::Image.Id",
                "ami-12345678",
                "ami-07260DB8d2b10c0ad",
            ),
            ("AWS::EC2::SecurityGroup.Id", "sg-12345678", "default"),
            ("ipv4-network", "10.0.0.0/16", "10.0.0.0/33"),
            ("ipv4-network", "10.0.0.5/32", "10.0.0.999/32"),
            ("ipv4-network", "0.0.0.0/0", "0.0.0.0"),
            ("ipv6-network", "::/0", "::/129"),
            (
                "AWS::IAM::Role.Arn",
                "arn:aws:iam::123456789012:role/a/b",
                "a",
            ),
            (
                "AWS::KMS::Alias.AliasName",
                "alias/team/data",
                "alias/aws/data",
            ),
            ("AWS::S3::Bucket.Name", "team.data-1", "192.168.5.4"),
            ("AWS::S3::Bucket.Name", "abc", "data-s3alias"),
        ] {
            assert_eq!(fault(format, good), None, "{format}");
            assert!(fault(format, bad).is_some(), "{format}: {bad}");
        }
    }
}
