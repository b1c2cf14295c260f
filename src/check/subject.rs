//! What rules look at: a template, with what several rules ask about it.

use super::policy::{Allow, allows, denies};
use super::scripts::{Boot, BootMetadata, Script, boot};
use super::{Forms, Property, Severity, View};
use crate::cfn::reference::{each_target, references_to, walk};
use crate::cfn::{
    IndexMap, IndexSet, Node, Pattern, Reference, Resource, Step, Target, Template, TemplateError,
    Trail,
};
use std::sync::Arc;

/// A template under check, with what several rules ask about it.
pub struct Subject<'a> {
    /// The product, or the file where the template is of none.
    pub product: &'a str,
    /// Whether it is of a catalog of ours, which keeps more rules than AWS has; any file otherwise.
    pub is_of_catalog: bool,
    /// Its template.
    pub template: &'a Template,
    /// The template as it is written.
    pub body: &'a str,
    /// Why the template doesn't hold together.
    pub defects: Vec<TemplateError>,
    /// What its references point at, each once.
    pub targets: IndexSet<Target<'a>>,
    /// Every statement that allows something.
    pub(super) allows: Vec<Allow<'a>>,
    /// Every statement that denies something.
    pub(super) denies: Vec<Allow<'a>>,
    /// The `cfn-init` metadata of every resource that has some.
    pub(super) inits: Vec<BootMetadata<'a>>,
    /// Every text that runs, or is written, on a machine.
    pub(super) scripts: Vec<Script<'a>>,
    forms: &'a Forms<'a>,
    patterns: IndexMap<&'a str, Result<Option<Arc<Pattern>>, String>>,
}

impl<'a> Subject<'a> {
    /// A template and its forms.
    pub fn new(
        product: &'a str,
        template: &'a Template,
        forms: &'a Forms<'a>,
        body: &'a str,
        is_of_catalog: bool,
    ) -> Subject<'a> {
        // Patterns take longer to make ready than to match: each once.
        let patterns = template.parameters.iter().map(|(name, parameter)| {
            let pattern = parameter.pattern().map_err(|error| error.to_string());
            (name.as_str(), pattern)
        });
        let mut targets = IndexSet::default();
        let defects = template.defects_and_targets(&mut |target| {
            targets.insert(target);
        });
        let Boot { inits, scripts } = boot(template);
        Subject {
            product,
            is_of_catalog,
            template,
            body,
            defects,
            targets,
            allows: forms.properties(template).flat_map(allows).collect(),
            denies: forms.properties(template).flat_map(denies).collect(),
            scripts,
            inits,
            forms,
            patterns: patterns.collect(),
        }
    }

    /// Whether its resources have more forms than were looked at.
    pub fn is_cut(&self) -> bool {
        self.forms.is_cut()
    }

    /// The user data of a resource, as text, once for each choice.
    pub(super) fn user_data<'s>(&'s self, id: &'s str) -> impl Iterator<Item = &'s str> {
        let scripts = self.scripts.iter();
        let of_it = scripts.filter(move |script| script.is_user_data && script.id == id);
        of_it.map(|script| &*script.text)
    }

    /// The severity of what AWS takes and our products don't do.
    pub(super) fn of_house(&self) -> Severity {
        match self.is_of_catalog {
            true => Severity::Error,
            false => Severity::Warning,
        }
    }

    /// The same of what has a default that nobody may be content with: who says otherwise is wrong
    /// anywhere.
    pub(super) fn of_house_unless(&self, is_said: bool) -> Severity {
        match is_said {
            true => Severity::Error,
            false => self.of_house(),
        }
    }

    /// The pattern of a parameter, where it has one.
    ///
    /// # Errors
    /// Why it can't be read.
    pub fn pattern(&self, parameter: &str) -> Result<Option<&Pattern>, &str> {
        match self.patterns.get(parameter) {
            Some(Ok(pattern)) => Ok(pattern.as_deref()),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        }
    }

    /// The references to what is wanted, in the order of the file. Where there is none, the
    /// template isn't read again to learn where it stands.
    pub fn references_to(&self, is_wanted: impl Fn(Target<'a>) -> bool) -> Vec<Reference<'a>> {
        if !self.targets.iter().any(|target| is_wanted(*target)) {
            return Vec::new();
        }
        references_to(self.template, is_wanted)
    }

    /// The parameters in a value that take whatever a person writes: no list of choices.
    pub fn open_parameters(&self, node: &Node) -> Vec<&'a str> {
        let mut names = IndexSet::default();
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

    /// Every form of one resource.
    pub fn views_of<'s>(
        &'s self,
        id: &'s str,
        resource: &'s Resource,
    ) -> impl Iterator<Item = View<'s>> {
        self.forms.views_of(id, resource)
    }

    /// What every property of every resource is in some form, each once.
    pub fn properties(&self) -> impl Iterator<Item = Property<'_>> {
        self.forms.properties(self.template)
    }

    /// Every form of the resources of one type.
    pub fn of_type<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = View<'s>> {
        self.views().filter(move |view| view.resource.kind == kind)
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
