//! [`OAuth`]: logging users in, and tokens that are renewed by themselves. With the feature `oauth`.
//!
//! Of the two workflows of the API, an application that can keep a secret takes the first: the user is sent to
//! [`OAuth::login`]'s address and comes back with a code, which [`OAuth::exchange`] trades for tokens.
//!
//! ```
//! use linode_core::Client;
//! use linode_core::oauth::{Login, OAuth, OAuthError};
//!
//! let oauth = OAuth::new("2737bf16b39ab5d7b4a1")?
//!     .secret("s3cret")
//!     .redirect_url("https://app.example.org/back");
//!
//! // Send the user to this address, and keep the login in the user's session.
//! let login = oauth.login(["linodes:read_write"])?;
//! assert!(login.url().starts_with("https://login.linode.com/oauth/authorize?response_type=code&client_id=2737"));
//!
//! async fn back(oauth: OAuth, login: Login, address: &str) -> Result<Client, Box<dyn std::error::Error>> {
//!     let tokens = oauth.exchange(&login, address).await?;
//!     Ok(Client::builder().token_source(oauth.source(tokens)).build()?)
//! }
//! # Ok::<(), OAuthError>(())
//! ```
//!
//! One that cannot takes [`OAuth::login_implicit`], and reads the token from the address itself with
//! [`OAuth::implicit`].

mod error;
mod login;
mod source;
mod tokens;

use std::fmt::{self, Display};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RefreshToken, Scope, TokenUrl,
};

use crate::client::Client;
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use crate::token::BoxFuture;
use crate::transport;
use crate::value::Secret;

pub use error::OAuthError;
pub use login::Login;
pub use source::Renewing;
pub use tokens::Tokens;

const LOGIN_SERVER: &str = "https://login.linode.com";

static TOKEN: Operation = Operation::new(Method::POST, "/oauth/token").public();
static REVOKE: Operation = Operation::new(Method::POST, "/oauth/revoke").public();

type Basic = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// An application that users log in to, as it is registered with the API. Clones cost little.
///
/// ```
/// use linode_core::oauth::OAuth;
///
/// let oauth = OAuth::new("2737bf16b39ab5d7b4a1")?.secret("s3cret");
/// assert!(!format!("{oauth:?}").contains("s3cret"));
/// # Ok::<(), linode_core::oauth::OAuthError>(())
/// ```
#[derive(Clone)]
pub struct OAuth {
    id: String,
    secret: Option<Secret>,
    redirect: Option<String>,
    pkce: bool,
    server: Client,
}

impl OAuth {
    /// An application by its id, which logs in at `https://login.linode.com`.
    ///
    /// # Errors
    ///
    /// None that a caller could cause: the client for the login server has no settings that could be wrong.
    ///
    /// ```
    /// assert!(linode_core::oauth::OAuth::new("2737bf16b39ab5d7b4a1").is_ok());
    /// ```
    pub fn new(id: impl Into<String>) -> Result<Self, OAuthError> {
        Ok(OAuth {
            id: id.into(),
            secret: None,
            redirect: None,
            pkce: true,
            server: Client::builder().base_url(LOGIN_SERVER).build()?,
        })
    }

