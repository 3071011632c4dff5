//! [`Login`]: a login that began and has not ended.

use std::time::Duration;

use oauth2::url::form_urlencoded;

use super::error::OAuthError;
use super::tokens::Tokens;
use crate::value::Secret;

/// A login that began: where to send the user, and what the end of it is known by. It belongs into the user's session,
/// and nowhere else.
///
/// ```
/// use linode_core::oauth::{Login, OAuth};
///
/// let login = OAuth::new("2737")?.login(["linodes:read_only"])?;
/// // In another process, when the user comes back:
/// let same = Login::restore(login.state(), login.proof().cloned());
/// assert_eq!(same.state(), login.state());
/// # Ok::<(), linode_core::oauth::OAuthError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Login {
    url: String,
    state: String,
    proof: Option<Secret>,
}

impl Login {
    pub(super) fn new(url: String, state: String, proof: Option<Secret>) -> Self {
        Login { url, state, proof }
    }

    /// A login that was kept as its state and its proof.
    ///
    /// ```
    /// assert_eq!(linode_core::oauth::Login::restore("c3d4", None).state(), "c3d4");
    /// ```
    pub fn restore(state: impl Into<String>, proof: Option<Secret>) -> Self {
        Login::new(String::new(), state.into(), proof)
    }

    /// Where to send the user. Empty, if the login was restored.
    ///
    /// ```
    /// let login = linode_core::oauth::OAuth::new("2737")?.login(["*"])?;
    /// assert!(login.url().contains(&format!("state={}", login.state())));
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the user has to bring back.
    ///
    /// ```
    /// let oauth = linode_core::oauth::OAuth::new("2737")?;
    /// assert_ne!(oauth.login(["*"])?.state(), oauth.login(["*"])?.state());
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn state(&self) -> &str {
        &self.state
    }

    /// What proves to the server that the same side ends the login that began it (the verifier of PKCE).
    ///
    /// ```
    /// assert!(linode_core::oauth::OAuth::new("2737")?.pkce(false).login(["*"])?.proof().is_none());
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn proof(&self) -> Option<&Secret> {
        self.proof.as_ref()
    }

    /// The code in an address or its query.
    pub(super) fn code(&self, address: &str) -> Result<String, OAuthError> {
        let brought = self.brought(part(address, '?'))?;
        brought
            .get("code")
            .map(str::to_owned)
            .ok_or_else(|| nothing("code"))
    }

    /// The token in an address or its fragment.
    pub(super) fn tokens(&self, address: &str) -> Result<Tokens, OAuthError> {
        let brought = self.brought(part(address, '#'))?;
        let access = brought
            .get("access_token")
            .ok_or_else(|| nothing("access token"))?;
        let kind = brought.get("token_type");
        if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(OAuthError::Answer(
                "its token is of an unknown type".to_owned(),
            ));
        }
        let seconds = brought
            .get("expires_in")
            .and_then(|seconds| seconds.parse().ok());
        let scopes = brought.get("scope").or_else(|| brought.get("scopes"));
        let tokens = Tokens::new(access).holds_for(seconds.map(Duration::from_secs));
        Ok(tokens.with_scopes(scopes.unwrap_or_default()))
    }

    /// What the user brought back, if it is of this login and no refusal.
    fn brought(&self, text: &str) -> Result<Brought, OAuthError> {
        let brought = Brought(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        );
        // Before all else: what is not of this login says nothing.
        let state = brought.get("state").unwrap_or_default();
        if self.state.is_empty() || !same(state.as_bytes(), self.state.as_bytes()) {
            return Err(OAuthError::State);
        }
        match brought.get("error") {
            Some(error) => Err(OAuthError::Refused {
                error: error.to_owned(),
                description: brought.get("error_description").map(str::to_owned),
            }),
            None => Ok(brought),
        }
    }
}

struct Brought(Vec<(String, String)>);

impl Brought {
    /// A value that is there once: which of two would count is for no one to guess.
    fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) if !value.is_empty() => Some(value),
            _ => None,
        }
    }
}

/// What stands behind a sign in an address, up to the next part of it; all of it, where there is no such sign.
fn part(address: &str, sign: char) -> &str {
    let part = address.split_once(sign).map_or(address, |(_, part)| part);
    match sign {
        '?' => part.split('#').next().unwrap_or_default(),
        _ => part,
    }
}

fn nothing(what: &str) -> OAuthError {
    OAuthError::Answer(format!("there is no {what} in it"))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(fragment: &str) -> Result<Tokens, OAuthError> {
        Login::restore("c3d4", None).tokens(fragment)
    }

    #[test]
    fn a_fragment_is_read_in_any_form() {
        for fragment in [
            "access_token=a1&state=c3d4",
            "#access_token=a1&state=c3d4&token_type=Bearer",
            "https://a.example/b?c=d#state=c3d4&access_token=a%31",
        ] {
            assert_eq!(tokens(fragment).expect("a token").access().expose(), "a1");
        }
        let tokens =
            tokens("access_token=a1&state=c3d4&expires_in=7200&scope=a:read_only,b:read_write+c")
                .expect("a token");
        assert_eq!(tokens.scopes(), ["a:read_only", "b:read_write", "c"]);
        assert!(!tokens.expires_within(Duration::from_secs(7000)));
        assert!(tokens.expires_within(Duration::from_secs(7300)));
    }

    #[test]
    fn another_state_is_refused_whatever_else_is_there() {
        for fragment in [
            "access_token=a1",
            "access_token=a1&state=",
            "access_token=a1&state=c3d5",
            "access_token=a1&state=c3d4x",
            "access_token=a1&state=c3d4&state=c3d4",
            "error=access_denied&state=x",
            "",
            "#",
        ] {
            assert!(
                matches!(tokens(fragment), Err(OAuthError::State)),
                "{fragment}"
            );
        }
        let unsaid = Login::restore("", None).tokens("access_token=a1&state=");
        assert!(matches!(unsaid, Err(OAuthError::State)));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_token() {
        let refused =
            tokens("error=access_denied&error_description=No+way&state=c3d4").expect_err("refused");
        assert_eq!(
            refused.to_string(),
            "the login was refused: access_denied: No way"
        );
        for fragment in [
            "state=c3d4",
            "state=c3d4&access_token=",
            "state=c3d4&access_token=s3cret&token_type=mac",
            "state=c3d4&access_token=s3cret&access_token=b",
        ] {
            let error = tokens(fragment).expect_err("no token");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        assert!(
            tokens("access_token=a&state=c3d4&expires_in=99999999999999999")
                .expect("a token")
                .expires()
                .is_none()
        );
    }

    #[test]
    fn the_code_stands_in_the_query() {
        let login = Login::restore("c3d4", None);
        for address in [
            "code=a1&state=c3d4",
            "?code=a1&state=c3d4",
            "https://a.example/b?state=c3d4&code=a1#x",
        ] {
            assert_eq!(login.code(address).expect("a code"), "a1");
        }
        assert!(
            login
                .code("https://a.example/b#code=a1&state=c3d4")
                .is_err()
        );
    }
}
