//! [`Arguments`]: what an operation is called with, taken out of JSON piece by piece.

use std::cell::{Cell, RefCell};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::prepared::{Callable, Prepared, Told};
use super::{Entry, Parameter};
use crate::call::Call;
use crate::fault::Fault;
use crate::multipart::Multipart;
use crate::operation::Endpoint;
use crate::reader::Reader;
use crate::value::{Json, Value};

/// What an input may say.
const KEYS: [&str; 6] = ["path", "query", "body", "filter", "extra", "version"];
/// What an input may say of what the document lacks.
const EXTRA: [&str; 3] = ["body", "query", "headers"];
/// What every list takes, documented or not.
const PAGING: [&str; 2] = ["page", "page_size"];

/// An input. Problems are kept, so that a call can be put together in one expression; they come out together.
///
/// ```
/// use linode_core::{catalogue::{Arguments, Entry}, read, serde_json::json};
///
/// let entry: Entry = read(br#"{
///     "group": "tags", "name": "get_tag", "method": "GET", "path": "/tags/{label}",
///     "parameters": [{"name": "label", "in": "path"}]
/// }"#)?;
/// let input = json!({"path": {"label": "web"}});
/// assert_eq!(Arguments::new(&entry, &input).path::<&str>(), "web");
/// # Ok::<(), linode_core::Fault>(())
/// ```
#[derive(Debug)]
pub struct Arguments<'a> {
    entry: &'a Entry,
    input: &'a Json,
    /// How many parameters of the path were taken.
    taken: Cell<usize>,
    problems: RefCell<Vec<String>>,
    unknown: RefCell<Vec<String>>,
}

/// What a parameter of the path is taken as: a [`Value`], or text.
///
/// ```
/// use linode_core::catalogue::Argument;
///
/// assert_eq!(i64::of(&7.into()), Ok(7));
/// assert!(<&str>::of(&7.into()).is_err());
/// ```
pub trait Argument<'a>: Sized {
    /// The argument that JSON holds.
    fn of(json: &'a Json) -> Result<Self, Fault>;

    /// What stands for one that cannot be read; nothing is sent then.
    fn blank() -> Self;
}

impl<T: Value> Argument<'_> for T {
    fn of(json: &Json) -> Result<Self, Fault> {
        let text = json.to_string();
        let mut value = T::empty();
        value.read(&mut Reader::request(text.as_bytes()))?;
        Ok(value)
    }

    fn blank() -> Self {
        T::empty()
    }
}

impl<'a> Argument<'a> for &'a str {
    fn of(json: &'a Json) -> Result<Self, Fault> {
        match json {
            Json::String(text) => Ok(text),
            _ => Reader::request(json.to_string().as_bytes())
                .text()
                .map(|_| ""),
        }
    }

    fn blank() -> Self {
        ""
    }
}

impl<'a> Arguments<'a> {
    /// The input of an operation.
    ///
    /// ```
    /// # use linode_core::{Json, catalogue::{Arguments, Entry}};
    /// fn arguments<'a>(entry: &'a Entry, input: &'a Json) -> Arguments<'a> {
    ///     Arguments::new(entry, input)
    /// }
    /// ```
    pub fn new(entry: &'a Entry, input: &'a Json) -> Self {
        let arguments = Arguments {
            entry,
            input,
            taken: Cell::new(0),
            problems: RefCell::default(),
            unknown: RefCell::default(),
        };
        arguments.check_keys();
        arguments
    }

