//! Who the caller is: several accounts by access key, and a role in another account.

use crate::local::iam::{has_role, iam};
use crate::local::{settings, start, start_with};
use aws_sdk_sts::error::ProvideErrorMetadata;
use local_aws::Identity;

#[tokio::test]
async fn any_key_is_the_default_account() {
    let local = start();
    let sts = aws_sdk_sts::Client::new(&local.settings("AKIAANY"));
    let identity = sts.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("123456789012"));
}

#[tokio::test]
async fn listed_keys_have_their_accounts_and_others_none() {
    let local = start_with(|config| {
        config
            .keys
            .insert("AKIADEV".into(), Identity::user("111111111111", "dev"));
        config
            .keys
            .insert("AKIAPROD".into(), Identity::user("222222222222", "prod"));
        config
            .aliases
            .insert("222222222222".into(), "org-prod".into());
        config
            .roles
            .insert("arn:aws:iam::222222222222:role/publisher".into());
    });
    let endpoint = local.server.endpoint();
    let dev = aws_sdk_sts::Client::new(&settings(endpoint, "AKIADEV"));
    let identity = dev.get_caller_identity().send().await.unwrap();
    assert_eq!(identity.arn(), Some("arn:aws:iam::111111111111:user/dev"));
    let nobody = aws_sdk_sts::Client::new(&settings(endpoint, "AKIANOBODY"));
    let refused = nobody.get_caller_identity().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("InvalidClientTokenId"));

    let assume = |role: &str| {
        dev.assume_role()
            .role_arn(role)
            .role_session_name("publish")
            .send()
    };
    let denied = assume("arn:aws:iam::222222222222:role/absent")
        .await
        .unwrap_err();
    assert_eq!(denied.code(), Some("AccessDenied"));
    let session = assume("arn:aws:iam::222222222222:role/publisher")
        .await
        .unwrap();
    let key = session.credentials().unwrap().access_key_id().to_owned();
    let (_, aliases) = iam(endpoint, &key, "ListAccountAliases", "");
    assert!(aliases.contains("<member>org-prod</member>"), "{aliases}");
    assert!(has_role(endpoint, &key, "publisher"));
    assert!(!has_role(endpoint, &key, "absent"));
}

#[tokio::test]
async fn buckets_belong_to_one_account() {
    let local = start_with(|config| {
        config
            .keys
            .insert("AKIADEV".into(), Identity::user("111111111111", "dev"));
        config
            .keys
            .insert("AKIAPROD".into(), Identity::user("222222222222", "prod"));
    });
    let dev = aws_sdk_s3::Client::new(&local.settings("AKIADEV"));
    let prod = aws_sdk_s3::Client::new(&local.settings("AKIAPROD"));
    dev.create_bucket().bucket("of-dev").send().await.unwrap();
    let taken = prod
        .create_bucket()
        .bucket("of-dev")
        .send()
        .await
        .unwrap_err();
    assert_eq!(taken.code(), Some("BucketAlreadyExists"));
    let denied = prod
        .put_object()
        .bucket("of-dev")
        .key("k")
        .send()
        .await
        .unwrap_err();
    assert_eq!(denied.code(), Some("AccessDenied"));
    assert!(
        prod.list_buckets()
            .send()
            .await
            .unwrap()
            .buckets()
            .is_empty()
    );
}
