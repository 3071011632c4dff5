//! What server and kit share: the rules, what was received, and what becomes of a request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use linode_witness::{Answered, Demand, Document, Operation, Received as Wire};

use crate::fault::{Effect, Fault};
use crate::rule::{Deed, Told};
use crate::{Json, Received, Reply, filter, json, page};

/// What server and kit share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) document: Arc<Document>,
    checks: bool,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) rules: Vec<Told>,
    pub(crate) received: Vec<Received>,
    pub(crate) abandoned: usize,
    pub(crate) limit: Option<Limit>,
    /// What the document says of an operation, by its key: made once.
    made: HashMap<String, Answered>,
    dice: u64,
}

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
            window,
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

/// The rules that were chosen for a request: what to do, and what would be right.
#[derive(Default)]
struct Chosen {
    fault: Option<(Fault, Told)>,
    answer: Option<Told>,
    limits: HeaderMap,
    over: bool,
}

impl State {
    pub(crate) fn new(document: Arc<Document>, checks: bool, seed: u64) -> Self {
        let inner = Inner {
            dice: seed | 1,
            ..Inner::default()
        };
        State {
            document,
            checks,
            inner: Mutex::new(inner),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a request, and says what becomes of it.
    pub(crate) fn hear(&self, wire: Wire) -> Effect {
        let operation = self.document.route(&wire.method, &wire.path);
        let mut received = self.read(wire, operation.as_ref());
        let key = operation.as_ref().map(Operation::key);
        let (index, chosen) = {
            let mut inner = self.lock();
            let chosen = inner.choose(key.as_deref(), &received);
            let unchecked = chosen.answer.as_ref().is_some_and(|told| told.unchecked);
            if unchecked || !self.checks {
                received.problems.clear();
            }
            inner.received.push(received.clone());
            (inner.received.len() - 1, chosen)
        };
        let limits = chosen.limits.clone();
        let mut effect = self.effect(operation.as_ref(), &received, chosen);
        if let Some(reply) = effect.reply_mut() {
            reply.add(&limits);
            if let Some(received) = self.lock().received.get_mut(index) {
                received.answered = Some(reply.code());
            }
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
            wire,
        }
    }

    fn effect(
        &self,
        operation: Option<&Operation<'_>>,
        received: &Received,
        chosen: Chosen,
    ) -> Effect {
        if chosen.over {
            return Fault::TooManyRequests.strike(|| Reply::status(429));
        }
        let answer = chosen.answer;
        let right = || self.right(operation, received, answer);
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
        received: &Received,
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
        if let Some(release) = operation.and(self.document.release()) {
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

    fn answer(&self, operation: Option<&Operation<'_>>, received: &Received, told: &Told) -> Reply {
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
            Deed::With(with) => with(received),
            Deed::Fault(_) => Reply::status(500),
        }
    }

    /// The answer that the document describes; what it lists is what the request asks for.
    fn document_says(&self, operation: &Operation<'_>, received: &Received) -> Reply {
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
        let made = operation.made(0);
        self.lock().made.insert(key, made.clone());
        made
    }
}

impl Inner {
    /// The rules for a request; their uses are counted.
    fn choose(&mut self, key: Option<&str>, received: &Received) -> Chosen {
        let mut order: Vec<_> = (0..self.rules.len())
            .filter(|index| self.rules[*index].left != Some(0))
            .filter(|index| self.rules[*index].address.holds(key, received))
            .collect();
        order.sort_by_key(|index| self.rules[*index].rank(*index));
        order.retain(|index| {
            let when = self.rules[*index].when.clone();
            when.is_none_or(|when| when(received))
        });
        let mut chosen = Chosen::default();
        if let Some(limit) = self.limit.as_mut().filter(|_| key.is_some()) {
            (chosen.limits, chosen.over) = limit.count(SystemTime::now());
        }
        if chosen.over {
            return chosen;
        }
        for index in order {
            let chance = self.rules[index].chance;
            if chance.is_some_and(|chance| self.throw() >= chance) {
                continue;
            }
            let told = &mut self.rules[index];
            match &told.deed {
                // One fault for a request; what would be right is wanted beside it.
                Deed::Fault(_) if chosen.fault.is_some() => {}
                Deed::Fault(fault) => {
                    let fault = fault.clone();
                    told.spend();
                    chosen.fault = Some((fault, told.clone()));
                }
                _ => {
                    // An answer that does not arrive whole is not used up.
                    let arrives = chosen
                        .fault
                        .as_ref()
                        .is_none_or(|(fault, _)| fault.delivers());
                    if arrives {
                        told.spend();
                    }
                    chosen.answer = Some(told.clone());
                    break;
                }
            }
        }
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
