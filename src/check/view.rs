//! Resources in the forms that they can take, for the values that parameters can have.

use crate::cfn::{
    Evaluation, IndexMap, IndexSet, Node, Path, Pseudo, Resource, Scenario, Scenarios, Template,
};
use indexmap::map::Entry;
use std::rc::Rc;

/// The properties of a resource in one form. Forms in which a property is the same share it.
pub type Form<'a> = IndexMap<&'a str, Rc<Node>>;

/// The forms that the resources of a template can take.
pub struct Forms<'a> {
    resources: IndexMap<&'a str, OfResource<'a>>,
    is_cut: bool,
}

/// About how many bytes the forms of a template take at most. A template has 1 MB; what needs so much
/// more was made to fill memory.
const ROOM: usize = 64 << 20;

/// The forms of one resource.
struct OfResource<'a> {
    forms: Vec<Form<'a>>,
    /// What its properties are in any of them, each once.
    values: Vec<(&'a str, Rc<Node>)>,
}

/// A resource in one of the forms that it can take.
#[derive(Clone, Copy)]
pub struct View<'s> {
    /// Its logical id.
    pub id: &'s str,
    /// The resource as it stands in the template.
    pub resource: &'s Resource,
    /// Its properties for some parameter values. What isn't known offline stays a function.
    pub properties: &'s Form<'s>,
}

/// A property of a resource as it is in some form.
#[derive(Clone, Copy)]
pub struct Property<'s> {
    /// The resource's logical id.
    pub id: &'s str,
    /// The resource as it stands in the template.
    pub resource: &'s Resource,
    /// The property's name.
    pub name: &'s str,
    /// What it is. What isn't known offline stays a function.
    pub value: &'s Node,
}

/// A property while the forms of its resource are looked for.
struct Tried<'a, 't> {
    node: &'a Node,
    /// The parameters that it asks for.
    asked: &'t IndexSet<&'a str>,
    /// Which of its values it has for these of theirs.
    known: IndexMap<Vec<Option<&'t String>>, usize>,
    /// What it can be; none where it is left out.
    values: Vec<Option<Rc<Node>>>,
}

impl<'t> Tried<'_, 't> {
    /// Which of its values the property has in a scenario.
    fn place(&mut self, scenario: &'t Scenario, evaluation: &Evaluation<'_, Pseudo>) -> usize {
        let evaluate = || evaluation.node(self.node).value().map(Rc::new);
        if self.asked.is_empty() {
            if self.values.is_empty() {
                self.values.push(evaluate());
            }
            return 0;
        }
        let given = self.asked.iter().map(|name| scenario.get(*name));
        match self.known.entry(given.collect()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => {
                let value = evaluate();
                let same = self.values.iter().position(|known| *known == value);
                let place = same.unwrap_or(self.values.len());
                if same.is_none() {
                    self.values.push(value);
                }
                *unknown.insert(place)
            }
        }
    }
}

impl<'a> OfResource<'a> {
    /// `room` is how many bytes its forms may take, and is lessened by them.
    fn of(
        resource: &'a Resource,
        scenarios: &Scenarios<'a>,
        pseudo: &Pseudo,
        room: &mut usize,
    ) -> OfResource<'a> {
        let nodes = resource.properties.values();
        let asked: Vec<IndexSet<&str>> = nodes.map(|node| scenarios.parameters_in(node)).collect();
        let mut parameters: IndexSet<&str> = asked.iter().flatten().copied().collect();
        if let Some(condition) = &resource.condition {
            parameters.extend(scenarios.parameters_of_condition(condition));
        }
        let scenarios_of_it = scenarios.over(&parameters);
        let tried = |(node, asked)| Tried {
            node,
            asked,
            known: IndexMap::default(),
            values: Vec::new(),
        };
        let nodes = resource.properties.values();
        let mut properties: Vec<Tried<'_, '_>> = nodes.zip(&asked).map(tried).collect();
        // A form by the place of each property among that property's values.
        let mut found: IndexSet<Vec<usize>> = IndexSet::default();
        for scenario in &scenarios_of_it {
            let evaluation = scenarios.evaluate(scenario, pseudo);
            if evaluation.creates(resource) != Some(false) {
                let properties = properties.iter_mut();
                found.insert(
                    properties
                        .map(|one| one.place(scenario, &evaluation))
                        .collect(),
                );
                let left = room.saturating_sub(evaluation.spent());
                *room = left;
                if left == 0 {
                    break;
                }
            }
        }
        let mut forms = Vec::with_capacity(found.len());
        let mut values = Vec::new();
        // Values were found one after the other: so many of each property stand in forms so far.
        let mut shown = vec![0; properties.len()];
        for places in found {
            let mut form = Form::with_capacity_and_hasher(places.len(), Default::default());
            let names = resource.properties.keys();
            let properties = names.zip(&properties).zip(places).zip(&mut shown);
            for (((name, property), place), shown) in properties {
                if let Some(value) = property.values.get(place).and_then(Option::as_ref) {
                    form.insert(name.as_str(), Rc::clone(value));
                    if place == *shown {
                        values.push((name.as_str(), Rc::clone(value)));
                    }
                }
                *shown = (*shown).max(place + 1);
            }
            forms.push(form);
        }
        OfResource { forms, values }
    }

    fn views<'s>(&'s self, id: &'s str, resource: &'s Resource) -> impl Iterator<Item = View<'s>> {
        self.forms.iter().map(move |properties| View {
            id,
            resource,
            properties,
        })
    }
}