    /// The secret that the application got when it was registered. A public application has none.
    ///
    /// ```
    /// let oauth = linode_core::oauth::OAuth::new("2737")?.secret("s3cret");
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Where users come back to; unless it is said, where the application was registered for.
    ///
    /// ```
    /// let oauth = linode_core::oauth::OAuth::new("2737")?.redirect_url("http://localhost:8080/back");
    /// assert!(oauth.login(["*"])?.url().contains("redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fback"));
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.redirect = Some(url.into());
        self
    }

    /// Whether a login proves with a code of its own (PKCE, SHA-256) that the same side ends it that began it: it does,
    /// unless said otherwise. A server that does not know of it takes no notice.
    ///
    /// ```
    /// let oauth = linode_core::oauth::OAuth::new("2737")?.pkce(false);
    /// assert!(!oauth.login(["*"])?.url().contains("code_challenge"));
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn pkce(mut self, pkce: bool) -> Self {
        self.pkce = pkce;
        self
    }

    /// The login server, as a client without a token: its base URL is where the server is, and its proxy, authorities,
    /// timeouts and retries are those of the logins.
    ///
    /// # Errors
    ///
    /// The client has a token, which is not for the login server.
    ///
    /// ```
    /// use linode_core::Client;
    /// use linode_core::oauth::OAuth;
    ///
    /// let server: Client = Client::builder().base_url("http://127.0.0.1:8080").build()?;
    /// let oauth = OAuth::new("2737")?.login_server(server)?;
    /// assert!(oauth.login(["*"])?.url().starts_with("http://127.0.0.1:8080/oauth/authorize?"));
    /// assert!(OAuth::new("2737")?.login_server(Client::new("s3cret")?).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn login_server(mut self, server: impl Into<Client>) -> Result<Self, OAuthError> {
        let server = server.into();
        if !server.settings().authorization.is_none() {
            let problem = "the client of the login server has a token, which is for the API";
            return Err(OAuthError::Input(problem.to_owned()));
        }
        self.server = server;
        Ok(self)
    }

    /// Begins a login that ends with a code (the private workflow). Scopes are what the application may do then.
    ///
    /// # Errors
    ///
    /// An address that is none.
    ///
    /// ```
    /// let oauth = linode_core::oauth::OAuth::new("2737")?;
    /// let login = oauth.login(["linodes:read_only", "domains:read_write"])?;
    /// assert!(login.url().contains("scope=linodes%3Aread_only+domains%3Aread_write"));
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn login(
        &self,
        scopes: impl IntoIterator<Item = impl Display>,
    ) -> Result<Login, OAuthError> {
        let basic = self.basic()?;
        let mut asked = basic.authorize_url(CsrfToken::new_random);
        for scope in scopes {
            asked = asked.add_scope(Scope::new(scope.to_string()));
        }
        let mut proof = None;
        if self.pkce {
            let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
            asked = asked.set_pkce_challenge(challenge);
            proof = Some(Secret::from(verifier.into_secret()));
        }
        let (url, state) = asked.url();
        Ok(Login::new(url.into(), state.into_secret(), proof))
    }

    /// Begins a login that ends with a token in the fragment of the address (the public workflow): for applications
    /// that cannot keep a secret. No refresh token comes with it.
    ///
    /// # Errors
    ///
    /// An address that is none.
    ///
    /// ```
    /// let login = linode_core::oauth::OAuth::new("2737")?.login_implicit(["*"])?;
    /// assert!(login.url().contains("response_type=token"));
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn login_implicit(
        &self,
        scopes: impl IntoIterator<Item = impl Display>,
    ) -> Result<Login, OAuthError> {
        let basic = self.basic()?;
        let mut asked = basic
            .authorize_url(CsrfToken::new_random)
            .use_implicit_flow();
        for scope in scopes {
            asked = asked.add_scope(Scope::new(scope.to_string()));
        }
        let (url, state) = asked.url();
        Ok(Login::new(url.into(), state.into_secret(), None))
    }

    /// Ends a login: takes the address to which the user came back, or its query, checks the state, and trades the
    /// code in it for tokens.
    ///
    /// # Errors
    ///
    /// Another state than the login's, a refusal by the user or by the server, no answer.
    ///
    /// ```no_run
    /// # use linode_core::oauth::{Login, OAuth, OAuthError};
    /// # async fn run(oauth: OAuth, login: Login) -> Result<(), OAuthError> {
    /// let tokens = oauth.exchange(&login, "https://app.example.org/back?code=a1b2&state=c3d4").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exchange(&self, login: &Login, address: &str) -> Result<Tokens, OAuthError> {
        let code = login.code(address)?;
        let basic = self.basic()?;
        let mut trade = basic.exchange_code(AuthorizationCode::new(code));
        if let Some(proof) = login.proof() {
            trade = trade.set_pkce_verifier(PkceCodeVerifier::new(proof.expose().to_owned()));
        }
        let server = Through(self.server.clone());
        let answer: BasicTokenResponse = trade.request_async(&server).await?;
        Ok(Tokens::of(&answer, None))
    }

    /// Ends an implicit login: takes the address to which the user came back, or its fragment, checks the state, and
    /// reads the token.
    ///
    /// # Errors
    ///
    /// Another state than the login's, a refusal by the user or by the server, no token.
    ///
    /// ```
    /// use linode_core::oauth::{Login, OAuth};
    ///
    /// let oauth = OAuth::new("2737")?;
    /// let login = Login::restore("c3d4", None);
    /// let tokens = oauth.implicit(&login, "#access_token=a1b2&token_type=bearer&state=c3d4&expires_in=7200&scope=*")?;
    /// assert_eq!(tokens.access().expose(), "a1b2");
    /// assert!(oauth.implicit(&login, "#access_token=a1b2&state=other").is_err());
    /// # Ok::<(), linode_core::oauth::OAuthError>(())
    /// ```
    pub fn implicit(&self, login: &Login, address: &str) -> Result<Tokens, OAuthError> {
        login.tokens(address)
    }

    /// New tokens for a refresh token, which is used up by it.
    ///
    /// # Errors
    ///
    /// A refusal by the server, no answer.
    ///
    /// ```no_run
    /// # use linode_core::oauth::{OAuth, OAuthError, Tokens};
    /// # async fn run(oauth: OAuth, mut tokens: Tokens) -> Result<(), OAuthError> {
    /// if let Some(refresh) = tokens.refresh() {
    ///     tokens = oauth.refresh(refresh).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn refresh(&self, refresh: &Secret) -> Result<Tokens, OAuthError> {
        let basic = self.basic()?;
        let token = RefreshToken::new(refresh.expose().to_owned());
        let trade = basic.exchange_refresh_token(&token);
        let server = Through(self.server.clone());
        let answer: BasicTokenResponse = trade.request_async(&server).await?;
        Ok(Tokens::of(&answer, Some(refresh)))
    }

    /// Makes a token worthless.
    ///
    /// # Errors
    ///
    /// A refusal by the server, no answer.
    ///
    /// ```no_run
    /// # use linode_core::oauth::{OAuth, OAuthError, Tokens};
    /// # async fn run(oauth: OAuth, tokens: Tokens) -> Result<(), OAuthError> {
    /// oauth.revoke(tokens.access()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke(&self, token: &Secret) -> Result<(), OAuthError> {
        let mut form = oauth2::url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("token", token.expose());
        form.append_pair("client_id", &self.id);
        if let Some(secret) = &self.secret {
            form.append_pair("client_secret", secret.expose());
        }
        let mut request = HttpRequest::new(form.finish().into_bytes());
        *request.method_mut() = Method::POST;
        let address = self.address(REVOKE.path).parse();
        *request.uri_mut() = address.map_err(|_| OAuthError::not_an_address("login server"))?;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        let answer = Through(self.server.clone()).send(&REVOKE, request).await?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(OAuthError::failed(answer)),
        }
    }

    /// Tokens that are renewed by themselves, for [`ClientBuilder::token_source`](crate::ClientBuilder::token_source).
    ///
    /// ```
    /// # use linode_core::Client;
    /// # use linode_core::oauth::{OAuth, Tokens};
    /// fn client(oauth: &OAuth, tokens: Tokens) -> Result<Client, linode_core::Error> {
    ///     Client::builder().token_source(oauth.source(tokens)).build()
    /// }
    /// ```
    pub fn source(&self, tokens: Tokens) -> Renewing {
        Renewing::new(self.clone(), tokens)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.server.settings().base)
    }

    fn basic(&self) -> Result<Basic, OAuthError> {
        let authorize = AuthUrl::new(self.address("/oauth/authorize"));
        let token = TokenUrl::new(self.address(TOKEN.path));
        let mut basic = BasicClient::new(ClientId::new(self.id.clone()))
            // The login server reads the id and the secret from the form.
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(authorize.map_err(|_| OAuthError::not_an_address("login server"))?)
            .set_token_uri(token.map_err(|_| OAuthError::not_an_address("login server"))?);
        if let Some(secret) = &self.secret {
            basic = basic.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        if let Some(redirect) = &self.redirect {
            let redirect = RedirectUrl::new(redirect.clone());
            basic = basic
                .set_redirect_uri(redirect.map_err(|_| OAuthError::not_an_address("redirect"))?);
        }
        Ok(basic)
    }
}

