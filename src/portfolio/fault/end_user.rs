//! End users: roles that stand once, and abilities that have a policy.

use super::FileRule;
use super::found::Found;
use crate::portfolio::CatalogFiles;

pub(super) fn check(catalog: &CatalogFiles, found: &mut Found) {
    let mut here = found.in_file(&catalog.end_users_path);
    let users = &catalog.end_users;
    for (index, role) in users.roles.iter().enumerate() {
        let mut before = users.roles.iter().take(index);
        if before.any(|other| other.key == role.key) {
            here.add(
                FileRule::Names,
                role.key.at,
                format!("the role `{}` stands a second time", role.key.value),
                "one role a key",
            );
        }
        for ability in &role.abilities {
            let mut policies = users.policies.iter();
            if !policies.any(|policy| policy.ability == *ability) {
                here.add(
                    FileRule::Abilities,
                    ability.at,
                    "no policy allows this".to_owned(),
                    "add the ability under `policies`, with the logical id of its policy",
                );
            }
        }
    }
}
