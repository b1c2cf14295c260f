//! The images of containers that launches start: that their registry has them, for the platform that
//! they are started on.
//!
//! <https://distribution.github.io/distribution/spec/api/>

use super::machine::Place;
use super::{Blocker, Inspected, Inspection, Subject};
use crate::cfn::{Evaluation, Map, Node, Scenarios};
use crate::product::{Key, VersionName};
use std::collections::{BTreeMap, BTreeSet};

/// The types whose containers are started of images.
const TYPES: [&str; 2] = ["AWS::Batch::JobDefinition", "AWS::ECS::TaskDefinition"];

/// What the newest bodies of all products ask of registries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Containers {
    all: BTreeSet<Container>,
}

/// A container that some value of a form starts. What isn't known before the launch is absent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Container {
    product: Key,
    version: VersionName,
    logical_id: String,
    image: Option<String>,
    platform: Option<Platform>,
}

/// An operating system and an architecture, in the words of manifests, such as `linux/amd64`.
/// <https://github.com/opencontainers/image-spec/blob/main/image-index.md>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform(pub String);

/// An image, as its registry tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerImage {
    /// It is there, for these platforms; for some that weren't told, where there are none.
    There(BTreeSet<Platform>),
    /// The registry says that it isn't there.
    Missing,
    /// Nobody could look, and why.
    NotLookedUp(String),
}

/// Where an image is, as `docker pull` reads its name.
/// <https://github.com/distribution/reference/blob/main/reference.go>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageName {
    /// The registry's host, with a port where there is one.
    pub host: String,
    /// The repository there.
    pub repository: String,
    /// A digest, where the name has one; else a tag.
    pub reference: String,
}

impl ImageName {
    /// Reads the name of an image; nothing where it is none.
    pub fn read(text: &str) -> Option<ImageName> {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (text, None),
        };
        let (host, path) = match name.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => {
                (host, path.to_owned())
            }
            Some(_) => ("docker.io", name.to_owned()),
            None => ("docker.io", format!("library/{name}")),
        };
        let (repository, tag) = match path.rsplit_once(':') {
            Some((repository, tag)) => (repository.to_owned(), tag.to_owned()),
            None => (path, "latest".to_owned()),
        };
        let reference = digest.map_or(tag, str::to_owned);
        let is_plain = |text: &str, further: &str| {
            let fits =
                |c: char| c.is_ascii_alphanumeric() || "._-".contains(c) || further.contains(c);
            !text.is_empty() && text.chars().all(fits)
        };
        let begins_well = |part: &str| part.starts_with(|c: char| c.is_ascii_alphanumeric());
        let fits = is_plain(&repository, "/")
            && is_plain(&reference, ":+")
            && is_plain(host, ":")
            && repository.split('/').all(begins_well);
        fits.then(|| ImageName {
            host: host.to_owned(),
            repository,
            reference,
        })
    }
}

impl Containers {
    /// What the newest bodies ask for in this account, with what is exported there.
    pub(super) fn of(inspection: &Inspection<'_>, exports: &BTreeMap<String, String>) -> Self {
        let place = Place::of(inspection, exports);
        let mut all = BTreeSet::new();
        for product in &inspection.desired.products {
            let Some((version, template)) = product.newest_template() else {
                continue;
            };
            let scenarios = Scenarios::of(&template);
            for (logical_id, resource) in &template.resources {
                if !TYPES.contains(&resource.kind.as_str()) {
                    continue;
                }
                for image in named(&resource.properties, "Image") {
                    for scenario in scenarios.over(&scenarios.parameters_in(image)) {
                        let evaluation = Evaluation::open(&template, &scenario, &place);
                        let text = |node: &Node| {
                            let value = evaluation.node(node).value()?;
                            value.as_str().map(str::to_owned)
                        };
                        all.insert(Container {
                            product: product.key.clone(),
                            version,
                            logical_id: logical_id.clone(),
                            image: text(image),
                            platform: platform(&resource.properties, text),
                        });
                    }
                }
            }
        }
        Containers { all }
    }

    /// The names of the images.
    pub(super) fn images(&self) -> BTreeSet<String> {
        let images = self.all.iter().filter_map(|one| one.image.clone());
        images.collect()
    }

    /// What nobody has looked up, in words.
    pub(super) fn unknown(&self, found: &Inspected) -> impl Iterator<Item = String> {
        self.all.iter().filter_map(|one| {
            let who = format!("{} {}: {}", one.product, one.version, one.logical_id);
            let Some(image) = &one.image else {
                return Some(format!("{who}: which image its container has: only its launch tells"));
            };
            match (found.containers.get(image), &one.platform) {
                (Some(ContainerImage::Missing), _) => None,
                (Some(ContainerImage::There(platforms)), Some(_)) if !platforms.is_empty() => None,
                (Some(ContainerImage::There(platforms)), None) if !platforms.is_empty() => Some(format!(
                    "{who}: whether image {image} is for the machines that start it: their instance types tell, and it is for {}",
                    listed(platforms)
                )),
                (Some(ContainerImage::There(_)), _) => Some(format!(
                    "{who}: for which platform image {image} is: the registry tells it nowhere that was asked"
                )),
                (Some(ContainerImage::NotLookedUp(why)), _) => {
                    Some(format!("{who}: whether the registry has image {image}: {why}"))
                }
                (None, _) => Some(format!(
                    "{who}: whether the registry has image {image}: nobody has asked it"
                )),
            }
        })
    }
}

