//! The data of a StackScript, checked against the fields that the script asks for.

use crate::error::Error;
use crate::value::{Json, Map, Value};
use crate::writer::json_of;

/// The fields of a script, and what the API calls their parts.
const FIELDS: &str = "user_defined_fields";
const DEFAULT: &str = "default";
const ONE_OF: [&str; 2] = ["oneOf", "oneof"];
const MANY_OF: [&str; 2] = ["manyOf", "manyof"];
const HEADER: &str = "header";

/// Checks data against the fields that a StackScript asks for, before a Linode is created with both: fields without a
/// default are there, choices are among those that there are, and no name is unknown. The script is the API's answer,
/// as a record or as JSON.
///
/// # Errors
///
/// An input error that names all that is wrong. No value stands in it: it may be a password.
///
/// ```
/// use linode_core::helpers::check_stackscript_data;
/// use serde_json::json;
///
/// let script = json!({"id": 7, "user_defined_fields": [
///     {"name": "db_password", "label": "Password"},
///     {"name": "size", "label": "Size", "oneOf": "small,large", "default": "small"},
/// ]});
/// let data = |json: serde_json::Value| json.as_object().cloned().unwrap_or_default().into_iter().collect();
///
/// check_stackscript_data(&script, &data(json!({"db_password": "s3cret"})))?;
/// let error = check_stackscript_data(&script, &data(json!({"size": "huge", "colour": "red"}))).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the data of the StackScript: `db_password` (Password) is missing; `size` has to be one of small, large; \
///      the script has no field `colour`"
/// );
/// # Ok::<(), linode_core::Error>(())
/// ```
pub fn check_stackscript_data(script: &dyn Value, data: &Map) -> Result<(), Error> {
    let script = json_of(script);
    let fields = script.get(FIELDS).and_then(Json::as_array);
    let Some(fields) = fields else {
        let problem = format!("the StackScript does not tell its fields (`{FIELDS}`)");
        return Err(Error::input(None, vec![problem]));
    };
    let fields: Vec<Asked<'_>> = fields.iter().filter_map(Asked::of).collect();
    let mut problems: Vec<String> = fields
        .iter()
        .filter_map(|field| field.problem(data.get(field.name)))
        .collect();
    let known = |name: &str| fields.iter().any(|field| field.name == name);
    let unknown = data.keys().filter(|name| !known(name));
    problems.extend(unknown.map(|name| format!("the script has no field `{name}`")));
    match problems.is_empty() {
        true => Ok(()),
        false => {
            let problems = problems.join("; ");
            let problem = format!("the data of the StackScript: {problems}");
            Err(Error::input(None, vec![problem]))
        }
    }
}

/// A field that a script asks for.
struct Asked<'a> {
    name: &'a str,
    label: &'a str,
    optional: bool,
    choices: Option<Choices<'a>>,
}

