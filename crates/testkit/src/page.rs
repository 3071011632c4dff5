//! Lists: items in pages, filtered and ordered as a request asks, and answers laid over what the document says.

use crate::{Json, Received, Reply, filter, json};

/// The sizes of page that the API takes, and the one that it chooses.
const SIZES: std::ops::RangeInclusive<usize> = 25..=500;
const SIZE: usize = 100;

/// The page of a list that a request asks for.
pub(crate) fn page(items: Vec<Json>, received: &Received, most: Option<usize>) -> Reply {
    let items = match received.filter() {
        Some(filter) => filter::sift(items, &filter),
        None => items,
    };
    let number = |name: &str, otherwise| match received.query(name) {
        None => Some(otherwise),
        Some(text) => text.parse::<usize>().ok(),
    };
    let asked = number("page_size", SIZE).filter(|size| SIZES.contains(size));
    let Some(size) = asked else {
        return Reply::error(400, "page_size must be between 25 and 500");
    };
    let size = most.map_or(size, |most| size.min(most.max(1)));
    let pages = items.len().div_ceil(size).max(1);
    let Some(page) = number("page", 1).filter(|page| (1..=pages).contains(page)) else {
        return Reply::error(404, "Not found");
    };
    let data: Vec<_> = items.iter().skip((page - 1) * size).take(size).collect();
    Reply::json(
        200,
        json!({"data": data, "page": page, "pages": pages, "results": items.len()}),
    )
}

/// Given JSON laid over what the document says: fields that are not given stay, items of lists are completed.
pub(crate) fn overlay(made: &Json, given: &Json) -> Json {
    match (made, given) {
        (Json::Object(made), Json::Object(given)) => {
            let mut both = made.clone();
            for (name, value) in given {
                let below = made.get(name).unwrap_or(&Json::Null);
                both.insert(name.clone(), overlay(below, value));
            }
            both.into()
        }
        (Json::Array(made), Json::Array(given)) => {
            let below = made.first().unwrap_or(&Json::Null);
            given.iter().map(|item| overlay(below, item)).collect()
        }
        _ => given.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::received;

    fn asked(query: &str, filter: Option<&str>, most: Option<usize>) -> Json {
        let items = (1..=60).map(|id| json!({"id": id})).collect();
        let reply = page(items, &received("GET", "/v4/things", query, filter), most);
        let mut page = reply.to_json().unwrap();
        if let Some(data) = page.get_mut("data") {
            *data = data
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].clone())
                .collect();
        }
        page
    }

    #[test]
    fn pages_are_as_asked() {
        assert_eq!(asked("", None, None)["data"].as_array().unwrap().len(), 60);
        let last = asked("page=3&page_size=25", None, None);
        assert_eq!(
            last,
            json!({"data": (51..=60).collect::<Vec<_>>(), "page": 3, "pages": 3, "results": 60})
        );
        assert_eq!(asked("page=2", None, Some(2))["data"], json!([3, 4]));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        let reason = |query: &str| asked(query, None, None)["errors"][0]["reason"].clone();
        assert_eq!(reason("page=4&page_size=25"), "Not found");
        assert_eq!(reason("page=0"), "Not found");
        assert_eq!(
            reason("page_size=24"),
            "page_size must be between 25 and 500"
        );
        assert_eq!(
            reason("page_size=x"),
            "page_size must be between 25 and 500"
        );
    }

    #[test]
    fn a_filter_comes_before_the_pages() {
        let page = asked("page_size=25", Some(r#"{"id": {"+gt": 58}}"#), None);
        assert_eq!(
            page,
            json!({"data": [59, 60], "page": 1, "pages": 1, "results": 2})
        );
    }

    #[test]
    fn what_is_given_lies_over_what_is_made() {
        let made = json!({"id": 1, "specs": {"disk": 2, "memory": 3}, "tags": ["a"], "rows": [{"x": 1, "y": 2}]});
        let given =
            json!({"id": 7, "specs": {"disk": 4}, "tags": [], "rows": [{"x": 5}, {}], "new": null});
        assert_eq!(
            overlay(&made, &given),
            json!({"id": 7, "specs": {"disk": 4, "memory": 3}, "tags": [], "rows": [{"x": 5, "y": 2}, {"x": 1, "y": 2}], "new": null})
        );
    }
}
