//! The boot scripts of the Windows product: what their grammar says of them, and
//! where the directory agent's connect key goes.

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
    assert_eq!(scripts.len(), 6, "the scripts have moved");
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

/// The agent keeps the log open while it sends it on. PowerShell's own commands share a file that
/// they append to with no reader, so the boot would stop at its next line.
#[test]
fn the_boot_log_is_shared_with_the_agent_that_reads_it() {
    for (path, text) in scripts() {
        assert!(!text.contains("Add-Content -"), "{}", path.display());
        let opens = text.matches("::Open($Log, 'Append', 'Write', 'ReadWrite, Delete')");
        assert_eq!(
            opens.count(),
            usize::from(path.ends_with("boot.ps1")),
            "{}",
            path.display()
        );
    }
}

/// A second run finds everything done: each step that changes the machine asks before.
#[test]
fn every_step_asks_whether_it_was_done_before() {
    let text = |name: &str| fs::read_to_string(folder().join(name)).unwrap();
    let order = |text: &str, first: &str, then: &str| {
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part}"));
        assert!(at(first) < at(then), "{then} comes before {first}");
    };
    order(
        &text("boot.ps1"),
        "{ return $false }",
        "Save-Pinned $Package",
    );
    order(
        &text("agent.ps1"),
        "Test-Done 'agent-config'",
        "-a fetch-config",
    );
    order(
        &text("directory-agent.ps1"),
        "if (Test-Enrolled)",
        "Save-Pinned $agent",
    );
    for (path, text) in scripts() {
        if !path.ends_with("boot.ps1") {
            let installs = text.contains("msiexec") || text.contains("Start-Process");
            assert!(!installs, "{} installs past Install-Pinned", path.display());
        }
    }
}
