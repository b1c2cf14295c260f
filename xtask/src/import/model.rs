//! The model: `mod.rs` with everything that the template says.

use super::place::Place;
use super::scope::{Scope, Target, shape_of};
use super::value::text;
use codegen::{Service, camel, resource_setter, snake};
use compute_catalog::cfn::{
    CreationPolicy, Intrinsic, Map, Node, Parameter, ParameterType, Resource, Template,
    TemplateOutput,
};
use compute_catalog::product::Key;
use std::collections::{BTreeMap, BTreeSet};

/// A template on its way to a model.
pub struct Source<'a> {
    /// The product's key.
    pub key: &'a Key,
    /// The template.
    pub template: &'a Template,
    /// Its comments, by the entry that each belongs to.
    pub comments: &'a BTreeMap<String, Vec<String>>,
    /// The vendored types.
    pub services: &'a [Service],
}

/// What a template becomes.
pub struct Model {
    /// `mod.rs`, not formatted yet.
    pub code: String,
    /// The lines of `settings.yaml` below the catalog entry.
    pub settings: String,
    /// Types that aren't vendored: the model declares them, and nothing checks their properties.
    pub not_vendored: Vec<String>,
    /// What a model can't say: there is no import with these.
    pub unknown: Vec<String>,
}

/// Writes the model.
pub fn write(source: &Source<'_>) -> Model {
    let template = source.template;
    let custom = custom_types(source);
    let scope = Scope::of(template, source.services, &custom);
    let mut body = String::new();
    let mut settings = Settings::default();
    let writer = Writer { source, scope };
    body.push_str(&match &template.description {
        Some(description) => format!("let mut builder = Builder::new({});\n", text(description)),
        None => "let mut builder = Builder::default();\n".to_owned(),
    });
    for name in &template.transform {
        body.push_str(&format!("builder.transform({name:?});\n"));
    }
    for (key, value) in &template.metadata {
        let document = writer.scope.document(value);
        body.push_str(&format!("builder.metadata({key:?}, {document});\n"));
    }
    if !template.rules.is_empty() {
        writer.scope.note("the section Rules".to_owned());
    }
    for (name, parameter) in &template.parameters {
        writer.parameter(name, parameter, &mut settings, &mut body);
    }
    for name in template.mappings.keys() {
        writer.mapping(name, &mut body);
    }
    for name in ordered(&template.conditions, conditions_of) {
        writer.condition(name, &mut body);
    }
    for id in ordered(&template.resources, references_of) {
        writer.resource(id, &custom, &mut body);
    }
    for (name, output) in &template.outputs {
        writer.output(name, output, &mut body);
    }
    let settings_yaml = settings.yaml();
    Model {
        code: module(source, &custom, &settings, &body),
        settings: settings_yaml,
        not_vendored: custom
            .keys()
            .filter(|name| {
                name.starts_with("AWS::") && *name != "AWS::CloudFormation::CustomResource"
            })
            .cloned()
            .collect(),
        unknown: writer.scope.unknown(),
    }
}

struct Writer<'a> {
    source: &'a Source<'a>,
    scope: Scope,
}

