//! An attribute of another type of resource.

use compute_catalog::cfn::Builder;
use compute_catalog::resource::s3::Bucket;

fn main() {
    let mut builder = Builder::new("a bucket");
    let bucket = builder.resource("S3Bucket", Bucket::new());
    let _ = bucket.group_id();
}
