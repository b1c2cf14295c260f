//! `settings.yaml` of the scheduled job, and which sizes Fargate takes.

use super::fargate;
use compute_catalog::product::{CatalogEntry, Context, ProductError};
use compute_catalog::yaml::Located;
use schemars::JsonSchema;
use serde::Deserialize;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// What the launch form offers.
    pub form: Form,
    /// The sizes of a job, smallest first.
    #[schemars(length(min = 1))]
    pub sizes: Vec<Size>,
    /// vCPUs of all jobs that run at a time.
    #[schemars(range(min = 1))]
    pub max_vcpus: Located<u32>,
    /// For how many days the log of a job is kept.
    pub log_retention_days: u32,
    /// Jobs a minute beyond which the submit URL refuses calls.
    #[schemars(range(min = 1, max = 100))]
    pub jobs_per_minute: u32,
    /// The description of the jobs' security group; a change replaces the group.
    #[schemars(length(min = 1, max = 255))]
    pub security_group_description: String,
}

/// The launch form: defaults and limits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Form {
    /// The container image that is there at first.
    pub image: String,
    /// The memory in MiB that is there at first: one of `sizes`.
    pub memory_mib: Located<u32>,
    /// The secrets that are there at first.
    pub secrets: String,
    /// The environment variables that are there at first.
    pub variables: String,
    /// For how long an attempt may run, in seconds.
    pub duration_seconds: Limits,
    /// How often a job is tried.
    pub retries: Limits,
    /// The schedule that is there at first.
    pub schedule: String,
}

/// A number of the launch form.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    /// The number that is there at first.
    pub default: Located<u32>,
    /// The least that is taken.
    pub least: Located<u32>,
    /// The greatest that is taken.
    pub most: Located<u32>,
}

/// A size of a job.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Size {
    /// Memory in MiB.
    pub memory_mib: Located<u32>,
    /// vCPUs, as Fargate writes them: `0.25`.
    pub vcpu: Located<String>,
}

/// What users are promised: a job runs for an hour at most.
const LONGEST_SECONDS: u32 = 3600;
/// <https://docs.aws.amazon.com/batch/latest/APIReference/API_RetryStrategy.html>
const MOST_ATTEMPTS: u32 = 10;

/// What the settings contradict.
pub(super) fn faults(context: &Context<'_, Settings>) -> Vec<ProductError> {
    let settings = context.settings;
    let mut faults = Vec::new();
    for (index, size) in settings.sizes.iter().enumerate() {
        let (memory, vcpu) = (&size.memory_mib, &size.vcpu);
        match fargate::memory(vcpu) {
            None => faults.push(context.settings_fault(
                vcpu.at,
                format!("sizes: Fargate has no {} vCPU", vcpu.value),
                format!("it has {}", fargate::vcpus().collect::<Vec<_>>().join(", ")),
            )),
            Some(fitting) if !fitting.contains(memory) => {
                let fitting: Vec<String> = fitting.iter().map(u32::to_string).collect();
                faults.push(context.settings_fault(
                    memory.at,
                    format!(
                        "sizes: {} MiB don't go with the {} vCPU at {} on Fargate",
                        memory.value, vcpu.value, vcpu.at
                    ),
                    format!("{} vCPU go with {} MiB", vcpu.value, fitting.join(", ")),
                ));
            }
            Some(_) => {}
        }
        let before = &settings.sizes[..index];
        if let Some(twin) = before.iter().find(|before| before.memory_mib == *memory) {
            faults.push(context.settings_fault(
                memory.at,
                format!(
                    "sizes: {} MiB stand at {} already, and memory decides the vCPU",
                    memory.value, twin.memory_mib.at
                ),
                "leave one of them out",
            ));
        }
        if !fargate::fits(vcpu, *settings.max_vcpus) {
            faults.push(context.settings_fault(
                vcpu.at,
                format!(
                    "sizes: a job of {} vCPU never starts where maxVcpus at {} is {}",
                    vcpu.value, settings.max_vcpus.at, settings.max_vcpus.value
                ),
                "leave the size out, or raise maxVcpus",
            ));
        }
    }
    let offered = settings.sizes.iter().map(|size| *size.memory_mib);
    let default = &settings.form.memory_mib;
    if !offered.clone().any(|memory| memory == **default) {
        let sizes_at = settings.sizes.first().map(|size| size.memory_mib.at);
        let sizes_at = sizes_at.unwrap_or_default();
        let offered: Vec<String> = offered.map(|memory| memory.to_string()).collect();
        faults.push(context.settings_fault(
            default.at,
            format!(
                "form.memoryMib: {} is none of `sizes` at {}",
                default.value, sizes_at
            ),
            format!("choose one of {}", offered.join(", ")),
        ));
    }
    let numbers = [
        (
            "durationSeconds",
            &settings.form.duration_seconds,
            LONGEST_SECONDS,
        ),
        ("retries", &settings.form.retries, MOST_ATTEMPTS),
    ];
    for (name, limits, bound) in numbers {
        if *limits.most > bound {
            faults.push(context.settings_fault(
                limits.most.at,
                format!("form.{name}.most: {} is too much", limits.most.value),
                format!("at most {bound}"),
            ));
        }
        if !(*limits.least..=*limits.most).contains(&limits.default) {
            faults.push(context.settings_fault(
                limits.default.at,
                format!(
                    "form.{name}.default: {} is not between {} at {} and {} at {}",
                    limits.default.value,
                    limits.least.value,
                    limits.least.at,
                    limits.most.value,
                    limits.most.at
                ),
                "choose a default that the form itself takes",
            ));
        }
    }
    faults
}
