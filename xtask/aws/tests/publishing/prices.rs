//! `vendor prices` against a server that answers in the form that the Price List API documents. No
//! answer of AWS's own has been read: that form is unproved.
//! <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html>

use crate::checkout::{Checkout, Ran};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use xtask::workspace::Workspace;

/// What the server was asked: its headers, and its body.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// A server with these offers, an answer of so many of them at a time.
struct PriceList {
    endpoint: String,
    asked: Asked,
}

impl PriceList {
    fn start(offers: Vec<Value>, page: usize) -> PriceList {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked = Asked::default();
        let seen = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &offers, page, &seen);
            }
        });
        PriceList { endpoint, asked }
    }

    fn ask(&self, checkout: &Checkout, arguments: &[&str]) -> Ran {
        let all = [&["vendor", "prices"], arguments].concat();
        checkout.run(&self.endpoint, &all)
    }
}

fn answer(mut stream: TcpStream, offers: &[Value], page: usize, seen: &Asked) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            return;
        }
        if line == "\r\n" {
            break;
        }
        let line = line.to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let answer = listed(&body, offers, page).to_string();
    seen.lock().unwrap().push((head, body));
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    )
    .unwrap();
}

/// A page of what the filters let through, each offer as a text that holds JSON.
fn listed(body: &Value, offers: &[Value], page: usize) -> Value {
    let takes = |offer: &&Value| {
        let sells = &offer["product"]["attributes"]["servicecode"];
        if sells.is_string() && sells != &body["ServiceCode"] {
            return false;
        }
        let mut filters = body["Filters"].as_array().unwrap().iter();
        filters.all(|filter| {
            let field = filter["Field"].as_str().unwrap();
            let product = &offer["product"];
            let said = match field {
                "productFamily" => &product["productFamily"],
                _ => &product["attributes"][field],
            };
            said == &filter["Value"]
        })
    };
    let fitting: Vec<&Value> = offers.iter().filter(takes).collect();
    let begin: usize = body["NextToken"]
        .as_str()
        .map_or(0, |token| token.parse().unwrap());
    let texts = fitting.iter().skip(begin).take(page);
    let texts: Vec<String> = texts.map(|offer| offer.to_string()).collect();
    let mut answer = json!({ "FormatVersion": "aws_v1", "PriceList": texts });
    if begin + page < fitting.len() {
        answer["NextToken"] = json!((begin + page).to_string());
    }
    answer
}

fn offer(family: &str, attributes: Value, unit: &str, price: &str) -> Value {
    json!({
        "product": { "productFamily": family, "attributes": attributes, "sku": "SKU" },
        "serviceCode": "AmazonEC2",
        "terms": { "OnDemand": { "SKU.TERM": { "priceDimensions": { "SKU.TERM.RATE": {
            "unit": unit, "beginRange": "0", "endRange": "Inf", "appliesTo": [],
            "pricePerUnit": { "USD": price },
        } }, "sku": "SKU", "termAttributes": {} } } },
        "version": "20261129000000",
    })
}

fn machine(name: &str, system: &str, price: &str) -> Value {
    let attributes = json!({
        "servicecode": "AmazonEC2", "regionCode": "us-east-1", "instanceType": name,
        "operatingSystem": system, "tenancy": "Shared", "preInstalledSw": "NA",
        "capacitystatus": "Used", "licenseModel": "No License required",
    });
    offer("Compute Instance", attributes, "Hrs", price)
}

fn volume(name: &str, price: &str) -> Value {
    let attributes = json!({ "regionCode": "us-east-1", "volumeApiName": name });
    offer("Storage", attributes, "GB-Mo", price)
}

fn run(usage: &str, price: &str) -> Value {
    let attributes =
        json!({ "servicecode": "AmazonECS", "regionCode": "us-east-1", "usagetype": usage });
    offer("Compute", attributes, "hours", price)
}

