//! A recording that is replayed: which exchange answers a request.

use std::sync::{Mutex, PoisonError};

use linode_witness::split_version;
use percent_encoding::percent_decode_str;

use crate::recording::MASK;
use crate::{Exchange, Json, Received, Recording, Reply};

/// A recording, and how often each of its exchanges was used.
#[derive(Debug)]
pub(crate) struct Tape {
    exchanges: Vec<Exchange>,
    used: Mutex<Vec<usize>>,
}

impl Tape {
    pub(crate) fn new(recording: &Recording) -> Self {
        let exchanges = recording.exchanges().to_vec();
        let used = Mutex::new(vec![0; exchanges.len()]);
        Tape { exchanges, used }
    }

    /// The answer to a request: that of the first exchange like it that was not used yet, and when all were, that of the last one again. What
    /// is wrong otherwise.
    pub(crate) fn reply(&self, received: &Received) -> Result<Reply, String> {
        let asked = Asked::of(received);
        let alike =
            (0..self.exchanges.len()).filter(|index| asked.is_like(&self.exchanges[*index]));
        let mut alike: Vec<usize> = alike.collect();
        // A recording of one version answers for another, unless it has both.
        let same = |index: &usize| self.exchanges[*index].version.as_deref() == asked.version;
        if alike.iter().any(same) {
            alike.retain(same);
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let next = alike
            .iter()
            .find(|index| used[**index] == 0)
            .or(alike.last());
        let Some(index) = next.copied() else {
            return Err(self.nothing(received));
        };
        used[index] += 1;
        Ok(self.exchanges[index].reply())
    }

    fn nothing(&self, received: &Received) -> String {
        let path = segments(split_version(received.path()).1);
        let mut there: Vec<String> = self
            .exchanges
            .iter()
            .filter(|exchange| exchange.method == received.method())
            .filter(|exchange| fits_path(&segments(&exchange.path), &path))
            .map(difference)
            .collect();
        there.dedup();
        let there = match there.is_empty() {
            true => "nothing was recorded at this address".to_owned(),
            false => format!("recorded was {}", there.join("; ")),
        };
        format!("no recorded exchange is like it: {there}")
    }
}

/// What tells an exchange from others at its address.
fn difference(exchange: &Exchange) -> String {
    let mut parts = Vec::new();
    parts.extend(exchange.query.as_ref().map(|query| format!("?{query}")));
    parts.extend(
        exchange
            .x_filter
            .as_ref()
            .map(|filter| format!("X-Filter: {filter}")),
    );
    if !exchange.request_body.is_null() {
        parts.push(exchange.request_body.to_string());
    }
    match parts.is_empty() {
        true => "a request without query, filter and body".to_owned(),
        false => parts.join(" "),
    }
}

/// A request, in the terms of a recording.
struct Asked<'r> {
    method: &'r str,
    version: Option<&'r str>,
    path: Vec<String>,
    query: Vec<(String, String)>,
    filter: Json,
    body: Json,
}

impl<'r> Asked<'r> {
    fn of(received: &'r Received) -> Self {
        let (version, path) = split_version(received.path());
        Asked {
            method: received.method(),
            version,
            path: segments(path),
            query: pairs(received.wire.query.as_deref()),
            filter: filter(received.header("x-filter")),
            body: body(received),
        }
    }

    fn is_like(&self, exchange: &Exchange) -> bool {
        exchange.method.eq_ignore_ascii_case(self.method)
            && fits_path(&segments(&exchange.path), &self.path)
            && fits_all(&pairs(exchange.query.as_deref()), &self.query)
            && fits(&filter(exchange.x_filter.as_deref()), &self.filter)
            && fits(&full(exchange.request_body.clone()), &self.body)
    }
}

/// The body of a request, in the terms of a recording: JSON, or a form as an object of texts.
pub(crate) fn body(received: &Received) -> Json {
    let form = received.header("content-type").unwrap_or_default();
    match form.starts_with("application/x-www-form-urlencoded") {
        true => {
            let text = String::from_utf8_lossy(received.body());
            let fields = decoded(&text).map(|(name, value)| (name, Json::from(value)));
            full(Json::Object(fields.collect()))
        }
        false => full(received.json()),
    }
}

/// An object without fields is as good as none.
fn full(json: Json) -> Json {
    match json {
        Json::Object(fields) if fields.is_empty() => Json::Null,
        json => json,
    }
}

