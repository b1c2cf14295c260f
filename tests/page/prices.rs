//! What machines cost: on the page, on the form, and where nobody knows.

use crate::catalog::{COMMAND, Catalog, Files, catalog, root};
use compute_catalog::environment::{Environments, Prices};
use compute_catalog::page::{Guide, PageSource, ProductPage, markdown};

fn environments(regions: &[&str]) -> Environments {
    let organization = "name: Example\nsupport: { description: ask, email: help@example.org, url: https://example.org }\n";
    let files: Vec<_> = regions
        .iter()
        .enumerate()
        .map(|(index, region)| {
            let text = format!("account: \"11112222333{index}\"\nregion: {region}\n");
            let key = format!("env-{index}").parse().unwrap();
            (
                key,
                format!("portfolios/environments/env-{index}.yaml"),
                text,
            )
        })
        .collect();
    Environments::read(("portfolios/organization.yaml", organization), &files).unwrap()
}

fn file(rows: &str) -> String {
    format!("currency: USD\ndate: \"2026-01-31\"\nsource: made up\n{rows}")
}

fn read(files: &[(&str, &str)]) -> Result<Prices, Vec<String>> {
    let files: Vec<_> = files
        .iter()
        .map(|(region, text)| ((*region).to_owned(), (*text).to_owned()))
        .collect();
    let environments = environments(&["us-east-1", "eu-central-1"]);
    Prices::read(&files, &environments)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

const ROWS: &str =
    "instances:\n  t3a.small: { linux: 0.5, windows: 0.75 }\nvolumes: { gp3: 0.1 }\n";

fn page(key: &str, prices: &Prices) -> String {
    let catalog = catalog();
    let source = PageSource {
        prices,
        ..catalog.source(catalog.product(key))
    };
    markdown(&ProductPage::of(&source), &Guide::default(), COMMAND).unwrap()
}

fn line<'a>(page: &'a str, has: &str) -> &'a str {
    let mut lines = page.lines();
    lines
        .find(|line| line.contains(has))
        .unwrap_or_else(|| panic!("no {has} in {page}"))
}

#[test]
fn each_size_has_its_price_by_what_the_machine_runs() {
    let prices = read(&[("us-east-1", &file(ROWS))]).unwrap();
    let linux = page("linux-docker", &prices);
    let row = line(&linux, "`t3a.small` (default)");
    assert!(row.ends_with("| 0.5 USD | 365.00 USD |"), "{row}");
    let row = line(&linux, "| `t3a.micro`");
    assert!(
        row.ends_with("| – | – |"),
        "what isn't known is no price: {row}"
    );
    assert!(linux.contains("| Architecture | An hour | A month |\n|---|--:|--:|---|--:|--:|\n"));
    let told = line(&linux, "2026-01-31");
    for part in [
        "AWS's list",
        "us-east-1",
        "30 GB, the default of",
        "3.00 USD a month as gp3",
        "Stopped",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let windows = page("windows", &prices);
    assert!(line(&windows, "`t3a.small` (default)").ends_with("| 0.75 USD | 547.50 USD |"));
    let bucket = page("s3-private", &prices);
    assert!(
        !bucket.contains("2026-01-31"),
        "nothing of it is chosen by size"
    );
}

#[test]
fn regions_stand_side_by_side() {
    let text = file(ROWS);
    let dear = text.replace("linux: 0.5", "linux: 0.625");
    let prices = read(&[("us-east-1", &text), ("eu-central-1", &dear)]).unwrap();
    let page = page("linux-docker", &prices);
    let head = line(&page, "| Architecture |");
    assert!(
        head.ends_with("| An hour, eu-central-1 | A month, eu-central-1 | An hour, us-east-1 | A month, us-east-1 |"),
        "{head}"
    );
    let row = line(&page, "`t3a.small` (default)");
    assert!(
        row.ends_with("| 0.625 USD | 456.25 USD | 0.5 USD | 365.00 USD |"),
        "{row}"
    );
}

#[test]
fn an_hour_of_a_run_has_its_price_beside_the_memory() {
    let text = file("fargate: { vcpuHour: 0.4, gbHour: 0.02 }\n");
    let prices = read(&[("us-east-1", &text)]).unwrap();
    let job = page("scheduled-job", &prices);
    let row = line(&job, "`Memory` |");
    for part in [
        "`1024` (0.12 USD an hour of a run)",
        "`16384` (1.92 USD an hour of a run)",
        "us-east-1, asked on 2026-01-31",
    ] {
        assert!(row.contains(part), "{part}: {row}");
    }
    let without = page("scheduled-job", &Prices::default());
    assert!(!line(&without, "`Memory` |").contains("USD"));
}

#[test]
fn without_a_file_no_price_is_told() {
    let page = page("linux-docker", &Prices::default());
    assert!(page.contains("https://aws.amazon.com/ec2/pricing/on-demand/"));
    assert!(
        !page.contains("USD") && page.contains("| Architecture |\n"),
        "{page}"
    );
}

#[test]
fn the_form_shows_them_beside_each_choice() {
    let site = Catalog::of(&Files(root().join("tests/page/gallery"))).site();
    let form = &site["pages/workstation-launch.html"];
    let option = "<option value=\"t3a.small\" selected=\"selected\">t3a.small: 0.2 USD an hour, 146.00 USD a month</option>";
    assert!(form.contains(option), "{form}");
    assert!(
        form.contains("<option value=\"m6a.xlarge\">m6a.xlarge</option>"),
        "no price"
    );
    assert!(form.contains("eu-central-1, asked on 2026-01-31: Stopped, it costs its disk alone"));
}

#[test]
fn a_file_that_is_wrong_is_told_with_its_line() {
    let wrong = |region: &str, text: &str| read(&[(region, text)]).unwrap_err().join("\n");
    for (region, text, told) in [
        (
            "us-east-1",
            file("instances: { t3a.smal: { linux: 1 } }"),
            "us-east-1.yaml:4:14: `t3a.smal` is no instance type",
        ),
        (
            "us-east-1",
            file("volumes: { gp3: 0 }"),
            "us-east-1.yaml:4:17",
        ),
        (
            "us-east-1",
            file("volumes: { gp3: -1 }"),
            "us-east-1.yaml:4:17",
        ),
        (
            "us-east-1",
            file("volumes: { gp3: free }"),
            "us-east-1.yaml:4:17",
        ),
        ("us-east-1", file("disks: { gp3: 1 }"), "us-east-1.yaml:4:1"),
        (
            "us-east-1",
            file(ROWS).replace("2026-01-31", "2026-13-31"),
            "us-east-1.yaml:2:7",
        ),
        ("us-est-1", file(ROWS), "`us-est-1` is no region of AWS"),
        ("us-west-2", file(ROWS), "nothing is launched in us-west-2"),
    ] {
        let found = wrong(region, &text);
        assert!(found.contains(told), "{told} in {found}");
    }
    assert!(
        wrong("us-east-1", &file("instances: { t3a.smal: { linux: 1 } }"))
            .contains("did you mean `t3a.small`?")
    );
}
