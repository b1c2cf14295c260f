//! What moves with another resource, and what is read anew at every update.

use super::impact::{ResourceImpact, worst};
use super::judge::Judge;
use super::opaque::{Opaque, opaque_values};
use super::property::{property_change, property_path};
use super::{Case, Changes, Effect, Reason};
use crate::cfn::reference::{each_target, walk};
use crate::cfn::{Path, Reference, Scenario, Target, Trail};
use crate::resource;
use indexmap::{IndexMap, IndexSet};

const NESTED: &str =
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html";

/// A resource type that keeps what another resource was when it was made.
struct Copy {
    kind: &'static str,
    /// The property that names what it is a copy of.
    of: &'static str,
    /// What belongs to that, and is copied with it: resource types with the same property.
    parts: &'static [&'static str],
    why: &'static str,
    source: &'static str,
}

const COPIES: [Copy; 2] = [
    Copy {
        kind: "AWS::Lambda::Version",
        of: "FunctionName",
        parts: &[],
        why: "a version keeps the code that its function had when it was made: what is called by it stays as it is. Give the version another logical id with each change",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html",
    },
    Copy {
        kind: "AWS::ApiGateway::Deployment",
        of: "RestApiId",
        parts: &[
            "AWS::ApiGateway::GatewayResponse",
            "AWS::ApiGateway::Method",
            "AWS::ApiGateway::Model",
            "AWS::ApiGateway::Resource",
        ],
        why: "a deployment keeps what its API was when it was made: its stages stay as they are. Give the deployment another logical id with each change",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
    },
];

/// Follows changes through the references of a template.
pub(super) struct Chain<'a> {
    /// Both sides of the update.
    pub judge: &'a Judge<'a>,
}

