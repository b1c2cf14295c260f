//! What no shell reads is what bash says it doesn't read, of every script of the repository with one
//! mistake in it.

use compute_catalog::cfn::read;
use compute_catalog::check::check_file;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The scripts that machines run, and those of the repository.
fn scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("products"), root.join("scripts")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match path.is_dir() {
                true => folders.push(path),
                false if name.ends_with(".sh") || name.ends_with(".sh.sub") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// What `check` says of the syntax of a machine's user data.
fn told(script: &str) -> Option<String> {
    let template = serde_json::json!({
        "Resources": {"M": {"Type": "AWS::EC2::Instance", "Properties": {
            "ImageId": "ami-0123456789abcdef0",
            "UserData": {"Fn::Base64": script},
        }}},
    });
    let text = template.to_string();
    let template = read(&text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let found = check_file("t.json", &template, &text);
    let of_rule = |one: &&compute_catalog::check::Finding| one.rule == "shell-syntax";
    found.iter().find(of_rule).map(|one| one.message.clone())
}

/// Whether bash reads a script, and finds the end of each text in it.
fn bash_reads(script: &str) -> bool {
    let mut bash = Command::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = bash.stdin.take().unwrap();
    // It stops to read where it finds something.
    let _ = input.write_all(script.as_bytes());
    drop(input);
    let done = bash.wait_with_output().unwrap();
    let says = String::from_utf8_lossy(&done.stderr);
    done.status.success() && !says.contains("here-document") && !says.contains("conditional")
}

/// Words and signs of the shell, with what else may stand there by mistake.
const MISTAKES: [(&str, &str); 22] = [
    ("\nfi\n", "\n"),
    ("; then\n", "\n"),
    ("; do\n", "\n"),
    ("\ndone\n", "\n"),
    ("esac\n", "\n"),
    (" in\n", "\n"),
    (";;\n", "\n"),
    ("\n}\n", "\n"),
    (" {\n", "\n"),
    ("\"", ""),
    ("'", ""),
    ("(", ""),
    (")", ""),
    (")\n", "))\n"),
    ("}", ""),
    ("&&", "&& &&"),
    ("|| ", "||| "),
    ("EOF\n", "EOT\n"),
    ("\nelse\n", "\nelse if\n"),
    (" ]]", " ]"),
    ("[[ ", "[ "),
    ("\n\n", "\nfi\n"),
];

#[test]
fn what_bash_refuses_is_told_and_nothing_else() {
    let scripts = scripts();
    assert!(scripts.len() > 20, "the scripts have moved");
    let mut refused = 0;
    let mut wrong = Vec::new();
    for path in scripts {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut texts = vec![("nothing".to_owned(), text.clone())];
        for (right, mistaken) in MISTAKES {
            // The first and the last.
            for at in [text.find(right), text.rfind(right)].into_iter().flatten() {
                let line = text[..at].lines().count();
                let changed = format!("{}{mistaken}{}", &text[..at], &text[at + right.len()..]);
                texts.push((format!("{right:?} near line {line}"), changed));
            }
        }
        for (what, text) in texts {
            // Each as it would run: the interpreter of some is named by whoever sources them.
            let text = match text.starts_with("#!") {
                true => text,
                false => format!("#!/bin/bash\n{text}"),
            };
            let told = told(&text);
            let is_read = bash_reads(&text);
            refused += usize::from(!is_read);
            // bash sees these when it gets there: a bracket, and what a script writes that runs later.
            let is_late = text.contains("\n#!")
                || told
                    .as_ref()
                    .is_some_and(|told| told.ends_with("`[` has no `]`"));
            let is_late = is_late && is_read;
            if is_read == told.is_some() && !is_late {
                wrong.push(format!("{}: {what}: {told:?}", path.display()));
            }
        }
    }
    assert!(refused > 300, "bash refuses {refused} only");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the rule says of a resource with these properties.
fn told_of(kind: &str, properties: serde_json::Value) -> Vec<String> {
    let template = serde_json::json!({
        "Resources": {"One": {"Type": kind, "Properties": properties}},
    });
    let text = template.to_string();
    let template = read(&text).unwrap_or_else(|errors| panic!("{errors:?}"));
    let found = check_file("t.json", &template, &text);
    let of_rule = found.iter().filter(|one| one.rule == "shell-syntax");
    of_rule.map(|one| one.message.clone()).collect()
}

/// Documents that stand in a template as text: each with a script that is right and one that isn't.
#[test]
fn scripts_in_documents_are_read() {
    let machine = |text: &str| {
        let data = serde_json::json!({"UserData": {"Fn::Base64": text}});
        told_of("AWS::EC2::Instance", data)
    };
    let project = |text: &str| {
        let source = serde_json::json!({"Type": "NO_SOURCE", "BuildSpec": text});
        told_of(
            "AWS::CodeBuild::Project",
            serde_json::json!({"Source": source}),
        )
    };
    let document = |text: &str| {
        let content = serde_json::json!({"Content": text, "DocumentType": "Command"});
        told_of("AWS::SSM::Document", content)
    };
    type Told<'a> = &'a dyn Fn(&str) -> Vec<String>;
    let cases: [(Told<'_>, &str); 9] = [
        (
            &machine,
            "#cloud-config\nruncmd:\n  - [echo, \"if\"]\n  - if true; then echo; fi\n",
        ),
        (
            &machine,
            "#cloud-config\nbootcmd:\n- |\n  if true\n  then echo; fi\n",
        ),
        (
            &machine,
            "#cloud-config\nwrite_files:\n- path: /x\n  content: |\n    #!/bin/sh\n    if true; then echo; fi\n",
        ),
        (
            &machine,
            "Content-Type: multipart/mixed; boundary=\"==B==\"\n\n--==B==\nContent-Type: text/cloud-config\n\n#cloud-config\nruncmd:\n- if true; then echo; fi\n\n--==B==--\n",
        ),
        (
            &project,
            "version: 0.2\nphases:\n  build:\n    commands:\n      - echo hello\n      - if true; then echo; fi\n",
        ),
        (
            &project,
            "version: 0.2\nenv:\n  shell: bash\nphases:\n  build:\n    finally:\n      - if true; then echo; fi\n",
        ),
        (
            &project,
            "{\"version\": 0.2, \"phases\": {\"install\": {\"commands\": [\"if true; then echo; fi\"]}}}",
        ),
        (
            &document,
            "schemaVersion: '2.2'\nmainSteps:\n- action: aws:runShellScript\n  name: run\n  inputs:\n    runCommand:\n    - if true\n    - then echo; fi\n",
        ),
        (
            &document,
            "{\"schemaVersion\": \"1.2\", \"runtimeConfig\": {\"aws:runShellScript\": {\"properties\": [{\"runCommand\": [\"if true; then echo; fi\"]}]}}}",
        ),
    ];
    for (told, text) in cases {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
        let broken = text.replace("; fi", ";");
        let [message] = told(&broken).try_into().unwrap();
        assert!(message.contains("no shell reads"), "{message}: {broken}");
    }
    // Another program reads these; this is a file; that is no document.
    for (told, text) in [
        (
            &project as Told<'_>,
            "version: 0.2\nenv:\n  shell: powershell.exe\nphases:\n  build:\n    commands:\n    - if ($x) { echo\n",
        ),
        (&project, "ci/buildspec.yml"),
        (
            &document,
            "schemaVersion: '2.2'\nmainSteps:\n- action: aws:runPowerShellScript\n  inputs:\n    runCommand: ['if true; then']\n",
        ),
        (&machine, "#cloud-config\nruncmd: [\n"),
    ] {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
    }
}
