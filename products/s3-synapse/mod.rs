//! `s3-synapse`: an encrypted bucket that the Synapse service reads and writes, so that it can
//! become the storage location of a Synapse project.
//!
//! It is the private bucket with three things more: the Synapse service among the principals of
//! its policy, access from browsers, and `owner.txt`, by which Synapse knows who may link the
//! bucket. That file comes from the account's `S3Objects` transform. In a running stack it is a
//! custom resource whose token has no export: a resource of another type would take its place, and
//! the old one's deletion, which comes last, would delete the new file. So this is the one
//! transform of the catalog, with the one suppression that its resource type needs.

use crate::part::bucket::{self, BucketContext, BucketParameters, BucketSettings, POLICY_GROUP};
use compute_catalog::cfn::{
    Builder, Handle, Json, List, Map, ParameterDeclaration, ParameterHandle, Sub, Template, Value,
    join,
};
use compute_catalog::product::{CatalogEntry, Context, Key, Model, ProductError};
use compute_catalog::resource::s3;
use schemars::JsonSchema;
use serde::Deserialize;

/// The model.
pub struct S3Synapse;

/// `settings.yaml`
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What Service Catalog shows.
    pub catalog: CatalogEntry,
    /// The bucket.
    pub bucket: BucketSettings,
    /// The account of the Synapse service, 12 digits.
    #[schemars(regex(pattern = r"^\d{12}$"), extend("patternErrorMessage" = "is no account: 12 digits, in quotes"))]
    pub synapse_account: String,
    /// Which web pages may use the bucket.
    pub browser_access: BrowserAccess,
}

/// Which web pages may use the bucket (S3's CORS rule).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct BrowserAccess {
    /// Origins, such as `https://www.synapse.org`; `*` for any.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html>
    #[schemars(
        length(min = 1),
        inner(regex(pattern = "^[^* ]*[*]?[^* ]*$")),
        extend("patternErrorMessage" = "is no origin: one `*` at most, and no blanks")
    )]
    pub origins: Vec<String>,
    /// For how long a browser remembers the answer, in seconds.
    #[schemars(range(min = 0, max = 86400))]
    pub max_age_seconds: u32,
}

/// What `owner.txt` may hold: ids of users and teams, user names and e-mail addresses. Applied to
/// each item of the list or to the whole of it, it takes the same lists.
const OWNERS: &str = r"^\s*[A-Za-z0-9._@+-]+(?:\s*,\s*[A-Za-z0-9._@+-]+)*\s*$";

impl Model for S3Synapse {
    const KEY: Key = Key::constant("s3-synapse");

    type Settings = Settings;

    fn entry(settings: &Settings) -> &CatalogEntry {
        &settings.catalog
    }

    fn template(context: &Context<'_, Settings>) -> Result<Template, Vec<ProductError>> {
        let settings = context.settings;
        // What empties buckets after their product is gone finds them by "S3" in this text.
        let mut builder = Builder::new("S3: an encrypted bucket for storage of a Synapse project");
        builder.transform("S3Objects");
        let tokens = ["BucketPolicyFunctionArn", "SetBucketTagsFunctionArn"];
        let [policy_token, tagger_token] = context.imports(&mut builder, tokens)?;
        let restriction_code = context.file("shared/bucket/restrict_downloads.py")?;

        let name = bucket::name_parameter(&mut builder);
        let owners = owners_parameter(&mut builder);
        let restrict = bucket::restriction_parameter(&mut builder);
        let parameters = BucketParameters::new(name, restrict);
        let s3_bucket = bucket::bucket(&mut builder, &parameters, &settings.bucket, |own| {
            own.cors_configuration(cors(&settings.browser_access))
                .ownership_controls(ownership())
        });
        let account = BucketContext {
            policy_token,
            tagger_token,
            restriction_code,
        };
        let synapse = Sub::new("arn:${AWS::Partition}:iam::${account}:root")
            .with::<String>("account", &settings.synapse_account);
        bucket::access(
            &mut builder,
            &parameters,
            &s3_bucket,
            &account,
            Some([synapse].into()),
        );
        builder.resource("SynapseOwnerFile", owner_file(&s3_bucket, &owners));
        bucket::outputs(&mut builder, &s3_bucket, &settings.catalog.documentation);
        context.finish(builder)
    }
}

fn owners_parameter(builder: &mut Builder) -> ParameterHandle<List<String>> {
    builder.parameter(
        "SynapseIDs",
        ParameterDeclaration::comma_delimited_list()
            .label("Synapse Users and Teams")
            .group(POLICY_GROUP)
            .description(
                "Who may make the bucket a storage location in Synapse: ids of users or teams, \
                 user names or e-mail addresses, separated by commas (1111111, 2222222). They are \
                 written to owner.txt in the bucket.",
            )
            .allowed_pattern(
                OWNERS,
                "Write at least one Synapse user id, team id, user name or e-mail address, and a \
                 comma between them: 1111111, 2222222.",
            ),
    )
}

fn cors(access: &BrowserAccess) -> s3::CorsConfiguration {
    let methods = [
        s3::CorsRuleAllowedMethods::Get,
        s3::CorsRuleAllowedMethods::Post,
        s3::CorsRuleAllowedMethods::Put,
        s3::CorsRuleAllowedMethods::Head,
    ];
    let origins: Value<List<String>> = access.origins.iter().collect();
    s3::CorsConfiguration::new([s3::CorsRule::new(methods, origins)
        .id("SynapseCORSRule")
        .allowed_headers(["*"])
        .max_age(access.max_age_seconds)])
}

/// Whatever Synapse uploads belongs to the bucket's account.
fn ownership() -> s3::OwnershipControls {
    s3::OwnershipControls::new([s3::OwnershipControlsRule::new()
        .object_ownership(s3::OwnershipControlsRuleObjectOwnership::BucketOwnerEnforced)])
}

compute_catalog::resource_type! {
    /// `AWS::S3::Object` of the `S3Objects` transform: an object whose text the template holds.
    struct OwnerFile = "AWS::S3::Object";
}

/// Why rules that know AWS's types only are silent about the owner file.
const MADE_BY_TRANSFORM: &str = "the S3Objects transform of the account turns this type into a \
     custom resource before CloudFormation looks at it; AWS has no such type";

/// The transform keeps the type and the properties only: an attribute such as `DependsOn` would be
/// lost, and the function that writes the file needs no policy of the bucket.
fn owner_file(bucket: &Handle<s3::Bucket>, owners: &ParameterHandle<List<String>>) -> OwnerFile {
    let target: Map = [
        ("Bucket", bucket.reference().into_node()),
        ("Key", "owner.txt".into()),
        ("ContentType", "text/plain".into()),
    ]
    .into_iter()
    .map(|(key, node)| (key.to_owned(), node))
    .collect();
    let target: Value<Json> = compute_catalog::cfn::Node::Map(target).into();
    OwnerFile::bare()
        .with("Target", target)
        .with("Body", join(",", owners))
        .suppress("schema", MADE_BY_TRANSFORM)
        .suppress_cfn_lint("E3006", MADE_BY_TRANSFORM)
}