/// Defaults that a person tunes.
#[derive(Default)]
struct Settings(Vec<(String, &'static str, String, String)>);

impl Settings {
    fn yaml(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let lines = self.0.iter();
        let lines =
            lines.map(|(field, _, _, value)| format!("  {}: {value}\n", lower_camel(field)));
        format!("defaults:\n{}", lines.collect::<String>())
    }

    fn code(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let fields = self.0.iter();
        let fields =
            fields.map(|(field, kind, about, _)| format!("/// {about}\npub {field}: {kind},\n"));
        format!(
            "\n/// What the launch form offers where nothing is chosen.
            #[derive(Clone, Debug, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields, rename_all = \"camelCase\")]
            pub struct Defaults {{ {} }}\n",
            fields.collect::<String>()
        )
    }
}

impl Writer<'_> {
    fn comment(&self, name: &str, out: &mut String) {
        for line in self.source.comments.get(name).into_iter().flatten() {
            out.push_str(&format!("// {line}\n"));
        }
    }

    /// Whether anything of the template names it.
    fn is_used(&self, name: &str) -> bool {
        let template = self.source.template;
        let mut used = false;
        template.each_value(&mut |_, node| used |= names_in(node).contains(name));
        used || template.resources.values().any(|resource| {
            resource.depends_on.iter().any(|id| id == name)
                || resource.condition.as_deref() == Some(name)
        }) || template
            .outputs
            .values()
            .any(|output| output.condition.as_deref() == Some(name))
    }

    fn declare(&self, name: &str, variable: &str, code: &str, out: &mut String) {
        match self.is_used(name) {
            true => out.push_str(&format!("let {variable} = {code};\n")),
            false => out.push_str(&format!("{code};\n")),
        }
    }

    fn parameter(
        &self,
        name: &str,
        parameter: &Parameter,
        settings: &mut Settings,
        out: &mut String,
    ) {
        let Some(Target::Parameter { variable, kind }) = self.scope.target(name) else {
            return;
        };
        let mut code = match &parameter.kind {
            ParameterType::String => "ParameterDeclaration::string()".to_owned(),
            ParameterType::Number => "ParameterDeclaration::number()".to_owned(),
            ParameterType::CommaDelimitedList => {
                "ParameterDeclaration::comma_delimited_list()".to_owned()
            }
            other => format!(
                "ParameterDeclaration::<{kind}>::of_type({:?})",
                other.to_string()
            ),
        };
        if let Some(description) = &parameter.description {
            code.push_str(&format!(".description({})", text(description)));
        }
        if let Some(default) = parameter.default.as_ref().and_then(Node::scalar_text) {
            let field = snake(variable);
            let is_number = *kind == "i64" && default.parse::<i64>().is_ok();
            let (rust, yaml, value) = match is_number {
                true => ("i64", default.clone(), format!("settings.defaults.{field}")),
                false => (
                    "String",
                    serde_json::Value::from(default.as_str()).to_string(),
                    format!("&settings.defaults.{field}"),
                ),
            };
            code.push_str(&format!(".default({value})"));
            settings
                .0
                .push((field, rust, format!("Of the parameter `{name}`."), yaml));
        }
        let literals = |nodes: &[Node]| {
            let texts = nodes.iter().filter_map(Node::scalar_text);
            let texts: Vec<String> = texts.map(|value| text(&value)).collect();
            texts.join(", ")
        };
        if !parameter.allowed_values.is_empty() {
            let values = literals(&parameter.allowed_values);
            code.push_str(&format!(".allowed_values([{values}])"));
        }
        if let Some(pattern) = &parameter.allowed_pattern {
            code.push_str(&format!(".pattern({})", text(pattern)));
        }
        if let Some(says) = &parameter.constraint_description {
            code.push_str(&format!(".constraint_description({})", text(says)));
        }
        for (bound, method) in [
            (parameter.min_length, "min_length"),
            (parameter.max_length, "max_length"),
        ] {
            if let Some(bound) = bound {
                code.push_str(&format!(".{method}({bound})"));
            }
        }
        for (bound, method) in [
            (&parameter.min_value, "min_value"),
            (&parameter.max_value, "max_value"),
        ] {
            if let Some(bound) = bound.as_ref().and_then(Node::scalar_text) {
                let bound = match bound.parse::<i64>() {
                    Ok(bound) => format!("{bound}_i64"),
                    Err(_) => text(&bound),
                };
                code.push_str(&format!(".{method}({bound})"));
            }
        }
        if parameter.no_echo {
            code.push_str(".no_echo()");
        }
        self.comment(name, out);
        self.declare(
            name,
            variable,
            &format!("builder.parameter({name:?}, {code})"),
            out,
        );
    }

    fn mapping(&self, name: &str, out: &mut String) {
        let (variable, kind) = self.scope.mapping(name);
        self.comment(name, out);
        let variable = variable.to_owned();
        out.push_str(&format!("let mut {variable} = Mapping::<{kind}>::new();\n"));
        let rows = self
            .source
            .template
            .mappings
            .get(name)
            .into_iter()
            .flatten();
        for (top, row) in rows {
            for (second, value) in row {
                let value = match kind {
                    "String" => text(value.as_str().unwrap_or_default()),
                    _ => self.scope.document(value),
                };
                out.push_str(&format!("{variable}.set({top:?}, {second:?}, {value});\n"));
            }
        }
        self.declare(
            name,
            &variable,
            &format!("builder.mapping({name:?}, {variable})"),
            out,
        );
    }

    fn condition(&self, name: &str, out: &mut String) {
        let Some(node) = self.source.template.conditions.get(name) else {
            return;
        };
        let code = self.expression(node);
        self.comment(name, out);
        let variable = self.scope.condition_name(name).to_owned();
        self.declare(
            name,
            &variable,
            &format!("builder.condition({name:?}, {code})"),
            out,
        );
    }

    fn expression(&self, node: &Node) -> String {
        let all = |nodes: &[Node]| {
            let each = nodes.iter().map(|node| {
                let code = self.expression(node);
                match node.as_intrinsic() {
                    Some(Intrinsic::Condition(_)) => format!("Condition::from({code})"),
                    _ => code,
                }
            });
            each.collect::<Vec<_>>().join(", ")
        };
        match node.as_intrinsic() {
            Some(Intrinsic::Equals(left, right)) => format!(
                "equals::<String>({}, {})",
                self.scope.text(left),
                self.scope.text(right)
            ),
            Some(Intrinsic::Not(inner)) => format!("not({})", self.expression(inner)),
            Some(Intrinsic::And(inner)) => format!("and([{}])", all(inner)),
            Some(Intrinsic::Or(inner)) => format!("or([{}])", all(inner)),
            Some(Intrinsic::Condition(name)) => format!("&{}", self.scope.condition_name(name)),
            _ => {
                self.scope
                    .note("a condition that is no function of conditions".to_owned());
                String::new()
            }
        }
    }

    fn resource(&self, id: &str, custom: &BTreeMap<String, String>, out: &mut String) {
        let Some(resource) = self.source.template.resources.get(id) else {
            return;
        };
        let mut code = match shape_of(self.source.services, &resource.kind) {
            Some((service, shape)) => self.vendored(resource, Place { service, shape }),
            None => None,
        }
        .unwrap_or_else(|| {
            let name = custom.get(&resource.kind).map_or("", String::as_str);
            let mut code = format!("{name}::bare()");
            for (property, value) in &resource.properties {
                let value = self.scope.document(value);
                code.push_str(&format!(".with({property:?}, untyped::<Json>({value}))"));
            }
            code
        });
        self.attributes(resource, &mut code);
        self.comment(id, out);
        let variable = self.scope.variable(id);
        self.declare(
            id,
            variable,
            &format!("builder.resource({id:?}, {code})"),
            out,
        );
    }

    /// A resource of a vendored type; none where a property is one that the type lacks, or a
    /// required one is missing.
    fn vendored(&self, resource: &Resource, place: Place<'_>) -> Option<String> {
        let properties = &place.shape.properties;
        let settable = |name: &String| {
            let mut settable = properties.iter().filter(|property| !property.read_only);
            settable.find(|property| property.name == *name)
        };
        let mut arguments = Vec::new();
        for property in properties.iter().filter(|property| property.is_argument()) {
            let value = match resource.properties.get(&property.name) {
                Some(value) => self.scope.value(value, &property.kind, place),
                // What AWS's schema asks for, a macro or a default may give.
                None => {
                    self.scope.note(format!(
                        "a {} without its required property `{}`",
                        resource.kind, property.name
                    ));
                    return Some(String::new());
                }
            };
            arguments.push(value);
        }
        let name = format!(
            "{}::{}",
            place.service.module(),
            camel(place.shape.resource())
        );
        let mut code = format!("{name}::new({})", arguments.join(", "));
        for (name, value) in &resource.properties {
            let Some(property) = settable(name) else {
                self.scope.note(format!(
                    "the property `{name}` of {}, which AWS's schema doesn't know",
                    resource.kind
                ));
                return Some(String::new());
            };
            if !property.is_argument() {
                let value = self.scope.value(value, &property.kind, place);
                code.push_str(&format!(".{}({value})", resource_setter(name)));
            }
        }
        Some(code)
    }

    fn attributes(&self, resource: &Resource, code: &mut String) {
        for id in &resource.depends_on {
            code.push_str(&format!(".depends_on(&{})", self.scope.variable(id)));
        }
        if let Some(condition) = &resource.condition {
            let condition = self.scope.condition_name(condition);
            code.push_str(&format!(".condition(&{condition})"));
        }
        if let Some(policy) = resource.deletion_policy {
            code.push_str(&format!(".deletion_policy(DeletionPolicy::{policy})"));
        }
        if let Some(policy) = resource.update_replace_policy {
            code.push_str(&format!(
                ".update_replace_policy(UpdateReplacePolicy::{policy})"
            ));
        }
        if let Some(policy) = &resource.creation_policy {
            code.push_str(&match minutes_of_one_signal(policy) {
                Some(minutes) => format!(
                    ".creation_policy(CreationPolicy::one_signal_within_minutes({minutes}))"
                ),
                None => format!(
                    ".creation_policy(CreationPolicy::of({}))",
                    self.scope.document(policy)
                ),
            });
        }
        if let Some(policy) = &resource.update_policy {
            let policy = self.scope.document(policy);
            code.push_str(&format!(".update_policy(UpdatePolicy::of({policy}))"));
        }
        for (key, value) in &resource.metadata {
            let value = self.scope.document(value);
            code.push_str(&format!(".metadata({key:?}, {value})"));
        }
    }

    fn output(&self, name: &str, output: &TemplateOutput, out: &mut String) {
        let value = self.scope.text(&output.value);
        let mut code = match &output.description {
            Some(description) => format!("Output::new::<String>({value}, {})", text(description)),
            None => format!("Output::without_description::<String>({value})"),
        };
        if let Some(condition) = &output.condition {
            let condition = self.scope.condition_name(condition);
            code.push_str(&format!(".condition(&{condition})"));
        }
        if let Some(export) = &output.export {
            code.push_str(&format!(".export({})", self.scope.text(export)));
        }
        self.comment(name, out);
        out.push_str(&format!("builder.output({name:?}, {code});\n"));
    }
}

/// The minutes of a policy that waits for one signal, where it is no more than that.
fn minutes_of_one_signal(policy: &Node) -> Option<u32> {
    let minutes = policy.get("ResourceSignal")?.get("Timeout")?.as_str()?;
    let minutes = minutes
        .strip_prefix("PT")?
        .strip_suffix('M')?
        .parse()
        .ok()?;
    let written: Node = CreationPolicy::one_signal_within_minutes(minutes).into();
    (written == *policy).then_some(minutes)
}

/// The types that a model has to declare, with a name for each.
fn custom_types(source: &Source<'_>) -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    let mut taken: BTreeSet<String> = [camel(source.key.as_str())].into();
    for resource in source.template.resources.values() {
        let name = &resource.kind;
        if types.contains_key(name) || shape_of(source.services, name).is_some() {
            continue;
        }
        let words = name
            .trim_start_matches("AWS::")
            .trim_start_matches("Custom::");
        let base = camel(words);
        let mut chosen = base.clone();
        while ["Settings", "Defaults"].contains(&chosen.as_str()) || !taken.insert(chosen.clone()) {
            chosen.push_str("Resource");
        }
        types.insert(name.clone(), chosen);
    }
    types
}

/// The names in an order in which each comes after those that it needs; the order of the file
/// where that is free. A circle keeps the order of the file.
fn ordered<T>(
    all: &compute_catalog::cfn::IndexMap<String, T>,
    needs: impl Fn(&T) -> BTreeSet<String>,
) -> Vec<&String> {
    let needs: BTreeMap<&String, BTreeSet<String>> =
        all.iter().map(|(name, item)| (name, needs(item))).collect();
    let mut done: Vec<&String> = Vec::new();
    let mut rest: Vec<&String> = all.keys().collect();
    while !rest.is_empty() {
        let is_ready = |name: &&String| {
            let mut open = needs[*name].iter();
            open.all(|need| need == *name || !all.contains_key(need) || done.contains(&need))
        };
        let next = rest.iter().position(is_ready).unwrap_or(0);
        done.push(rest.remove(next));
    }
    done
}

fn conditions_of(node: &Node) -> BTreeSet<String> {
    names_in(node)
}

fn references_of(resource: &Resource) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = resource.depends_on.iter().cloned().collect();
    let maps = [&resource.properties, &resource.metadata];
    for node in maps.into_iter().flat_map(|map: &Map| map.values()) {
        names.extend(names_in(node));
    }
    for node in [&resource.creation_policy, &resource.update_policy] {
        names.extend(node.iter().flat_map(names_in));
    }
    names
}