enum Choices<'a> {
    One(&'a str),
    Many(&'a str),
}

impl<'a> Asked<'a> {
    fn of(field: &'a Json) -> Option<Self> {
        let text = |key: &str| field.get(key).and_then(Json::as_str);
        let choices = |keys: [&str; 2]| {
            let found = keys.iter().find_map(|key| text(key));
            found.filter(|choices| !choices.trim().is_empty())
        };
        // A heading asks for nothing.
        let heads = text(HEADER).is_some_and(|header| header.eq_ignore_ascii_case("yes"));
        let one = choices(ONE_OF).map(Choices::One);
        Some(Asked {
            name: text("name")?,
            label: text("label").unwrap_or_default(),
            optional: heads || field.get(DEFAULT).is_some_and(|default| !default.is_null()),
            choices: one.or_else(|| choices(MANY_OF).map(Choices::Many)),
        })
    }

    fn problem(&self, given: Option<&Json>) -> Option<String> {
        let name = self.name;
        let given = match given {
            None | Some(Json::Null) if self.optional => return None,
            None | Some(Json::Null) if self.label.is_empty() => {
                return Some(format!("`{name}` is missing"));
            }
            None | Some(Json::Null) => {
                return Some(format!("`{name}` ({}) is missing", self.label));
            }
            Some(Json::String(text)) => text.clone(),
            Some(Json::Array(_) | Json::Object(_)) => {
                return Some(format!(
                    "`{name}` has to be a text, not a list or an object"
                ));
            }
            Some(plain) => plain.to_string(),
        };
        match self.choices.as_ref()? {
            Choices::One(choices) if !has(choices, &given) => {
                Some(format!("`{name}` has to be one of {}", listed(choices)))
            }
            Choices::Many(choices) if !split(&given).all(|one| has(choices, one)) => {
                let choices = listed(choices);
                Some(format!(
                    "`{name}` has to be some of {choices}, with commas between them"
                ))
            }
            _ => None,
        }
    }
}

fn split(choices: &str) -> impl Iterator<Item = &str> {
    choices
        .split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
}

fn has(choices: &str, given: &str) -> bool {
    split(choices).any(|choice| choice == given.trim())
}

fn listed(choices: &str) -> String {
    split(choices).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(field: Json, data: Json) -> String {
        let script = json!({"user_defined_fields": [field]});
        let data = data.as_object().cloned().unwrap_or_default();
        let checked = check_stackscript_data(&script, &data.into_iter().collect());
        let told = checked.err().map(|error| error.to_string());
        let told = told.unwrap_or_else(|| "the data of the StackScript: ".to_owned());
        told.replace("the data of the StackScript: ", "")
    }

    #[test]
    fn a_field_without_a_default_is_required() {
        let table = [
            (json!({"name": "a"}), json!({}), "`a` is missing"),
            (json!({"name": "a"}), json!({"a": null}), "`a` is missing"),
            (
                json!({"name": "a", "default": null}),
                json!({}),
                "`a` is missing",
            ),
            (
                json!({"name": "a", "label": "A"}),
                json!({}),
                "`a` (A) is missing",
            ),
            (json!({"name": "a", "default": ""}), json!({}), ""),
            (json!({"name": "a", "header": "Yes"}), json!({}), ""),
            (json!({"name": "a"}), json!({"a": ""}), ""),
            (json!({"name": "a"}), json!({"a": 7}), ""),
            (json!({"label": "nameless"}), json!({}), ""),
        ];
        for (field, data, expected) in table {
            assert_eq!(problems(field.clone(), data), expected, "{field}");
        }
    }

    #[test]
    fn choices_are_among_those_that_there_are() {
        let one = json!({"name": "a", "oneOf": "x, y ,10"});
        let many = json!({"name": "a", "manyOf": "x,y,z", "default": ""});
        let table = [
            (&one, json!({"a": "x"}), ""),
            (&one, json!({"a": "y"}), ""),
            (&one, json!({"a": 10}), ""),
            (
                &one,
                json!({"a": "hunter2"}),
                "`a` has to be one of x, y, 10",
            ),
            (&one, json!({"a": "x,y"}), "`a` has to be one of x, y, 10"),
            (&many, json!({}), ""),
            (&many, json!({"a": ""}), ""),
            (&many, json!({"a": "z, x"}), ""),
            (
                &many,
                json!({"a": "x,hunter2"}),
                "`a` has to be some of x, y, z, with commas between them",
            ),
            (
                &many,
                json!({"a": ["x"]}),
                "`a` has to be a text, not a list or an object",
            ),
        ];
        for (field, data, expected) in table {
            assert_eq!(problems(field.clone(), data), expected, "{field}");
        }
    }

    #[test]
    fn a_script_that_tells_no_fields_is_told() {
        let error = check_stackscript_data(&json!({"id": 7}), &Map::new()).expect_err("no fields");
        assert!(error.to_string().contains("user_defined_fields"));
    }
}
