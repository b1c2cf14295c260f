//! S3 through the SDK: what publishing keeps in a bucket and relies on.

use crate::local::start;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{
    BucketVersioningStatus, ChecksumAlgorithm, ChecksumMode, PublicAccessBlockConfiguration,
    ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule, Tag, Tagging, VersioningConfiguration,
};

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("templates").send().await.unwrap();
    let put = s3
        .put_object()
        .bucket("templates")
        .key("a b/ü+t.yaml")
        .content_type("text/yaml")
        .tagging("owner=catalog&digest=a%2Fb")
        .metadata("digest", "abc")
        .body(b"Resources: {}".to_vec().into())
        .send()
        .await
        .unwrap();
    let got = s3
        .get_object()
        .bucket("templates")
        .key("a b/ü+t.yaml")
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert_eq!(got.e_tag(), put.e_tag());
    assert_eq!(got.content_type(), Some("text/yaml"));
    assert_eq!(got.metadata().unwrap()["digest"], "abc");
    assert_eq!(got.tag_count(), Some(2));
    let body = got.body.collect().await.unwrap().to_vec();
    assert_eq!(body, b"Resources: {}");
    let head = s3
        .head_object()
        .bucket("templates")
        .key("a b/ü+t.yaml")
        .send()
        .await
        .unwrap();
    assert_eq!(head.content_length(), Some(13));
    let tags = s3
        .get_object_tagging()
        .bucket("templates")
        .key("a b/ü+t.yaml")
        .send()
        .await
        .unwrap();
    assert_eq!(tags.tag_set()[1].value(), "a/b");
}

#[tokio::test]
async fn every_checksum_that_the_client_sends_is_proved() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("sums").send().await.unwrap();
    for algorithm in [
        ChecksumAlgorithm::Crc32,
        ChecksumAlgorithm::Crc32C,
        ChecksumAlgorithm::Sha1,
        ChecksumAlgorithm::Sha256,
    ] {
        // A body from a file is sent in chunks with the checksum after it.
        let file = local.folder.path().join("body");
        std::fs::write(&file, vec![7_u8; 200_000]).unwrap();
        s3.put_object()
            .bucket("sums")
            .key(algorithm.as_str())
            .checksum_algorithm(algorithm.clone())
            .body(
                aws_sdk_s3::primitives::ByteStream::from_path(&file)
                    .await
                    .unwrap(),
            )
            .send()
            .await
            .unwrap();
        let got = s3
            .get_object()
            .bucket("sums")
            .key(algorithm.as_str())
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await
            .unwrap();
        assert_eq!(got.body.collect().await.unwrap().to_vec().len(), 200_000);
    }
    let wrong = s3
        .put_object()
        .bucket("sums")
        .key("wrong")
        .checksum_crc32("AAAAAA==")
        .body(b"x".to_vec().into())
        .send()
        .await
        .unwrap_err();
    assert_eq!(wrong.code(), Some("BadDigest"));
    let listed = s3.list_objects_v2().bucket("sums").send().await.unwrap();
    assert_eq!(listed.key_count(), Some(4));
}

#[tokio::test]
async fn a_conditional_write_lets_one_of_two_win() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("locks").send().await.unwrap();
    let lock = |text: &str| {
        s3.put_object()
            .bucket("locks")
            .key("publish")
            .if_none_match("*")
            .body(text.as_bytes().to_vec().into())
            .send()
    };
    let first = lock("one").await.unwrap();
    assert_eq!(
        lock("two").await.unwrap_err().code(),
        Some("PreconditionFailed")
    );
    let over = |etag: &str| {
        s3.put_object()
            .bucket("locks")
            .key("publish")
            .if_match(etag)
            .body(b"three".to_vec().into())
            .send()
    };
    assert_eq!(
        over("\"no\"").await.unwrap_err().code(),
        Some("PreconditionFailed")
    );
    over(first.e_tag().unwrap()).await.unwrap();
    let stale = s3
        .delete_object()
        .bucket("locks")
        .key("publish")
        .if_match(first.e_tag().unwrap())
        .send()
        .await;
    assert_eq!(stale.unwrap_err().code(), Some("PreconditionFailed"));
}

#[tokio::test]
async fn versions_are_kept_and_a_deletion_hides_them() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("kept").send().await.unwrap();
    let enabled = VersioningConfiguration::builder()
        .status(BucketVersioningStatus::Enabled)
        .build();
    s3.put_bucket_versioning()
        .bucket("kept")
        .versioning_configuration(enabled)
        .send()
        .await
        .unwrap();
    let put = |text: &str| {
        s3.put_object()
            .bucket("kept")
            .key("k")
            .body(text.as_bytes().to_vec().into())
            .send()
    };
    let one = put("one").await.unwrap();
    put("two").await.unwrap();
    s3.delete_object()
        .bucket("kept")
        .key("k")
        .send()
        .await
        .unwrap();
    let gone = s3.get_object().bucket("kept").key("k").send().await;
    assert_eq!(gone.unwrap_err().code(), Some("NoSuchKey"));
    let old = s3
        .get_object()
        .bucket("kept")
        .key("k")
        .version_id(one.version_id().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(old.body.collect().await.unwrap().to_vec(), b"one");
}