impl Chain<'_> {
    /// Follows what is replaced, what is read anew, and attributes that change with what stays, to
    /// everything that refers to them, until nothing new is touched.
    pub fn follow_all(&self, changes: &Changes, touched: &mut IndexMap<String, ResourceImpact>) {
        self.read_anew(touched);
        let own: Vec<(String, Effect)> = touched
            .values()
            .map(|impact| (impact.id.clone(), worst(&impact.reasons)))
            .collect();
        for (cause, effect) in own {
            self.taken_before(&cause, effect, touched);
        }
        let mut done: Vec<(String, Effect)> = Vec::new();
        // Values that are only passed on: nobody notices them where they change in place.
        let mut passed: IndexSet<(String, Vec<String>)> = IndexSet::new();
        let mut passed_on = 0;
        loop {
            let next = touched
                .values()
                .map(|impact| (impact.id.clone(), worst(&impact.reasons)))
                .find(|(id, effect)| {
                    let moves = matches!(
                        effect,
                        Effect::NotApplied
                            | Effect::InPlace
                            | Effect::Interrupted
                            | Effect::Replaced
                            | Effect::Unknown
                    );
                    moves && !done.contains(&(id.clone(), *effect))
                });
            let (cause, effect, changed) = match next {
                Some((cause, effect)) => {
                    done.push((cause.clone(), effect));
                    let change = changes.resource(&cause);
                    let own = change.into_iter().flat_map(|change| &change.properties);
                    (cause, effect, own.map(|one| one.path.clone()).collect())
                }
                None => {
                    let Some((cause, path)) = passed.get_index(passed_on) else {
                        return;
                    };
                    passed_on += 1;
                    (cause.clone(), Effect::InPlace, vec![path.clone()])
                }
            };
            for reference in self.judge.new.references_to(&cause) {
                let Some(id) = reference.at.logical_id().filter(|id| *id != cause) else {
                    continue;
                };
                let stays = !matches!(effect, Effect::Replaced | Effect::Unknown);
                if stays && !self.moves_in_place(&cause, reference, &changed, effect) {
                    continue;
                }
                let is_certain = stays && self.is_next_version(&cause, reference, &changed);
                match self.follow(id, &reference.at, (&cause, effect, is_certain)) {
                    Some(reason) => self.add(id, reason, touched),
                    None => passed.extend(self.passes_on(id, &reference.at)),
                }
            }
        }
    }

    /// What was made of a resource once, and isn't made again where that changes: whoever goes by it meets
    /// what was there before.
    fn taken_before(
        &self,
        cause: &str,
        effect: Effect,
        touched: &mut IndexMap<String, ResourceImpact>,
    ) {
        let source = |id: &str, property: &str| {
            let place = self.judge.new.property(id, property)?;
            let mut name = None;
            walk(&Trail::top(""), place, &mut |_, function| {
                each_target(function, &mut |target| {
                    name = name.take().or_else(|| target.name().map(str::to_owned));
                });
            });
            name
        };
        let changed = self.judge.new.resource(cause).map(|one| one.kind.as_str());
        let is_in_place = matches!(effect, Effect::InPlace | Effect::Interrupted);
        for (id, resource) in &self.judge.new.template.resources {
            let Some(copy) = COPIES.iter().find(|copy| copy.kind == resource.kind) else {
                continue;
            };
            let of = source(id, copy.of);
            let is_of_it = match changed {
                Some(kind) if copy.parts.contains(&kind) => {
                    of.is_some() && source(cause, copy.of) == of
                }
                _ => is_in_place && of.as_deref() == Some(cause),
            };
            let stays = self.judge.old.resource(id).is_some() && !touched.contains_key(id);
            if is_of_it && stays {
                let why = format!("`{cause}` changes, and {}", copy.why);
                let reason = Reason::whole(Effect::NotApplied, why, copy.source);
                self.add(id, reason, touched);
            }
        }
    }

    fn add(&self, id: &str, reason: Reason, touched: &mut IndexMap<String, ResourceImpact>) {
        let kind = self
            .judge
            .new
            .resource(id)
            .map(|resource| resource.kind.clone());
        let impact = touched
            .entry(id.to_owned())
            .or_insert_with(|| ResourceImpact {
                id: id.to_owned(),
                kind: kind.unwrap_or_default(),
                effect: Effect::NoEffect,
                reasons: Vec::new(),
                data: Vec::new(),
            });
        let is_new_one = impact.reasons.iter().any(|one| one.effect == Effect::Added);
        if !is_new_one && !impact.reasons.contains(&reason) {
            impact.reasons.push(reason);
        }
    }

    /// Whether what a reference yields can change although the resource stays.
    fn moves_in_place(
        &self,
        cause: &str,
        reference: &Reference<'_>,
        changed: &[Vec<String>],
        effect: Effect,
    ) -> bool {
        let Some(resource) = self.judge.new.resource(cause) else {
            return false;
        };
        // The ARN of a job definition ends with its revision, and Ref yields the ARN.
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobdefinition.html
        if resource.kind == "AWS::Batch::JobDefinition" {
            return true;
        }
        let Target::Attribute { attribute, .. } = reference.target else {
            return false;
        };
        let path: Vec<&str> = attribute.split('.').collect();
        let is_settable = resource::facts(&resource.kind)
            .is_some_and(|facts| facts.kind_at(&path).is_some() && !facts.is_read_only(&path));
        if is_settable {
            let is_below =
                |own: &Vec<String>| own.iter().zip(&path).all(|(one, other)| one == other);
            return changed.iter().any(is_below);
        }
        // A stream that is switched on anew is another one.
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
        if resource.kind == "AWS::DynamoDB::Table" && attribute == "StreamArn" {
            return changed.iter().any(|own| {
                own.first()
                    .is_some_and(|name| name == "StreamSpecification")
            });
        }
        // A version counts on; a machine that stops gets another public address.
        // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
        let last = path.last().copied().unwrap_or_default();
        last.contains("Version") && !last.ends_with("Arn")
            || effect == Effect::Interrupted && last.starts_with("Public")
    }

    /// Whether what a reference yields is another number for certain: a launch template's newest version.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html>
    fn is_next_version(
        &self,
        cause: &str,
        reference: &Reference<'_>,
        changed: &[Vec<String>],
    ) -> bool {
        let resource = self.judge.new.resource(cause);
        let is_template = resource.is_some_and(|one| one.kind == "AWS::EC2::LaunchTemplate");
        let is_newest = matches!(
            reference.target,
            Target::Attribute { attribute, .. } if attribute == "LatestVersionNumber"
        );
        let is_data = |path: &Vec<String>| {
            path.first()
                .is_some_and(|name| name == "LaunchTemplateData")
        };
        is_template && is_newest && changed.iter().any(is_data)
    }

    /// What a new id or attribute of `cause` does where it is referred to.
    fn follow(
        &self,
        id: &str,
        at: &Path,
        (cause, effect, is_certain): (&str, Effect, bool),
    ) -> Option<Reason> {
        let mut reason = self.at(id, at)?;
        let is_custom = self.judge.new.resource(id)?.kind.starts_with("Custom::");
        let moves = matches!(effect, Effect::Replaced | Effect::Unknown);
        // What an outside function does with another value is its own affair, and told where its
        // own properties change.
        if is_custom && !moves {
            return None;
        }
        if effect == Effect::Unknown && reason.effect > Effect::Unknown {
            reason.effect = Effect::Unknown;
        }
        let verb = match effect {
            Effect::Replaced => "is replaced",
            Effect::Unknown => "may be replaced",
            // Where it changes as well without an interruption, the first change told enough.
            _ if reason.effect < Effect::Interrupted && reason.effect != Effect::NotApplied => {
                return None;
            }
            _ if is_certain => "has a new version",
            _ => "changes, and what it is asked for here can be another value",
        };
        if !moves && !is_certain {
            reason.effect = reason.effect.min(Effect::Unknown);
        }
        reason.why = format!("`{cause}` {verb}: {}", reason.why);
        Some(reason)
    }

    /// The property of another resource that gets a new value in place.
    fn passes_on(&self, id: &str, at: &Path) -> Option<(String, Vec<String>)> {
        let kind = &self.judge.new.resource(id)?.kind;
        self.judge.old.resource(id)?;
        let segments = at.segments();
        let is_property = segments.get(2)? == "Properties";
        is_property.then(|| (id.to_owned(), property_path(kind, &segments[3..])))
    }

    /// What another value at a place does to the resource there, which is in both stacks.
    fn at(&self, id: &str, at: &Path) -> Option<Reason> {
        let (old, new) = (self.judge.old, self.judge.new);
        let resource = new.resource(id)?;
        old.resource(id)?;
        let segments = at.segments();
        let (section, rest) = (segments.get(2)?, segments.get(3..)?);
        match section.as_str() {
            "Properties" => {
                // A path into a function ends at the function: `SubnetId.If.1` is `SubnetId`.
                let path: Vec<String> = property_path(&resource.kind, rest);
                let case = Case {
                    old: None,
                    new: None,
                    when: super::When::default(),
                    example: (Scenario::default(), Scenario::default()),
                };
                let before = |name: &str| old.property(id, name);
                let after = |name: &str| new.property(id, name);
                Some(property_change(
                    &resource.kind,
                    &path,
                    &case,
                    &before,
                    &after,
                    resource.update_policy.as_ref(),
                ))
            }
            "Metadata" => Some(self.judge.metadata(id, rest)),
            _ => None,
        }
    }

    /// What may change although neither template says so: values that CloudFormation fetches again
    /// at each update.
    fn read_anew(&self, touched: &mut IndexMap<String, ResourceImpact>) {
        let new = self.judge.new;
        for Opaque { at, what, source } in opaque_values(new.template, new.references()) {
            let Some(id) = at.logical_id() else { continue };
            let Some(mut reason) = self.at(id, &at) else {
                continue;
            };
            if reason.effect < Effect::Interrupted {
                continue;
            }
            reason.effect = reason.effect.min(Effect::Unknown);
            reason.why = format!(
                "{what} is read anew at every update: if it is another value, {}",
                reason.why
            );
            reason.source = source.to_owned();
            self.add(id, reason, touched);
        }
        for (id, resource) in &new.template.resources {
            let stays = self
                .judge
                .old
                .resource(id)
                .is_some_and(|old| old.kind == resource.kind);
            if stays && resource.kind == "AWS::CloudFormation::Stack" {
                let why = "its template is read anew at every update, and what that changes inside isn't known here";
                self.add(
                    id,
                    Reason::whole(Effect::Unknown, why.to_owned(), NESTED),
                    touched,
                );
            }
        }
    }
}
