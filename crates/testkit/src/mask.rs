//! What a recording may not show: passwords, tokens, keys. By the names of fields and of parameters, in the path and in addresses as well; by what
//! the document says of formats; and the token that the request itself was sent with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use linode_witness::Operation;
use percent_encoding::percent_decode_str;

use crate::recording::MASK;
use crate::{Exchange, Json};

/// Words at whose end a name is that of a secret: `password`, `client_secret`, `X-Amz-Signature`; `password_created` is none.
const WORDS: &[&str] = &[
    "authorization",
    "credential",
    "cvv",
    "kubeconfig",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "scratch",
    "secret",
    "secrets",
    "sig",
    "signature",
    "token",
    "tokens",
];

/// Names, and ends of names, of which the last word alone says too little.
const ENDS: &[&str] = &[
    "api_key",
    "card_number",
    "code_verifier",
    "encryption_key",
    "install_code",
    "otp_code",
    "private_key",
    "secret_key",
    "ssl_key",
    "stackscript_data",
    "tfa_code",
    "upload_to",
    "user_data",
    "verification_code",
];

/// Names that are those of secrets alone, and not at the end of others: that of a login, and the answer to a security question.
const ALONE: &[&str] = &["code", "response"];

/// Formats of secrets.
const FORMATS: &[&str] = &["password", "ssl-key"];

/// Formats of what is no secret, whatever its name.
const TIMES: &[&str] = &["date", "date-time"];

/// Names and formats of texts that are Base64, as is what stands for them.
const BASE64: &[&str] = &["byte", "kubeconfig"];

/// What separates the parameters of an address from it, and from each other.
const BETWEEN: [char; 4] = ['?', '#', '&', ';'];

/// The shortest token that is looked for inside of texts: a shorter one may be a part of any word, and has to be the whole.
const LONG: usize = 8;

/// What is known of secrets in an exchange.
#[derive(Debug, Default)]
pub(crate) struct Mask<'m> {
    /// What the document says of fields: name and format.
    formats: Vec<(&'m str, &'m str)>,
    /// The template of the path.
    template: &'m str,
    /// The token that the request was sent with.
    token: Option<&'m str>,
}

impl<'m> Mask<'m> {
    pub(crate) fn new(operation: Option<&Operation<'m>>, token: Option<&'m str>) -> Self {
        Mask {
            formats: operation.map(Operation::formats).unwrap_or_default(),
            template: operation.map_or("", Operation::path),
            token: token.filter(|token| !token.is_empty()),
        }
    }

    /// Masks an exchange.
    pub(crate) fn exchange(&self, exchange: &mut Exchange) {
        // What is asked is compared, and any value is like the mask; what is answered is read, and a number stays one.
        self.value(&mut exchange.request_body, &MASK.into());
        self.value(&mut exchange.response_body, &0.into());
        exchange.path = self.path(&exchange.path);
        exchange.query = exchange.query.as_deref().map(|query| self.pairs(query));
        exchange.x_filter = exchange.x_filter.as_deref().map(|text| self.filter(text));
        for value in exchange.response_headers.values_mut() {
            *value = self.pieces(&self.text(value));
        }
        exchange.response_base64 = exchange
            .response_base64
            .take()
            .map(|text| self.base64(text));
    }

    /// Whether a field or a parameter is a secret.
    fn is_secret(&self, name: &str) -> bool {
        let said = || {
            let named = self.formats.iter().filter(|(known, _)| *known == name);
            named.map(|(_, format)| format)
        };
        if said().any(|format| FORMATS.contains(format)) {
            return true;
        }
        let is_time = said().next().is_some() && said().all(|format| TIMES.contains(format));
        let name = words(name);
        let last = name.rsplit('_').next().unwrap_or_default();
        let by_name = WORDS.contains(&last)
            || ALONE.contains(&name.as_str())
            || ENDS.iter().any(|end| ends_with(&name, end));
        by_name && !is_time
    }

