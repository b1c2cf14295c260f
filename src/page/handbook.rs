//! The handbook: what holds for every product, told once.
//!
//! What a status means: <https://docs.aws.amazon.com/servicecatalog/latest/dg/API_ProvisionedProductDetail.html>

use super::error::PageError;
use super::escape::escape_markdown;
use super::guide::Guide;
use super::guide_text::sections;
use super::render::page_text;
use super::row::rows;
use crate::environment::{Communities, Community, Environments, Support};
use handlebars::Context;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// The file of the organisation's own sections.
pub const HANDBOOK_GUIDE: &str = "portfolios/guide.yaml";

/// What the handbook is made of.
#[derive(Clone, Copy, Debug)]
pub struct HandbookSource<'a> {
    /// The communities.
    pub communities: &'a Communities,
    /// The organisation and its environments.
    pub environments: &'a Environments,
    /// The organisation's own sections: [`HANDBOOK_GUIDE`].
    pub guide: &'a Guide,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Handbook<'a> {
    organization: &'a str,
    account: Option<&'a str>,
    communities: String,
    sections: Vec<Json>,
    support: &'a Support,
    command: &'a str,
}

/// The handbook as Markdown. `command` is named in its first line as what makes the file.
///
/// # Errors
/// A section that asks for more than the organisation's name and the profile.
pub fn handbook(source: &HandbookSource<'_>, command: &str) -> Result<String, PageError> {
    let organization = &source.environments.organization;
    let known = json!({
        "organization": organization.name,
        "profile": source.communities.profile,
        "outputs": [],
        "parameters": [],
    });
    let known = Context::wraps(known).map_err(|error| PageError {
        page: HANDBOOK_GUIDE.to_owned(),
        message: error.to_string(),
    })?;
    let communities: Vec<&Community> = source.communities.communities.values().collect();
    let cells = |community: &&Community| cells(community, source);
    let handbook = Handbook {
        organization: &organization.name,
        account: source.communities.login.account.as_deref(),
        communities: rows(&communities, cells),
        sections: sections(HANDBOOK_GUIDE, source.guide, &known)?,
        support: &organization.support,
        command,
    };
    page_text("handbook", &handbook, "handbook")
}

/// Its name, where it begins, its team, who adds people, where members ask each other.
fn cells(community: &Community, source: &HandbookSource<'_>) -> [String; 5] {
    let by_key = &source.environments.by_key;
    let endpoint = source.communities.login_endpoint(community, by_key);
    let begin = community.entry_page.as_deref();
    let begin = begin.or(endpoint.map(|endpoint| endpoint.as_str()));
    let support = &source.environments.organization.support;
    let link = |address: &str| format!("<{address}>");
    let team = community.team.as_deref();
    [
        escape_markdown(&community.name),
        begin.map_or_else(|| "–".to_owned(), link),
        team.map_or_else(
            || "members of the community".to_owned(),
            |team| format!("members of [this team]({team})"),
        ),
        link(community.manager.as_deref().unwrap_or(&support.email)),
        match &community.help {
            Some(help) => escape_markdown(help),
            None => link(&support.url),
        },
    ]
}
