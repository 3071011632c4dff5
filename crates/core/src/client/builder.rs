//! [`ClientBuilder`]: a client with more to say.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{HeaderValue, Uri};

use super::{Client, Settings, variable};
use crate::error::Error;
use crate::value::Secret;

const BASE_URL: &str = "https://api.linode.com";
const USER_AGENT: &str = concat!("linode-core/", env!("CARGO_PKG_VERSION"));
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// Builds a [`Client`], or a type that is made from one.
///
/// ```
/// use linode_core::{Client, ClientBuilder};
///
/// pub struct Linode(Client);
///
/// impl From<Client> for Linode {
///     fn from(client: Client) -> Self {
///         Linode(client)
///     }
/// }
///
/// let linode: Linode = ClientBuilder::<Linode>::new().token("s3cret").build()?;
/// # Ok::<(), linode_core::Error>(())
/// ```
pub struct ClientBuilder<C = Client> {
    token: Option<Secret>,
    base_url: String,
    version: Option<String>,
    user_agent: String,
    timeout: Option<Duration>,
    max_answer_bytes: usize,
    http: Option<reqwest::Client>,
    made: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder for a client without a token, for `https://api.linode.com`.
    ///
    /// ```
    /// let client: linode_core::Client = linode_core::ClientBuilder::new().build()?;
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn new() -> Self {
        ClientBuilder {
            token: None,
            base_url: BASE_URL.to_owned(),
            version: None,
            user_agent: USER_AGENT.to_owned(),
            timeout: Some(TIMEOUT),
            max_answer_bytes: MAX_ANSWER_BYTES,
            http: None,
            made: PhantomData,
        }
    }

    /// A builder that starts from what the environment says: see [`Client::from_env`].
    ///
    /// ```
    /// let builder = linode_core::ClientBuilder::<linode_core::Client>::from_env().version("v4");
    /// ```
    pub fn from_env() -> Self {
        Self::from_variables(variable)
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut builder = Self::new();
        builder.token = variable("LINODE_TOKEN").map(Secret::from);
        builder.version = variable("LINODE_API_VERSION");
        if let Some(url) = variable("LINODE_URL") {
            builder.base_url = url;
        }
        builder
    }

    /// The token that is sent with every call.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().token("s3cret");
    /// assert!(!format!("{builder:?}").contains("s3cret"));
    /// ```
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Where the API is. A version at the end, as in `https://api.linode.com/v4`, is the version for all
    /// operations, unless [`ClientBuilder::version`] says another.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().base_url("http://127.0.0.1:8080");
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The version for all operations. Unless one is said, each goes to its first version that is not beta.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().version("v4beta");
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The name under which the client introduces itself.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().user_agent("dns-robot/2.1");
    /// ```
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// How long a call may take altogether: a minute, unless said otherwise; `None` is for ever.
    ///
    /// ```
    /// use std::time::Duration;
    /// let builder = linode_core::Client::builder().timeout(Duration::from_secs(5));
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// How large the body of an answer may be: 64 MiB, unless said otherwise.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().max_answer_bytes(1 << 20);
    /// ```
    pub fn max_answer_bytes(mut self, limit: usize) -> Self {
        self.max_answer_bytes = limit;
        self
    }

    /// The HTTP client to send with, for proxies and certificates of one's own. The one that is made otherwise
    /// follows no redirects; neither should this one.
    ///
    /// ```no_run
    /// # fn run(http: linode_core::reqwest::Client) {
    /// let builder = linode_core::Client::builder().http(http);
    /// # }
    /// ```
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The client; or all that is wrong with what was said.
    ///
    /// ```
    /// let error = linode_core::Client::builder().base_url("api.linode.com").version("4!").build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the base URL `api.linode.com` is not `http://` or `https://` and a host; the version `4!` is none"
    /// );
    /// ```
    pub fn build(self) -> Result<C, Error> {
        let mut problems = Vec::new();
        let (base, version) = split_version(&self.base_url);
        problems.extend(check_base(base));
        let version = self.version.or(version.map(str::to_owned));
        problems.extend(version.as_deref().and_then(check_version));
        let authorization = self.token.map(|token| bearer(&token)).transpose();
        let authorization = authorization.unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let user_agent = HeaderValue::from_str(&self.user_agent).unwrap_or_else(|_| {
            problems.push(format!(
                "the user agent {:?} is no text for a header",
                self.user_agent
            ));
            HeaderValue::from_static(USER_AGENT)
        });
        if !problems.is_empty() {
            return Err(Error::input(None, problems));
        }
        let http = self
            .http
            .map_or_else(OnceLock::new, |http| OnceLock::from(Ok(http)));
        let settings = Settings {
            authorization,
            base: base.to_owned(),
            version,
            user_agent,
            timeout: self.timeout,
            max_answer_bytes: self.max_answer_bytes,
            http,
        };
        Ok(Client(Arc::new(settings)).into())
    }
}

