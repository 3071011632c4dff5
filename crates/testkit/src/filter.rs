//! What an `X-Filter` header lets through, and in which order.

use std::cmp::Ordering;

use crate::Json;

/// The items that a filter lets through, in the order that it asks for.
pub fn sift(mut items: Vec<Json>, filter: &Json) -> Vec<Json> {
    items.retain(|item| passes(item, filter));
    if let Some(field) = filter.get("+order_by").and_then(Json::as_str) {
        let falling = filter.get("+order").and_then(Json::as_str) == Some("desc");
        items.sort_by(|one, other| {
            let order = compare(at(one, field), at(other, field)).unwrap_or(Ordering::Equal);
            if falling { order.reverse() } else { order }
        });
    }
    items
}

/// Whether a filter lets an item through.
fn passes(item: &Json, filter: &Json) -> bool {
    let conditions = filter.as_object().into_iter().flatten();
    conditions.into_iter().all(|(key, wanted)| {
        let parts = || wanted.as_array().into_iter().flatten();
        match key.as_str() {
            "+and" => parts().all(|part| passes(item, part)),
            "+or" => parts().any(|part| passes(item, part)),
            "+order_by" | "+order" => true,
            field => holds(at(item, field), wanted),
        }
    })
}

/// Whether a value, or any element of it, is as wanted.
fn holds(value: &Json, wanted: &Json) -> bool {
    if let (Json::Array(elements), false) = (value, wanted.is_array()) {
        return elements.iter().any(|element| holds(element, wanted));
    }
    let Some(operators) = wanted.as_object() else {
        return compare(value, wanted) == Some(Ordering::Equal);
    };
    operators.iter().all(|(operator, wanted)| {
        let order = compare(value, wanted);
        match operator.as_str() {
            "+eq" => order == Some(Ordering::Equal),
            "+neq" => order != Some(Ordering::Equal),
            "+gt" => order == Some(Ordering::Greater),
            "+gte" => order.is_some_and(Ordering::is_ge),
            "+lt" => order == Some(Ordering::Less),
            "+lte" => order.is_some_and(Ordering::is_le),
            "+contains" => contains(value, wanted),
            _ => false,
        }
    })
}

fn contains(value: &Json, wanted: &Json) -> bool {
    let (Some(value), Some(wanted)) = (value.as_str(), wanted.as_str()) else {
        return false;
    };
    value.to_lowercase().contains(&wanted.to_lowercase())
}

/// How two values of one kind compare; times compare as text, in which the API writes them.
fn compare(one: &Json, other: &Json) -> Option<Ordering> {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64()?.partial_cmp(&other.as_f64()?),
        (Json::String(one), Json::String(other)) => {
            let plain = |text: &str| text.trim_end_matches('Z').to_owned();
            Some(plain(one).cmp(&plain(other)))
        }
        (Json::Bool(one), Json::Bool(other)) => Some(one.cmp(other)),
        (Json::Null, Json::Null) => Some(Ordering::Equal),
        _ => None,
    }
}

/// A field of an item, or of an object in it: `entity.id`.
fn at<'j>(item: &'j Json, field: &str) -> &'j Json {
    item.get(field).unwrap_or_else(|| {
        field
            .split('.')
            .try_fold(item, |object, name| object.get(name))
            .unwrap_or(&Json::Null)
    })
}

/// Has an item pass a filter where that is a matter of setting fields: made items show what was asked for.
pub(crate) fn suit(item: &mut Json, filter: &Json) {
    for (key, wanted) in filter.as_object().into_iter().flatten() {
        let parts = || wanted.as_array().into_iter().flatten();
        match (key.as_str(), wanted) {
            ("+and", _) => parts().for_each(|part| suit(item, part)),
            ("+or", _) => parts().take(1).for_each(|part| suit(item, part)),
            ("+order_by" | "+order", _) => {}
            (field, Json::Object(operators)) => {
                let suits = ["+eq", "+contains", "+gte", "+lte"];
                let value = suits.iter().find_map(|operator| operators.get(*operator));
                if let Some(value) = value.filter(|_| !holds(at(item, field), wanted)) {
                    set(item, field, value);
                }
            }
            (field, value) if !holds(at(item, field), value) => set(item, field, value),
            _ => {}
        }
    }
}

fn set(item: &mut Json, field: &str, value: &Json) {
    match item.pointer_mut(&format!("/{}", field.replace('.', "/"))) {
        Some(Json::Array(elements)) => *elements = vec![value.clone()],
        Some(place) => *place = value.clone(),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn labels(filter: Json) -> Vec<String> {
        let item = |label: &str, size: i64, tags: &[&str]| json!({"label": label, "size": size, "tags": tags, "entity": {"id": size}, "at": format!("2018-01-0{size}T00:00:00")});
        let items = vec![
            item("web-1", 1, &["a"]),
            item("db", 3, &[]),
            item("web-2", 2, &["a", "b"]),
        ];
        let label = |item: &Json| item["label"].as_str().unwrap().to_owned();
        sift(items, &filter).iter().map(label).collect()
    }

    #[test]
    fn every_operator_filters() {
        assert_eq!(labels(json!({"label": "db"})), ["db"]);
        assert_eq!(labels(json!({"label": {"+neq": "db"}})), ["web-1", "web-2"]);
        assert_eq!(
            labels(json!({"label": {"+contains": "WEB"}})),
            ["web-1", "web-2"]
        );
        assert_eq!(labels(json!({"size": {"+gt": 2}})), ["db"]);
        assert_eq!(labels(json!({"size": {"+gte": 2, "+lt": 3}})), ["web-2"]);
        assert_eq!(labels(json!({"size": {"+lte": 1}})), ["web-1"]);
        assert_eq!(
            labels(json!({"at": {"+gt": "2018-01-02T00:00:00Z"}})),
            ["db"]
        );
        assert_eq!(labels(json!({"tags": "a"})), ["web-1", "web-2"]);
        assert_eq!(labels(json!({"entity.id": 3})), ["db"]);
        assert_eq!(labels(json!({"size": {"+near": 3}})), [""; 0]);
    }

    #[test]
    fn conditions_are_combined_and_items_ordered() {
        let or = json!({"+or": [{"label": "db"}, {"+and": [{"tags": "a"}, {"tags": "b"}]}]});
        assert_eq!(labels(or), ["db", "web-2"]);
        assert_eq!(
            labels(json!({"+order_by": "size", "+order": "desc"})),
            ["db", "web-2", "web-1"]
        );
    }

    #[test]
    fn a_made_item_is_what_was_asked_for() {
        let filter =
            json!({"+and": [{"label": {"+contains": "web"}}, {"tags": "x"}], "size": {"+gte": 5}});
        let mut item = json!({"label": "linode123", "tags": ["a"], "size": 1});
        suit(&mut item, &filter);
        assert_eq!(item, json!({"label": "web", "tags": ["x"], "size": 5}));
        assert!(passes(&item, &filter));
    }
}
