//! Launch values: which instance types and disk sizes a product offers, and which image each
//! starts. Whatever the launch form offers, launches.

use super::image::Image;
use compute_catalog::cfn::{
    Builder, Mapping, Number, ParameterDeclaration, ParameterHandle, Value, find_in_map, pseudo,
};
use compute_catalog::product::instance_type::{InstanceType, instance_type, is_accelerated, names};
use compute_catalog::product::{Context, Installed, ProductError, UNKNOWN_REGION, regions};
use compute_catalog::yaml::{Located, hint};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// The settings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LaunchSettings {
    /// Images by name (letters and digits). At most one for each architecture, and one more with
    /// drivers for accelerators.
    #[schemars(extend("minProperties" = 1, "propertyNames" = { "pattern": "^[A-Za-z0-9]+$" }))]
    pub images: IndexMap<String, Located<Image>>,
    /// The instance types of the launch form.
    pub instance_types: InstanceTypeSettings,
    /// The sizes of the root volume, in GiB.
    #[serde(rename = "volumeGib")]
    pub volume: VolumeSettings,
}

/// The instance types of the launch form.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct InstanceTypeSettings {
    /// The one that the form starts with.
    pub default: Located<String>,
    /// All, in the order of the form.
    #[schemars(length(min = 1, max = 200))]
    pub offered: Vec<Located<String>>,
}

/// The sizes of the root volume, in GiB.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VolumeSettings {
    /// The one that the form starts with.
    #[schemars(range(min = 1, max = 16384))]
    pub default: Located<u32>,
    /// The smallest.
    #[schemars(range(min = 1, max = 16384))]
    pub least: Located<u32>,
    /// The largest.
    #[schemars(range(min = 1, max = 16384))]
    pub most: Located<u32>,
}

/// Launch values that fit together: every offered type has its image.
#[derive(Clone, Debug)]
pub struct LaunchValues<'a> {
    settings: &'a LaunchSettings,
    image_of: IndexMap<&'a str, &'a str>,
}

