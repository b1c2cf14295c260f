//! The defaults of parameters: what a person tunes in `settings.yaml`.

use codegen::{camel, snake};

/// The defaults of a template's parameters, in its order.
#[derive(Default)]
pub struct Defaults(Vec<OneDefault>);

/// A default.
struct OneDefault {
    /// The parameter, as the template calls it.
    parameter: String,
    /// Its field in Rust.
    field: String,
    /// The field's type.
    kind: &'static str,
    /// The value, as YAML.
    value: String,
}

impl Defaults {
    /// Takes a default, and answers the expression by which the model reads it. A whole number of a
    /// parameter that is a number stays one.
    pub fn add(
        &mut self,
        parameter: &str,
        variable: &str,
        is_number: bool,
        default: &str,
    ) -> String {
        let field = snake(variable);
        let is_number = is_number
            && default
                .parse::<i64>()
                .is_ok_and(|n| n.to_string() == default);
        let (kind, value, read) = match is_number {
            true => ("i64", default.to_owned(), ""),
            false => ("String", serde_json::Value::from(default).to_string(), "&"),
        };
        let read = format!("{read}settings.defaults.{field}");
        self.0.push(OneDefault {
            parameter: parameter.to_owned(),
            field,
            kind,
            value,
        });
        read
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines of `settings.yaml`.
    pub fn yaml(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let lines = self.0.iter();
        let lines = lines.map(|one| format!("  {}: {}\n", lower_camel(&one.field), one.value));
        format!("defaults:\n{}", lines.collect::<String>())
    }

    /// What holds them in Rust.
    pub fn code(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let fields = self.0.iter().map(|one| {
            let OneDefault {
                parameter,
                field,
                kind,
                ..
            } = one;
            format!("/// Of the parameter `{parameter}`.\npub {field}: {kind},\n")
        });
        format!(
            "\n/// What the launch form offers where nothing is chosen.
            #[derive(Clone, Debug, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields, rename_all = \"camelCase\")]
            pub struct Defaults {{ {} }}\n",
            fields.collect::<String>()
        )
    }
}

/// The field as `settings.yaml` spells it.
fn lower_camel(field: &str) -> String {
    let name = camel(field.trim_start_matches("r#"));
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
