//! `init`: a repository of its own, with a first product released.

use super::kind::Kind;
use super::names::camel;
use super::product::placed;
use crate::cli::{BumpArg, Format, GenerateArgs, InitArgs, ReleaseArgs};
use crate::console;
use crate::workspace::Workspace;
use crate::{generate, release};
use compute_catalog::product::Key;
use std::error::Error;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// The files, by their paths in the new repository.
const FILES: [(&str, &str); 17] = [
    ("Cargo.toml", include_str!("files/Cargo.toml.txt")),
    (
        "products/Cargo.toml",
        include_str!("files/products.toml.txt"),
    ),
    ("products/lib.rs", include_str!("files/lib.rs.txt")),
    (
        "products/resource/mod.rs",
        include_str!("files/resource.rs.txt"),
    ),
    ("xtask/Cargo.toml", include_str!("files/xtask.toml.txt")),
    ("xtask/src/main.rs", include_str!("files/xtask.rs.txt")),
    (
        "xtask/publisher/Cargo.toml",
        include_str!("files/publisher.toml.txt"),
    ),
    (
        "xtask/publisher/src/main.rs",
        include_str!("files/publisher.rs.txt"),
    ),
    (".cargo/config.toml", include_str!("files/config.toml.txt")),
    (".gitignore", include_str!("files/gitignore.txt")),
    ("README.md", include_str!("files/README.md.txt")),
    (
        "portfolios/organization.yaml",
        include_str!("files/organization.yaml.txt"),
    ),
    (
        "portfolios/environments/local.yaml",
        include_str!("files/local.yaml.txt"),
    ),
    (
        "portfolios/foundation.yaml",
        include_str!("files/foundation.yaml.txt"),
    ),
    (
        "portfolios/end-users.yaml",
        include_str!("files/end-users.yaml.txt"),
    ),
    (
        "portfolios/communities.yaml",
        include_str!("files/communities.yaml.txt"),
    ),
    (
        "portfolios/catalog.yaml",
        include_str!("files/portfolio.yaml.txt"),
    ),
];

/// The file of an account, where one is given.
const ENVIRONMENT: &str = include_str!("files/environment.yaml.txt");

/// The first product.
const FIRST: Key = Key::constant("private-bucket");

