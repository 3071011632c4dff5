//! Schemas: what newer or older versions of OpenAPI, and plain mistakes, spell differently.

use crate::audit::{Kind, Standing, entry};
use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node};

/// The types of OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// What stands for a schema in newer versions, or by mistake, becomes one.
pub(super) fn from_other(value: &mut Node, here: &Here<'_>, report: &mut Report) {
    let schema = match value {
        Node::Map(_) => return,
        Node::Bool(false) => Map::of([("not", Node::Map(Map::default()))]),
        _ => Map::default(),
    };
    if !matches!(value, Node::Bool(_)) {
        let found = format!("{} instead of a schema", value.describe());
        report.defect("wrong-type", here, found, "the schema takes anything");
    }
    *value = Node::Map(schema);
}

/// Translates the keywords of one schema into those of OpenAPI 3.0.
pub(super) fn translate(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    wrap_siblings(map);
    null_branch(map, here, report);
    one_type(map, here, report);
    one_direction(map, here, report);
    constant(map, here, report);
    unquoted(map, here, report);
    example(map, here, report);
    exclusive_bound(
        map,
        "exclusiveMinimum",
        "minimum",
        |new, old| new >= old,
        here,
        report,
    );
    exclusive_bound(
        map,
        "exclusiveMaximum",
        "maximum",
        |new, old| new <= old,
        here,
        report,
    );
    one_item_schema(map, here, report);
    discriminator(map, here, report);
}

/// A reference with siblings becomes an `allOf` of the reference beside them: OpenAPI 3.0 ignores siblings, but
/// official documents put markers there. Siblings of which nothing is made don't count.
fn wrap_siblings(map: &mut Map) {
    if !map.has("$ref") {
        return;
    }
    map.entries.retain(|key, _| {
        entry(Kind::Schema, key).is_some_and(|entry| entry.standing == Standing::Used)
    });
    if map.entries.len() == 1 {
        return;
    }
    let Some(reference) = map.take("$ref") else {
        return;
    };
    let mut members = vec![Node::Map(Map::of([("$ref", reference)]))];
    match map.take("allOf") {
        Some(Node::List(others)) => members.extend(others),
        Some(other) => members.push(other),
        None => {}
    }
    map.set("allOf", Node::List(members));
}

/// A branch that is null alone says that the value may be null; where one other is left, that is the schema.
fn null_branch(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    for key in ["oneOf", "anyOf"] {
        let Some(Node::List(branches)) = map.get_mut(key) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| !is_null_alone(branch));
        if branches.len() == before || branches.is_empty() {
            continue;
        }
        let only = match branches.as_mut_slice() {
            [only] => Some(std::mem::replace(only, Node::Null)),
            _ => None,
        };
        report.note(
            "newer-keyword",
            here.key(key),
            "a branch that is null",
            "the value may be null",
        );
        map.set("nullable", Node::Bool(true));
        if let Some(only) = only {
            map.take(key);
            match map.get_mut("allOf") {
                Some(Node::List(all)) => all.push(only),
                _ => map.set("allOf", Node::List(vec![only])),
            }
        }
    }
}

fn is_null_alone(branch: &Node) -> bool {
    let is_null = |word: &Node| *word == Node::Null || word.as_text() == Some("null");
    match branch.get("type") {
        Some(Node::List(words)) => !words.is_empty() && words.iter().all(is_null),
        Some(word) => word.as_text() == Some("null"),
        None => false,
    }
}

/// `type` is one word of OpenAPI 3.0, or absent.
fn one_type(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let at = here.key("type");
    match map.get("type") {
        None | Some(Node::Null) => {}
        Some(Node::Text(word)) if TYPES.contains(&word.as_str()) => {}
        Some(Node::List(words)) => {
            let words = words.clone();
            type_of_list(map, &words, &at, report);
        }
        Some(other) if other.as_text() == Some("null") => {
            let done = "the schema takes null alone";
            report.note("newer-keyword", at, "`null` as a type", done);
            only_null(map);
        }
        Some(other) => {
            let found = format!("{} as a type", other.describe());
            let lower = other.as_text().map(str::to_ascii_lowercase);
            match lower.filter(|word| TYPES.contains(&word.as_str())) {
                Some(word) => {
                    report.defect("unknown-type", at, found, format!("it is read as `{word}`"));
                    map.set("type", Node::Text(word));
                }
                None => {
                    report.defect("unknown-type", at, found, "the schema has no type");
                    map.take("type");
                }
            }
        }
    }
}

