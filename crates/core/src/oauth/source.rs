//! [`Renewing`]: tokens that are renewed by themselves.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::error::OAuthError;
use super::tokens::Tokens;
use super::{OAuth, Shared};
use crate::see;
use crate::token::{BoxError, BoxFuture, TokenSource};
use crate::value::Secret;

/// After a renewal came to nothing, all who ask within this time are told so, and the server is left in peace.
const PEACE: Duration = Duration::from_secs(2);

/// Hears of new tokens.
type Heard = Arc<dyn Fn(&Tokens) + Send + Sync>;

/// Gives an access token, and renews it shortly before it ends (60 seconds, or in the last quarter of its time if that is
/// less), or when the API refuses it: once, however many calls need it at that moment. Clones share their tokens.
///
/// A renewal that comes to nothing while the token holds yet is no harm: calls go on with it.
///
/// A renewal that has begun is ended even if the call that began it is dropped: the server may have used up the refresh
/// token already, and the new one would be lost.
///
/// ```
/// use linode_core::Client;
/// use linode_core::oauth::{OAuth, Tokens};
///
/// let oauth = OAuth::new("2737")?.secret("s3cret");
/// let source = oauth.source(Tokens::new("a1b2").with_refresh("e5f6"));
/// let client: Client = Client::builder().token_source(source.clone()).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Renewing {
    oauth: Arc<OAuth>,
    held: Shared<Held>,
    heard: Option<Heard>,
}

struct Held {
    tokens: Tokens,
    /// The renewal that came to nothing: when, and why.
    failed: Option<(Instant, String)>,
}

impl Renewing {
    pub(super) fn new(oauth: OAuth, tokens: Tokens) -> Self {
        let held = Held {
            tokens,
            failed: None,
        };
        Renewing {
            oauth: Arc::new(oauth),
            held: Arc::new(tokio::sync::Mutex::new(held)),
            heard: None,
        }
    }

    /// Hears of every new tokens, to keep them: the refresh token is another each time.
    ///
    /// ```
    /// # use linode_core::oauth::Renewing;
    /// fn keeping(source: Renewing) -> Renewing {
    ///     source.on_renewal(|tokens| println!("until {:?}", tokens.expires()))
    /// }
    /// ```
    pub fn on_renewal(mut self, heard: impl Fn(&Tokens) + Send + Sync + 'static) -> Self {
        self.heard = Some(Arc::new(heard));
        self
    }

    /// The tokens that are held now.
    ///
    /// ```
    /// # async fn run(source: linode_core::oauth::Renewing) {
    /// println!("{:?}", source.tokens().await.expires());
    /// # }
    /// ```
    pub async fn tokens(&self) -> Tokens {
        self.held.lock().await.tokens.clone()
    }

    /// The access token, renewed if `stale` says so of the tokens that are held when it is its turn. None if there is
    /// nothing to renew it with.
    async fn access(
        &self,
        stale: impl FnOnce(&Tokens) -> bool,
    ) -> Result<Option<Secret>, BoxError> {
        let held = Arc::clone(&self.held).lock_owned().await;
        if !stale(&held.tokens) {
            return Ok(Some(held.tokens.access().clone()));
        }
        if let Some((_, why)) = held
            .failed
            .as_ref()
            .filter(|(when, _)| when.elapsed() < PEACE)
        {
            return Err(why.clone().into());
        }
        let Some(refresh) = held.tokens.refresh().cloned() else {
            return Ok(None);
        };
        // A task of its own goes on when the call that waits for it is dropped.
        let renewal = tokio::spawn(see::carried(renew(self.clone(), held, refresh)));
        renewal.await?.map(Some).map_err(BoxError::from)
    }
}

async fn renew(
    source: Renewing,
    mut held: OwnedMutexGuard<Held>,
    refresh: Secret,
) -> Result<Secret, OAuthError> {
    match source.oauth.refresh(&refresh).await {
        Ok(tokens) => {
            held.tokens = tokens;
            held.failed = None;
            if let Some(heard) = &source.heard {
                heard(&held.tokens);
            }
            Ok(held.tokens.access().clone())
        }
        Err(error) => {
            held.failed = Some((Instant::now(), error.to_string()));
            Err(error)
        }
    }
}

impl TokenSource for Renewing {
    fn token(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        Box::pin(async move {
            let error = match self.access(Tokens::end_soon).await {
                Ok(Some(access)) => return Ok(access),
                // It may hold for a little while yet; when it does not, the API says so.
                Ok(None) => return Ok(self.tokens().await.access().clone()),
                Err(error) => error,
            };
            let tokens = self.tokens().await;
            match tokens.expires_within(Duration::ZERO) {
                true => Err(error),
                false => Ok(tokens.access().clone()),
            }
        })
    }

    fn renew<'a>(&'a self, refused: &'a Secret) -> BoxFuture<'a, Result<Option<Secret>, BoxError>> {
        // Another call may have renewed it meanwhile.
        Box::pin(self.access(move |tokens| tokens.access() == refused))
    }
}

impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Renewing").field(&self.oauth).finish()
    }
}
