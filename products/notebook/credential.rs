//! The owner's access token: a parameter that the proxy writes and the notebook reads, encrypted
//! with the stack's own key.

use crate::part::boot::StackEnv;
use crate::part::machine_role::MachineRole;
use compute_catalog::cfn::{Builder, Handle, Sub, Value};
use compute_catalog::iam::{Condition, PolicyDocument, Principal, Statement};
use compute_catalog::resource::{ec2, iam, kms, ssm};
use schemars::JsonSchema;
use serde::Deserialize;

/// Where the token is kept: `/PREFIX/INSTANCE-ID/NAME`, known to the proxy and the notebooks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CredentialSettings {
    /// Without slash at either end.
    #[schemars(
        regex(pattern = "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$"),
        extend(
            "not" = { "pattern": "^([Aa][Ww][Ss]|[Ss][Ss][Mm])" },
            "patternErrorMessage" = "is no beginning of a parameter's name: letters, digits, `_.-` and slashes between, and neither `aws` nor `ssm` first"
        )
    )]
    pub prefix: String,
    /// The last part.
    #[schemars(regex(pattern = "^[A-Za-z0-9_.-]+$"), extend("patternErrorMessage" = "is no name of a parameter: letters, digits and `_.-`"))]
    pub name: String,
}

/// What stands in the parameter until the owner logs in for the first time. Another value in a
/// later version would overwrite the tokens of running notebooks.
const PLACEHOLDER: &str = "to be replaced by EC2";

impl CredentialSettings {
    /// What the boot script reads about the token.
    pub fn env(&self, env: StackEnv) -> StackEnv {
        env.set("SSM_PREFIX", &self.prefix)
            .set("SSM_SUFFIX", &self.name)
    }

    /// Text in which prefix, instance and name are filled in.
    pub(super) fn filled(&self, text: &str, instance: &Handle<ec2::Instance>) -> Sub {
        let sub = Sub::new(text)
            .with::<String>("Prefix", &self.prefix)
            .with("Instance", instance);
        if text.contains("${Name}") {
            sub.with::<String>("Name", &self.name)
        } else {
            sub
        }
    }
}

/// Declares the parameter, its key, and the machine's right to this one parameter.
pub fn declare(
    builder: &mut Builder,
    settings: &CredentialSettings,
    instance: &Handle<ec2::Instance>,
    role: &MachineRole,
) {
    // The proxy makes a SecureString of it. The stack holds it so that it goes with the stack, and
    // none of its properties may change: an update would put the placeholder back.
    builder.resource(
        "InstanceSSMParameter",
        ssm::Parameter::new(ssm::ParameterType::String, PLACEHOLDER)
            .name(settings.filled("/${Prefix}/${Instance}/${Name}", instance)),
    );
    let parameter = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Prefix}/${Instance}/${Name}";
    let token = Statement::allow("OwnToken")
        .actions(["ssm:GetParameter", "ssm:PutParameter"])
        .on([settings.filled(parameter, instance)]);
    // A policy of its own, since the role must be there before the instance, and the instance's id
    // before this.
    builder.resource(
        "NotebookTokenPolicy",
        iam::ManagedPolicy::new(PolicyDocument::new([token]))
            .description("The access token of one notebook")
            .roles([&role.role]),
    );
    let key = builder.resource(
        "SSMParameterEncryptionKey",
        kms::Key::new()
            .description("Encrypts the access token of one notebook")
            .enable_key_rotation(true)
            .pending_window_in_days(7)
            .key_policy(key_policy(role)),
    );
    builder.resource(
        "SSMParameterEncryptionKeyAlias",
        kms::Alias::new(
            settings.filled("alias/${Prefix}/${Instance}", instance),
            &key,
        ),
    );
}

/// Nobody but the machine reads the token; the account administers the key. No launch role is named:
/// the account's policies let it in, whichever it is, so that the key outlives none of them.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html>
fn key_policy(role: &MachineRole) -> PolicyDocument {
    let machine = role.role.arn();
    let account: Value<String> =
        Sub::new("arn:${AWS::Partition}:iam::${AWS::AccountId}:root").into();
    PolicyDocument::new([
        Statement::deny("OnlyTheMachineDecrypts")
            .principal(Principal::Anyone)
            .actions(["kms:Decrypt"])
            .on_any()
            .when(Condition::string_not_equals("aws:PrincipalArn", [&machine])),
        Statement::allow("MachineUsesKey")
            .principal(Principal::aws(&machine))
            .actions([
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ])
            .on_any(),
        Statement::allow("AccountAdministersKey")
            .principal(Principal::aws(account))
            .actions(["kms:*"])
            .on_any(),
    ])
}
