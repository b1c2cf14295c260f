//! The rules of the catalog's files: what each line may say, given all the others.

use super::{Catalog, Launch, MOST_PER_PORTFOLIO, Placement, Portfolio, Principal};
use crate::cfn::Template;
use crate::product::Key;
use crate::yaml::{InputError, Location, nearest};
use indexmap::IndexMap;
use std::collections::BTreeMap;

/// What the rules know beside the files.
pub struct Known<'a> {
    /// The products, each with its templates: now, and of each version of ours still active.
    pub products: &'a IndexMap<Key, Vec<&'a Template>>,
    /// Names of exports of stacks outside the catalog, as the organisation file declares them.
    pub exports: &'a [&'a str],
}

/// Service Catalog's quotas that a file can exceed.
/// <https://docs.aws.amazon.com/servicecatalog/latest/adminguide/limits.html>
const PRODUCTS_PER_PORTFOLIO: usize = 150;
const PRINCIPALS_PER_PORTFOLIO: usize = 100;
const PATTERNS_PER_PORTFOLIO: usize = 10;
const ACTIONS_PER_PRODUCT: usize = 25;

/// Everything that is wrong, sorted by file and line.
pub fn faults(catalog: &Catalog, known: &Known<'_>) -> Vec<InputError> {
    let mut found = Found(Vec::new());
    for portfolio in catalog.portfolios.values() {
        let mut here = found.in_file(&portfolio.path);
        check_portfolio(catalog, known, &portfolio.body, &mut here);
    }
    check_tag_options(catalog, known, &mut found);
    check_end_users(catalog, &mut found);
    check_foundation(catalog, known, &mut found);
    let mut faults = found.0;
    faults.sort();
    faults.dedup();
    faults
}

struct Found(Vec<InputError>);

struct InFile<'a> {
    path: &'a str,
    found: &'a mut Found,
}

impl Found {
    fn in_file<'a>(&'a mut self, path: &'a str) -> InFile<'a> {
        InFile { path, found: self }
    }
}

impl InFile<'_> {
    fn add(&mut self, at: Location, message: String, hint: &str) {
        self.found.0.push(InputError {
            file: self.path.to_owned(),
            at,
            message,
            hint: Some(hint.to_owned()),
        });
    }

    /// A name that isn't among the valid ones.
    fn unknown<'a>(
        &mut self,
        at: Location,
        kind: &str,
        name: &str,
        valid: impl IntoIterator<Item = &'a str>,
    ) {
        let valid: Vec<&str> = valid.into_iter().collect();
        let hint = nearest(name, valid.iter().copied()).map_or_else(
            || format!("one of: {}", valid.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        self.add(at, format!("`{name}` is no {kind}"), &hint);
    }

    fn at_most(&mut self, at: Location, count: usize, most: usize, what: &str) {
        if count > most {
            self.add(
                at,
                format!("{count} {what}; Service Catalog takes {most}"),
                "divide the portfolio",
            );
        }
    }
}

fn check_portfolio(
    catalog: &Catalog,
    known: &Known<'_>,
    portfolio: &Portfolio,
    here: &mut InFile<'_>,
) {
    let at = portfolio.name.at;
    if portfolio.principals.is_empty() {
        here.add(
            at,
            "nobody can reach the portfolio".to_owned(),
            "name at least one principal",
        );
    }
    let is_pattern = |principal: &Principal| matches!(principal, Principal::Pattern(_));
    let patterns = portfolio
        .principals
        .iter()
        .filter(|principal| is_pattern(principal))
        .count();
    here.at_most(
        at,
        portfolio.principals.len(),
        PRINCIPALS_PER_PORTFOLIO,
        "principals",
    );
    here.at_most(
        at,
        patterns,
        PATTERNS_PER_PORTFOLIO,
        "patterns of principals",
    );
    here.at_most(
        at,
        portfolio.products.len(),
        PRODUCTS_PER_PORTFOLIO,
        "products",
    );
    for principal in &portfolio.principals {
        check_principal(catalog, known, &principal.value, principal.at, here);
    }
    let mut placed: BTreeMap<&Key, Location> = BTreeMap::new();
    for placement in &portfolio.products {
        let product = &placement.product;
        if let Some(first) = placed.insert(&product.value, product.at) {
            here.add(
                product.at,
                format!("`{}` stands in the portfolio a second time, after line {}: it would have two launch constraints", product.value, first.line),
                "place a product once",
            );
        }
        check_placement(catalog, known, placement, here);
    }
    check_offers(catalog, portfolio, here);
}

fn check_principal(
    catalog: &Catalog,
    known: &Known<'_>,
    principal: &Principal,
    at: Location,
    here: &mut InFile<'_>,
) {
    match principal {
        Principal::EndUserRole(key) => {
            let roles = || catalog.end_users.roles.iter().map(|role| role.key.as_str());
            if !roles().any(|role| role == key.as_str()) {
                here.unknown(at, "end-user role", key.as_str(), roles());
            }
        }
        Principal::Import(name) if !known.exports.contains(&name.as_str()) => {
            here.unknown(at, "declared export", name, known.exports.iter().copied());
        }
        Principal::Arn(arn) if arn.split(':').count() < 6 || !arn.starts_with("arn:") => here.add(
            at,
            format!("`{arn}` is no ARN"),
            "an ARN has six parts: arn:aws:iam::123456789012:role/name",
        ),
        Principal::Pattern(arn) if !is_principal_pattern(arn) => here.add(
            at,
            format!("`{arn}` is no pattern of principals"),
            "write arn:aws:iam:::role/ and a name in which * and ? are wildcards, without account",
        ),
        _ => {}
    }
}

fn is_principal_pattern(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", _, "iam", "", "", name]
        if ["role/", "user/", "group/"].iter().any(|kind| name.starts_with(kind)))
}

