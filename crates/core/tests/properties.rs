//! What holds for any input: nothing panics, and what is written is read back as it was.

use linode_core::{
    DateTime, Filter, Json, Map, NaiveDate, Page, Secret, Value, helpers, open_enum, open_int_enum,
    read, record, text_of, union, write,
};
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    A,
    Unknown(String),
}
open_enum!(Kind { A = "a" });

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Length {
    N56,
    Unknown(i64),
}
open_int_enum!(Length { N56 = 56 });

#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Number(i64),
    Texts(Vec<String>),
    Unknown(Json),
}
union!(Choice { Number = "number", Texts = "array" } by kind);

#[derive(Clone, PartialEq)]
struct Everything {
    integer: i64,
    number: f64,
    flag: bool,
    text: String,
    time: DateTime,
    date: NaiveDate,
    secret: Secret,
    json: Json,
    list: Vec<Option<i64>>,
    map: Map<f64>,
    optional: Option<String>,
    kind: Kind,
    length: Option<Length>,
    choice: Option<Choice>,
}
record!(Everything {
    integer, number, flag, text, time, date, secret, json, list, map, kind, length, choice,
    optional = "an optional"
});

/// Every kind of slot that there is, read from the same bytes.
fn read_all(bytes: &[u8]) {
    fn one<T: Value>(bytes: &[u8]) {
        if let Err(fault) = read::<T>(bytes) {
            assert!(fault.path().starts_with('$'));
            assert!(fault.offset() <= bytes.len());
        }
    }
    one::<i64>(bytes);
    one::<f64>(bytes);
    one::<bool>(bytes);
    one::<String>(bytes);
    one::<DateTime>(bytes);
    one::<NaiveDate>(bytes);
    one::<Json>(bytes);
    one::<Vec<Option<i64>>>(bytes);
    one::<Map<Vec<String>>>(bytes);
    one::<Choice>(bytes);
    one::<Everything>(bytes);
    one::<Page<Everything>>(bytes);
    one::<linode_core::Body>(bytes);
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "\\PC{0,8}".prop_map(Json::from),
        prop_oneof!["2018-01-02T03:04:0[0-9]Z?", "[0-9+-.eE]{0,6}"].prop_map(Json::from),
    ];
    let keys = prop_oneof![
        prop::sample::select(vec![
            "data", "integer", "text", "time", "list", "map", "choice", "length", "page"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::btree_map(keys.clone(), inner, 0..6)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

/// A time that JSON carries whole.
fn time() -> impl Strategy<Value = DateTime> {
    (-62_135_596_800_i64..253_402_300_800, 0_u32..1_000_000_000)
        .prop_filter_map("a time", |(seconds, nanos)| {
            DateTime::from_timestamp(seconds, nanos)
        })
}

/// A value that the document lists, or one that is none of those in another case: that would be read as the listed one.
fn kind() -> impl Strategy<Value = Kind> {
    any::<String>().prop_filter_map("a listed value in another case", |text| {
        let kind = Kind::from(text);
        let read: Kind = read(&write(&kind)).ok()?;
        (read == kind).then_some(kind)
    })
}

fn everything() -> impl Strategy<Value = Everything> {
    let first = (
        any::<i64>(),
        -1e300..1e300_f64,
        any::<bool>(),
        any::<String>(),
        time(),
        time(),
        any::<String>(),
    );
    let second = (
        json(),
        prop::collection::vec(any::<Option<i64>>(), 0..4),
        prop::collection::btree_map(any::<String>(), -1e9..1e9_f64, 0..4),
        kind(),
        any::<Option<i64>>(),
        any::<Option<i64>>(),
    );
    (first, second).prop_map(
        |((integer, number, flag, text, time, day, secret), second)| {
            let (json, list, map, kind, length, choice) = second;
            Everything {
                integer,
                number,
                flag,
                text: text.clone(),
                time,
                date: day.date_naive(),
                secret: Secret::from(secret),
                json,
                list,
                map,
                optional: Some(text).filter(|_| flag),
                kind,
                length: length.map(Length::from),
                choice: choice.map(Choice::Number),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        read_all(&bytes);
    }

    #[test]
    fn anything_like_json_is_read_or_refused(text in r#"[\[\]{}:,"\\ntfu0-9eE.+Ia -]{0,24}"#) {
        read_all(text.as_bytes());
    }

    #[test]
    fn any_json_is_read_or_refused(json in json()) {
        read_all(&write(&json));
    }

    #[test]
    fn json_that_is_cut_off_is_refused(json in json(), cut in any::<prop::sample::Index>()) {
        let bytes = write(&Json::Array(vec![json]));
        let bytes = &bytes[..cut.index(bytes.len())];
        prop_assert!(read::<Json>(bytes).is_err());
        read_all(bytes);
    }

    #[test]
    fn free_form_json_is_kept(json in json()) {
        prop_assert_eq!(text_of(&read::<Json>(&write(&json)).expect("JSON")), text_of(&json));
    }

    #[test]
    fn a_record_is_read_back_as_it_was_written(record in everything()) {
        let bytes = write(&record);
        let back: Everything = read(&bytes).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        prop_assert_eq!(write(&back), bytes);
        prop_assert_eq!(back.integer, record.integer);
        prop_assert_eq!(back.time, record.time);
        prop_assert_eq!(&back.text, &record.text);
        prop_assert_eq!(&back.secret, &record.secret);
        prop_assert_eq!(back.kind, record.kind);
    }

    #[test]
    fn serde_gives_what_the_writer_writes(record in everything()) {
        let through_serde = serde_json::to_string(&record).expect("JSON");
        let ours: Json = read(&write(&record)).expect("JSON");
        prop_assert_eq!(read::<Json>(through_serde.as_bytes()).expect("JSON"), ours);
        let back: Everything = serde_json::from_str(&through_serde).expect("a record");
        prop_assert_eq!(write(&back), write(&record));
    }

    #[test]
    fn integers_are_never_changed(integer in any::<i64>()) {
        prop_assert_eq!(read::<i64>(format!("{integer}.0").as_bytes()), Ok(integer));
        prop_assert_eq!(read::<i64>(format!("\"{integer}\"").as_bytes()), Ok(integer));
        prop_assert_eq!(read::<String>(integer.to_string().as_bytes()), Ok(integer.to_string()));
    }

    #[test]
    fn what_is_in_base64_is_read_or_refused(text in "[A-Za-z0-9+/=\\s]{0,40}|\\PC*") {
        if let Ok(secret) = Secret::from(text.as_str()).from_base64() {
            prop_assert!(secret.expose().len() <= text.len());
        }
    }

    #[test]
    fn a_stackscript_is_checked_whatever_it_asks_for(fields in json(), name in "[ab]", value in json()) {
        let script = serde_json::json!({"user_defined_fields": [fields.clone(), {"name": fields}, {"name": "a", "oneOf": "x"}]});
        let data = Map::from([(name, value)]);
        if helpers::check_stackscript_data(&script, &data).is_ok() {
            let given = data.get("a").and_then(Json::as_str);
            prop_assert_eq!(given.map(str::trim), Some("x"));
        }
    }

    #[test]
    fn a_filter_is_json_whatever_is_in_it(text in any::<String>(), other in any::<String>()) {
        const LABEL: linode_core::Field<(), String> = linode_core::Field::new("label");
        let filter: Filter<()> = LABEL.contains(&text) | LABEL.eq(&other) & LABEL.ne(&text);
        let json: Json = read(filter.to_string().as_bytes()).expect("JSON");
        prop_assert_eq!(&json["+or"][0]["label"]["+contains"], &text);
        prop_assert_eq!(&json["+or"][1]["+and"][0]["label"], &other);
    }
}