impl<C: From<Client>> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("token", &self.token)
            .field("version", &self.version)
            .field("user_agent", &self.user_agent)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Splits a version off the end of an address.
fn split_version(url: &str) -> (&str, Option<&str>) {
    let url = url.trim().trim_end_matches('/');
    match url.rsplit_once('/') {
        Some((base, last)) if is_version(last) => (base.trim_end_matches('/'), Some(last)),
        _ => (url, None),
    }
}

/// Whether a segment is a version: `v4`, `v4beta`, `v5alpha`.
fn is_version(segment: &str) -> bool {
    let Some(rest) = segment.strip_prefix('v') else {
        return false;
    };
    let stage = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    stage.len() < rest.len() && matches!(stage, "" | "beta" | "alpha")
}

fn check_base(base: &str) -> Option<String> {
    // An address may hold a password: it is no part of the message then.
    if base.contains('@') {
        return Some("the base URL must not hold credentials".to_owned());
    }
    let uri = base.parse::<Uri>().ok();
    let good = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some()
            && uri.query().is_none()
    });
    let good = good && !base.contains('#');
    (!good).then(|| format!("the base URL `{base}` is not `http://` or `https://` and a host"))
}

/// What is wrong with a version, as part of an address.
pub(crate) fn check_version(version: &str) -> Option<String> {
    let good = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!good).then(|| format!("the version `{version}` is none"))
}

fn bearer(token: &Secret) -> Result<HeaderValue, String> {
    let header = HeaderValue::from_str(&format!("Bearer {}", token.expose()));
    let mut header = header.map_err(|_| "the token is no text for a header".to_owned())?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_split_off_the_address() {
        let table = [
            ("https://api.linode.com", ("https://api.linode.com", None)),
            ("https://api.linode.com/", ("https://api.linode.com", None)),
            (
                "https://api.linode.com/v4/",
                ("https://api.linode.com", Some("v4")),
            ),
            (
                "http://127.0.0.1:1/proxy/v4beta",
                ("http://127.0.0.1:1/proxy", Some("v4beta")),
            ),
            ("http://host/vault", ("http://host/vault", None)),
        ];
        for (url, expected) in table {
            assert_eq!(split_version(url), expected, "{url}");
        }
    }

    #[test]
    fn the_environment_is_read() {
        let variables = |name: &str| match name {
            "LINODE_TOKEN" => Some("s3cret".to_owned()),
            "LINODE_URL" => Some("http://127.0.0.1:1234/v4".to_owned()),
            _ => None,
        };
        let client: Client = ClientBuilder::from_variables(variables)
            .build()
            .expect("a client");
        assert_eq!(client.settings().base, "http://127.0.0.1:1234");
        assert_eq!(client.settings().version.as_deref(), Some("v4"));
        assert_eq!(
            client
                .settings()
                .authorization
                .as_ref()
                .map(HeaderValue::as_bytes),
            Some(&b"Bearer s3cret"[..])
        );

        let client: Client = ClientBuilder::from_variables(|_| None)
            .build()
            .expect("a client");
        assert_eq!(client.settings().base, BASE_URL);
        assert!(client.settings().authorization.is_none());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in [
            "",
            "api.linode.com",
            "ftp://host",
            "https://",
            "https://a?b=c",
            "https://a#b",
            "http://a b",
        ] {
            let built: Result<Client, Error> = Client::builder().base_url(url).build();
            assert!(matches!(built, Err(Error::Input(_))), "{url}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_shown() {
        let built: Result<Client, Error> = Client::builder()
            .base_url("https://me:hunter2@host")
            .build();
        let error = built.expect_err("credentials");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }

    #[test]
    fn a_token_that_is_no_header_is_refused_and_not_shown() {
        let error = Client::new("hunter2\r\nX-Other: 1").expect_err("no header");
        assert_eq!(error.to_string(), "the token is no text for a header");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
