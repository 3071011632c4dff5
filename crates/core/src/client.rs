//! [`Client`]: where the API is, and who asks.
//!
//! ```
//! use linode_core::Client;
//!
//! let client: Client = Client::builder().token("s3cret").version("v4beta").build()?;
//! assert!(!format!("{client:?}").contains("s3cret"));
//! # Ok::<(), linode_core::Error>(())
//! ```

mod address;
mod builder;
mod connect;

use std::env;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::HeaderValue;

use crate::error::Error;
use crate::limit::Limiter;
use crate::retry::Retry;
use crate::token::Authorization;
use crate::value::Secret;
use connect::Connect;

pub(crate) use address::check_version;
pub use builder::ClientBuilder;
pub use connect::http_builder;

/// A way to the API. Clones share their connections and cost nothing.
///
/// ```
/// let client = linode_core::Client::new("s3cret")?;
/// let same = client.clone();
/// # Ok::<(), linode_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Settings>);

/// What a client was built with.
pub(crate) struct Settings {
    pub(crate) authorization: Authorization,
    /// The address up to the version, without a slash at its end.
    pub(crate) base: String,
    /// The version for all operations but those that exist in beta alone, if one was said.
    pub(crate) version: Option<String>,
    pub(crate) user_agent: HeaderValue,
    /// How long a call may take, and how long each of its attempts.
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: Retry,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) max_answer_bytes: usize,
    /// Whether answers must be as described to the letter.
    pub(crate) strict: bool,
    pub(crate) connect: Connect,
    /// Whether the HTTP client is one that the user made.
    pub(crate) own_http: bool,
    /// Made at the first call: until then no certificates are needed, nor read.
    pub(crate) http: OnceLock<Result<reqwest::Client, Arc<str>>>,
    /// The same for those who wait on a thread: connections belong to the runtime that made them.
    #[cfg(feature = "blocking")]
    pub(crate) http_blocking: OnceLock<Result<reqwest::Client, Arc<str>>>,
}

impl Client {
    /// A client with a personal access token, for `https://api.linode.com`.
    ///
    /// ```
    /// assert!(linode_core::Client::new("s3cret").is_ok());
    /// assert!(linode_core::Client::new("not\na token").is_err());
    /// ```
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        ClientBuilder::new().token(token).build()
    }

    /// A client as the environment says: `LINODE_TOKEN`, `LINODE_URL`, `LINODE_API_VERSION` and `LINODE_CA` (a file of
    /// PEM certificates to trust as well), like the other official tools. None of them has to be set: some operations
    /// answer without a token. Where `LINODE_TOKEN` is not set, `LINODE_PROFILE` and `LINODE_CONFIG` name a profile of a
    /// configuration file, as for `from_config`.
    ///
    /// ```
    /// # fn run() -> Result<(), linode_core::Error> {
    /// let client = linode_core::Client::from_env()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env().build()
    }

    /// A client as a profile of the configuration file says, of which [`config`](crate::config) tells more. `None` is
    /// the profile that `LINODE_PROFILE` names, else the default one; `LINODE_CONFIG` names another file.
    ///
    /// ```no_run
    /// use linode_core::Client;
    ///
    /// let client = Client::from_config(None)?;
    /// let work = Client::from_config("work")?;
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    #[cfg(feature = "config")]
    pub fn from_config<'a>(profile: impl Into<Option<&'a str>>) -> Result<Self, Error> {
        ClientBuilder::from_config(profile).build()
    }

    /// A client with more to say.
    ///
    /// ```
    /// let client: linode_core::Client = linode_core::Client::builder().base_url("http://127.0.0.1:8080").build()?;
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0
    }

    /// The HTTP client below, made when it is first needed.
    pub(crate) fn http(&self) -> Result<&reqwest::Client, Arc<str>> {
        let settings = &*self.0;
        #[cfg(feature = "blocking")]
        let http = match crate::blocking::is_waited_for() {
            true => &settings.http_blocking,
            false => &settings.http,
        };
        #[cfg(not(feature = "blocking"))]
        let http = &settings.http;
        let plain = settings.base.starts_with("http:");
        let made = http.get_or_init(|| settings.connect.http_client(plain).map_err(Arc::from));
        made.as_ref().map_err(Arc::clone)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base)
            .field("version", &self.0.version)
            .field("token", &!self.0.authorization.is_none())
            .finish_non_exhaustive()
    }
}

/// A variable of the environment, unless it is empty.
fn variable(name: &str) -> Option<String> {
    let value = env::var(name).ok()?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}
