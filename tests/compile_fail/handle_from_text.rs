//! A resource is referred to by the handle of its declaration: text makes none.

use compute_catalog::cfn::Handle;
use compute_catalog::resource::s3::Bucket;

fn main() {
    let bucket: Handle<Bucket> = "S3Bucket".into();
    let _ = bucket.reference();
}