fn filter(text: Option<&str>) -> Json {
    let text = text.unwrap_or_default();
    full(serde_json::from_str(text).unwrap_or_else(|_| full_text(text)))
}

fn full_text(text: &str) -> Json {
    match text.is_empty() {
        true => Json::Null,
        false => text.into(),
    }
}

fn segments(path: &str) -> Vec<String> {
    let segments = path.trim_matches('/').split('/');
    segments
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect()
}

fn decoded(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// The parameters of a query in order. The first page is the one that comes unasked.
fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    let pairs = decoded(query.unwrap_or_default());
    let mut pairs: Vec<_> = pairs
        .filter(|(name, value)| (name.as_str(), value.as_str()) != ("page", "1"))
        .collect();
    pairs.sort();
    pairs
}

/// Whether a path is the recorded one, where what was masked may be anything.
fn fits_path(recorded: &[String], asked: &[String]) -> bool {
    recorded.len() == asked.len()
        && recorded
            .iter()
            .zip(asked)
            .all(|(one, other)| one == other || one == MASK)
}

fn fits_all(recorded: &[(String, String)], asked: &[(String, String)]) -> bool {
    let fits = |one: &(String, String), other: &(String, String)| {
        one.0 == other.0 && (one.1 == other.1 || one.1 == MASK)
    };
    recorded.len() == asked.len()
        && recorded
            .iter()
            .zip(asked)
            .all(|(one, other)| fits(one, other))
}

/// Whether a value is the recorded one, where what was masked may be anything.
fn fits(recorded: &Json, asked: &Json) -> bool {
    match (recorded, asked) {
        (Json::String(text), Json::String(_) | Json::Number(_)) if text == MASK => true,
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| fits(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, one)| other.get(name).is_some_and(|other| fits(one, other)))
        }
        _ => recorded == asked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received::tests::received;

    fn tape(text: &str) -> Tape {
        Tape::new(&Recording::parse("test", text).unwrap())
    }

    fn status(tape: &Tape, path: &str, query: &str, filter: Option<&str>) -> Result<u16, String> {
        let reply = tape.reply(&received("GET", path, query, filter));
        reply.map(|reply| reply.code())
    }

    #[test]
    fn each_is_used_in_turn_and_the_last_one_again() {
        let tape = tape("{\"path\": \"/a\", \"status\": 201}\n{\"path\": \"/a\", \"status\": 202}");
        let seen = [1, 2, 3].map(|_| status(&tape, "/v4/a", "", None).unwrap());
        assert_eq!(seen, [201, 202, 202]);
    }

    #[test]
    fn spelling_does_not_matter() {
        let tape = tape(
            r#"{"path": "/images/linode%2Fx", "query": "b=2&a=1%202", "x_filter": "{\"x\": 1, \"y\": 2}"}"#,
        );
        let filter = Some(r#"{"y":2,"x":1}"#);
        assert_eq!(
            status(&tape, "/v4/images/linode%2fx", "a=1+2&b=2&page=1", filter),
            Ok(200)
        );
        assert!(status(&tape, "/v4/images/linode/x", "a=1+2&b=2", filter).is_err());
        assert!(status(&tape, "/v4/images/linode%2Fx", "a=1+2&b=2&page=2", filter).is_err());
    }

    #[test]
    fn a_version_is_preferred_and_not_demanded() {
        let both = tape(
            "{\"path\": \"/a\", \"version\": \"v4beta\", \"status\": 201}\n{\"path\": \"/a\", \"version\": \"v4\", \"status\": 202}",
        );
        assert_eq!(status(&both, "/v4/a", "", None), Ok(202));
        assert_eq!(status(&both, "/v4beta/a", "", None), Ok(201));
        assert_eq!(
            status(
                &tape(r#"{"path": "/a", "version": "v4beta"}"#),
                "/v4/a",
                "",
                None
            ),
            Ok(200)
        );
    }

    #[test]
    fn what_was_recorded_instead_is_told() {
        let tape = tape(r#"{"path": "/a", "query": "page=2"}"#);
        assert_eq!(
            status(&tape, "/v4/a", "page=3", None).unwrap_err(),
            "no recorded exchange is like it: recorded was ?page=2"
        );
        assert_eq!(
            status(&tape, "/v4/b", "", None).unwrap_err(),
            "no recorded exchange is like it: nothing was recorded at this address"
        );
    }
}
