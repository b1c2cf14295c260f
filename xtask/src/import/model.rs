//! The model of a template, and what it can't say.

use super::defaults::Defaults;
use super::expression::{LINE, aligned, text};
use super::form::{Form, INTERFACE};
use super::module::module;
use super::order::{names_in, ordered, references_of};
use super::scope::{Note, Scope};
use super::source::Source;
use super::types::Types;
use super::writer::{Writer, only_used};
use compute_catalog::cfn::{Node, Transform};

/// What a template becomes.
pub struct Model {
    /// `mod.rs`.
    pub code: String,
    /// The texts that stand in files of their own, by their paths in the product's folder.
    pub files: Vec<(String, String)>,
    /// The lines of `settings.yaml` below the catalog entry.
    pub settings: String,
    /// Types that aren't vendored: the model declares them, and nothing checks their properties.
    pub not_vendored: Vec<String>,
    /// What is written, and checked by nobody.
    pub told: Vec<Note>,
    /// What a model can't say: there is no import with these.
    pub unknown: Vec<Note>,
}

/// Writes the model, with texts in pieces so long that `rustfmt` can format what stands around them: it
/// leaves a statement as it is where one of its lines finds no room.
///
/// # Errors
/// No `rustfmt`, or code that it can't read.
pub fn formatted(source: &Source<'_>) -> Result<Model, codegen::Error> {
    let mut best: Option<(usize, Model)> = None;
    for line in [LINE, 56, 40, 28] {
        let model = write(source, line);
        if !model.unknown.is_empty() {
            return Ok(model);
        }
        let code = codegen::format(&model.code)?;
        let too_long = code.lines().filter(|line| line.len() > WIDTH).count();
        if best.as_ref().is_none_or(|(least, _)| too_long < *least) {
            let code = aligned(&code);
            best = Some((too_long, Model { code, ..model }));
        }
        if too_long == 0 {
            break;
        }
    }
    Ok(best.map_or_else(|| write(source, LINE), |(_, model)| model))
}

/// How wide `rustfmt` writes.
const WIDTH: usize = 100;

fn write(source: &Source<'_>, line: usize) -> Model {
    let template = source.template;
    let types = Types::of(source);
    let scope = Scope::of(template, &types, line);
    let mut body = String::new();
    let mut defaults = Defaults::default();
    let form = Form::of(template);
    let writer = Writer {
        source,
        scope,
        form,
    };
    body.push_str(&match &template.description {
        Some(description) => format!("let mut builder = Builder::new({});\n", text(description)),
        None => "let mut builder = Builder::default();\n".to_owned(),
    });
    for Transform { name, parameters } in &template.transform {
        body.push_str(&match parameters.is_empty() {
            true => format!("builder.transform({name:?});\n"),
            false => {
                let parameters = writer.scope.document(&Node::Map(parameters.clone()));
                format!("builder.transform(Transform::with({name:?}, {parameters}));\n")
            }
        });
    }
    for place in &template.open {
        let made = match template.macros().next() {
            Some(name) => format!("the macro `{name}` makes something of {place}"),
            None => format!("`Fn::Transform` or a loop puts in what isn't here: {place}"),
        };
        writer.scope.note(made);
    }
    for (key, value) in &template.metadata {
        if key == INTERFACE && writer.form.is_whole {
            continue;
        }
        writer.scope.enter("Metadata", key);
        let document = writer.scope.document(value);
        body.push_str(&format!("builder.metadata({key:?}, {document});\n"));
    }
    for name in &writer.form.order {
        writer.parameter(name, &mut defaults, &mut body);
    }
    for name in template.mappings.keys() {
        writer.mapping(name, &mut body);
    }
    for name in ordered(&template.conditions, names_in) {
        writer.condition(name, &mut body);
    }
    for (name, rule) in &template.rules {
        writer.rule(name, rule, &mut body);
    }
    for id in ordered(&template.resources, references_of) {
        writer.resource(id, &types, &mut body);
    }
    for (name, output) in &template.outputs {
        writer.output(name, output, &mut body);
    }
    let body = only_used(&body);
    Model {
        code: module(source, &types, &defaults, &writer.scope.files(), &body),
        files: writer.scope.files(),
        settings: defaults.yaml(),
        not_vendored: types.not_vendored(),
        told: writer.scope.told(),
        unknown: writer.scope.unknown(),
    }
}
