//! Pages as text: the templates under `templates/`, filled in from the models.

use super::escape::{code_span, escape_markdown};
use super::row::Tables;
use super::{Guide, GuideSection, ProductPage};
use handlebars::template::TemplateElement;
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, Template, TemplateError,
};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::fmt;
use std::sync::LazyLock;

/// The templates of pages that are one piece, by name.
const PAGES: [(&str, &str); 2] = [
    ("index", include_str!("templates/index.md.hbs")),
    ("kit", include_str!("templates/kit.md.hbs")),
];

/// A part of a product page: its name, its template, and whether a product has what it tells of.
type Part = (&'static str, &'static str, fn(&ProductPage) -> bool);

/// The parts of a product page, in its order. Each is filled in by itself: handlebars would copy
/// all that is known of the product for each that another included.
const PARTS: [Part; 13] = [
    ("product", include_str!("templates/product.md.hbs"), |_| {
        true
    }),
    (
        "parameters",
        include_str!("templates/parameters.md.hbs"),
        |_| true,
    ),
    ("outputs", include_str!("templates/outputs.md.hbs"), |_| {
        true
    }),
    ("shell", include_str!("templates/shell.md.hbs"), |_| true),
    (
        "credentials",
        include_str!("templates/credentials.md.hbs"),
        |page| page.needs_credentials,
    ),
    (
        "session",
        include_str!("templates/session.md.hbs"),
        has_instance,
    ),
    ("ssh", include_str!("templates/ssh.md.hbs"), |page| {
        has_instance(page) && !has_windows(page)
    }),
    (
        "forward",
        include_str!("templates/forward.md.hbs"),
        has_instance,
    ),
    (
        "desktop",
        include_str!("templates/desktop.md.hbs"),
        has_windows,
    ),
    ("bucket", include_str!("templates/bucket.md.hbs"), |page| {
        page.connect.bucket.is_some()
    }),
    ("data", include_str!("templates/data.md.hbs"), |_| true),
    ("manage", include_str!("templates/manage.md.hbs"), |_| true),
    (
        "versions",
        include_str!("templates/versions.md.hbs"),
        |_| true,
    ),
];

fn has_instance(page: &ProductPage) -> bool {
    page.connect.instance.is_some()
}

fn has_windows(page: &ProductPage) -> bool {
    let instance = page.connect.instance.as_ref();
    instance.is_some_and(|instance| instance.is_windows)
}

/// The templates of the connect kit's scripts, by name.
const SCRIPTS: [(&str, &str); 2] = [
    (
        "credentials.sh",
        include_str!("templates/credentials.sh.hbs"),
    ),
    (
        "credentials.ps1",
        include_str!("templates/credentials.ps1.hbs"),
    ),
];

/// Templates ready to be filled in, or why they can't be. Parsing them takes much longer than
/// filling them in: once is enough.
type Templates = LazyLock<Result<Handlebars<'static>, String>>;

static PAGE_TEMPLATES: Templates =
    LazyLock::new(|| registry(PAGES.into_iter().chain(parts()), escape_markdown));
static SCRIPT_TEMPLATES: Templates =
    LazyLock::new(|| registry(SCRIPTS.into_iter(), handlebars::no_escape));

/// Why a page can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError {
    /// The page, or the file whose text does not fit.
    pub page: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.page, self.message)
    }
}

impl std::error::Error for PageError {}

/// The product page as Markdown. `command` is named in its first line as what makes the file.
///
/// # Errors
/// A guide that speaks of an output or parameter that the template lacks.
pub fn markdown(page: &ProductPage, guide: &Guide, command: &str) -> Result<String, PageError> {
    let of_page = |message: String| PageError {
        page: page.key.to_string(),
        message,
    };
    let mut told = Context::wraps(page).map_err(|error| of_page(error.to_string()))?;
    let sections = sections(page, guide, &told)?;
    let tables = serde_json::to_value(Tables::of(page));
    let tables = tables.map_err(|error| of_page(error.to_string()))?;
    if let Json::Object(told) = told.data_mut() {
        told.insert("sections".to_owned(), sections.into());
        told.insert("tables".to_owned(), tables);
        told.insert("command".to_owned(), command.into());
    }
    let registry = ready(&PAGE_TEMPLATES).map_err(of_page)?;
    let mut text = String::new();
    for (part, _, is_told) in PARTS {
        if !is_told(page) {
            continue;
        }
        let part = registry.render_with_context(part, &told);
        text.push_str(&part.map_err(|error| of_page(error.to_string()))?);
        text.push('\n');
    }
    Ok(tidy(&text))
}

/// The sections in a product's own words, the names in them filled in.
fn sections(page: &ProductPage, guide: &Guide, told: &Context) -> Result<Vec<Json>, PageError> {
    let section = |section: &GuideSection| {
        let text = with_names(&section.text, told);
        let text = text.map_err(|error| PageError {
            page: format!("products/{}/guide.yaml", page.key),
            message: format!("in “{}”: {}", section.title, error.reason()),
        })?;
        Ok(json!({"title": section.title, "text": text.trim_end()}))
    };
    guide.sections.iter().map(section).collect()
}