/// Every name that a value refers to: parameters, resources, conditions, mappings.
fn names_in(node: &Node) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(node, &mut names);
    names
}

fn collect(node: &Node, names: &mut BTreeSet<String>) {
    match node {
        Node::List(items) => items.iter().for_each(|item| collect(item, names)),
        Node::Map(map) => map.values().for_each(|value| collect(value, names)),
        Node::Intrinsic(function) => {
            match function.as_ref() {
                Intrinsic::Ref(name) | Intrinsic::Condition(name) => {
                    names.insert(name.clone());
                }
                Intrinsic::GetAtt { resource, .. } => {
                    names.insert(resource.clone());
                }
                Intrinsic::If { condition, .. } => {
                    names.insert(condition.clone());
                }
                Intrinsic::FindInMap { mapping, .. } => {
                    names.extend(mapping.as_str().map(str::to_owned));
                }
                Intrinsic::Sub { text, variables } => {
                    for piece in compute_catalog::cfn::pieces(text).unwrap_or_default() {
                        if let compute_catalog::cfn::Piece::Variable(name) = piece
                            && !variables.contains_key(name)
                        {
                            let name = name.split('.').next().unwrap_or(name);
                            names.insert(name.to_owned());
                        }
                    }
                }
                _ => {}
            }
            function.parts().for_each(|(_, part)| collect(part, names));
        }
        _ => {}
    }
}

