//! Models that were made of hand-written templates, held to these.

use super::{AccountExports, Context, Model, ProductError, SourceFile, Sources};
use crate::cfn::{Suppression, differences, read_of_others};

/// What an imported model's template says otherwise than the template that it was made of: a path
/// each, or why there is no template. For the test beside the model, which hands over the files of the
/// product's folder that the model reads, by their paths there.
///
/// What the catalog adds to every product, such as the boundary of roles, is no part of the model
/// and isn't compared.
pub fn imported_differences<M: Model>(
    settings: &str,
    original: &str,
    files: &[(&str, &str)],
) -> Vec<String> {
    let own = |(path, text): &(&str, &str)| (format!("{}/{path}", M::KEY), (*text).to_owned());
    let path = format!("products/{}/settings.yaml", M::KEY);
    let read_settings = match crate::yaml::load::<M::Settings>(&path, settings) {
        Ok(settings) => settings,
        Err(errors) => return errors.iter().map(ToString::to_string).collect(),
    };
    let original = match read_of_others(original) {
        Ok((original, ..)) => original,
        Err(errors) => return errors.iter().map(ToString::to_string).collect(),
    };
    let sources = Sources {
        settings: SourceFile {
            path,
            text: settings.to_owned(),
        },
        files: files.iter().map(own).collect(),
    };
    let context = Context {
        key: &M::KEY,
        settings: &read_settings,
        sources: &sources,
        account_exports: &AccountExports::default(),
    };
    match M::template(&context) {
        Ok(mut template) => {
            // What may stay for now was said by the import.
            for resource in template.resources.values_mut() {
                resource.metadata.shift_remove(Suppression::METADATA);
            }
            differences(&original, &template)
        }
        Err(faults) => faults.iter().map(ProductError::to_string).collect(),
    }
}
