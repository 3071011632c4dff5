//! The address that a browser comes back with: another state is refused whatever else is there, and no message shows the token. And scopes,
//! which are printed as they were parsed.
//!
//! ```
//! linode_fuzz::oauth::run(b"#access_token=a1&state=c3d4");
//! ```

use linode_core::oauth::{Login, OAuth, OAuthError};
use linode_sdk::Scope;

use crate::{SECRET, assert_presentable, holds_secret};

/// Where it begins.
///
/// ```
/// linode_fuzz::oauth::SEEDS.iter().for_each(|seed| linode_fuzz::oauth::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    b"#access_token=a1&token_type=bearer&state=c3d4&expires_in=7200&scope=linodes:read_only,domains:read_write",
    b"https://app.example.org/back?x=y#state=c3d4&access_token=a%31&scopes=*",
    b"error=access_denied&error_description=No+way&state=c3d4",
    b"&token_type=mac&state=c3d4",
    b"&state=c3d4&state=c3d5&expires_in=99999999999999999999",
    b"state=c3d4&error=%0A%1B%5B31m&error_description=%07",
    b"linodes:read_only *,account:read_write",
];

const STATE: &str = "c3d4";

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::oauth::run(b"");
/// ```
pub fn run(input: &[u8]) {
    let text = std::str::from_utf8(input).ok();
    let Some(text) = text.filter(|_| !holds_secret(input)) else {
        return;
    };
    let oauth = OAuth::new("2737").expect("an application");
    let login = Login::restore(STATE, None);
    let with_secret = format!("access_token={SECRET}&{text}");
    for address in [text, &with_secret] {
        match oauth.implicit(&login, address) {
            Ok(tokens) => {
                assert!(!tokens.access().expose().is_empty());
                assert!(!format!("{tokens:?}").contains(SECRET));
                let other = oauth.implicit(&Login::restore("other", None), address);
                assert!(matches!(other, Err(OAuthError::State)));
            }
            Err(error) => assert_presentable(&error),
        }
    }
    scopes(text);
}

fn scopes(text: &str) {
    let scopes: Vec<Scope> = text.split([' ', ',']).map(Scope::from).collect();
    for (scope, text) in scopes.iter().zip(text.split([' ', ','])) {
        assert_eq!(scope.as_str(), text);
    }
    let least = Scope::least(scopes.clone());
    for scope in &scopes {
        let covered = least.iter().any(|kept| kept.covers(scope));
        assert!(covered, "{scope:?} is not covered by {least:?}");
    }
}
