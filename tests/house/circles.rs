//! Files import each other in one direction only.

use crate::sources::{RustFile, rust_files};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::UseTree;

/// The crates, by the folder of their sources.
const CRATES: [&str; 5] = [
    "src",
    "products",
    "xtask/src",
    "xtask/aws/src",
    "xtask/local-aws/src",
];

/// A value holds functions, and a function holds values: two types that are made of each other.
const OF_EACH_OTHER: [(&str, &str); 1] = [("src/cfn/node.rs", "src/cfn/intrinsic.rs")];

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for folder in CRATES {
        let files: Vec<RustFile> = rust_files(&[folder])
            .into_iter()
            .filter(|file| !file.path.contains("/tests/"))
            .collect();
        let mut imports = imports(folder, &files);
        for (whole, part) in OF_EACH_OTHER {
            if let Some(taken) = imports.get_mut(whole) {
                assert!(taken.remove(part), "{whole} takes nothing from {part}");
            }
        }
        assert!(imports.len() > 3, "{folder}: {imports:?}");
        for file in imports.keys() {
            if let Some(way) = way_back(&imports, file) {
                circles.push(way.join(" -> "));
            }
        }
    }
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

#[test]
fn a_circle_through_a_name_that_the_folder_hands_on_is_seen() {
    let file = |path: &str, text: &str| RustFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("src/room/mod.rs", "mod a;\nmod b;\npub use a::{A, other};"),
        file("src/room/a.rs", "use super::b::{self, B};"),
        file(
            "src/room/b.rs",
            "use std::fmt;\nuse crate::room::A as Renamed;",
        ),
        file(
            "src/room/c.rs",
            "use super::A;\n#[cfg(test)]\nmod tests { use super::super::b; }",
        ),
        file("src/room/d.rs", "fn d() { crate::room::e::e() }"),
        file(
            "src/room/e.rs",
            "fn e() { use crate::{room::{d::{self}}}; }",
        ),
    ];
    let imports = imports("src", &files);
    let way = way_back(&imports, "src/room/a.rs").unwrap();
    assert_eq!(way, ["src/room/a.rs", "src/room/b.rs", "src/room/a.rs"]);
    assert_eq!(way_back(&imports, "src/room/c.rs"), None);
    let way = way_back(&imports, "src/room/d.rs").unwrap();
    assert_eq!(way, ["src/room/d.rs", "src/room/e.rs", "src/room/d.rs"]);
}

/// The files that each file takes names from. A folder's `mod.rs` is its face: what it hands on
/// counts as taken from where it stands.
fn imports(folder: &str, files: &[RustFile]) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeMap<Vec<String>, &RustFile> = files
        .iter()
        .map(|file| (module_of(folder, &file.path), file))
        .collect();
    let used: BTreeMap<&Vec<String>, Vec<Import>> = modules
        .iter()
        .map(|(module, file)| (module, used_in(module, &file.text)))
        .collect();
    let mut found = BTreeMap::new();
    for (module, file) in &modules {
        let mut targets = BTreeSet::new();
        for import in &used[module] {
            if let Some(target) = target(&import.path, &modules, &used, 8)
                && target.path != file.path
                && !is_face(target)
            {
                targets.insert(target.path.clone());
            }
        }
        if !is_face(file) {
            found.insert(file.path.clone(), targets);
        }
    }
    found
}

fn is_face(file: &RustFile) -> bool {
    ["/mod.rs", "/lib.rs", "/main.rs"]
        .iter()
        .any(|face| file.path.ends_with(face))
}

/// `src/cfn/value.rs` is `cfn::value`; `src/cfn/mod.rs` is `cfn`.
fn module_of(folder: &str, path: &str) -> Vec<String> {
    let inner = path.trim_start_matches(folder).trim_end_matches(".rs");
    let mut module: Vec<String> = inner
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| part.replace('-', "_"))
        .collect();
    if module
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        module.pop();
    }
    module
}

/// One name that a `use` brings in.
struct Import {
    path: Vec<String>,
    name: String,
}

/// Everything that a file names outside its tests, from the crate's root: by `use`, wherever it
/// stands, and by paths that begin at `crate`, `super` or `self`.
fn used_in(module: &[String], text: &str) -> Vec<Import> {
    let mut imports = Vec::new();
    find(text.parse().unwrap(), &mut imports);
    for import in &mut imports {
        import.path = absolute(module, &import.path);
    }
    imports
}

