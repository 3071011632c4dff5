//! [`ClientBuilder`]: a client with more to say.

use std::fmt;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::HeaderValue;

use super::address::{address, check_base, check_version};
use super::connect::{Connect, Proxying, certificates};
use super::{Client, Settings, variable};
#[cfg(feature = "config")]
use crate::config;
use crate::error::Error;
use crate::limit::Limiter;
use crate::retry::Retry;
use crate::token::{Authorization, TokenSource, bearer};
use crate::value::Secret;

const BASE_URL: &str = "https://api.linode.com";
const USER_AGENT: &str = concat!("linode-core/", env!("CARGO_PKG_VERSION"));
const TIMEOUT: Duration = Duration::from_secs(300);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
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
    authorization: Authorization,
    base_url: String,
    version: Option<String>,
    user_agent: String,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    retry: Retry,
    limiter: Option<Limiter>,
    max_answer_bytes: usize,
    strict: bool,
    connect: Connect,
    http: Option<reqwest::Client>,
    /// What is wrong with what was said so far.
    problems: Vec<String>,
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
            authorization: Authorization::None,
            base_url: BASE_URL.to_owned(),
            version: None,
            user_agent: USER_AGENT.to_owned(),
            timeout: Some(TIMEOUT),
            attempt_timeout: Some(ATTEMPT_TIMEOUT),
            retry: Retry::new(),
            limiter: None,
            max_answer_bytes: MAX_ANSWER_BYTES,
            strict: false,
            connect: Connect::new(),
            http: None,
            problems: Vec::new(),
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
        let named = variable("LINODE_PROFILE").or(variable("LINODE_CONFIG"));
        let mut builder = match (variable("LINODE_TOKEN"), named) {
            (Some(token), _) => Self::new().token(token),
            (None, Some(_)) => Self::from_profile(None, &variable),
            (None, None) => Self::new(),
        };
        if let Some(url) = variable("LINODE_URL") {
            builder = builder.base_url(url);
        }
        if let Some(version) = variable("LINODE_API_VERSION") {
            builder = builder.version(version);
        }
        if let Some(file) = variable("LINODE_CA") {
            builder = builder.ca_file(file);
        }
        builder
    }

    /// A builder that starts from what a profile of the configuration file says: see [`Client::from_config`].
    ///
    /// ```no_run
    /// let builder = linode_core::ClientBuilder::<linode_core::Client>::from_config("work").version("v4beta");
    /// ```
    #[cfg(feature = "config")]
    pub fn from_config<'a>(profile: impl Into<Option<&'a str>>) -> Self {
        Self::from_profile(profile.into(), &variable)
    }

    #[cfg(feature = "config")]
    fn from_profile(profile: Option<&str>, variable: &impl Fn(&str) -> Option<String>) -> Self {
        let named = variable("LINODE_PROFILE");
        let profile = profile.or(named.as_deref());
        let file = variable("LINODE_CONFIG").map(|path| Ok(path.into()));
        match file.unwrap_or_else(config::find) {
            Ok(path) => Self::new().config_file(path, profile),
            Err(problem) => Self::new().with_problem(problem),
        }
    }

    #[cfg(not(feature = "config"))]
    fn from_profile(_: Option<&str>, _: &impl Fn(&str) -> Option<String>) -> Self {
        let problem = "configuration files are read with the feature `config` alone";
        Self::new().with_problem(problem.to_owned())
    }

    /// Takes the token, the address and the version from a profile of a configuration file; `None` is the default one.
    ///
    /// ```
    /// let error = linode_core::Client::builder().config_file("no/such/file", None).build().unwrap_err();
    /// assert!(error.to_string().starts_with("the configuration file `no/such/file`: "));
    /// ```
    #[cfg(feature = "config")]
    pub fn config_file<'a>(
        mut self,
        path: impl AsRef<Path>,
        profile: impl Into<Option<&'a str>>,
    ) -> Self {
        match config::from_file(path.as_ref(), profile.into()) {
            Ok(profile) => {
                self.base_url = profile.url.unwrap_or(self.base_url);
                self.version = profile.version.or(self.version);
                self.token(profile.token)
            }
            Err(problem) => self.with_problem(problem),
        }
    }

    fn with_problem(mut self, problem: String) -> Self {
        self.problems.push(problem);
        self
    }

    /// The token that is sent with every call.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().token("s3cret");
    /// assert!(!format!("{builder:?}").contains("s3cret"));
    /// ```
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        match bearer(&token.into()) {
            Ok(header) => self.authorization = Authorization::Token(header),
            Err(problem) => self.problems.push(problem),
        }
        self
    }

    /// Asks for the token before every request, instead of having one for all.
    ///
    /// ```
    /// # use linode_core::{Client, ClientBuilder, TokenSource};
    /// fn with(source: impl TokenSource) -> ClientBuilder {
    ///     Client::builder().token_source(source)
    /// }
    /// ```
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.authorization = Authorization::Source(Arc::new(source));
        self
    }

    /// Where the API is: over TLS, unless it begins with `http://`. A version at the end, as in `https://api.linode.com/v4`,
    /// is as one that [`ClientBuilder::version`] says, unless that says another.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().base_url("http://127.0.0.1:8080");
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The version for all operations. Unless one is said, each goes to its first version that is not beta. Those that exist
    /// in beta alone go there in either case: only a call sends them elsewhere ([`Request::version`](crate::Request::version)).
    /// The same holds for a version from an address, the environment or a profile.
    ///
    /// ```
    /// use linode_core::{Client, Operation, Request, http::Method};
    ///
    /// static VPCS: Operation = Operation::new(Method::GET, "/vpcs").versions(&["v4beta"]);
    /// let client: Client = Client::builder().version("v4").build()?;
    /// assert_eq!(Request::new(&client, &VPCS).into_http()?.uri().path(), "/v4beta/vpcs");
    /// assert_eq!(Request::new(&client, &VPCS).version("v4").into_http()?.uri().path(), "/v4/vpcs");
    /// # Ok::<(), linode_core::Error>(())
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

    /// How long a call may take altogether, attempts and waits: five minutes, unless said otherwise; `None` is for ever.
    ///
    /// ```
    /// use std::time::Duration;
    /// let builder = linode_core::Client::builder().timeout(Duration::from_secs(5));
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// How long each attempt may take, from the request to the end of the answer: a minute, unless said otherwise;
    /// `None` is for ever.
    ///
    /// ```
    /// use std::time::Duration;
    /// let builder = linode_core::Client::builder().attempt_timeout(Duration::from_secs(5));
    /// ```
    pub fn attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = timeout.into();
        self
    }

    /// How long it may take to make a connection: ten seconds, unless said otherwise; `None` is for ever.
    ///
    /// ```
    /// use std::time::Duration;
    /// let builder = linode_core::Client::builder().connect_timeout(Duration::from_secs(3));
    /// ```
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect.timeout = timeout.into();
        self
    }

    /// How calls are tried again.
    ///
    /// ```
    /// use linode_core::{Client, Retry};
    /// let builder = Client::builder().retry(Retry::never());
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Slows down before the limits of the API are exceeded: see [`Limiter`]. Clones of the client share it.
    ///
    /// ```
    /// use linode_core::{Client, Limiter};
    /// let builder = Client::builder().limiter(Limiter::new());
    /// ```
    pub fn limiter(mut self, limiter: Limiter) -> Self {
        self.limiter = Some(limiter);
        self
    }

    /// Goes through a proxy, such as `http://proxy.example:3128`. Unless said otherwise, the environment decides
    /// (`HTTPS_PROXY`, `NO_PROXY` and their like).
    ///
    /// ```
    /// let builder = linode_core::Client::builder().proxy("http://me:hunter2@proxy.example:3128");
    /// assert!(!format!("{builder:?}").contains("hunter2"));
    /// ```
    pub fn proxy(mut self, url: &str) -> Self {
        match reqwest::Proxy::all(url) {
            Ok(proxy) => self.connect.proxy = Proxying::Through(Box::new(proxy)),
            // The address may hold a password: it is no part of the message.
            Err(_) => self
                .problems
                .push("the URL of the proxy is none".to_owned()),
        }
        self
    }

    /// Goes through no proxy, whatever the environment says.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().no_proxy();
    /// ```
    pub fn no_proxy(mut self) -> Self {
        self.connect.proxy = Proxying::Direct;
        self
    }

    /// Trusts the authorities in a file of PEM certificates as well, beside those of the system.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().ca_file("no/such/ca.pem");
    /// assert!(builder.build().unwrap_err().to_string().starts_with("the CA file `no/such/ca.pem`: "));
    /// ```
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let pem = fs::read(path).map_err(|error| error.to_string());
        match pem.and_then(|pem| certificates(&pem)) {
            Ok(found) => self.connect.authorities.extend(found),
            Err(problem) => {
                let path = path.display();
                self.problems
                    .push(format!("the CA file `{path}`: {problem}"));
            }
        }
        self
    }

    /// Trusts the authorities in a text of PEM certificates as well, beside those of the system.
    ///
    /// ```
    /// let error = linode_core::Client::builder().ca_pem("hello").build().unwrap_err();
    /// assert_eq!(error.to_string(), "the CA: it holds no certificate in PEM");
    /// ```
    pub fn ca_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        match certificates(pem.as_ref()) {
            Ok(found) => self.connect.authorities.extend(found),
            Err(problem) => self.problems.push(format!("the CA: {problem}")),
        }
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

    /// Refuses an answer with a value in another form than described, which otherwise is repaired and
    /// [told](crate::Answered::repairs): for tests that watch how far the API departs from its document.
    ///
    /// ```
    /// let builder = linode_core::Client::builder().strict();
    /// ```
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The HTTP client to send with; [`http_builder`](crate::http_builder) begins one. It is told itself what it goes
    /// through and whom it trusts. Like the one that is made otherwise, it should follow no redirects
    /// ([`redirect::Policy::none`](reqwest::redirect::Policy::none)): an answer from elsewhere is an error. One that does
    /// follow them takes neither the token nor a body elsewhere, but the path, the query and other headers, before it is told.
    /// And it should try nothing again ([`retry::never`](reqwest::retry::never)): that is up to [`ClientBuilder::retry`].
    ///
    /// With the feature `blocking`, its connections are driven by the thread that waits there for all, so that neither a
    /// `block()` inside of async code nor a runtime that stands still holds them up. It should be for this client alone:
    /// connections that it made for others belong to them.
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
    /// let error = linode_core::Client::builder().base_url("ftp://host").version("4!").build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the base URL `ftp://host` is not `https://` or `http://` and a host; the version `4!` is none"
    /// );
    /// ```
    pub fn build(self) -> Result<C, Error> {
        let mut problems = self.problems;
        let (base, version) = address(&self.base_url);
        problems.extend(check_base(&base));
        let version = self.version.or(version.map(str::to_owned));
        problems.extend(version.as_deref().and_then(check_version));
        let user_agent = HeaderValue::from_str(&self.user_agent).unwrap_or_else(|_| {
            problems.push(format!(
                "the user agent {:?} is no text for a header",
                self.user_agent
            ));
            HeaderValue::from_static(USER_AGENT)
        });
        if self.http.is_some() && self.connect.is_special() {
            problems
                .push("a proxy or a CA has no effect on an HTTP client of one's own".to_owned());
        }
        if !problems.is_empty() {
            return Err(Error::input(None, problems));
        }
        let own_http = self.http.is_some();
        let http = self
            .http
            .map_or_else(OnceLock::new, |http| OnceLock::from(Ok(http)));
        let settings = Settings {
            authorization: self.authorization,
            base,
            version,
            user_agent,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            limiter: self.limiter,
            connect: self.connect,
            max_answer_bytes: self.max_answer_bytes,
            #[cfg(feature = "blocking")]
            http_blocking: http.clone(),
            strict: self.strict,
            own_http,
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
            .field("token", &!self.authorization.is_none())
            .field("version", &self.version)
            .field("user_agent", &self.user_agent)
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("connect", &self.connect)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                .header()
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
    fn the_environment_names_a_version_and_authorities() {
        let built = |file: &'static str| -> Result<Client, Error> {
            let variables = |name: &str| match name {
                "LINODE_API_VERSION" => Some("v4beta".to_owned()),
                "LINODE_CA" => Some(file.to_owned()),
                _ => None,
            };
            ClientBuilder::from_variables(variables).build()
        };
        let error = built("no/such/ca.pem").expect_err("no file").to_string();
        assert!(
            error.starts_with("the CA file `no/such/ca.pem`: "),
            "{error}"
        );
        let client: Client = ClientBuilder::from_variables(|name| {
            (name == "LINODE_API_VERSION").then(|| "v4beta".to_owned())
        })
        .build()
        .expect("a client");
        assert_eq!(client.settings().version.as_deref(), Some("v4beta"));
    }

    #[cfg(feature = "config")]
    #[test]
    fn a_profile_is_read_where_the_environment_names_one() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let text = "[default]\ntoken = one\napi_url = http://host/v4\n[work]\ntoken = two\n";
        std::fs::write(file.path(), text).expect("a profile");
        let built = |token: Option<&str>, url: Option<&str>, profile: Option<&str>| {
            let client: Client = ClientBuilder::from_variables(|name| match name {
                "LINODE_CONFIG" => file.path().to_str().map(str::to_owned),
                "LINODE_TOKEN" => token.map(str::to_owned),
                "LINODE_URL" => url.map(str::to_owned),
                "LINODE_PROFILE" => profile.map(str::to_owned),
                _ => None,
            })
            .build()
            .expect("a client");
            let authorization = client.settings().authorization.header();
            let authorization = authorization.map(|header| header.as_bytes().to_vec());
            let authorization = String::from_utf8(authorization.unwrap_or_default());
            (authorization.expect("text"), client.settings().base.clone())
        };
        let expect = |token: &str, base: &str| (format!("Bearer {token}"), base.to_owned());
        assert_eq!(built(None, None, None), expect("one", "http://host"));
        assert_eq!(
            built(None, None, Some("work")),
            expect("two", "http://host")
        );
        assert_eq!(
            built(None, Some("http://other"), None),
            expect("one", "http://other")
        );
        assert_eq!(
            built(Some("three"), None, Some("work")),
            expect("three", BASE_URL)
        );
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
