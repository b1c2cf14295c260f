//! Roles that products make: under the product's path, within the permissions boundary.
//!
//! Launch roles may make no others. The path says whose a role is; the boundary, which the
//! foundation stack exports, is the most that the role can do. Both are set here, on every role of
//! every product, so that no model can leave them out.

use super::{AccountExports, Key, MissingImport, PerAccount, ProductError};
use crate::cfn::{Intrinsic, Map, Node, Template};

/// The key of the export that holds the boundary's ARN: the same name in every account.
pub const BOUNDARY_EXPORT: &str = "PermissionsBoundary";

/// The path of a product's roles.
pub fn role_path(product: &Key) -> String {
    format!("/service-catalog/{product}/")
}

/// Puts every role of the template under the product's path and within the boundary, and every managed
/// policy under the path: a launch role changes policies there, and none that stands elsewhere.
///
/// # Errors
/// The template makes a role, and no export of the boundary is declared for all accounts.
pub(super) fn bind_roles(
    template: &mut Template,
    product: &Key,
    account_exports: &AccountExports,
) -> Result<(), ProductError> {
    for resource in template.resources.values_mut() {
        if resource.kind == "AWS::IAM::ManagedPolicy" {
            let path = role_path(product).into();
            resource.properties.insert("Path".to_owned(), path);
        }
    }
    let mut roles = template
        .resources
        .values_mut()
        .filter(|resource| resource.kind == "AWS::IAM::Role")
        .peekable();
    if roles.peek().is_none() {
        return Ok(());
    }
    let Some(PerAccount::Same(export)) = account_exports.exports.get(BOUNDARY_EXPORT) else {
        return Err(ProductError::Import(MissingImport {
            product: product.to_string(),
            key: BOUNDARY_EXPORT.to_owned(),
            accounts: Vec::new(),
            nearest: None,
        }));
    };
    let name = Intrinsic::Sub {
        text: export.clone(),
        variables: Map::default(),
    };
    let boundary: Node = Intrinsic::ImportValue(name.into()).into();
    for role in roles {
        role.properties
            .insert("Path".to_owned(), role_path(product).into());
        role.properties
            .insert("PermissionsBoundary".to_owned(), boundary.clone());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::read;

    const ROLE: &str = "
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {Path: /, AssumeRolePolicyDocument: {}}
";

    #[test]
    fn every_role_is_bound() {
        let mut template = read(ROLE).unwrap();
        let mut account_exports = AccountExports::default();
        account_exports.exports.insert(
            BOUNDARY_EXPORT.to_owned(),
            PerAccount::Same("${AWS::Region}-x".to_owned()),
        );
        bind_roles(&mut template, &"a-b".parse().unwrap(), &account_exports).unwrap();
        let properties = &template.to_json()["Resources"]["Role"]["Properties"];
        assert_eq!(properties["Path"], "/service-catalog/a-b/");
        assert_eq!(
            properties["PermissionsBoundary"]["Fn::ImportValue"]["Fn::Sub"],
            "${AWS::Region}-x"
        );
    }

    #[test]
    fn a_role_without_a_declared_boundary_is_refused() {
        let mut template = read(ROLE).unwrap();
        let product = "a-b".parse().unwrap();
        let fault = bind_roles(&mut template, &product, &AccountExports::default()).unwrap_err();
        assert!(
            fault
                .to_string()
                .contains("the export `PermissionsBoundary` is not declared"),
            "{fault}"
        );
        let mut without = Template::default();
        assert!(bind_roles(&mut without, &product, &AccountExports::default()).is_ok());
    }
}
