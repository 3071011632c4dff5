//! [`Testkit`]: the server as a test has it, and how it is told what to do.

use std::env;
use std::fmt::Display;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use linode_core::{Client, ClientBuilder, Error};
use linode_witness::Document;

use crate::address::Address;
use crate::gone::Gone;
use crate::rule::Deed;
use crate::server::Server;
use crate::state::{Limit, State, standing};
use crate::tape::Tape;
use crate::upstream::Upstream;
use crate::{On, Received, Recording, Rule};

/// The pinned document of the API.
const DOCUMENT: &str = include_str!("../document.json");

/// What names a proxy in the environment for a server that speaks HTTP.
const PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// A server on loopback that stands in for the API. It stops when it is dropped: from then on connections are refused, and the port is free.
///
/// ```
/// use linode_testkit::{Testkit, json};
/// use linode_sdk::Client;
///
/// let kit = Testkit::start();
/// kit.on("GET /profile").answer(json!({"username": "ada"}));
/// let client: Client = kit.client()?;
/// # Ok::<(), linode_sdk::Error>(())
/// ```
#[derive(Debug)]
pub struct Testkit {
    pub(crate) state: Arc<State>,
    server: Server,
}

/// A kit with more to say.
///
/// ```
/// use linode_testkit::{Document, Testkit};
///
/// let document = Document::parse(r#"{"servers": [{"url": "https://x/v4"}], "paths": {"/tags": {"get": {}}}}"#)?;
/// let kit = Testkit::builder().document(document).seed(7).start()?;
/// assert!(kit.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is started yet"]
pub struct Builder {
    document: Option<Document>,
    checks: bool,
    upstream: Option<Upstream>,
    file: Option<PathBuf>,
    seed: u64,
    port: u16,
}

impl Builder {
    /// Another document than the one that the kit comes with.
    ///
    /// ```
    /// let document = linode_testkit::Document::parse("paths: {/tags: {get: {}}}")?;
    /// let builder = linode_testkit::Testkit::builder().document(document);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn document(self, document: Document) -> Self {
        Builder {
            document: Some(document),
            ..self
        }
    }

    /// Takes every request, whether it is as the document says or not.
    ///
    /// ```
    /// let builder = linode_testkit::Testkit::builder().unchecked();
    /// ```
    pub fn unchecked(self) -> Self {
        Builder {
            checks: false,
            ..self
        }
    }

    /// Brings right answers from another server, by its base URL, and records them. What the kit is told comes first, faults too; the
    /// document is not asked. Requests go on as they came, with their token: give the client the right one.
    ///
    /// What is recorded has no headers of requests. Passwords, tokens and keys are masked in it: by the names of fields, of parameters in the
    /// path, in the query and in any address, by the formats in the document, and the request's own token: wherever it stands if it has at least
    /// 8 characters, and otherwise where it is a whole value or a segment of the path. What is masked in an answer can still be read by the client.
    ///
    /// ```
    /// use linode_sdk::Client;
    /// use linode_testkit::{Recording, Testkit, json};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let real = Testkit::start();
    /// # let url = real.url(); // https://api.linode.com otherwise
    /// let kit = Testkit::builder().record(url).start()?;
    /// let client: Client = kit.client_builder().token("the-real-one").build()?;
    /// client.regions().get_region("us-east").await?;
    ///
    /// let file = std::env::temp_dir().join(format!("regions-{}.jsonl", std::process::id()));
    /// kit.recording().append(&file)?;
    ///
    /// // Later, and without the other server:
    /// let kit = Testkit::start();
    /// kit.replay(&Recording::read(&file)?);
    /// let client: Client = kit.client()?;
    /// assert_eq!(client.regions().get_region("us-east").await?.id, "us-east");
    /// # std::fs::remove_file(file)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn record(self, base_url: impl AsRef<str>) -> Self {
        let upstream = Some(Upstream::new(base_url.as_ref()));
        Builder { upstream, ..self }
    }

    /// Adds each recorded exchange to a file as well, before its answer is sent: what a program saw is not lost, however it all ends. That it can't be
    /// written is among the [`problems`](Testkit::problems).
    ///
    /// ```
    /// let builder = linode_testkit::Testkit::builder().record("https://api.linode.com").record_into("calls.jsonl");
    /// ```
    pub fn record_into(self, file: impl Into<PathBuf>) -> Self {
        let file = Some(file.into());
        Builder { file, ..self }
    }

    /// What [`Rule::chance`] throws its dice by: the same seed, the same faults.
    ///
    /// ```
    /// let builder = linode_testkit::Testkit::builder().seed(42);
    /// ```
    pub fn seed(self, seed: u64) -> Self {
        Builder { seed, ..self }
    }

    /// The port to listen on; a free one unless it is said.
    ///
    /// ```
    /// let builder = linode_testkit::Testkit::builder().port(4176);
    /// ```
    pub fn port(self, port: u16) -> Self {
        Builder { port, ..self }
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// What keeps it from listening.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::builder().start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start(self) -> io::Result<Testkit> {
        let document = self.document.map_or_else(pinned, Arc::new);
        let state = State::new(document, self.checks, self.upstream, self.file, self.seed);
        let state = Arc::new(state);
        let server = Server::start(Arc::clone(&state), self.port)?;
        let kit = Testkit { state, server };
        let _ = kit.state.url.set(kit.url());
        Ok(kit)
    }
}

