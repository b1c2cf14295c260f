//! README states only what is there.

use crate::sources::root;
use compute_catalog::rehearsal::Behaviours;

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn every_path_of_the_code_map_exists() {
    let text = readme();
    let map = text
        .split("```")
        .find(|block| block.starts_with("text\nsrc/"))
        .unwrap();
    let mut folders: Vec<(usize, String)> = Vec::new();
    let mut count = 0;
    for line in map.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let depth = line.len() - line.trim_start().len();
        let name = line.split_whitespace().next().unwrap();
        while folders.last().is_some_and(|(above, _)| *above >= depth) {
            folders.pop();
        }
        let parent: String = folders.iter().map(|(_, name)| name.as_str()).collect();
        let path = format!("{parent}{name}").replace("<key>", "s3-private");
        assert!(
            root().join(&path).exists(),
            "README's code map names {path}, which is not there"
        );
        if name.ends_with('/') {
            folders.push((depth, name.to_owned()));
        }
        count += 1;
    }
    assert!(count > 10);
}

#[test]
fn the_tour_names_every_command_that_there_is_and_no_other() {
    let grammar = std::fs::read_to_string(root().join("xtask/src/cli/mod.rs")).unwrap();
    let commands = grammar.split("pub enum Command {").nth(1).unwrap();
    let commands = commands.split("\n}").next().unwrap();
    let declared: Vec<String> = commands
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| {
            let end = line
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(line.len());
            line[..end].to_lowercase()
        })
        .collect();
    assert!(declared.len() > 8, "{declared:?}");
    let text = readme();
    for command in &declared {
        // What every program of this kind has needs no tour.
        if !["completions", "man"].contains(&command.as_str()) {
            assert!(
                text.contains(&format!("| `cargo xtask {command}` |")),
                "README lacks {command}"
            );
        }
    }
    for line in text
        .lines()
        .filter_map(|line| line.strip_prefix("| `cargo xtask "))
    {
        let command = line.split('`').next().unwrap();
        assert!(
            declared.iter().any(|name| name == command),
            "there is no command {command}"
        );
    }
}

#[test]
fn how_much_is_believed_and_proved_is_told_on_top() {
    let facts = &Behaviours::known().unwrap().facts;
    let proved = facts.iter().filter(|fact| fact.proved.is_some()).count();
    let text = readme();
    let top = text.split("## ").next().unwrap().replace('\n', " ");
    let told = format!("{} beliefs, of which {proved} are proved", facts.len());
    assert!(top.contains(&told), "README doesn't say: {told}");
}

#[test]
fn ci_runs_the_test_command_that_readme_gives() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let command = "cargo test --workspace --locked";
    assert!(readme().contains(command));
    assert!(ci.contains(command));
}
