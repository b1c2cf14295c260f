//! Fills an account with what a file says it holds, before anybody calls.

use crate::contents::{
    Contents, HeldPortfolio, HeldProduct, HeldProvisionedProduct, HeldStack, HeldVersion,
};
use crate::context::Context;
use crate::s3;
use crate::state::catalog::{
    Artifact, Constraint, Portfolio, Product, Provisioned, Record, Share, Texts, Work,
};
use crate::state::cloudformation::{Stack, StackOutput};
use crate::state::tag::Tag;
use crate::template;
use compute_catalog::product::ProductType;
use std::collections::BTreeMap;

/// Fills the caller's account. Nothing of it is kept where anything is wrong: the caller throws the
/// state away.
///
/// # Errors
/// Everything that the account couldn't hold, a line each; an account that holds something already,
/// unless it is what this file once filled it with.
pub(crate) fn fill(context: &mut Context<'_>, contents: &Contents) -> Result<(), String> {
    if let Some(here) = context.here() {
        let first = contents.products.first().map(|one| &one.id);
        if first.is_some_and(|id| here.catalog.products.contains_key(id)) {
            return Ok(());
        }
        if !(here.catalog.products.is_empty() && here.catalog.portfolios.is_empty()) {
            return Err("the account holds something already".to_owned());
        }
    }
    let mut wrong = Vec::new();
    for product in &contents.products {
        add_product(context, product, &mut wrong);
    }
    for portfolio in &contents.portfolios {
        add_portfolio(context, portfolio, &mut wrong);
    }
    for held in &contents.constraints {
        let catalog = &mut context.here_mut().catalog;
        let is_there = catalog
            .portfolios
            .get(&held.portfolio)
            .is_some_and(|portfolio| portfolio.products.contains(&held.product));
        if !is_there {
            wrong.push(format!(
                "a constraint: the portfolio {} doesn't hold {}",
                held.portfolio, held.product
            ));
        }
        let id = context.change().mint("cons-");
        let constraint = Constraint {
            id: id.clone(),
            kind: held.r#type.clone(),
            product: held.product.clone(),
            portfolio: held.portfolio.clone(),
            description: None,
            parameters: held.parameters.to_string(),
        };
        let constraints = &mut context.here_mut().catalog.constraints;
        constraints.insert(id, constraint);
    }
    for stack in &contents.stacks {
        add_stack(context, stack);
    }
    for one in &contents.provisioned_products {
        if let Err(why) = launch(context, one) {
            wrong.push(format!("provisioned product {}: {why}", one.name));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

fn add_product(context: &mut Context<'_>, held: &HeldProduct, wrong: &mut Vec<String>) {
    let mut artifacts = BTreeMap::new();
    for (order, version) in held.versions.iter().enumerate() {
        match artifact(context, &held.id, version, order) {
            Ok(artifact) => {
                artifacts.insert(artifact.id.clone(), artifact);
            }
            Err(why) => wrong.push(format!("{} {}: {why}", held.id, version.name)),
        }
    }
    if held.versions.is_empty() {
        wrong.push(format!("{}: a product has at least one version", held.id));
    }
    let product = Product {
        id: held.id.clone(),
        name: held.name.clone(),
        kind: ProductType::default(),
        texts: Texts {
            owner: held.owner.clone(),
            description: held.description.clone(),
            distributor: held.distributor.clone(),
            ..Texts::default()
        },
        tags: tags(&held.tags),
        created: context.now,
        artifacts,
        tag_options: Vec::new(),
        source: None,
    };
    let products = &mut context.here_mut().catalog.products;
    if products.insert(held.id.clone(), product).is_some() {
        wrong.push(format!("{}: two products have this id", held.id));
    }
}

fn artifact(
    context: &mut Context<'_>,
    product: &str,
    held: &HeldVersion,
    order: usize,
) -> Result<Artifact, String> {
    let body = held.template.as_deref();
    let body = body.ok_or("neither `template` nor `templateFile` is given")?;
    template::read(body.as_bytes())?;
    let id = held.id.clone();
    let id = id.unwrap_or_else(|| context.change().mint("pa-"));
    let frozen = format!("{product}/{id}.template");
    s3::freeze(context, &frozen, body.as_bytes()).map_err(|error| error.message)?;
    let guidance = if held.deprecated {
        "DEPRECATED"
    } else {
        "DEFAULT"
    };
    Ok(Artifact {
        id,
        name: held.name.clone(),
        description: held.description.clone(),
        created: context.now,
        order,
        active: !held.hidden,
        guidance: guidance.to_owned(),
        failed: false,
        frozen,
        actions: Vec::new(),
    })
}

fn add_portfolio(context: &mut Context<'_>, held: &HeldPortfolio, wrong: &mut Vec<String>) {
    let now = context.now;
    let catalog = &mut context.here_mut().catalog;
    for product in &held.products {
        if !catalog.products.contains_key(product) {
            wrong.push(format!("{}: there is no product {product}", held.id));
        }
    }
    let kind = |arn: &str| match arn.starts_with("arn:aws:iam:::") {
        true => "IAM_PATTERN",
        false => "IAM",
    };
    let principals = held.principals.iter();
    let shares = held.shared_with.iter().map(|account| Share {
        principal: account.clone(),
        kind: "ACCOUNT".to_owned(),
        accepted: false,
        tag_options: false,
        principals: false,
    });
    let portfolio = Portfolio {
        id: held.id.clone(),
        name: held.name.clone(),
        description: held.description.clone(),
        provider: held.provider.clone(),
        tags: Vec::new(),
        created: now,
        products: held.products.iter().cloned().collect(),
        principals: principals
            .map(|arn| (arn.clone(), kind(arn).to_owned()))
            .collect(),
        tag_options: Vec::new(),
        shares: shares.collect(),
    };
    if catalog
        .portfolios
        .insert(held.id.clone(), portfolio)
        .is_some()
    {
        wrong.push(format!("{}: two portfolios have this id", held.id));
    }
}

fn add_stack(context: &mut Context<'_>, held: &HeldStack) {
    let unique = context.change().mint("");
    let (region, account) = (&context.region, context.account());
    let id = format!(
        "arn:aws:cloudformation:{region}:{account}:stack/{}/{unique}",
        held.name
    );
    let ended = |live: &str, deleted: &str| match held.deleted {
        true => deleted.to_owned(),
        false => live.to_owned(),
    };
    let exports = held.exports.iter().enumerate();
    let stack = Stack {
        id: id.clone(),
        name: held.name.clone(),
        status: ended("CREATE_COMPLETE", "DELETE_COMPLETE"),
        status_in_progress: ended("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"),
        reason: None,
        template: "Resources:\n  Nothing:\n    Type: AWS::CloudFormation::WaitConditionHandle\n"
            .to_owned(),
        parameters: BTreeMap::new(),
        capabilities: Vec::new(),
        tags: Vec::new(),
        created: context.now,
        updated: None,
        deleted: held.deleted.then_some(context.now),
        resources: BTreeMap::new(),
        outputs: exports
            .map(|(number, (name, value))| StackOutput {
                key: format!("Export{number}"),
                value: value.clone(),
                description: None,
                export: Some(name.clone()),
            })
            .collect(),
        imports: Default::default(),
        events: Vec::new(),
        change_set: None,
        drift: None,
        role: None,
        is_protected: false,
    };
    context.here_mut().stacks.stacks.insert(id, stack);
}

/// Notes a launch, which is carried out when the server has started: by the administrator, since its
/// launch role of then may be gone.
fn launch(context: &mut Context<'_>, held: &HeldProvisionedProduct) -> Result<(), String> {
    let (now, account) = (context.now, context.account().to_owned());
    let catalog = &context.here_mut().catalog;
    let product = catalog.products.get(&held.product);
    let product = product.ok_or_else(|| format!("there is no product {}", held.product))?;
    let versions = product.artifacts.values();
    let named: Vec<&Artifact> = versions.filter(|one| one.name == held.version).collect();
    let [version] = named.as_slice() else {
        let count = named.len();
        return Err(format!(
            "{} has {count} versions {}",
            held.product, held.version
        ));
    };
    let artifact = version.id.clone();
    if !catalog.portfolios.contains_key(&held.portfolio) {
        return Err(format!("there is no portfolio {}", held.portfolio));
    }
    if catalog
        .provisioned
        .values()
        .any(|one| one.name == held.name)
    {
        return Err("another one has this name".to_owned());
    }
    let id = held.id.clone();
    let id = id.unwrap_or_else(|| context.change().mint("pp-"));
    let record = context.change().mint("rec-");
    let root = format!("arn:aws:iam::{account}:root");
    let parameters = tags(&held.parameters);
    let catalog = &mut context.here_mut().catalog;
    catalog.records.insert(
        record.clone(),
        Record {
            id: record.clone(),
            work: Work::Launch {
                parameters: parameters.clone(),
            },
            provisioned: id.clone(),
            name: held.name.clone(),
            product: held.product.clone(),
            artifact: artifact.clone(),
            path: held.portfolio.clone(),
            launch_role: None,
            tags: Vec::new(),
            created: now,
            updated: now,
            ended: None,
        },
    );
    catalog.provisioned.insert(
        id.clone(),
        Provisioned {
            id,
            name: held.name.clone(),
            product: held.product.clone(),
            artifact,
            path: held.portfolio.clone(),
            parameters,
            tags: Vec::new(),
            created: now,
            user: held.user.clone().unwrap_or(root),
            stack: None,
            status: "ERROR".to_owned(),
            status_message: None,
            last_record: record,
            last_success: None,
        },
    );
    Ok(())
}

fn tags(pairs: &BTreeMap<String, String>) -> Vec<Tag> {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| Tag {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}