    /// The next parameter of the path.
    ///
    /// ```
    /// # use linode_core::catalogue::Arguments;
    /// fn id(arguments: &Arguments<'_>) -> i64 {
    ///     arguments.path()
    /// }
    /// ```
    pub fn path<T: Argument<'a>>(&self) -> T {
        let index = self.taken.replace(self.taken.get() + 1);
        let Some(parameter) = self.entry.parameters_in("path").nth(index) else {
            self.problem("it has fewer parameters in its path than are asked for".to_owned());
            return T::blank();
        };
        let at = format!("$.path.{}", parameter.name);
        match self.at(&["path", &parameter.name]) {
            None | Some(Json::Null) => self.problem(format!("{at} is missing")),
            Some(json) => match T::of(json) {
                Ok(argument) => return argument,
                Err(fault) => self.fault(&at, &fault),
            },
        }
        T::blank()
    }

    /// The body, as JSON. One that is not given is empty: what it must have is missed when it is sent.
    ///
    /// ```
    /// # use linode_core::catalogue::Arguments;
    /// fn tags(arguments: &Arguments<'_>) -> Vec<String> {
    ///     arguments.body()
    /// }
    /// ```
    pub fn body<T: Value>(&self) -> T {
        let mut body = T::empty();
        let Some(json) = self.at(&["body"]).filter(|json| !json.is_null()) else {
            return body;
        };
        let text = json.to_string();
        let mut reader = Reader::request(text.as_bytes());
        if let Err(fault) = body.read(&mut reader) {
            self.fault("$.body", &fault);
        }
        let unknown = reader.unknown().iter().map(|path| below("$.body", path));
        self.unknown.borrow_mut().extend(unknown);
        body
    }

    /// The body, as bytes: Base64 in the input.
    ///
    /// ```
    /// # use linode_core::{Bytes, catalogue::Arguments};
    /// fn picture(arguments: &Arguments<'_>) -> Bytes {
    ///     arguments.bytes()
    /// }
    /// ```
    pub fn bytes(&self) -> Bytes {
        self.decoded("$.body", self.at(&["body"]))
    }

    /// The body, as a form: an object of texts, and of files: `{"name": "a.txt", "content": "…"}` with Base64.
    ///
    /// ```
    /// # use linode_core::{Multipart, catalogue::Arguments};
    /// fn attachment(arguments: &Arguments<'_>) -> Multipart {
    ///     arguments.form()
    /// }
    /// ```
    pub fn form(&self) -> Multipart {
        let parts = self.object(&["body"]);
        parts.fold(Multipart::new(), |form, (name, part)| match part {
            Json::Object(file) => {
                let content = self.decoded(&format!("$.body.{name}.content"), file.get("content"));
                let file_name = file.get("name").and_then(Json::as_str).unwrap_or(name);
                form.file(name, file_name, "application/octet-stream", content)
            }
            _ => form.text(name, in_text(part)),
        })
    }

    /// The call, with all that goes with it beside path and body.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint, catalogue::{Arguments, Prepared, Told}};
    /// fn prepared<E: Endpoint<Answer: Told>>(arguments: &Arguments<'_>, call: Call<E>) -> Prepared {
    ///     arguments.prepared(call)
    /// }
    /// ```
    pub fn prepared<T: Callable<Endpoint: Endpoint<Answer: Told>>>(&self, call: T) -> Prepared {
        let mut call = call.into_call();
        for (name, value) in self.object(&["query"]) {
            self.check_query(name, value);
            call = in_query(call, name, value, self.separator(name));
        }
        if let Some(filter) = self.at(&["filter"]).filter(|filter| !filter.is_null()) {
            self.check_filter(filter, "$.filter");
            call = call.header("X-Filter", filter);
        }
        for (name, value) in self.object(&["extra", "body"]) {
            call = call.with(name, value.clone());
        }
        for (name, value) in self.object(&["extra", "query"]) {
            call = in_query(call, name, value, None);
        }
        for (name, value) in self.object(&["extra", "headers"]) {
            call = call.header(name, in_text(value));
        }
        if let Some(version) = self.at(&["version"]).and_then(Json::as_str) {
            call = call.version(version);
        }
        Prepared::new(call, self.problems.take(), self.unknown.take())
    }

    fn at(&self, way: &[&str]) -> Option<&'a Json> {
        way.iter().try_fold(self.input, |json, key| json.get(key))
    }

    /// The fields of an object, if there is one.
    fn object(&self, way: &[&str]) -> impl Iterator<Item = (&'a String, &'a Json)> + use<'a> {
        let object = self.at(way).filter(|json| !json.is_null());
        if object.is_some_and(|json| !json.is_object()) {
            self.problem(format!("$.{}: expected an object", way.join(".")));
        }
        object.and_then(Json::as_object).into_iter().flatten()
    }

    fn decoded(&self, at: &str, json: Option<&Json>) -> Bytes {
        let decoded = json
            .and_then(Json::as_str)
            .and_then(|text| STANDARD.decode(text).ok());
        decoded.map(Bytes::from).unwrap_or_else(|| {
            self.problem(format!("{at}: expected bytes in Base64"));
            Bytes::new()
        })
    }

    fn check_keys(&self) {
        if !self.input.is_null() && !self.input.is_object() {
            return self.problem("$: expected an object".to_owned());
        }
        for (way, known) in [(&[][..], &KEYS[..]), (&["extra"], &EXTRA)] {
            let at: String = way.iter().map(|key| format!("{key}.")).collect();
            for (key, _) in self
                .object(way)
                .filter(|(key, _)| !known.contains(&key.as_str()))
            {
                self.problem(format!(
                    "$.{at}{key} is unknown; known are {}",
                    known.join(", ")
                ));
            }
        }
        for (key, _) in self.object(&["path"]) {
            if !self
                .entry
                .parameters_in("path")
                .any(|parameter| parameter.name == *key)
            {
                self.problem(format!("$.path.{key} is unknown"));
            }
        }
    }

    fn in_query(&self, name: &str) -> Option<&Parameter> {
        let mut parameters = self.entry.parameters_in("query");
        parameters.find(|parameter| parameter.name == name)
    }

    /// What stands between the items of a query parameter.
    fn separator(&self, name: &str) -> Option<&str> {
        self.in_query(name)?.separator.as_deref()
    }

    /// Checks a query parameter by what the document says about it.
    fn check_query(&self, name: &str, value: &Json) {
        let at = format!("$.query.{name}");
        let known = self.in_query(name);
        let kind = match known.map(Parameter::kind) {
            Some(kind) => kind,
            None if PAGING.contains(&name) && self.entry.filters.is_some() => Some("integer"),
            None => return self.unknown.borrow_mut().push(at),
        };
        let text = value.to_string();
        let mut reader = Reader::request(text.as_bytes());
        let read = match kind {
            Some("integer") => reader.integer().map(drop),
            Some("number") => reader.number().map(drop),
            Some("boolean") => reader.boolean().map(drop),
            Some("string") => reader.text().map(drop),
            _ => Ok(()),
        };
        if let Err(fault) = read {
            self.fault(&at, &fault);
        }
    }

    /// Notes the fields of a filter that the list is not filtered by.
    fn check_filter(&self, filter: &Json, at: &str) {
        let known = self.entry.filters.as_deref().unwrap_or_default();
        for (key, value) in filter.as_object().into_iter().flatten() {
            let at = format!("{at}[{key:?}]");
            match value {
                Json::Array(all) if key.starts_with('+') => {
                    all.iter().for_each(|filter| self.check_filter(filter, &at));
                }
                _ if key.starts_with('+') || known.contains(key) => {}
                _ => self.unknown.borrow_mut().push(at),
            }
        }
    }

    fn fault(&self, at: &str, fault: &Fault) {
        let at = below(at, fault.path());
        self.problem(format!(
            "{at}: expected {}, found {}",
            fault.expected(),
            fault.found()
        ));
    }

    fn problem(&self, problem: String) {
        self.problems.borrow_mut().push(problem);
    }
}

