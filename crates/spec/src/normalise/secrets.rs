//! Which strings are secrets: no error, log or `Debug` may show them.

/// Formats whose values are secrets.
const FORMATS: &[&str] = &["password", "ssl-key"];

/// Names of fields whose values are secrets: passwords, keys, tokens, and what contains them.
const NAMES: &[&str] = &[
    "access_token",
    "card_number",
    "checkout_token",
    "client_secret",
    "cvv",
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
];

/// Formats of values that a name in the list has for another purpose: the `token` of a transfer is its id.
const IDENTIFIERS: &[&str] = &["uuid"];

/// Whether a string of this name and format is a secret.
pub fn is_secret(name: &str, format: Option<&str>) -> bool {
    let by_format = format.is_some_and(|f| FORMATS.contains(&f));
    let identifier = format.is_some_and(|f| IDENTIFIERS.contains(&f));
    by_format || (!identifier && NAMES.binary_search(&name).is_ok())
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
        assert!(is_secret("root_pass", None));
        assert!(is_secret("anything", Some("password")));
        assert!(is_secret("token", None));
        assert!(!is_secret("token", Some("uuid")));
        assert!(!is_secret("next_marker", None));
    }
}
