//! [`Testkit`]: the server as a test has it, and how it is told what to do.

use std::fmt::Display;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use linode_core::{Client, ClientBuilder, Error};
use linode_witness::Document;
use serde_core::Serialize;

use crate::address::Address;
use crate::rule::{Deed, Told};
use crate::server::Server;
use crate::state::{Limit, State};
use crate::{Fault, Received, Reply, reply};

/// The pinned document of the API.
const DOCUMENT: &str = include_str!("../document.json");

/// A server on loopback that stands in for the API. It stops when it is dropped.
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
    state: Arc<State>,
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
        let state = Arc::new(State::new(document, self.checks, self.seed));
        let server = Server::start(Arc::clone(&state), self.port)?;
        Ok(Testkit { state, server })
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

    /// What builds a client of this server, with a token.
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
        ClientBuilder::new().base_url(self.url()).token("testkit")
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

    /// Lets so many requests through in a window of time, with the headers that tell; the others get 429.
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

    /// Forgets all rules, the limit, and what was received.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::Reset);
    /// kit.reset();
    /// ```
    pub fn reset(&self) {
        let mut inner = self.state.lock();
        inner.rules.clear();
        inner.received.clear();
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

/// A place at which something is about to happen.
///
/// ```
/// # use linode_testkit::{Testkit, json};
/// let kit = Testkit::start();
/// kit.on("GET /tags").items([json!({"label": "web"})]);
/// ```
#[derive(Debug)]
#[must_use = "nothing was said yet of what happens"]
pub struct On<'k> {
    kit: &'k Testkit,
    address: Address,
}

impl<'k> On<'k> {
    /// Answers with what the document says, and these fields over it: a test says what matters to it.
    ///
    /// # Panics
    ///
    /// If the value can be no JSON.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("GET /linode/instances/7").answer(json!({"id": 7, "status": "offline"}));
    /// ```
    #[track_caller]
    pub fn answer(self, fields: impl Serialize) -> Rule<'k> {
        let fields = serde_json::to_value(fields).expect("a value that can be JSON");
        self.tell(Deed::Answer(fields))
    }

    /// Answers with a list of these: in pages, filtered and ordered as the request asks, each over what the document says of an
    /// item.
    ///
    /// # Panics
    ///
    /// If the operation is no list with pages, or an item can be no JSON.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("GET /volumes").items((1..=1000).map(|id| json!({"id": id})));
    /// ```
    #[track_caller]
    pub fn items<T: Serialize>(self, items: impl IntoIterator<Item = T>) -> Rule<'k> {
        if let Address::Operation { key, .. } = &self.address {
            let operation = self.kit.state.document.operation(key);
            assert!(
                operation.is_some_and(|operation| operation.is_paged()),
                "{key} answers with no pages"
            );
        }
        let items = items
            .into_iter()
            .map(|item| serde_json::to_value(item).expect("an item that can be JSON"));
        let items = items.collect();
        self.tell(Deed::Items(items))
    }

    /// Answers with exactly this.
    ///
    /// ```
    /// # use linode_testkit::{Reply, Testkit};
    /// let kit = Testkit::start();
    /// kit.on("GET /tags").reply(Reply::bytes(200, "application/json", "{}"));
    /// ```
    pub fn reply(self, reply: Reply) -> Rule<'k> {
        self.tell(Deed::Reply(reply))
    }

    /// Answers with what a function makes of the request.
    ///
    /// ```
    /// # use linode_testkit::{Reply, Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("POST /tags").reply_with(|received| Reply::json(200, json!({"label": received.json()["label"]})));
    /// ```
    pub fn reply_with(
        self,
        reply: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> Rule<'k> {
        self.tell(Deed::With(Arc::new(reply)))
    }

    /// Answers 404.
    ///
    /// ```
    /// # use linode_testkit::Testkit;
    /// let kit = Testkit::start();
    /// kit.on("GET /volumes/1").missing();
    /// ```
    pub fn missing(self) -> Rule<'k> {
        self.reply(Reply::error(404, "Not found"))
    }

    /// Fails.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.on("POST /linode/instances").fault(Fault::TooManyRequests).header("Retry-After", 1).once();
    /// ```
    pub fn fault(self, fault: Fault) -> Rule<'k> {
        self.tell(Deed::Fault(fault))
    }

    fn tell(self, deed: Deed) -> Rule<'k> {
        let mut inner = self.kit.state.lock();
        inner.rules.push(Told::new(self.address, deed));
        Rule {
            kit: self.kit,
            index: inner.rules.len() - 1,
        }
    }
}

