//! Scripts of the shell in documents that stand as text in a template: what cloud-init, CodeBuild and
//! Systems Manager read there.

use super::shell::is_for_shell;
use crate::yaml::{Content, Tree, read_of_others};

/// What gives scripts to a shell in documents of Systems Manager.
pub(super) const PLUGIN: &str = "aws:runShellScript";

/// What a user data's first line is that cloud-init reads as settings.
pub(super) const CLOUD_CONFIG: &str = "#cloud-config";

/// The scripts of a cloud-config: what it runs, each entry by itself, and the scripts that it writes.
/// <https://cloudinit.readthedocs.io/en/latest/reference/modules.html#runcmd>
/// <https://cloudinit.readthedocs.io/en/latest/reference/modules.html#write-files>
pub(super) fn cloud_config(text: &str) -> Vec<String> {
    let Some(tree) = tree(text) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for section in ["bootcmd", "runcmd"] {
        // A list of words is a command that no shell reads.
        found.extend(items(tree.get(section)).filter_map(scalar));
    }
    for file in items(tree.get("write_files")) {
        let content = file
            .get("content")
            .filter(|_| file.get("encoding").is_none());
        let script = content.and_then(scalar);
        found.extend(script.filter(|text| is_for_shell(text)));
    }
    found
}

/// The commands of a buildspec: CodeBuild gives each to the shell by itself. Where its text is the name
/// of a file, it stands elsewhere; where another program reads them, they are none of the shell's.
/// <https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html>
pub(super) fn build_spec(text: &str) -> Vec<String> {
    let Some(tree) = tree(text) else {
        return Vec::new();
    };
    let shell = tree.get("env").and_then(|env| env.get("shell"));
    if shell
        .and_then(scalar)
        .is_some_and(|shell| !shell.ends_with("sh"))
    {
        return Vec::new();
    }
    let Some(Content::Mapping(phases)) = tree.get("phases").map(|phases| &phases.content) else {
        return Vec::new();
    };
    let lists = phases
        .iter()
        .flat_map(|(_, phase)| ["commands", "finally"].map(|name| phase.get(name)));
    lists.flat_map(items).filter_map(scalar).collect()
}

/// The scripts of a document of Systems Manager: its steps, or those of an older one.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-runShellScript>
pub(super) fn command_document(text: &str) -> Vec<String> {
    let Some(tree) = tree(text) else {
        return Vec::new();
    };
    let is_plugin = |value: Option<&Tree>| value.and_then(scalar).as_deref() == Some(PLUGIN);
    let steps = items(tree.get("mainSteps"))
        .filter(|step| is_plugin(step.get("action")))
        .filter_map(|step| step.get("inputs"));
    let plugins = tree.get("runtimeConfig");
    let plugin = plugins.and_then(|plugins| plugins.get(PLUGIN));
    let older = items(plugin.and_then(|plugin| plugin.get("properties")));
    let lists = steps.chain(older).filter_map(|step| step.get("runCommand"));
    // Its lines are one script.
    let script = |list: &Tree| items(Some(list)).filter_map(scalar).collect::<Vec<_>>();
    lists.map(|list| script(list).join("\n")).collect()
}

/// The document, where it is one.
fn tree(text: &str) -> Option<Tree> {
    read_of_others(text).ok().map(|(tree, _)| tree)
}

fn items(list: Option<&Tree>) -> impl Iterator<Item = &Tree> {
    let items = match list.map(|list| &list.content) {
        Some(Content::Sequence(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter()
}

fn scalar(tree: &Tree) -> Option<String> {
    match &tree.content {
        Content::Scalar { text, .. } => Some(text.clone()),
        _ => None,
    }
}
