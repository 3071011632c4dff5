//! Which strings are secrets: no error, log or `Debug` may show them.

/// Formats whose values are secrets.
const FORMATS: &[&str] = &["password", "ssl-key"];

/// Names of fields whose values are secrets: passwords, keys, tokens, addresses that are signed, and what contains them.
const NAMES: &[&str] = &[
    "access_token",
    "api_key",
    "card_number",
    "checkout_token",
    "client_secret",
    "cvv",
    "install_code",
    "kubeconfig",
    "otp_code",
    "passphrase",
    "password",
    "private_key",
    "refresh_token",
    "root_pass",
    "root_password",
    "scratch",
    "secret",
    "secret_key",
    "ssl_key",
    "tfa_code",
    "token",
    "upload_to",
    "user_data",
];

/// Names whose values are secrets beside another field: the response to a question proves who one is.
const BESIDE: &[(&str, &[&str])] = &[("response", &["question", "question_id"])];

/// Formats of values that a name in the list has for another purpose: the `token` of a transfer is its id.
const IDENTIFIERS: &[&str] = &["uuid"];

/// Whether a string of this name and format is a secret, in an object that has certain other fields.
pub fn is_secret(name: &str, format: Option<&str>, has: impl Fn(&str) -> bool) -> bool {
    let by_format = format.is_some_and(|f| FORMATS.contains(&f));
    let identifier = format.is_some_and(|f| IDENTIFIERS.contains(&f));
    let mut beside = BESIDE.iter().filter(|(secret, _)| *secret == name);
    let beside = beside.any(|(_, others)| others.iter().any(|other| has(other)));
    by_format || beside || (!identifier && NAMES.binary_search(&name).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn a_name_or_a_format_makes_a_secret_and_an_identifier_is_none() {
        let alone = |name, format| is_secret(name, format, |_| false);
        assert!(alone("root_pass", None));
        assert!(alone("anything", Some("password")));
        assert!(alone("token", None));
        assert!(!alone("token", Some("uuid")));
        assert!(!alone("next_marker", None));
    }

    #[test]
    fn a_response_is_one_beside_its_question() {
        assert!(is_secret("response", None, |other| other == "question_id"));
        assert!(!is_secret("response", None, |other| other == "status"));
    }
}
