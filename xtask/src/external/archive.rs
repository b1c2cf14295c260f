//! The archive that an engine reads: the same bytes of the same files, whoever makes it and when.

use compute_catalog::product::{ArtifactFile, FileKind};
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use std::io::{self, Read, Write};
use tar::{Builder, EntryType, Header};

/// What a frozen archive may have unpacked: what is larger isn't of ours.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The files as `tar.gz`, in the order of their paths, the root of the folder at the root of the archive.
/// It holds no time, no owner and no name of a machine; of a mode, whether a file can be run.
///
/// # Errors
/// A path that no archive holds.
pub fn archive(files: &[ArtifactFile]) -> io::Result<Vec<u8>> {
    // No time, and no file's name.
    let mut gzip = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    gzip.write_all(&unpacked(files)?)?;
    gzip.finish()
}

fn unpacked(files: &[ArtifactFile]) -> io::Result<Vec<u8>> {
    let mut sorted: Vec<&ArtifactFile> = files.iter().collect();
    sorted.sort();
    let mut tar = Builder::new(Vec::new());
    for file in sorted {
        let mode = match file.kind {
            FileKind::Plain => 0o644,
            FileKind::Program => 0o755,
            // The rule of artifacts tells it.
            FileKind::Link | FileKind::Special => continue,
        };
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(file.bytes.len() as u64);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        tar.append_data(&mut header, &file.path, file.bytes.as_slice())?;
    }
    tar.into_inner()
}

/// Whether a frozen archive holds these files and no others. Another release of the compressing library may
/// write the same files in other bytes: that is no change.
pub fn holds_the_same(archive: &[u8], files: &[ArtifactFile]) -> bool {
    let mut held = Vec::new();
    let read = GzDecoder::new(archive).take(LARGEST).read_to_end(&mut held);
    read.is_ok() && unpacked(files).is_ok_and(|own| own == held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use compute_catalog::digest::Digest;

    fn file(path: &str, kind: FileKind, text: &str) -> ArtifactFile {
        ArtifactFile {
            path: path.to_owned(),
            kind,
            bytes: text.into(),
        }
    }

    #[test]
    fn the_same_files_are_the_same_bytes_in_whatever_order_they_are_found() {
        let main = file("main.tf", FileKind::Plain, "variable \"name\" {}\n");
        let long = format!("modules/{}/main.tf", "a".repeat(120));
        let deep = file(&long, FileKind::Program, "");
        let one = archive(&[main.clone(), deep.clone()]).unwrap();
        let files = [deep, main];
        assert_eq!(archive(&files).unwrap(), one);
        assert!(holds_the_same(&one, &files));
        assert!(!holds_the_same(&one, &files[..1]));
        assert!(!holds_the_same(&one[..one.len() - 9], &files));
        // Another machine, another year: these bytes.
        let digest = "sha256:a833c291732e80fa042dd6a3ee381df006fbb71c5e9aa861780e0fd20d19d834";
        let tar = unpacked(&files).unwrap();
        assert_eq!(Digest::of(&tar).to_string(), digest);

        let mut held = Vec::new();
        let mut tar = tar::Archive::new(GzDecoder::new(one.as_slice()));
        for entry in tar.entries().unwrap() {
            let entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.mtime().unwrap()), (0, 0));
            let path = entry.path().unwrap().display().to_string();
            held.push((path, header.mode().unwrap()));
        }
        assert_eq!(held, [("main.tf".to_owned(), 0o644), (long, 0o755)]);
    }
}
