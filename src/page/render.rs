//! Pages as text: the templates under `templates/`, filled in from the models.

use super::prose::{Piece, pieces};
use super::{Guide, ProductPage};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, Template, TemplateError,
};
use serde::Serialize;
use std::fmt;
use std::sync::OnceLock;

/// The templates of Markdown pages, by name.
const PAGES: [(&str, &str); 11] = [
    ("index", include_str!("templates/index.md.hbs")),
    ("product", include_str!("templates/product.md.hbs")),
    ("parameters", include_str!("templates/parameters.md.hbs")),
    ("shell", include_str!("templates/shell.md.hbs")),
    ("session", include_str!("templates/session.md.hbs")),
    ("ssh", include_str!("templates/ssh.md.hbs")),
    ("forward", include_str!("templates/forward.md.hbs")),
    ("desktop", include_str!("templates/desktop.md.hbs")),
    ("bucket", include_str!("templates/bucket.md.hbs")),
    ("manage", include_str!("templates/manage.md.hbs")),
    ("kit", include_str!("templates/kit.md.hbs")),
];

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

static PAGE_TEMPLATES: Templates = Templates::new(&PAGES, escape_markdown);
static SCRIPT_TEMPLATES: Templates = Templates::new(&SCRIPTS, handlebars::no_escape);

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

/// A section of a page in a product's own words, rendered.
#[derive(Serialize)]
struct Section {
    title: String,
    text: String,
}

/// A product page with what only rendering adds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rendered<'a> {
    #[serde(flatten)]
    page: &'a ProductPage,
    sections: Vec<Section>,
    command: &'a str,
}

/// The product page as Markdown. `command` is named in its first line as what makes the file.
///
/// # Errors
/// A guide that speaks of an output or parameter that the template lacks.
pub fn markdown(page: &ProductPage, guide: &Guide, command: &str) -> Result<String, PageError> {
    let registry = guide_registry(page);
    let failed = |section: &str, error: &RenderError| PageError {
        page: format!("products/{}/guide.yaml", page.key),
        message: format!("in “{section}”: {}", error.reason()),
    };
    let context = Context::wraps(page).map_err(|error| failed("the page", &error))?;
    let sections = guide
        .sections
        .iter()
        .map(|section| {
            let text = registry
                .render_template_with_context(&section.text, &context)
                .map_err(|error| failed(&section.title, &error))?;
            Ok(Section {
                title: section.title.clone(),
                text: text.trim_end().to_owned(),
            })
        })
        .collect::<Result<_, PageError>>()?;
    let rendered = Rendered {
        page,
        sections,
        command,
    };
    page_text("product", &rendered, page.key.as_str())
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
    templates: &Templates,
    template: &str,
    data: &impl Serialize,
    page: &str,
) -> Result<String, PageError> {
    let text = templates.fill_in(template, data);
    let text = text.map_err(|message| PageError {
        page: page.to_owned(),
        message,
    })?;
    Ok(tidy(&text))
}

/// Templates by name. Parsing them takes much longer than filling them in: once is enough.
struct Templates {
    texts: &'static [(&'static str, &'static str)],
    escape: fn(&str) -> String,
    ready: OnceLock<Option<Handlebars<'static>>>,
}

impl Templates {
    const fn new(
        texts: &'static [(&'static str, &'static str)],
        escape: fn(&str) -> String,
    ) -> Templates {
        let ready = OnceLock::new();
        Templates {
            texts,
            escape,
            ready,
        }
    }

    fn fill_in(&self, template: &str, data: &impl Serialize) -> Result<String, String> {
        let ready = self.ready.get_or_init(|| self.parsed(in_pieces).ok());
        if let Some(Ok(text)) = ready.as_ref().map(|ready| ready.render(template, data)) {
            return Ok(text);
        }
        // What is wrong is told with its line, which only a template parsed whole knows.
        let whole = self.parsed(|text, name| Template::compile_with_name(text, name.to_owned()));
        let text = whole.and_then(|whole| whole.render(template, data));
        text.map_err(|error| error.to_string())
    }