/// A path in a part of the input, as a path in the whole of it.
fn below(at: &str, path: &str) -> String {
    format!("{at}{}", path.strip_prefix('$').unwrap_or(path))
}

/// The call with a query parameter; the items of a list are parameters of their own, unless something stands between them.
fn in_query<E: Endpoint>(
    call: Call<E>,
    name: &str,
    value: &Json,
    separator: Option<&str>,
) -> Call<E> {
    match (value, separator) {
        (Json::Array(items), Some(separator)) => {
            let texts: Vec<String> = items.iter().map(in_text).collect();
            call.query(name, texts.join(separator))
        }
        (Json::Array(items), None) => items
            .iter()
            .fold(call, |call, item| call.query(name, in_text(item))),
        _ => call.query(name, in_text(value)),
    }
}

/// A value as it stands in an address or a header: a string without its quotes.
fn in_text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation;
    use crate::reader::read;
    use crate::{Client, Request};
    use serde_json::json;

    struct ListThings;
    operation!(ListThings -> Json, GET "/things", "listThings");

    #[test]
    fn a_list_in_the_query_is_sent_as_the_document_says() {
        let entry: Entry = read(
            br#"{"group": "things", "name": "list", "method": "GET", "path": "/things", "parameters": [
                {"name": "tag", "in": "query", "schema": {"type": "array"}},
                {"name": "id", "in": "query", "schema": {"type": "array"}, "separator": "|"}]}"#,
        )
        .expect("an entry");
        let input = json!({"query": {"tag": ["a b", "c"], "id": [1, 2]}, "extra": {"query": {"x": [true]}}});
        let arguments = Arguments::new(&entry, &input);
        let client = Client::new("s3cret").expect("a client");
        let call: Call<ListThings> = Call::new(Request::new(&client, ListThings::OPERATION));
        let request = arguments.prepared(call).into_http().expect("a request");
        let query = request.uri().query().expect("a query");
        let mut pairs: Vec<&str> = query.split('&').collect();
        pairs.sort_unstable();
        assert_eq!(pairs, ["id=1%7C2", "tag=a%20b", "tag=c", "x=true"]);
    }
}
