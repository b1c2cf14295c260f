//! The kinds of products that `new product` knows: small models to start from.

use super::names;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use compute_catalog::product::{Key, Product, Typed};

pub mod bucket;
pub mod empty;
pub mod job;
pub mod machine;

/// What a new product is made of.
pub struct New {
    /// The files of its folder, by their paths in it.
    pub files: Vec<(String, String)>,
    /// The lines of `settings.yaml` below the catalog entry.
    pub settings: String,
    /// What Service Catalog calls it; none: after its key.
    pub name: Option<String>,
    /// What Service Catalog says of it.
    pub description: String,
    /// What its portfolio says of it, a line each.
    pub placement: Vec<String>,
}

/// What a portfolio says of a product where nothing else is known.
pub const PLACEMENT: [&str; 1] = ["tagUpdate: allowed"];

/// A kind of product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A private, encrypted bucket that outlives its product
    Bucket,
    /// A function that runs on a schedule
    Job,
    /// A machine that people reach by Session Manager, with no open port
    Machine,
    /// One log group, to start from
    Empty,
}

/// What a new product starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A model.
    Model(Kind),
    /// Files for an engine of the organisation's own: nothing here makes a model of them.
    External,
}

impl ValueEnum for Start {
    fn value_variants<'a>() -> &'a [Start] {
        &[
            Start::Model(Kind::Bucket),
            Start::Model(Kind::Job),
            Start::Model(Kind::Machine),
            Start::Model(Kind::Empty),
            Start::External,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Start::Model(kind) => kind.to_possible_value(),
            Start::External => Some(
                PossibleValue::new("external")
                    .help("Files for an engine of yours, such as one that runs Terraform"),
            ),
        }
    }
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 4] = [Kind::Bucket, Kind::Job, Kind::Machine, Kind::Empty];

    /// Its name on the command line, which is also that of its example: `bucket`.
    fn name(self) -> &'static str {
        match self {
            Kind::Bucket => "bucket",
            Kind::Job => "job",
            Kind::Machine => "machine",
            Kind::Empty => "empty",
        }
    }

    /// What the model, the settings and the catalog entry are made of.
    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Bucket => (
                include_str!("kind/bucket.rs"),
                include_str!("kind/bucket.yaml"),
                "A private, encrypted bucket",
            ),
            Kind::Job => (
                include_str!("kind/job.rs"),
                include_str!("kind/job.yaml"),
                "A job that runs on a schedule",
            ),
            Kind::Machine => (
                include_str!("kind/machine.rs"),
                include_str!("kind/machine.yaml"),
                "A machine that people reach by Session Manager",
            ),
            Kind::Empty => (
                include_str!("kind/empty.rs"),
                include_str!("kind/empty.yaml"),
                "A log group",
            ),
        }
    }

    /// What its programs call; none: it runs none.
    fn calls(self) -> Option<&'static str> {
        match self {
            Kind::Job => Some(include_str!("kind/job-calls.yaml")),
            Kind::Machine => Some(include_str!("kind/machine-calls.yaml")),
            Kind::Bucket | Kind::Empty => None,
        }
    }

    /// The same model as the product of this key, as it is compiled here.
    pub fn product(self, key: Key) -> Box<dyn Product> {
        match self {
            Kind::Bucket => Typed::<bucket::ExampleBucket>::new().under(key),
            Kind::Job => Typed::<job::ExampleJob>::new().under(key),
            Kind::Machine => Typed::<machine::ExampleMachine>::new().under(key),
            Kind::Empty => Typed::<empty::ExampleEmpty>::new().under(key),
        }
    }

    /// What a product of this kind and key is made of.
    pub fn product_files(self, key: &Key) -> New {
        let (model, settings, description) = self.texts();
        let model = model
            .replace(&format!("example-{}", self.name()), key.as_str())
            .replace(
                &format!("Example{}", names::camel(self.name())),
                &names::model(key),
            );
        let mut files = vec![("mod.rs".to_owned(), model)];
        if self == Kind::Job {
            let code = include_str!("kind/job.py").to_owned();
            files.push(("files/job.py".to_owned(), code));
        }
        if let Some(calls) = self.calls() {
            files.push(("calls.yaml".to_owned(), calls.to_owned()));
        }
        New {
            files,
            settings: settings.to_owned(),
            name: None,
            description: description.to_owned(),
            placement: PLACEMENT.map(str::to_owned).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_carries_the_key_and_nothing_of_the_example() {
        let key: Key = "team-store".parse().unwrap();
        for kind in Kind::ALL {
            let new = kind.product_files(&key);
            let (path, model) = &new.files[0];
            assert_eq!(path, "mod.rs");
            assert!(model.contains("pub struct TeamStore;"), "{model}");
            assert!(model.contains("Key::constant(\"team-store\")"), "{model}");
            assert!(!model.to_lowercase().contains("example"), "{model}");
        }
    }
}
