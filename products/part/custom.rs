//! Custom resources whose handlers stand outside the catalog.
//!
//! Each keeps the type name, the token's export and the property names of the handler that is
//! running in the accounts: a stack update can change none of them.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>

use compute_catalog::cfn::{Json, List, Map, Value};

compute_catalog::resource_type! {
    /// `Custom::SynapseTagger`: tags a resource with the profile of the person who owns it.
    pub struct SynapseTagger = "Custom::SynapseTagger";
}

impl SynapseTagger {
    /// Tags an instance and its volumes. The token is the handler for instances.
    pub fn of_instance(
        token: impl Into<Value<String>>,
        instance_id: impl Into<Value<String>>,
    ) -> SynapseTagger {
        SynapseTagger::bare()
            .with("ServiceToken", token.into())
            .with("InstanceId", instance_id.into())
    }

    /// Tags a bucket. The token is the handler for buckets.
    pub fn of_bucket(
        token: impl Into<Value<String>>,
        bucket_name: impl Into<Value<String>>,
    ) -> SynapseTagger {
        SynapseTagger::bare()
            .with("ServiceToken", token.into())
            .with("BucketName", bucket_name.into())
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
        let resources: Value<Json> = compute_catalog::cfn::Node::Map(map).into();
        SynapseTagger::bare()
            .with("ServiceToken", token.into())
            .with("BatchResources", resources)
    }
}

compute_catalog::resource_type! {
    /// `Custom::SCS3BucketPolicy`: writes the whole policy of a bucket, for the person who launched
    /// the product and for further principals. Its deletion deletes the whole policy.
    pub struct BucketPolicy = "Custom::SCS3BucketPolicy";
}

impl BucketPolicy {
    /// The policy of this bucket.
    pub fn new(
        token: impl Into<Value<String>>,
        bucket_name: impl Into<Value<String>>,
    ) -> BucketPolicy {
        BucketPolicy::bare()
            .with("ServiceToken", token.into())
            .with("BucketName", bucket_name.into())
    }

    /// Principals beside the person who launched the product.
    pub fn extra_principal_arns(self, arns: impl Into<Value<List<String>>>) -> BucketPolicy {
        self.with("ExtraPrincipalArns", arns.into())
    }
}

compute_catalog::resource_type! {
    /// `Custom::ALBListenerRule`: sends an instance's path of the shared load balancer to its target
    /// group, behind the login. The handler creates and deletes; a change needs a new logical id.
    pub struct ListenerRule = "Custom::ALBListenerRule";
}

impl ListenerRule {
    /// The rule of this instance.
    pub fn new(
        token: impl Into<Value<String>>,
        instance_id: impl Into<Value<String>>,
        target_group_arn: impl Into<Value<String>>,
        listener_arn: impl Into<Value<String>>,
    ) -> ListenerRule {
        ListenerRule::bare()
            .with("ServiceToken", token.into())
            .with("InstanceId", instance_id.into())
            .with("TargetGroupArn", target_group_arn.into())
            .with("ListenerArn", listener_arn.into())
    }
}
