//! The boot scripts of the Windows product: what their grammar says of them, and
//! where the directory agent's connect key goes.

#![allow(
    clippy::unwrap_used,
    reason = "a test that can't read its files has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("windows/files")
}

/// The scripts with their texts.
fn scripts() -> Vec<(PathBuf, String)> {
    let scripts: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ps1"))
        .map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
        .collect();
    assert_eq!(scripts.len(), 5, "the scripts have moved");
    scripts
}

/// No PowerShell runs where the tests run: its grammar does, which finds what does
/// not parse, and nothing more.
#[test]
fn powershell_parses_every_script() {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .unwrap();
    let mut broken = |text: &str| parser.parse(text, None).unwrap().root_node().has_error();
    assert!(
        broken("function Get-It { if ($true) { 'x' }"),
        "the grammar takes anything"
    );
    for (path, text) in scripts() {
        assert!(!broken(&text), "{} does not parse", path.display());
    }
    let user_data = fs::read_to_string(folder().join("user-data.ps1.sub")).unwrap();
    let script = user_data
        .strip_prefix("<powershell>\n")
        .and_then(|text| text.strip_suffix("</powershell>\n"))
        .unwrap();
    assert!(!broken(script), "the user data does not parse");
}

#[test]
fn the_connect_key_reaches_the_installer_and_nothing_else() {
    for (path, text) in scripts() {
        if !path.ends_with("directory-agent.ps1") {
            assert!(
                !text.contains("with-decryption") && !text.contains("$key"),
                "{}",
                path.display()
            );
            continue;
        }
        let uses: Vec<_> = text
            .lines()
            .map(str::trim)
            .filter(|line| line.contains("$key"))
            .collect();
        assert_eq!(uses.len(), 4, "{uses:?}");
        assert_eq!(uses[0], "$key = $null");
        assert!(uses[1].starts_with(
            "$key = Invoke-Retry 5 { Get-AwsText ssm get-parameter --with-decryption"
        ));
        assert!(uses[2].starts_with("if ($key -notmatch") && !uses[2].contains("\"$key"));
        assert!(uses[3].starts_with("$properties = "));
        assert!(
            !text.contains("Start-Process") && !text.contains("msiexec"),
            "no command line takes the key"
        );
        assert!(text.contains("Remove-Variable key, properties"));
    }
}
