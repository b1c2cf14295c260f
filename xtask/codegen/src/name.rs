//! From AWS's names to Rust's: `KMSMasterKeyID` to `kms_master_key_id`, `aws:kms` to `AwsKms`.

/// The words of an AWS name, as written. A run of capitals is one word, with its plural `s`.
fn words(name: &str) -> Vec<String> {
    // AWS's one word that mixes case within itself.
    let name = name.replace("IPv", "Ipv");
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (index, &c) in chars.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| chars.get(before));
            let starts = c.is_ascii_uppercase()
                && before.is_some_and(|before| {
                    !before.is_ascii_uppercase() || ends_a_run(&chars, index)
                });
            if starts {
                words.push(std::mem::take(&mut word));
            }
            word.push(c);
        }
        words.push(word);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The capital at `index`, which follows another, opens the next word: `P` in `VPCPeering`.
/// The `N` of `ARNs` doesn't: a lone `s` is the plural of the run.
fn ends_a_run(chars: &[char], index: usize) -> bool {
    let rest: Vec<char> = chars
        .iter()
        .skip(index + 1)
        .take_while(|c| c.is_ascii_lowercase())
        .copied()
        .collect();
    !rest.is_empty() && rest != ['s']
}

/// A name for a method, argument or module.
pub fn snake(name: &str) -> String {
    let words: Vec<String> = words(name)
        .iter()
        .map(|word| word.to_ascii_lowercase())
        .collect();
    raw(&words.join("_"))
}

/// The name, raw where it is a keyword.
pub fn raw(name: &str) -> String {
    match KEYWORDS.contains(&name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}

/// A name for a type or variant.
pub fn camel(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        // `TLS_1_2` and `python3.12` would run their digits together.
        if starts_with_digit(&word) && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push('_');
        }
        let mut chars = word.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.extend(chars.map(|c| c.to_ascii_lowercase()));
    }
    out
}

/// The variant of an enumeration that stands for `value`.
pub fn variant(value: &str) -> String {
    match value {
        "*" => "Any".to_owned(),
        "" => "Empty".to_owned(),
        _ => {
            let name = camel(value);
            match name.as_str() {
                // The one type name that is a keyword.
                "Self" => "SelfValue".to_owned(),
                _ if starts_with_digit(&name) => format!("V{name}"),
                _ => name,
            }
        }
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// The keywords of the 2024 edition that a raw identifier can stand for.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_snake_case() {
        for (name, expected) in [
            ("BucketName", "bucket_name"),
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("NotificationARNs", "notification_arns"),
            ("VPCPeering", "vpc_peering"),
            ("IPv6Addresses", "ipv6_addresses"),
            ("Ipv6Addresses", "ipv6_addresses"),
            ("BodyS3Location", "body_s3_location"),
            ("vCpus", "v_cpus"),
            ("ImageId", "image_id"),
            ("Type", "r#type"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn types_are_camel_case() {
        for (name, expected) in [
            ("SSEAlgorithm", "SseAlgorithm"),
            (
                "PublicAccessBlockConfiguration",
                "PublicAccessBlockConfiguration",
            ),
            ("TLS_1_2", "Tls1_2"),
        ] {
            assert_eq!(camel(name), expected);
        }
    }

    #[test]
    fn variants_are_read_from_any_value() {
        for (value, expected) in [
            ("AES256", "Aes256"),
            ("aws:kms", "AwsKms"),
            ("python3.12", "Python3_12"),
            ("nodejs20.x", "Nodejs20X"),
            ("nodejs4.3-edge", "Nodejs4_3Edge"),
            ("INTELLIGENT_TIERING", "IntelligentTiering"),
            ("2024", "V2024"),
            ("*", "Any"),
            ("SELF", "SelfValue"),
        ] {
            assert_eq!(variant(value), expected);
        }
    }
}