/// Something that happens, and when.
///
/// Rules with a number of times come first, in the order in which they were given; then those by [`chance`](Rule::chance); then the
/// others, of which the one given last counts. A fault comes before any answer of its rank that was given later.
///
/// ```
/// # use linode_testkit::{Fault, Testkit, json};
/// let kit = Testkit::start();
/// let booting = kit.on("GET /linode/instances/7").answer(json!({"status": "booting"})).times(2);
/// let running = booting.then().answer(json!({"status": "running"}));
/// // … the program under test …
/// assert_eq!((booting.used(), running.used()), (0, 0));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rule<'k> {
    kit: &'k Testkit,
    index: usize,
}

impl<'k> Rule<'k> {
    /// Happens so many times, and no more.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::LinodeBusy).times(3);
    /// ```
    pub fn times(self, times: usize) -> Self {
        self.change(|told| told.left = Some(times))
    }

    /// Happens once.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::Close).once();
    /// ```
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Happens by chance, from 0 (never) to 1 (always); see [`Builder::seed`].
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::Reset).chance(0.02);
    /// ```
    pub fn chance(self, chance: f64) -> Self {
        self.change(|told| told.chance = Some(chance))
    }

    /// Happens on these requests only. The function must not use the kit.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.on("GET /volumes").fault(Fault::Status(500)).when(|received| received.query("page").as_deref() == Some("3"));
    /// ```
    pub fn when(self, when: impl Fn(&Received) -> bool + Send + Sync + 'static) -> Self {
        self.change(|told| told.when = Some(Arc::new(when)))
    }

    /// Sends a header with it.
    ///
    /// # Panics
    ///
    /// If the name or the value can be no header.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("GET /profile").answer(json!({})).header("X-OAuth-Scopes", "account:read_only");
    /// ```
    #[track_caller]
    pub fn header(self, name: &str, value: impl Display) -> Self {
        let (name, value) = reply::header(name, &value);
        self.change(|told| {
            told.headers.insert(name, value);
        })
    }

    /// Answers with another status.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("POST /account/payments").answer(json!({})).status(202);
    /// ```
    pub fn status(self, status: u16) -> Self {
        self.change(|told| told.status = Some(status))
    }

    /// Gives a list pages of so many items at most, whatever is asked for: many pages with few items.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("GET /tags").items([json!({"label": "a"}), json!({"label": "b"})]).page_size(1);
    /// ```
    pub fn page_size(self, most: usize) -> Self {
        self.change(|told| told.page_size = Some(most))
    }

    /// Takes requests that are not as the document says.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("POST /tags").answer(json!({})).unchecked();
    /// ```
    pub fn unchecked(self) -> Self {
        self.change(|told| told.unchecked = true)
    }

    /// Says what happens at the same place beside this.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("GET /tags").fault(Fault::Status(502)).once().then().items([json!({"label": "a"})]);
    /// ```
    pub fn then(self) -> On<'k> {
        let address = self.told(|told| told.address.clone());
        On {
            kit: self.kit,
            address: address.unwrap_or(Address::Everywhere),
        }
    }

    /// How often it happened.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// assert_eq!(kit.everywhere().fault(Fault::Hang).used(), 0);
    /// ```
    pub fn used(self) -> usize {
        self.told(|told| told.used).unwrap_or(0)
    }

    fn change(self, change: impl FnOnce(&mut Told)) -> Self {
        self.kit.state.lock().rules.get_mut(self.index).map(change);
        self
    }

    fn told<T>(self, read: impl FnOnce(&Told) -> T) -> Option<T> {
        self.kit.state.lock().rules.get(self.index).map(read)
    }
}
