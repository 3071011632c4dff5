//! Groups and methods: named by the URL, which outlives operation ids.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{camel, module, singular, snake, spelt_out, words};
use crate::api::{Method, Operation, position_path};

/// Last segments of a POST that say what is done, with how to say it of a noun.
const VERBS: &[(&str, &str)] = &[
    ("accept", "accept {}"),
    ("apply", "apply {}"),
    ("assign", "assign {}"),
    ("attach", "attach {}"),
    ("boot", "boot {}"),
    ("cancel", "cancel {}"),
    ("clone", "clone {}"),
    ("close", "close {}"),
    ("detach", "detach {}"),
    ("disable", "disable {}"),
    ("enable", "enable {}"),
    ("execute", "execute {}"),
    ("import", "import {}"),
    ("make-default", "make {} default"),
    ("managed-enable", "enable managed"),
    ("migrate", "migrate {}"),
    ("mutate", "mutate {}"),
    ("order", "order {}"),
    ("patch", "patch {}"),
    ("read", "mark {} read"),
    ("reboot", "reboot {}"),
    ("rebuild", "rebuild {}"),
    ("recycle", "recycle {}"),
    ("regenerate", "regenerate {}"),
    ("rescue", "rescue {}"),
    ("reset", "reset {}"),
    ("reset-secret", "reset {} secret"),
    ("resize", "resize {}"),
    ("restore", "restore {}"),
    ("resume", "resume {}"),
    ("revoke", "revoke {}"),
    ("seen", "mark {} seen"),
    ("share", "share {}"),
    ("shutdown", "shutdown {}"),
    ("suspend", "suspend {}"),
    ("tfa-disable", "disable tfa"),
    ("tfa-enable", "enable tfa"),
    ("tfa-enable-confirm", "confirm tfa"),
    ("update", "update {}"),
    ("upgrade", "upgrade {}"),
    ("upload", "upload {}"),
    ("verify", "verify {}"),
];

/// The group of a path without static segments.
const ROOT: &str = "root";

/// Words that no module can have, because they are keywords or the crate's own.
const RESERVED: &[&str] = &[
    "bin",
    "blocking",
    "builder",
    "bytes",
    "call",
    "catalogue",
    "chrono",
    "client",
    "clone",
    "core",
    "crate",
    "files",
    "from_config",
    "from_env",
    "helpers",
    "http",
    "http_builder",
    "lib",
    "linode_core",
    "list",
    "main",
    "new",
    "oauth",
    "permissions",
    "reqwest",
    "self",
    "serde_json",
    "std",
    "super",
    "types",
    "upload",
    "watch",
];

/// A segment of a path.
#[derive(Clone, Debug)]
pub enum Segment {
    Static(Vec<String>, String),
    Parameter(Vec<String>),
}

/// The segments of a path template; one that mixes text and parameters counts as parameter.
pub fn segments(path: &str) -> Vec<Segment> {
    path.split('/')
        .filter(|s| !s.is_empty())
        .map(|s| match s.split_once('{') {
            Some((_, rest)) => {
                Segment::Parameter(words(rest.split('}').next().unwrap_or_default()))
            }
            None => Segment::Static(words(s), s.to_owned()),
        })
        .collect()
}

/// The module of an operation: the first segment of its path.
pub fn group(path: &str) -> String {
    match segments(path).first() {
        Some(Segment::Static(words, _)) if !words.is_empty() => {
            let name = module(words);
            let plain = name.trim_end_matches('_');
            if plain != name || RESERVED.contains(&plain) {
                format!("{plain}_group")
            } else {
                name
            }
        }
        _ => ROOT.to_owned(),
    }
}

/// A name for each operation, unique in its group.
pub fn methods(
    operations: &[Operation],
    locked: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let by_path = methods_by_path(operations);
    let candidates: Vec<Vec<String>> = operations.iter().map(|o| candidates(o, &by_path)).collect();
    let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
    // Types are named after methods: what differs in an underscore only is the same name.
    let mut take =
        |group: &str, method: &str| taken.insert((group.to_owned(), camel(&words(method))));
    let mut names: Vec<Option<(String, String)>> = operations
        .iter()
        .map(|o| {
            let (group, method) = locked.get(&o.key())?.split_once('.')?;
            take(group, method).then(|| (group.to_owned(), method.to_owned()))
        })
        .collect();
    // Plain calls take their names before actions that happen to sound like them.
    let mut order: Vec<usize> = (0..operations.len())
        .filter(|&i| names[i].is_none())
        .collect();
    order.sort_by_key(|&i| {
        (
            operations[i].method == Method::Post,
            operations[i].path.len(),
            operations[i].path.clone(),
        )
    });
    for i in order {
        let group = group(&operations[i].path);
        let free = candidates[i].iter().find(|method| take(&group, method));
        // The last candidate spells out method and path, which no two operations share.
        let method = free.or(candidates[i].last()).cloned().unwrap_or_default();
        names[i] = Some((group, method));
    }
    names.into_iter().flatten().collect()
}

fn methods_by_path(operations: &[Operation]) -> BTreeMap<&str, BTreeSet<Method>> {
    let mut by_path: BTreeMap<&str, BTreeSet<Method>> = BTreeMap::new();
    for operation in operations {
        by_path
            .entry(&operation.path)
            .or_default()
            .insert(operation.method);
    }
    by_path
}

