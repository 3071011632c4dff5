//! From a request as data to the one that is sent.

use http::{HeaderValue, header};

use super::{Payload, Request};
use crate::body::Body;
use crate::client::check_version;
use crate::content::Content;
use crate::encode::encode;
use crate::error::Error;
use crate::gaps::Gaps;
use crate::multipart::{Multipart, URLENCODED};
use crate::operation::JSON;
use crate::reader::read;
use crate::value::{Json, Value};
use crate::writer::{json_of, write};

/// The names of the parameters in a path.
pub(super) fn parameters(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}

pub(super) fn assemble(mut request: Request) -> Result<http::Request<Content>, Error> {
    let url = url(&mut request);
    let body = body(&mut request);
    let operation = request.operation;
    let unset = operation
        .requires
        .iter()
        .filter(|name| !request.has_query(name));
    let unset: Vec<String> = unset
        .map(|name| format!("query parameter `{name}` is missing"))
        .collect();
    request.problems.extend(unset);
    if !request.problems.is_empty() {
        return Err(Error::input(Some(operation), request.problems));
    }
    let mut assembled = http::Request::new(Content::default());
    *assembled.method_mut() = operation.method.clone();
    *assembled.uri_mut() = url.parse().map_err(|_| {
        Error::input(
            Some(operation),
            vec!["its address is too long, or none".to_owned()],
        )
    })?;
    let settings = request.client.settings();
    let headers = assembled.headers_mut();
    headers.insert(header::ACCEPT, text(operation.answers));
    headers.insert(header::USER_AGENT, settings.user_agent.clone());
    if let Some(authorization) = settings.authorization.header() {
        headers.insert(header::AUTHORIZATION, authorization.clone());
    }
    if let Some((content_type, content)) = body {
        headers.insert(header::CONTENT_TYPE, content_type);
        *assembled.body_mut() = content;
    }
    // Last, so that what was set by hand holds.
    for (name, value) in &request.headers {
        assembled.headers_mut().insert(name, value.clone());
    }
    Ok(assembled)
}

fn url(request: &mut Request) -> String {
    let settings = request.client.settings();
    let of_client = || request.operation.version_of(settings.version.as_deref());
    let version = request.version.as_deref().unwrap_or_else(of_client);
    let mut url = format!("{}/{version}", settings.base);
    let problem = check_version(version);
    request.problems.extend(problem);

    let mut values = request.path.iter();
    for (index, piece) in request.operation.path.split('{').enumerate() {
        match piece.split_once('}') {
            Some((name, rest)) if index > 0 => {
                match values.next() {
                    Some(value) => url.push_str(value),
                    None => request.problems.push(format!("{name} is missing")),
                }
                url.push_str(rest);
            }
            _ => url.push_str(piece),
        }
    }
    if values.next().is_some() {
        request
            .problems
            .push("it has more values for its path than parameters".to_owned());
    }
    for (index, (name, value)) in request.query.iter().enumerate() {
        url.push(if index == 0 { '?' } else { '&' });
        url.push_str(&format!("{}={}", encode(name), encode(value)));
    }
    url
}

/// The body and its type, if there is one.
fn body(request: &mut Request) -> Option<(HeaderValue, Content)> {
    let payload = std::mem::replace(&mut request.payload, Payload::Nothing);
    match payload {
        Payload::Nothing if request.extra.is_empty() => None,
        Payload::Nothing => json(request, &Body::default()),
        Payload::Json(value) => json(request, &*value),
        Payload::Form(form) => form_body(request, form),
        Payload::Content(content_type, content) => {
            if let Some(problem) = content.problem() {
                request.problem(problem.to_owned());
            }
            if !request.extra.is_empty() {
                request.problem("fields can be added to a JSON object only".to_owned());
            }
            let content_type = HeaderValue::from_str(&content_type).ok();
            if content_type.is_none() {
                request.problem("its content type is no text for a header".to_owned());
            }
            content_type.map(|content_type| (content_type, content))
        }
    }
}

fn form_body(request: &mut Request, form: Multipart) -> Option<(HeaderValue, Content)> {
    let form = request.extra.fields().fold(form, |form, (name, value)| {
        form.text(
            name,
            match json_of(value) {
                Json::String(text) => text,
                other => other.to_string(),
            },
        )
    });
    for name in form.missing() {
        request.problem(format!("the part `{name}` is missing"));
    }
    if request.operation.sends == URLENCODED {
        let Some(body) = form.urlencoded() else {
            request.problem("a part is a stream, which this form can't hold".to_owned());
            return None;
        };
        return Some((HeaderValue::from_static(URLENCODED), body.into()));
    }
    let (content_type, body) = form.encode();
    if let Some(problem) = body.problem() {
        request.problem(problem.to_owned());
    }
    // The boundary is plain text.
    Some((HeaderValue::from_str(&content_type).ok()?, body))
}

fn json(request: &mut Request, value: &dyn Value) -> Option<(HeaderValue, Content)> {
    let mut gaps = Gaps::default();
    value.missing(&mut gaps);
    let missing: Vec<String> = gaps
        .into_paths()
        .into_iter()
        .filter(|path| !request.extra.has(path))
        .collect();
    if !missing.is_empty() {
        request.problem(format!("required and not set: {}", missing.join(", ")));
    }
    let mut bytes = write(value);
    if !request.extra.is_empty() {
        match read::<Body>(&bytes) {
            Ok(mut body) => {
                body.extend(&request.extra);
                bytes = write(&body);
            }
            Err(_) => request.problem("fields can be added to a JSON object only".to_owned()),
        }
    }
    let media_type =
        Some(request.operation.sends).filter(|media_type| media_type.ends_with("json"));
    Some((text(media_type.unwrap_or(JSON)), bytes.into()))
}

/// A media type of the document as a header; JSON if it is none.
fn text(media_type: &'static str) -> HeaderValue {
    HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static(JSON))
}
