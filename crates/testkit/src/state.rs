//! What server and kit share: the rules, what was received, and what becomes of a request.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use linode_witness::{Answered, Demand, Document, Operation, Received as Wire, split_version};

use crate::address::Address;
use crate::fault::{Effect, Fault};
use crate::gone::Gone;
use crate::rule::{Deed, Told, With};
use crate::upstream::{self, Upstream};
use crate::{Exchange, Json, Received, Recording, Reply, filter, json, page, useful};

/// What server and kit share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) document: Arc<Document>,
    checks: bool,
    upstream: Option<Upstream>,
    /// What recorded exchanges are added to.
    file: Option<PathBuf>,
    /// Where the kit listens, from when it does.
    pub(crate) url: OnceLock<String>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) rules: Vec<Told>,
    pub(crate) received: Vec<Received>,
    /// How many were received before those, and taken away.
    pub(crate) taken: usize,
    pub(crate) recorded: Vec<Exchange>,
    pub(crate) abandoned: usize,
    pub(crate) limit: Option<Limit>,
    pub(crate) gone: Gone,
    /// How much was done: requests that change something, and were answered with success.
    pub(crate) done: u64,
    /// What the document says of an operation, by its key: made once.
    made: HashMap<String, Answered>,
    dice: u64,
}

/// The longest window of a limit: a time that no test waits for, and that can be counted with.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// So many requests in a window of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) most: u32,
    pub(crate) window: Duration,
    left: u32,
    reset: SystemTime,
}

impl Limit {
    pub(crate) fn new(most: u32, window: Duration) -> Self {
        Limit {
            most,
            window: window.min(LONGEST),
            left: most,
            reset: UNIX_EPOCH,
        }
    }

    /// Counts a request, and says what the headers say; and whether it was one too many.
    fn count(&mut self, now: SystemTime) -> (HeaderMap, bool) {
        if now >= self.reset {
            (self.left, self.reset) = (self.most, now + self.window);
        }
        let over = self.left == 0;
        self.left = self.left.saturating_sub(1);
        let wait = self.reset.duration_since(now).unwrap_or_default();
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let headers = [
            ("x-ratelimit-limit", u64::from(self.most)),
            ("x-ratelimit-remaining", u64::from(self.left)),
            ("x-ratelimit-reset", now + seconds),
            ("retry-after", seconds),
        ];
        let headers = headers
            .into_iter()
            .filter(|(name, _)| over || *name != "retry-after");
        let headers =
            headers.map(|(name, value)| (http::HeaderName::from_static(name), value.into()));
        (headers.collect(), over)
    }
}

/// A request that was taken note of.
struct Heard {
    /// Its place among all that were received.
    number: usize,
    received: Received,
    chosen: Chosen,
}

/// The rules that were chosen for a request: what to do, and what would be right.
#[derive(Default)]
struct Chosen {
    fault: Option<(Fault, Told)>,
    answer: Option<Told>,
    limits: HeaderMap,
    over: bool,
    /// Why it could not be told which are for the request.
    unclear: Option<String>,
}

/// A request of which something will still become. Its client may go away before that, and the future that answers it with it.
struct Open<'s> {
    state: &'s State,
    number: usize,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if let Some(received) = self.state.lock().numbered(self.number) {
            received.settled = true;
        }
    }
}

impl Chosen {
    /// Whether the right answer is wanted, and nobody told it.
    fn wants_upstream(&self) -> bool {
        let fault = self.fault.as_ref();
        let wanted = fault.is_none_or(|(fault, _)| fault.wants_right());
        wanted && !self.over && self.unclear.is_none() && self.answer.is_none()
    }
}

