//! Every task that people come for has its answer on a page: `tests/page/tasks.yaml`.

use crate::catalog::{catalog, read};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;

/// A row of the table.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Task {
    task: String,
    page: String,
    /// What somebody types into the search who looks for it.
    typed: String,
    says: Vec<String>,
}

fn tasks() -> Vec<Task> {
    serde_yaml::from_str(&read("tests/page/tasks.yaml")).unwrap()
}

/// What a task asks for and its page doesn't say.
fn unanswered(task: &Task, page: &str) -> Vec<String> {
    let missing = task.says.iter().filter(|words| !page.contains(*words));
    missing
        .map(|words| {
            format!(
                "{}: generated/{} doesn't say “{words}”",
                task.task, task.page
            )
        })
        .collect()
}

#[test]
fn every_task_is_answered_on_its_page() {
    let missing: Vec<String> = tasks()
        .iter()
        .flat_map(|task| unanswered(task, &read(&format!("generated/{}", task.page))))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_task_stands_once_and_asks_for_something_and_every_product_answers_one() {
    let tasks = tasks();
    let names: BTreeSet<&str> = tasks.iter().map(|task| task.task.as_str()).collect();
    assert_eq!(names.len(), tasks.len(), "a task stands twice");
    assert!(tasks.iter().all(|task| !task.says.is_empty()));
    for product in &catalog().products {
        let page = format!("pages/{}.md", product.key);
        assert!(
            tasks.iter().any(|task| task.page == page),
            "no task leads to {page}"
        );
    }
}

/// The search is a script: `scripts/preview-test.sh` types into it what people type.
#[test]
fn tasks_are_written_beside_the_gallery_for_the_browser() {
    let tasks = tasks();
    assert!(tasks.iter().all(|task| !task.typed.trim().is_empty()));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tasks.json");
    std::fs::write(path, serde_json::to_string(&tasks).unwrap()).unwrap();
}

#[test]
fn a_page_that_loses_its_answer_is_told() {
    let task = Task {
        task: "Stop a machine".to_owned(),
        page: "pages/windows.md".to_owned(),
        typed: "stop".to_owned(),
        says: vec!["**Stop**".to_owned()],
    };
    assert!(unanswered(&task, "- **Stop**: stops it").is_empty());
    assert_eq!(
        unanswered(&task, "- **Start**: starts it"),
        ["Stop a machine: generated/pages/windows.md doesn't say “**Stop**”"]
    );
}

/// A scientist reads what an update does to what they have, not to which resource of the template: that
/// stands in comparisons.
#[test]
fn versions_are_told_in_sentences_that_fit_a_table() {
    let mut cells = 0;
    for entry in std::fs::read_dir("generated/pages").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let begin = text.split("\n## Versions\n").nth(1).unwrap_or_default();
        let section = begin.split("\n## ").next().unwrap_or_default();
        for line in section.lines().filter(|line| line.starts_with("| `v")) {
            cells += 1;
            let what = line.to_owned();
            assert!(line.chars().count() < 900, "{}: {what}", path.display());
            for word in [
                "Properties.",
                ": replaced",
                ": interrupted",
                ": unknown",
                "no longer takes",
            ] {
                assert!(!line.contains(word), "{}: {word}: {what}", path.display());
            }
        }
    }
    assert!(cells > 20, "{cells}");
}
