//! Whether a value is what a schema describes.
//!
//! ```
//! use linode_witness::Document;
//!
//! // An example may leave properties out, but it may not contradict the types.
//! let document = Document::parse(
//!     r#"{"paths": {"/tags": {"get": {"responses": {"200": {"content": {"application/json": {"schema":
//!         {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "example": {"a": 1}}}}}}}}}}"#,
//! )?;
//! assert!(document.replaced_examples()[0].reason.contains("a is 1, and not a string"));
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use crate::Json;
use crate::losses::{instant, same_number};
use crate::schema::{Kind, Others, Schema};

/// How much is asked of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The types, the listed values, and no key where the document allows no other; null anywhere.
    Example,
    /// As for an example, and no key that the document lacks.
    Answer,
    /// As for an answer, and what is required is there, nothing that is read-only, the bounds hold, and null is only where it is allowed.
    Asked,
    /// As for what is asked, and every writable property is there.
    Sent,
}

impl Rule {
    /// Whether it is for what goes to the API, and not for what comes from it.
    fn is_outgoing(self) -> bool {
        matches!(self, Rule::Asked | Rule::Sent)
    }
}

/// How deep values may nest; no answer of the API comes near.
const DEEPEST: usize = 64;

/// What is wrong with a value, each with its path.
pub(crate) fn problems(schema: &Schema<'_>, value: &Json, rule: Rule, at: &str) -> Vec<String> {
    let mut check = Check {
        rule,
        problems: Vec::new(),
    };
    check.value(schema, value, at, DEEPEST);
    check.problems
}

/// What is wrong with a value that travels as text: in the path, the query or a header.
pub(crate) fn text_problems(schema: &Schema<'_>, text: &str, at: &str) -> Vec<String> {
    let read = match schema.kind() {
        Kind::Integer | Kind::Number | Kind::Boolean => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::from(text))
        }
        Kind::Array => Json::Array(text.split(',').map(Json::from).collect()),
        Kind::Object | Kind::Choice => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::from(text))
        }
        Kind::String | Kind::Any => Json::from(text),
    };
    problems(schema, &read, Rule::Sent, at)
}

/// Whether anything of it can be sent: it is not read-only, nor is all that it consists of.
pub(crate) fn is_writable(schema: &Schema<'_>) -> bool {
    has_writable(schema, DEEPEST)
}

fn has_writable(schema: &Schema<'_>, left: usize) -> bool {
    if schema.flag("readOnly") {
        return false;
    }
    let Some(left) = left.checked_sub(1) else {
        return true;
    };
    match schema.kind() {
        Kind::Object => {
            let properties = schema.properties();
            properties.is_empty()
                || properties
                    .iter()
                    .any(|(_, property)| has_writable(property, left))
        }
        Kind::Array => has_writable(&schema.items(), left),
        _ => true,
    }
}

struct Check {
    rule: Rule,
    problems: Vec<String>,
}

impl Check {
    fn value(&mut self, schema: &Schema<'_>, value: &Json, at: &str, left: usize) {
        let Some(left) = left.checked_sub(1) else {
            return;
        };
        if value.is_null() {
            return self.null(schema, at);
        }
        match (schema.kind(), value) {
            (Kind::Any, _) => {}
            (Kind::Choice, _) => self.choice(schema, value, at, left),
            (Kind::Object, Json::Object(_)) => self.object(schema, value, at, left),
            (Kind::Array, Json::Array(items)) => self.array(schema, items, at, left),
            (Kind::Boolean, Json::Bool(_)) => self.listed(schema, value, at),
            (Kind::Integer, Json::Number(number))
                if number.as_f64().is_some_and(|number| number.fract() == 0.0) =>
            {
                self.number(schema, value, at)
            }
            (Kind::Number, Json::Number(_)) => self.number(schema, value, at),
            (Kind::String, Json::String(text)) => self.string(schema, text, value, at),
            (kind, _) => self
                .problems
                .push(format!("{at} is {value}, and not {}", article(kind))),
        }
    }

    /// Answers and examples hold null where the document does not allow it, everywhere; what is sent may not.
    fn null(&mut self, schema: &Schema<'_>, at: &str) {
        if self.rule.is_outgoing() && !schema.nullable() && schema.kind() != Kind::Any {
            self.problems
                .push(format!("{at} is null, which the document does not allow"));
        }
    }

