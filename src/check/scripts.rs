//! What runs on machines: user data, and the files and commands of `cfn-init`.

use crate::cfn::boot::{config_sets, configs, text_of};
use crate::cfn::init::Init;
use crate::cfn::{Map, Node, Path, Resource, Template};
use std::borrow::Cow;

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

/// The `cfn-init` metadata of a resource.
pub(super) struct BootMetadata<'s> {
    /// Its logical id.
    pub id: &'s str,
    /// The resource.
    pub resource: &'s Resource,
    /// Where the metadata stands.
    pub at: Path,
    /// The metadata.
    pub node: &'s Node,
}

/// The `cfn-init` metadata of every resource that has some.
pub(super) fn inits(template: &Template) -> Vec<BootMetadata<'_>> {
    let resources = template.resources.iter();
    resources
        .filter_map(|(id, resource)| {
            Some(BootMetadata {
                id,
                resource,
                at: Path::of(["Resources", id, "Metadata", Init::KEY]),
                node: resource.metadata.get(Init::KEY)?,
            })
        })
        .collect()
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

/// Every script: the user data of each resource, then what these metadata hold.
pub(super) fn scripts<'t>(template: &'t Template, inits: &[BootMetadata<'t>]) -> Vec<Script<'t>> {
    let mut found = Vec::new();
    for (id, resource) in &template.resources {
        if let Some(data) = resource.properties.get("UserData") {
            found.push(Script {
                id,
                at: Path::properties(id).join("UserData"),
                is_user_data: true,
                text: text_of(data),
            });
        }
    }
    for init in inits {
        let names = init.node.as_map().into_iter().flat_map(Map::keys);
        let names = names.filter(|name| *name != "configSets");
        for (name, config) in names.zip(configs(init.node)) {
            for (section, key) in [
                ("files", "content"),
                ("files", "source"),
                ("commands", "command"),
            ] {
                let entries = config.get(section).and_then(Node::as_map);
                for (entry, node) in entries.into_iter().flatten() {
                    if let Some(text) = node.get(key) {
                        found.push(Script {
                            id: init.id,
                            at: init.at.join_all([name, section, entry]),
                            is_user_data: false,
                            text: text_of(text),
                        });
                    }
                }
            }
        }
    }
    found
}
