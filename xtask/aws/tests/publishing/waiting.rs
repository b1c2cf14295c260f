//! What is under way in the account is waited for, whoever began it.

use crate::small_catalog::catalog;
use crate::world::World;
use aws_sdk_cloudformation::types::ChangeSetType;
use publisher::{End, Session};

/// Begins an update of a stack as somebody with a console would, or a run that was killed, and doesn't
/// wait for its end.
async fn begin_update(session: &Session, stack: &str) {
    let stacks = &session.stacks;
    let described = stacks.describe_stacks().stack_name(stack).send().await;
    let described = described.unwrap();
    let live = &described.stacks()[0];
    let template = stacks.get_template().stack_name(stack).send().await;
    let template = template.unwrap().template_body.unwrap().replace(
        "Resources:\n",
        "Resources:\n  Theirs:\n    Type: AWS::ServiceCatalog::TagOption\n    Properties: { Key: Theirs, Value: one }\n",
    );
    stacks
        .create_change_set()
        .stack_name(stack)
        .change_set_name("theirs")
        .change_set_type(ChangeSetType::Update)
        .template_body(template)
        .set_parameters(Some(live.parameters().to_vec()))
        .send()
        .await
        .unwrap();
    let executed = || async {
        let call = stacks.execute_change_set().stack_name(stack);
        call.change_set_name("theirs").send().await.is_ok()
    };
    while !executed().await {
        let call = stacks.describe_change_set().stack_name(stack);
        let _ = call.change_set_name("theirs").send().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_of_ours_that_is_being_updated_is_waited_for_and_then_mended() {
    let world = World::with(|config| config.delays.pending = 4);
    let desired = catalog(&["v1.0.0"]);
    world.publish(&desired).await.unwrap();
    let session = world.session().await;
    begin_update(&session, "example-machines").await;
    let ended = world.publish(&desired).await.unwrap();
    assert!(matches!(ended, End::Verified(1, _)), "{ended:?}");
    let plan = world.plan(&desired).await;
    assert!(plan.is_empty(), "{plan}");
}