impl State {
    pub(crate) fn new(
        document: Arc<Document>,
        checks: bool,
        upstream: Option<Upstream>,
        file: Option<PathBuf>,
        seed: u64,
    ) -> Self {
        let inner = Inner {
            rules: standing(),
            dice: mixed(seed),
            ..Inner::default()
        };
        State {
            document,
            checks,
            upstream,
            file,
            url: OnceLock::new(),
            inner: Mutex::new(inner),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a request, and says what becomes of it.
    pub(crate) async fn answer_to(&self, wire: Wire) -> Effect {
        let heard = self.hear(wire);
        let _open = Open {
            state: self,
            number: heard.number,
        };
        let upstream = self
            .upstream
            .as_ref()
            .filter(|_| heard.chosen.wants_upstream());
        let brought = match upstream {
            Some(upstream) => Some(self.bring(upstream, &heard).await),
            None => None,
        };
        self.settle(heard, brought)
    }

    fn hear(&self, wire: Wire) -> Heard {
        let operation = self.document.route(&wire.method, &wire.path);
        let mut received = self.read(wire, operation.as_ref());
        let key = operation.as_ref().map(Operation::key);
        let mut inner = self.lock();
        let chosen = inner.choose(key.as_deref(), &received);
        let unchecked = chosen.answer.as_ref().is_some_and(|told| told.unchecked);
        if unchecked || !self.checks {
            received.problems.clear();
        }
        inner.received.push(received.clone());
        Heard {
            number: inner.taken + inner.received.len() - 1,
            received,
            chosen,
        }
    }

    /// The answer of the server behind this one, which is recorded.
    async fn bring(&self, upstream: &Upstream, heard: &Heard) -> Reply {
        let received = &heard.received;
        let reply = match upstream.forward(received).await {
            Ok(reply) => reply,
            Err(problem) => return Reply::error(502, &problem),
        };
        let operation = self.document.route(received.method(), received.path());
        let exchange = upstream::record(received, &reply, operation.as_ref());
        let written = self.file.as_ref().map(|file| {
            let line = Recording::from_iter([exchange.clone()]);
            let written = line.append(file);
            written.map_err(|error| format!("not recorded: {}: {error}", file.display()))
        });
        let mut inner = self.lock();
        inner.recorded.push(exchange);
        if let (Some(Err(problem)), Some(kept)) = (written, inner.numbered(heard.number)) {
            kept.problems.push(problem);
        }
        drop(inner);
        reply
    }

    fn settle(&self, heard: Heard, brought: Option<Reply>) -> Effect {
        let Heard {
            number,
            mut received,
            chosen,
        } = heard;
        let operation = self.document.route(received.method(), received.path());
        let limits = chosen.limits.clone();
        let before = received.problems.len();
        let mut effect = self.effect(operation.as_ref(), &mut received, chosen, brought);
        if let Some(reply) = effect.reply_mut() {
            reply.add(&limits);
            if let Some(problem) = reply.problem() {
                *reply = Reply::error(500, &problem);
                received.problems.push(problem);
            }
        }
        let code = effect.reply_mut().map(|reply| reply.code());
        let does = operation.is_some() && received.method() != "GET";
        let succeeds = code.is_some_and(|code| (200..300).contains(&code));
        let mut inner = self.lock();
        inner.done += u64::from(does && succeeds);
        if let Some(kept) = inner.numbered(number) {
            kept.answered = code;
            kept.problems.extend(received.problems.drain(before..));
        }
        effect
    }

    fn read(&self, wire: Wire, operation: Option<&Operation<'_>>) -> Received {
        let Some(operation) = operation else {
            let problem = format!(
                "the document has no operation {} {}",
                wire.method, wire.path
            );
            return Received {
                wire,
                operation: None,
                arguments: Vec::new(),
                problems: vec![problem],
                answered: None,
                settled: false,
            };
        };
        let arguments = operation.arguments(&wire.path).unwrap_or_default();
        let arguments = arguments
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Received {
            operation: Some(format!("{} {}", operation.method(), operation.path())),
            arguments: arguments.collect(),
            problems: operation.problems(&wire, Demand::Right),
            answered: None,
            settled: false,
            wire,
        }
    }

    fn effect(
        &self,
        operation: Option<&Operation<'_>>,
        received: &mut Received,
        chosen: Chosen,
        brought: Option<Reply>,
    ) -> Effect {
        if let Some(problem) = chosen.unclear {
            let reply = Reply::error(500, &problem);
            received.problems.push(problem);
            return Effect::Reply(reply);
        }
        if chosen.over {
            return Fault::TooManyRequests.strike(|| Reply::status(429));
        }
        let answer = chosen.answer;
        let right = || brought.unwrap_or_else(|| self.right(operation, received, answer));
        let Some((fault, told)) = chosen.fault else {
            return Effect::Reply(right());
        };
        let mut effect = fault.strike(right);
        if let Some(reply) = effect.reply_mut() {
            reply.add(&told.headers);
        }
        effect
    }

    /// What the API would answer: what it refuses, and otherwise what the kit was told or the document says.
    fn right(
        &self,
        operation: Option<&Operation<'_>>,
        received: &mut Received,
        told: Option<Told>,
    ) -> Reply {
        if let Some(refused) = refused(operation, received, told.as_ref()) {
            return refused;
        }
        let mut reply = match (&told, operation) {
            (Some(told), _) => self.answer(operation, received, told),
            (None, Some(operation)) => self.document_says(operation, received),
            (None, None) => Reply::error(404, "Not found"),
        };
        let replayed = told
            .as_ref()
            .is_some_and(|told| matches!(told.deed, Deed::Replay(_)));
        if let Some(release) = operation.and(self.document.release()).filter(|_| !replayed) {
            reply = reply.header("X-Spec-Version", release);
        }
        if let Some(told) = told {
            reply.add(&told.headers);
            reply = match told.status {
                Some(status) => reply.with_status(status),
                None => reply,
            };
        }
        reply
    }

    fn answer(
        &self,
        operation: Option<&Operation<'_>>,
        received: &mut Received,
        told: &Told,
    ) -> Reply {
        let made = || {
            operation
                .map(|operation| self.made(operation))
                .unwrap_or_default()
        };
        match &told.deed {
            Deed::Answer(given) => {
                let made = made();
                let status = if made.status == 0 { 200 } else { made.status };
                let under = made.json.unwrap_or_default();
                Reply::json(status, page::overlay(&under, given))
            }
            Deed::Items(given) => {
                let under = made().json.unwrap_or_default();
                let items = page::overlay(&under["data"], &json!(given));
                let items = items.as_array().cloned().unwrap_or_default();
                page::page(items, received, told.page_size)
            }
            Deed::Reply(reply) => reply.clone(),
            Deed::With(with) => made_by(with, received),
            Deed::Replay(tape) => tape.reply(received).unwrap_or_else(|problem| {
                // A status that no client takes for the API's, and none tries again.
                let reply = Reply::error(501, &problem);
                received.problems.push(problem);
                reply
            }),
            Deed::Fault(_) => Reply::status(500),
        }
    }

    /// The answer that the document describes; what it lists is what the request asks for, and what was deleted is gone.
    fn document_says(&self, operation: &Operation<'_>, received: &Received) -> Reply {
        let path = split_version(received.path()).1;
        let mut inner = self.lock();
        // A number, a certificate: what has one address is created there again.
        if received.method() == "POST" {
            inner.gone.create(path);
        }
        if inner.gone.holds(path) {
            return Reply::error(404, "Not found");
        }
        if received.method() == "DELETE" {
            inner.gone.delete(path);
        }
        drop(inner);
        self.described(operation, received)
    }

    fn described(&self, operation: &Operation<'_>, received: &Received) -> Reply {
        let made = self.made(operation);
        let Some(mut json) = made.json else {
            return match made.media_type.as_str() {
                "" => Reply::status(made.status),
                media_type => Reply::bytes(made.status, media_type, made.bytes),
            };
        };
        if operation.is_paged()
            && let Some(Json::Array(mut items)) = json.get_mut("data").map(Json::take)
        {
            let done = self.lock().done;
            items.iter_mut().for_each(|item| useful::event(item, done));
            if let Some(filter) = received.filter() {
                items
                    .iter_mut()
                    .for_each(|item| filter::suit(item, &filter));
            }
            return page::page(items, received, None);
        }
        Reply::json(made.status, json)
    }

    fn made(&self, operation: &Operation<'_>) -> Answered {
        let key = operation.key();
        if let Some(made) = self.lock().made.get(&key) {
            return made.clone();
        }
        let mut made = operation.made(0);
        if let (Some(json), Some(url)) = (&mut made.json, self.url.get()) {
            useful::complete(json, url);
        }
        self.lock().made.insert(key, made.clone());
        made
    }
}

impl Inner {
    /// A request by its place among all that were received, if it is still here.
    fn numbered(&mut self, number: usize) -> Option<&mut Received> {
        self.received.get_mut(number.checked_sub(self.taken)?)
    }

    /// The requests up to the first of which something will still become.
    pub(crate) fn take_received(&mut self) -> Vec<Received> {
        let settled = self.received.iter().take_while(|received| received.settled);
        let settled = settled.count();
        self.taken += settled;
        self.received.drain(..settled).collect()
    }

    /// The rules for a request: the first fault and the first answer by their ranks. Their uses are counted.
    fn choose(&mut self, key: Option<&str>, received: &Received) -> Chosen {
        let mut order: Vec<_> = (0..self.rules.len())
            .filter(|index| self.rules[*index].left != Some(0))
            .filter(|index| self.rules[*index].address.holds(key, received))
            .collect();
        order.sort_by_key(|index| self.rules[*index].rank(*index));
        let mut chosen = Chosen::default();
        order.retain(|index| {
            let when = self.rules[*index].when.as_ref();
            let meant = when.map_or(Ok(true), |when| caught("decides", || when(received)));
            meant.unwrap_or_else(|problem| {
                chosen.unclear = Some(problem);
                false
            })
        });
        if let Some(limit) = self.limit.as_mut().filter(|_| key.is_some()) {
            (chosen.limits, chosen.over) = limit.count(SystemTime::now());
        }
        if chosen.over || chosen.unclear.is_some() {
            return chosen;
        }
        let mut answer = None;
        for index in order {
            let chance = self.rules[index].chance;
            if chance.is_some_and(|chance| self.throw() >= chance) {
                continue;
            }
            let told = &mut self.rules[index];
            match &told.deed {
                Deed::Fault(fault) if chosen.fault.is_none() => {
                    let fault = fault.clone();
                    told.spend();
                    chosen.fault = Some((fault, told.clone()));
                }
                Deed::Fault(_) => {}
                _ => answer = answer.or(Some(index)),
            }
        }
        // An answer that does not arrive whole is not used up.
        let fault = chosen.fault.as_ref();
        let arrives = fault.is_none_or(|(fault, _)| fault.delivers());
        chosen.answer = answer.map(|index| {
            let told = &mut self.rules[index];
            if arrives {
                told.spend();
            }
            told.clone()
        });
        chosen
    }

    /// A number from 0 to 1, by the seed.
    fn throw(&mut self) -> f64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        (self.dice >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Where the dice begin: seeds that lie side by side begin far apart, and none at nothing, where they would stay.
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)).max(1)
}

/// The rules of a kit that was told nothing.
pub(crate) fn standing() -> Vec<Told> {
    let files = Address::Beside(format!("PUT {}", useful::FILES));
    vec![Told::new(files, Deed::Reply(Reply::status(200)))]
}

/// What the API refuses: a request without a token, or one that is not as described.
fn refused(
    operation: Option<&Operation<'_>>,
    received: &Received,
    told: Option<&Told>,
) -> Option<Reply> {
    let operation = operation.filter(|_| !told.is_some_and(|told| told.unchecked))?;
    if received.problems.is_empty() {
        return None;
    }
    if received.header("authorization").is_none() && !operation.is_public() {
        return Some(Reply::error(401, "Invalid Token"));
    }
    let errors: Vec<_> = received
        .problems
        .iter()
        .map(|problem| error(problem))
        .collect();
    Some(Reply::json(400, json!({"errors": errors})))
}

/// What a function of the test makes of a request.
fn made_by(with: &With, received: &mut Received) -> Reply {
    let made = caught("replies", || with(received));
    made.unwrap_or_else(|problem| {
        let reply = Reply::error(500, &problem);
        received.problems.push(problem);
        reply
    })
}

/// What a function of the test gives. One that panics is a problem of this request, and not the end of the connection.
fn caught<T>(does: &str, function: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(function)).map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or(panic.downcast_ref::<&str>().copied());
        format!(
            "the function that {does} panicked: {}",
            words.unwrap_or("without words")
        )
    })
}

