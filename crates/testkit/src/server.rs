//! The server: a thread with a runtime of its own, which listens on loopback and does what the state says.

use std::io;
use std::net::{SocketAddr, TcpListener as Listener};
use std::sync::{Arc, Mutex, PoisonError, mpsc as plain};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use linode_witness::Received as Wire;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::Reply;
use crate::fault::{Effect, End};
use crate::state::State;

/// How a client that speaks HTTP/2 begins.
const HTTP2: &[u8] = b"PRI * HTTP/2.0";

/// How long half an answer is left to arrive before the connection ends.
const HALF: Duration = Duration::from_millis(20);

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// What the kit asks of the server; each is answered when it is done.
enum Command {
    Refuse(plain::Sender<()>),
    Accept(plain::Sender<()>),
    Stop(plain::Sender<()>),
}

/// How long the server is waited for when it stops: a function of the test that never returns keeps it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running server. It stops when it is dropped: nothing listens any more after that.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    commands: mpsc::UnboundedSender<Command>,
}

impl Server {
    pub(crate) fn start(state: Arc<State>, port: u16) -> io::Result<Self> {
        let listener = Listener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (commands, orders) = mpsc::unbounded_channel();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        thread::Builder::new()
            .name("linode-testkit".to_owned())
            .spawn(move || runtime.block_on(run(listener, state, orders)))?;
        Ok(Server { address, commands })
    }

    pub(crate) fn refuse(&self) {
        self.order(Command::Refuse);
    }

    pub(crate) fn accept(&self) {
        self.order(Command::Accept);
    }

    fn order(&self, command: impl FnOnce(plain::Sender<()>) -> Command) {
        // If the server ended instead, it refuses all the same.
        let _ = self.tell(command).recv();
    }

    /// Tells the server what to do, and gives what hears that it is done.
    fn tell(&self, command: impl FnOnce(plain::Sender<()>) -> Command) -> plain::Receiver<()> {
        let (done, wait) = plain::channel();
        let _ = self.commands.send(command(done));
        wait
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.tell(Command::Stop).recv_timeout(PATIENCE);
    }
}

/// Serves until the kit is gone.
async fn run(listener: Listener, state: Arc<State>, mut orders: mpsc::UnboundedReceiver<Command>) {
    let Ok(address) = listener.local_addr() else {
        return;
    };
    let mut listening = TcpListener::from_std(listener).ok();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Command::Stop(done)) => {
                    drop(listening);
                    connections.shutdown().await;
                    let _ = done.send(());
                    return;
                }
                Some(Command::Refuse(done)) => {
                    listening = None;
                    connections.shutdown().await;
                    let _ = done.send(());
                }
                Some(Command::Accept(done)) => {
                    listening = match listening {
                        None => TcpListener::bind(address).await.ok(),
                        known => known,
                    };
                    let _ = done.send(());
                }
            },
            Some(stream) = accept(listening.as_ref()) => {
                connections.spawn(connection(stream, Arc::clone(&state)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// The next connection; none ever where nothing listens.
async fn accept(listener: Option<&TcpListener>) -> Option<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.ok().map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

/// What the requests of a connection share: how it ends, if without an answer.
type Ending = Arc<Mutex<Option<End>>>;

/// The error of a request that is not answered.
#[derive(Debug)]
struct Unanswered;

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not answered, as told")
    }
}

impl std::error::Error for Unanswered {}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let ending = Ending::default();
    let service = {
        let ending = Arc::clone(&ending);
        service_fn(move |request| Box::pin(serve(Arc::clone(&state), Arc::clone(&ending), request)))
    };
    // A client that goes away in the middle is the test's affair.
    if speaks_http2(&stream).await {
        let _ = http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), service)
            .await;
        return;
    }
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let _ = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    let end = ending.lock().unwrap_or_else(PoisonError::into_inner).take();
    match end {
        Some(End::Reset) => {
            let _ = stream.set_zero_linger();
        }
        Some(End::Garbage) => {
            let _ = stream
                .write_all(b"\x16\x03 this is no HTTP \xff\r\n\r\n")
                .await;
            let _ = stream.shutdown().await;
        }
        _ => {
            let _ = stream.shutdown().await;
        }
    }
}

async fn speaks_http2(stream: &TcpStream) -> bool {
    let mut first = [0; HTTP2.len()];
    loop {
        match stream.peek(&mut first).await {
            Ok(seen) if seen == first.len() => return first == HTTP2,
            Ok(seen) if seen > 0 && HTTP2.starts_with(&first[..seen]) => {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            _ => return false,
        }
    }
}

async fn serve(
    state: Arc<State>,
    ending: Ending,
    request: Request<Incoming>,
) -> Result<Response<Body>, Unanswered> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Unanswered)?.to_bytes();
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let wire = Wire {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body,
    };
    let mut waiting = Waiting(Some(Arc::clone(&state)));
    let response = match state.answer_to(wire).await {
        Effect::Reply(reply) => Ok(whole(reply)),
        Effect::After(wait, reply) => {
            tokio::time::sleep(wait).await;
            Ok(whole(reply))
        }
        Effect::Dribble(wait, reply) => Ok(pieces(reply, |body, to| dribble(wait, body, to))),
        Effect::CutOff(reply) => Ok(pieces(reply, half)),
        Effect::End(End::Hang) => std::future::pending().await,
        Effect::End(end) => {
            *ending.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
            Err(Unanswered)
        }
    };
    waiting.0 = None;
    response
}

/// Counts a request whose client did not wait for the answer.
struct Waiting(Option<Arc<State>>);

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            state.lock().abandoned += 1;
        }
    }
}

fn whole(reply: Reply) -> Response<Body> {
    respond(
        &reply.clone(),
        Full::new(reply.into_body())
            .map_err(|never| match never {})
            .boxed_unsync(),
    )
}

/// A response whose body is sent by a task.
fn pieces<F>(
    reply: Reply,
    send: impl FnOnce(Bytes, Sender<Bytes, io::Error>) -> F,
) -> Response<Body>
where
    F: Future<Output = ()> + Send + 'static,
{
    let body = reply.clone().into_body();
    let (sender, channel) = Channel::new(1);
    let reply = reply.header("Content-Length", body.len());
    tokio::spawn(send(body, sender));
    respond(&reply, channel.boxed_unsync())
}

async fn dribble(wait: Duration, body: Bytes, mut to: Sender<Bytes, io::Error>) {
    for at in 0..body.len() {
        if to.send_data(body.slice(at..=at)).await.is_err() {
            return;
        }
        tokio::time::sleep(wait).await;
    }
}

async fn half(body: Bytes, mut to: Sender<Bytes, io::Error>) {
    let _ = to.send_data(body.slice(..body.len() / 2)).await;
    tokio::time::sleep(HALF).await;
    to.abort(io::Error::other("cut off, as told"));
}

fn respond(reply: &Reply, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = reply.code().try_into().unwrap_or_default();
    *response.headers_mut() = reply.headers().clone();
    response
}
