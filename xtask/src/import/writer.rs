//! The statements of a model: a parameter, mapping, condition or output each. Resources are in
//! [`super::resource`].

use super::defaults::Defaults;
use super::expression::text;
use super::form::Form;
use super::order::names_in;
use super::scope::{Scope, Target};
use super::source::Source;
use compute_catalog::cfn::{Intrinsic, Node, ParameterType, TemplateOutput};

/// What writes the statements of one template.
pub struct Writer<'a> {
    /// The template.
    pub source: &'a Source<'a>,
    /// Its names.
    pub scope: Scope,
    /// Its launch form.
    pub form: Form,
}

impl Writer<'_> {
    /// The comments of an entry.
    pub fn comment(&self, name: &str, out: &mut String) {
        for line in self.source.comments.get(name).into_iter().flatten() {
            out.push_str(&format!("// {line}\n"));
        }
    }

    /// Whether anything of the template names it.
    fn is_used(&self, name: &str) -> bool {
        let template = self.source.template;
        let mut used = false;
        template.each_value(&mut |_, node| used |= names_in(node).contains(name));
        used || template.resources.values().any(|resource| {
            resource.depends_on.iter().any(|id| id == name)
                || resource.condition.as_deref() == Some(name)
        }) || template
            .outputs
            .values()
            .any(|output| output.condition.as_deref() == Some(name))
    }

    /// A declaration, bound to its variable where anything refers to it: see also [`only_used`].
    pub fn declare(&self, name: &str, variable: &str, code: &str, out: &mut String) {
        match self.is_used(name) {
            true => out.push_str(&format!("let {variable} = {code};\n")),
            false => out.push_str(&format!("{code};\n")),
        }
    }

    /// A parameter; its default goes to the settings.
    pub fn parameter(&self, name: &str, defaults: &mut Defaults, out: &mut String) {
        let Some(parameter) = self.source.template.parameters.get(name) else {
            return;
        };
        let Some(Target::Parameter { variable, kind }) = self.scope.target(name) else {
            return;
        };
        self.scope.enter("Parameters", name);
        let mut code = match &parameter.kind {
            ParameterType::String => "ParameterDeclaration::string()".to_owned(),
            ParameterType::Number => "ParameterDeclaration::number()".to_owned(),
            ParameterType::CommaDelimitedList => {
                "ParameterDeclaration::comma_delimited_list()".to_owned()
            }
            other => format!(
                "ParameterDeclaration::<{kind}>::of_type({:?})",
                other.to_string()
            ),
        };
        if let Some(label) = self.form.labels.get(name) {
            code.push_str(&format!(".label({})", text(label)));
        }
        if let Some(group) = self.form.groups.get(name) {
            code.push_str(&format!(".group({})", text(group)));
        }
        if let Some(description) = &parameter.description {
            code.push_str(&format!(".description({})", text(description)));
        }
        match parameter.default.as_ref().map(Node::scalar_text) {
            Some(Some(default)) => {
                let value = defaults.add(name, variable, *kind == "i64", &default);
                code.push_str(&format!(".default({value})"));
            }
            Some(None) => self
                .scope
                .note("a Default that is no text: CloudFormation takes texts only".to_owned()),
            None => {}
        }
        let literals = |nodes: &[Node]| {
            let texts = nodes.iter().filter_map(Node::scalar_text);
            let texts: Vec<String> = texts.map(|value| text(&value)).collect();
            texts.join(", ")
        };
        if !parameter.allowed_values.is_empty() {
            let values = literals(&parameter.allowed_values);
            code.push_str(&format!(".allowed_values([{values}])"));
        }
        if let Some(pattern) = &parameter.allowed_pattern {
            code.push_str(&format!(".pattern({})", text(pattern)));
        }
        if let Some(says) = &parameter.constraint_description {
            code.push_str(&format!(".constraint_description({})", text(says)));
        }
        for (bound, method) in [
            (parameter.min_length, "min_length"),
            (parameter.max_length, "max_length"),
        ] {
            if let Some(bound) = bound {
                code.push_str(&format!(".{method}({bound})"));
            }
        }
        for (bound, method) in [
            (&parameter.min_value, "min_value"),
            (&parameter.max_value, "max_value"),
        ] {
            if let Some(bound) = bound.as_ref().and_then(Node::scalar_text) {
                let bound = match bound.parse::<i64>() {
                    Ok(bound) => format!("{bound}_i64"),
                    Err(_) => text(&bound),
                };
                code.push_str(&format!(".{method}({bound})"));
            }
        }
        if parameter.no_echo {
            code.push_str(".no_echo()");
        }
        self.comment(name, out);
        self.declare(
            name,
            variable,
            &format!("builder.parameter({name:?}, {code})"),
            out,
        );
    }

    /// A mapping.
    pub fn mapping(&self, name: &str, out: &mut String) {
        self.scope.enter("Mappings", name);
        let (variable, kind) = self.scope.mapping(name);
        self.comment(name, out);
        let variable = variable.to_owned();
        out.push_str(&format!("let mut {variable} = Mapping::<{kind}>::new();\n"));
        let rows = self
            .source
            .template
            .mappings
            .get(name)
            .into_iter()
            .flatten();
        for (top, row) in rows {
            for (second, value) in row {
                let value = match kind {
                    "String" => text(value.as_str().unwrap_or_default()),
                    _ => self.scope.document(value),
                };
                out.push_str(&format!("{variable}.set({top:?}, {second:?}, {value});\n"));
            }
        }
        self.declare(
            name,
            &variable,
            &format!("builder.mapping({name:?}, {variable})"),
            out,
        );
    }

    /// A condition.
    pub fn condition(&self, name: &str, out: &mut String) {
        let Some(node) = self.source.template.conditions.get(name) else {
            return;
        };
        self.scope.enter("Conditions", name);
        let code = self.expression(node);
        self.comment(name, out);
        let variable = self.scope.condition_name(name).to_owned();
        self.declare(
            name,
            &variable,
            &format!("builder.condition({name:?}, {code})"),
            out,
        );
    }

    fn expression(&self, node: &Node) -> String {
        let all = |nodes: &[Node]| {
            let each = nodes.iter().map(|node| {
                let code = self.expression(node);
                match node.as_intrinsic() {
                    Some(Intrinsic::Condition(_)) => format!("Condition::from({code})"),
                    _ => code,
                }
            });
            each.collect::<Vec<_>>().join(", ")
        };
        match node.as_intrinsic() {
            Some(Intrinsic::Equals(left, right)) => format!(
                "equals::<String>({}, {})",
                self.scope.text(left),
                self.scope.text(right)
            ),
            Some(Intrinsic::Not(inner)) => format!("not({})", self.expression(inner)),
            Some(Intrinsic::And(inner)) => format!("and([{}])", all(inner)),
            Some(Intrinsic::Or(inner)) => format!("or([{}])", all(inner)),
            Some(Intrinsic::Condition(name)) => format!("&{}", self.scope.condition_name(name)),
            _ => {
                self.scope
                    .note("a condition that is no function of conditions".to_owned());
                String::new()
            }
        }
    }

    /// A rule.
    pub fn rule(&self, name: &str, rule: &Node, out: &mut String) {
        self.scope.enter("Rules", name);
        let document = self.scope.document(rule);
        self.comment(name, out);
        out.push_str(&format!("builder.rule({name:?}, {document});\n"));
    }

    /// An output.
    pub fn output(&self, name: &str, output: &TemplateOutput, out: &mut String) {
        self.scope.enter("Outputs", name);
        let value = self.scope.text(&output.value);
        let mut code = match &output.description {
            Some(description) => format!("Output::new::<String>({value}, {})", text(description)),
            None => format!("Output::without_description::<String>({value})"),
        };
        if let Some(condition) = &output.condition {
            let condition = self.scope.condition_name(condition);
            code.push_str(&format!(".condition(&{condition})"));
        }
        if let Some(export) = &output.export {
            code.push_str(&format!(".export({})", self.scope.text(export)));
        }
        self.comment(name, out);
        out.push_str(&format!("builder.output({name:?}, {code});\n"));
    }
}

