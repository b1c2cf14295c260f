//! Templates as the services take them: read and checked by the core.

use compute_catalog::cfn::{self, Outcome, Template};

/// Reads a template. The error lists everything that CloudFormation would
/// refuse before it looks at a resource.
pub(crate) fn read(body: &[u8]) -> Result<Template, String> {
    if body.len() > 1 << 20 {
        return Err("the template is larger than 1 MB".to_owned());
    }
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let template = cfn::read(text).map_err(list)?;
    if template.resources.is_empty() {
        return Err(
            "Template format error: At least one Resources member must be defined.".to_owned(),
        );
    }
    let mut defects = template.defects();
    defects.retain(|defect| defect.outcome == Outcome::Refused);
    if defects.is_empty() {
        Ok(template)
    } else {
        Err(list(defects.iter().map(|defect| {
            format!("{}: {}", defect.at.segments().join("/"), defect.message)
        })))
    }
}

fn list(errors: impl IntoIterator<Item = impl ToString>) -> String {
    let all: Vec<String> = errors.into_iter().map(|error| error.to_string()).collect();
    format!("Template format error: {}", all.join("; "))
}
