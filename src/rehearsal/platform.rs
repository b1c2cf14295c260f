//! What Service Catalog and CloudFormation call themselves as the launch role.

use super::account::Caller;
use super::behaviour::CallRow;
use super::cause::Cause;
use super::engine::Failure;
use super::event::Status;
use super::fill::fill;
use super::rows::request;
use super::setting::Setting;
use super::subject::Subject;
use super::world::World;
use crate::cfn::{IndexMap, Template};
use crate::iam::Verdict;

/// What of Service Catalog's own calls is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Launch,
    Update,
    End,
    Actions,
}

impl Platform {
    /// What becomes of the stack where a call is refused.
    pub fn failed(self) -> Status {
        match self {
            Platform::Launch => Status::CreateFailed,
            Platform::Update | Platform::Actions => Status::UpdateFailed,
            Platform::End => Status::DeleteFailed,
        }
    }
}

/// What of Service Catalog's and CloudFormation's own calls the launch role can't do.
pub(super) fn refused(
    world: World<'_>,
    subject: &Subject,
    setting: &Setting,
    platform: Platform,
    template: &Template,
    file: &str,
) -> Vec<Failure> {
    let account = &setting.account;
    let caller = Caller::Role(setting.launch_role.clone());
    let mut failures = Vec::new();
    let role = account.find("AWS::IAM::Role", &setting.launch_role);
    let Some(role) = role else {
        let wanted = setting.launch_role.clone();
        let failure = Failure::of_file(
            file,
            Cause::NoRole {
                property: "the launch constraint".to_owned(),
                value: wanted.clone(),
                wanted: format!("the role {wanted} in the account {}", account.id),
            },
        );
        return vec![failure];
    };
    let launches = &world.behaviours.launches;
    let here = setting.here(world, &setting.stack(1));
    let doubtful = fill(&launches.doubtful.value, &here);
    let doubtful: Vec<(String, String)> = doubtful
        .into_iter()
        .map(|value| (launches.doubtful.key.clone(), value))
        .collect();
    for sends in [&[][..], &doubtful] {
        let cause = match account.trusts(role, &launches.service, sends) {
            Ok(true) => continue,
            Ok(false) => Cause::Untrusted {
                role: role.origin.to_string(),
                service: match sends {
                    [] => format!("{} without {}", launches.service, launches.doubtful.key),
                    _ => launches.service.clone(),
                },
            },
            Err(undecidable) => undecidable.into(),
        };
        failures.push(Failure::of_file(file, cause));
    }
    for (each, row) in platform_rows(world, &account.id, platform, template, subject) {
        let here = here.with(each.as_deref());
        for action in &row.actions {
            for resource in row.on.iter().flat_map(|text| fill(text, &here)) {
                let call = request(account, &caller, &row, action, &resource, &here);
                let decided = world.decide(account, &caller, &call);
                let cause = match decided {
                    Ok(Verdict::Allowed) => continue,
                    Ok(Verdict::Refused(refusal)) => Cause::Refused {
                        caller: role.origin.to_string(),
                        action: action.clone(),
                        resource,
                        refusal,
                    },
                    Err(undecidable) => undecidable.into(),
                };
                failures.push(Failure::of_file(file, cause));
            }
        }
    }
    for failure in &mut failures {
        failure.status = platform.failed();
    }
    failures
}

