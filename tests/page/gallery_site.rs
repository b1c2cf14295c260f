//! The preview of a made-up catalog that never changes, so that pictures of its pages change only
//! when their look does. `scripts/preview-test.sh` takes the pictures of what is written here.

use crate::catalog::{Catalog, Files, root};
use std::fs;
use std::path::Path;

#[test]
fn the_gallery_has_every_kind_of_page() {
    let site = Catalog::of(&Files(root().join("tests/page/gallery"))).site();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    for (path, text) in &site {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    for page in [
        "index.html",
        "environments.html",
        "communities/staff.html",
        "pages/workstation.html",
        "pages/workstation-launch.html",
        "pages/workstation-parts.html",
        "pages/workstation-versions.html",
        "pages/bucket.html",
    ] {
        assert!(site.contains_key(page), "{page} is not in the gallery");
    }
    let versions = &site["pages/workstation-versions.html"];
    assert!(
        versions.contains("From v1.0.0 to the next release"),
        "{versions}"
    );
}