fn only_null(map: &mut Map) {
    map.take("type");
    map.set("nullable", Node::Bool(true));
    map.set("enum", Node::List(vec![Node::Null]));
}

fn type_of_list(map: &mut Map, listed: &[Node], at: &Here<'_>, report: &mut Report) {
    let is_null = |word: &Node| *word == Node::Null || word.as_text() == Some("null");
    let mut words: Vec<&Node> = listed.iter().filter(|word| !is_null(word)).collect();
    words.dedup();
    let nullable = listed.iter().any(is_null);
    let known = words
        .iter()
        .all(|word| word.as_text().is_some_and(|word| TYPES.contains(&word)));
    let listing: Vec<String> = listed
        .iter()
        .map(|word| word.scalar_text().unwrap_or_else(|| word.describe()))
        .collect();
    let found = format!("the list [{}] as a type", listing.join(", "));
    let null_too = if nullable { ", and null" } else { "" };
    match words.as_slice() {
        [word] if known => {
            report.defect(
                "listed-type",
                at,
                found,
                format!("the type is {}{null_too}", word.describe()),
            );
            map.set("type", (*word).clone());
        }
        [_, _, ..] if known && !map.has("anyOf") && !map.has("enum") => {
            report.defect(
                "listed-type",
                at,
                found,
                format!("it is read as `anyOf` these{null_too}"),
            );
            any_of(map, &words.into_iter().cloned().collect::<Vec<_>>());
        }
        _ => {
            report.defect(
                "listed-type",
                at,
                found,
                format!("the schema takes any type{null_too}"),
            );
            map.take("type");
        }
    }
    if nullable {
        map.set("nullable", Node::Bool(true));
    }
}

/// A branch for each type. What only arrays and objects have goes with them.
fn any_of(map: &mut Map, types: &[Node]) {
    map.take("type");
    let mut branches = Vec::new();
    for word in types {
        let keys: &[&str] = match word.as_text() {
            Some("array") => &["items", "minItems", "maxItems", "uniqueItems"],
            Some("object") => &[
                "properties",
                "required",
                "additionalProperties",
                "minProperties",
                "maxProperties",
            ],
            _ => &[],
        };
        let mut branch = Map::of([("type", word.clone())]);
        for key in keys {
            if let Some(value) = map.take(key) {
                branch.set(key, value);
            }
        }
        branches.push(Node::Map(branch));
    }
    map.set("anyOf", Node::List(branches));
}

/// What is only read and only written would be nowhere.
fn one_direction(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let is_set = |key: &str| map.get(key) == Some(&Node::Bool(true));
    if !(is_set("readOnly") && is_set("writeOnly")) {
        return;
    }
    report.defect(
        "both-directions",
        here,
        "a schema that is `readOnly` and `writeOnly`",
        "it is neither",
    );
    map.take("readOnly");
    map.take("writeOnly");
}

fn constant(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(value) = map.take("const") else {
        return;
    };
    report.note(
        "newer-keyword",
        here,
        "`const`",
        "it is read as an `enum` of one",
    );
    if !map.has("enum") {
        map.set("enum", Node::List(vec![value]));
    }
}

/// The words that YAML 1.1 reads as a flag, where they stand without quotes: the one for true, and the one for false.
const FLAG_WORDS: [[&str; 2]; 3] = [["on", "off"], ["yes", "no"], ["y", "n"]];

