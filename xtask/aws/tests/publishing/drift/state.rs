//! What somebody does by calls that the local AWS doesn't take, or AWS does by itself: made in its state,
//! and seen through its API.

use serde_json::{Value, json};

/// The name of the product that most kinds are about.
const NOTEBOOK: &str = "EC2 with Notebook Software";

/// Changes a state.
pub type Edit = Box<dyn FnOnce(&mut Value)>;

/// The edit that makes a drift of this kind, where it is one of these.
pub fn edit(kind: &str) -> Option<Edit> {
    if let Some((name, status)) = kind.split_once(" is ") {
        let name = name.strip_prefix("stack ")?.to_owned();
        let status = status.to_owned();
        return Some(of_stack(&name, move |stack| {
            stack["status"] = json!(status);
            stack["status_in_progress"] = json!(status);
        }));
    }
    Some(match kind {
        "stack of others under our name" => of_stack("lab-grants", |stack| {
            stack["template"] = json!("Resources:\n  Theirs:\n    Type: AWS::S3::Bucket\n");
            stack["resources"] = json!({});
            stack["outputs"] = json!([]);
        }),
        "stack with a role" => of_stack("lab-grants", |stack| {
            stack["role"] = json!("arn:aws:iam::123456789012:role/theirs");
        }),
        "stack protected" => of_stack("lab-grants", |stack| {
            stack["is_protected"] = json!(true);
        }),
        "bucket's versioning suspended" => of_bucket(|bucket| {
            bucket["versioning"] = json!("Suspended");
        }),
        "bucket's policy deleted" => of_bucket(|bucket| bucket["policy"] = Value::Null),
        "bucket encrypted otherwise" => of_bucket(|bucket| {
            bucket["encryption"]["algorithm"] = json!("aws:kms");
        }),
        "bucket open to the world" => of_bucket(|bucket| {
            bucket["access_block"]["BlockPublicPolicy"] = json!(false);
        }),
        "bucket of another account" => of_bucket(|bucket| bucket["owner"] = json!("999999999999")),
        "bucket in another region" => of_bucket(|bucket| bucket["region"] = json!("eu-west-1")),
        "template moved to an archive" => of_bucket(|bucket| {
            for (key, versions) in bucket["objects"].as_object_mut().unwrap() {
                if key.contains("notebook") {
                    versions[0]["is_archived"] = json!(true);
                }
            }
        }),
        "stack put back and its tag options made by hand" => of_stack("lab-grants", |stack| {
            stack["status"] = json!("ROLLBACK_COMPLETE");
            stack["resources"] = json!({});
            stack["outputs"] = json!([]);
        }),
        "role of the end users deleted" => of_iam(|iam| {
            iam["roles"]
                .as_object_mut()
                .unwrap()
                .remove("Researcher")
                .unwrap();
        }),
        "role of the end users trusts others" => of_iam(|iam| {
            let role = &mut iam["roles"]["Researcher"];
            role["properties"]["AssumeRolePolicyDocument"] = json!({ "Statement": [] });
        }),
        "managed policy changed" => of_iam(|iam| {
            let policies = iam["policies"].as_object_mut().unwrap();
            for policy in policies.values_mut() {
                policy["PolicyDocument"] = json!({ "Statement": [] });
            }
        }),
        "managed policies deleted" => of_iam(|iam| iam["policies"] = json!({})),
        "product connected to a repository" => of_notebook(|product| {
            product["source"] = json!({
                "connection": "arn:aws:codestar-connections:us-east-1:123456789012:connection/01234567-89ab-cdef-0123-456789abcdef",
                "repository": "theirs/templates",
                "branch": "main",
                "path": "notebook.yaml",
            });
        }),
        "product of another catalog with our key" => Box::new(|state| {
            let products = region(state)["catalog"]["products"]
                .as_object_mut()
                .unwrap();
            let is_ours = |one: &&Value| one["name"] != NOTEBOOK;
            let other = products.values().find(is_ours).unwrap()["artifacts"].clone();
            let mut version = other.as_object().unwrap().values().next().unwrap().clone();
            version["name"] = json!("v7.0.0");
            version["description"] = json!("Theirs [sha256:0123456789ab]");
            let mut named = products.values_mut().filter(|one| one["name"] == NOTEBOOK);
            let product = named.next().unwrap();
            product["texts"]["owner"] = json!("Theirs");
            product["texts"]["distributor"] = json!("Theirs");
            for one in product["artifacts"].as_object_mut().unwrap().values_mut() {
                let id = one["id"].clone();
                *one = version.clone();
                one["id"] = id;
            }
        }),
        _ => return None,
    })
}

fn account(state: &mut Value) -> &mut Value {
    &mut state["accounts"]["123456789012"]
}

fn region(state: &mut Value) -> &mut Value {
    &mut account(state)["regions"]["us-east-1"]
}

fn of_notebook(edit: impl Fn(&mut Value) + 'static) -> Edit {
    Box::new(move |state| {
        let products = region(state)["catalog"]["products"]
            .as_object_mut()
            .unwrap();
        let mut named = products
            .values_mut()
            .filter(|product| product["name"] == NOTEBOOK);
        edit(named.next().unwrap());
    })
}

fn of_iam(edit: impl FnOnce(&mut Value) + 'static) -> Edit {
    Box::new(|state| edit(&mut account(state)["iam"]))
}

fn of_stack(name: &str, edit: impl Fn(&mut Value) + 'static) -> Edit {
    let name = name.to_owned();
    Box::new(move |state| {
        let stacks = region(state)["stacks"]["stacks"].as_object_mut().unwrap();
        let mut named = stacks.values_mut().filter(|stack| stack["name"] == *name);
        edit(named.next().unwrap());
    })
}

/// The bucket for templates: another is Service Catalog's own.
fn of_bucket(edit: impl Fn(&mut Value) + 'static) -> Edit {
    Box::new(move |state| {
        let buckets = state["buckets"].as_object_mut().unwrap();
        let mut ours = buckets
            .values_mut()
            .filter(|one| one["of_service"] == false);
        edit(ours.next().unwrap());
    })
}