fn lower_camel(field: &str) -> String {
    let name = camel(field);
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// Code without the literals of text in it: their words are no names.
fn without_texts(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find('"') {
        let (before, from) = rest.split_at(at);
        let hashes = before.len() - before.trim_end_matches('#').len();
        let is_raw = before.trim_end_matches('#').ends_with('r');
        out.push_str(before);
        let body = &from[1..];
        let end = if is_raw {
            let close = format!("\"{}", "#".repeat(hashes));
            body.find(&close).map(|end| end + close.len())
        } else {
            let mut escaped = false;
            let close = body.char_indices().find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            close.map(|(end, _)| end + 1)
        };
        rest = end.and_then(|end| body.get(end..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The whole of `mod.rs`.
fn module(
    source: &Source<'_>,
    custom: &BTreeMap<String, String>,
    settings: &Settings,
    body: &str,
) -> String {
    let key = source.key;
    let name = camel(key.as_str());
    let mut types = String::new();
    for (kind, name) in custom {
        types.push_str(&format!(
            "\ncompute_catalog::resource_type! {{
    /// `{kind}`.
    struct {name} = {kind:?};
}}\n"
        ));
    }
    let field = match settings.0.is_empty() {
        true => "",
        false => {
            "/// What the launch form offers where nothing is chosen.\npub defaults: Defaults,\n"
        }
    };
    let bind = match settings.0.is_empty() {
        true => "",
        false => "let settings = context.settings;\n",
    };
    let rest = format!(
        "{types}
/// The model.
pub struct {name};

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = \"camelCase\")]
pub struct Settings {{
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    {field}
}}
{}
impl Model for {name} {{
    const KEY: Key = Key::constant({:?});

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {{
        &settings.catalog
    }}

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {{
        {bind}{body}
        context.finish(builder)
    }}
}}

#[cfg(test)]
mod tests {{
    use super::{name};
    use compute_catalog::product::imported_differences;

    #[test]
    fn the_template_means_what_the_imported_one_does() {{
        let settings = include_str!(\"settings.yaml\");
        let original = include_str!(\"imported.yaml\");
        let differences = imported_differences::<{name}>(settings, original);
        assert!(differences.is_empty(), \"{{differences:#?}}\");
    }}
}}
",
        settings.code(),
        key.as_str(),
    );
    let mut out = format!("//! `{key}`: imported from a hand-written template.\n");
    for line in source.comments.get("").into_iter().flatten() {
        out.push_str(&format!("//! {line}\n"));
    }
    out.push('\n');
    let cfn = codegen::used(
        &[
            "Builder",
            "Condition",
            "CreationPolicy",
            "CustomAttribute",
            "DeletionPolicy",
            "Json",
            "List",
            "MapOf",
            "Mapping",
            "Number",
            "Output",
            "ParameterDeclaration",
            "Sub",
            "Template",
            "UpdatePolicy",
            "UpdateReplacePolicy",
            "Value",
            "and",
            "base64",
            "cidr",
            "equals",
            "find_in_map",
            "get_azs",
            "if_else",
            "import_value",
            "join",
            "json",
            "not",
            "or",
            "pseudo",
            "select",
            "split",
            "untyped",
        ],
        &without_texts(&rest),
    );
    out.push_str(&format!("use compute_catalog::cfn::{{{cfn}}};\n"));
    out.push_str(
        "use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};\n",
    );
    let modules: BTreeSet<String> = source
        .template
        .resources
        .values()
        .filter_map(|resource| shape_of(source.services, &resource.kind))
        .map(|(service, _)| service.module())
        .filter(|module| rest.contains(&format!("{module}::")))
        .collect();
    if !modules.is_empty() {
        let modules: Vec<String> = modules.into_iter().collect();
        out.push_str(&format!(
            "use compute_catalog::resource::{{{}}};\n",
            modules.join(", ")
        ));
    }
    out.push_str("use schemars::JsonSchema;\nuse serde::Deserialize;\n");
    out.push_str(&rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_texts;

    #[test]
    fn the_words_of_texts_are_no_names() {
        let code = "a(\"b\\\"c\", r#\"d \"e\" \"#, r\"f\", g)";
        assert_eq!(without_texts(code), "a(, r#, r, g)");
    }
}
