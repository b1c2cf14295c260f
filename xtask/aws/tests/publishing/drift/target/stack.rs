//! Stacks, and the templates in the bucket, changed by somebody with a console.

use super::Target;
use aws_sdk_cloudformation::types::{ChangeSetType, Parameter};
use aws_sdk_s3::types::Tagging;

impl Target {
    /// Makes a drift of this kind; whether it is one of these.
    pub(super) async fn drift_stack(&self, kind: &str) -> bool {
        let s3 = &self.session.s3;
        match kind {
            "template deleted" => {
                let call = s3.delete_object().bucket(&self.bucket).key(&self.object);
                call.send().await.unwrap();
            }
            "template overwritten" => {
                let call = s3.put_object().bucket(&self.bucket).key(&self.object);
                call.body(b"Resources: {}\n".to_vec().into())
                    .send()
                    .await
                    .unwrap();
            }
            "stack edited" => self.edit_stack().await,
            "template's tag taken off" => self.tag_object("theirs", "yes").await,
            "template's tag set otherwise" => {
                self.tag_object("servicecatalog:provisioning", "false")
                    .await;
            }
            "template overwritten and untagged" => {
                let call = s3.put_object().bucket(&self.bucket).key(&self.object);
                call.body(b"theirs".to_vec().into()).send().await.unwrap();
                self.tag_object("theirs", "yes").await;
            }
            "templates all deleted" => self.empty_bucket().await,
            "change set left under our name" => {
                self.edit_stack().await;
                let call = self.session.stacks.create_change_set();
                call.stack_name("lab-grants")
                    .change_set_name("publish-left")
                    .change_set_type(ChangeSetType::Update)
                    .template_body(&self.grants)
                    .set_parameters(Some(Vec::<Parameter>::new()))
                    .send()
                    .await
                    .unwrap();
            }
            "stack deleted" => {
                let stacks = &self.session.stacks;
                let call = stacks.delete_stack().stack_name("lab-grants");
                call.send().await.unwrap();
                for _ in 0..20 {
                    let call = stacks.describe_stacks().stack_name("lab-grants");
                    if call.send().await.is_err() {
                        return true;
                    }
                }
                panic!("the stack can't be deleted");
            }
            _ => return false,
        }
        true
    }

    async fn tag_object(&self, key: &str, value: &str) {
        let tag = aws_sdk_s3::types::Tag::builder()
            .key(key)
            .value(value)
            .build();
        let tags = Tagging::builder().tag_set(tag.unwrap()).build().unwrap();
        let call = self.session.s3.put_object_tagging().bucket(&self.bucket);
        call.key(&self.object).tagging(tags).send().await.unwrap();
    }

    /// Deletes what stands in the bucket.
    async fn empty_bucket(&self) {
        let s3 = &self.session.s3;
        let listed = s3
            .list_objects_v2()
            .bucket(&self.bucket)
            .send()
            .await
            .unwrap();
        for object in listed.contents() {
            let call = s3.delete_object().bucket(&self.bucket);
            call.key(object.key().unwrap()).send().await.unwrap();
        }
    }

    /// Adds a tag option to a stack, as somebody with a console would.
    async fn edit_stack(&self) {
        let stacks = &self.session.stacks;
        let template = self.grants.replace(
            "Resources:\n",
            "Resources:\n  Theirs:\n    Type: AWS::ServiceCatalog::TagOption\n    Properties: { Key: Theirs, Value: one }\n",
        );
        stacks
            .create_change_set()
            .stack_name("lab-grants")
            .change_set_name("theirs")
            .change_set_type(ChangeSetType::Update)
            .template_body(template)
            .set_parameters(Some(Vec::<Parameter>::new()))
            .send()
            .await
            .unwrap();
        let executed = || async {
            let call = stacks.execute_change_set().stack_name("lab-grants");
            call.change_set_name("theirs").send().await.is_ok()
        };
        while !executed().await {
            let call = stacks.describe_change_set().stack_name("lab-grants");
            let _ = call.change_set_name("theirs").send().await;
        }
        let settled = || async {
            let call = stacks.describe_stacks().stack_name("lab-grants");
            let answer = call.send().await.unwrap();
            answer.stacks()[0].stack_status().unwrap().as_str() == "UPDATE_COMPLETE"
        };
        while !settled().await {}
    }
}
