//! A property that AWS's schema doesn't have.

use compute_catalog::resource::s3::Bucket;

fn main() {
    let _ = Bucket::new().bucket_nam("results");
}
