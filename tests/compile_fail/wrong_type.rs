//! An attribute that yields text, where a number is wanted.

use compute_catalog::cfn::{Builder, Value};
use compute_catalog::resource::s3::Bucket;

fn main() {
    let mut builder = Builder::new("a bucket");
    let bucket = builder.resource("S3Bucket", Bucket::new());
    let _: Value<i64> = bucket.arn();
}
