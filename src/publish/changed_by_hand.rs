//! What was changed behind the catalog's back on portfolios, constraints and service actions, whose
//! stacks CloudFormation doesn't touch without a change of their template; and what is nobody's we
//! know. What keeps its identity is put back; the rest is told.
//!
//! CloudFormation's own detection of drift lacks several of these types; here the things themselves
//! are looked at.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html>

use super::changed_constraint::{added, constraints};
use super::changed_tag::{self, Found};
use super::declared::{of_type, value};
use super::stack_deletion::deletion;
use super::stack_template::json;
use super::{
    Desired, LivePortfolio, LiveStack, Observed, Ownership, Restoration, Subject, is_known,
    ownership,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The next step of whoever reads these lines.
pub(super) const PUT_BACK: &str =
    "docs/operating.md says under \"Changed by hand\" how each is put back";

/// What was changed by hand.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// What can be put back: stack, logical id, how, and what was found.
    pub restorations: Vec<(String, String, Restoration, String)>,
    /// What a person has to look at, in words.
    pub lines: Vec<String>,
    /// The same of constraints that no stack has made, by their ids: a step may delete one.
    pub added_constraints: BTreeMap<String, String>,
    /// What can't be worked with: what, why, and the way out.
    pub blockers: Vec<(Subject, String, String)>,
}

/// Compares an account with what its stacks have declared.
pub(super) fn changed_by_hand(desired: &Desired, observed: &Observed) -> Changed {
    let mut changed = Changed::default();
    of_products(desired, observed, &mut changed.lines);
    for (name, portfolio) in &observed.portfolios {
        let Some(stack) = observed.stacks.get(name) else {
            continue;
        };
        let of = OfPortfolio {
            desired,
            observed,
            name,
            stack,
            template: stack.template.json(),
            portfolio,
        };
        if portfolio.is_gone {
            of.tell_gone(&mut changed);
            continue;
        }
        of.compare(&mut changed);
    }
    actions(desired, observed, &mut changed);
    for (name, stack) in &observed.stacks {
        changed.lines.extend(stack.role.iter().map(|role| {
            format!(
                "somebody has given the stack {name} the role {role}: CloudFormation changes the stack by it, whoever publishes, and by nothing else once it is gone"
            )
        }));
    }
    for set in &desired.stack_sets {
        let live = observed.stack_sets.get(&set.name);
        let targets = live.map(|live| live.targets()).unwrap_or_default();
        for other in targets.difference(set.targets.ids()) {
            changed.lines.push(format!(
                "stack set {} has instances in {other}, which the portfolio is not shared with",
                set.name
            ));
        }
    }
    changed.restorations.sort();
    changed.lines.sort();
    changed.lines.dedup();
    changed
}

/// What CloudFormation found when somebody last had it look: who doesn't have it look now can't say
/// more.
pub(super) fn drifted_before(observed: &Observed) -> impl Iterator<Item = String> {
    let drifted = observed
        .stacks
        .iter()
        .filter(|(_, stack)| stack.has_drifted);
    drifted.map(|(name, _)| {
        format!(
            "stack {name} had drifted when CloudFormation last looked (`cargo xtask status` says where)"
        )
    })
}

/// Whether a portfolio is one that a stack of ours has made, or that the environment's file records.
fn is_known_portfolio(desired: &Desired, observed: &Observed, id: &str) -> bool {
    let made = observed.stacks.values();
    let mut made = made.flat_map(|stack| stack.resources.values());
    let mut recorded = desired.stacks.iter();
    made.any(|one| one == id)
        || recorded.any(|stack| stack.recorded_portfolio.as_deref() == Some(id))
}