    /// Masks the secrets in a value; this stands for a number.
    fn value(&self, json: &mut Json, number: &Json) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| self.value(item, number)),
            Json::Object(object) => {
                let fields = std::mem::take(object).into_iter().map(|(name, mut value)| {
                    if self.is_secret(&name) {
                        hide(&mut value, &self.stand_in(&name), number);
                    }
                    self.value(&mut value, number);
                    (self.text(&name), value)
                });
                *object = fields.collect();
            }
            Json::String(text) => *text = self.text(text),
            _ => {}
        }
    }

    /// What stands for a text under a name: it can be read as what it stands for can.
    fn stand_in(&self, name: &str) -> Json {
        let mut known = self.formats.iter().filter(|(known, _)| *known == name);
        let is_base64 = BASE64.contains(&name) || known.any(|(_, format)| BASE64.contains(format));
        match is_base64 {
            true => STANDARD.encode(MASK).into(),
            false => MASK.into(),
        }
    }

    /// A text without the parameters that are secrets, if it is an address, and without the token.
    fn text(&self, text: &str) -> String {
        let address = match is_address(text) {
            true => self.pairs(text),
            false => text.to_owned(),
        };
        match self.token {
            Some(token) if token == address => MASK.to_owned(),
            Some(token) if token.len() >= LONG => address.replace(token, MASK),
            _ => address,
        }
    }

    /// An address, or its query, without the parameters that are secrets.
    fn pairs(&self, text: &str) -> String {
        let parts = text.split_inclusive(BETWEEN).map(|part| {
            let pair = part.trim_end_matches(BETWEEN);
            let end = &part[pair.len()..];
            match pair.split_once('=') {
                Some((name, _))
                    if self.is_secret(&percent_decode_str(name).decode_utf8_lossy()) =>
                {
                    format!("{name}={MASK}{end}")
                }
                _ => part.to_owned(),
            }
        });
        self.pieces(&parts.collect::<String>())
    }

    /// A path without the parameters that are secrets by their names in the template.
    fn path(&self, path: &str) -> String {
        let mut template = self.template.split('/');
        let segments = path.split('/').map(|segment| {
            let parameter = template.next().and_then(|wanted| wanted.strip_prefix('{'));
            let name = parameter.map(|name| name.trim_end_matches('}'));
            match name.is_some_and(|name| self.is_secret(name)) {
                true => MASK,
                false => segment,
            }
        });
        self.pieces(&segments.collect::<Vec<_>>().join("/"))
    }

    /// A filter without the values of secrets; as it came, if there are none.
    fn filter(&self, text: &str) -> String {
        let Ok(filter) = serde_json::from_str::<Json>(text) else {
            return self.pieces(text);
        };
        let mut masked = filter.clone();
        self.value(&mut masked, &MASK.into());
        match masked == filter {
            true => text.to_owned(),
            false => masked.to_string(),
        }
    }

    /// A text in Base64 without the token.
    fn base64(&self, text: String) -> String {
        let bytes = STANDARD.decode(&text).unwrap_or_default();
        match String::from_utf8(bytes) {
            Ok(plain) => STANDARD.encode(self.text(&plain)),
            Err(_) => text,
        }
    }

    /// An address or a part of it without the token: a long one wherever it stands, a short one where it is a segment or a value.
    fn pieces(&self, text: &str) -> String {
        let Some(token) = self.token else {
            return text.to_owned();
        };
        if token.len() >= LONG {
            return text.replace(token, MASK);
        }
        let is_end = |end: char| BETWEEN.contains(&end) || matches!(end, '/' | '=');
        let pieces = text.split_inclusive(is_end).map(|piece| {
            let inner = piece.trim_end_matches(is_end);
            match inner == token {
                true => format!("{MASK}{}", &piece[inner.len()..]),
                false => piece.to_owned(),
            }
        });
        pieces.collect()
    }
}

/// A name in small letters, its words separated by `_`: `clientSecret` and `Client-Secret` are `client_secret`.
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut before = '_';
    for character in name.chars() {
        let begins = character.is_uppercase() && before.is_lowercase();
        if begins || !character.is_alphanumeric() {
            words.push('_');
        }
        words.extend(
            character
                .to_lowercase()
                .filter(|letter| letter.is_alphanumeric()),
        );
        before = character;
    }
    words
}

/// Whether a name ends with these words.
fn ends_with(name: &str, words: &str) -> bool {
    let before = name.strip_suffix(words);
    before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
}

/// Whether a text is an address with parameters, of a server or on one.
fn is_address(text: &str) -> bool {
    let place = text.split_once(['?', '#']).map_or("", |(place, _)| place);
    let begins = place.starts_with('/') || place.contains("://");
    begins && !text.contains(char::is_whitespace)
}

