//! HTML from templates and from Markdown.

use super::super::error::PageError;
use super::super::prose::{Piece, pieces};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, handlebars_helper,
    html_escape,
};
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use serde_json::Value;

/// The templates of the preview, by name.
const TEMPLATES: [(&str, &str); 10] = [
    ("layout", include_str!("../templates/site/layout.html.hbs")),
    ("tabs", include_str!("../templates/site/tabs.html.hbs")),
    ("index", include_str!("../templates/site/index.html.hbs")),
    (
        "community",
        include_str!("../templates/site/community.html.hbs"),
    ),
    (
        "environments",
        include_str!("../templates/site/environments.html.hbs"),
    ),
    ("guide", include_str!("../templates/site/guide.html.hbs")),
    ("launch", include_str!("../templates/site/launch.html.hbs")),
    ("parts", include_str!("../templates/site/parts.html.hbs")),
    ("update", include_str!("../templates/site/update.html.hbs")),
    (
        "versions",
        include_str!("../templates/site/versions.html.hbs"),
    ),
];

/// The page that is nothing but text.
const TEXT: &str = "{{#> layout}}<article class=\"prose\">{{{body.guide}}}</article>{{/layout}}";

/// The templates, compiled.
pub(super) struct Renderer(Handlebars<'static>);

impl Renderer {
    /// Compiles the templates.
    ///
    /// # Errors
    /// A template that can't be read.
    pub(super) fn new() -> Result<Renderer, PageError> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(html_escape);
        registry.register_helper("linked", Box::new(linked));
        registry.register_helper("prose", Box::new(prose));
        registry.register_helper("known", Box::new(known));
        for (name, text) in TEMPLATES.into_iter().chain([("text", TEXT)]) {
            registry
                .register_template_string(name, text)
                .map_err(|error| PageError {
                    page: name.to_owned(),
                    message: error.to_string(),
                })?;
        }
        Ok(Renderer(registry))
    }

    /// A page.
    ///
    /// # Errors
    /// A template that asks for what the data lack.
    pub(super) fn render(&self, name: &str, data: &Value, page: &str) -> Result<String, PageError> {
        self.0.render(name, data).map_err(|error| PageError {
            page: page.to_owned(),
            message: error.to_string(),
        })
    }
}

handlebars_helper!(known: |value: Json| !value.is_null());

/// `{{linked text}}`: text whose addresses are links.
fn linked(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = h
        .param(0)
        .and_then(|value| value.value().as_str())
        .unwrap_or_default();
    Ok(out.write(&link(text))?)
}

/// `{{prose text}}`: the same, and its names between backticks are code.
fn prose(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = h.param(0).and_then(|value| value.value().as_str());
    let pieces = pieces(text.unwrap_or_default());
    let html = pieces.into_iter().map(|piece| match piece {
        Piece::Words(words) => link(words),
        Piece::Code(name) => format!("<code>{}</code>", html_escape(name)),
    });
    Ok(out.write(&html.collect::<String>())?)
}