fn of_products(desired: &Desired, observed: &Observed, lines: &mut Vec<String>) {
    for product in &desired.products {
        let Ownership::Ours(live) = ownership(desired, product, observed) else {
            continue;
        };
        let key = &product.key;
        let twins = observed.products.values().filter(|other| {
            other.id != live.id && other.texts.name == product.texts.name && !other.tagged_as(key)
        });
        lines.extend(twins.map(|other| {
            format!(
                "{} has the name of {key}, `{}`, and is not ours: people see two",
                other.id, product.texts.name
            )
        }));
        let foreign = live
            .portfolios
            .iter()
            .filter(|id| !is_known_portfolio(desired, observed, id));
        lines.extend(foreign.map(|id| {
            format!(
                "somebody has put {key} ({}) into the portfolio {id}: who launches it there goes without what this catalog's portfolios ask for",
                live.id
            )
        }));
        lines.extend(changed_tag::of_product(live).map(|tag| {
            format!(
                "somebody has tagged {key} ({}) {tag}: everything gets it that is launched of it",
                live.id
            )
        }));
        lines.extend(live.source.iter().map(|repository| {
            format!(
                "somebody has connected {key} ({}) to {repository}: what is pushed there becomes a version by itself",
                live.id
            )
        }));
        lines.extend(live.tag_options.iter().map(|option| {
            format!(
                "somebody has given {key} ({}) the tag option {option}",
                live.id
            )
        }));
        let actions: BTreeSet<String> = product
            .actions
            .iter()
            .filter_map(|action| match action {
                super::Reference::Value(id) => Some(id.clone()),
                super::Reference::StackOutput { stack, output } => {
                    observed.stacks.get(stack)?.outputs.get(output).cloned()
                }
                super::Reference::ProductId(_) => None,
            })
            .collect();
        for version in &live.versions {
            if is_known(product, live, version).is_none() {
                lines.push(format!(
                    "{key} has a version `{}` ({}) that is not ours",
                    version.name, version.id
                ));
            }
            lines.extend(version.actions.difference(&actions).map(|action| {
                format!(
                    "somebody has given {key} {} the service action {action}",
                    version.name
                )
            }));
        }
    }
}

/// A portfolio, and the stack that has made it.
struct OfPortfolio<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    name: &'a str,
    stack: &'a LiveStack,
    template: &'a Value,
    portfolio: &'a LivePortfolio,
}