/// A guide's text with its names filled in. Handlebars reads a text letter by letter: where nothing
/// but names is asked for, it gets these alone.
fn with_names(text: &str, told: &Context) -> Result<String, RenderError> {
    let fill_in = |text: &str| GUIDE_HELPERS.render_template_with_context(text, told);
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let asked = behind.split_once("}}").filter(|(name, _)| {
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(['~', '{'])
        });
        let Some((name, after)) = asked.filter(|_| !before.ends_with('\\')) else {
            return fill_in(text);
        };
        filled.push_str(before);
        filled.push_str(&fill_in(&format!("{{{{{name}}}}}"))?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A template of a Markdown page filled in, for the page of this name.
pub(super) fn page_text(
    template: &str,
    data: &impl Serialize,
    page: &str,
) -> Result<String, PageError> {
    fill_in(&PAGE_TEMPLATES, template, data, page)
}

/// The template of a script filled in.
pub(super) fn script(template: &str, data: &impl Serialize) -> Result<String, PageError> {
    fill_in(&SCRIPT_TEMPLATES, template, data, template)
}

fn fill_in(
    templates: &'static Templates,
    template: &str,
    data: &impl Serialize,
    page: &str,
) -> Result<String, PageError> {
    let failed = |message: String| PageError {
        page: page.to_owned(),
        message,
    };
    let registry = ready(templates).map_err(failed)?;
    let text = registry
        .render(template, data)
        .map_err(|error| failed(error.to_string()))?;
    Ok(tidy(&text))
}

fn ready(templates: &'static Templates) -> Result<&'static Handlebars<'static>, String> {
    templates.as_ref().map_err(String::clone)
}

fn parts() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTS.into_iter().map(|(name, text, _)| (name, text))
}

fn registry(
    templates: impl Iterator<Item = (&'static str, &'static str)>,
    escape: fn(&str) -> String,
) -> Result<Handlebars<'static>, String> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(escape);
    registry.register_helper("code", Box::new(code));
    for (name, text) in templates {
        let template = parsed(name, text).map_err(|error| error.to_string())?;
        registry.register_template(name, template);
    }
    Ok(registry)
}

/// A template parsed paragraph by paragraph, as far as blocks allow: the parser reads letter by
/// letter, and counts the lines before each tag anew. What has no tags needs no parser.
fn parsed(name: &str, text: &str) -> Result<Template, TemplateError> {
    let mut whole = Template::default();
    whole.name = Some(name.to_owned());
    let (mut start, mut end, mut opened, mut closed) = (0, 0, 0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        opened += line.matches("{{#").count();
        closed += line.matches("{{/").count();
        if end < text.len() && (line != "\n" || opened > closed) {
            continue;
        }
        let paragraph = &text[start..end];
        match paragraph.contains("{{") {
            true => whole
                .elements
                .extend(Template::compile(paragraph)?.elements),
            false => whole
                .elements
                .push(TemplateElement::RawString(paragraph.to_owned())),
        }
        start = end;
    }
    Ok(whole)
}

/// At most one empty line in a row, one line break at the end.
fn tidy(text: &str) -> String {
    let mut tidied = String::new();
    let mut was_empty = true;
    for line in text.lines() {
        let line = line.trim_end();
        if !(line.is_empty() && was_empty) {
            tidied.push_str(line);
            tidied.push('\n');
        }
        was_empty = line.is_empty();
    }
    tidied.truncate(tidied.trim_end().len());
    tidied + "\n"
}

/// What a guide's texts may ask for: the names of outputs, and the labels of parameters.
static GUIDE_HELPERS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    register_names(&mut registry, "output", |page| {
        let name = |output: &Json| {
            Some((
                text(output, "name")?,
                format!("`{}`", text(output, "name")?),
            ))
        };
        items(page, "outputs").filter_map(name).collect()
    });
    register_names(&mut registry, "parameter", |page| {
        let groups = page
            .get("form")
            .into_iter()
            .flat_map(|form| items(form, "groups"));
        let label =
            |field: &Json| Some((text(field, "name")?, format!("“{}”", text(field, "label")?)));
        let fields = groups.flat_map(|group| items(group, "fields"));
        fields.filter_map(label).collect()
    });
    registry
});

fn items<'j>(json: &'j Json, key: &str) -> impl Iterator<Item = &'j Json> {
    let items = json.get(key).and_then(Json::as_array);
    items.into_iter().flatten()
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.get(key)?.as_str().map(str::to_owned)
}

/// A helper that takes one of the names that a page has, and writes what stands beside it.
fn register_names(
    registry: &mut Handlebars<'static>,
    helper: &'static str,
    of: fn(&Json) -> Vec<(String, String)>,
) {
    let write_name = move |h: &Helper<'_>,
                           _: &Handlebars<'_>,
                           page: &Context,
                           _: &mut RenderContext<'_, '_>,
                           out: &mut dyn Output|
          -> HelperResult {
        let known = of(page.data());
        let name = h
            .param(0)
            .and_then(|name| name.value().as_str())
            .unwrap_or_default();
        match known.iter().find(|(key, _)| key == name) {
            Some((_, text)) => Ok(out.write(text)?),
            None => {
                let near = crate::yaml::nearest(name, known.iter().map(|(key, _)| key.as_str()));
                let hint =
                    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                let message = format!("the template has no {helper} `{name}`{hint}");
                Err(RenderErrorReason::Other(message).into())
            }
        }
    };
    registry.register_helper(helper, Box::new(write_name));
}

/// `{{code value}}`: a code span that stands in a table's cell, too.
fn code(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = h.param(0).map(|value| value.value());
    let text = match value {
        Some(Json::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    Ok(out.write(&code_span(&text))?)
}
