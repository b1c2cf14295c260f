//! What runs on machines: user data, and the files and commands of `cfn-init`.

use crate::cfn::boot::{config_sets, configs};
use crate::cfn::init::Init;
use crate::cfn::text::{choices, text_of};
use crate::cfn::{Map, Node, Path, Resource, Scenarios, Template};
use std::borrow::Cow;
use std::cell::LazyCell;

/// A text that runs, or is written, on a machine.
pub(super) struct Script<'s> {
    /// The resource.
    pub id: &'s str,
    /// Where it stands.
    pub at: Path,
    /// Whether it is the resource's user data, rather than in its metadata.
    pub is_user_data: bool,
    /// The text, functions written as `${…}`.
    pub text: Cow<'s, str>,
}

impl Script<'_> {
    /// The lines, comments aside.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines();
        lines.filter(|line| !line.trim_start().starts_with('#'))
    }

    /// The lines that hold a part, comments aside. A script that doesn't isn't read line by line.
    pub fn lines_with<'a>(&'a self, part: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.text.contains(part).then(|| self.lines());
        let lines = lines.into_iter().flatten();
        lines.filter(move |line| line.contains(part))
    }
}

/// The `cfn-init` metadata of a resource, by one choice of what its functions give.
pub(super) struct BootMetadata<'s> {
    /// Its logical id.
    pub id: &'s str,
    /// The resource.
    pub resource: &'s Resource,
    /// Where the metadata stands.
    pub at: Path,
    /// The metadata.
    pub node: Cow<'s, Node>,
}

/// What runs on the machines of a template.
pub(super) struct Boot<'t> {
    /// The `cfn-init` metadata of every resource that has some, once for each choice.
    pub inits: Vec<BootMetadata<'t>>,
    /// Every text that runs, or is written, on a machine, once for each choice.
    pub scripts: Vec<Script<'t>>,
}

/// What runs on the machines of a template.
pub(super) fn boot(template: &Template) -> Boot<'_> {
    let scenarios = LazyCell::new(|| Scenarios::of(template));
    let choices = |node| choices(template, || &*scenarios, node);
    let mut inits = Vec::new();
    let mut scripts = Vec::new();
    for (id, resource) in &template.resources {
        if let Some((at, data)) = user_data(id, resource) {
            scripts.extend(choices(data).into_iter().map(|data| Script {
                id,
                at: at.clone(),
                is_user_data: true,
                text: text(&data),
            }));
        }
        if let Some(node) = resource.metadata.get(Init::KEY) {
            inits.extend(choices(node).into_iter().map(|node| BootMetadata {
                id,
                resource,
                at: Path::of(["Resources", id, "Metadata", Init::KEY]),
                node,
            }));
        }
    }
    for init in &inits {
        written(init, &mut scripts);
    }
    Boot { inits, scripts }
}

/// Where a resource gives user data to its machines.
fn user_data<'t>(id: &str, resource: &'t Resource) -> Option<(Path, &'t Node)> {
    let at = Path::properties(id);
    let properties = &resource.properties;
    match properties.get("UserData") {
        Some(data) => Some((at.join("UserData"), data)),
        None => {
            let data = properties.get("LaunchTemplateData")?.get("UserData")?;
            Some((at.join_all(["LaunchTemplateData", "UserData"]), data))
        }
    }
}

/// The text of a value that stands in the template, or was made of it.
fn text<'t>(node: &Cow<'t, Node>) -> Cow<'t, str> {
    match node {
        Cow::Borrowed(node) => text_of(node),
        Cow::Owned(node) => Cow::Owned(text_of(node).into_owned()),
    }
}

/// The config sets that a machine's user data runs.
pub(super) fn boot_sets(user_data: &str) -> Vec<String> {
    if !user_data.contains("cfn-init") {
        return Vec::new();
    }
    let lines: Vec<&str> = user_data.lines().collect();
    let lines = joined(&lines);
    let calls = lines.iter().filter(|line| starts_init(line));
    calls.flat_map(|line| config_sets(line)).collect()
}

/// The resources whose metadata a machine's user data runs, one for each call; none where a call
/// names none.
pub(super) fn boot_resources(user_data: &str) -> impl Iterator<Item = Option<String>> {
    let lines: Vec<&str> = match user_data.contains("cfn-init") {
        true => user_data.lines().collect(),
        false => Vec::new(),
    };
    let lines = joined(&lines).into_iter();
    lines
        .filter(|line| starts_init(line))
        .map(|line| option(&line, &["--resource", "-r"]).map(str::to_owned))
}

/// The value of an option of a command line.
pub(super) fn option<'l>(line: &'l str, names: &[&str]) -> Option<&'l str> {
    let mut words = line.split_whitespace();
    while let Some(word) = words.next() {
        if names.contains(&word) {
            return words.next().map(|value| value.trim_matches(['"', '\'']));
        }
        if let Some((name, value)) = word.split_once('=')
            && names.contains(&name)
        {
            return Some(value.trim_matches(['"', '\'']));
        }
    }
    None
}

/// The lines, those that end in `\` with the next.
pub(super) fn joined(lines: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let part = line.trim_end_matches('\\').trim_end();
        match out.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.push(' ');
                last.push_str(part);
            }
            None => out.push(part.to_owned()),
        }
        goes_on = line.ends_with('\\');
    }
    out
}

/// Whether a line starts cfn-init, rather than speak of it.
fn starts_init(line: &str) -> bool {
    if !line.contains("cfn-init") {
        return false;
    }
    let line = line.trim_start();
    let is_program = |word: &str| {
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        matches!(name, "cfn-init" | "cfn-init.exe") && !word.contains(['=', '"', '\''])
    };
    !line.starts_with('#') && line.split_whitespace().take(3).any(is_program)
}

/// Where a text holds another.
pub(super) fn places<'t>(text: &'t str, part: &'t str) -> impl Iterator<Item = usize> {
    // Nearly no text does, and `contains` says so far sooner.
    let found = text.contains(part).then(|| text.match_indices(part));
    found.into_iter().flatten().map(|(at, _)| at)
}

/// Whether a text holds a word, and not as a part of a longer one. What is neither a letter nor a digit
/// ends words, but for `_` and one more.
pub(super) fn holds_word(text: &str, word: &str, joint: char) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == joint;
    places(text, word).any(|at| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Adds what `cfn-init` writes and runs.
fn written<'t>(init: &BootMetadata<'t>, found: &mut Vec<Script<'t>>) {
    let names = init.node.as_map().into_iter().flat_map(Map::keys);
    let names = names.filter(|name| *name != "configSets");
    for (name, config) in names.zip(configs(&init.node)) {
        for (section, key) in [
            ("files", "content"),
            ("files", "source"),
            ("commands", "command"),
        ] {
            let entries = config.get(section).and_then(Node::as_map);
            for (entry, node) in entries.into_iter().flatten() {
                if let Some(node) = node.get(key) {
                    found.push(Script {
                        id: init.id,
                        at: init.at.join_all([name, section, entry]),
                        is_user_data: false,
                        text: Cow::Owned(text_of(node).into_owned()),
                    });
                }
            }
        }
    }
}