/// Makes a repository that uses the one at hand, or one in git, as a dependency. It is made beside
/// its place and renamed when it is whole.
///
/// # Errors
/// A folder that is there already and holds something; files that can't be written.
pub fn run(workspace: &Workspace, args: &InitArgs) -> Result<ExitCode, Box<dyn Error>> {
    let folder = std::path::absolute(&args.folder)?;
    let is_empty = fs::read_dir(&folder).map(|mut entries| entries.next().is_none());
    if !is_empty.unwrap_or(true) {
        console::error(&format!(
            "{} is there already, and isn't empty\n  hint: name a new folder",
            folder.display()
        ));
        return Ok(ExitCode::FAILURE);
    }
    let Some(slug) = slug(&args.organization) else {
        console::error(&format!(
            "`{}` has no letter that a name of stacks and crates can start with\n  hint: name the organization in Latin letters, and write its name in portfolios/organization.yaml",
            args.organization
        ));
        return Ok(ExitCode::from(2));
    };
    let partial = PathBuf::from(format!("{}.partial", folder.display()));
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    let made = make(workspace, args, &slug, &folder, &partial);
    if !matches!(made, Ok(true)) {
        // What keeps the folder from being removed doesn't hide what went wrong before.
        let _ = fs::remove_dir_all(&partial);
        return made.map(|_| ExitCode::FAILURE);
    }
    if folder.exists() {
        fs::remove_dir(&folder)?;
    }
    fs::rename(&partial, &folder)?;
    console::print(&format!(
        "\nThe catalog of {} is in {}. Next:\n  \
         cd {}\n  git init\n  cargo xtask publish                 # to the built-in local AWS\n  \
         cargo xtask new product KEY --kind job\n",
        args.organization,
        folder.display(),
        args.folder.display(),
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the repository is whole: its first product follows every rule, and is released.
fn make(
    workspace: &Workspace,
    args: &InitArgs,
    slug: &str,
    folder: &Path,
    partial: &Path,
) -> Result<bool, Box<dyn Error>> {
    let fill = filler(workspace, args, slug, folder);
    let write = |path: &str, text: &str| -> std::io::Result<()> {
        let path = partial.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)
    };
    for (path, text) in FILES {
        write(path, &fill(text))?;
    }
    if let Some(account) = &args.account {
        let text = fill(ENVIRONMENT).replace("{{account}}", account.as_str());
        write(&format!("portfolios/environments/{}.yaml", args.env), &text)?;
    }
    for file in ["Cargo.lock", "rust-toolchain.toml"] {
        let from = workspace.root().join(file);
        if from.is_file() {
            fs::copy(from, partial.join(file))?;
        }
    }
    let kind = Kind::Bucket;
    let new = Workspace::of(partial, Vec::new(), "")?;
    for (path, text) in placed(
        &new,
        &FIRST,
        &kind.product_files(&FIRST),
        "catalog",
        &args.support_url,
    )? {
        write(&path, &text)?;
    }
    let new = Workspace::of(partial, vec![kind.product(FIRST)], "")?;
    let generated = GenerateArgs {
        check: false,
        format: Format::Text,
    };
    let first = ReleaseArgs {
        key: FIRST,
        bump: BumpArg::Major,
        note: "First version".to_owned(),
        unrehearsed: false,
    };
    // The second time with the released version: pages and launch roles tell of it.
    Ok(generate::run(&new, &generated)? == ExitCode::SUCCESS
        && release::run(&new, &first)? == ExitCode::SUCCESS
        && generate::run(&new, &generated)? == ExitCode::SUCCESS)
}

/// Puts what the arguments say into the texts.
fn filler(
    workspace: &Workspace,
    args: &InitArgs,
    slug: &str,
    folder: &Path,
) -> impl Fn(&str) -> String {
    let source = |within: &str| match (&args.git, &args.rev) {
        (Some(url), Some(rev)) => format!("git = {url:?}, rev = {rev:?}"),
        (Some(url), None) => format!("git = {url:?}"),
        _ => format!(
            "path = {:?}",
            relative(folder, &workspace.root().join(within))
        ),
    };
    let yaml = serde_json::Value::from(args.organization.as_str()).to_string();
    let values = [
        ("{{slug}}", slug.to_owned()),
        ("{{ident}}", slug.replace('-', "_")),
        ("{{organization}}", args.organization.clone()),
        ("{{organization-yaml}}", yaml),
        ("{{source}}", source("")),
        ("{{source-xtask}}", source("xtask")),
        ("{{source-publisher}}", source("xtask/aws")),
        ("{{email}}", args.support_email.clone()),
        ("{{url}}", args.support_url.clone()),
        ("{{region}}", args.region.clone()),
        ("{{users}}", format!("{}Users", camel(slug))),
    ];
    move |text| {
        let fill = |text: String, (name, value): &(&str, String)| text.replace(name, value);
        values.iter().fold(text.to_owned(), fill)
    }
}

/// The name as stacks and crates can carry it: `Example Institute` as `example-institute`.
fn slug(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(40).collect();
    let slug = slug.trim_end_matches('-');
    let starts = slug.starts_with(|c: char| c.is_ascii_lowercase());
    starts.then(|| slug.to_owned())
}

/// The way from a folder to another, both absolute.
fn relative(from: &Path, to: &Path) -> String {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(shared)).collect();
    way.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_one_that_stacks_and_crates_can_carry() {
        assert_eq!(slug("Example Institute"), Some("example-institute".into()));
        assert_eq!(slug("  A.B & Co. "), Some("a-b-co".into()));
        assert_eq!(slug("3D"), None);
        assert_eq!(slug("研究所"), None);
    }

    #[test]
    fn a_path_leads_from_one_folder_to_another() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/a/b", "/a/c/d"), "../c/d");
        assert_eq!(way("/a", "/a/c"), "c");
    }
}
