//! What a page says of connecting follows from the template; a guide can't outlive its template.

use crate::catalog::{COMMAND, catalog, read};
use compute_catalog::page::{Guide, ProductPage, markdown};
use compute_catalog::product::Platform;
use pulldown_cmark::{Event, Options, Parser};

/// The headings of a product's page on disk.
fn headings(key: &str) -> Vec<String> {
    let page = read(&format!("generated/pages/{key}.md"));
    let lines = page
        .lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    lines.map(str::to_owned).collect()
}

#[test]
fn ways_to_connect_follow_from_the_template() {
    let has = |key: &str, heading: &str| headings(key).iter().any(|found| found == heading);
    for (heading, products) in [
        (
            "A shell in the browser",
            ["linux-docker", "notebook", "windows"].as_slice(),
        ),
        (
            "A session on the command line",
            &["linux-docker", "notebook", "windows"],
        ),
        ("Port forwarding", &["linux-docker", "notebook", "windows"]),
        ("SSH and copying files", &["linux-docker", "notebook"]),
        ("Remote desktop", &["windows"]),
        ("In the browser", &["notebook"]),
        ("The bucket", &["s3-private", "s3-synapse"]),
        (
            "Connecting",
            &[
                "linux-docker",
                "notebook",
                "windows",
                "s3-private",
                "s3-synapse",
            ],
        ),
    ] {
        for product in &catalog().products {
            let key = product.key.as_str();
            assert_eq!(
                has(key, heading),
                products.contains(&key),
                "{key}: {heading}"
            );
        }
    }
}

#[test]
fn the_platform_and_the_login_user_come_from_the_template() {
    let catalog = catalog();
    let instance = |key: &str| catalog.page(key).connect.instance.unwrap();
    assert_eq!(instance("windows").platform, Platform::Windows);
    assert_eq!(instance("linux-docker").login_user, "ec2-user");
    assert_eq!(instance("notebook").login_user, "ubuntu");
    assert_eq!(instance("notebook").output, "EC2InstanceId");
    assert!(read("generated/pages/notebook.md").contains("ssh ubuntu@INSTANCE_ID"));
}

#[test]
fn session_commands_in_outputs_name_the_profile_that_the_connect_kit_makes() {
    let catalog = catalog();
    let profile = format!("--profile {} ", catalog.communities.profile);
    let mut commands = 0;
    for product in &catalog.products {
        for line in product
            .body
            .lines()
            .filter(|line| line.contains("aws ssm start-session"))
        {
            assert!(line.contains(&profile), "{}: {line}", product.key);
            commands += 1;
        }
    }
    assert!(commands > 5);
}

#[test]
fn a_guide_that_speaks_of_what_the_template_lacks_is_an_error() {
    let catalog = catalog();
    let product = catalog.product("s3-private");
    let page = ProductPage::of(&catalog.source(product));
    let guide = |text: &str| {
        let yaml = format!("sections:\n  - title: Use\n    text: '{text}'\n");
        Guide::read("guide.yaml", &yaml).unwrap()
    };
    let said = markdown(&page, &guide("See {{output \"BucketName\"}}."), COMMAND).unwrap();
    assert!(said.contains("## Use\n\nSee `BucketName`.\n"), "{said}");

    let error = markdown(&page, &guide("See {{output \"BucketNam\"}}."), COMMAND).unwrap_err();
    assert_eq!(error.page, "products/s3-private/guide.yaml");
    let message = error.message;
    assert!(
        message.contains("the template has no output `BucketNam`"),
        "{message}"
    );
    assert!(message.contains("did you mean `BucketName`?"), "{message}");
    assert!(markdown(&page, &guide("{{parameter \"Secrets\"}}"), COMMAND).is_err());
    assert!(markdown(&page, &guide("{{accounts}}"), COMMAND).is_err());
}

#[test]
fn a_page_names_who_may_launch_and_where_they_log_in() {
    let page = catalog().page("windows");
    let portfolios: Vec<_> = page
        .offerings
        .iter()
        .map(|line| line.name.as_str())
        .collect();
    assert_eq!(portfolios.len(), 1, "{portfolios:?}");
    let names: Vec<_> = page
        .communities
        .iter()
        .map(|line| line.key.as_str())
        .collect();
    assert_eq!(names, ["staff"]);
    let notebook = catalog().page("notebook");
    assert_eq!(notebook.offerings.len(), 2);
    assert!(notebook.communities.len() > 3);
    let actions: Vec<_> = notebook
        .actions
        .iter()
        .map(|action| action.name.as_str())
        .collect();
    assert_eq!(actions, ["Restart", "Stop", "Start"]);
    assert!(catalog().page("s3-private").actions.is_empty());
}

#[test]
fn names_between_backticks_are_code_wherever_they_stand() {
    for key in crate::catalog::names("generated/products") {
        let text = read(&format!("generated/pages/{key}.md"));
        let mut codes = 0;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Text(words) => assert!(!words.contains('`'), "{key}: {words}"),
                Event::Code(_) => codes += 1,
                _ => {}
            }
        }
        assert!(codes > 5, "{key}");
    }
}
