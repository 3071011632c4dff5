//! OAuth: a user logs in with the browser, and the program acts for them.
//!
//! Register an application at `https://cloud.linode.com/profile/clients` with the callback `http://localhost:8000/back`, then:
//!
//! ```console
//! $ LINODE_CLIENT_ID=… LINODE_CLIENT_SECRET=… cargo run -p linode-examples --bin oauth_login
//! ```
//!
//! `LINODE_CALLBACK` is another callback, and `LINODE_LOGIN_URL` another login server than `https://login.linode.com`.

use std::convert::Infallible;
use std::env;
use std::error::Error;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use linode_sdk::oauth::OAuth;
use linode_sdk::{Client, ClientBuilder, Scope};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let callback =
        env::var("LINODE_CALLBACK").unwrap_or_else(|_| "http://localhost:8000/back".to_owned());
    let mut oauth = OAuth::new(env::var("LINODE_CLIENT_ID")?)?.redirect_url(&callback);
    if let Ok(secret) = env::var("LINODE_CLIENT_SECRET") {
        oauth = oauth.secret(secret);
    }
    if let Ok(url) = env::var("LINODE_LOGIN_URL") {
        let server: Client = Client::builder().base_url(url).build()?;
        oauth = oauth.login_server(server)?;
    }

    // What the program will do decides what it asks for.
    let anyone: Client = Client::builder().build()?;
    let needs = [
        anyone.profile().get_profile().operation(),
        anyone.linode().list_instances().operation(),
    ];
    let login = oauth.login(Scope::needed_by(needs))?;
    println!("open {}", login.url());

    let address = come_back(&callback).await?;
    let tokens = oauth.exchange(&login, &address).await?;

    // The tokens are renewed when they end; the program need not care.
    let source = oauth.source(tokens.clone());
    let client: Client = ClientBuilder::from_env().token_source(source).build()?;
    let profile = client.profile().get_profile().await?;
    println!(
        "{} has {} Linodes",
        profile.username,
        client.linode().list_instances().len().await?
    );

    oauth.revoke(tokens.access()).await?;
    println!("logged out");
    Ok(())
}

/// Waits for the browser to come back, and gives the address that it came back to.
async fn come_back(callback: &str) -> Result<String, Box<dyn Error>> {
    let callback: Uri = callback.parse()?;
    let port = callback.port_u16().unwrap_or(80);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let (tell, mut told) = mpsc::channel::<String>(1);
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            Some(address) = told.recv() => return Ok(address),
        };
        let (tell, path) = (tell.clone(), callback.path().to_owned());
        let service = service_fn(move |request| answer(request, path.clone(), tell.clone()));
        tokio::spawn(
            http1::Builder::new()
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service),
        );
    }
}

async fn answer(
    request: Request<Incoming>,
    path: String,
    tell: mpsc::Sender<String>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // Browsers ask for more than that, such as an icon.
    let back = request.uri().path() == path;
    if back {
        // The first one counts.
        let _ = tell.try_send(request.uri().to_string());
    }
    let text = if back {
        "You may close this page."
    } else {
        "There is nothing here."
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    if !back {
        *response.status_mut() = hyper::StatusCode::NOT_FOUND;
    }
    Ok(response)
}