/// Prices that nobody asks.
fn offers() -> Vec<Value> {
    let mut reserved = machine("t3a.small", "Linux", "0.0000000000");
    reserved["product"]["attributes"]["operation"] = json!("RunInstances:CB");
    vec![
        machine("t3a.small", "Linux", "1.5000000000"),
        reserved,
        machine("t3a.large", "Linux", "3.0000000000"),
        machine("t3a.small", "Windows", "7.2500000000"),
        machine("x9.nobody", "Linux", "9.0000000000"),
        volume("gp2", "0.2000000000"),
        volume("gp3", "0.1000000000"),
        run("USE1-Fargate-vCPU-Hours:perCPU", "0.4000000000"),
        run("USE1-Fargate-GB-Hours", "0.0200000000"),
        // Other processors, another system, spare capacity.
        run("USE1-Fargate-ARM-vCPU-Hours:perCPU", "0.3000000000"),
        run("USE1-Fargate-Windows-GB-Hours", "0.0300000000"),
        run("USE1-SpotUsage-Fargate-GB-Hours", "0.0010000000"),
    ]
}

#[test]
fn prices_of_what_products_offer_are_asked_for_and_written() {
    let checkout = Checkout::new();
    let server = PriceList::start(offers(), 2);
    let ran = server.ask(&checkout, &[]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains("m6a.large with Linux"),
        "without a price: {}",
        ran.err
    );

    let workspace = Workspace::containing(&checkout.path(".")).unwrap();
    let prices = workspace
        .prices(&workspace.environments().unwrap())
        .unwrap();
    let prices = &prices.by_region["us-east-1"];
    let text = prices.to_text();
    for row in [
        "t3a.small: { linux: 1.5, windows: 7.25 }",
        "t3a.large: { linux: 3 }",
        "gp3: 0.1",
        "gp2: 0.2",
        "fargate: { vcpuHour: 0.4, gbHour: 0.02 }",
    ] {
        assert!(text.contains(row), "{row} in {text}");
    }
    assert!(!text.contains("x9.nobody"), "{text}");
    assert_eq!(
        std::fs::read_to_string(checkout.path("portfolios/prices/us-east-1.yaml")).unwrap(),
        text
    );

    let asked = server.asked.lock().unwrap();
    for (head, body) in asked.iter() {
        assert!(
            head.contains("x-amz-target: awspricelistservice.getproducts"),
            "{head}"
        );
        assert!(head.contains("/us-east-1/pricing/aws4_request"), "{head}");
        assert!(
            ["AmazonEC2", "AmazonECS"]
                .map(Value::from)
                .contains(&body["ServiceCode"])
        );
    }
    let tokens = asked
        .iter()
        .filter(|(_, body)| body["NextToken"].is_string());
    assert!(tokens.count() > 0, "every page is read");
}

#[test]
fn a_second_reading_tells_what_changed() {
    let checkout = Checkout::new();
    let first = PriceList::start(offers(), 100).ask(&checkout, &["--region", "us-east-1"]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    let mut dearer = offers();
    dearer[0] = machine("t3a.small", "Linux", "1.7500000000");
    let second = PriceList::start(dearer, 100).ask(&checkout, &["--format", "json"]);
    let document: Value = serde_json::from_str(&second.out).unwrap();
    let region = &document["result"][0];
    assert_eq!(
        region["changes"],
        json!(["t3a.small with Linux: 1.5 → 1.75"])
    );
    assert_eq!(region["file"], "portfolios/prices/us-east-1.yaml");
}

#[test]
fn a_price_that_is_not_certain_is_not_written() {
    let checkout = Checkout::new();
    let path = checkout.path("portfolios/prices/us-east-1.yaml");
    let mut twice = offers();
    twice.push(machine("t3a.small", "Linux", "1.6000000000"));
    let ran = PriceList::start(twice, 100).ask(&checkout, &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(
        ran.err.contains("several prices for t3a.small"),
        "{}",
        ran.err
    );
    assert!(!path.exists());

    // Another form of answer than the one that is known.
    let mut unknown = offers();
    for offer in &mut unknown {
        offer["terms"] = json!({});
    }
    let ran = PriceList::start(unknown, 100).ask(&checkout, &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.err.contains("no price could be read"), "{}", ran.err);
    assert!(!path.exists());

    let ran = PriceList::start(offers(), 100).ask(&checkout, &["--region", "us-est-1"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(ran.err.contains("did you mean `us-east-1`?"), "{}", ran.err);
}
