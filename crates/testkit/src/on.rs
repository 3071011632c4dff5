//! [`On`] and [`Rule`]: how a kit is told what happens, where, and when.

use std::fmt::Display;
use std::sync::Arc;

use serde_core::Serialize;

use crate::address::Address;
use crate::rule::{Deed, Told};
use crate::{Fault, Received, Reply, Testkit, reply};

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
    pub(crate) kit: &'k Testkit,
    pub(crate) address: Address,
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
    /// item. A filter by what the document does not mark is refused, unless the rule is [`unchecked`](Rule::unchecked).
    ///
    /// # Panics
    ///
    /// If it is said of an operation that is no list with pages, or an item can be no JSON.
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

    /// Answers with what a function makes of the request. If it panics, the answer is 500, and what it said is among the
    /// [`problems`](Testkit::problems).
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
    /// # Panics
    ///
    /// If the fault can't be sent: an answer can't have its status, or its address can be no header.
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.on("POST /linode/instances").fault(Fault::TooManyRequests).header("Retry-After", 1).once();
    /// ```
    #[track_caller]
    pub fn fault(self, fault: Fault) -> Rule<'k> {
        if let Some(problem) = fault.problem() {
            panic!("{problem}");
        }
        self.tell(Deed::Fault(fault))
    }

    pub(crate) fn tell(self, deed: Deed) -> Rule<'k> {
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
/// others, of which the one given last counts.
///
/// Of the faults for a request the first one happens, whatever answers were given for it, before or after, and how often. An answer of which the
/// fault lets nothing or only a part arrive is not used up: it is there for the next request.
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

    /// Happens by chance, from 0 (never) to 1 (always); see [`Builder::seed`](crate::Builder::seed).
    ///
    /// ```
    /// # use linode_testkit::{Fault, Testkit};
    /// let kit = Testkit::start();
    /// kit.everywhere().fault(Fault::Reset).chance(0.02);
    /// ```
    pub fn chance(self, chance: f64) -> Self {
        self.change(|told| told.chance = Some(chance))
    }

    /// Happens on these requests only. The function must not use the kit. If it panics, the answer is 500, and what it said is among the
    /// [`problems`](Testkit::problems).
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
    /// # Panics
    ///
    /// If an answer can't have it.
    ///
    /// ```
    /// # use linode_testkit::{Testkit, json};
    /// let kit = Testkit::start();
    /// kit.on("POST /account/payments").answer(json!({})).status(202);
    /// ```
    #[track_caller]
    pub fn status(self, status: u16) -> Self {
        let status = reply::sendable(status);
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