impl OfPortfolio<'_> {
    fn tell_gone(&self, changed: &mut Changed) {
        let (name, id) = (self.name, &self.portfolio.id);
        changed.blockers.push((
            Subject::Stack(name.to_owned()),
            format!("its portfolio {id} was deleted by hand, and with it everything that the stack has made"),
            format!(
                "nothing is left in the stack that could be lost: {}, then publish again, which makes it anew under another id",
                deletion(self.observed, name)
            ),
        ));
    }

    fn say(&self, what: &str) -> String {
        format!(
            "portfolio {} of stack {}: {what}",
            self.portfolio.id, self.name
        )
    }

    fn value(&self, property: &Value) -> Option<String> {
        value(self.desired, self.observed, self.stack, property)
    }

    /// Notes what is put back, unless the stack is about to lose or change it.
    fn put_back(&self, changed: &mut Changed, stack: &str, id: &str, how: Restoration, what: &str) {
        let line = self.say(what);
        let stays = self.desired.stack(stack).is_some_and(|desired| {
            let live = self.observed.stacks.get(stack);
            live.is_some_and(|live| {
                json(&desired.template)["Resources"][id] == live.template.json()["Resources"][id]
            })
        });
        if stays {
            let restoration = (stack.to_owned(), id.to_owned(), how, line);
            changed.restorations.push(restoration);
        } else {
            changed.lines.push(line);
        }
    }

    fn compare(&self, changed: &mut Changed) {
        self.principals(changed);
        self.products(changed);
        self.tags(changed);
        self.texts(changed);
        self.recipients(changed);
        changed.added_constraints.extend(
            added(self.portfolio).map(|id| (id.clone(), self.say(&self.of_added_constraint(id)))),
        );
        constraints(
            self.template,
            self.portfolio,
            |property| self.value(property),
            |found, logical_id| match found {
                Ok((how, what)) => self.put_back(changed, self.name, logical_id, how, &what),
                // With a product that is gone its constraints are, and both are made anew.
                Err(_) if !self.has_product(logical_id) => {}
                Err(what) => changed.lines.push(self.say(&what)),
            },
        );
    }

    /// Whether the product exists that a constraint of the stack is about.
    fn has_product(&self, logical_id: &str) -> bool {
        let product = &self.template["Resources"][logical_id]["Properties"]["ProductId"];
        let product = self.value(product);
        product.is_none_or(|id| self.observed.products.contains_key(&id))
    }

    /// A constraint that no stack has made: its kind, the product, and the role where it gives one.
    fn of_added_constraint(&self, id: &str) -> String {
        let live = self.portfolio.constraints.get(id);
        let kind = live.map_or("", |one| &one.kind);
        let product = live.map_or("", |one| &one.product);
        let key = self.desired.products.iter().find(|one| {
            let live = self.observed.products.get(product);
            live.is_some_and(|live| live.is_of(one))
        });
        let product = key.map_or(product, |one| one.key.as_str());
        let said = self.portfolio.constraint_parameters.get(id);
        let said = said.map_or(Value::Null, |text| {
            serde_json::from_str(text).unwrap_or(Value::Null)
        });
        let role = ["RoleArn", "LocalRoleName"].map(|name| said[name].as_str());
        let role = role.into_iter().flatten().next();
        let role = role.map_or_else(String::new, |role| format!(", with the role {role}"));
        format!("somebody has added the constraint {id} ({kind} of {product}{role})")
    }

    fn principals(&self, changed: &mut Changed) {
        let mut declared = BTreeSet::new();
        for (logical_id, properties) in of_type(self.template, "PortfolioPrincipalAssociation") {
            let Some(arn) = self.value(&properties["PrincipalARN"]) else {
                return;
            };
            if !self.portfolio.principals.contains(&arn) {
                let how = Restoration::Principal {
                    portfolio: self.portfolio.id.clone(),
                    arn: arn.clone(),
                    principal_type: properties["PrincipalType"]
                        .as_str()
                        .unwrap_or("IAM")
                        .to_owned(),
                };
                let what = format!("the principal {arn} was taken off");
                self.put_back(changed, self.name, logical_id, how, &what);
            }
            declared.insert(arn);
        }
        for added in self.portfolio.principals.difference(&declared) {
            let what = format!("somebody has added the principal {added}");
            changed.lines.push(self.say(&what));
        }
    }

    fn products(&self, changed: &mut Changed) {
        let mut declared = BTreeSet::new();
        for (logical_id, properties) in of_type(self.template, "PortfolioProductAssociation") {
            let Some(product) = self.value(&properties["ProductId"]) else {
                return;
            };
            let exists = self.observed.products.contains_key(&product);
            if exists && !self.portfolio.products.contains(&product) {
                let how = Restoration::Product {
                    portfolio: self.portfolio.id.clone(),
                    product: product.clone(),
                };
                let what = format!("the product {product} was taken off");
                self.put_back(changed, self.name, logical_id, how, &what);
            }
            declared.insert(product);
        }
        for added in self.portfolio.products.difference(&declared) {
            let what = format!("somebody has added the product {added}");
            changed.lines.push(self.say(&what));
        }
    }

    fn tags(&self, changed: &mut Changed) {
        changed_tag::tag_options(
            self.desired,
            self.observed,
            self.portfolio,
            |found| match found {
                Found::PutBack(stack, logical_id, how, what) => {
                    self.put_back(changed, stack, logical_id, how, &what);
                }
                Found::Told(what) => changed.lines.push(self.say(&what)),
            },
        );
        let tags = changed_tag::of_portfolio(self.template, self.portfolio, |one| self.value(one));
        changed.lines.extend(tags.iter().map(|what| self.say(what)));
    }

    fn texts(&self, changed: &mut Changed) {
        for (logical_id, properties) in of_type(self.template, "Portfolio") {
            let mut texts = BTreeMap::new();
            let mut found = Vec::new();
            for (property, text) in &self.portfolio.texts {
                let declared = properties[property].as_str();
                if let Some(declared) = declared.filter(|declared| declared != text) {
                    texts.insert(property.clone(), declared.to_owned());
                    found.push(format!("somebody has set its {property} to `{text}`"));
                }
            }
            if !texts.is_empty() {
                let portfolio = self.portfolio.id.clone();
                let how = Restoration::PortfolioTexts { portfolio, texts };
                self.put_back(changed, self.name, logical_id, how, &found.join("; "));
            }
        }
    }

    /// Whom it is shared with, beside those that the stack or the catalog shares it with.
    fn recipients(&self, changed: &mut Changed) {
        let mut declared = BTreeSet::new();
        for (_, properties) in of_type(self.template, "PortfolioShare") {
            let Some(account) = self.value(&properties["AccountId"]) else {
                return;
            };
            declared.insert(account);
        }
        let outputs = self.stack.outputs.values();
        if outputs.clone().any(|output| *output == self.portfolio.id) {
            let shares = self.desired.shares.iter();
            let own = shares.filter(|share| match &share.id {
                super::Reference::Value(id) => *id == self.portfolio.id,
                super::Reference::StackOutput { stack, .. } => stack == self.name,
                super::Reference::ProductId(_) => false,
            });
            declared.extend(own.map(|share| share.recipient.clone()));
        }
        for lost in declared.iter().filter(|one| one.len() == 12) {
            let is_of_stack = of_type(self.template, "PortfolioShare")
                .any(|(_, properties)| self.value(&properties["AccountId"]).as_ref() == Some(lost));
            if is_of_stack && !self.portfolio.recipients.contains(lost) {
                let what = format!("its share with {lost} was ended");
                changed.lines.push(self.say(&what));
            }
        }
        for added in self.portfolio.recipients.difference(&declared) {
            let what = format!("somebody has shared it with {added}");
            changed.lines.push(self.say(&what));
        }
    }
}

