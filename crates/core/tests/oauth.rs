//! Logins and renewals over real connections to a small login server on the loopback interface.
#![cfg(feature = "oauth")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use linode_core::oauth::{OAuth, OAuthError, Renewing, Tokens};
use linode_core::{Call, Client, DateTime, Endpoint, Error, Json, Request, Retry, operation};
use support::{Asked, Reply, Server, json};

struct GetProfile;
operation!(GetProfile -> Json, GET "/profile");

/// A login server and an API in one: it trades the code `code-1` and the newest refresh token, and takes the newest
/// access token.
struct Small {
    server: Server,
}

const BAD: &str = r#"{"error": "invalid_grant", "error_description": "It was used."}"#;

impl Small {
    async fn start(delay: bool) -> Self {
        let issued = Arc::new(AtomicUsize::new(1));
        let server = Server::start(move |asked| {
            if delay {
                // Time for other calls to come while this one is answered.
                std::thread::sleep(Duration::from_millis(30));
            }
            answer(asked, &issued)
        })
        .await;
        Small { server }
    }

    fn oauth(&self) -> OAuth {
        let login: Client = Client::builder()
            .base_url(&self.server.url)
            .retry(Retry::never())
            .build()
            .expect("a client");
        let oauth = OAuth::new("app-1").and_then(|oauth| oauth.login_server(login));
        oauth
            .expect("an application")
            .secret("app-s3cret")
            .redirect_url("https://app.example.org/back")
    }

    fn client(&self, source: Renewing) -> Client {
        let builder = Client::builder().base_url(&self.server.url);
        builder.token_source(source).build().expect("a client")
    }

    fn asked(&self, path: &str) -> Vec<Asked> {
        let mut asked = self.server.asked();
        asked.retain(|asked| asked.line.ends_with(path));
        asked
    }
}

fn answer(asked: &Asked, issued: &AtomicUsize) -> Reply {
    let newest = issued.load(Ordering::SeqCst);
    if asked.line == "GET /v4/profile" {
        let token = format!("Bearer access-{newest}");
        return match asked.header("authorization") == Some(token.as_str()) {
            true => json(200, r#"{"username": "me"}"#),
            false => json(401, r#"{"errors": [{"reason": "Invalid Token"}]}"#),
        };
    }
    let known =
        asked.body.contains("client_id=app-1") && asked.body.contains("client_secret=app-s3cret");
    let code = asked.body.contains("code=code-1") && asked.body.contains("code_verifier=");
    let refresh = asked
        .body
        .contains(&format!("refresh_token=refresh-{newest}&"))
        || asked
            .body
            .ends_with(&format!("refresh_token=refresh-{newest}"));
    match asked.line.as_str() {
        "POST /oauth/token" if known && (code || refresh) => {
            let next = issued.fetch_add(1, Ordering::SeqCst) + 1;
            json(
                200,
                &format!(
                    r#"{{"access_token": "access-{next}", "refresh_token": "refresh-{next}", "token_type": "bearer",
                        "expires_in": 7200, "scope": "linodes:read_write domains:read_only"}}"#
                ),
            )
        }
        "POST /oauth/revoke" if known => json(200, "{}"),
        _ => json(400, BAD),
    }
}

fn profile(client: &Client) -> Call<GetProfile> {
    Call::new(Request::new(client, GetProfile::OPERATION))
}

/// Tokens that were issued first, and have expired.
fn old() -> Tokens {
    Tokens::new("access-0")
        .with_refresh("refresh-1")
        .with_expiry(DateTime::UNIX_EPOCH)
}

#[tokio::test]
async fn a_login_ends_with_tokens() {
    let small = Small::start(false).await;
    let oauth = small.oauth();
    let login = oauth.login(["linodes:read_write"]).expect("a login");
    let address = login.url();
    for part in [
        "/oauth/authorize?response_type=code&client_id=app-1",
        "code_challenge_method=S256",
        "redirect_uri=https%3A%2F%2Fapp.example.org%2Fback",
        "scope=linodes%3Aread_write",
    ] {
        assert!(address.contains(part), "{address}");
    }
    assert!(!format!("{login:?}").contains(login.proof().expect("a proof").expose()));

    let back = format!(
        "https://app.example.org/back?code=code-1&state={}",
        login.state()
    );
    let tokens = oauth.exchange(&login, &back).await.expect("tokens");
    assert_eq!(tokens.access().expose(), "access-2");
    assert_eq!(tokens.refresh().expect("a token").expose(), "refresh-2");
    assert_eq!(tokens.scopes(), ["linodes:read_write", "domains:read_only"]);
    assert!(tokens.expires().is_some());
    let asked = &small.asked("/oauth/token")[0];
    assert!(
        asked.body.contains("grant_type=authorization_code"),
        "{}",
        asked.body
    );
    assert_eq!(asked.header("authorization"), None);

    let profile = profile(&small.client(oauth.source(tokens))).await;
    assert_eq!(profile.expect("a profile")["username"], "me");
}

#[tokio::test]
async fn another_state_is_refused_before_anything_is_sent() {
    let small = Small::start(false).await;
    let oauth = small.oauth();
    let login = oauth.login(["*"]).expect("a login");
    let back = "https://app.example.org/back?code=code-1&state=other";
    let error = oauth
        .exchange(&login, back)
        .await
        .expect_err("another state");
    assert!(matches!(error, OAuthError::State));
    let back = format!("?error=access_denied&state={}", login.state());
    let error = oauth.exchange(&login, &back).await.expect_err("a refusal");
    assert_eq!(error.to_string(), "the login was refused: access_denied");
    assert!(small.server.asked().is_empty());
}

