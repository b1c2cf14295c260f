//! The vendored data in memory: what the lists name, taken out of the packages.

use std::collections::BTreeMap;

use compute_catalog::digest::Digest;
use compute_catalog::yaml::nearest;
use serde_json::Value;

use super::provenance::{File, Package, Provenance};
use super::wheel::Wheel;
use super::{
    CFN_LINT, Error, IAM_ACTIONS, INSTANCE_TYPES, MANAGED_POLICIES, MANAGED_POLICY_NAMES,
    REGION_NAMES, SERVICE_PRINCIPALS, TYPE_NAMES, UPDATES, Wanted, api, api_path, iam_actions,
    instance_types, layout, managed_policies, schema, served, service_principals, updates,
};

/// The region whose edition of the schemas is taken: the one in which AWS releases first.
const SCHEMA_REGION: &str = "us-east-1";
/// Deeper than any schema nests: each entry on a line of its own.
const EVERY_LEVEL: usize = usize::MAX;

/// The vendored data, in memory.
#[derive(Default)]
pub struct Data {
    /// What `PROVENANCE.toml` will say.
    pub provenance: Provenance,
    /// Contents by path from `vendor/`.
    pub contents: BTreeMap<String, String>,
}

impl Data {
    /// Takes what `wanted` names out of the packages.
    ///
    /// # Errors
    /// A list that names what a package lacks, or a package of another layout.
    pub fn take(
        wanted: &Wanted,
        mut cfn_lint: Wheel,
        mut moto: Wheel,
        mut botocore: Wheel,
    ) -> Result<Self, Error> {
        let mut data = Self::default();
        data.schemas(&wanted.types, "schemas", &mut cfn_lint)?;
        data.schemas(&wanted.checked, "checked", &mut cfn_lint)?;
        data.extensions(&wanted.extensions, &mut cfn_lint)?;
        data.names(&mut cfn_lint)?;

        let actions_path = "cfnlint/data/AdditionalSpecs/Policies.json";
        let specification = cfn_lint.json(actions_path)?;
        let actions = iam_actions::lines(&specification)?;
        let source = from(&cfn_lint.package, actions_path);
        data.add(IAM_ACTIONS, actions, vec![source], vec![]);

        let offered = "cfnlint/data/schemas/extensions/aws_ec2_instance/instancetype_enum.json";
        let described = "moto/ec2/resources/instance_types.json.gz";
        let offered_in = cfn_lint.json(offered)?;
        let regions = offered_in.as_object().into_iter().flatten();
        let regions: Value = regions
            .map(|(name, _)| Value::from(name.as_str()))
            .collect();
        let source = from(&cfn_lint.package, offered);
        data.add(
            REGION_NAMES,
            layout::lines(regions, 1),
            vec![source],
            vec![],
        );
        let types = instance_types::select(&offered_in, &moto.json(described)?, &wanted.regions)?;
        let sources = vec![
            from(&cfn_lint.package, offered),
            from(&moto.package, described),
        ];
        data.add(INSTANCE_TYPES, layout::lines(types, 1), sources, vec![]);

        let policies = "moto/iam/aws_managed_policies.py";
        let list = moto.json_in_python(policies)?;
        let principals = service_principals::select(&list, &specification);
        let sources = vec![
            from(&moto.package, policies),
            from(&cfn_lint.package, actions_path),
        ];
        data.add(
            SERVICE_PRINCIPALS,
            layout::lines(principals, 1),
            sources,
            vec![],
        );
        let source = from(&moto.package, policies);
        let names = layout::lines(managed_policies::names(&list), 1);
        data.add(MANAGED_POLICY_NAMES, names, vec![source], vec![]);
        let selected = managed_policies::select(&list, &wanted.policies)?;
        let source = from(&moto.package, policies);
        data.add(
            MANAGED_POLICIES,
            layout::lines(selected, 4),
            vec![source],
            vec![],
        );
        for (service, operations) in served::by_service(&wanted.operations)? {
            let (model, path) = api::select(&mut botocore, service, &operations)?;
            let source = from(&botocore.package, &path);
            data.add(
                &api_path(service),
                layout::lines(model, 3),
                vec![source],
                vec![],
            );
        }

        cfn_lint.package.schema_date = cfn_lint
            .json("cfnlint/data/schemas/version.json")?
            .get("schema_date")
            .and_then(Value::as_str)
            .map(str::to_owned);
        data.provenance.packages = vec![botocore.package, cfn_lint.package, moto.package];
        data.provenance.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(data)
    }

