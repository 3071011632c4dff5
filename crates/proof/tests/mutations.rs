//! What the API might send some day: every answer at hand, with one thing changed in it. It decodes, and everything else comes back; or
//! it fails, and the error names the path. Nothing panics.

use std::fs;
use std::path::Path;

use fastrand::Rng;
use linode_proof::replay::{Fate, Replay, Sample};
use linode_proof::stand_in;
use linode_witness::Document;
use serde_json::{Value as Json, json};

/// How often each answer is changed.
const RECORDED: usize = 25;
const MADE: usize = 8;

/// Changes one thing in a value, and says what.
fn mutate(answer: &mut Json, random: &mut Rng) -> String {
    let mut places = Vec::new();
    collect(answer, String::new(), &mut places);
    let place = random.choice(&places).cloned().unwrap_or_default();
    let removed = random.u8(0..8) == 0;
    let (parent, key) = place.rsplit_once('/').unwrap_or_default();
    if removed && let Some(Json::Object(fields)) = answer.pointer_mut(parent) {
        fields.remove(&key.replace("~1", "/").replace("~0", "~"));
        return format!("{place} is missing");
    }
    let Some(value) = answer.pointer_mut(&place) else {
        return "nothing changed".to_owned();
    };
    let changed = match random.u8(0..14) {
        0 => Json::Null,
        1 => json!("never-heard-of"),
        2 => json!(-7),
        3 => json!(0.5),
        4 => json!(random.bool()),
        5 => json!([]),
        6 => json!({}),
        7 => json!([value.take()]),
        8 => json!({"novelty": [1, {"a": null}]}),
        9 => json!(""),
        10 => match value.take() {
            Json::String(text) => json!(text.to_uppercase()),
            Json::Number(number) => json!(number.to_string()),
            Json::Bool(flag) => json!(i64::from(flag)),
            Json::Array(mut items) => items.pop().unwrap_or_default(),
            other => other,
        },
        11 => match value.take() {
            Json::Number(number) => json!(number.as_f64()),
            Json::Array(mut items) => {
                items.insert(0, Json::Null);
                items.into()
            }
            other => json!({"data": [other], "page": 1, "pages": 1, "results": 1}),
        },
        12 => json!("2018-01-02T03:04:05.678+01:00"),
        _ => match value.take() {
            Json::Object(mut fields) => {
                fields.insert("novelty".to_owned(), json!([{"a": 1}]));
                fields.into()
            }
            other => json!([other.clone(), other]),
        },
    };
    let told = format!("{place} is {changed}");
    *value = changed;
    told
}

/// The pointers of all values below a value, and its own.
fn collect(value: &Json, at: String, places: &mut Vec<String>) {
    match value {
        Json::Object(fields) => fields.iter().for_each(|(key, value)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            collect(value, format!("{at}/{key}"), places);
        }),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| collect(value, format!("{at}/{index}"), places)),
        _ => {}
    }
    places.push(at);
}

/// Changes an answer so many times, each time anew, and collects what went wrong.
fn check(
    replay: &Replay,
    key: &str,
    answer: &Json,
    times: usize,
    random: &mut Rng,
    wrong: &mut Vec<String>,
) -> (usize, usize) {
    let (mut decoded, mut refused) = (0, 0);
    for _ in 0..times {
        let mut changed = answer.clone();
        let told = mutate(&mut changed, random);
        match replay.fate(key, 200, &changed) {
            Fate::Lossless { .. } => decoded += 1,
            Fate::NotDecoded {
                path: Some(path), ..
            } if path.starts_with('$') => refused += 1,
            Fate::NotDecoded { reason, .. } => {
                wrong.push(format!("{key}, where {told}: no path: {reason}"))
            }
            Fate::Lossy(reason) => wrong.push(format!("{key}, where {told}: {reason}")),
        }
    }
    (decoded, refused)
}

fn assert_none(wrong: &[String], decoded: usize, refused: usize) {
    println!(
        "{decoded} decoded, {refused} refused with a path, {} wrong",
        wrong.len()
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    assert!(decoded > 0 && refused > 0, "both happen");
}

#[test]
fn recorded_answers_with_one_thing_changed() {
    let replay = Replay::pinned().expect("the pinned document");
    let mut random = Rng::with_seed(4);
    let (mut wrong, mut decoded, mut refused) = (Vec::new(), 0, 0);
    for file in ["recorded.jsonl", "handmade.jsonl"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/samples")
            .join(file);
        let Ok(text) = fs::read_to_string(&path) else {
            println!("skipped: {} is missing", path.display());
            continue;
        };
        for line in text.lines() {
            let sample: Sample = serde_json::from_str(line).expect("a sample");
            let Some(operation) = replay.operation(&sample).filter(|_| sample.is_success()) else {
                continue;
            };
            let times = RECORDED;
            let of = check(
                &replay,
                &operation.key(),
                &sample.response_body,
                times,
                &mut random,
                &mut wrong,
            );
            decoded += of.0;
            refused += of.1;
        }
    }
    if decoded + refused > 0 {
        assert_none(&wrong, decoded, refused);
    }
}

#[test]
fn answers_of_the_document_with_one_thing_changed() {
    let replay = Replay::pinned().expect("the pinned document");
    let text = stand_in().expect("the document of stand-ins");
    let document = Document::parse(&text).expect("a document");
    let mut random = Rng::with_seed(44);
    let (mut wrong, mut decoded, mut refused) = (Vec::new(), 0, 0);
    for operation in document.operations() {
        for turn in 0..operation.turns() {
            let Some(answer) = operation.made(turn).json else {
                continue;
            };
            let of = check(
                &replay,
                &operation.key(),
                &answer,
                MADE,
                &mut random,
                &mut wrong,
            );
            decoded += of.0;
            refused += of.1;
        }
    }
    assert!(decoded + refused > 2000, "there are hundreds of operations");
    assert_none(&wrong, decoded, refused);
}