    /// A choice is met by any branch; if by none, the one that comes nearest tells why.
    fn choice(&mut self, schema: &Schema<'_>, value: &Json, at: &str, left: usize) {
        let verdicts = schema.branches().into_iter().map(|branch| {
            let mut check = Check {
                rule: self.rule,
                problems: Vec::new(),
            };
            check.value(&branch.schema, value, at, left);
            check.problems
        });
        self.problems
            .extend(verdicts.min_by_key(Vec::len).unwrap_or_default());
    }

    fn object(&mut self, schema: &Schema<'_>, value: &Json, at: &str, left: usize) {
        let properties = schema.properties();
        let required = schema.required();
        for (name, property) in &properties {
            let at = join(at, name);
            match value.get(*name) {
                Some(value) => self.property(property, value, &at, left),
                None => self.absent(property, required.contains(name), &at),
            }
        }
        let keys = value.as_object().into_iter().flatten();
        for (name, value) in
            keys.filter(|(name, _)| !properties.iter().any(|(known, _)| known == name))
        {
            self.other(schema, properties.is_empty(), value, &join(at, name), left);
        }
    }

    fn property(&mut self, schema: &Schema<'_>, value: &Json, at: &str, left: usize) {
        match self.rule {
            rule if rule.is_outgoing() && schema.flag("readOnly") => self
                .problems
                .push(format!("{at} is read-only, and was sent")),
            Rule::Answer if schema.flag("writeOnly") => self
                .problems
                .push(format!("{at} is write-only, and was answered")),
            _ => self.value(schema, value, at, left),
        }
    }

    fn absent(&mut self, schema: &Schema<'_>, required: bool, at: &str) {
        match self.rule {
            Rule::Sent if is_writable(schema) => {
                self.problems.push(format!("{at} can be sent, and was not"));
            }
            Rule::Asked if required && is_writable(schema) => {
                self.problems
                    .push(format!("{at} is required, and was not sent"));
            }
            _ => {}
        }
    }

    /// A key that is no property.
    fn other(&mut self, schema: &Schema<'_>, free: bool, value: &Json, at: &str, left: usize) {
        match schema.others() {
            Others::Described(schema) => self.value(&schema, value, at, left),
            Others::Free => {}
            Others::Unsaid if free || self.rule == Rule::Example => {}
            Others::Unsaid | Others::None => {
                self.problems.push(format!("{at} is not in the document"))
            }
        }
    }

    fn array(&mut self, schema: &Schema<'_>, items: &[Json], at: &str, left: usize) {
        if self.rule.is_outgoing() {
            self.length(schema, items.len(), ["minItems", "maxItems"], at);
        }
        if self.rule == Rule::Sent && items.is_empty() {
            self.problems.push(format!(
                "{at} is empty, so that nothing is shown of its items"
            ));
        }
        let item_schema = schema.items();
        for (index, item) in items.iter().enumerate() {
            let at = format!("{at}[{index}]");
            self.value(&item_schema, item, &at, left);
            self.listed(schema, item, &at); // some documents list the values of the items on the array
        }
    }

    fn number(&mut self, schema: &Schema<'_>, value: &Json, at: &str) {
        self.listed(schema, value, at);
        let Some(number) = value.as_f64().filter(|_| self.rule.is_outgoing()) else {
            return;
        };
        if schema
            .number("minimum")
            .is_some_and(|minimum| number < minimum)
            || schema
                .number("maximum")
                .is_some_and(|maximum| number > maximum)
        {
            self.problems
                .push(format!("{at} is {value}, which is out of bounds"));
        }
    }

    fn string(&mut self, schema: &Schema<'_>, text: &str, value: &Json, at: &str) {
        self.listed(schema, value, at);
        if self.rule.is_outgoing() {
            self.length(schema, text.chars().count(), ["minLength", "maxLength"], at);
        }
        let known = match schema.text("format") {
            Some("date-time") => instant(text).is_some(),
            Some("date") => instant(&format!("{text}T00:00:00")).is_some(),
            _ => true,
        };
        if !known {
            self.problems.push(format!(
                "{at} is {value}, and not a {}",
                schema.text("format").unwrap_or_default()
            ));
        }
    }