/// Has this stand for every text in a value, and that for every number.
fn hide(json: &mut Json, text: &Json, number: &Json) {
    match json {
        Json::String(_) => *json = text.clone(),
        Json::Number(_) => *json = number.clone(),
        Json::Array(items) => items.iter_mut().for_each(|item| hide(item, text, number)),
        Json::Object(object) => object
            .values_mut()
            .for_each(|value| hide(value, text, number)),
        Json::Null | Json::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn mask(formats: &[(&'static str, &'static str)], token: &'static str) -> Mask<'static> {
        Mask {
            formats: formats.to_vec(),
            template: "/a/{token}/{id}",
            token: Some(token),
        }
    }

    #[test]
    fn secrets_are_known_by_name_and_format() {
        let mask = mask(
            &[
                ("pin", "password"),
                ("token_of", "date"),
                ("last_token", "date-time"),
            ],
            "",
        );
        let secrets = [
            "root_pass",
            "access_token",
            "clientSecret",
            "Password",
            "X-Amz-Signature",
            "ssl_key",
            "pin",
            "code",
        ];
        for name in secrets {
            assert!(mask.is_secret(name), "{name}");
        }
        let plain = [
            "token_type",
            "password_created",
            "last_token",
            "passive",
            "compass",
            "ssh_keys",
            "iso_code",
            "label",
            "state_of",
        ];
        for name in plain {
            assert!(!mask.is_secret(name), "{name}");
        }
    }

    #[test]
    fn nothing_secret_is_left() {
        let mut exchange: Exchange = json!({
            "path": "/a/5e1f-tok/s3cret-token", "query": "page=1&access_token=abc&x=s3cret-token",
            "x_filter": "{\"label\":\"s3cret-token\",\"token\":{\"+eq\":\"abc\"}}",
            "request_body": {"root_pass": "abc", "pin": 1234, "items": [{"password": ["abc", null, true]}],
                "stackscript_data": {"db": "abc", "more": ["abc"]}},
            "response_body": {"token": "abc", "note": "it was s3cret-token!", "label": "web", "pin": 1234, "kubeconfig": "YWJj",
                "url": "https://h/x?Signature=abc&Expires=7"},
            "response_headers": {"location": "https://h/?t=s3cret-token#state=1&access_token=abc"},
        })
        .to_string()
        .parse()
        .unwrap();
        mask(&[("pin", "password")], "s3cret-token").exchange(&mut exchange);
        let line = exchange.to_string();
        for secret in ["abc", "1234", "s3cret", "5e1f", "YWJj"] {
            assert!(!line.contains(secret), "{secret} is in {line}");
        }
        assert_eq!(exchange.path, "/a/[masked]/[masked]");
        assert_eq!(
            exchange.request_body["items"],
            json!([{"password": [MASK, null, true]}])
        );
        let answer = &exchange.response_body;
        assert_eq!(
            (&answer["label"], &answer["pin"]),
            (&json!("web"), &json!(0))
        );
        assert_eq!(answer["kubeconfig"], STANDARD.encode(MASK));
        assert_eq!(answer["url"], "https://h/x?Signature=[masked]&Expires=7");
        assert_eq!(
            exchange.query.as_deref(),
            Some("page=1&access_token=[masked]&x=[masked]")
        );
        assert_eq!(
            exchange.response_headers["location"],
            "https://h/?t=[masked]#state=1&access_token=[masked]"
        );
    }

    #[test]
    fn the_token_is_masked_in_keys_and_in_what_is_no_json() {
        let mut exchange: Exchange = json!({
            "path": "/a", "response_body": {"s3cret-token": [{"of s3cret-token": 1}], "b": 1},
            "response_base64": STANDARD.encode("<p>s3cret-token</p>"),
        })
        .to_string()
        .parse()
        .unwrap();
        mask(&[], "s3cret-token").exchange(&mut exchange);
        let body = json!({"[masked]": [{"of [masked]": 0}], "b": 1});
        assert_eq!(exchange.response_body, body);
        let page = STANDARD.encode("<p>[masked]</p>");
        assert_eq!(exchange.response_base64, Some(page));
    }

    #[test]
    fn a_short_token_is_masked_where_it_is_the_whole() {
        let mask = mask(&[], "t");
        assert_eq!(mask.pieces("/object-storage/t"), "/object-storage/[masked]");
        assert_eq!(mask.pairs("at=t&b=tt"), "at=[masked]&b=tt");
        assert_eq!(
            (mask.text("t").as_str(), mask.text("a t").as_str()),
            (MASK, "a t")
        );
    }

    #[test]
    fn a_text_that_is_no_address_stays_as_it_is() {
        let mask = mask(&[], "");
        for text in ["what? token=abc", "#!/bin/sh\ncurl /x?token=$T", "a=b"] {
            assert_eq!(mask.text(text), text);
        }
    }
}
