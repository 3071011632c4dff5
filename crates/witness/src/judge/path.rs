//! The path: its version, its segments, and the parameters in them.
//!
//! ```
//! // A slash in a parameter travels encoded: the segments are those of the template.
//! assert_eq!(linode_witness::key("GET", "/images/{imageId}").matches('/').count(), 2);
//! ```

use percent_encoding::percent_decode_str;

use super::Demand;
use crate::Operation;
use crate::conform::text_problems;
use crate::operation::Parameter;

/// What is wrong with the path, as it came.
pub(crate) fn problems(operation: &Operation<'_>, path: &str, demand: Demand) -> Vec<String> {
    let Some((version, rest)) = path.trim_start_matches('/').split_once('/') else {
        return vec![format!("the path is {path}, without a version")];
    };
    let mut problems = version_problems(operation, version, demand);
    let wanted: Vec<_> = operation
        .path()
        .trim_start_matches('/')
        .split('/')
        .collect();
    let came: Vec<_> = rest.split('/').collect();
    if wanted.len() != came.len() {
        problems.push(format!(
            "the path is {path}, which has not the segments of {}",
            operation.path()
        ));
        return problems;
    }
    let parameters = operation.parameters();
    for (wanted, came) in wanted.into_iter().zip(came) {
        problems.extend(segment_problems(&parameters, wanted, came));
    }
    problems
}

/// What the parameters of a template are in a path, both without version; `None` if the path is another.
pub(crate) fn arguments<'t>(template: &'t str, path: &str) -> Option<Vec<(&'t str, String)>> {
    let mut wanted = template.trim_start_matches('/').split('/');
    let mut came = path.trim_start_matches('/').split('/');
    let mut found = Vec::new();
    loop {
        let (wanted, came) = match (wanted.next(), came.next()) {
            (None, None) => return Some(found),
            (Some(wanted), Some(came)) => (wanted, came),
            _ => return None,
        };
        match parts(wanted) {
            None if wanted == came => {}
            None => return None,
            Some((before, name, after)) => {
                let raw = came.strip_prefix(before)?.strip_suffix(after)?;
                let value = percent_decode_str(raw).decode_utf8().ok()?;
                found.push((name, value.into_owned()));
            }
        }
    }
}

fn version_problems(operation: &Operation<'_>, version: &str, demand: Demand) -> Vec<String> {
    // A client may be told to go to another version.
    let any = demand == Demand::Right && operation.versions().contains(&version);
    if any || version == operation.version() {
        return Vec::new();
    }
    vec![format!(
        "the version is {version}; the document says {}, and {} comes first",
        operation.versions().join(", "),
        operation.version()
    )]
}

fn segment_problems(parameters: &[Parameter<'_>], wanted: &str, came: &str) -> Vec<String> {
    let Some((before, name, after)) = parts(wanted) else {
        let wrong = wanted != came;
        return wrong
            .then(|| format!("the path has {came} where {wanted} belongs"))
            .into_iter()
            .collect();
    };
    let Some(raw) = came
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after))
    else {
        return vec![format!("the path has {came} where {wanted} belongs")];
    };
    let Ok(value) = percent_decode_str(raw).decode_utf8() else {
        return vec![format!(
            "the path parameter {name} is {raw}, which is not UTF-8"
        )];
    };
    if matches!(value.as_ref(), "" | "." | "..") {
        return vec![format!(
            "the path parameter {name} is \"{value}\", which addresses something else"
        )];
    }
    let schema = parameters
        .iter()
        .find(|parameter| parameter.place == "path" && parameter.name == name)
        .map(|parameter| &parameter.schema);
    schema
        .map(|schema| text_problems(schema, &value, &format!("the path parameter {name}")))
        .unwrap_or_default()
}

/// A segment with a parameter in it: what stands before, the name, what stands after.
fn parts(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, judged, right};
    use crate::judge::Received;
    use serde_json::json;

    fn at(path: &str) -> String {
        let document = document("get", json!({}));
        judged(
            &document,
            &Received {
                path: path.to_owned(),
                ..right("GET")
            },
        )
    }

    #[test]
    fn segments_are_those_of_the_template() {
        assert_eq!(at("/v4/things/a%2Fb"), "");
        assert_eq!(
            at("/v4/things/a/b"),
            "the path is /v4/things/a/b, which has not the segments of /things/{id}"
        );
        assert_eq!(at("/v4/other/a"), "the path has other where things belongs");
        assert_eq!(at("/things"), "the path is /things, without a version");
    }

    #[test]
    fn the_version_is_the_first_that_is_not_beta() {
        assert_eq!(
            at("/v4beta/things/a"),
            "the version is v4beta; the document says v4, v4beta, and v4 comes first"
        );
        assert_eq!(
            at("/v5/things/a"),
            "the version is v5; the document says v4, v4beta, and v4 comes first"
        );
    }

    #[test]
    fn parameters_conform() {
        let parameter = json!({"parameters": [{"name": "id", "in": "path", "schema": {"type": "integer", "maximum": 12}}]});
        let document = document("get", parameter);
        let at = |path: &str| {
            judged(
                &document,
                &Received {
                    path: path.to_owned(),
                    ..right("GET")
                },
            )
        };
        assert_eq!(at("/v4/things/12"), "");
        assert_eq!(
            at("/v4/things/a"),
            "the path parameter id is \"a\", and not an integer"
        );
        assert_eq!(
            at("/v4/things/13"),
            "the path parameter id is 13, which is out of bounds"
        );
    }

    #[test]
    fn parameters_that_address_something_else_are_told() {
        assert_eq!(
            at("/v4/things/"),
            "the path parameter id is \"\", which addresses something else"
        );
        assert_eq!(
            at("/v4/things/%2e%2e"),
            "the path parameter id is \"..\", which addresses something else"
        );
        assert_eq!(
            at("/v4/things/%ff"),
            "the path parameter id is %ff, which is not UTF-8"
        );
    }
}