/// An error of the API, with the field if the problem is one's.
fn error(problem: &str) -> Json {
    let field = problem
        .strip_prefix("body.")
        .and_then(|rest| rest.split_once(' '));
    match field {
        Some((field, reason)) => json!({"reason": format!("{field} {reason}"), "field": field}),
        None => json!({"reason": problem}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_and_starts_again() {
        let now = UNIX_EPOCH + Duration::from_millis(1_000_500);
        let mut limit = Limit::new(2, Duration::from_secs(10));
        let say = |headers: &HeaderMap, name: &str| headers[name].to_str().unwrap().to_owned();
        assert!(!limit.count(now).1);
        let (headers, over) = limit.count(now);
        assert!(!over && !headers.contains_key("retry-after"));
        assert_eq!(say(&headers, "x-ratelimit-remaining"), "0");
        let (headers, over) = limit.count(now + Duration::from_millis(2500));
        assert!(over);
        assert_eq!(say(&headers, "retry-after"), "8");
        assert_eq!(say(&headers, "x-ratelimit-reset"), "1011");
        assert!(!limit.count(now + Duration::from_secs(10)).1);
        let mut forever = Limit::new(1, Duration::MAX);
        assert!(!forever.count(now).1 && forever.count(now).1);
    }

    #[test]
    fn every_seed_begins_elsewhere() {
        let first = |seed| {
            let mut inner = Inner {
                dice: mixed(seed),
                ..Inner::default()
            };
            inner.throw()
        };
        let firsts: Vec<f64> = (0..1000).map(first).collect();
        let low = firsts.iter().filter(|first| **first < 0.1).count();
        assert!((50..150).contains(&low), "{low} of 1000 are below 0.1");
        assert!(first(0) != first(1) && first(2) != first(3));
        let nothing = 0_u64.wrapping_sub(0x9e37_79b9_7f4a_7c15);
        assert_ne!(mixed(nothing), 0);
    }

    #[test]
    fn a_problem_of_a_field_names_it() {
        assert_eq!(
            error("body.specs.disk is 1, and not a string"),
            json!({"reason": "specs.disk is 1, and not a string", "field": "specs.disk"})
        );
        assert_eq!(
            error("the body is empty"),
            json!({"reason": "the body is empty"})
        );
    }
}
