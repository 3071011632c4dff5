//! Parameters and headers: where they go, and one description of their value.

use crate::audit::{Kind, entry};
use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node};

/// Puts one parameter right.
pub(super) fn translate(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    if map.has("$ref") {
        return;
    }
    known_place(map, here, report);
    describe_value(map, Kind::Parameter, here, report);
    known_style(map, here, report);
    if map.text("in") == Some("path") && map.get("required") != Some(&Node::Bool(true)) {
        report.note(
            "optional-path-parameter",
            here,
            "a path parameter that is not required",
            "it is required",
        );
        map.set("required", Node::Bool(true));
    }
}

fn known_place(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(place) = map.get("in") else { return };
    if !styles(place.as_text().unwrap_or_default()).is_empty() {
        return;
    }
    let found = format!("{} as the place of a parameter", place.describe());
    report.defect(
        "unknown-place",
        here.key("in"),
        found,
        "the parameter has no place",
    );
    map.take("in");
}

/// The styles that exist for a place; none if there is no such place.
fn styles(place: &str) -> &'static [&'static str] {
    match place {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        "cookie" => &["form"],
        _ => &[],
    }
}

fn known_style(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(style) = map.get("style") else {
        return;
    };
    let known = styles(map.text("in").unwrap_or_default());
    if style.as_text().is_some_and(|style| known.contains(&style)) {
        return;
    }
    let found = format!("{} as the style of a parameter", style.describe());
    report.defect(
        "unknown-style",
        here.key("style"),
        found,
        "the default style holds",
    );
    map.take("style");
}

/// A parameter or header has either a schema or a content.
pub(super) fn describe_value(map: &mut Map, kind: Kind, here: &Here<'_>, report: &mut Report) {
    let is_described = map.has("$ref") || map.has("content") || map.has("schema");
    if map.has("schema") && map.has("content") {
        report.defect(
            "described-twice",
            here,
            format!("a {kind} with `schema` and `content`"),
            "the schema counts",
        );
        map.take("content");
    }
    if is_described {
        return;
    }
    let schema = take_schema_keys(map, kind);
    let done = if schema.entries.is_empty() {
        "it takes anything"
    } else {
        "the keys of a schema that it has are its schema"
    };
    report.defect(
        "not-described",
        here,
        format!("a {kind} with neither `schema` nor `content`"),
        done,
    );
    map.set("schema", Node::Map(schema));
}

/// OpenAPI 2 put `type` and the like into the parameter itself.
fn take_schema_keys(map: &mut Map, kind: Kind) -> Map {
    let belongs_to_schema =
        |key: &String| entry(kind, key).is_none() && entry(Kind::Schema, key).is_some();
    let keys: Vec<String> = map
        .entries
        .keys()
        .filter(|key| belongs_to_schema(key))
        .cloned()
        .collect();
    keys.into_iter()
        .filter_map(|key| map.take(&key).map(|value| (key, value)))
        .collect()
}