/// The calls of a kind, each with what it is for.
fn platform_rows(
    world: World<'_>,
    account: &str,
    platform: Platform,
    template: &Template,
    subject: &Subject,
) -> Vec<(Option<String>, CallRow)> {
    let launches = &world.behaviours.launches;
    let plain = |rows: &[CallRow]| -> Vec<(Option<String>, CallRow)> {
        rows.iter().map(|row| (None, row.clone())).collect()
    };
    let mut rows = plain(&launches.always);
    rows.extend(match platform {
        Platform::Launch => plain(&launches.create),
        Platform::Update => plain(&launches.update),
        Platform::End => plain(&launches.delete),
        Platform::Actions => Vec::new(),
    });
    if matches!(platform, Platform::Launch | Platform::Update) {
        for name in &transforms(world, template) {
            let known = world.outside.file.macros.get(name);
            let transform = known.and_then(|known| known.transform.clone());
            let each = Some(transform.unwrap_or_else(|| format!("{account}:transform/{name}")));
            for row in &launches.of_macros.calls {
                rows.push((each.clone(), row.clone()));
            }
            if let Some(function) = known.and_then(|known| known.function.as_ref()) {
                let arn = format!(
                    "arn:${{Partition}}:lambda:${{Region}}:${{Account}}:function:{function}"
                );
                rows.push((None, call_of("lambda:InvokeFunction", &arn)));
            }
        }
        for object in objects_read(world, template) {
            for row in &launches.files.calls {
                rows.push((Some(object.clone()), row.clone()));
            }
        }
    }
    if platform == Platform::Actions {
        for (document, calls) in &subject.service_actions {
            for row in &launches.service_action.calls {
                rows.push((Some(document.clone()), row.clone()));
            }
            for action in calls {
                let on = match world.actions.takes_resource(action) {
                    Some(true) => "the AWS::EC2::Instance i-of-somebody",
                    _ => "*",
                };
                rows.push((None, call_of(action, on)));
            }
        }
    }
    rows
}

/// The macros of a template, and of the stacks in its stack.
fn transforms(world: World<'_>, template: &Template) -> Vec<String> {
    let names = |template: &Template| -> Vec<String> {
        let transforms = template.transform.iter();
        transforms.map(|transform| transform.name.clone()).collect()
    };
    let mut all = names(template);
    let nested = template_urls(template).filter_map(|url| world.nested_at(&url));
    all.extend(nested.flat_map(|nested| names(nested)));
    all.sort();
    all.dedup();
    all
}

/// The objects in S3, as bucket and key, that CloudFormation reads for a template: those of the stacks in
/// its stack, and what it includes.
fn objects_read(world: World<'_>, template: &Template) -> Vec<String> {
    let included = |template: &Template| -> Vec<String> {
        let transforms = template.transform.iter();
        let locations =
            transforms.filter_map(|transform| transform.parameters.get("Location")?.scalar_text());
        locations.collect()
    };
    let mut urls = included(template);
    for url in template_urls(template) {
        let nested = world.nested_at(&url);
        urls.extend(nested.into_iter().flat_map(|nested| included(nested)));
        urls.push(url);
    }
    let mut objects: Vec<String> = urls.iter().filter_map(|url| object_of(url)).collect();
    objects.sort();
    objects.dedup();
    objects
}

/// Where the templates of the stacks in a template's stack are.
fn template_urls(template: &Template) -> impl Iterator<Item = String> {
    let urls = template.resources.values();
    urls.filter_map(|resource| resource.properties.get("TemplateURL")?.scalar_text())
}

/// The bucket and key of an object of S3, by any form of its address.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
fn object_of(url: &str) -> Option<String> {
    if let Some(object) = url.strip_prefix("s3://") {
        return Some(object.to_owned());
    }
    let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
    let of_s3 = |host: &str| host.starts_with("s3.") || host.starts_with("s3-");
    if of_s3(host) {
        return Some(path.to_owned());
    }
    let dots = host.match_indices('.');
    let mut buckets = dots.map(|(at, _)| host.split_at(at));
    let (bucket, _) = buckets.find(|(_, rest)| of_s3(rest.trim_start_matches('.')))?;
    Some(format!("{bucket}/{path}"))
}

fn call_of(action: &str, on: &str) -> CallRow {
    CallRow {
        actions: vec![action.to_owned()],
        each: None,
        with: Vec::new(),
        on: vec![on.to_owned()],
        keys: IndexMap::default(),
        never: false,
        fact: None,
    }
}

#[cfg(test)]
mod tests {
    use super::object_of;

    #[test]
    fn an_object_is_read_from_any_form_of_its_address() {
        for url in [
            "s3://a.b/c/d.yaml",
            "https://a.b.s3.amazonaws.com/c/d.yaml",
            "https://a.b.s3.eu-west-1.amazonaws.com/c/d.yaml",
            "https://a.b.s3-eu-west-1.amazonaws.com/c/d.yaml",
            "https://s3.amazonaws.com/a.b/c/d.yaml",
            "https://s3-eu-west-1.amazonaws.com/a.b/c/d.yaml",
        ] {
            assert_eq!(object_of(url).as_deref(), Some("a.b/c/d.yaml"), "{url}");
        }
        assert_eq!(object_of("https://example.com/c"), None);
    }
}
