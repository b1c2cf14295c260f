//! Mistakes that people make, each with what they read: what is wrong, where, the line with a caret, and
//! the next step. The snapshots are the texts.

use crate::checkout::{Checkout, Ran, xtask};

/// An edit that somebody makes, and the command by which they learn of it.
struct Mistake {
    /// What the snapshot is called.
    name: &'static str,
    /// File, what stands there, and what is written in its place. Nothing stands in a new file.
    edits: &'static [(&'static str, &'static str, &'static str)],
    /// What is run, one after the other; the last tells.
    commands: &'static [&'static [&'static str]],
}

const S3: &str = "products/s3-private/settings.yaml";
const LINUX: &str = "products/linux-docker/settings.yaml";
const WINDOWS: &str = "products/windows/settings.yaml";
const EC2: &str = "portfolios/ec2.yaml";
const COMMUNITIES: &str = "portfolios/communities.yaml";
const LEDGER: &str = "products/s3-private/history/versions.yaml";
const CHECK: &[&[&str]] = &[&["check"]];

const PRICES: &str = "portfolios/prices/us-east-1.yaml";
const PROD: &str = "portfolios/environments/prod.yaml";

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "a_price_that_is_none",
        edits: &[(
            PRICES,
            "",
            "currency: USD\ndate: \"2026-01-31\"\nsource: made up\ninstances:\n  t3a.small: { linux: free }\n",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_misspelled_key_of_an_environment",
        edits: &[(PROD, "loginEndpoint:", "loginEndpont:")],
        commands: CHECK,
    },
    Mistake {
        name: "a_misspelled_key_of_a_portfolio",
        edits: &[(EC2, "\ndescription:", "\ndescripton:")],
        commands: CHECK,
    },
    Mistake {
        name: "a_list_for_a_text",
        edits: &[(PROD, "region: us-east-1", "region: [us-east-1]")],
        commands: CHECK,
    },
    Mistake {
        name: "a_key_twice",
        edits: &[(
            PROD,
            "region: us-east-1",
            "region: us-east-1\nregion: us-east-1",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_merge_that_is_not_finished",
        edits: &[
            (
                WINDOWS,
                "  documentation:",
                "<<<<<<< HEAD\n  documentation: https://example.org\n=======\n  documentation:",
            ),
            (WINDOWS, "\nlaunch:", "\n>>>>>>> other\nlaunch:"),
        ],
        commands: CHECK,
    },
    Mistake {
        name: "a_tab",
        edits: &[(PROD, "\n  VPCId:", "\n\tVPCId:")],
        commands: CHECK,
    },
    Mistake {
        name: "a_function_with_a_bracket_too_much",
        edits: &[(
            "products/scheduled-job/files/submit.py",
            "\ndef ",
            "\ndef (",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_boot_script_without_its_end",
        edits: &[("products/shared/boot/linux/agent.sh", "\n}\n", "\n\n")],
        commands: CHECK,
    },
    Mistake {
        name: "a_version_that_left_the_ledger",
        edits: &[(LEDGER, "name: v2.0.2", "name: v2.0.3")],
        commands: CHECK,
    },
    Mistake {
        name: "a_generated_file_that_was_edited",
        edits: &[(
            "generated/products/s3-private.yaml",
            "Description: ",
            "Description: my ",
        )],
        commands: &[&["generate", "--check"]],
    },
    Mistake {
        name: "a_template_that_is_not_there",
        edits: &[],
        commands: &[&["check", "log.yaml"]],
    },
    Mistake {
        name: "a_folder_for_a_template",
        edits: &[],
        commands: &[&["check", "generated/products"]],
    },
    Mistake {
        name: "an_environment_that_is_not_there_before_the_publisher_is_built",
        edits: &[],
        commands: &[&["plan", "--env", "prd"]],
    },
    Mistake {
        name: "a_rule_that_is_not_there",
        edits: &[],
        commands: &[&["explain", "tsl"]],
    },
    Mistake {
        name: "a_misspelled_key",
        edits: &[(S3, "  documentation: ", "  documentatoin: ")],
        commands: CHECK,
    },
    Mistake {
        name: "a_word_for_a_number",
        edits: &[(
            LINUX,
            "volumeGib: { default: 30,",
            "volumeGib: { default: thirty,",
        )],
        commands: &[&["generate"]],
    },
    Mistake {
        name: "a_bracket_too_much",
        edits: &[(S3, "  documentation: ", "  documentation: [")],
        commands: &[&["generate"]],
    },
    Mistake {
        name: "an_instance_type_that_no_image_fits",
        edits: &[(LINUX, "t3a.2xlarge,", "t3a.2xlarge, t4g.large,")],
        commands: &[&["generate"]],
    },
    Mistake {
        name: "a_misspelled_instance_type",
        edits: &[(LINUX, "m6a.large,", "m6a.larg,")],
        commands: CHECK,
    },
    Mistake {
        name: "a_default_that_is_not_offered",
        edits: &[(WINDOWS, "default: t3a.small", "default: t3.small")],
        commands: CHECK,
    },
    Mistake {
        name: "a_default_below_the_least",
        edits: &[(WINDOWS, "default: 30, least: 30", "default: 20, least: 30")],
        commands: CHECK,
    },
    Mistake {
        name: "a_portfolio_with_a_misspelled_product",
        edits: &[(EC2, "product: notebook", "product: notebok")],
        commands: CHECK,
    },
    Mistake {
        name: "a_portfolio_for_a_role_that_nobody_has",
        edits: &[(EC2, "endUserRole: staff", "endUserRole: staf")],
        commands: CHECK,
    },
    Mistake {
        name: "a_portfolio_with_a_misspelled_choice",
        edits: &[(EC2, "tagUpdate: allowed", "tagUpdate: alowed")],
        commands: CHECK,
    },
    Mistake {
        name: "an_account_with_a_digit_more",
        edits: &[(
            "portfolios/environments/develop.yaml",
            "account: \"",
            "account: \"0",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_misspelled_region",
        edits: &[(
            "portfolios/environments/develop.yaml",
            "region: us-east-1",
            "region: us-esat-1",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "an_export_under_another_name",
        edits: &[(
            "portfolios/environments/prod.yaml",
            "  PrivateSubnet1:",
            "  PrivateSubnet2:",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_community_in_an_account_that_is_not_there",
        edits: &[(COMMUNITIES, "environment: strides", "environment: stride")],
        commands: CHECK,
    },
    Mistake {
        name: "a_manager_without_an_address",
        edits: &[(
            COMMUNITIES,
            "    role: staff",
            "    role: staff\n    manager: the office",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_template_with_a_misspelled_property",
        edits: &[(
            "log.yaml",
            "",
            "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      RetentionInDay: 30\n",
        )],
        commands: &[&["check", "log.yaml"]],
    },
    Mistake {
        name: "a_template_that_is_indented_by_one_less",
        edits: &[(
            "log.yaml",
            "",
            "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n   Properties:\n      RetentionInDays: 30\n",
        )],
        commands: &[&["diff", "log.yaml", "generated/foundation.yaml"]],
    },
    Mistake {
        name: "a_product_that_is_not_there",
        edits: &[],
        commands: &[&["check", "s3-privat"]],
    },
    Mistake {
        name: "an_environment_that_is_not_there",
        edits: &[],
        commands: &[&["rehearse", "--env", "devlop"]],
    },
    Mistake {
        name: "a_misspelled_option",
        edits: &[],
        commands: &[&["diff", "--bas", "main"]],
    },
    Mistake {
        name: "a_frozen_version_that_was_edited",
        edits: &[(
            "products/s3-private/history/v2.0.2.yaml",
            "Description: \"",
            "Description: \"My ",
        )],
        commands: CHECK,
    },
    Mistake {
        name: "a_version_name_that_is_none",
        edits: &[(LEDGER, "name: v1.0.1", "name: 1.0.1")],
        commands: CHECK,
    },
    Mistake {
        name: "a_version_twice",
        edits: &[(LEDGER, "name: v1.0.1", "name: v1.0.0")],
        commands: CHECK,
    },
    Mistake {
        name: "a_release_before_generate",
        edits: &[(
            S3,
            "intelligentTieringAfterDays: 1",
            "intelligentTieringAfterDays: 2",
        )],
        commands: &[&[
            "release",
            "s3-private",
            "--bump",
            "patch",
            "--note",
            "Later",
        ]],
    },
    Mistake {
        name: "a_smaller_step_than_the_change_needs",
        edits: &[(WINDOWS, "ami-08079232459aa7414", "ami-0123456789abcdef0")],
        commands: &[
            &["generate"],
            &[
                "release",
                "windows",
                "--bump",
                "patch",
                "--note",
                "Newer image",
            ],
        ],
    },
];

/// What the last command says.
fn told(mistake: &Mistake, checkout: &Checkout) -> (i32, String) {
    for (file, from, to) in mistake.edits {
        match from.is_empty() {
            true => checkout.write(file, to),
            false => checkout.replace(file, from, to),
        }
    }
    let mut last = None;
    for command in mistake.commands {
        last = Some(checkout.run(command));
    }
    let last = last.unwrap();
    (last.code, without_counts(&last))
}

/// What a command says, without how much else there is to count.
fn without_counts(ran: &Ran) -> String {
    let text = format!("{}{}", ran.out, ran.err);
    let lines = text.lines().filter(|line| !line.contains(" checked by "));
    let text: Vec<&str> = lines.collect();
    text.join("\n").trim_end().to_owned()
}

#[test]
fn each_says_what_where_why_and_what_to_do() {
    std::thread::scope(|scope| {
        let half = MISTAKES.len() / 2;
        for part in [&MISTAKES[..half], &MISTAKES[half..]] {
            scope.spawn(move || part.iter().for_each(look));
        }
    });
}

/// What no edit of a text makes: each with what it does to a checkout, and the command that tells.
#[test]
fn what_happens_to_files_is_told_as_well() {
    let checkout = Checkout::new();
    let latin = [checkout.read(S3).as_bytes(), b"# caf\xe9\n"].concat();
    std::fs::write(checkout.path(S3), latin).unwrap();
    show(
        "a_file_that_is_not_utf_8",
        "check",
        &checkout.run(&["check"]),
    );

    let checkout = Checkout::new();
    std::fs::write(checkout.path(LEDGER), "").unwrap();
    show(
        "a_file_that_is_empty_now",
        "check",
        &checkout.run(&["check"]),
    );

    for (name, file) in [
        ("a_boot_script_that_is_gone", "linux-docker/files/docker.sh"),
        (
            "a_frozen_version_that_is_gone",
            "s3-private/history/v2.0.2.yaml",
        ),
        ("settings_that_are_gone", "s3-private/settings.yaml"),
    ] {
        let checkout = Checkout::new();
        std::fs::remove_file(checkout.path(&format!("products/{file}"))).unwrap();
        show(name, "check", &checkout.run(&["check"]));
    }

    let outside = tempfile::tempdir().unwrap();
    let ran = xtask(outside.path(), &["check"], &[]);
    let ran = Ran {
        err: ran.err.replace(outside.path().to_str().unwrap(), "FOLDER"),
        ..ran
    };
    show("a_folder_that_is_no_catalog", "check", &ran);

    // A clone as CI makes it: of one commit.
    let checkout = Checkout::new();
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.org",
        ]);
        let output = git
            .args(arguments)
            .current_dir(checkout.path("."))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "All"]);
    git(&["commit", "-qm", "More", "--allow-empty"]);
    let clone = tempfile::tempdir().unwrap();
    let address = format!("file://{}", checkout.path(".").display());
    git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &address,
        clone.path().to_str().unwrap(),
    ]);
    let command = ["diff", "--base", "HEAD~1"];
    let ran = xtask(clone.path(), &command, &[]);
    show(
        "a_revision_that_a_shallow_clone_lacks",
        &command.join(" "),
        &ran,
    );
}

fn show(name: &str, command: &str, ran: &Ran) {
    assert_ne!(ran.code, 0, "{name} passes");
    let text = without_counts(ran);
    assert!(text.contains("\n  hint: "), "{name}: {text}");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, format!("$ cargo xtask {command}\n{text}\n(exit {})", ran.code));
    });
}

fn look(mistake: &Mistake) {
    let name = mistake.name;
    let (code, text) = told(mistake, &Checkout::new());
    assert_ne!(code, 0, "{name} passes");
    let is_of_clap = text.contains("For more information, try '--help'.");
    assert!(text.contains("\n  hint: ") || is_of_clap, "{name}: {text}");
    let command = mistake.commands.last().unwrap().join(" ");
    // A file that stands before its edit is shown with the line.
    let is_of_line = mistake.commands.len() == 1 && !mistake.edits.is_empty() && !command.starts_with("release")
        // What is stale is shown as a difference.
        && !command.ends_with("--check");
    if is_of_line {
        assert!(text.contains("--> "), "{name}: {text}");
        assert!(text.contains("^"), "{name}: {text}");
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, format!("$ cargo xtask {command}\n{text}\n(exit {code})"));
    });
}
