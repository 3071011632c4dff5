//! Which strings are secrets: no error, log or `Debug` may show them.

use heck::ToSnakeCase;

/// Formats whose values are secrets.
const FORMATS: &[&str] = &["password", "ssl-key"];

/// Words at whose end a name is that of a secret: `password`, and `replication_password` of a later document.
const WORDS: &[&str] = &[
    "cvv",
    "kubeconfig",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "scratch",
    "secret",
    "token",
];

/// Names, and ends of names, of which the last word alone says too little: keys, codes, addresses that are signed.
const NAMES: &[&str] = &[
    "api_key",
    "card_number",
    "encryption_key",
    "install_code",
    "otp_code",
    "private_key",
    "secret_key",
    "ssl_key",
    "tfa_code",
    "upload_to",
    "user_data",
    "verification_code",
];

/// Names whose values are secrets beside another field: the response to a question proves who one is.
const BESIDE: &[(&str, &[&str])] = &[("response", &["question", "question_id"])];

/// Formats of values that a name in the list has for another purpose: the `token` of a transfer is its id.
const IDENTIFIERS: &[&str] = &["uuid"];

/// Whether a string of this name and format is a secret, in an object that has certain other fields.
pub fn is_secret(name: &str, format: Option<&str>, has: impl Fn(&str) -> bool) -> bool {
    let by_format = format.is_some_and(|f| FORMATS.contains(&f));
    let identifier = format.is_some_and(|f| IDENTIFIERS.contains(&f));
    let name = name.to_snake_case();
    let last = name.rsplit('_').next().unwrap_or_default();
    let by_name = WORDS.contains(&last) || NAMES.iter().any(|end| ends_with(&name, end));
    let mut beside = BESIDE.iter().filter(|(secret, _)| *secret == name);
    let beside = beside.any(|(_, others)| others.iter().any(|other| has(other)));
    by_format || beside || (!identifier && by_name)
}

/// Whether a name ends with these words.
fn ends_with(name: &str, words: &str) -> bool {
    let before = name.strip_suffix(words);
    before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_format_makes_a_secret_and_an_identifier_is_none() {
        let alone = |name, format| is_secret(name, format, |_| false);
        assert!(alone("root_pass", None));
        assert!(alone("anything", Some("password")));
        assert!(alone("token", None));
        assert!(!alone("token", Some("uuid")));
        assert!(!alone("next_marker", None));
        assert!(alone("replication_password", None) && alone("service_api_key", None));
        assert!(!alone("password_created", None) && !alone("compass", None));
        assert!(!alone("ssh_key", None) && !alone("access_key", None));
    }

    #[test]
    fn a_response_is_one_beside_its_question() {
        assert!(is_secret("response", None, |other| other == "question_id"));
        assert!(!is_secret("response", None, |other| other == "status"));
    }
}
