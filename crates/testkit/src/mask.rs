//! What a recording may not show: passwords, tokens, keys. By the names of fields, by what the document says of their formats, and, wherever it
//! stands, the token that the request itself was sent with.

use percent_encoding::percent_decode_str;

use crate::recording::MASK;
use crate::{Exchange, Json};

/// Parts of names whose values are secrets.
const PARTS: &[&str] = &[
    "authorization",
    "card_number",
    "cvv",
    "kubeconfig",
    "otp_code",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "secret",
    "ssl_key",
    "tfa_code",
    "token",
];

/// Whole names.
const NAMES: &[&str] = &[
    "api_key",
    "code",
    "code_verifier",
    "install_code",
    "pass",
    "response",
    "root_pass",
    "scratch",
    "upload_to",
    "user_data",
];

/// Names that look like those of secrets, and are not.
const PLAIN: &[&str] = &["token_type", "token_uuid"];

/// Formats of secrets.
const FORMATS: &[&str] = &["password", "ssl-key"];

/// What the document says of the names of fields: name and format.
pub(crate) type Formats<'d> = [(&'d str, &'d str)];

/// Masks an exchange, which was sent with a token if there was one.
pub(crate) fn mask(exchange: &mut Exchange, formats: &Formats<'_>, token: Option<&str>) {
    fields(&mut exchange.request_body, formats);
    fields(&mut exchange.response_body, formats);
    exchange.query = exchange.query.as_deref().map(query);
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return;
    };
    texts(&mut exchange.request_body, token);
    texts(&mut exchange.response_body, token);
    let texts = [&mut exchange.query, &mut exchange.x_filter];
    let texts = texts.into_iter().flatten().chain([&mut exchange.path]);
    for text in texts.chain(exchange.response_headers.values_mut()) {
        *text = text.replace(token, MASK);
    }
}

/// Whether a field is a secret.
fn is_secret(name: &str, formats: &Formats<'_>) -> bool {
    let mut said = formats.iter().filter(|(known, _)| *known == name);
    if said.any(|(_, format)| FORMATS.contains(format)) {
        return true;
    }
    let name = name.to_ascii_lowercase();
    let plain = PLAIN.contains(&name.as_str()) || name.ends_with("_at");
    !plain && (NAMES.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part)))
}

/// Masks the secrets among the fields of an object, and of all that is in it.
fn fields(json: &mut Json, formats: &Formats<'_>) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| fields(item, formats)),
        Json::Object(object) => {
            for (name, value) in object {
                match is_secret(name, formats) {
                    true => values(value),
                    false => fields(value, formats),
                }
            }
        }
        _ => {}
    }
}

/// Masks all texts and numbers in a value.
fn values(json: &mut Json) {
    match json {
        Json::String(_) | Json::Number(_) => *json = MASK.into(),
        Json::Array(items) => items.iter_mut().for_each(values),
        Json::Object(object) => object.values_mut().for_each(values),
        Json::Null | Json::Bool(_) => {}
    }
}

/// Masks a text wherever it stands in a value.
fn texts(json: &mut Json, secret: &str) {
    match json {
        Json::String(text) if text.contains(secret) => *text = text.replace(secret, MASK),
        Json::Array(items) => items.iter_mut().for_each(|item| texts(item, secret)),
        Json::Object(object) => object.values_mut().for_each(|value| texts(value, secret)),
        _ => {}
    }
}

/// Masks the secrets among the parameters of a query.
fn query(query: &str) -> String {
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret(&percent_decode_str(name).decode_utf8_lossy(), &[]) => {
            format!("{name}={MASK}")
        }
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn secrets_are_known_by_name_and_format() {
        let names = [
            "root_pass",
            "access_token",
            "client_secret",
            "Password",
            "ssl_key",
            "pin",
        ];
        assert!(
            names
                .iter()
                .all(|name| is_secret(name, &[("pin", "password")]))
        );
        let names = [
            "pin",
            "token_type",
            "passive",
            "check_passive",
            "ssh_keys",
            "label",
            "state_of",
        ];
        assert!(!names.iter().any(|name| is_secret(name, &[])));
    }

    #[test]
    fn nothing_secret_is_left() {
        let mut exchange: Exchange = json!({
            "path": "/a/s3cret", "query": "page=1&access_token=abc&x=s3cret", "x_filter": "{\"label\":\"s3cret\"}",
            "request_body": {"root_pass": "abc", "pin": 1234, "items": [{"password": ["abc", null, true]}]},
            "response_body": {"token": "abc", "note": "it was s3cret!", "label": "web"},
            "response_headers": {"location": "https://h/?t=s3cret"},
        })
        .to_string()
        .parse()
        .unwrap();
        mask(&mut exchange, &[("pin", "password")], Some("s3cret"));
        let line = exchange.to_string();
        assert!(
            !["abc", "1234", "s3cret"]
                .iter()
                .any(|secret| line.contains(secret)),
            "{line}"
        );
        assert_eq!(exchange.response_body["label"], "web");
        assert_eq!(
            exchange.request_body["items"],
            json!([{"password": [MASK, null, true]}])
        );
        assert_eq!(
            exchange.query.as_deref(),
            Some("page=1&access_token=[masked]&x=[masked]")
        );
    }
}