fn check_placement(
    catalog: &Catalog,
    known: &Known<'_>,
    placement: &Placement,
    here: &mut InFile<'_>,
) {
    let product = &placement.product;
    let Some(templates) = known.products.get(&product.value) else {
        here.unknown(
            product.at,
            "product",
            product.as_str(),
            known.products.keys().map(Key::as_str),
        );
        return;
    };
    match (&placement.launch, &placement.stack_set) {
        (Some(launch), Some(_)) if launch.value != Launch::AsUser => here.add(
            launch.at,
            format!(
                "`{}` has a launch role and a stack set: Service Catalog takes one of them",
                product.value
            ),
            "remove `launch`, or `stackSet`",
        ),
        (Some(launch), _) => {
            if let Launch::Import(name) = &launch.value
                && !known.exports.contains(&name.as_str())
            {
                here.unknown(
                    launch.at,
                    "declared export",
                    name,
                    known.exports.iter().copied(),
                );
            }
        }
        (None, None) if catalog.foundation.launch_role(product).is_none() => here.add(
            product.at,
            format!("`{}` has no launch role", product.value),
            "add it under `launchRoles` of the foundation file, or say how it is launched",
        ),
        (None, _) => {}
    }
    for rule in &placement.rules {
        for parameter in rule.parameters() {
            for template in templates
                .iter()
                .filter(|t| !t.parameters.contains_key(parameter))
            {
                let names = template.parameters.keys().map(String::as_str);
                here.unknown(
                    rule.at,
                    &format!("parameter of every active version of `{}`", product.value),
                    parameter,
                    names,
                );
            }
        }
    }
}

fn check_offers(catalog: &Catalog, portfolio: &Portfolio, here: &mut InFile<'_>) {
    let lists = catalog
        .tag_options
        .as_ref()
        .map_or(&[][..], |(_, options)| &options.tag_options);
    let mut count = 0;
    for (index, key) in portfolio.tag_options.iter().enumerate() {
        if portfolio
            .tag_options
            .iter()
            .take(index)
            .any(|other| other.value == key.value)
        {
            here.add(
                key.at,
                format!("the tag options of `{}` stand a second time", key.value),
                "name each key once: launches would ask for it twice",
            );
        }
        match lists.iter().find(|list| list.key.value == key.value) {
            Some(list) => count += list.all_values().count(),
            None => here.unknown(
                key.at,
                "key of tag options",
                key.as_str(),
                lists.iter().map(|list| list.key.as_str()),
            ),
        }
    }
    if let Some(first) = portfolio.tag_options.first() {
        here.at_most(
            first.at,
            count,
            MOST_PER_PORTFOLIO,
            "tag options for the portfolio",
        );
    }
}

