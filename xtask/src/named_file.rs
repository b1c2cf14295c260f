//! The text of files that people name or write, and why it can't be read.

use compute_catalog::yaml::{InputError, Location};
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// The text of a file that somebody named; `-` is standard input. No more than `most` bytes are read.
///
/// # Errors
/// It isn't there, can't be read, or isn't UTF-8.
pub fn read(path: &Path, most: u64) -> Result<String, InputError> {
    let mut bytes = Vec::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    let file = path.display().to_string();
    read.map_err(|cause| unreadable(&file, &cause))?;
    decoded(&file, bytes)
}

/// Text as bytes.
///
/// # Errors
/// The first place where it isn't UTF-8.
pub fn decoded(file: &str, bytes: Vec<u8>) -> Result<String, InputError> {
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..end]).into_owned();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let byte = error.as_bytes()[end];
        InputError {
            file: file.to_owned(),
            at: Location {
                line: before.matches('\n').count() + 1,
                column: line.chars().count() + 1,
            },
            message: format!("not UTF-8: the byte {byte:02X} begins no letter"),
            hint: Some("save the file as UTF-8; an editor says how it is saved now".to_owned()),
        }
    })
}

fn unreadable(file: &str, cause: &Error) -> InputError {
    let (message, hint) = match cause.kind() {
        ErrorKind::NotFound => (
            "there is no such file".to_owned(),
            "name a file with a template; `-` is standard input",
        ),
        ErrorKind::IsADirectory => ("this is a folder".to_owned(), "name the files in it"),
        ErrorKind::PermissionDenied => (
            "you may not read this file".to_owned(),
            "`ls -l` shows who may",
        ),
        _ => (
            format!("the file can't be read: {cause}"),
            "name a file with a template; `-` is standard input",
        ),
    };
    InputError {
        file: file.to_owned(),
        at: Location::default(),
        message,
        hint: Some(hint.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf_8_is_told_where_it_is() {
        let error = decoded("a.yaml", b"name: x\n# caf\xe9\n".to_vec()).unwrap_err();
        assert_eq!((error.at.line, error.at.column), (2, 6));
        assert_eq!(error.message, "not UTF-8: the byte E9 begins no letter");
        assert_eq!(decoded("a.yaml", "é\n".into()).unwrap(), "é\n");
    }
}
