//! Every value gets the shape that the table gives its key, or goes.
//!
//! This is where most of what openapiv3 would refuse is caught, and it needs no list of quirks: a number written
//! as text is read, a single value stands for a list of one, and what can't be read is left out on its own instead
//! of taking the whole document with it.

use serde_json::Number;

use super::{parameter, schema};
use crate::audit::{Kind, Shape, entry};
use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node};

/// Gives every value of the document its shape.
pub(super) fn settle(root: &mut Node, report: &mut Report) {
    if let Node::Map(map) = root {
        object(map, Kind::Document, &Here::ROOT, report);
    }
}

fn object(map: &mut Map, kind: Kind, here: &Here<'_>, report: &mut Report) {
    translate(map, kind, here, report);
    map.entries.retain(|key, value| match entry(kind, key) {
        Some(entry) => fits(value, entry.shape, &here.key(key), report),
        None => true,
    });
    complete(map, kind, here, report);
}

/// What one kind of object spells differently is translated before its values are looked at.
fn translate(map: &mut Map, kind: Kind, here: &Here<'_>, report: &mut Report) {
    if entry(kind, "$ref").is_some() {
        reference_text(map, here, report);
    }
    match kind {
        Kind::Schema => schema::translate(map, here, report),
        Kind::Parameter => parameter::translate(map, here, report),
        Kind::Header => parameter::describe_value(map, kind, here, report),
        Kind::Responses => drop_odd_statuses(map, here, report),
        Kind::Paths => lead_with_slash(map, here, report),
        _ => {}
    }
}

/// What an object must have and can be given is added.
fn complete(map: &mut Map, kind: Kind, here: &Here<'_>, report: &mut Report) {
    if kind == Kind::Response && !map.has("$ref") && !map.has("description") {
        report.note(
            "missing-key",
            here,
            "a response without `description`",
            "an empty one stands for it",
        );
        map.set("description", Node::text(""));
    }
}

/// The keys without which an object of this kind says nothing.
fn required(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Parameter => &["name", "in"],
        Kind::Server | Kind::ExternalDocs => &["url"],
        Kind::Tag | Kind::License => &["name"],
        Kind::ServerVariable => &["default"],
        Kind::SecurityScheme => &["type"],
        Kind::Discriminator => &["propertyName"],
        _ => &[],
    }
}

/// Gives a value its shape; `false` if it has to go.
fn fits(value: &mut Node, shape: Shape, here: &Here<'_>, report: &mut Report) -> bool {
    match (shape, &mut *value) {
        (Shape::Data | Shape::Sample, _) => true,
        (_, Node::Null) => no_value(here, report),
        (Shape::Text | Shape::Prose, _) => convert(value, to_text(value), "a text", here, report),
        (Shape::Flag, _) => convert(value, to_flag(value), "`true` or `false`", here, report),
        (Shape::Number, _) => {
            let fits = convert(value, to_number(value), "a number", here, report);
            without_fraction(value);
            fits
        }
        (Shape::Count, _) => convert(
            value,
            to_count(value),
            "a whole number from 0",
            here,
            report,
        ),
        (Shape::Values, Node::List(_)) => true,
        (Shape::Texts | Shape::Values | Shape::List(_) | Shape::Requirements, _) => {
            let list = to_list(value, shape);
            convert(value, list, "a list", here, report) && items_fit(value, shape, here, report)
        }
        (Shape::OneOrFlag(_), Node::Bool(_)) => true,
        (Shape::One(kind) | Shape::OneOrFlag(kind), _) => object_fits(value, kind, here, report),
        (Shape::TextMap | Shape::ProseMap | Shape::Map(_), Node::Map(map)) => {
            map.entries
                .retain(|name, item| member_fits(item, shape, &here.key(name), report));
            true
        }
        (Shape::TextMap | Shape::ProseMap | Shape::Map(_), _) => {
            wrong_type(value, "an object", here, report)
        }
    }
}

fn items_fit(value: &mut Node, shape: Shape, here: &Here<'_>, report: &mut Report) -> bool {
    if let Node::List(items) = value {
        let mut index = 0;
        items.retain_mut(|item| {
            index += 1;
            member_fits(item, shape, &here.index(index - 1), report)
        });
    }
    true
}

/// The same for one member of a list or of a map of this shape.
fn member_fits(item: &mut Node, shape: Shape, here: &Here<'_>, report: &mut Report) -> bool {
    match shape {
        Shape::List(kind) | Shape::Map(kind) => object_fits(item, kind, here, report),
        Shape::ProseMap if *item == Node::Null => {
            *item = Node::text("");
            true
        }
        Shape::Texts | Shape::TextMap | Shape::ProseMap => fits(item, Shape::Text, here, report),
        Shape::Requirements => requirement_fits(item, here, report),
        _ => true,
    }
}

fn requirement_fits(item: &mut Node, here: &Here<'_>, report: &mut Report) -> bool {
    let Node::Map(map) = item else {
        return wrong_type(item, "an object", here, report);
    };
    map.entries
        .retain(|scheme, scopes| fits(scopes, Shape::Texts, &here.key(scheme), report));
    true
}

fn object_fits(value: &mut Node, kind: Kind, here: &Here<'_>, report: &mut Report) -> bool {
    if kind == Kind::Schema {
        schema::from_other(value, here, report);
    }
    let Node::Map(map) = value else {
        return wrong_type(value, "an object", here, report);
    };
    object(map, kind, here, report);
    if map.has("$ref") {
        return true;
    }
    let missing = required(kind).iter().find(|key| !map.has(key));
    if let Some(key) = missing {
        report.defect(
            "missing-key",
            here,
            format!("a {kind} without `{key}`"),
            "it is left out",
        );
    }
    missing.is_none()
}