#[tokio::test]
async fn settings_of_a_bucket_read_back() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("set-up").send().await.unwrap();
    let rule = ServerSideEncryptionRule::builder()
        .apply_server_side_encryption_by_default(
            ServerSideEncryptionByDefault::builder()
                .sse_algorithm(ServerSideEncryption::AwsKms)
                .kms_master_key_id("alias/catalog")
                .build()
                .unwrap(),
        )
        .build();
    s3.put_bucket_encryption()
        .bucket("set-up")
        .server_side_encryption_configuration(
            ServerSideEncryptionConfiguration::builder()
                .rules(rule.clone())
                .build()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
    let encryption = s3
        .get_bucket_encryption()
        .bucket("set-up")
        .send()
        .await
        .unwrap();
    let rules = encryption
        .server_side_encryption_configuration()
        .unwrap()
        .rules();
    assert_eq!(
        rules[0].apply_server_side_encryption_by_default(),
        rule.apply_server_side_encryption_by_default()
    );
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .restrict_public_buckets(false)
        .build();
    s3.put_public_access_block()
        .bucket("set-up")
        .public_access_block_configuration(block)
        .send()
        .await
        .unwrap();
    let block = s3
        .get_public_access_block()
        .bucket("set-up")
        .send()
        .await
        .unwrap();
    let block = block.public_access_block_configuration().unwrap();
    assert_eq!(
        (block.block_public_acls(), block.restrict_public_buckets()),
        (Some(true), Some(false))
    );
    let tags = s3.get_bucket_tagging().bucket("set-up").send().await;
    assert_eq!(tags.unwrap_err().code(), Some("NoSuchTagSet"));
    let tag = Tag::builder().key("a").value("<b>").build().unwrap();
    s3.put_bucket_tagging()
        .bucket("set-up")
        .tagging(Tagging::builder().tag_set(tag.clone()).build().unwrap())
        .send()
        .await
        .unwrap();
    let tags = s3
        .get_bucket_tagging()
        .bucket("set-up")
        .send()
        .await
        .unwrap();
    assert_eq!(tags.tag_set(), [tag]);
    let region = s3
        .get_bucket_location()
        .bucket("set-up")
        .send()
        .await
        .unwrap();
    assert_eq!(
        region
            .location_constraint()
            .map(|r| r.as_str())
            .unwrap_or(""),
        ""
    );
    let all = s3.list_buckets().send().await.unwrap();
    assert_eq!(all.buckets()[0].name(), Some("set-up"));
}

#[tokio::test]
async fn listing_pages_and_groups() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("many").send().await.unwrap();
    for key in ["a/1", "a/2", "b", "c/3", "d"] {
        s3.put_object()
            .bucket("many")
            .key(key)
            .send()
            .await
            .unwrap();
    }
    let page = |token: Option<String>| {
        s3.list_objects_v2()
            .bucket("many")
            .delimiter("/")
            .max_keys(2)
            .set_continuation_token(token)
            .send()
    };
    let (mut seen, mut token) = (Vec::new(), None);
    loop {
        let answer = page(token).await.unwrap();
        seen.extend(
            answer
                .contents()
                .iter()
                .filter_map(|one| one.key().map(str::to_owned)),
        );
        seen.extend(
            answer
                .common_prefixes()
                .iter()
                .filter_map(|one| one.prefix().map(str::to_owned)),
        );
        token = answer.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    seen.sort();
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
}

#[tokio::test]
async fn what_is_not_known_is_refused_by_name() {
    let local = start();
    let s3 = local.s3();
    s3.create_bucket().bucket("strict").send().await.unwrap();
    let acl = s3
        .put_object()
        .bucket("strict")
        .key("k")
        .acl(aws_sdk_s3::types::ObjectCannedAcl::PublicRead)
        .send()
        .await
        .unwrap_err();
    assert_eq!(acl.code(), Some("NotImplemented"));
    assert!(acl.message().unwrap().contains("x-amz-acl"));
    let operation = s3
        .get_bucket_cors()
        .bucket("strict")
        .send()
        .await
        .unwrap_err();
    assert!(operation.message().unwrap().contains("cors"));
    let missing = s3.head_bucket().bucket("absent").send().await.unwrap_err();
    assert!(missing.into_service_error().is_not_found());
    let bad = s3
        .create_bucket()
        .bucket("Bad_Name")
        .send()
        .await
        .unwrap_err();
    assert_eq!(bad.code(), Some("InvalidBucketName"));
}
