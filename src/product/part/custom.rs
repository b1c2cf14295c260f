//! Custom resources whose handlers stand outside the catalog.
//!
//! Each keeps the type name, the token's export and the property names of the handler that is
//! running in the accounts: a stack update can change none of them.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>

use crate::cfn::{Json, List, Map, Properties, ResourceType, Value};

/// `Custom::SynapseTagger`: tags a resource with the profile of the person who owns it.
#[derive(Clone, Debug)]
#[must_use]
pub struct SynapseTagger(Properties);

impl SynapseTagger {
    /// Tags an instance and its volumes. The token is the handler for instances.
    pub fn of_instance(
        token: impl Into<Value<String>>,
        instance_id: impl Into<Value<String>>,
    ) -> SynapseTagger {
        SynapseTagger(with_token(token).with("InstanceId", instance_id.into()))
    }

    /// Tags a bucket. The token is the handler for buckets.
    pub fn of_bucket(
        token: impl Into<Value<String>>,
        bucket_name: impl Into<Value<String>>,
    ) -> SynapseTagger {
        SynapseTagger(with_token(token).with("BucketName", bucket_name.into()))
    }

    /// Tags Batch resources, by name and ARN. The token is the handler for Batch.
    pub fn of_batch<const N: usize>(
        token: impl Into<Value<String>>,
        arns: [(&str, Value<String>); N],
    ) -> SynapseTagger {
        let map: Map = arns
            .into_iter()
            .map(|(name, arn)| (name.to_owned(), arn.into_node()))
            .collect();
        let resources: Value<Json> = crate::cfn::Node::Map(map).into();
        SynapseTagger(with_token(token).with("BatchResources", resources))
    }
}

impl ResourceType for SynapseTagger {
    const TYPE: &'static str = "Custom::SynapseTagger";

    fn into_properties(self) -> Properties {
        self.0
    }
}

/// `Custom::SCS3BucketPolicy`: writes the whole policy of a bucket, for the person who launched
/// the product and for further principals. Its deletion deletes the whole policy.
#[derive(Clone, Debug)]
#[must_use]
pub struct BucketPolicy(Properties);

impl BucketPolicy {
    /// The policy of this bucket.
    pub fn new(
        token: impl Into<Value<String>>,
        bucket_name: impl Into<Value<String>>,
    ) -> BucketPolicy {
        BucketPolicy(with_token(token).with("BucketName", bucket_name.into()))
    }

    /// Principals beside the person who launched the product.
    pub fn extra_principal_arns(self, arns: impl Into<Value<List<String>>>) -> BucketPolicy {
        BucketPolicy(self.0.with("ExtraPrincipalArns", arns.into()))
    }
}

impl ResourceType for BucketPolicy {
    const TYPE: &'static str = "Custom::SCS3BucketPolicy";

    fn into_properties(self) -> Properties {
        self.0
    }
}

/// `Custom::ALBListenerRule`: sends an instance's path of the shared load balancer to its target
/// group, behind the login. The handler creates and deletes; a change needs a new logical id.
#[derive(Clone, Debug)]
#[must_use]
pub struct ListenerRule(Properties);

impl ListenerRule {
    /// The rule of this instance.
    pub fn new(
        token: impl Into<Value<String>>,
        instance_id: impl Into<Value<String>>,
        target_group_arn: impl Into<Value<String>>,
        listener_arn: impl Into<Value<String>>,
    ) -> ListenerRule {
        ListenerRule(
            with_token(token)
                .with("InstanceId", instance_id.into())
                .with("TargetGroupArn", target_group_arn.into())
                .with("ListenerArn", listener_arn.into()),
        )
    }
}

impl ResourceType for ListenerRule {
    const TYPE: &'static str = "Custom::ALBListenerRule";

    fn into_properties(self) -> Properties {
        self.0
    }
}

fn with_token(token: impl Into<Value<String>>) -> Properties {
    Properties::new().with("ServiceToken", token.into())
}