    fn listed(&mut self, schema: &Schema<'_>, value: &Json, at: &str) {
        let Some(values) = schema.enumeration() else {
            return;
        };
        if !values
            .iter()
            .any(|listed| is_listed(schema.kind(), listed, value))
        {
            self.problems.push(format!(
                "{at} is {value}, which is not among the values that the document lists"
            ));
        }
    }

    fn length(&mut self, schema: &Schema<'_>, length: usize, [least, most]: [&str; 2], at: &str) {
        let length = length as f64;
        if schema.number(least).is_some_and(|least| length < least)
            || schema.number(most).is_some_and(|most| length > most)
        {
            self.problems.push(format!(
                "{at} has a length of {length}, which is out of bounds"
            ));
        }
    }
}

/// Whether a value is the one that is listed: for a string, one that lost its quotes is the text that is left of it.
fn is_listed(kind: Kind, listed: &Json, value: &Json) -> bool {
    let text = value.as_str().filter(|_| kind == Kind::String);
    listed == value
        || same_number(listed, value)
        || text.is_some_and(|text| !listed.is_null() && written(listed) == text)
}

/// A scalar as text.
pub(crate) fn written(scalar: &Json) -> String {
    scalar
        .as_str()
        .map_or_else(|| scalar.to_string(), str::to_owned)
}