/// The statements without the variables that nothing after them names: what has no function of its own,
/// such as a look-up with a default, names a thing by its name and not by its handle.
pub fn only_used(body: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(body.len());
    for (at, line) in lines_of(body) {
        let bound = line
            .strip_prefix("let ")
            .and_then(|rest| rest.split_once(" = "))
            .filter(|(_, code)| code.starts_with("builder."));
        let Some((variable, code)) = bound else {
            out.push_str(line);
            continue;
        };
        let rest = body.get(at + "let ".len() + variable.len()..);
        let named = |part: &str| part == variable;
        match rest.unwrap_or_default().split(|c| !is_word(c)).any(named) {
            true => out.push_str(line),
            false => out.push_str(code),
        }
    }
    out
}

/// Each line with its place.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let place = at;
        at += line.len();
        (place, line)
    })
}

#[cfg(test)]
mod tests {
    use super::only_used;

    #[test]
    fn a_variable_that_nothing_names_is_not_bound() {
        let body = "let a = builder.mapping(\"A\", a);\nlet b = builder.resource(\"B\", x(&a));\nlet ab = builder.resource(\"C\", x());\n";
        assert_eq!(
            only_used(body),
            "let a = builder.mapping(\"A\", a);\nbuilder.resource(\"B\", x(&a));\nbuilder.resource(\"C\", x());\n"
        );
    }
}
