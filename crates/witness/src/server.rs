//! The loopback server: receives what a client sends, judges it, and answers as the document says.
//!
//! ```
//! use linode_witness::{Document, Witness};
//! # use std::sync::Arc;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let document = Document::parse(r#"{"paths": {"/tags": {"get": {}}}}"#).unwrap();
//! let witness = Witness::start(Arc::new(document)).await.unwrap();
//! assert!(witness.url().starts_with("http://127.0.0.1:"));
//! # });
//! ```

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::judge::{Demand, Received};
use crate::{Document, Json};

/// What the witness answered.
///
/// ```
/// let answered = linode_witness::Answered::default();
/// assert_eq!((answered.status, answered.json), (0, None));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// The status; 0 when nothing was answered.
    pub status: u16,
    /// What the body is; empty where there is none.
    pub media_type: String,
    /// The body, where it is JSON.
    pub json: Option<Json>,
    /// The body as sent.
    pub bytes: Bytes,
}

/// What the witness has to say since it was last told what to expect.
///
/// ```
/// assert!(linode_witness::Verdict::default().problems.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Everything that was wrong, each a sentence.
    pub problems: Vec<String>,
    /// What was answered last.
    pub answered: Answered,
    /// How many requests arrived.
    pub requests: usize,
}

/// A server on loopback that checks each request against the operation that it expects.
///
/// It stops when it is dropped.
///
/// ```
/// use linode_witness::{Document, Witness};
/// # use std::sync::Arc;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let document = Document::parse(r#"{"paths": {"/tags": {"get": {}}}}"#).unwrap();
/// let witness = Witness::start(Arc::new(document)).await.unwrap();
/// witness.expect("GET /tags");
/// // … a client calls the operation …
/// assert_eq!(witness.verdict().requests, 0);
/// # });
/// ```
#[derive(Debug)]
pub struct Witness {
    address: SocketAddr,
    case: Arc<Case>,
    task: JoinHandle<()>,
}

/// What the server and the test share.
#[derive(Debug)]
struct Case {
    document: Arc<Document>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    expected: String,
    turn: usize,
    empty: bool,
    verdict: Verdict,
}

impl Witness {
    /// Starts a server on a free port.
    pub async fn start(document: Arc<Document>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let case = Arc::new(Case {
            document,
            state: Mutex::default(),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&case)));
        Ok(Self {
            address,
            case,
            task,
        })
    }

    /// Where it listens: scheme, host and port.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Expects one call of an operation, and forgets what was before.
    pub fn expect(&self, key: &str) {
        self.expect_turn(key, 0);
    }

    /// Expects one call of an operation, and answers it with the branches of another turn; see [`Operation::turns`](crate::Operation::turns).
    ///
    /// ```
    /// # use linode_witness::{Document, Witness};
    /// # use std::sync::Arc;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let document = Arc::new(Document::parse(r#"{"paths": {"/tags": {"get": {}}}}"#).unwrap());
    /// # let witness = Witness::start(Arc::clone(&document)).await.unwrap();
    /// for turn in 0..document.operation("GET /tags").unwrap().turns() {
    ///     witness.expect_turn("GET /tags", turn);
    /// }
    /// # });
    /// ```
    pub fn expect_turn(&self, key: &str, turn: usize) {
        *self.case.lock() = State {
            expected: key.to_owned(),
            turn,
            ..State::default()
        };
    }

    /// Expects one call of an operation, and answers it with 204; see [`Operation::may_be_empty`](crate::Operation::may_be_empty).
    ///
    /// ```
    /// # use linode_witness::{Document, Witness};
    /// # use std::sync::Arc;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let document = Arc::new(Document::parse(r#"{"paths": {"/grants": {"get": {}}}}"#).unwrap());
    /// # let witness = Witness::start(document).await.unwrap();
    /// witness.expect_empty("GET /grants");
    /// assert_eq!(witness.verdict().answered.status, 0, "nothing was answered yet");
    /// # });
    /// ```
    pub fn expect_empty(&self, key: &str) {
        *self.case.lock() = State {
            expected: key.to_owned(),
            empty: true,
            ..State::default()
        };
    }

    /// What it has to say of the requests since it was told what to expect: exactly one is right.
    pub fn verdict(&self) -> Verdict {
        let mut verdict = self.case.lock().verdict.clone();
        match verdict.requests {
            0 => verdict.problems.push("no request arrived".to_owned()),
            1 => {}
            many => verdict
                .problems
                .push(format!("{many} requests arrived, and not one")),
        }
        verdict
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Case {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a request and says what to answer.
    fn hear(&self, received: &Received) -> Answered {
        let mut state = self.lock();
        state.verdict.requests += 1;
        let Some(operation) = self.document.operation(&state.expected) else {
            let problem = format!("the document has no operation {:?}", state.expected);
            state.verdict.problems.push(problem);
            return Answered {
                status: 404,
                ..Answered::default()
            };
        };
        state
            .verdict
            .problems
            .extend(operation.problems(received, Demand::Everything));
        let answered = match state.empty {
            true => Answered {
                status: 204,
                ..Answered::default()
            },
            false => operation.made(state.turn),
        };
        state.verdict.answered = answered.clone();
        answered
    }
}

async fn accept(listener: TcpListener, case: Arc<Case>) {
    while let Ok((stream, _)) = listener.accept().await {
        let case = Arc::clone(&case);
        let service = service_fn(move |request| serve(Arc::clone(&case), request));
        // A client that goes away in the middle is seen by the test as a request that did not arrive.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn serve(
    case: Arc<Case>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Ok(Response::default());
    };
    let headers = parts.headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let received = Received {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body: body.to_bytes(),
    };
    let answered = case.hear(&received);
    let mut response = Response::builder().status(answered.status);
    if !answered.media_type.is_empty() {
        response = response.header("content-type", answered.media_type);
    }
    Ok(response.body(Full::new(answered.bytes)).unwrap_or_default())
}