#[tokio::test]
async fn what_the_server_refuses_is_told_in_its_words() {
    let small = Small::start(false).await;
    let oauth = small.oauth();
    let error = oauth.refresh(&"refresh-9".into()).await.expect_err("used");
    assert_eq!(
        error.to_string(),
        "the login was refused: invalid_grant: It was used."
    );

    let broken = Server::start(|_| json(200, r#"{"access_token": {"s3cret": 1}}"#)).await;
    let login: Client = Client::builder()
        .base_url(&broken.url)
        .build()
        .expect("a client");
    let oauth = OAuth::new("app-1")
        .expect("an application")
        .login_server(login);
    let error = oauth
        .expect("a server")
        .refresh(&"a".into())
        .await
        .expect_err("no token");
    assert_eq!(
        error.to_string(),
        "the answer of the login server: not as described at `access_token`"
    );
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn tokens_are_renewed_and_revoked_by_hand() {
    let small = Small::start(false).await;
    let oauth = small.oauth();
    let tokens = oauth.refresh(&"refresh-1".into()).await.expect("tokens");
    assert_eq!(tokens.access().expose(), "access-2");
    oauth.revoke(tokens.access()).await.expect("revoked");
    let asked = &small.asked("/oauth/revoke")[0];
    assert_eq!(
        asked.body,
        "token=access-2&client_id=app-1&client_secret=app-s3cret"
    );
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );

    let closed = Server::start(|_| json(400, r#"{"error": "unsupported_token_type"}"#)).await;
    let login: Client = Client::builder()
        .base_url(&closed.url)
        .build()
        .expect("a client");
    let oauth = OAuth::new("a")
        .expect("an application")
        .login_server(login)
        .expect("a server");
    let error = oauth.revoke(&"b".into()).await.expect_err("a refusal");
    assert_eq!(
        error.to_string(),
        "the login was refused: unsupported_token_type"
    );
}

#[tokio::test]
async fn many_calls_at_once_renew_once() {
    let small = Small::start(true).await;
    let heard = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&heard);
    let source = small.oauth().source(old()).on_renewal(move |tokens| {
        assert_eq!(tokens.access().expose(), "access-2");
        count.fetch_add(1, Ordering::SeqCst);
    });
    let client = small.client(source.clone());
    let calls: Vec<_> = (0..64)
        .map(|_| tokio::spawn(profile(&client).into_future()))
        .collect();
    for call in calls {
        call.await.expect("no panic").expect("a profile");
    }
    assert_eq!(small.asked("/oauth/token").len(), 1);
    assert_eq!(heard.load(Ordering::SeqCst), 1);
    assert_eq!(
        source.tokens().await.refresh().expect("a token").expose(),
        "refresh-2"
    );
}

#[tokio::test]
async fn a_token_that_the_api_refuses_is_renewed_once_for_all() {
    let small = Small::start(false).await;
    // By its time it still holds; the API knows better.
    let source = small
        .oauth()
        .source(Tokens::new("access-0").with_refresh("refresh-1"));
    let client = small.client(source);
    let calls: Vec<_> = (0..16)
        .map(|_| tokio::spawn(profile(&client).into_future()))
        .collect();
    for call in calls {
        call.await.expect("no panic").expect("a profile");
    }
    assert_eq!(small.asked("/oauth/token").len(), 1);
}

#[tokio::test]
async fn a_renewal_that_fails_is_not_tried_by_every_call() {
    let small = Small::start(false).await;
    let expired = Tokens::new("access-0")
        .with_refresh("refresh-9")
        .with_expiry(DateTime::UNIX_EPOCH);
    let client = small.client(small.oauth().source(expired));
    let calls: Vec<_> = (0..16)
        .map(|_| tokio::spawn(profile(&client).into_future()))
        .collect();
    for call in calls {
        let error = call.await.expect("no panic").expect_err("no token");
        assert!(matches!(error, Error::Token(_)), "{error}");
        assert!(error.to_string().contains("invalid_grant"), "{error}");
        assert!(!error.to_string().contains("refresh-9"), "{error}");
    }
    assert_eq!(small.asked("/oauth/token").len(), 1);
    assert!(small.asked("/v4/profile").is_empty());
}

#[tokio::test]
async fn a_renewal_outlives_the_call_that_began_it() {
    let small = Small::start(true).await;
    let source = small.oauth().source(old());
    let client = small.client(source.clone());
    let call = tokio::spawn(profile(&client).into_future());
    while small.asked("/oauth/token").is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if call.is_finished() {
            break;
        }
    }
    call.abort();
    assert_eq!(source.tokens().await.access().expose(), "access-2");
    profile(&client).await.expect("a profile");
    assert_eq!(small.asked("/oauth/token").len(), 1);
}

#[tokio::test]
async fn without_a_refresh_token_the_api_has_the_last_word() {
    let small = Small::start(false).await;
    let token = Tokens::new("access-0").with_expiry(DateTime::UNIX_EPOCH);
    let client = small.client(small.oauth().source(token));
    let error = profile(&client).await.expect_err("a refusal");
    assert!(error.is_unauthorized(), "{error}");
    assert!(small.asked("/oauth/token").is_empty());
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn what_is_asked_of_the_login_server_can_be_waited_for() {
    use linode_core::blocking::Blocking;

    let small = Small::start(false).await;
    let oauth = small.oauth();
    let waiting = tokio::task::spawn_blocking(move || oauth.refresh(&"refresh-1".into()).block());
    let tokens = waiting.await.expect("no panic").expect("tokens");
    assert_eq!(tokens.access().expose(), "access-2");
}