/// Words as HTML whose addresses are links.
fn link(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if !word.starts_with("https://") {
            return html_escape(word);
        }
        let address = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        let rest = &word[address.len()..];
        let address = html_escape(address);
        format!("<a href=\"{address}\">{address}</a>{}", html_escape(rest))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A Markdown page as HTML.
pub(super) struct Article {
    /// The HTML.
    pub html: String,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

/// A section of a page, as it is searched for.
pub(super) struct Section {
    /// What the address of the section ends in.
    pub anchor: String,
    /// Its heading.
    pub title: String,
    /// Whether it is part of the section before it.
    pub is_inner: bool,
    /// What it says before the next heading, without any form.
    pub text: String,
}

/// A Markdown page as HTML: without its comment and first heading, links to pages instead of
/// Markdown files, headings that can be linked to, tables that scroll on their own.
pub(super) fn from_markdown(text: &str) -> Article {
    let mut sections: Vec<Section> = Vec::new();
    // Landmarks are told apart by their names: a table is named by its heading, and counted there.
    let (mut heading, mut tables) = (String::new(), 0);
    let text = text.split_once("-->").map_or(text, |(_, rest)| rest);
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut in_title = false;
    let mut open_heading: Option<usize> = None;
    let mut in_address = false;
    for event in parser {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => in_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => in_title = false,
            _ if in_title => {}
            Event::Start(Tag::Heading { .. }) => {
                open_heading = Some(events.len());
                events.push(event);
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(start) = open_heading.take() {
                    let title = plain(&events[start..]);
                    if let Event::Start(Tag::Heading { id, level, .. }) = &mut events[start] {
                        *id = Some(CowStr::from(anchor(&title)));
                        (heading, tables) = (title.clone(), 0);
                        sections.push(Section {
                            anchor: anchor(&title),
                            title: title.clone(),
                            is_inner: *level != HeadingLevel::H2,
                            text: String::new(),
                        });
                    }
                }
                events.push(event);
            }
            Event::Start(Tag::Table(_)) => {
                tables += 1;
                let open = format!(
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}, table {tables}\">",
                    html_escape(&heading)
                );
                events.push(Event::Html(CowStr::from(open)));
                events.push(event);
            }
            Event::End(TagEnd::Table) => {
                events.push(event);
                events.push(Event::Html(CowStr::from("</div>")));
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                in_address = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let dest_url = page_address(&dest_url).into();
                events.push(Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }));
            }
            // The pages are XML, where an empty element is closed.
            Event::InlineHtml(tag) if &*tag == "<br>" => events.push(Event::HardBreak),
            other => {
                if let (Event::Text(text) | Event::Code(text), None) = (&other, open_heading)
                    && let Some(section) = sections.last_mut()
                {
                    section.text.push_str(text);
                    section.text.push(' ');
                }
                in_address &= !matches!(other, Event::End(TagEnd::Link));
                match other {
                    Event::Text(address) if in_address => {
                        for (index, part) in parts_of(&address).into_iter().enumerate() {
                            if index > 0 {
                                events.push(Event::InlineHtml(CowStr::from("<wbr />")));
                            }
                            events.push(Event::Text(CowStr::from(part.to_owned())));
                        }
                    }
                    other => events.push(other),
                }
            }
        }
    }
    let mut html = String::new();
    html::push_html(&mut html, events.into_iter());
    // Long commands scroll, by keyboard too.
    let html = html.replace("<pre>", "<pre tabindex=\"0\">");
    Article { html, sections }
}

/// An address in parts between which a line may end: never within its host, or a word of it.
fn parts_of(address: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let bytes = address.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        let after_slash = pair[0] == b'/' && pair[1] != b'/' && !address[..=at].ends_with("//");
        let before_sign = [b'@', b'#', b'?'].contains(&pair[1]) && pair[0] != b'/';
        if after_slash || before_sign {
            parts.push(&address[start..=at]);
            start = at + 1;
        }
    }
    parts.push(&address[start..]);
    parts
}

fn page_address(address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    match (
        address.strip_suffix("README.md"),
        address.strip_suffix(".md"),
    ) {
        (Some(folder), _) => format!("{folder}index.html"),
        (None, Some(page)) => format!("{page}.html"),
        (None, None) => address.to_owned(),
    }
}

fn plain(events: &[Event<'_>]) -> String {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(&**text),
        _ => None,
    });
    texts.collect()
}

fn anchor(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase);
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::{from_markdown, parts_of};

    #[test]
    fn an_address_breaks_at_its_signs_and_never_within_a_word() {
        for (address, parts) in [
            ("https://sc.example.org", &["https://sc.example.org"][..]),
            ("team-help@example.org", &["team-help", "@example.org"]),
            ("https://a.org/#!b/c", &["https://a.org/", "#!b/", "c"]),
        ] {
            assert_eq!(parts_of(address), parts);
        }
        let html = from_markdown("# T\n\n<https://a.org/b>, [a.org/b](https://a.org/b)\n").html;
        assert_eq!(
            html,
            "<p><a href=\"https://a.org/b\">https://a.org/<wbr />b</a>, <a href=\"https://a.org/b\">a.org/b</a></p>\n"
        );
    }
}
