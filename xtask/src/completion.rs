//! Completions of `cargo xtask` in a shell: commands and options from the grammar, products,
//! environments and versions from the workspace at hand.

use crate::workspace::Workspace;
use clap::builder::StyledStr;
use clap_complete::Shell;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use compute_catalog::product::{Key, VersionName};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// The script that a shell reads once, such as `eval "$(cargo xtask completions bash)"`.
///
/// # Errors
/// A shell for which there is none.
pub fn script(shell: Shell) -> Result<String, String> {
    match shell {
        Shell::Bash => Ok(BASH.to_owned()),
        Shell::Zsh => Ok(ZSH.to_owned()),
        Shell::Fish => Ok(FISH.to_owned()),
        other => Err(format!(
            "there are no completions for {other}\n  hint: one of: bash, zsh, fish"
        )),
    }
}

// The program as it was built last: a shell that waits for a build while one types is no help.
// Everything else that is typed after `cargo` is left to cargo's own completions.
const BASH: &str = r#"_cargo_xtask() {
    local program
    program="${CARGO_TARGET_DIR:-$(git rev-parse --show-toplevel 2>/dev/null)/target}/debug/xtask"
    if [[ ${COMP_WORDS[1]-} == xtask && $COMP_CWORD -gt 1 && -x $program ]]; then
        local IFS=$'\013'
        local words=("${COMP_WORDS[@]:1}")
        words[COMP_CWORD-1]=$2
        COMPREPLY=($(_CLAP_IFS=$IFS _CLAP_COMPLETE_INDEX=$((COMP_CWORD - 1)) \
            _CLAP_COMPLETE_COMP_TYPE=${COMP_TYPE:-9} _CLAP_COMPLETE_SPACE=true \
            COMPLETE=bash "$program" -- "${words[@]}"))
    elif declare -F _cargo >/dev/null; then
        _cargo "$@"
    fi
}
complete -o bashdefault -o default -F _cargo_xtask cargo
"#;

const ZSH: &str = r#"_cargo_xtask() {
    local program="${CARGO_TARGET_DIR:-$(git rev-parse --show-toplevel 2>/dev/null)/target}/debug/xtask"
    if [[ ${words[2]-} == xtask && $CURRENT -gt 2 && -x $program ]]; then
        local found
        found=("${(@f)$(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((CURRENT - 2)) \
            COMPLETE=zsh "$program" -- "${(@)words[2,-1]}")}")
        [[ -n $found ]] && _describe 'values' found
    elif (( $+functions[_cargo] )); then
        _cargo "$@"
    fi
}
compdef _cargo_xtask cargo
"#;

const FISH: &str = r#"function __cargo_xtask
    set -l folder (git rev-parse --show-toplevel 2>/dev/null)/target
    set -q CARGO_TARGET_DIR; and set folder $CARGO_TARGET_DIR
    set -l given (commandline --current-process --tokenize --cut-at-cursor)
    test -x $folder/debug/xtask; and COMPLETE=fish $folder/debug/xtask -- $given[2..] (commandline --current-token)
end
complete --command cargo --condition '__fish_seen_subcommand_from xtask' --keep-order --no-files --arguments '(__cargo_xtask)'
"#;

/// The workspace that holds the current folder. Where it can't be read, nothing is offered: a shell
/// has no place for errors.
fn workspace() -> Option<Workspace> {
    Workspace::containing(&std::env::current_dir().ok()?).ok()
}

fn candidates(
    begun: &OsStr,
    names: impl IntoIterator<Item = (String, Option<String>)>,
) -> Vec<CompletionCandidate> {
    let begun = begun.to_string_lossy();
    names
        .into_iter()
        .filter(|(name, _)| name.starts_with(&*begun))
        .map(|(name, help)| CompletionCandidate::new(name).help(help.map(StyledStr::from)))
        .collect()
}

/// The products.
pub fn products(begun: &OsStr) -> Vec<CompletionCandidate> {
    let Some(workspace) = workspace() else {
        return Vec::new();
    };
    let keys = keys(&workspace).into_iter();
    candidates(begun, keys.map(|key| (key.to_string(), None)))
}

/// The products, and the files at hand.
pub fn products_and_files(begun: &OsStr) -> Vec<CompletionCandidate> {
    let mut found = products(begun);
    found.extend(PathCompleter::file().complete(begun));
    found
}

/// The keys of the products, those of engines last.
fn keys(workspace: &Workspace) -> Vec<Key> {
    let models = workspace.products().iter();
    let models = models.map(|product| product.key().clone());
    models
        .chain(workspace.external().unwrap_or_default())
        .collect()
}

/// The environments, with their accounts.
pub fn environments(begun: &OsStr) -> Vec<CompletionCandidate> {
    let environments = workspace().and_then(|workspace| workspace.environments().ok());
    let by_key = environments.map(|environments| environments.by_key);
    let names = by_key.into_iter().flatten().map(|(key, environment)| {
        let help = format!("{} in {}", *environment.account, environment.region.value);
        (key.to_string(), Some(help))
    });
    candidates(begun, names)
}

/// The versions of the products that the line names, or else of every product, newest first.
pub fn versions(begun: &OsStr) -> Vec<CompletionCandidate> {
    let Some(workspace) = workspace() else {
        return Vec::new();
    };
    let mut found: BTreeMap<VersionName, Vec<String>> = BTreeMap::new();
    let mut keys = keys(&workspace);
    // The shell hands the words of the line over as arguments.
    let line: Vec<OsString> = std::env::args_os().collect();
    let is_named = |key: &Key| line.iter().any(|word| word == key.as_str());
    if keys.iter().any(is_named) {
        keys.retain(is_named);
    }
    for key in keys {
        let history = workspace.history(&key).unwrap_or_default();
        for version in &history.ledger.versions {
            let products = found.entry(version.name).or_default();
            products.push(key.to_string());
        }
    }
    let names = found.into_iter().rev();
    candidates(
        begun,
        names.map(|(name, products)| (name.to_string(), Some(products.join(", ")))),
    )
}

/// The rules of `check`.
pub fn rules(begun: &OsStr) -> Vec<CompletionCandidate> {
    let rules = compute_catalog::check::rules().iter();
    candidates(
        begun,
        rules.map(|rule| (rule.id.to_owned(), Some(rule.what.to_owned()))),
    )
}
