//! Filters, byte for byte as they are sent.

use linode_core::{
    Client, DateTime, Endpoint, Field, Filter, Json, List, Null, Order, Request, listing,
    open_enum, read,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Status {
    Running,
    Unknown(String),
}
open_enum!(Status { Running = "running" });

struct Item;

impl Item {
    const ID: Field<Item, i64> = Field::new("id");
    const PRICE: Field<Item, f64> = Field::new("price.monthly");
    const LABEL: Field<Item, String> = Field::new("label");
    const MINE: Field<Item, bool> = Field::new("is_public");
    const CREATED: Field<Item, DateTime> = Field::new("created");
    const STATUS: Field<Item, Status> = Field::new("status");
}

struct ListItems;
listing!(ListItems -> Json, filter Item, GET "/items");

/// The header that a list sends.
fn sent(change: impl FnOnce(List<ListItems>) -> List<ListItems>) -> Result<Option<String>, String> {
    let client = Client::new("s3cret").expect("a client");
    let list = change(List::new(Request::new(&client, ListItems::OPERATION)));
    let request = list.into_http().map_err(|error| error.to_string())?;
    let header = request.headers().get("X-Filter");
    Ok(header.map(|value| value.to_str().expect("ASCII").to_owned()))
}

#[track_caller]
fn check(filter: Filter<Item>, expected: &str) {
    assert_eq!(filter.to_string(), expected);
    assert_eq!(
        sent(|list| list.filter(filter)),
        Ok(Some(expected.to_owned()))
    );
}

#[test]
fn every_operator() {
    check(Item::LABEL.eq("web"), r#"{"label":"web"}"#);
    check(Item::LABEL.ne("web"), r#"{"label":{"+neq":"web"}}"#);
    check(
        Item::LABEL.contains("w\"b"),
        r#"{"label":{"+contains":"w\"b"}}"#,
    );
    check(Item::LABEL.eq(Null), r#"{"label":null}"#);
    check(Item::LABEL.ne(Null), r#"{"label":{"+neq":null}}"#);
    check(Item::ID.eq(7), r#"{"id":7}"#);
    check(Item::ID.gt(7), r#"{"id":{"+gt":7}}"#);
    check(Item::ID.gte(7), r#"{"id":{"+gte":7}}"#);
    check(Item::ID.lt(7), r#"{"id":{"+lt":7}}"#);
    check(Item::ID.lte(7), r#"{"id":{"+lte":7}}"#);
    check(Item::PRICE.lt(7.5), r#"{"price.monthly":{"+lt":7.5}}"#);
    check(Item::MINE.eq(true), r#"{"is_public":true}"#);
    check(Item::STATUS.eq(Status::Running), r#"{"status":"running"}"#);
    check(
        Item::STATUS.ne("melting"),
        r#"{"status":{"+neq":"melting"}}"#,
    );
    let time: DateTime = read(br#""2018-01-02T03:04:05""#).expect("a time");
    check(
        Item::CREATED.gte(time),
        r#"{"created":{"+gte":"2018-01-02T03:04:05"}}"#,
    );
}

#[test]
fn conditions_that_all_hold_are_one_object_or_a_list() {
    check(
        Item::ID.eq(1) & Item::LABEL.eq("a"),
        r#"{"id":1,"label":"a"}"#,
    );
    check(
        Item::LABEL.eq("a") & Item::ID.eq(1),
        r#"{"label":"a","id":1}"#,
    );
    check(
        Item::ID.gt(1) & Item::ID.lt(9),
        r#"{"+and":[{"id":{"+gt":1}},{"id":{"+lt":9}}]}"#,
    );
    check(
        Item::ID.gt(1) & Item::LABEL.eq("a") & Item::ID.lt(9),
        r#"{"+and":[{"id":{"+gt":1}},{"label":"a"},{"id":{"+lt":9}}]}"#,
    );
    check(
        Item::ID.eq(1) & (Item::LABEL.eq("a") & Item::MINE.eq(false)),
        r#"{"id":1,"label":"a","is_public":false}"#,
    );
}

#[test]
fn nesting() {
    check(
        Item::ID.eq(1) | Item::ID.eq(2) | Item::ID.eq(3),
        r#"{"+or":[{"id":1},{"id":2},{"id":3}]}"#,
    );
    check(
        (Item::ID.eq(1) | Item::ID.eq(2)) & Item::LABEL.eq("a"),
        r#"{"+or":[{"id":1},{"id":2}],"label":"a"}"#,
    );
    check(
        Item::ID.eq(1) & Item::LABEL.eq("a") | Item::ID.eq(2),
        r#"{"+or":[{"id":1,"label":"a"},{"id":2}]}"#,
    );
    check(
        (Item::ID.eq(1) | Item::ID.eq(2)) & (Item::LABEL.eq("a") | Item::LABEL.eq("b")),
        r#"{"+and":[{"+or":[{"id":1},{"id":2}]},{"+or":[{"label":"a"},{"label":"b"}]}]}"#,
    );
}

#[test]
fn order_comes_first() {
    let header = sent(|list| list.order_by(Item::ID.desc()));
    assert_eq!(
        header,
        Ok(Some(r#"{"+order_by":"id","+order":"desc"}"#.to_owned()))
    );
    let header = sent(|list| {
        list.filter(Item::LABEL.eq("a"))
            .order_by(Item::LABEL.asc())
            .filter(Item::ID.eq(1))
    });
    let expected = r#"{"+order_by":"label","+order":"asc","label":"a","id":1}"#;
    assert_eq!(header, Ok(Some(expected.to_owned())));
    let header = sent(|list| {
        list.filter(Item::ID.gt(1) & Item::ID.lt(3))
            .order_by(Item::ID.asc())
    });
    let expected =
        r#"{"+order_by":"id","+order":"asc","+and":[{"id":{"+gt":1}},{"id":{"+lt":3}}]}"#;
    assert_eq!(header, Ok(Some(expected.to_owned())));
    assert_eq!(sent(|list| list), Ok(None));
}

#[test]
fn what_is_not_ascii_is_escaped_in_the_header() {
    let header = sent(|list| list.filter(Item::LABEL.eq("ü😀\u{7f}\n")));
    assert_eq!(
        header,
        Ok(Some(r#"{"label":"\u00fc\ud83d\ude00\u007f\n"}"#.to_owned()))
    );
}

#[test]
fn raw_filters() {
    check(
        Filter::raw(serde_json::json!({"a": {"+gt": 1}})),
        r#"{"a":{"+gt":1}}"#,
    );
    check(
        Filter::raw(serde_json::json!({"a": 1})) & Item::ID.eq(2),
        r#"{"a":1,"id":2}"#,
    );
    check(
        Filter::raw(serde_json::json!({"id": 1})) & Item::ID.eq(2),
        r#"{"+and":[{"id":1},{"id":2}]}"#,
    );
    let header = sent(|list| list.filter(Filter::raw(7)));
    assert_eq!(
        header,
        Err("GET /items was not sent: a raw filter is not a JSON object".to_owned())
    );
    let raw = Filter::raw(serde_json::json!({"+order": "asc"}));
    let header = sent(|list| list.filter(raw).order_by(Item::ID.asc()));
    let expected =
        "GET /items was not sent: `+order` is in the raw filter and was set with order_by";
    assert_eq!(header, Err(expected.to_owned()));
}

#[test]
fn fields_and_filters_are_values() {
    let order: Order<Item> = Item::ID.asc();
    assert_eq!(
        format!("{order:?} {:?}", Item::PRICE),
        "id asc price.monthly"
    );
    let filter = Item::ID.eq(1);
    assert_eq!(filter.clone(), filter);
    assert_eq!(format!("{filter:?}"), r#"{"id":1}"#);
}
