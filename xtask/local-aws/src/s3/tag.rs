//! Which tags S3 takes.

use crate::state::tag::Tag;
use crate::wire::ApiError;

/// S3's limits: no key twice, `most` tags, 128 and 256 characters.
pub(super) fn check(tags: &[Tag], most: usize) -> Result<(), ApiError> {
    let bad = |message: String| Err(ApiError::new(400, "InvalidTag", message));
    if tags.len() > most {
        return Err(ApiError::new(
            400,
            "BadRequest",
            format!("tags cannot be more than {most}"),
        ));
    }
    for (index, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() || tag.key.chars().count() > 128 {
            return bad(format!(
                "The TagKey you have provided is invalid: {:?}",
                tag.key
            ));
        }
        if tag.value.chars().count() > 256 {
            return bad(format!("The TagValue of {:?} is too long", tag.key));
        }
        if tags.iter().take(index).any(|other| other.key == tag.key) {
            return bad(format!(
                "Cannot provide multiple Tags with the same key: {:?}",
                tag.key
            ));
        }
    }
    Ok(())
}