/// The path of a property.
pub(crate) fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Array => "an array",
        Kind::Boolean => "a boolean",
        Kind::Integer => "an integer",
        Kind::Number => "a number",
        Kind::Object => "an object",
        Kind::String => "a string",
        Kind::Any | Kind::Choice => "anything described",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use serde_json::json;

    fn check(schema: Json, value: Json, rule: Rule) -> String {
        let document = Document::parse(&json!({"paths": {}, "s": schema}).to_string()).unwrap();
        let (at, node) = document.resolve("#/s").unwrap();
        problems(&Schema::new(&document, &at, node), &value, rule, "body").join("; ")
    }

    #[test]
    fn types_are_checked() {
        let of = |name: &str, value: Json| check(json!({"type": name}), value, Rule::Example);
        assert_eq!(
            of("integer", json!(1)) + &of("integer", json!(1.0)) + &of("number", json!(1.5)),
            ""
        );
        assert_eq!(
            of("string", json!("a")) + &of("boolean", json!(true)) + &of("array", json!([])),
            ""
        );
        assert_eq!(of("integer", json!(1.5)), "body is 1.5, and not an integer");
        assert_eq!(of("string", json!(1)), "body is 1, and not a string");
        assert_eq!(
            of("boolean", json!("true")),
            "body is \"true\", and not a boolean"
        );
        assert_eq!(of("array", json!({})), "body is {}, and not an array");
        assert_eq!(of("object", json!([])), "body is [], and not an object");
        assert_eq!(of("number", json!("1")), "body is \"1\", and not a number");
    }

    #[test]
    fn null_must_be_allowed() {
        assert_eq!(
            check(
                json!({"type": "string", "nullable": true}),
                json!(null),
                Rule::Sent
            ),
            ""
        );
        assert_eq!(
            check(json!({"enum": ["a", null]}), json!(null), Rule::Sent),
            ""
        );
        assert_eq!(
            check(json!({"type": "string"}), json!(null), Rule::Sent),
            "body is null, which the document does not allow"
        );
        assert_eq!(
            check(json!({"type": "string"}), json!(null), Rule::Answer),
            ""
        );
    }

    #[test]
    fn listed_values_are_checked_on_arrays_too() {
        let wrong = "which is not among the values that the document lists";
        assert_eq!(
            check(
                json!({"type": "integer", "enum": [1, 2]}),
                json!(2.0),
                Rule::Sent
            ),
            ""
        );
        assert_eq!(
            check(
                json!({"type": "string", "enum": ["a"]}),
                json!("b"),
                Rule::Sent
            ),
            format!("body is \"b\", {wrong}")
        );
        assert_eq!(
            check(
                json!({"type": "array", "enum": ["a"]}),
                json!(["a", "b"]),
                Rule::Sent
            ),
            format!("body[1] is \"b\", {wrong}")
        );
    }

    #[test]
    fn every_writable_property_must_be_sent() {
        let schema = json!({"properties": {"a": {"type": "string"}, "b": {"readOnly": true}, "c": {"properties": {"d": {"readOnly": true}}}}});
        assert_eq!(check(schema.clone(), json!({"a": ""}), Rule::Sent), "");
        assert_eq!(
            check(schema.clone(), json!({}), Rule::Sent),
            "body.a can be sent, and was not"
        );
        assert_eq!(
            check(schema.clone(), json!({"a": "", "b": 1}), Rule::Sent),
            "body.b is read-only, and was sent"
        );
        assert_eq!(
            check(schema.clone(), json!({"a": "", "x": 1}), Rule::Sent),
            "body.x is not in the document"
        );
        assert_eq!(check(schema.clone(), json!({"x": 1}), Rule::Example), "");
        assert_eq!(
            check(schema, json!({"x": 1}), Rule::Answer),
            "body.x is not in the document"
        );
    }

    #[test]
    fn what_is_nested_is_checked() {
        let schema =
            json!({"properties": {"list": {"items": {"properties": {"n": {"type": "integer"}}}}}});
        assert_eq!(
            check(schema.clone(), json!({"list": [{"n": 1}]}), Rule::Sent),
            ""
        );
        assert_eq!(
            check(schema.clone(), json!({"list": [{"n": 1}, {}]}), Rule::Sent),
            "body.list[1].n can be sent, and was not"
        );
        assert_eq!(
            check(schema, json!({"list": []}), Rule::Sent),
            "body.list is empty, so that nothing is shown of its items"
        );
    }

    #[test]
    fn other_keys_follow_additional_properties() {
        let described = json!({"additionalProperties": {"type": "integer"}});
        assert_eq!(check(described.clone(), json!({"x": 1}), Rule::Sent), "");
        assert_eq!(
            check(described, json!({"x": "1"}), Rule::Sent),
            "body.x is \"1\", and not an integer"
        );
        let closed = json!({"properties": {}, "additionalProperties": false});
        assert_eq!(
            check(closed, json!({"x": 1}), Rule::Example),
            "body.x is not in the document"
        );
        assert_eq!(
            check(json!({"type": "object"}), json!({"x": 1}), Rule::Sent),
            ""
        );
    }

    #[test]
    fn a_choice_is_met_by_one_branch() {
        let schema =
            json!({"oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}, "c": {}}}]});
        assert_eq!(
            check(schema.clone(), json!({"b": 1, "c": 2}), Rule::Sent),
            ""
        );
        assert_eq!(
            check(schema, json!({"b": 1}), Rule::Sent),
            "body.c can be sent, and was not"
        );
    }

    #[test]
    fn bounds_and_times_are_checked() {
        assert_eq!(
            check(
                json!({"type": "integer", "minimum": 2000}),
                json!(1),
                Rule::Sent
            ),
            "body is 1, which is out of bounds"
        );
        assert_eq!(
            check(
                json!({"type": "integer", "minimum": 2000}),
                json!(1),
                Rule::Example
            ),
            ""
        );
        assert_eq!(
            check(
                json!({"type": "string", "maxLength": 1}),
                json!("ab"),
                Rule::Sent
            ),
            "body has a length of 2, which is out of bounds"
        );
        let time = json!({"type": "string", "format": "date-time"});
        assert_eq!(
            check(time.clone(), json!("2018-01-01T00:01:01"), Rule::Sent),
            ""
        );
        assert_eq!(
            check(time, json!("yesterday"), Rule::Sent),
            "body is \"yesterday\", and not a date-time"
        );
        assert_eq!(
            check(
                json!({"type": "string", "format": "date"}),
                json!("2018-13-01"),
                Rule::Sent
            ),
            "body is \"2018-13-01\", and not a date"
        );
    }

    #[test]
    fn text_is_read_by_its_type() {
        let document = Document::parse(
            "{paths: {}, s: {type: integer}, t: {type: string}, u: {type: boolean}}",
        )
        .unwrap();
        let of = |name: &str, text: &str| {
            let (at, node) = document.resolve(&format!("#/{name}")).unwrap();
            text_problems(&Schema::new(&document, &at, node), text, "id").join("; ")
        };
        assert_eq!(of("s", "12") + &of("t", "12") + &of("u", "true"), "");
        assert_eq!(of("s", "x"), "id is \"x\", and not an integer");
        assert_eq!(of("u", "1"), "id is 1, and not a boolean");
    }
}