fn no_value(here: &Here<'_>, report: &mut Report) -> bool {
    report.defect(
        "no-value",
        here,
        "a key without a value",
        "the key is left out",
    );
    false
}

fn wrong_type(value: &Node, wanted: &str, here: &Here<'_>, report: &mut Report) -> bool {
    report.defect(
        "wrong-type",
        here,
        format!("{} instead of {wanted}", value.describe()),
        "it is left out",
    );
    false
}

/// Replaces a value by what it was read as.
fn convert(
    value: &mut Node,
    read: Option<Node>,
    wanted: &str,
    here: &Here<'_>,
    report: &mut Report,
) -> bool {
    let Some(read) = read else {
        return wrong_type(value, wanted, here, report);
    };
    if *value != read {
        let found = format!("{} instead of {wanted}", value.describe());
        report.defect(
            "wrong-type",
            here,
            found,
            format!("it is read as {}", read.describe()),
        );
        *value = read;
    }
    true
}

fn to_text(value: &Node) -> Option<Node> {
    value.scalar_text().map(Node::Text)
}

fn to_flag(value: &Node) -> Option<Node> {
    match value {
        Node::Bool(flag) => Some(Node::Bool(*flag)),
        Node::Text(text) if text.eq_ignore_ascii_case("true") => Some(Node::Bool(true)),
        Node::Text(text) if text.eq_ignore_ascii_case("false") => Some(Node::Bool(false)),
        _ => None,
    }
}

fn to_number(value: &Node) -> Option<Node> {
    match value {
        Node::Number(_) => Some(value.clone()),
        Node::Text(text) => parse_number(text.trim()).map(Node::Number),
        _ => None,
    }
}

fn to_count(value: &Node) -> Option<Node> {
    let Some(Node::Number(number)) = to_number(value) else {
        return None;
    };
    let count = number
        .as_u64()
        .or_else(|| whole(&number)?.try_into().ok())?;
    Some(Node::Number(count.into()))
}

/// `10.0` is 10: openapiv3 takes whole numbers alone for the bounds of integers.
fn without_fraction(value: &mut Node) {
    if let Node::Number(number) = value
        && !number.is_i64()
        && let Some(whole) = whole(number)
    {
        *number = whole.into();
    }
}

/// A number without fraction as an integer, where nothing is lost by it.
fn whole(number: &Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value = number.as_f64()?;
    let is_whole = value.fract() == 0.0 && (-EXACT..=EXACT).contains(&value);
    is_whole.then(|| format!("{value:.0}").parse().ok())?
}

fn parse_number(text: &str) -> Option<Number> {
    let exact = text.parse::<i64>().map(Number::from);
    exact.ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

/// A value on its own stands for a list of one, if it could be in the list.
fn to_list(value: &Node, shape: Shape) -> Option<Node> {
    match (shape, value) {
        (_, Node::List(_)) => Some(value.clone()),
        (Shape::Texts, Node::Text(_))
        | (Shape::Values, Node::Text(_) | Node::Bool(_) | Node::Number(_))
        | (Shape::List(_) | Shape::Requirements, Node::Map(_)) => {
            Some(Node::List(vec![value.clone()]))
        }
        _ => None,
    }
}

fn reference_text(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let Some(reference) = map.get("$ref") else {
        return;
    };
    let Some(text) = reference.as_text() else {
        let found = format!("{} as the target of a reference", reference.describe());
        report.defect(
            "wrong-type",
            here.key("$ref"),
            found,
            "the reference is left out",
        );
        map.take("$ref");
        return;
    };
    let lacks_hash = text.starts_with('/') || text.starts_with("components/");
    if lacks_hash {
        let whole = format!("#/{}", text.trim_start_matches('/'));
        report.defect(
            "ref-without-hash",
            here,
            format!("the reference `{text}`"),
            format!("it is read as `{whole}`"),
        );
        map.set("$ref", Node::Text(whole));
    }
}

fn drop_odd_statuses(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    map.entries.retain(|status, _| {
        let known = status == "default" || status.starts_with("x-") || is_status(status);
        if !known {
            let found = format!("`{status}` as the status of a response");
            report.defect(
                "unknown-status",
                here.key(status),
                found,
                "the response is left out",
            );
        }
        known
    });
}

/// A status code, or a range such as `4XX`.
fn is_status(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [b'1'..=b'5', b'X' | b'x', b'X' | b'x'] | [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']
    )
}

fn lead_with_slash(map: &mut Map, here: &Here<'_>, report: &mut Report) {
    let is_odd = |path: &String| !path.starts_with('/') && !path.starts_with("x-");
    let odd: Vec<String> = map
        .entries
        .keys()
        .filter(|path| is_odd(path))
        .cloned()
        .collect();
    for path in odd {
        let whole = format!("/{path}");
        let is_free = !map.has(&whole);
        let done = if is_free {
            format!("it is read as `{whole}`")
        } else {
            "it is left out".to_owned()
        };
        report.defect(
            "path-without-slash",
            here.key(&path),
            "a path that does not start with `/`",
            done,
        );
        let item = map.take(&path);
        if let Some(item) = item.filter(|_| is_free) {
            map.set(&whole, item);
        }
    }
}
