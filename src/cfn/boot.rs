//! `cfn-init` metadata, read back. A change of it reaches a running machine only where `cfn-hup` runs,
//! watches the resource's metadata, and applies the config sets that hold the change.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-hup.html>

use super::text::text_of;
use super::{Map, Node};
use std::collections::BTreeSet;

/// The hook that watches a machine's own metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hook {
    /// The config sets that it applies.
    pub sets: Vec<String>,
}

/// The hook in a machine's `cfn-init` metadata, where there is one that runs after updates and
/// something starts it: the metadata itself, or the user data.
pub fn hook(id: &str, init: &Node, user_data: Option<&Node>) -> Option<Hook> {
    let metadata = format!("Resources.{id}.Metadata");
    let mut hooks = Vec::new();
    for config in configs(init) {
        for file in section(config, "files").values() {
            let text = file.get("content").map(text_of).unwrap_or_default();
            if !text.contains(&metadata) {
                continue;
            }
            let lines = || text.lines().map(str::trim);
            let watches = lines().any(|line| {
                line.strip_prefix("path=")
                    .is_some_and(|path| path.trim().starts_with(&metadata))
            });
            let after_update = || {
                lines().any(|line| {
                    line.strip_prefix("triggers=")
                        .is_some_and(|triggers| triggers.contains("post.update"))
                })
            };
            if watches && after_update() {
                let action = lines().find_map(|line| line.strip_prefix("action="));
                hooks.push(Hook {
                    sets: config_sets(action.unwrap_or_default()),
                });
            }
        }
    }
    starts_hup(init, user_data)
        .then(|| hooks.into_iter().next())
        .flatten()
}

/// The config sets that a `cfn-init` command line names; `default` where it names none.
pub fn config_sets(command: &str) -> Vec<String> {
    let mut words = command.split_whitespace();
    while let Some(word) = words.next() {
        let sets = match word {
            "-c" | "--configsets" => words.next(),
            _ => word
                .strip_prefix("--configsets=")
                .or_else(|| word.strip_prefix("-c=")),
        };
        if let Some(sets) = sets {
            let clean = sets.trim_matches(|c| matches!(c, '\'' | '"' | ';'));
            return clean.split(',').map(str::to_owned).collect();
        }
    }
    vec!["default".to_owned()]
}

/// The configurations that a config set applies, in order.
pub fn configs_of(init: &Node, set: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(init, set, &mut found, &mut BTreeSet::new());
    found
}

fn collect(init: &Node, set: &str, found: &mut Vec<String>, seen: &mut BTreeSet<String>) {
    if !seen.insert(set.to_owned()) {
        return;
    }
    let sets = init.get("configSets");
    let Some(listed) = sets.and_then(|sets| sets.get(set)) else {
        // Without config sets there is one configuration, by the name of `config`.
        if set == "default" && init.get("config").is_some() {
            found.push("config".to_owned());
        }
        return;
    };
    let items = match listed {
        Node::List(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    for item in items {
        match item {
            Node::String(name) => found.push(name.clone()),
            other => {
                if let Some(inner) = other.get("ConfigSet").and_then(Node::as_str) {
                    collect(init, inner, found, seen);
                }
            }
        }
    }
}

/// Whether something starts `cfn-hup`: a service, or a command or script that does.
fn starts_hup(init: &Node, user_data: Option<&Node>) -> bool {
    let is_service = configs(init).iter().any(|config| {
        section(config, "services").values().any(|manager| {
            manager
                .as_map()
                .is_some_and(|services| services.keys().any(|name| name.starts_with("cfn-hup")))
        })
    });
    let scripts = configs(init).into_iter().flat_map(|config| {
        let commands = section(config, "commands");
        let files = section(config, "files");
        let texts = commands
            .values()
            .filter_map(|command| command.get("command"))
            .chain(files.values().filter_map(|file| file.get("content")));
        texts.map(text_of).collect::<Vec<_>>()
    });
    let starts = |text: &str| {
        text.lines().any(|line| {
            line.contains("cfn-hup")
                && ["systemctl", "start", "service", "restart", "enable"]
                    .iter()
                    .any(|word| line.contains(word))
        })
    };
    is_service
        || scripts.into_iter().any(|text| starts(&text))
        || user_data.is_some_and(|data| starts(&text_of(data)))
}

/// The configurations, without the sets.
pub fn configs(init: &Node) -> Vec<&Node> {
    init.as_map()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "configSets")
        .map(|(_, config)| config)
        .collect()
}

fn section<'a>(config: &'a Node, name: &str) -> &'a Map {
    static EMPTY: std::sync::LazyLock<Map> = std::sync::LazyLock::new(Map::default);
    config
        .get(name)
        .and_then(Node::as_map)
        .unwrap_or_else(|| &EMPTY)
}