/// A flag among the values of a string was a word without its quotes. What the schema says besides tells which one.
fn unquoted(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let at = here.key("enum");
    match requote(map) {
        Some([yes, no]) => report.defect(
            "unquoted-value",
            at,
            "a flag among the values of a string",
            format!("they are the words `{yes}` and `{no}`, as the schema has them elsewhere"),
        ),
        None if has_flags(map) => report.note(
            "unquoted-value",
            at,
            "a flag among the values of a string",
            "it is the text `true` or `false`",
        ),
        None => {}
    }
}

fn has_flags(map: &Map) -> bool {
    let values = map.get("enum").and_then(Node::as_list).unwrap_or_default();
    map.text("type") == Some("string") && values.iter().any(|it| matches!(it, Node::Bool(_)))
}

/// Gives the flags among the values of a string their words back, where prose, default or example show them; the words, if so.
pub(crate) fn requote(map: &mut Map) -> Option<[&'static str; 2]> {
    if !has_flags(map) {
        return None;
    }
    let prose = map.text("description").unwrap_or_default();
    let shown = |word: &&str| {
        let as_code = ["`", "'", "\""].map(|quote| format!("{quote}{word}{quote}"));
        let as_value = ["default", "example"].map(|key| map.text(key) == Some(word));
        as_code.iter().any(|code| prose.contains(code)) || as_value.contains(&true)
    };
    let words = FLAG_WORDS.into_iter().find(|pair| pair.iter().any(shown))?;
    let Some(Node::List(values)) = map.get_mut("enum") else {
        return None;
    };
    for value in values {
        if let Node::Bool(flag) = value {
            *value = Node::text(words[usize::from(!*flag)]);
        }
    }
    Some(words)
}

fn example(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(examples) = map.take("examples") else {
        return;
    };
    report.note(
        "newer-keyword",
        here,
        "`examples` in a schema",
        "the first one is its example",
    );
    let first = match examples {
        Node::List(list) => list.into_iter().next(),
        _ => None,
    };
    if let Some(first) = first.filter(|_| !map.has("example")) {
        map.set("example", first);
    }
}

/// `exclusiveMinimum: 3` is `minimum: 3` with the flag, unless there is a tighter minimum.
fn exclusive_bound(
    map: &mut Map,
    exclusive: &'static str,
    plain: &'static str,
    at_least_as_tight: fn(f64, f64) -> bool,
    here: &Here<'_>,
    report: &mut Report,
) {
    let Some(Node::Number(bound)) = map.get(exclusive).cloned() else {
        return;
    };
    report.note(
        "newer-keyword",
        here,
        format!("a number as `{exclusive}`"),
        format!("it is read as `{plain}` with the flag"),
    );
    let old = map.get(plain).and_then(as_f64);
    let wins = old.is_none_or(|old| {
        bound
            .as_f64()
            .is_some_and(|new| at_least_as_tight(new, old))
    });
    if wins {
        map.set(plain, Node::Number(bound));
        map.set(exclusive, Node::Bool(true));
    } else {
        map.take(exclusive);
    }
}

fn as_f64(node: &Node) -> Option<f64> {
    match node {
        Node::Number(number) => number.as_f64(),
        _ => None,
    }
}

fn one_item_schema(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(Node::List(schemas)) = map.get_mut("items") else {
        return;
    };
    let only = if schemas.len() == 1 {
        schemas.pop()
    } else {
        None
    };
    let done = if only.is_some() {
        "the one schema holds for every item"
    } else {
        "the items may be anything"
    };
    report.defect(
        "listed-items",
        here.key("items"),
        "a list of schemas for the items of an array",
        done,
    );
    map.set("items", only.unwrap_or_else(|| Node::Map(Map::default())));
}

/// OpenAPI 2 named the property directly.
fn discriminator(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(Node::Text(name)) = map.get("discriminator") else {
        return;
    };
    let found = format!("the text `{name}` as a discriminator");
    let object = Map::of([("propertyName", Node::text(name.as_str()))]);
    report.defect(
        "wrong-type",
        here.key("discriminator"),
        found,
        "it is read as the property's name",
    );
    map.set("discriminator", Node::Map(object));
}
