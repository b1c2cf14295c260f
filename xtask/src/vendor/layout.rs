//! How vendored JSON is laid out on disk: sorted keys, one entry a line, so that a refresh
//! shows as a readable diff.

use serde_json::Value;

/// `value` with sorted keys; objects and arrays down to `depth` levels take a line an entry,
/// what lies deeper stays on its line. Ends with a newline.
pub fn lines(mut value: Value, depth: usize) -> String {
    value.sort_all_objects();
    let mut out = String::new();
    write(&value, depth, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, depth: usize, level: usize, out: &mut String) {
    match value {
        Value::Object(entries) if level < depth && !entries.is_empty() => {
            out.push('{');
            for (index, (key, entry)) in entries.iter().enumerate() {
                next_line(index, level, out);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push_str(": ");
                write(entry, depth, level + 1, out);
            }
            close('}', level, out);
        }
        Value::Array(entries) if level < depth && !entries.is_empty() => {
            out.push('[');
            for (index, entry) in entries.iter().enumerate() {
                next_line(index, level, out);
                write(entry, depth, level + 1, out);
            }
            close(']', level, out);
        }
        other => out.push_str(&other.to_string()),
    }
}

fn next_line(index: usize, level: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    out.push_str(&" ".repeat(level + 1));
}

fn close(bracket: char, level: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&" ".repeat(level));
    out.push(bracket);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_and_depth_ends_the_line_breaks() {
        let value = json!({"b": {"y": [1, 2], "x": {}}, "a": []});
        assert_eq!(
            lines(value, 2),
            "{\n \"a\": [],\n \"b\": {\n  \"x\": {},\n  \"y\": [1,2]\n }\n}\n"
        );
    }
}
