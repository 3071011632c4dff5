//! Another server, from which right answers come; and what is recorded of them.

use http::{HeaderMap, HeaderName, HeaderValue};
use linode_core::{http_builder, reqwest};
use linode_witness::{Operation, split_version};
use tokio::sync::OnceCell;

use crate::mask::Mask;
use crate::{Exchange, Received, Reply, tape};

/// Headers that are of a connection, and those that are made anew for the other one.
pub(crate) const OF_A_CONNECTION: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
    "content-length",
    "accept-encoding",
];

/// Headers of answers that change what a client does.
const TELLING: &[&str] = &[
    "location",
    "retry-after",
    "x-maintenance-mode",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

/// A server behind this one.
#[derive(Debug)]
pub(crate) struct Upstream {
    /// Its base URL, without a slash at the end.
    base: String,
    http: OnceCell<reqwest::Client>,
}

impl Upstream {
    pub(crate) fn new(base: &str) -> Self {
        Upstream {
            base: base.trim_end_matches('/').to_owned(),
            http: OnceCell::new(),
        }
    }

    /// Whether it is on this machine, where no proxy leads.
    fn is_here(&self) -> bool {
        let uri = self.base.parse::<http::Uri>().ok();
        let host = uri.as_ref().and_then(http::Uri::host);
        host.is_some_and(|host| {
            let host = host.trim_matches(['[', ']']);
            let address = host.parse::<std::net::IpAddr>();
            host == "localhost" || address.is_ok_and(|address| address.is_loopback())
        })
    }

    /// Sends a request on, and brings its answer back. Without one, says why.
    pub(crate) async fn forward(&self, received: &Received) -> Result<Reply, String> {
        let sent = self.send(received).await;
        sent.map_err(|error| {
            let mut causes = vec![error.to_string()];
            let mut cause = error.source();
            while let Some(error) = cause {
                causes.push(error.to_string());
                cause = error.source();
            }
            format!("no answer from {}: {}", self.base, causes.join(": "))
        })
    }

    async fn send(
        &self,
        received: &Received,
    ) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
        let make = || async {
            let builder = http_builder()?;
            let builder = match self.is_here() {
                true => builder.no_proxy(),
                false => builder,
            };
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(builder.build()?)
        };
        let http = self.http.get_or_try_init(make).await?;
        let query = received
            .wire
            .query
            .as_ref()
            .map(|query| format!("?{query}"));
        let url = format!(
            "{}{}{}",
            self.base,
            received.path(),
            query.unwrap_or_default()
        );
        let method = received.method().parse::<http::Method>()?;
        let headers = received.wire.headers.iter().filter_map(|(name, value)| {
            Some((name.parse().ok()?, HeaderValue::from_str(value).ok()?))
        });
        let headers = headers.filter(|(name, _)| passes(name));
        let mut request = http
            .request(method, url)
            .headers(headers.collect::<HeaderMap>());
        if !received.body().is_empty() {
            request = request.body(received.body().clone());
        }
        let answer = request.send().await.map_err(reqwest::Error::without_url)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.map_err(reqwest::Error::without_url)?;
        let mut reply = Reply::status(200).with_status(status).with_body(body);
        reply.add(
            &headers
                .into_iter()
                .filter_map(|(name, value)| Some((name?, value)))
                .filter(|(name, _)| passes(name))
                .collect(),
        );
        Ok(reply)
    }
}

fn passes(name: &HeaderName) -> bool {
    !OF_A_CONNECTION.contains(&name.as_str())
}

/// What a recording keeps of a request and its answer.
pub(crate) fn record(
    received: &Received,
    reply: &Reply,
    operation: Option<&Operation<'_>>,
) -> Exchange {
    let (version, path) = split_version(received.path());
    let header = |name: &str| reply.headers().get(name)?.to_str().ok();
    let is_json = header("content-type").is_none_or(|kind| kind.contains("json"));
    let telling = TELLING.iter().chain((!is_json).then_some(&"content-type"));
    let telling = telling.filter_map(|name| Some(((*name).to_owned(), header(name)?.to_owned())));
    let mut exchange = Exchange {
        method: received.method().to_owned(),
        path: path.to_owned(),
        version: version.map(str::to_owned),
        query: received.wire.query.clone(),
        x_filter: received.header("x-filter").map(str::to_owned),
        request_body: tape::body(received),
        status: reply.code(),
        response_body: crate::Json::Null,
        response_base64: None,
        response_headers: telling.collect(),
    };
    exchange.keep_body(&reply.clone().into_body());
    let token = received
        .header("authorization")
        .and_then(|value| value.split_once(' '));
    let token = token.map(|(_, token)| token.trim());
    Mask::new(operation, token).exchange(&mut exchange);
    exchange
}
