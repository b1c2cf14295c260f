//! README states only what is there.

use crate::sources::root;

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
fn ci_runs_the_test_command_that_readme_gives() {
    let ci = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let command = "cargo test --workspace --locked";
    assert!(readme().contains(command));
    assert!(ci.contains(command));
}