impl<'a> Forms<'a> {
    /// Evaluates a template.
    pub fn of(template: &'a Template) -> Forms<'a> {
        Forms::within(template, &Pseudo::example())
    }

    /// Evaluates a template with these pseudo-parameters.
    pub fn within(template: &'a Template, pseudo: &Pseudo) -> Forms<'a> {
        let scenarios = Scenarios::of(template);
        let mut room = ROOM;
        let forms = |(id, resource): (&'a String, &'a Resource)| {
            let of_it = OfResource::of(resource, &scenarios, pseudo, &mut room);
            (id.as_str(), of_it)
        };
        let resources = template.resources.iter().map(forms).collect();
        Forms {
            resources,
            is_cut: scenarios.is_cut() || room == 0,
        }
    }

    /// Whether there are more than were looked at.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Every form of every resource.
    pub fn views<'s>(&'s self, template: &'s Template) -> impl Iterator<Item = View<'s>> {
        self.of_each(template)
            .flat_map(|(id, resource, of_it)| of_it.views(id, resource))
    }

    /// Every form of one resource.
    pub fn views_of<'s>(
        &'s self,
        id: &'s str,
        resource: &'s Resource,
    ) -> impl Iterator<Item = View<'s>> {
        let of_it = self.resources.get(id).into_iter();
        of_it.flat_map(move |of_it| of_it.views(id, resource))
    }

    /// What every property of every resource is in some form, each once.
    pub fn properties<'s>(&'s self, template: &'s Template) -> impl Iterator<Item = Property<'s>> {
        self.of_each(template).flat_map(|(id, resource, of_it)| {
            of_it.values.iter().map(move |(name, value)| Property {
                id,
                resource,
                name,
                value,
            })
        })
    }

    fn of_each<'s>(
        &'s self,
        template: &'s Template,
    ) -> impl Iterator<Item = (&'s str, &'s Resource, &'s OfResource<'s>)> {
        let resources = template.resources.iter();
        resources.filter_map(|(id, resource)| {
            let of_it = self.resources.get(id.as_str())?;
            Some((id.as_str(), resource, of_it))
        })
    }
}

impl View<'_> {
    /// Where a property stands. The segments are those of the evaluated value.
    pub fn path(&self, segments: &[&str]) -> Path {
        let top = ["Resources", self.id, "Properties"];
        Path::of(top.iter().chain(segments).copied())
    }

    /// Where the resource stands.
    pub fn at(&self) -> Path {
        Path::of(["Resources", self.id])
    }

    /// The value of a property, by its path.
    pub fn get(&self, segments: &[&str]) -> Option<&Node> {
        let (first, rest) = segments.split_first()?;
        let property: &Node = self.properties.get(*first)?;
        rest.iter().try_fold(property, |node, segment| match node {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::read;

    #[test]
    fn each_value_of_a_property_is_there_once_however_many_forms_have_it() {
        let text = "
Parameters:
  Size: {Type: String, Default: small, AllowedValues: [small, large, larger]}
Conditions:
  Large: !Not [!Equals [!Ref Size, small]]
Resources:
  A:
    Type: Custom::Thing
    Properties:
      Size: !Ref Size
      Kind: !If [Large, big, little]
      Name: a
      Only: !If [Large, !Ref AWS::NoValue, little]
  B:
    Type: Custom::Thing
    Condition: Large
    Properties:
      Size: !Ref Size
";
        let template = read(text).unwrap();
        let forms = Forms::of(&template);
        let sizes = |id: &str| -> Vec<String> {
            let views = forms.views(&template).filter(|view| view.id == id);
            views.filter_map(|view| view.text(&["Size"])).collect()
        };
        assert_eq!(sizes("A"), ["small", "large", "larger"]);
        assert_eq!(sizes("B"), ["large", "larger"]);
        let values: Vec<(&str, &str, Option<String>)> = forms
            .properties(&template)
            .map(|property| (property.id, property.name, property.value.scalar_text()))
            .collect();
        let value = |id, name, text: &str| (id, name, Some(text.to_owned()));
        assert_eq!(
            values,
            [
                value("A", "Size", "small"),
                value("A", "Kind", "little"),
                value("A", "Name", "a"),
                value("A", "Only", "little"),
                value("A", "Size", "large"),
                value("A", "Kind", "big"),
                value("A", "Size", "larger"),
                value("B", "Size", "large"),
                value("B", "Size", "larger"),
            ]
        );
    }
}