/// Names from the plainest to the one that spells out everything.
fn candidates(operation: &Operation, by_path: &BTreeMap<&str, BTreeSet<Method>>) -> Vec<String> {
    let segments = segments(&operation.path);
    let alone = by_path
        .get(operation.path.as_str())
        .is_none_or(|methods| methods.len() == 1);
    let plain = plain(operation, &segments, alone);
    let trailing = trailing_parameters(&segments);
    let picked = if trailing.is_empty() {
        [
            vec![operation.method.to_string().to_lowercase()],
            nouns(&segments, false),
        ]
        .concat()
    } else {
        [plain.clone(), trailing].concat()
    };
    let everything = everything(operation.method, &segments);
    let spelt = words(&format!(
        "{} {}",
        operation.method.to_string().to_lowercase(),
        spelt_out(&position_path(&operation.path))
    ));
    [plain, picked, everything, spelt]
        .into_iter()
        .map(|words| snake(&words))
        .collect()
}

fn everything(method: Method, segments: &[Segment]) -> Vec<String> {
    let mut all = vec![method.to_string().to_lowercase()];
    for segment in segments {
        match segment {
            Segment::Static(words, _) => all.extend_from_slice(words),
            Segment::Parameter(words) => {
                all.push("by".to_owned());
                all.extend_from_slice(words);
            }
        }
    }
    all
}

fn plain(operation: &Operation, segments: &[Segment], alone: bool) -> Vec<String> {
    let ends_in_parameter = matches!(segments.last(), Some(Segment::Parameter(_)));
    let verb = match operation.method {
        Method::Get if operation.answer.list().is_some() => "list",
        Method::Get => "get",
        Method::Put => "update",
        Method::Delete => "delete",
        Method::Patch => "patch",
        Method::Head => "head",
        Method::Options => "options",
        Method::Trace => "trace",
        Method::Post if ends_in_parameter => "post",
        Method::Post => return post(segments, alone),
    };
    if verb == "list" && ends_in_parameter {
        return list_by(segments);
    }
    phrase(&format!("{verb} {{}}"), &nouns(segments, false))
}

fn post(segments: &[Segment], alone: bool) -> Vec<String> {
    if let Some(Segment::Static(_, text)) = segments.last()
        && alone
        && let Some((_, template)) = VERBS.iter().find(|(verb, _)| verb == text)
    {
        let rest = &segments[..segments.len() - 1];
        let mut noun = nouns(rest, false);
        if rest.len() == 1 {
            noun = singular(&noun);
        }
        return phrase(template, &noun);
    }
    phrase("create {}", &nouns(segments, true))
}

/// A list below a parameter: `list_buckets_by_cluster`.
fn list_by(segments: &[Segment]) -> Vec<String> {
    let last_static = segments
        .iter()
        .rposition(|s| matches!(s, Segment::Static(..)))
        .map_or(0, |at| at + 1);
    let (path, parameters) = segments.split_at(last_static);
    let noun = nouns(path, false);
    let one = singular(&noun);
    let mut name = phrase("list {}", &noun);
    name.push("by".to_owned());
    for parameter in parameters {
        let Segment::Parameter(words) = parameter else {
            continue;
        };
        name.extend(bare_parameter(words, &one));
    }
    name
}

/// `by year month` of a path that ends in `/{year}/{month}`; nothing where it ends in text.
pub fn trailing_parameters(segments: &[Segment]) -> Vec<String> {
    let last_static = segments
        .iter()
        .rposition(|s| matches!(s, Segment::Static(..)))
        .map_or(0, |at| at + 1);
    let names = segments[last_static..].iter().filter_map(|s| match s {
        Segment::Parameter(name) => Some(name.clone()),
        Segment::Static(..) => None,
    });
    let words: Vec<String> = names.flatten().collect();
    if words.is_empty() {
        words
    } else {
        [vec!["by".to_owned()], words].concat()
    }
}

/// `clusterId` is a `cluster`; the `tagLabel` of tags is a `label`.
fn bare_parameter(words: &[String], noun: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if words.len() > 1 && words.last().is_some_and(|w| w == "id") {
        words.pop();
    }
    if words.len() > 1 && words.first() == noun.last() {
        words.remove(0);
    }
    words
}

/// The nouns of a path: each static segment, one of it where a parameter picks one. The group's own noun only where nothing else says what is meant.
pub fn nouns(segments: &[Segment], one: bool) -> Vec<String> {
    let statics: Vec<usize> = segments
        .iter()
        .enumerate()
        .filter(|(_, s)| matches!(s, Segment::Static(..)))
        .map(|(i, _)| i)
        .collect();
    let picks = |i: usize| matches!(segments.get(i + 1), Some(Segment::Parameter(_)));
    let mut out = Vec::new();
    for &i in &statics {
        let Segment::Static(words, _) = &segments[i] else {
            continue;
        };
        if i == 0 && statics.len() > 1 && !picks(0) {
            continue;
        }
        let last = Some(&i) == statics.last();
        let words = if picks(i) || (one && last) {
            singular(words)
        } else {
            words.clone()
        };
        out.extend(words);
    }
    out
}

fn phrase(template: &str, noun: &[String]) -> Vec<String> {
    template
        .split(' ')
        .flat_map(|word| {
            if word == "{}" {
                noun.to_vec()
            } else {
                vec![word.to_owned()]
            }
        })
        .collect()
}
