//! The `aws-chunked` body encoding: chunks with optional signatures, then
//! trailing headers such as a checksum.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>

use bytes::Bytes;

/// A decoded body and the headers that followed it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub body: Bytes,
    /// Lower-case names.
    pub trailers: Vec<(String, String)>,
}

/// Decodes a body. The error says what is wrong with it.
pub(crate) fn decode(mut rest: &[u8]) -> Result<Decoded, String> {
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let head = line(&mut rest)?;
        let size = head.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| format!("bad chunk size {size:?}"))?;
        if size == 0 {
            break;
        }
        let chunk = rest
            .get(..size)
            .ok_or_else(|| format!("a chunk of {size} bytes is cut short"))?;
        body.extend_from_slice(chunk);
        rest = rest.get(size..).unwrap_or_default();
        if !line(&mut rest)?.is_empty() {
            return Err("a chunk is longer than its size says".to_owned());
        }
    }
    let mut trailers = Vec::new();
    while !rest.is_empty() {
        let text = line(&mut rest)?;
        if let Some((name, value)) = text.split_once(':') {
            trailers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        } else if !text.is_empty() {
            return Err(format!("bad trailer {text:?}"));
        }
    }
    Ok(Decoded {
        body: body.into(),
        trailers,
    })
}

fn line<'a>(rest: &mut &'a [u8]) -> Result<&'a str, String> {
    let end = rest
        .windows(2)
        .position(|pair| pair == b"\r\n")
        .ok_or("a line without an end")?;
    let (head, tail) = rest.split_at(end);
    *rest = tail.get(2..).unwrap_or_default();
    std::str::from_utf8(head).map_err(|_| "a line that isn't text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_chunks_and_trailers() {
        let decoded = decode(
            b"5;chunk-signature=ab\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n",
        )
        .unwrap();
        assert_eq!(decoded.body, "hello!");
        assert_eq!(
            decoded.trailers,
            [("x-amz-checksum-crc32".to_owned(), "AAAA".to_owned())]
        );
    }

    #[test]
    fn refuses_a_body_cut_short() {
        assert!(decode(b"5\r\nhel").unwrap_err().contains("cut short"));
        assert!(decode(b"2\r\nhello\r\n0\r\n\r\n").is_err());
        assert!(decode(b"zz\r\n").unwrap_err().contains("bad chunk size"));
    }
}