fn find(tokens: TokenStream, imports: &mut Vec<Import>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let Some(TokenTree::Group(attribute)) = tokens.peek() else {
                    continue;
                };
                if attribute.stream().to_string().replace(' ', "") == "cfg(test)" {
                    // What the attribute stands at ends with its body, or without one.
                    tokens.next();
                    tokens.find(|token| match token {
                        TokenTree::Group(body) => body.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(mark) => mark.as_char() == ';',
                        _ => false,
                    });
                }
            }
            TokenTree::Group(group) => find(group.stream(), imports),
            TokenTree::Ident(word) if word == "use" => {
                let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';');
                let tree: TokenStream =
                    tokens.by_ref().take_while(|token| !is_end(token)).collect();
                // Of a closure's captures, `use<…>` of a type, nothing is imported.
                if let Ok(tree) = syn::parse2::<UseTree>(tree) {
                    expand(&tree, &[], imports);
                }
            }
            TokenTree::Ident(word)
                if ["crate", "super", "self"].iter().any(|root| word == root) =>
            {
                let mut path = vec![word.to_string()];
                while matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == ':')
                {
                    tokens.next();
                    if let Some(TokenTree::Ident(name)) = tokens.peek() {
                        path.push(name.to_string());
                        tokens.next();
                    }
                }
                if let [_, .., name] = path.as_slice() {
                    let name = name.clone();
                    imports.push(Import { path, name });
                }
            }
            _ => {}
        }
    }
}

/// The names of a use tree: `a::{b, c as d}` is `a::b` and `a::c`.
fn expand(tree: &UseTree, before: &[String], imports: &mut Vec<Import>) {
    let named = |name: &syn::Ident, renamed: &syn::Ident| {
        let mut path = before.to_vec();
        if name != "self" || path.is_empty() {
            path.push(name.to_string());
        }
        let name = match renamed == "self" {
            true => path.last().cloned().unwrap_or_default(),
            false => renamed.to_string(),
        };
        Import { path, name }
    };
    match tree {
        UseTree::Path(path) => {
            let before: Vec<String> = [before, &[path.ident.to_string()]].concat();
            expand(&path.tree, &before, imports);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                expand(tree, before, imports);
            }
        }
        UseTree::Name(name) => imports.push(named(&name.ident, &name.ident)),
        UseTree::Rename(name) => imports.push(named(&name.ident, &name.rename)),
        UseTree::Glob(_) => imports.push(Import {
            path: before.to_vec(),
            name: "*".to_owned(),
        }),
    }
}

fn absolute(module: &[String], path: &[String]) -> Vec<String> {
    let mut base = module.to_vec();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => {
            base.clear();
            rest = &path[1..];
        }
        Some("self") => rest = &path[1..],
        _ => {}
    }
    while rest.first().is_some_and(|part| part == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend(rest.iter().cloned());
    base
}

/// The file in which the thing at this path stands, as far as `use` lines tell.
fn target<'a>(
    path: &[String],
    modules: &BTreeMap<Vec<String>, &'a RustFile>,
    used: &BTreeMap<&Vec<String>, Vec<Import>>,
    hops: usize,
) -> Option<&'a RustFile> {
    let depth = (1..=path.len())
        .rev()
        .find(|end| modules.contains_key(&path[..*end]))?;
    let (module, rest) = path.split_at(depth);
    let file = modules[module];
    let handed_on = rest.first().and_then(|name| {
        let imports = used.iter().find(|(key, _)| key.as_slice() == module)?.1;
        imports.iter().find(|import| import.name == *name)
    });
    match handed_on {
        Some(import) if hops > 0 && is_face(file) => target(&import.path, modules, used, hops - 1),
        _ => Some(file),
    }
}

/// The shortest way from a file back to itself.
fn way_back(imports: &BTreeMap<String, BTreeSet<String>>, file: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![file.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way
                .last()
                .and_then(|last| imports.get(last))
                .into_iter()
                .flatten()
            {
                if next == file {
                    let mut whole = way.clone();
                    whole.push(next.clone());
                    return Some(whole);
                }
                if seen.insert(next.clone()) {
                    let mut further = way.clone();
                    further.push(next.clone());
                    longer.push(further);
                }
            }
        }
        ways = longer;
    }
    None
}
