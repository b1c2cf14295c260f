//! The checksums that clients send with an object and expect back.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

use base64::{Engine, engine::general_purpose::STANDARD};
use crc_fast::CrcAlgorithm;
use serde::{Deserialize, Serialize};
use sha2::Digest;

/// An algorithm that S3 names in `x-amz-checksum-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 5] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64nvme,
        Self::Sha1,
        Self::Sha256,
    ];

    /// The header that carries the checksum.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The checksum of a body as the header carries it: base64, most significant byte first.
    pub(crate) fn of(self, body: &[u8]) -> String {
        let crc = |algorithm| crc_fast::checksum(algorithm, body);
        match self {
            Self::Crc32 => STANDARD.encode(&crc(CrcAlgorithm::Crc32IsoHdlc).to_be_bytes()[4..]),
            Self::Crc32c => STANDARD.encode(&crc(CrcAlgorithm::Crc32Iscsi).to_be_bytes()[4..]),
            Self::Crc64nvme => STANDARD.encode(crc(CrcAlgorithm::Crc64Nvme).to_be_bytes()),
            Self::Sha1 => STANDARD.encode(sha1::Sha1::digest(body)),
            Self::Sha256 => STANDARD.encode(sha2::Sha256::digest(body)),
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let body = b"123456789";
        assert_eq!(
            Algorithm::Crc32.of(body),
            STANDARD.encode([0xcb, 0xf4, 0x39, 0x26])
        );
        assert_eq!(
            Algorithm::Crc32c.of(body),
            STANDARD.encode([0xe3, 0x06, 0x92, 0x83])
        );
        assert_eq!(
            Algorithm::Crc64nvme.of(body),
            STANDARD.encode(0xae8b_1486_0a79_9888_u64.to_be_bytes())
        );
    }
}
