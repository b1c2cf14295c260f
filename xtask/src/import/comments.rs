//! The comments of a template, by the entry that each belongs to.

use std::collections::BTreeMap;

/// The comments of a YAML template: by the name of the parameter, condition, resource or output
/// that follows them or that they stand in; those before the first under no name.
pub fn comments(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut pending: Vec<String> = Vec::new();
    let mut entry = String::new();
    // The indentation of a block of text, whose lines are no comments.
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        if trimmed.is_empty() {
            continue;
        }
        if block.is_some_and(|outer| indent > outer) {
            continue;
        }
        block = None;
        if let Some(comment) = trimmed.strip_prefix('#') {
            pending.push(comment.trim_start_matches('#').trim().to_owned());
            continue;
        }
        let is_entry = (1..=4).contains(&indent)
            && trimmed.split_once(':').is_some_and(|(name, rest)| {
                !name.is_empty()
                    && name.chars().all(|c| c.is_ascii_alphanumeric())
                    && rest.trim().is_empty()
            });
        // Comments above an entry speak of it, others of the one that they stand in.
        if is_entry && top_indent(text) == Some(indent) {
            entry = trimmed.trim_end_matches(':').trim().to_owned();
        } else if indent == 0 {
            entry = String::new();
        }
        if !pending.is_empty() {
            found.entry(entry.clone()).or_default().append(&mut pending);
        }
        if trimmed.ends_with(['|', '>']) || trimmed.ends_with("|-") || trimmed.ends_with(">-") {
            block = Some(indent);
        }
    }
    if !pending.is_empty() {
        found.entry(String::new()).or_default().append(&mut pending);
    }
    for lines in found.values_mut() {
        lines.retain(|line| !line.is_empty());
    }
    found.retain(|_, lines| !lines.is_empty());
    found
}

/// The indentation of the entries of the sections: that of the first indented line.
fn top_indent(text: &str) -> Option<usize> {
    let mut indents = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
        .map(|line| line.len() - line.trim_start().len());
    indents.find(|indent| *indent > 0)
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn a_comment_belongs_to_what_follows_it() {
        let text = "\
# The whole.
Resources:
  # The bucket.
  Bucket:
    Type: AWS::S3::Bucket
    # Named by hand.
    Properties:
      BucketName: x
  Machine:
    Properties:
      UserData: |
        # no comment
        echo
";
        let found = comments(text);
        let of = |name: &str| found.get(name).map(|lines| lines.join("; "));
        assert_eq!(of("").as_deref(), Some("The whole."));
        assert_eq!(of("Bucket").as_deref(), Some("The bucket.; Named by hand."));
        assert_eq!(of("Machine"), None);
    }
}
