//! Answers: the one that counts, what it holds, and how a page is told from its look-alikes.

use openapiv3::{MediaType, ReferenceOr, Response, StatusCode};

use super::{Walk, is_json};
use crate::api::{Answer, AnswerKind, List, Method};
use crate::normalise::flatten::{Additional, Flat, Kind, Source, escape};
use crate::normalise::markers::filters;
use crate::normalise::shapes::{Place, Shapes, View};

impl<'d> Walk<'d, '_> {
    /// The status codes that are described.
    pub fn statuses(&self) -> Vec<String> {
        let responses = &self.operation.responses;
        let codes = responses.responses.keys().map(StatusCode::to_string);
        let default = responses.default.iter().map(|_| "default".to_owned());
        codes.chain(default).collect()
    }

    /// The answers of success; where none is described, the one to everything.
    fn successes(&self) -> Vec<(String, &'d Response)> {
        let responses = &self.operation.responses;
        let successes: Vec<(String, &Response)> = responses
            .responses
            .iter()
            .filter(|(code, _)| is_success(code))
            .filter_map(|(code, r)| Some((code.to_string(), self.response(r)?)))
            .collect();
        if !successes.is_empty() {
            return successes;
        }
        let default = responses.default.iter();
        default
            .filter_map(|r| Some(("default".to_owned(), self.response(r)?)))
            .collect()
    }

    /// Errors are read alike, whatever the operation: one that is described otherwise is told.
    fn note_errors(&self, shapes: &mut Shapes<'d>) {
        let responses = &self.operation.responses;
        let described = responses.responses.iter();
        let errors = described.filter(|(code, _)| !is_success(code));
        let errors = errors.map(|(code, response)| (code.to_string(), response));
        let has_success = responses.responses.keys().any(is_success);
        let default = responses.default.iter().filter(|_| has_success);
        let default = default.map(|response| ("default".to_owned(), response));
        for (code, response) in errors.chain(default) {
            let Some(response) = self.response(response) else {
                continue;
            };
            let pointer = format!("{}/responses/{code}", self.pointer);
            let schemas = response
                .content
                .values()
                .filter_map(|it| it.schema.as_ref());
            let unlike = schemas.map(|schema| Source::new(pointer.as_str(), schema));
            let unlike: Vec<Source<'d>> = unlike.collect();
            let is_unlike = |source: &Source<'d>| {
                let flat = shapes.flattener.flatten(std::slice::from_ref(source));
                !flat.properties.contains_key("errors")
            };
            if unlike.iter().any(is_unlike) {
                let reason = "an error of its own form: it is kept as it came, without reasons";
                self.note(shapes, &pointer, reason);
            }
        }
    }

    /// What comes back on success.
    pub fn answer(&self, shapes: &mut Shapes<'d>) -> Answer {
        self.note_errors(shapes);
        let successes = self.successes();
        let main = successes
            .iter()
            .find(|(code, _)| code == "200")
            .or_else(|| successes.iter().find(|(_, r)| !r.content.is_empty()))
            .or(successes.first());
        let Some((status, response)) = main else {
            return Answer {
                status: "200".to_owned(),
                kind: AnswerKind::Nothing,
                optional: false,
                media_type: None,
            };
        };
        let pointer = format!("{}/responses/{status}", self.pointer);
        for (code, other) in &successes {
            if !other.content.is_empty() && other.content != response.content {
                let place = format!("{}/responses/{code}", self.pointer);
                let reason = format!("another answer than that of {status}, which counts");
                self.note(shapes, &place, reason);
            }
        }
        let empty = successes
            .iter()
            .any(|(code, r)| code == "204" && code != status && r.content.is_empty());
        let media = self.preferred(shapes, &response.content, &pointer);
        let kind = match media {
            Some((name, media)) => self.answer_kind(shapes, name, media, &pointer),
            None => AnswerKind::Nothing,
        };
        let optional = empty && kind != AnswerKind::Nothing;
        Answer {
            status: status.clone(),
            kind,
            optional,
            media_type: media.map(|(name, _)| name.to_owned()),
        }
    }

    fn response(&self, response: &'d ReferenceOr<Response>) -> Option<&'d Response> {
        match response {
            ReferenceOr::Item(response) => Some(response),
            ReferenceOr::Reference { reference } => self.document.response(reference),
        }
    }

    fn answer_kind(
        &self,
        shapes: &mut Shapes<'d>,
        media_type: &str,
        media: &'d MediaType,
        pointer: &str,
    ) -> AnswerKind {
        if !is_json(media_type) {
            self.note_bytes(shapes, media_type, media, pointer);
            return AnswerKind::Bytes;
        }
        let Some(schema) = &media.schema else {
            return AnswerKind::Nothing;
        };
        let source = Source::new(
            format!("{pointer}/content/{}/schema", escape(media_type)),
            schema,
        );
        let flat = shapes.flattener.flatten(&[source]);
        if let Some(items) = page_items(shapes, &flat) {
            let item = shapes.ty(&items, Place::new(View::Read, "data"));
            let filters = filters(shapes, &items);
            return AnswerKind::Page(List { item, filters });
        }
        if is_nothing(self.method, &flat) {
            return AnswerKind::Nothing;
        }
        AnswerKind::Value(shapes.ty(&flat, Place::new(View::Read, "answer")))
    }
}

/// Whether an object without properties means that there is nothing to say: after a change it does, a question is answered with free-form JSON.
fn is_nothing(method: Method, flat: &Flat<'_>) -> bool {
    let closed =
        matches!(flat.additional, Some(Additional::Any(false))) || flat.max_properties == Some(0);
    let bare = flat.implied_kind() == Some(Kind::Object)
        && flat.properties.is_empty()
        && flat.branches.is_empty();
    bare && !matches!(flat.additional, Some(Additional::Schema(_)))
        && (closed || matches!(method, Method::Post | Method::Delete))
}

/// The items of a page: an object of `data`, `page`, `pages` and `results`, however it is spelt. Look-alikes have other fields, or a `data` that is no array.
fn page_items<'d>(shapes: &mut Shapes<'d>, flat: &Flat<'d>) -> Option<Flat<'d>> {
    const ENVELOPE: [&str; 4] = ["data", "page", "pages", "results"];
    let exact = flat.properties.len() == ENVELOPE.len()
        && ENVELOPE
            .iter()
            .all(|name| flat.properties.contains_key(name));
    let data = exact.then(|| shapes.flattener.flatten(&flat.properties["data"]))?;
    if data.implied_kind() != Some(Kind::Array) {
        return None;
    }
    Some(shapes.flattener.flatten(&data.items))
}

fn is_success(code: &StatusCode) -> bool {
    match code {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}