/// The document that the kit comes with, read once.
fn pinned() -> Arc<Document> {
    static PINNED: OnceLock<Arc<Document>> = OnceLock::new();
    let read = || Document::parse(DOCUMENT).expect("the document that the kit comes with");
    Arc::clone(PINNED.get_or_init(|| Arc::new(read())))
}

impl Testkit {
    /// Starts a server on a free port, with the document of the release that this crate is made for.
    ///
    /// # Panics
    ///
    /// If loopback can't be listened on.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// ```
    #[track_caller]
    pub fn start() -> Self {
        let started = Testkit::builder().start();
        started.expect("a port on loopback")
    }

    /// A kit with more to say.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::builder().unchecked().start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn builder() -> Builder {
        Builder {
            document: None,
            checks: true,
            upstream: None,
            file: None,
            seed: 1,
            port: 0,
        }
    }

    /// Where it listens, as `LINODE_URL` and `base_url` take it.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// println!("LINODE_URL={}", kit.url());
    /// ```
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// A client of this server, with a token.
    ///
    /// # Errors
    ///
    /// What keeps the client from being built.
    ///
    /// ```
    /// use linode_sdk::Client;
    /// let kit = linode_testkit::Testkit::start();
    /// let client: Client = kit.client()?;
    /// # Ok::<(), linode_sdk::Error>(())
    /// ```
    pub fn client<C: From<Client>>(&self) -> Result<C, Error> {
        self.client_builder().build()
    }

    /// What builds a client of this server, with a token. If the environment names a proxy, it is told to go without: with an HTTP client of one's
    /// own, which has to be told that itself, begin with [`ClientBuilder::new`] there, and give it the [`url`](Self::url).
    ///
    /// ```
    /// use linode_sdk::Client;
    /// use std::time::Duration;
    ///
    /// let kit = linode_testkit::Testkit::start();
    /// let client: Client = kit.client_builder().timeout(Duration::from_secs(1)).build()?;
    /// # Ok::<(), linode_sdk::Error>(())
    /// ```
    pub fn client_builder<C: From<Client>>(&self) -> ClientBuilder<C> {
        let builder = ClientBuilder::new().base_url(self.url()).token("testkit");
        match PROXIES.iter().any(|name| env::var_os(name).is_some()) {
            true => builder.no_proxy(),
            false => builder,
        }
    }

    /// Says what happens on an operation: by its template, as `GET /linode/instances/{linodeId}`, or by an address of it,
    /// as `GET /linode/instances/7`.
    ///
    /// # Panics
    ///
    /// If the document has no such operation; the message names those that look like it.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("GET /regions/{regionId}").answer(json!({"label": "somewhere"}));
    /// kit.on("GET /regions/us-east").answer(json!({"label": "Newark, NJ"})).once();
    /// ```
    #[track_caller]
    pub fn on(&self, operation: impl Display) -> On<'_> {
        match Address::operation(&self.state.document, &operation.to_string()) {
            Ok(address) => On { kit: self, address },
            Err(problem) => panic!("{problem}"),
        }
    }

    /// Says what happens on every operation.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::Status(503)).chance(0.1);
    /// ```
    pub fn everywhere(&self) -> On<'_> {
        On {
            kit: self,
            address: Address::Everywhere,
        }
    }

    /// Says what happens at an address that is not in the document, such as that of a login or of an upload: a method and
    /// the whole path. What arrives there is not checked.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.beside("POST /oauth/token").answer(json!({"access_token": "t", "expires_in": 7200}));
    /// ```
    pub fn beside(&self, address: &str) -> On<'_> {
        On {
            kit: self,
            address: Address::Beside(address.to_owned()),
        }
    }

    /// Answers every request from a recording: with the first exchange like it that was not used yet, and when all were, with the last of them
    /// again. Alike are method, path, query, filter and body, whatever their spelling; what was masked may be anything, and a recording of
    /// `v4beta` answers for `v4`. A request that nothing recorded is like gets 501, and is among the [`problems`](Self::problems).
    ///
    /// Whether requests are as the document says is not checked. What is told later comes first.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Recording, Testkit};
    /// let kit = Testkit::start();
    /// let rule = kit.replay(&Recording::parse("by hand", r#"{"path": "/tags", "response_body": {"data": []}}"#)?);
    /// kit.everywhere().fault(Fault::Status(503)).once();
    /// assert_eq!(rule.used(), 0);
    /// # Ok::<(), linode_testkit::RecordingError>(())
    /// ```
    pub fn replay(&self, recording: &Recording) -> Rule<'_> {
        let on = On {
            kit: self,
            address: Address::Anything,
        };
        on.tell(Deed::Replay(Arc::new(Tape::new(recording))))
    }

    /// What was recorded so far; see [`Builder::record`].
    ///
    /// ```
    /// assert!(linode_testkit::Testkit::start().recording().exchanges().is_empty());
    /// ```
    pub fn recording(&self) -> Recording {
        self.state.lock().recorded.iter().cloned().collect()
    }

    /// What was recorded since the last time, which the kit then forgets: for long recordings.
    ///
    /// ```
    /// assert!(linode_testkit::Testkit::start().take_recording().exchanges().is_empty());
    /// ```
    pub fn take_recording(&self) -> Recording {
        let recorded = std::mem::take(&mut self.state.lock().recorded);
        recorded.into_iter().collect()
    }

    /// Lets so many requests through in a window of time, with the headers that tell; the others get 429. A window is a hundred
    /// years at most.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let kit = linode_testkit::Testkit::start();
    /// kit.limit(50, Duration::from_secs(1));
    /// ```
    pub fn limit(&self, requests: u32, window: Duration) {
        self.state.lock().limit = Some(Limit::new(requests, window));
    }

    /// Every request so far, in the order of arrival.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// assert!(kit.received().is_empty());
    /// ```
    pub fn received(&self) -> Vec<Received> {
        self.state.lock().received.clone()
    }

    /// The requests since the last time, which the kit then forgets: for long runs. Those that are being answered are kept for the next time.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// assert!(kit.take_received().is_empty());
    /// ```
    pub fn take_received(&self) -> Vec<Received> {
        self.state.lock().take_received()
    }

    /// The requests for an operation, or for an address of it, so far.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// assert_eq!(kit.received_on("POST /linode/instances").len(), 0);
    /// ```
    #[track_caller]
    pub fn received_on(&self, operation: impl Display) -> Vec<Received> {
        let address = self.on(operation).address;
        let mut received = self.received();
        received.retain(|received| {
            let key = self
                .state
                .document
                .route(received.method(), received.path());
            address.holds(key.map(|operation| operation.key()).as_deref(), received)
        });
        received
    }

    /// What arrived that contradicts the document, each a sentence with the request that it is about.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// assert!(kit.problems().is_empty());
    /// ```
    pub fn problems(&self) -> Vec<String> {
        let received = self.received();
        let of = |received: &Received| {
            let line = received.line();
            let problems = received.problems().iter();
            problems
                .map(|problem| format!("{line}: {problem}"))
                .collect::<Vec<_>>()
        };
        received.iter().flat_map(of).collect()
    }

    /// Asserts that nothing arrived that contradicts the document.
    ///
    /// # Panics
    ///
    /// If anything did; the message tells what.
    ///
    /// ```
    /// linode_testkit::Testkit::start().assert_right();
    /// ```
    #[track_caller]
    pub fn assert_right(&self) {
        let problems = self.problems();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    /// How many requests were given up by their client before the answer was ready.
    ///
    /// ```
    /// assert_eq!(linode_testkit::Testkit::start().abandoned(), 0);
    /// ```
    pub fn abandoned(&self) -> usize {
        self.state.lock().abandoned
    }

    /// Forgets all rules, the limit, what was received, recorded and deleted.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::Reset);
    /// kit.reset();
    /// ```
    pub fn reset(&self) {
        let mut inner = self.state.lock();
        inner.rules = standing();
        inner.taken += inner.received.len();
        inner.received.clear();
        inner.recorded.clear();
        inner.gone = Gone::default();
        inner.limit = None;
        inner.abandoned = 0;
    }

    /// Ends all connections and refuses new ones, until [`Testkit::accept`].
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// kit.refuse();
    /// assert!(std::net::TcpStream::connect(kit.url().trim_start_matches("http://")).is_err());
    /// ```
    pub fn refuse(&self) {
        self.server.refuse();
    }

    /// Accepts connections again, at the same address.
    ///
    /// ```
    /// let kit = linode_testkit::Testkit::start();
    /// kit.refuse();
    /// kit.accept();
    /// assert!(std::net::TcpStream::connect(kit.url().trim_start_matches("http://")).is_ok());
    /// ```
    pub fn accept(&self) {
        self.server.accept();
    }
}