/// Sends what the login server is asked, the way every request leaves.
struct Through(Client);

impl<'c> AsyncHttpClient<'c> for Through {
    type Error = Error;
    type Future = BoxFuture<'c, Result<HttpResponse, Error>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let response = self.send(&TOKEN, request).await?;
            let told = response.status().is_success() || error::refusal(response.body()).is_some();
            match told {
                true => Ok(plain(&response)),
                false => Err(error::other(response)),
            }
        })
    }
}

impl Through {
    async fn send(
        &self,
        operation: &'static Operation,
        request: HttpRequest,
    ) -> Result<Response, Error> {
        let mut request = request.map(Bytes::from);
        let agent = self.0.settings().user_agent.clone();
        request.headers_mut().insert(header::USER_AGENT, agent);
        transport::send(&self.0, operation, request).await
    }
}

fn plain(response: &Response) -> HttpResponse {
    let mut plain = HttpResponse::new(response.body().to_vec());
    *plain.status_mut() = response.status();
    *plain.headers_mut() = response.headers().clone();
    plain
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("id", &self.id)
            .field("secret", &self.secret)
            .field("redirect", &self.redirect)
            .field("pkce", &self.pkce)
            .field("server", &self.server)
            .finish()
    }
}

/// Shared by the clones of a source.
pub(crate) type Shared<T> = Arc<tokio::sync::Mutex<T>>;
