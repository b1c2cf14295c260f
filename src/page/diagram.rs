//! A diagram of a template's resources: boxes, and arrows to what each refers to.
//!
//! Placed by `layout-rs`; drawn here, so that the page's style sheet colours it for light, dark
//! and print.

use crate::cfn::{Reference, Target, Template, references};
use indexmap::IndexMap;
use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::{Point, Position};
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;
use std::fmt::Write as _;

/// Resources and references of a template, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// References between resources: from whom, to whom; each pair once.
    pub edges: Vec<(String, String)>,
    /// The drawing: an `<svg>` element for a page that has the style sheet.
    pub svg: String,
}

/// Width of a letter of the labels, in pixels.
const LETTER: f64 = 7.6;
/// Space between boxes, in pixels.
const SPACING: f64 = 32.0;
/// Space around what is drawn, in pixels.
const MARGIN: f64 = 12.0;

/// Draws a template's resources. `title` names the drawing for those who can't see it.
pub fn diagram(template: &Template, title: &str) -> Diagram {
    let edges = edges(template);
    let mut graph = VisualGraph::new(Orientation::TopToBottom);
    let mut handles = IndexMap::new();
    for (id, resource) in &template.resources {
        let kind = short_kind(&resource.kind);
        let letters = id.chars().count().max(kind.chars().count());
        let width = u32::try_from(letters).map_or(200.0, |letters| f64::from(letters) * LETTER);
        let is_conditional = resource.condition.is_some();
        let class = if is_conditional {
            "box sometimes"
        } else {
            "box"
        };
        let mut element = Element::create_with_properties(
            ShapeKind::new_box(&format!("{id}\n{kind}")),
            StyleAttr::simple(),
            Orientation::TopToBottom,
            Point::new(width + 28.0, 48.0),
            class,
        );
        element.pos = Position::new(
            Point::zero(),
            element.pos.size(false),
            Point::zero(),
            Point::splat(SPACING),
        );
        handles.insert(id.as_str(), graph.add_node(element));
    }
    for (from, to) in &edges {
        if let (Some(from), Some(to)) = (handles.get(from.as_str()), handles.get(to.as_str())) {
            graph.add_edge(Arrow::simple(""), *from, *to);
        }
    }
    let mut drawing = Drawing::default();
    if !template.resources.is_empty() {
        graph.do_it(false, false, false, &mut drawing);
    }
    Diagram {
        svg: drawing.finish(title, &described(&edges)),
        edges,
    }
}

/// `AWS::S3::Bucket` as `S3 Bucket`, `Custom::Tagger` as `Custom Tagger`.
fn short_kind(kind: &str) -> String {
    kind.trim_start_matches("AWS::").replace("::", " ")
}

fn edges(template: &Template) -> Vec<(String, String)> {
    let mut edges = Vec::new();
    for Reference { at, target } in references(template) {
        let to = match target {
            Target::Name(name) => name,
            Target::Attribute { resource, .. } => resource,
            Target::Mapping(_) | Target::Condition(_) => continue,
        };
        let Some(from) = at.logical_id() else {
            continue;
        };
        let edge = (from.to_owned(), to.to_owned());
        if template.resources.contains_key(to) && from != to && !edges.contains(&edge) {
            edges.push(edge);
        }
    }
    edges
}

fn described(edges: &[(String, String)]) -> String {
    let mut by_source: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for (from, to) in edges {
        by_source.entry(from).or_default().push(to);
    }
    let sentences = by_source
        .iter()
        .map(|(from, to)| format!("{from} refers to {}.", to.join(", ")));
    sentences.collect::<Vec<_>>().join(" ")
}

/// What has been drawn so far, and from where to where it reaches.
#[derive(Default)]
struct Drawing {
    content: String,
    reach: Option<(Point, Point)>,
}

impl Drawing {
    fn reach(&mut self, x: f64, y: f64) {
        let (least, most) = self.reach.unwrap_or((Point::new(x, y), Point::new(x, y)));
        self.reach = Some((
            Point::new(least.x.min(x), least.y.min(y)),
            Point::new(most.x.max(x), most.y.max(y)),
        ));
    }

    fn finish(&self, title: &str, description: &str) -> String {
        let (least, most) = self.reach.unwrap_or((Point::zero(), Point::zero()));
        let (left, top) = (least.x - MARGIN, least.y - MARGIN);
        let (width, height) = (most.x + MARGIN - left, most.y + MARGIN - top);
        let title = handlebars::html_escape(title);
        let description = handlebars::html_escape(description);
        format!(
            "<svg class=\"diagram\" role=\"img\" aria-labelledby=\"diagram-title diagram-description\" viewBox=\"{left:.0} {top:.0} {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"diagram-title\">{title}</title>\n<desc id=\"diagram-description\">{description}</desc>\n<defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto-start-reverse\"><path class=\"tip\" d=\"M0 1 L9 5 L0 9 Z\"/></marker></defs>\n{}</svg>",
            self.content
        )
    }
}

impl RenderBackend for Drawing {
    fn draw_rect(
        &mut self,
        xy: Point,
        size: Point,
        _: &StyleAttr,
        properties: Option<String>,
        _: Option<ClipHandle>,
    ) {
        self.reach(xy.x, xy.y);
        self.reach(xy.x + size.x, xy.y + size.y);
        let class = properties.unwrap_or_default();
        let _ = writeln!(
            self.content,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"7\"/>",
            xy.x, xy.y, size.x, size.y
        );
    }

    fn draw_line(&mut self, start: Point, stop: Point, _: &StyleAttr, _: Option<String>) {
        self.reach(start.x.max(stop.x), start.y.max(stop.y));
        let _ = writeln!(
            self.content,
            "<path class=\"arrow\" d=\"M{:.1} {:.1} L{:.1} {:.1}\"/>",
            start.x, start.y, stop.x, stop.y
        );
    }

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, xy: Point, text: &str, _: &StyleAttr) {
        let places = [("name", xy.y - 4.0), ("kind", xy.y + 14.0)];
        for (line, (class, y)) in text.lines().zip(places) {
            let _ = writeln!(
                self.content,
                "<text class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>",
                xy.x,
                handlebars::html_escape(line)
            );
        }
    }

    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        _: bool,
        (tip_at_start, tip_at_end): (bool, bool),
        _: &StyleAttr,
        _: Option<String>,
        _: &str,
    ) {
        let [(start, leave), (first, end), rest @ ..] = path else {
            return;
        };
        let mut line = format!(
            "M{:.1} {:.1} C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            start.x, start.y, leave.x, leave.y, first.x, first.y, end.x, end.y
        );
        for (control, end) in rest {
            let _ = write!(
                line,
                " S{:.1} {:.1} {:.1} {:.1}",
                control.x, control.y, end.x, end.y
            );
            self.reach(end.x, end.y);
        }
        let start = if tip_at_start {
            " marker-start=\"url(#tip)\""
        } else {
            ""
        };
        let end = if tip_at_end {
            " marker-end=\"url(#tip)\""
        } else {
            ""
        };
        let _ = writeln!(
            self.content,
            "<path class=\"arrow\" d=\"{line}\"{start}{end}/>"
        );
    }

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}