    /// Takes the schemas of these types into a folder of `vendor/`.
    ///
    /// # Errors
    /// Types that AWS publishes no schema for, or a package of another layout.
    pub fn schemas(
        &mut self,
        types: &[String],
        folder: &str,
        cfn_lint: &mut Wheel,
    ) -> Result<(), Error> {
        let index = cfn_lint.json(&format!(
            "cfnlint/data/schemas/providers/{SCHEMA_REGION}.json"
        ))?;
        let mut unknown = Vec::new();
        for name in types {
            let Some(stem) = index.get(name).and_then(Value::as_str) else {
                unknown.push(name.as_str());
                continue;
            };
            let path = format!("cfnlint/data/schemas/resources/{stem}.json");
            let (schema, rewritten) = schema::trim(cfn_lint.json(&path)?);
            if schema.get("typeName").and_then(Value::as_str) != Some(name.as_str()) {
                return Err(Error::new(format!(
                    "{path} of {CFN_LINT} is listed as {name}, and says it is another type"
                )));
            }
            let source = from(&cfn_lint.package, &path);
            self.add(
                &format!("{folder}/{}.json", name.replace("::", "-")),
                layout::lines(schema, EVERY_LEVEL),
                vec![source],
                rewritten,
            );
        }
        if unknown.is_empty() {
            Ok(())
        } else {
            Err(Error::new(format!(
                "AWS publishes no schema for {}",
                unknown.join(", ")
            ))
            .hint(spelling(
                unknown.first().copied().unwrap_or_default(),
                index
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.as_str()),
            )))
        }
    }

    /// Schemas that hold for parts of types, beyond AWS's own: `aws_s3_bucket.ownershipcontrols`.
    fn extensions(&mut self, names: &[String], cfn_lint: &mut Wheel) -> Result<(), Error> {
        for name in names {
            let (folder, file) = name.split_once('.').unwrap_or((name, ""));
            let kind = match folder {
                "iam" | "resources" => "other",
                _ => "extensions",
            };
            let path = format!("cfnlint/data/schemas/{kind}/{folder}/{file}.json");
            let (schema, rewritten) = schema::trim(cfn_lint.json(&path)?);
            let source = from(&cfn_lint.package, &path);
            let text = layout::lines(schema, EVERY_LEVEL);
            self.add(
                &format!("extensions/{name}.json"),
                text,
                vec![source],
                rewritten,
            );
        }
        Ok(())
    }

    /// The names of all types, and when Lambda ends its runtimes.
    fn names(&mut self, cfn_lint: &mut Wheel) -> Result<(), Error> {
        let path = format!("cfnlint/data/schemas/providers/{SCHEMA_REGION}.json");
        let index = cfn_lint.json(&path)?;
        let mut names: Vec<&String> = index
            .as_object()
            .into_iter()
            .flat_map(|all| all.keys())
            .collect();
        names.sort();
        let text = layout::lines(
            names
                .into_iter()
                .map(|name| Value::from(name.as_str()))
                .collect(),
            1,
        );
        let source = from(&cfn_lint.package, &path);
        self.add(TYPE_NAMES, text, vec![source.clone()], vec![]);
        let updates = updates::select(&index, cfn_lint)?;
        self.add(UPDATES, layout::lines(updates, 1), vec![source], vec![]);

        let path = "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json";
        let lifecycle = cfn_lint.json(path)?;
        let date = cfn_lint.json("cfnlint/data/schemas/version.json")?;
        let date = date
            .get("schema_date")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let ends: Value = lifecycle
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, dates)| {
                let end = dates.get("create-block").filter(|end| end.is_string())?;
                Some((name.clone(), end.clone()))
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        let day = date.get(..10).unwrap_or(date);
        let list = serde_json::json!({"asOf": day, "createBlock": ends});
        let source = from(&cfn_lint.package, path);
        self.add(
            "lambda-runtimes.json",
            layout::lines(list, EVERY_LEVEL),
            vec![source],
            vec![],
        );
        Ok(())
    }

    fn add(&mut self, path: &str, text: String, sources: Vec<String>, rewritten: Vec<String>) {
        self.provenance.files.push(File {
            path: path.to_owned(),
            sha256: Digest::of(text.as_bytes()).hex().to_owned(),
            sources,
            rewritten,
        });
        self.contents.insert(path.to_owned(), text);
    }
}

/// What a person who misspelt a type is told.
fn spelling<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean {near}?"),
        None => "type names are spelt as in a template, such as AWS::S3::Bucket".to_owned(),
    }
}

fn from(package: &Package, path: &str) -> String {
    format!("{}: {path}", package.name)
}
