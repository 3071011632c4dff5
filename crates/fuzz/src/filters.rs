//! Filters: a tree that bytes choose, whose header lets the same items through as the tree itself; and any JSON as the filter of a request.
//!
//! ```
//! linode_fuzz::filters::run(b"\x02\x00\x01web");
//! ```

use arbitrary::{Result, Unstructured};
use linode_core::{Field, Json, Order, read, serde_json::json};
use linode_sdk::types::Linode;
use linode_sdk::{Client, Filter};
use linode_testkit::sift;

/// Where it begins.
///
/// ```
/// linode_fuzz::filters::SEEDS.iter().for_each(|seed| linode_fuzz::filters::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    b"\x00\x00web\x03",
    b"\x04\x00\x01web\x01\x02db\x02",
    b"\x05\x04\x00\x01a\x01\x00\x02b\x03\x04\x00c",
    b"\xff\xff\xff\xff\x00\x01\x02\x03\x04\x05\x06\x07",
    br#"{"+and": [{"label": {"+contains": "web"}}, {"+or": [{"id": {"+gt": 7}}, {"tags": "a"}]}], "+order_by": "id", "+order": "desc"}"#,
    br#"{"entity.id": {"+neq": null}, "specs": {"+lte": 1.5}, "+or": {"a": 1}}"#,
];

/// How deep a tree grows.
const DEEPEST: usize = 6;

/// A filter, and what it means.
struct Meant {
    filter: Filter<Linode>,
    passes: Box<dyn Fn(&Item) -> bool>,
}

/// What is filtered.
struct Item {
    id: i64,
    label: String,
}

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::filters::run(b"");
/// ```
pub fn run(input: &[u8]) {
    let mut bytes = Unstructured::new(input);
    if let Ok(meant) = tree(&mut bytes, 0) {
        compare(&meant, bytes.arbitrary().unwrap_or_default());
    }
    if let Ok(filter) = read::<Json>(input) {
        received(&filter);
    }
}

/// The header says the same as the tree.
fn compare(meant: &Meant, falling: bool) {
    let client = Client::new("token").expect("a client");
    let order: Order<Linode> = match falling {
        true => Linode::ID.desc(),
        false => Linode::ID.asc(),
    };
    let list = client.linode().list_instances();
    let request = list
        .filter(meant.filter.clone())
        .order_by(order)
        .into_http();
    let request = request.expect("a request");
    let header = request.headers()["x-filter"].to_str().expect("plain text");
    let header: Json = read(header.as_bytes()).expect("JSON");
    let written: Json = read(meant.filter.to_string().as_bytes()).expect("JSON");

    let items = ["", "web", "WEB-1", "db", "a\"b\\c", "\u{1f600}"];
    let items = items.iter().zip(-1..).map(|(label, id)| Item {
        id,
        label: (*label).to_owned(),
    });
    let items: Vec<Item> = items.collect();
    let json = |item: &Item| json!({"id": item.id, "label": item.label});
    let mut right: Vec<Json> = items
        .iter()
        .filter(|item| (meant.passes)(item))
        .map(json)
        .collect();
    assert_eq!(
        sift(items.iter().map(json).collect(), &written),
        right,
        "{written}"
    );
    if falling {
        right.reverse();
    }
    assert_eq!(
        sift(items.iter().map(json).collect(), &header),
        right,
        "{header}"
    );
}

/// Whatever arrives as a filter, the testkit lets a part of the items through, and the same part again.
fn received(filter: &Json) {
    let items = vec![
        json!({"id": 7, "label": "web", "tags": ["a", "b"], "specs": {"disk": 1.5}, "entity": {"id": null}}),
        json!({"id": 8, "label": null, "created": "2018-01-02T03:04:05"}),
    ];
    let passed = sift(items.clone(), filter);
    assert!(passed.len() <= items.len());
    assert_eq!(sift(passed.clone(), filter), passed);
}

fn tree(bytes: &mut Unstructured<'_>, depth: usize) -> Result<Meant> {
    let highest = if depth < DEEPEST { 5 } else { 3 };
    let choice = bytes.int_in_range(0..=highest)?;
    match choice {
        0 | 1 => text(bytes),
        2 | 3 => number(bytes),
        _ => {
            let (one, other) = (tree(bytes, depth + 1)?, tree(bytes, depth + 1)?);
            let (left, right) = (one.passes, other.passes);
            Ok(match choice {
                4 => Meant {
                    filter: one.filter & other.filter,
                    passes: Box::new(move |item| left(item) && right(item)),
                },
                _ => Meant {
                    filter: one.filter | other.filter,
                    passes: Box::new(move |item| left(item) || right(item)),
                },
            })
        }
    }
}

fn text(bytes: &mut Unstructured<'_>) -> Result<Meant> {
    const LABEL: Field<Linode, String> = Linode::LABEL;
    let operator = bytes.int_in_range(0..=2)?;
    let length = bytes.int_in_range(0..=6)?;
    let wanted = String::from_utf8_lossy(bytes.bytes(length)?).into_owned();
    // The testkit takes a `Z` at the end for that of a time.
    let wanted = wanted.trim_end_matches('Z').to_owned();
    Ok(match operator {
        0 => Meant {
            filter: LABEL.eq(&wanted),
            passes: Box::new(move |item| item.label == wanted),
        },
        1 => Meant {
            filter: LABEL.ne(&wanted),
            passes: Box::new(move |item| item.label != wanted),
        },
        _ => Meant {
            filter: LABEL.contains(&wanted),
            passes: Box::new(move |item| {
                let label = item.label.to_lowercase();
                label.contains(&wanted.to_lowercase())
            }),
        },
    })
}

fn number(bytes: &mut Unstructured<'_>) -> Result<Meant> {
    const ID: Field<Linode, i64> = Linode::ID;
    let operator = bytes.int_in_range(0..=5)?;
    let wanted = i64::from(bytes.arbitrary::<i8>()?);
    let (filter, passes): (_, fn(i64, i64) -> bool) = match operator {
        0 => (ID.eq(wanted), |id, wanted| id == wanted),
        1 => (ID.ne(wanted), |id, wanted| id != wanted),
        2 => (ID.gt(wanted), |id, wanted| id > wanted),
        3 => (ID.gte(wanted), |id, wanted| id >= wanted),
        4 => (ID.lt(wanted), |id, wanted| id < wanted),
        _ => (ID.lte(wanted), |id, wanted| id <= wanted),
    };
    Ok(Meant {
        filter,
        passes: Box::new(move |item| passes(item.id, wanted)),
    })
}
