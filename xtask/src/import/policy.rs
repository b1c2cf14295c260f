//! Policy documents as statements of IAM, where they say no more than those can.

use super::expression::{as_value, text};
use super::scope::Scope;
use crate::start::names::POLICY_CONDITION as CONDITION;
use compute_catalog::cfn::{Map, Node};

/// The version of the language that documents are written in.
const VERSION: &str = "2012-10-17";

impl Scope {
    /// The document, or nothing where it is none, or says what only JSON can.
    pub fn policy(&self, node: &Node) -> Option<String> {
        let document = node.as_map()?;
        if document.len() != 2 || document.get("Version")?.scalar_text()? != VERSION {
            return None;
        }
        let statements = Node::one_or_more(Some(document.get("Statement")?));
        if let [only] = statements.as_slice()
            && let Some(services) = trusted(only.as_map()?)
        {
            return Some(format!(
                "PolicyDocument::trust([{}])",
                self.alike(&services)
            ));
        }
        let statements: Option<Vec<String>> = statements
            .iter()
            .map(|statement| self.statement(statement.as_map()?))
            .collect();
        Some(format!("PolicyDocument::new([{}])", statements?.join(", ")))
    }

    fn statement(&self, statement: &Map) -> Option<String> {
        const KNOWN: [&str; 7] = [
            "Sid",
            "Effect",
            "Principal",
            "Action",
            "NotAction",
            "Resource",
            "Condition",
        ];
        if !statement.keys().all(|key| KNOWN.contains(&key.as_str())) {
            return None;
        }
        let sid = match statement.get("Sid") {
            Some(sid) => sid.as_str().filter(|sid| !sid.is_empty())?,
            None => "",
        };
        let effect = match statement.get("Effect")?.as_str()? {
            "Allow" => "allow",
            "Deny" => "deny",
            _ => return None,
        };
        let mut code = format!("Statement::{effect}({sid:?})");
        if let Some(principal) = statement.get("Principal") {
            code.push_str(&format!(".principal({})", self.principal(principal)?));
        }
        let (actions, method) = match (statement.get("Action"), statement.get("NotAction")) {
            (Some(actions), None) => (actions, "actions"),
            (None, Some(actions)) => (actions, "all_actions_but"),
            _ => return None,
        };
        let actions: Option<Vec<String>> = Node::one_or_more(Some(actions))
            .into_iter()
            .map(|action| action.as_str().map(text))
            .collect();
        code.push_str(&format!(".{method}([{}])", actions?.join(", ")));
        if let Some(resources) = statement.get("Resource") {
            let resources = Node::one_or_more(Some(resources));
            code.push_str(&match resources.as_slice() {
                [only] if only.as_str() == Some("*") => ".on_any()".to_owned(),
                [] => return None,
                several => format!(".on([{}])", self.alike(several)),
            });
        }
        if let Some(conditions) = statement.get("Condition") {
            for (operator, keys) in conditions.as_map()? {
                for (key, values) in keys.as_map()? {
                    code.push_str(&format!(
                        ".when({})",
                        self.comparison(operator, key, values)?
                    ));
                }
            }
        }
        Some(code)
    }

    fn principal(&self, principal: &Node) -> Option<String> {
        if principal.as_str() == Some("*") {
            return Some("Principal::Anyone".to_owned());
        }
        let principal = principal.as_map().filter(|map| map.len() == 1)?;
        let (kind, who) = principal.iter().next()?;
        let who = Node::one_or_more(Some(who));
        let (one, several) = match kind.as_str() {
            "Service" => ("service", "Services"),
            "AWS" => ("aws", "Aws"),
            _ => return None,
        };
        match who.as_slice() {
            [] => None,
            [only] => Some(format!("Principal::{one}({})", self.text(only))),
            _ => {
                let who = who.iter().map(|one| as_value(self.text(one), "String"));
                let who: Vec<String> = who
                    .map(|code| match code.starts_with("Value::<") {
                        true => code,
                        false => format!("Value::<String>::from({code})"),
                    })
                    .collect();
                Some(format!("Principal::{several}(vec![{}])", who.join(", ")))
            }
        }
    }

    fn comparison(&self, operator: &str, key: &str, values: &Node) -> Option<String> {
        let (quantifier, name) = match operator.split_once(':') {
            Some(("ForAllValues", name)) => (".for_all_values()", name),
            Some(("ForAnyValue", name)) => (".for_any_value()", name),
            Some(_) => return None,
            None => ("", operator),
        };
        let (name, exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, ".if_exists()"),
            None => (name, ""),
        };
        let method = match name {
            "StringEquals" => "string_equals",
            "StringNotEquals" => "string_not_equals",
            "StringLike" => "string_like",
            "StringNotLike" => "string_not_like",
            "ArnLike" => "arn_like",
            "ArnNotLike" => "arn_not_like",
            "ArnEquals" => "arn_equals",
            "ArnNotEquals" => "arn_not_equals",
            "IpAddress" => "ip_address",
            "NotIpAddress" => "not_ip_address",
            "Bool" | "Null" => {
                let is: bool = values.scalar_text()?.parse().ok()?;
                let method = name.to_lowercase();
                return Some(format!(
                    "{CONDITION}::{method}({key:?}, {is}){exists}{quantifier}"
                ));
            }
            _ => return None,
        };
        let values = Node::one_or_more(Some(values));
        if values.is_empty() {
            return None;
        }
        Some(format!(
            "{CONDITION}::{method}({}, [{}]){exists}{quantifier}",
            text(key),
            self.alike(&values)
        ))
    }

    /// Texts that stand in one array, and so are of one Rust type.
    fn alike(&self, values: &[&Node]) -> String {
        let codes: Vec<String> = values.iter().map(|value| self.text(value)).collect();
        let is_literal = |node: &&Node| node.scalar_text().is_some();
        // One is of one type, whatever it is.
        if values.len() == 1 || values.iter().all(is_literal) {
            return codes.join(", ");
        }
        let codes = codes.into_iter().map(|code| as_value(code, "String"));
        codes.collect::<Vec<_>>().join(", ")
    }
}

/// The services that may take the role, where the statement says no more than that.
fn trusted(statement: &Map) -> Option<Vec<&Node>> {
    let is = |key: &str, value: &str| {
        let node = statement.get(key);
        node.is_some_and(|node| {
            Node::one_or_more(Some(node))
                .iter()
                .all(|one| one.as_str() == Some(value))
        })
    };
    if statement.len() != 3 || !is("Effect", "Allow") || !is("Action", "sts:AssumeRole") {
        return None;
    }
    let principal = statement.get("Principal")?.as_map()?;
    let services = Node::one_or_more(Some(
        principal.get("Service").filter(|_| principal.len() == 1)?,
    ));
    (!services.is_empty()).then_some(services)
}