impl LaunchSettings {
    /// The launch values.
    ///
    /// # Errors
    /// At the line of each setting: types that AWS doesn't have, or not in a region of the images;
    /// types that no image starts; images that contradict each other; images that nothing uses;
    /// defaults that aren't offered; volumes smaller than an image.
    pub fn values<'a, S>(
        &'a self,
        context: &Context<'_, S>,
    ) -> Result<LaunchValues<'a>, Vec<ProductError>> {
        let mut faults = Faults {
            context,
            found: Vec::new(),
        };
        self.check_images(&mut faults);
        let image_of = self.choose(&mut faults);
        self.check_default(&mut faults);
        self.check_volume(&mut faults);
        if faults.found.is_empty() {
            Ok(LaunchValues {
                settings: self,
                image_of,
            })
        } else {
            Err(faults.found)
        }
    }

    /// The operating systems of the images, with the processors that each runs on.
    pub fn operating_systems(&self) -> Vec<Installed> {
        let systems = self.images.values().map(|image| {
            let drivers = if image.gpu {
                ", with drivers for GPUs"
            } else {
                ""
            };
            let (system, processors) = (&image.operating_system, image.architecture.value.name());
            Installed::new(
                "Operating system",
                format!("{system} ({processors}{drivers})"),
            )
        });
        systems.collect()
    }

    /// The image that each offered type starts.
    fn choose<'a, S>(&'a self, faults: &mut Faults<'_, '_, S>) -> IndexMap<&'a str, &'a str> {
        let mut image_of = IndexMap::new();
        self.check_known_regions(faults);
        for offered in &self.instance_types.offered {
            let name = offered.value.as_str();
            let Some(found) = instance_type(name) else {
                let hint = hint(name, names(), || {
                    "the types are in vendor/instance-types.json; `cargo xtask vendor refresh` renews them".to_owned()
                });
                faults.add(offered, format!("EC2 has no instance type `{name}`"), hint);
                continue;
            };
            match self.image_for(name, found) {
                Some((key, image)) => {
                    self.check_regions(offered, found, image, faults);
                    if image_of.insert(name, key).is_some() {
                        faults.add(
                            offered,
                            format!("`{name}` is offered twice"),
                            "leave one of them out",
                        );
                    }
                }
                None => {
                    let (message, hint) = self.without_image(name, found);
                    faults.add(offered, message, hint);
                }
            }
        }
        for (key, image) in &self.images {
            if !image_of.values().any(|used| used == key) {
                faults.add(
                    image,
                    format!("no offered instance type starts the image `{key}`"),
                    "offer a type of its architecture under `instanceTypes.offered`, or leave the image out",
                );
            }
        }
        image_of
    }

    fn image_for(&self, name: &str, found: &InstanceType) -> Option<(&str, &Image)> {
        self.images
            .iter()
            .map(|(key, image)| (key.as_str(), &image.value))
            .find(|(_, image)| {
                found.starts(image.architecture.value) && image.gpu == is_accelerated(name)
            })
    }

    /// Why a type has no image, naming the lines of the images that it can't start.
    fn without_image(&self, name: &str, found: &InstanceType) -> (String, String) {
        let runs: Vec<&str> = found
            .architectures()
            .map(|architecture| architecture.name())
            .collect();
        let runs = if runs.is_empty() {
            "another architecture".to_owned()
        } else {
            runs.join(" and ")
        };
        let images: Vec<String> = self
            .images
            .iter()
            .map(|(key, image)| {
                let drivers = if image.gpu { "with" } else { "without" };
                format!(
                    "`{key}` at line {} is for {} {drivers} drivers of accelerators",
                    image.at.line, image.architecture.value
                )
            })
            .collect();
        let drivers = if is_accelerated(name) {
            " and has an accelerator, which needs `gpu: true`"
        } else {
            ""
        };
        (
            format!(
                "`{name}` runs {runs}{drivers}; no image fits: {}",
                images.join(", ")
            ),
            "leave the type out, or add an image that fits under `images`".to_owned(),
        )
    }

    fn check_regions<S>(
        &self,
        offered: &Located<String>,
        found: &InstanceType,
        image: &Image,
        faults: &mut Faults<'_, '_, S>,
    ) {
        // A region that AWS hasn't is told once, where it stands.
        for region in image.ids.keys().filter(|region| is_region(region)) {
            match found.is_offered_in(region) {
                Some(true) => {}
                Some(false) => faults.add(
                    offered,
                    format!(
                        "`{}` does not exist in {}, where its image at line {} is",
                        offered.value, region.value, image.architecture.at.line
                    ),
                    "leave the type out, or the region",
                ),
                // Said of the region, once.
                None => {}
            }
        }
    }

    /// It is known which types each region of the images has, and an id is of one region.
    /// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html>
    fn check_known_regions<S>(&self, faults: &mut Faults<'_, '_, S>) {
        let mut any = self.instance_types.offered.iter();
        let any = any.find_map(|offered| instance_type(&offered.value));
        let mut told = Vec::new();
        let mut before: IndexMap<&str, &str> = IndexMap::new();
        let ids = self.images.values().flat_map(|image| &image.ids);
        for (region, id) in ids {
            if let Some(other) = before.insert(id, &region.value)
                && other != region.value
            {
                faults.add(
                    region,
                    format!("`{id}` is the image of {other} too, and an image is of one region"),
                    "write the id that the copy of the image has there",
                );
            }
            let is_unknown = is_region(region)
                && !told.contains(&&region.value)
                && any.is_some_and(|any| any.is_offered_in(region).is_none());
            if is_unknown {
                told.push(&region.value);
                let count = self.instance_types.offered.len();
                faults.add(
                    region,
                    format!(
                        "nothing is known about instance types in {}, where {count} are offered",
                        region.value
                    ),
                    "add the region to vendor/regions.txt and run `cargo xtask vendor refresh`",
                );
            }
        }
    }

    /// Each pair of images: one for an architecture, the same regions, the same root device.
    fn check_images<S>(&self, faults: &mut Faults<'_, '_, S>) {
        let images: Vec<_> = self.images.iter().collect();
        for (index, (key, image)) in images.iter().enumerate() {
            for region in image.ids.keys().filter(|region| !is_region(region)) {
                faults.add(
                    region,
                    format!("`{}` is no region of AWS", region.value),
                    hint(region, regions(), || UNKNOWN_REGION.to_owned()),
                );
            }
            for (other_key, other) in &images[..index] {
                let line = other.at.line;
                if other.architecture == image.architecture && other.gpu == image.gpu {
                    faults.add(
                        &image.architecture,
                        format!("`{key}` and `{other_key}` at line {line} are for the same types"),
                        "keep one image for each architecture, and one more with `gpu: true`",
                    );
                }
                if other.root_device != image.root_device {
                    faults.add(
                        &image.root_device,
                        format!(
                            "`{key}` has another root device than `{other_key}` at line {}",
                            other.root_device.at.line
                        ),
                        "build both images with the same root device",
                    );
                }
                let differs = image
                    .ids
                    .keys()
                    .any(|region| !other.ids.contains_key(region))
                    || other
                        .ids
                        .keys()
                        .any(|region| !image.ids.contains_key(region));
                if differs {
                    faults.add(
                        image,
                        format!("`{key}` is in other regions than `{other_key}` at line {line}"),
                        "copy the images until each is in every region",
                    );
                }
            }
        }
    }

    fn check_default<S>(&self, faults: &mut Faults<'_, '_, S>) {
        let types = &self.instance_types;
        if !types.offered.contains(&types.default) {
            let line = types.offered.first().map_or(0, |first| first.at.line);
            faults.add(
                &types.default,
                format!(
                    "the default `{}` is not among the offered types at line {line}",
                    types.default.value
                ),
                "offer it, or choose another default",
            );
        }
    }

    fn check_volume<S>(&self, faults: &mut Faults<'_, '_, S>) {
        let VolumeSettings {
            default,
            least,
            most,
        } = &self.volume;
        if least.value > most.value {
            faults.add(
                least,
                format!(
                    "the smallest volume, {}, is larger than the largest at line {}",
                    least.value, most.at.line
                ),
                "swap them",
            );
        } else if !(least.value..=most.value).contains(&default.value) {
            faults.add(
                default,
                format!(
                    "the default volume, {} GiB, is not between {} GiB (line {}) and {} GiB (line {})",
                    default.value, least.value, least.at.line, most.value, most.at.line
                ),
                "choose another default",
            );
        }
        for (key, image) in &self.images {
            let smallest = &image.smallest_volume_gib;
            if least.value < smallest.value {
                faults.add(
                    least,
                    format!("a volume of {} GiB is smaller than the {} GiB of the image `{key}` at line {}", least.value, smallest.value, smallest.at.line),
                    format!("offer {} GiB or more", smallest.value),
                );
            }
        }
    }
}

