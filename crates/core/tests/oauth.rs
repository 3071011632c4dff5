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
operation!(GetProfile -> Json, GET "/profile", "get-profile", scopes["account:read_only"]);

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
        oauth(&self.server)
    }

    fn client(&self, source: Renewing) -> Client {
        client(&self.server, source)
    }

    fn asked(&self, path: &str) -> Vec<Asked> {
        let mut asked = self.server.asked();
        asked.retain(|asked| asked.line.ends_with(path));
        asked
    }
}

/// An application that logs in at a server.
fn oauth(server: &Server) -> OAuth {
    let login: Client = Client::builder()
        .base_url(&server.url)
        .retry(Retry::never())
        .build()
        .expect("a client");
    let oauth = OAuth::new("app-1").and_then(|oauth| oauth.login_server(login));
    oauth
        .expect("an application")
        .secret("app-s3cret")
        .redirect_url("https://app.example.org/back")
}

/// A client of the same server.
fn client(server: &Server, source: Renewing) -> Client {
    let builder = Client::builder().base_url(&server.url);
    builder.token_source(source).build().expect("a client")
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
    let error = crate::oauth(&broken).refresh(&"a".into()).await;
    let error = error.expect_err("no token");
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
    let error = crate::oauth(&closed).revoke(&"b".into()).await;
    let error = error.expect_err("a refusal");
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

/// A login server that gives tokens which hold for so many seconds, and an API that takes any token.
async fn generous(seconds: u64) -> Server {
    Server::start(move |asked| match asked.line.as_str() {
        "GET /v4/profile" => json(200, r#"{"username": "me"}"#),
        _ => json(
            200,
            &format!(
                r#"{{"access_token": "a", "refresh_token": "r", "token_type": "bearer", "expires_in": {seconds}}}"#
            ),
        ),
    })
    .await
}

fn renewals(server: &Server) -> usize {
    let asked = server.asked();
    let renewals = asked
        .iter()
        .filter(|asked| asked.line.ends_with("/oauth/token"));
    renewals.count()
}

/// Sixteen calls at once.
async fn calls(client: &Client) -> Vec<Result<Json, Error>> {
    let calls: Vec<_> = (0..16)
        .map(|_| tokio::spawn(profile(client).into_future()))
        .collect();
    let mut ended = Vec::new();
    for call in calls {
        ended.push(call.await.expect("no panic"));
    }
    ended
}

#[tokio::test]
async fn tokens_that_hold_for_less_than_a_minute_are_renewed_once_too() {
    let server = generous(50).await;
    let client = client(&server, oauth(&server).source(old()));
    for call in calls(&client).await {
        call.expect("a profile");
    }
    profile(&client).await.expect("a profile");
    assert_eq!(renewals(&server), 1);

    // Those of a login as well.
    let tokens = oauth(&server).refresh(&"r".into()).await.expect("tokens");
    let client = crate::client(&server, oauth(&server).source(tokens));
    profile(&client).await.expect("a profile");
    assert_eq!(renewals(&server), 2);
}

/// A login server that is out of order, and an API that answers so.
async fn out_of_order(status: u16, login: &'static str) -> Server {
    let refused = r#"{"errors": [{"reason": "Invalid Token"}]}"#;
    Server::start(move |asked| match asked.line.as_str() {
        "GET /v4/profile" => json(status, if status == 200 { "{}" } else { refused }),
        _ => json(500, login),
    })
    .await
}

#[tokio::test]
async fn a_renewal_ahead_of_time_that_fails_is_no_harm() {
    let server = out_of_order(200, "{}").await;
    let soon = std::time::SystemTime::now() + Duration::from_secs(45);
    let tokens = Tokens::new("access-0").with_refresh("refresh-0");
    let source = oauth(&server).source(tokens.with_expiry(soon.into()));
    for call in calls(&client(&server, source)).await {
        call.expect("a profile");
    }
    assert_eq!(renewals(&server), 1);
}

#[tokio::test]
async fn a_refused_token_that_cannot_be_renewed_is_told_with_both_reasons() {
    let server = out_of_order(401, "{}").await;
    let tokens = Tokens::new("access-0").with_refresh("refresh-0");
    let client = client(&server, oauth(&server).source(tokens));
    let error = profile(&client).await.expect_err("a refusal");
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!(
        error.to_string(),
        "401 Unauthorized on GET /profile: Invalid Token (the token needs account:read_only); \
         no token for GET /profile: 500 Internal Server Error on POST /oauth/token"
    );
    let source = std::error::Error::source(&error).expect("a source");
    assert!(source.to_string().starts_with("no token for"), "{source}");
}

#[tokio::test]
async fn a_login_server_that_is_out_of_order_is_told_with_its_status() {
    let bodies = [
        ("<html>s3cret</html>", ""),
        ("", ""),
        (r#"{"access_token": "s3cret"}"#, ""),
        (r#"{"errors": [{"reason": "Away"}]}"#, ": Away"),
    ];
    for (body, shown) in bodies {
        let server = out_of_order(200, body).await;
        let oauth = oauth(&server);
        let ends = [
            ("token", oauth.refresh(&"r".into()).await.map(drop)),
            ("revoke", oauth.revoke(&"r".into()).await),
        ];
        for (path, end) in ends {
            let Err(OAuthError::Call(error)) = end else {
                panic!("{body}: {end:?}")
            };
            assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
            let expected = format!("500 Internal Server Error on POST /oauth/{path}{shown}");
            assert_eq!(error.to_string(), expected);
        }
    }
}

/// Where a server sends the one who goes to an address.
async fn sent_to(address: &str) -> String {
    let http = linode_core::http_builder().expect("a client").no_proxy();
    let http = http.redirect(linode_core::reqwest::redirect::Policy::none());
    let answer = http.build().expect("a client").get(address).send().await;
    let answer = answer.expect("an answer");
    let location = &answer.headers()["location"];
    location.to_str().expect("an address").to_owned()
}

#[tokio::test]
async fn an_implicit_login_ends_with_a_token_in_the_fragment() {
    let server = Server::start(|asked| {
        if asked.line == "GET /v4/profile" {
            return match asked.header("authorization") {
                Some("Bearer access-1") => json(200, r#"{"username": "me"}"#),
                _ => json(401, BAD),
            };
        }
        let (path, query) = asked.line.split_once('?').expect("a query");
        let pairs: Vec<_> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|pair| pair.1);
        assert_eq!(path, "GET /oauth/authorize");
        assert_eq!(get("response_type"), Some("token"));
        assert_eq!(get("client_id"), Some("app-1"));
        assert_eq!(get("scope"), Some("linodes%3Aread_only"));
        // A proof would be for a code, and a secret is for nobody on the way.
        assert_eq!((get("code_challenge"), get("client_secret")), (None, None));
        let back = format!(
            "https://app.example.org/back#access_token=access-1&token_type=Bearer&expires_in=7200&state={}",
            get("state").expect("a state"),
        );
        Reply::Raw(
            format!("HTTP/1.1 302 Found\r\nLocation: {back}\r\nContent-Length: 0\r\n\r\n").into_bytes(),
        )
    })
    .await;
    let oauth = oauth(&server);
    let login = oauth
        .login_implicit(["linodes:read_only"])
        .expect("a login");
    assert!(login.proof().is_none());
    let back = sent_to(login.url()).await;
    let tokens = oauth.implicit(&login, &back).expect("tokens");
    assert_eq!(tokens.access().expose(), "access-1");
    assert!(tokens.refresh().is_none() && tokens.expires().is_some());
    let profile = profile(&client(&server, oauth.source(tokens))).await;
    assert_eq!(profile.expect("a profile")["username"], "me");

    // What comes back for one login ends no other.
    let other = oauth
        .login_implicit(["linodes:read_only"])
        .expect("a login");
    let error = oauth.implicit(&other, &back).expect_err("another state");
    assert!(matches!(error, OAuthError::State));
    assert_eq!(server.asked().len(), 2);
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