/// The service actions that stacks have made.
fn actions(desired: &Desired, observed: &Observed, changed: &mut Changed) {
    for (name, stack) in &observed.stacks {
        let template = stack.template.json();
        for (logical_id, properties) in of_type(template, "ServiceAction") {
            let Some(id) = stack.resources.get(logical_id) else {
                continue;
            };
            match observed.actions.get(id) {
                None => {}
                Some(None) => changed.lines.push(format!(
                    "the service action {logical_id} ({id}) of stack {name} was deleted"
                )),
                Some(Some(live)) => {
                    let text = |property: &str| {
                        let text = properties[property].as_str();
                        text.unwrap_or_default().to_owned()
                    };
                    let pairs = properties["Definition"].as_array().into_iter().flatten();
                    let definition: Option<BTreeMap<String, String>> = pairs
                        .map(|pair| {
                            let key = pair["Key"].as_str()?.to_owned();
                            Some((key, value(desired, observed, stack, &pair["Value"])?))
                        })
                        .collect();
                    let Some(definition) = definition else {
                        continue;
                    };
                    let (title, description) = (text("Name"), text("Description"));
                    let is_same = live.name == title
                        && live.description == description
                        && live.definition == definition;
                    if !is_same {
                        changed.restorations.push((
                            name.clone(),
                            logical_id.clone(),
                            Restoration::ServiceAction {
                                action: id.clone(),
                                name: title,
                                description,
                                definition,
                            },
                            format!("somebody has changed the service action {logical_id} ({id}) of stack {name}"),
                        ));
                    }
                }
            }
        }
    }
}
