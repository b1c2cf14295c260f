//! The engine of `EXTERNAL` products: that it is there. Without it their forms don't open.

use super::{Inspected, Inspection};
use crate::product::ProductType;
use crate::publish::{Blocker, Subject};

/// The function of an engine that Service Catalog asks for parameters, by the name that it has to have.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/external-engine.html#external-engine-parameters>
const PARSER: &str = "ServiceCatalogExternalParameterParser";

/// The ARN of the engine's function, where the account is to have one: products of an engine that runs in
/// another account are seen there only.
pub(super) fn parser(inspection: &Inspection<'_>) -> Option<String> {
    let desired = inspection.desired;
    let engine = inspection.catalog.foundation.external_engine.as_ref()?;
    let is_here = engine
        .account
        .as_ref()
        .is_none_or(|account| *account == desired.account);
    let is_used = external(inspection).next().is_some();
    (is_here && is_used).then(|| {
        let function = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function";
        format!("{}:{PARSER}", inspection.plain(function))
    })
}

/// The products that an engine makes.
fn external<'a>(
    inspection: &'a Inspection<'_>,
) -> impl Iterator<Item = &'a crate::publish::Product> {
    let products = inspection.desired.products.iter();
    products.filter(|product| {
        let mut versions = product.versions.iter();
        versions.any(|version| version.product_type == ProductType::External)
    })
}

pub(super) fn check(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    let Some(arn) = parser(inspection) else {
        return;
    };
    if found.functions.get(&arn) != Some(&false) {
        return;
    }
    findings.extend(external(inspection).map(|product| Blocker {
        on: Subject::Product(product.key.clone()),
        message: format!("its engine isn't there: the account has no function {PARSER}"),
        hint: "install the engine, or name the `account` that it runs in under `externalEngine` of the foundation file"
            .to_owned(),
    }));
}
