//! The rules, one file each.

mod address_block;
mod batch_fargate;
mod boundary;
mod bucket_lifecycle;
mod bucket_policy;
mod catalog_abilities;
mod catalog_exports;
mod catalog_external;
mod catalog_launch;
mod catalog_names;
mod catalog_quotas;
mod catalog_reach;
mod catalog_tag_options;
mod catalog_template_rules;
mod conditional_reference;
mod constant_condition;
mod data_access;
mod description;
mod dynamic_reference;
mod encryption;
mod event_pattern;
mod external_artifact;
mod fixed_name;
mod forgotten_sub;
mod function_code;
mod function_package;
mod given;
mod iam_action;
mod iam_escalation;
mod iam_pass_role;
mod iam_policy;
mod iam_trust;
mod iam_wildcard_action;
mod iam_wildcard_resource;
mod ingress_source;
mod init_config_sets;
mod init_files;
mod init_hup;
mod init_order;
mod init_sections;
mod init_signal;
mod inner_names;
mod instance_options;
mod instance_type;
mod intrinsic_type;
mod job_size;
mod key_policy;
mod key_rotation;
mod launch_form;
mod launch_role_needs;
mod launch_role_surplus;
mod ledger;
mod limits;
mod log_retention;
mod managed_policy;
mod mapping;
mod metadata_service;
mod offered_versions;
mod open_ingress;
mod parameter_bounds;
mod parameter_default;
mod parameter_pattern;
mod parameter_unused;
mod pinned_download;
mod pinned_image;
mod plain_secret;
mod policy_fit;
mod policy_size;
mod public_access;
mod reference_kind;
mod references;
mod retention;
mod role_name;
mod role_use;
mod same_name;
mod schedule;
mod schema;
mod secret_text;
mod security_group_rule;
mod shell_syntax;
mod signal_call;
mod stack_names;
mod suppression;
mod syntax;
mod template_rules;
mod tls;
mod transform;
mod unused;
mod update_policy;
mod user_data;
mod volume;

pub(super) use external_artifact::check as check_artifact;
pub(super) use launch_role_needs::RULE as LAUNCH_ROLE_NEEDS;
pub(super) use ledger::check as check_ledger;
pub(super) use offered_versions::{check as check_offered, environments_of};
pub(super) use references::{RULE as REFERENCES, in_environments as check_environments};
pub(super) use suppression::apply;
pub use suppression::suppressions;
pub(super) use syntax::{input, unreadable, unreadable_input};

use super::Rule;

/// The rule for names in files, for those that its own function doesn't read.
pub(super) static CATALOG_NAMES: &Rule = &catalog_names::RULE;

/// Every rule, in the order of the rules page.
pub(super) static RULES: &[Rule] = &[
    references::RULE,
    intrinsic_type::RULE,
    schema::RULE,
    limits::RULE,
    parameter_bounds::RULE,
    parameter_default::RULE,
    parameter_pattern::RULE,
    parameter_unused::RULE,
    description::RULE,
    unused::RULE,
    launch_form::RULE,
    instance_type::RULE,
    job_size::RULE,
    function_package::RULE,
    encryption::RULE,
    public_access::RULE,
    security_group_rule::RULE,
    open_ingress::RULE,
    metadata_service::RULE,
    plain_secret::RULE,
    retention::RULE,
    fixed_name::RULE,
    log_retention::RULE,
    key_rotation::RULE,
    pinned_image::RULE,
    pinned_download::RULE,
    tls::RULE,
    iam_policy::RULE,
    iam_action::RULE,
    iam_wildcard_action::RULE,
    iam_wildcard_resource::RULE,
    iam_pass_role::RULE,
    iam_escalation::RULE,
    iam_trust::RULE,
    role_name::RULE,
    init_sections::RULE,
    init_files::RULE,
    init_config_sets::RULE,
    init_order::RULE,
    init_signal::RULE,
    init_hup::RULE,
    schedule::RULE,
    event_pattern::RULE,
    inner_names::RULE,
    function_code::RULE,
    batch_fargate::RULE,
    bucket_lifecycle::RULE,
    bucket_policy::RULE,
    policy_fit::RULE,
    managed_policy::RULE,
    key_policy::RULE,
    role_use::RULE,
    data_access::RULE,
    instance_options::RULE,
    volume::RULE,
    user_data::RULE,
    forgotten_sub::RULE,
    conditional_reference::RULE,
    constant_condition::RULE,
    stack_names::RULE,
    dynamic_reference::RULE,
    mapping::RULE,
    policy_size::RULE,
    reference_kind::RULE,
    same_name::RULE,
    address_block::RULE,
    template_rules::RULE,
    transform::RULE,
    update_policy::RULE,
    secret_text::RULE,
    shell_syntax::RULE,
    signal_call::RULE,
    ingress_source::RULE,
    syntax::RULE,
    catalog_names::RULE,
    catalog_exports::RULE,
    catalog_launch::RULE,
    catalog_external::RULE,
    catalog_template_rules::RULE,
    catalog_reach::RULE,
    catalog_quotas::RULE,
    catalog_tag_options::RULE,
    catalog_abilities::RULE,
    boundary::RULE,
    launch_role_needs::RULE,
    launch_role_surplus::RULE,
    external_artifact::RULE,
    ledger::RULE,
    offered_versions::RULE,
    suppression::RULE,
];
