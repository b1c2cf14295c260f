//! A required property left out.

use compute_catalog::resource::s3::BucketPolicy;

fn main() {
    let _ = BucketPolicy::new("bucket");
}
