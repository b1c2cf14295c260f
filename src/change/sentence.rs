//! What an update does, in one sentence for the people whose products are running.

use super::data::is_unknown_type;
use super::export::EXPORT;
use super::{Break, Effect, Impact, Incompatibility};

/// What scientists call a resource.
fn noun(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "AWS::EC2::Instance" => "the machine",
        "AWS::S3::Bucket" => "the bucket",
        "AWS::KMS::Key" => "the encryption key",
        "AWS::SecretsManager::Secret" => "the secret",
        "AWS::Logs::LogGroup" => "the logs",
        "AWS::Batch::ComputeEnvironment" | "AWS::Batch::JobQueue" | "AWS::Batch::JobDefinition" => {
            "the job"
        }
        _ => return None,
    })
}

/// Whether exports are all of which it isn't known what the update does.
fn is_export_alone(impact: &Impact) -> bool {
    let mut open = impact
        .resources
        .iter()
        .filter(|one| one.effect == Effect::Unknown);
    open.all(|one| one.kind == EXPORT)
}

/// What an update does, in one sentence that a scientist understands.
pub fn sentence(impact: &Impact, broken: &[Incompatibility]) -> String {
    let named = |effect: Effect| {
        let mut named = impact.resources.iter().filter(|one| one.effect == effect);
        named.find_map(|one| Some((one, noun(&one.kind)?)))
    };
    let has = |effect: Effect| impact.resources.iter().any(|one| one.effect == effect);
    let lost = |one: &super::ResourceImpact| one.data.iter().any(|data| data.is_deleted);
    if has(Effect::Fails) {
        return "Running products can't update to this version: launch a new one.".to_owned();
    }
    if let Some((one, noun)) = named(Effect::Replaced) {
        return match (one.kind.as_str(), lost(one)) {
            ("AWS::EC2::Instance", true) => {
                "Replaces the machine: files on it are lost. Save them first.".to_owned()
            }
            ("AWS::EC2::Instance", false) => {
                "Replaces the machine: the new one starts without your files. Save them first.".to_owned()
            }
            ("AWS::S3::Bucket", _) => {
                "Makes a new, empty bucket: your files stay in the old one, which you no longer manage here.".to_owned()
            }
            (_, true) => format!("Replaces {noun}: what it holds is lost. Save it first."),
            (_, false) => format!("Replaces {noun}."),
        };
    }
    if let Some((one, noun)) = named(Effect::Removed) {
        return match lost(one) {
            true => format!("Removes {noun}: what it holds is lost. Save it first."),
            false => format!(
                "No longer has {noun}: it stays as it is, and you no longer manage it here."
            ),
        };
    }
    if let Some((_, noun)) = named(Effect::Unknown) {
        return format!("May replace {noun}: save your files first.");
    }
    let is_unknown = |one: &super::ResourceImpact| one.kind != EXPORT && is_unknown_type(&one.kind);
    let mut open = impact.resources.iter();
    let open = open.find(|one| one.effect == Effect::Unknown && (lost(one) || is_unknown(one)));
    if let Some(one) = open {
        return match is_unknown(one) {
            _ if one.kind == "AWS::CloudFormation::Stack" => format!(
                "What it changes inside of {} isn't known here: save what you need first.",
                one.id
            ),
            true => format!(
                "What it does to {} isn't known here: save what you need first.",
                one.id
            ),
            false => format!(
                "May replace {}, and what it holds is lost then: save what you need first.",
                one.id
            ),
        };
    }
    if let Some((one, noun)) = named(Effect::Interrupted) {
        return match one.kind.as_str() {
            "AWS::EC2::Instance" => {
                "Restarts the machine: files stay, what runs on it stops. Finish your work first."
                    .to_owned()
            }
            _ => format!("Interrupts {noun}: let what is running finish first."),
        };
    }
    let deleted = impact.resources.iter().flat_map(|one| &one.data);
    if let Some(data) = deleted.clone().find(|data| data.is_deleted) {
        return format!("Deletes data ({}): save what you need first.", data.what);
    }
    let asked = asked(broken);
    let parts = of_parts(impact);
    match asked.is_empty() {
        true => parts,
        // What happens without a loss or a break goes without saying beside what people must do.
        false if impact.worst() < Effect::Interrupted => asked,
        false => format!("{parts} {asked}"),
    }
}

/// What people must look at on the form of the update.
fn asked(broken: &[Incompatibility]) -> String {
    let named = |is_gone: bool| {
        let named = broken
            .iter()
            .filter(|one| (one.kind == Break::Removed) == is_gone);
        let names: Vec<&str> = named.map(|one| one.parameter.as_str()).collect();
        names.join(", ")
    };
    let (gone, anew) = (named(true), named(false));
    let mut told = Vec::new();
    if !anew.is_empty() {
        told.push(format!("The update form asks anew: check {anew}."));
    }
    if !gone.is_empty() {
        told.push(format!("What you chose for {gone} no longer counts."));
    }
    told.join(" ")
}

/// What an update does that touches nothing people have a word for.
fn of_parts(impact: &Impact) -> String {
    match impact.worst() {
        Effect::Replaced | Effect::Removed => {
            "Replaces parts of the product; your files stay.".to_owned()
        }
        Effect::Unknown if is_export_alone(impact) => {
            "Fails while another stack imports what this one exports.".to_owned()
        }
        Effect::Unknown => "May replace parts of the product; your files stay.".to_owned(),
        Effect::Interrupted => {
            "Interrupts parts of the product for a short time; your files stay.".to_owned()
        }
        Effect::InPlace => "Updates what is running without an interruption.".to_owned(),
        Effect::NotApplied => {
            "What is running stays as it is; what you start later gets the change.".to_owned()
        }
        _ => "What is running stays as it is.".to_owned(),
    }
}
