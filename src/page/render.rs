//! Pages as text: the templates under `templates/`, filled in from the models.

use super::connect::Connect;
use super::cost::RegionCost;
use super::error::PageError;
use super::escape::{code_span, escape_markdown};
use super::guide_text::{Named, sections};
use super::product::UpdateLine;
use super::row::Tables;
use super::{Action, Guide, ProductPage, TagChoice};
use crate::environment::Support;
use crate::product::Key;
use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext};
use serde::Serialize;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// The templates of pages that are one piece, by name.
const PAGES: [(&str, &str); 4] = [
    ("external", include_str!("templates/external.md.hbs")),
    ("handbook", include_str!("templates/handbook.md.hbs")),
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

/// Templates ready to be filled in, or why they can't be.
type Templates = LazyLock<Result<Handlebars<'static>, String>>;

static PAGE_TEMPLATES: Templates =
    LazyLock::new(|| registry(PAGES.into_iter().chain(parts()), escape_markdown));
static SCRIPT_TEMPLATES: Templates =
    LazyLock::new(|| registry(SCRIPTS.into_iter(), handlebars::no_escape));

/// What the templates of a product page are filled in from, and what its guide may name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    key: &'a Key,
    name: &'a str,
    description: &'a str,
    documentation: &'a str,
    organization: &'a str,
    support: &'a Support,
    profile: &'a str,
    tags: &'a [TagChoice],
    parameters: Vec<Named<'a>>,
    outputs: Vec<Named<'a>>,
    connect: &'a Connect,
    is_reachable: bool,
    actions: &'a [Action],
    newest: &'a str,
    updates: &'a [UpdateLine],
    replaced_by_tags: &'a str,
    costs: &'a [RegionCost],
    tables: Tables,
    command: &'a str,
}

impl<'a> Told<'a> {
    fn of(page: &'a ProductPage, command: &'a str) -> Told<'a> {
        Told {
            key: &page.key,
            name: &page.name,
            description: &page.description,
            documentation: &page.documentation,
            organization: &page.organization,
            support: &page.support,
            profile: &page.profile,
            tags: &page.tags,
            parameters: page.form.fields().map(Named::parameter).collect(),
            outputs: page.outputs.iter().map(Named::output).collect(),
            connect: &page.connect,
            newest: &page.newest,
            updates: &page.updates,
            replaced_by_tags: &page.replaced_by_tags,
            costs: &page.costs,
            is_reachable: page.is_reachable,
            actions: &page.actions,
            tables: Tables::of(page),
            command,
        }
    }
}

/// The product page as Markdown. `command` is named in its first line as what makes the file.
///
/// # Errors
/// A guide that speaks of an output or parameter that the template lacks.
pub fn markdown(page: &ProductPage, guide: &Guide, command: &str) -> Result<String, PageError> {
    let of_page = |message: String| PageError {
        page: page.key.to_string(),
        message,
    };
    let told = Context::wraps(Told::of(page, command));
    let mut told = told.map_err(|error| of_page(error.to_string()))?;
    let sections = sections(&format!("products/{}/guide.yaml", page.key), guide, &told)?;
    if let Json::Object(told) = told.data_mut() {
        told.insert("sections".to_owned(), sections.into());
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
        registry
            .register_template_string(name, text)
            .map_err(|error| error.to_string())?;
    }
    Ok(registry)
}

/// At most one empty line in a row, one line break at the end.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len() + 1);
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
