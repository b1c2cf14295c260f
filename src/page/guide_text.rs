//! A product's own words as they stand on its page: with the names that they ask for.

use super::{Field, Guide, GuideSection, OutputLine, PageError};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable, StringOutput, Template,
};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::sync::LazyLock;

/// What a text may name, and what its readers know it by.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    name: &'a str,
    label: &'a str,
}

impl<'a> Named<'a> {
    /// The parameter that a field of the form asks for.
    pub fn parameter(field: &'a Field) -> Named<'a> {
        Named {
            name: &field.name,
            label: &field.label,
        }
    }

    /// An output, which goes by its name.
    pub fn output(output: &'a OutputLine) -> Named<'a> {
        Named {
            name: &output.name,
            label: &output.name,
        }
    }
}

/// The sections of a guide, the names in them filled in from what its page tells.
///
/// # Errors
/// A name that the template lacks.
pub(super) fn sections(file: &str, guide: &Guide, told: &Context) -> Result<Vec<Json>, PageError> {
    let section = |section: &GuideSection| {
        let text = filled_in(&section.text, told).map_err(|error| PageError {
            page: file.to_owned(),
            message: format!("in “{}”: {}", section.title, error.reason()),
        })?;
        Ok(json!({"title": section.title, "text": text.trim_end()}))
    };
    guide.sections.iter().map(section).collect()
}

fn filled_in(text: &str, told: &Context) -> Result<String, RenderError> {
    let template = Template::compile(text)?;
    let mut filled = StringOutput::new();
    let mut rendering = RenderContext::new(None);
    template.render(&HELPERS, told, &mut rendering, &mut filled)?;
    Ok(filled.into_string()?)
}

/// What a guide's texts may ask for: the names of outputs, and the labels of parameters.
static HELPERS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    register_names(&mut registry, "output", "outputs", ["`", "`"]);
    register_names(&mut registry, "parameter", "parameters", ["“", "”"]);
    registry
});

fn text<'j>(json: &'j Json, key: &str) -> Option<&'j str> {
    json.get(key)?.as_str()
}

/// A helper that takes one of the names in a list of what is told, and writes its label between
/// these marks.
fn register_names(
    registry: &mut Handlebars<'static>,
    helper: &'static str,
    list: &'static str,
    [before, behind]: [&'static str; 2],
) {
    let write_name = move |h: &Helper<'_>,
                           _: &Handlebars<'_>,
                           told: &Context,
                           _: &mut RenderContext<'_, '_>,
                           out: &mut dyn Output|
          -> HelperResult {
        let known = told.data().get(list).and_then(Json::as_array);
        let known = || known.into_iter().flatten();
        let name = h.param(0).and_then(|name| name.value().as_str());
        let name = name.unwrap_or_default();
        let asked = known().find(|one| text(one, "name") == Some(name));
        match asked.and_then(|one| text(one, "label")) {
            Some(label) => Ok(out.write(&[before, label, behind].concat())?),
            None => {
                let near = crate::yaml::nearest(name, known().filter_map(|one| text(one, "name")));
                let hint =
                    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                let message = format!("the template has no {helper} `{name}`{hint}");
                Err(RenderErrorReason::Other(message).into())
            }
        }
    };
    registry.register_helper(helper, Box::new(write_name));
}