fn check_tag_options(catalog: &Catalog, known: &Known<'_>, found: &mut Found) {
    let Some((path, options)) = &catalog.tag_options else {
        return;
    };
    let mut here = found.in_file(path);
    let mut ids = BTreeMap::new();
    for (index, list) in options.tag_options.iter().enumerate() {
        if options
            .tag_options
            .iter()
            .take(index)
            .any(|other| other.key == list.key)
        {
            here.add(
                list.key.at,
                format!("the key `{}` stands a second time", list.key.value),
                "one list a key",
            );
        }
        let count = list.all_values().count();
        if count > MOST_PER_PORTFOLIO {
            here.add(
                list.key.at,
                format!("{count} values; a portfolio takes {MOST_PER_PORTFOLIO}"),
                "drop values: people choose the one for others, and write the code in a tag",
            );
        }
        let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
        for value in list.all_values() {
            if let Some(other) = codes.insert(value.code(), value.as_str()) {
                here.add(
                    value.at,
                    format!("`{}` has the code of `{other}`", value.value),
                    "a code stands once",
                );
            }
            if let Some(other) = ids.insert(list.logical_id(value), value.as_str()) {
                here.add(
                    value.at,
                    format!("`{}` has the logical id of `{other}`", value.value),
                    "tell the names apart by more than blanks and punctuation",
                );
            }
        }
        for (product, templates) in known.products {
            if templates
                .iter()
                .any(|template| sets_tag(template, &list.key))
            {
                here.add(
                    list.key.at,
                    format!(
                        "the template of `{product}` sets the tag `{}` itself",
                        list.key.value
                    ),
                    "the launch's tag would conflict: take the tag out of the template",
                );
            }
        }
    }
}

fn sets_tag(template: &Template, key: &str) -> bool {
    use crate::cfn::Node;
    template
        .resources
        .values()
        .any(|resource| match resource.properties.get("Tags") {
            Some(Node::List(tags)) => tags
                .iter()
                .any(|tag| tag.get("Key").and_then(Node::as_str) == Some(key)),
            Some(Node::Map(tags)) => tags.contains_key(key),
            _ => false,
        })
}

fn check_end_users(catalog: &Catalog, found: &mut Found) {
    let mut here = found.in_file(&catalog.end_users_path);
    let users = &catalog.end_users;
    for (index, role) in users.roles.iter().enumerate() {
        if users
            .roles
            .iter()
            .take(index)
            .any(|other| other.key == role.key)
        {
            here.add(
                role.key.at,
                format!("the role `{}` stands a second time", role.key.value),
                "one role a key",
            );
        }
        for ability in &role.abilities {
            if !users
                .policies
                .iter()
                .any(|policy| policy.ability == *ability)
            {
                here.add(
                    ability.at,
                    "no policy allows this".to_owned(),
                    "add the ability under `policies`, with the logical id of its policy",
                );
            }
        }
    }
}

fn check_foundation(catalog: &Catalog, known: &Known<'_>, found: &mut Found) {
    let mut here = found.in_file(&catalog.foundation_path);
    let foundation = &catalog.foundation;
    let products = || known.products.keys().map(Key::as_str);
    for (index, role) in foundation.launch_roles.iter().enumerate() {
        let product = &role.product;
        if foundation
            .launch_roles
            .iter()
            .take(index)
            .any(|other| other.product == *product)
        {
            here.add(
                product.at,
                format!("`{}` has a second launch role", product.value),
                "one role a product",
            );
        }
        if !known.products.contains_key(&product.value) {
            here.unknown(product.at, "product", product.as_str(), products());
        }
    }
    for role in &foundation.launch_roles {
        let templates = known.products.get(&role.product.value);
        for template in templates.into_iter().flatten() {
            for (id, action) in super::foundation::beyond(&foundation.boundary, template) {
                here.add(
                    role.product.at,
                    format!(
                        "the role {id} of `{}` may {action}, which the boundary keeps from it",
                        role.product.value
                    ),
                    "add the action under `boundary`, or take it from the role",
                );
            }
        }
    }
    let mut counts: BTreeMap<&Key, usize> = BTreeMap::new();
    for action in &foundation.service_actions {
        for product in &action.products {
            if !known.products.contains_key(&product.value) {
                here.unknown(product.at, "product", product.as_str(), products());
            }
            let count = counts.entry(&product.value).or_default();
            *count += 1;
            here.at_most(
                product.at,
                *count,
                ACTIONS_PER_PRODUCT,
                "service actions of a version",
            );
        }
    }
}