    fn parsed(
        &self,
        parse: fn(&str, &str) -> Result<Template, TemplateError>,
    ) -> Result<Handlebars<'static>, RenderError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(self.escape);
        registry.register_helper("code", Box::new(code));
        registry.register_helper("prose", Box::new(prose));
        for (name, text) in self.texts {
            registry.register_template(name, parse(text, name)?);
        }
        Ok(registry)
    }
}

/// A template parsed piece by piece, each up to an empty line outside of blocks. The parser counts
/// the lines before each part from the start of its text: short texts take half the time.
fn in_pieces(text: &str, name: &str) -> Result<Template, TemplateError> {
    let mut whole = Template::default();
    whole.name = Some(name.to_owned());
    let (mut start, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        let piece = &text[start..end];
        let is_whole = || piece.matches("{{#").count() == piece.matches("{{/").count();
        if end == text.len() || line == "\n" && is_whole() {
            whole.elements.extend(Template::compile(piece)?.elements);
            start = end;
        }
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

/// What a guide's texts may ask for.
fn guide_registry(page: &ProductPage) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    let outputs = page.outputs.iter();
    let outputs = outputs.map(|output| (output.name.clone(), format!("`{}`", output.name)));
    register_names(&mut registry, "output", outputs.collect());
    let fields = page.form.fields();
    let labels = fields.map(|field| (field.name.clone(), format!("“{}”", field.label)));
    register_names(&mut registry, "parameter", labels.collect());
    registry
}

/// A helper that takes one of these names and writes what stands beside it.
fn register_names(
    registry: &mut Handlebars<'static>,
    helper: &'static str,
    known: Vec<(String, String)>,
) {
    let write_name = move |h: &Helper<'_>,
                           _: &Handlebars<'_>,
                           _: &Context,
                           _: &mut RenderContext<'_, '_>,
                           out: &mut dyn Output|
          -> HelperResult {
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
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    Ok(out.write(&code_span(&text))?)
}

/// `{{prose value}}`: a sentence whose names between backticks are code spans.
fn prose(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = h.param(0).and_then(|value| value.value().as_str());
    Ok(out.write(&escape_words(value.unwrap_or_default()))?)
}

/// A sentence as Markdown: its words read as themselves, its names are code.
fn escape_words(text: &str) -> String {
    let pieces = pieces(text).into_iter().map(|piece| match piece {
        Piece::Words(words) => escape_markdown(words),
        Piece::Code(name) => code_span(name),
    });
    pieces.collect()
}

fn code_span(text: &str) -> String {
    let text = text.replace('|', "\\|").replace('\n', " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text as Markdown that reads as the text; addresses become links.
pub(super) fn escape_markdown(text: &str) -> String {
    let words = text.split([' ', '\n']).map(|word| {
        if word.starts_with("https://") || word.starts_with("http://") {
            let address = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
            let rest = &word[address.len()..];
            return format!("<{address}>{rest}");
        }
        let mut escaped = String::new();
        for c in word.chars() {
            if "\\`*_[]<>|".contains(c) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_template_is_told_with_its_line() {
        for (text, place) in [
            (
                "a\n\n{{#if b}}\n\n{{c}}\n{{/if}}\n",
                "\"page\" line 5, col 1",
            ),
            ("a\n\n{{#if b}}\n\n{{c\n", "\"page\":6:1"),
        ] {
            let texts = Box::leak(Box::new([("page", text)]));
            let templates = Templates::new(texts, escape_markdown);
            let error = templates.fill_in("page", &serde_json::json!({"b": 1}));
            let error = error.unwrap_err();
            assert!(error.contains(place), "{error}");
        }
    }

    #[test]
    fn text_reads_as_itself_in_a_table() {
        assert_eq!(escape_markdown("a|b *c* <d>\ne"), "a\\|b \\*c\\* \\<d\\> e");
        assert_eq!(
            escape_markdown("see https://example.org/a_b."),
            "see <https://example.org/a_b>."
        );
        assert_eq!(code_span("a|b"), "`a\\|b`");
        assert_eq!(code_span("`a`"), "`` `a` ``");
        assert_eq!(
            escape_words("Size_1 no longer takes `a|b`, `c_d`: a*b"),
            "Size\\_1 no longer takes `a\\|b`, `c_d`: a\\*b"
        );
    }
}