/// What a container is started on, where its resource tells. Fargate has Linux on X86_64 where nothing is
/// said; machines of other compute environments have what their instance types have.
/// <https://docs.aws.amazon.com/batch/latest/APIReference/API_RuntimePlatform.html>
/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html>
fn platform(properties: &Map, text: impl Fn(&Node) -> Option<String>) -> Option<Platform> {
    let capabilities = ["PlatformCapabilities", "RequiresCompatibilities"];
    let capabilities = capabilities.iter().filter_map(|name| properties.get(*name));
    let is_fargate = capabilities.filter_map(Node::as_list).flatten();
    let is_fargate = is_fargate.filter_map(&text).any(|one| one == "FARGATE");
    let said = |name: &str| named(properties, name).first().map(|node| text(node));
    let system = match said("OperatingSystemFamily") {
        Some(said) => Some(said?),
        None => is_fargate.then(|| "LINUX".to_owned()),
    }?;
    let architecture = match said("CpuArchitecture") {
        Some(said) => Some(said?),
        None => is_fargate.then(|| "X86_64".to_owned()),
    }?;
    let system = match system.split('_').next()? {
        "LINUX" => "linux",
        "WINDOWS" => "windows",
        _ => return None,
    };
    let architecture = match architecture.as_str() {
        "X86_64" => "amd64",
        "ARM64" => "arm64",
        _ => return None,
    };
    Some(Platform(format!("{system}/{architecture}")))
}

/// The values of all properties of this name, at any depth.
fn named<'t>(properties: &'t Map, wanted: &str) -> Vec<&'t Node> {
    let mut found = Vec::new();
    for (name, node) in properties {
        match node {
            _ if name == wanted => found.push(node),
            Node::Map(inner) => found.extend(named(inner, wanted)),
            Node::List(items) => {
                let inner = items.iter().filter_map(Node::as_map);
                found.extend(inner.flat_map(|inner| named(inner, wanted)));
            }
            _ => {}
        }
    }
    found
}

fn listed(platforms: &BTreeSet<Platform>) -> String {
    let all: Vec<&str> = platforms.iter().map(|one| one.0.as_str()).collect();
    all.join(", ")
}

pub(super) fn check(inspection: &Inspection<'_>, found: &Inspected, findings: &mut Vec<Blocker>) {
    if found.containers.is_empty() {
        return;
    }
    let exports = found.exports.clone().unwrap_or_default();
    for one in Containers::of(inspection, &exports).all {
        let Some(image) = &one.image else { continue };
        let (what, hint) = match (found.containers.get(image), &one.platform) {
            (Some(ContainerImage::Missing), _) => (
                format!("the registry has no image {image}: no container of it starts"),
                "push the image, or name one that is there in the product's settings and release it",
            ),
            (Some(ContainerImage::There(platforms)), Some(platform))
                if !platforms.is_empty() && !platforms.contains(platform) =>
            {
                (
                    format!(
                        "image {image} is for {}, and its container is started on {}",
                        listed(platforms),
                        platform.0
                    ),
                    "push the image for that platform too, or name one that has it in the product's settings and release it",
                )
            }
            _ => continue,
        };
        findings.push(Blocker {
            on: Subject::Version(one.product.clone(), one.version),
            message: format!("{}: {what}", one.logical_id),
            hint: hint.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::ImageName;

    #[test]
    fn names_are_read_as_docker_reads_them() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (text, host, repository, reference) in [
            ("python", "docker.io", "library/python", "latest"),
            ("lab/tool:1", "docker.io", "lab/tool", "1"),
            ("ghcr.io/lab/tool:1.2", "ghcr.io", "lab/tool", "1.2"),
            ("localhost/tool", "localhost", "tool", "latest"),
            ("registry:5000/a/b:c", "registry:5000", "a/b", "c"),
            (
                &format!("public.ecr.aws/a/b@{digest}"),
                "public.ecr.aws",
                "a/b",
                &digest,
            ),
            (
                &format!("quay.io/a/b:1@{digest}"),
                "quay.io",
                "a/b",
                &digest,
            ),
        ] {
            let read = ImageName::read(text).unwrap();
            let parts = (
                read.host.as_str(),
                read.repository.as_str(),
                read.reference.as_str(),
            );
            assert_eq!(parts, (host, repository, reference), "{text}");
        }
        for none in ["", "a b", "ghcr.io/", "a@", "a?b/c", "a.b/../c"] {
            assert_eq!(ImageName::read(none), None, "{none:?}");
        }
    }
}
