//! What rules look at: a template, with every form that its resources can take.

use super::policy::{Allow, allows};
use crate::cfn::reference::{each_target, walk};
use crate::cfn::{
    Map, Node, Path, Pseudo, Reference, Resource, Scenarios, Step, Target, Template, Trail,
    references,
};
use crate::product::Key;
use fancy_regex::Regex;
use indexmap::{IndexMap, IndexSet};

/// The forms that the resources of a template can take.
pub struct Forms<'a>(IndexMap<&'a str, Vec<Map>>);

/// A template under check, with what several rules ask about it.
pub struct Subject<'a> {
    /// The product.
    pub product: &'a Key,
    /// Its template.
    pub template: &'a Template,
    /// The template as it is written.
    pub body: &'a str,
    /// Every reference of the template.
    pub references: Vec<Reference<'a>>,
    /// Every statement that allows something.
    pub(super) allows: Vec<Allow<'a>>,
    forms: &'a Forms<'a>,
    patterns: IndexMap<&'a str, Result<Option<Regex>, String>>,
}

/// A resource in one of the forms that it can take.
#[derive(Clone, Copy)]
pub struct View<'s> {
    /// Its logical id.
    pub id: &'s str,
    /// The resource as it stands in the template.
    pub resource: &'s Resource,
    /// Its properties for some parameter values. What isn't known offline stays a function.
    pub properties: &'s Map,
}

impl<'a> Forms<'a> {
    /// Evaluates a template.
    pub fn of(template: &'a Template) -> Forms<'a> {
        let scenarios = Scenarios::of(template);
        let pseudo = Pseudo::example();
        let mut all = IndexMap::new();
        for (id, resource) in &template.resources {
            let mut forms: Vec<Map> = Vec::new();
            for scenario in scenarios.over(&scenarios.parameters_of(id)) {
                let evaluation = scenarios.evaluate(&scenario, &pseudo);
                if evaluation.creates(resource) == Some(false) {
                    continue;
                }
                let form = evaluation.properties(resource);
                if !forms.contains(&form) {
                    forms.push(form);
                }
            }
            all.insert(id.as_str(), forms);
        }
        Forms(all)
    }

    /// Every form of every resource.
    pub fn views<'s>(&'s self, template: &'s Template) -> impl Iterator<Item = View<'s>> {
        template.resources.iter().flat_map(|(id, resource)| {
            let forms = self.0.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            forms.iter().map(move |properties| View {
                id,
                resource,
                properties,
            })
        })
    }
}

impl<'a> Subject<'a> {
    /// A template and its forms.
    pub fn new(
        product: &'a Key,
        template: &'a Template,
        forms: &'a Forms<'a>,
        body: &'a str,
    ) -> Subject<'a> {
        // Some patterns take milliseconds to make ready: each once.
        let patterns = template.parameters.iter().map(|(name, parameter)| {
            let regex = parameter.regex().map_err(|error| error.to_string());
            (name.as_str(), regex)
        });
        Subject {
            product,
            template,
            body,
            references: references(template),
            allows: forms.views(template).flat_map(allows).collect(),
            forms,
            patterns: patterns.collect(),
        }
    }

    /// The pattern of a parameter, where it has one.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn pattern(&self, parameter: &str) -> Result<Option<&Regex>, &str> {
        match self.patterns.get(parameter) {
            Some(Ok(regex)) => Ok(regex.as_ref()),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        }
    }

    /// The parameters in a value that take whatever a person writes: no list of choices.
    pub fn open_parameters(&self, node: &Node) -> Vec<&'a str> {
        let mut names = IndexSet::new();
        walk(&Trail::top(""), node, &mut |_, function| {
            each_target(function, &mut |target| {
                if let Target::Name(name) = target
                    && let Some((name, parameter)) = self.template.parameters.get_key_value(name)
                    && parameter.allowed_values.is_empty()
                {
                    names.insert(name.as_str());
                }
            });
        });
        names.into_iter().collect()
    }

    /// Every form of every resource.
    pub fn views(&self) -> impl Iterator<Item = View<'_>> {
        self.forms.views(self.template)
    }

    /// Every form of the resources of one type.
    pub fn of_type<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = View<'s>> {
        self.views().filter(move |view| view.resource.kind == kind)
    }
}

impl View<'_> {
    /// Where a property stands. The segments are those of the evaluated value.
    pub fn path(&self, segments: &[&str]) -> Path {
        segments
            .iter()
            .fold(Path::properties(self.id), |path, segment| {
                path.join(*segment)
            })
    }

    /// Where the resource stands.
    pub fn at(&self) -> Path {
        Path::of(["Resources", self.id])
    }

    /// The value of a property, by its path.
    pub fn get(&self, segments: &[&str]) -> Option<&Node> {
        let (first, rest) = segments.split_first()?;
        rest.iter()
            .try_fold(self.properties.get(*first)?, |node, segment| match node {
                Node::List(items) => items.get(segment.parse::<usize>().ok()?),
                other => other.get(segment),
            })
    }

    /// The text of a property: `true`, `8`, `text`.
    pub fn text(&self, segments: &[&str]) -> Option<String> {
        self.get(segments)?.scalar_text()
    }

    /// Whether a property is this text.
    pub fn is(&self, segments: &[&str], text: &str) -> bool {
        self.text(segments).as_deref() == Some(text)
    }
}

/// Visits every literal text below a node, with its place.
pub(super) fn texts(trail: &Trail<'_>, node: &Node, visit: &mut impl FnMut(&Trail<'_>, &str)) {
    match node {
        Node::String(text) => visit(trail, text),
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(&trail.down(Step::Index(index)), item, visit);
            }
        }
        Node::Map(map) => {
            for (key, value) in map {
                texts(&trail.key(key), value, visit);
            }
        }
        Node::Intrinsic(function) => match &**function {
            crate::cfn::Intrinsic::Sub { text, variables } => {
                visit(trail, text);
                for (key, value) in variables {
                    texts(&trail.key(key), value, visit);
                }
            }
            other => {
                for (_, part) in other.parts() {
                    texts(trail, part, visit);
                }
            }
        },
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) => {}
    }
}