fn is_region(name: &str) -> bool {
    regions().any(|region| region == name)
}

struct Faults<'a, 'c, S> {
    context: &'a Context<'c, S>,
    found: Vec<ProductError>,
}

impl<S> Faults<'_, '_, S> {
    fn add<T>(&mut self, at: &Located<T>, message: impl Into<String>, hint: impl Into<String>) {
        self.found
            .push(self.context.settings_fault(at.at, message, hint));
    }
}

impl LaunchValues<'_> {
    /// The parameter for the instance type.
    pub fn instance_type(&self) -> ParameterDeclaration<String> {
        ParameterDeclaration::string()
            .description("Processors and memory of the machine: see https://aws.amazon.com/ec2/instance-types/")
            .default(&self.settings.instance_types.default.value)
            .allowed_values(self.image_of.keys().copied())
            .constraint_description("Choose one of the instance types of the list.")
    }

    /// The parameter for the size of the root volume.
    pub fn volume_size(&self) -> ParameterDeclaration<Number> {
        let VolumeSettings {
            default,
            least,
            most,
        } = &self.settings.volume;
        ParameterDeclaration::number()
            .description(
                "Size of the disk in GB. The disk goes with the machine: choose the size once, \
                 since another one in an update makes a new machine with an empty disk.",
            )
            .default(default.value)
            .between(i64::from(least.value), i64::from(most.value))
            .constraint_description(format!(
                "Write a whole number from {} to {}.",
                least.value, most.value
            ))
    }

    /// The image of a type: by region, and by type where there is more than one image.
    pub fn image(&self, builder: &mut Builder, chosen: &ParameterHandle<String>) -> Value<String> {
        let mut ids = Mapping::<String>::new();
        for (key, image) in &self.settings.images {
            for (region, id) in &image.ids {
                ids.set(region, key, id.as_str());
            }
        }
        let ids = builder.mapping("Images", ids);
        let mut keys = self.settings.images.keys();
        let key: Value<String> = match (keys.next(), keys.next()) {
            (Some(only), None) => only.into(),
            _ => {
                let mut by_type = Mapping::<String>::new();
                for (name, key) in &self.image_of {
                    by_type.set(name, "Image", *key);
                }
                find_in_map(&builder.mapping("InstanceTypes", by_type), chosen, "Image")
            }
        };
        find_in_map(&ids, pseudo::region(), key)
    }

    /// The device of the root volume, the same on every image.
    pub fn root_device(&self) -> &str {
        self.settings
            .images
            .values()
            .next()
            .map_or("", |image| &image.root_device.value)
    }

    /// The images, with where they are described.
    pub fn images(&self) -> impl Iterator<Item = (&str, &Located<Image>)> {
        self.settings
            .images
            .iter()
            .map(|(key, image)| (key.as_str(), image))
    }
}
