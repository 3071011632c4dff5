//! [`Tokens`]: what a login gives.

use std::time::{Duration, SystemTime};

use oauth2::TokenResponse;
use oauth2::basic::BasicTokenResponse;

use crate::value::{DateTime, Secret};

/// What a login gives: a token for the API, until when it holds, and what renews it.
///
/// ```
/// use linode_core::oauth::Tokens;
///
/// let tokens = Tokens::new("a1b2").with_refresh("e5f6");
/// assert_eq!(tokens.access().expose(), "a1b2");
/// assert!(!format!("{tokens:?}").contains("a1b2"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    access: Secret,
    refresh: Option<Secret>,
    expires: Option<DateTime>,
    /// How long it holds altogether, if it is known: it comes from the server just now.
    lifetime: Option<Duration>,
    scopes: Vec<String>,
}

/// An access token is about to end when it holds for no longer than this, or than a quarter of its time.
const EARLY: Duration = Duration::from_secs(60);

impl Tokens {
    /// An access token that was kept from before.
    ///
    /// ```
    /// assert!(linode_core::oauth::Tokens::new("a1b2").refresh().is_none());
    /// ```
    pub fn new(access: impl Into<Secret>) -> Self {
        Tokens {
            access: access.into(),
            refresh: None,
            expires: None,
            lifetime: None,
            scopes: Vec::new(),
        }
    }

    /// Adds what renews it.
    ///
    /// ```
    /// assert!(linode_core::oauth::Tokens::new("a1b2").with_refresh("e5f6").refresh().is_some());
    /// ```
    pub fn with_refresh(mut self, refresh: impl Into<Secret>) -> Self {
        self.refresh = Some(refresh.into());
        self
    }

    /// Adds until when the access token holds.
    ///
    /// ```
    /// # use linode_core::{DateTime, oauth::Tokens};
    /// let tokens = Tokens::new("a1b2").with_expiry(DateTime::UNIX_EPOCH);
    /// assert_eq!(tokens.expires(), Some(DateTime::UNIX_EPOCH));
    /// ```
    pub fn with_expiry(mut self, expires: DateTime) -> Self {
        self.expires = Some(expires);
        self.lifetime = None;
        self
    }

    pub(super) fn with_scopes(mut self, scopes: &str) -> Self {
        let scopes = scopes.split([' ', ',']).filter(|scope| !scope.is_empty());
        self.scopes = scopes.map(str::to_owned).collect();
        self
    }

    /// Says how long from now the access token holds.
    pub(super) fn holds_for(mut self, time: Option<Duration>) -> Self {
        let end = time.and_then(|time| SystemTime::now().checked_add(time));
        // Chrono's times end earlier than the system's: what is beyond holds for ever.
        let seconds = end.and_then(|end| end.duration_since(SystemTime::UNIX_EPOCH).ok());
        self.expires =
            seconds.and_then(|s| DateTime::from_timestamp(s.as_secs().try_into().ok()?, 0));
        self.lifetime = time;
        self
    }

    /// What a server answered. One that gives no new refresh token means the old one to stay.
    pub(super) fn of(answer: &BasicTokenResponse, old: Option<&Secret>) -> Self {
        let mut tokens = Tokens::new(answer.access_token().secret()).holds_for(answer.expires_in());
        let refresh = answer
            .refresh_token()
            .map(|token| Secret::from(token.secret()));
        tokens.refresh = refresh.or(old.cloned());
        let scopes = answer.scopes().into_iter().flatten();
        let scopes: Vec<&str> = scopes.map(|scope| scope.as_str()).collect();
        tokens.with_scopes(&scopes.join(" "))
    }

    /// The token for the API.
    ///
    /// ```
    /// assert_eq!(linode_core::oauth::Tokens::new("a1b2").access().expose(), "a1b2");
    /// ```
    pub fn access(&self) -> &Secret {
        &self.access
    }

    /// What renews it, if anything does.
    ///
    /// ```
    /// assert!(linode_core::oauth::Tokens::new("a1b2").refresh().is_none());
    /// ```
    pub fn refresh(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    /// Until when the access token holds, if the server said so.
    ///
    /// ```
    /// assert!(linode_core::oauth::Tokens::new("a1b2").expires().is_none());
    /// ```
    pub fn expires(&self) -> Option<DateTime> {
        self.expires
    }

    /// What the access token may do, as the server said.
    ///
    /// ```
    /// assert!(linode_core::oauth::Tokens::new("a1b2").scopes().is_empty());
    /// ```
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Whether the access token is about to end.
    pub(super) fn end_soon(&self) -> bool {
        let quarter = self.lifetime.map(|lifetime| lifetime / 4);
        self.expires_within(quarter.unwrap_or(EARLY).min(EARLY))
    }

    /// Whether it no longer holds after some time from now.
    pub(super) fn expires_within(&self, time: Duration) -> bool {
        let limit = DateTime::from(SystemTime::now()) + time;
        self.expires.is_some_and(|expires| expires <= limit)
    }
}
