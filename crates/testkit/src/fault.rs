//! [`Fault`]: the ways to fail.

use std::str::FromStr;
use std::time::Duration;

use http::{HeaderValue, StatusCode};

use crate::reply::is_status;
use crate::{Reply, json};

/// A way to fail.
///
/// ```
/// use linode_testkit::{Fault, Testkit};
///
/// let kit = Testkit::start();
/// kit.everywhere().fault(Fault::Status(503)).header("Retry-After", 1).times(3);
/// kit.on("POST /linode/instances").fault(Fault::Reset).once();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429. Say when to come back with [`Rule::header`](crate::Rule::header): `Retry-After`, `X-RateLimit-Reset`.
    TooManyRequests,
    /// A status with a reason in JSON, as the API words it.
    Status(u16),
    /// 503 with `X-Maintenance-Mode`.
    Maintenance,
    /// 400 with the reason `Linode busy.`
    LinodeBusy,
    /// A status with a page in HTML, as from what stands before the API.
    Html(u16),
    /// The right answer, after a while.
    Slow(Duration),
    /// The right answer, a byte at a time, each after a while.
    Dribble(Duration),
    /// The head of the right answer and half of its body; then the connection ends.
    CutOff,
    /// 200, with half of the JSON of the right answer as if it were all.
    BrokenJson,
    /// 200, with JSON that is nothing like the answer.
    OtherJson,
    /// 302 to an address.
    Redirect(String),
    /// The request is read, and the connection reset.
    Reset,
    /// The request is read, and the connection closed.
    Close,
    /// The request is read, and bytes come that are no HTTP.
    Garbage,
    /// The request is read, and nothing ever comes.
    Hang,
}

/// What a fault does with the right answer.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// This is sent.
    Reply(Reply),
    /// This is sent after a while.
    After(Duration, Reply),
    /// This is sent byte for byte, each after a while.
    Dribble(Duration, Reply),
    /// This is sent up to the middle.
    CutOff(Reply),
    /// Nothing is sent, and the connection goes this way.
    End(End),
}

/// How a connection ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Reset,
    Close,
    Garbage,
    Hang,
}

impl Effect {
    /// What is sent, if anything is.
    pub(crate) fn reply_mut(&mut self) -> Option<&mut Reply> {
        match self {
            Effect::Reply(reply)
            | Effect::After(_, reply)
            | Effect::Dribble(_, reply)
            | Effect::CutOff(reply) => Some(reply),
            Effect::End(_) => None,
        }
    }
}

impl Fault {
    /// Whether the right answer arrives in the end.
    pub(crate) fn delivers(&self) -> bool {
        matches!(self, Fault::Slow(_) | Fault::Dribble(_))
    }

    /// Whether anything of the right answer is sent.
    pub(crate) fn wants_right(&self) -> bool {
        self.delivers() || matches!(self, Fault::CutOff | Fault::BrokenJson)
    }

    /// What keeps it from being sent, if anything does.
    pub(crate) fn problem(&self) -> Option<String> {
        match self {
            Fault::Status(status) | Fault::Html(status) if !is_status(*status) => Some(format!(
                "{status} is no status of an answer: it is from 200 to 999"
            )),
            Fault::Redirect(to) if HeaderValue::from_str(to).is_err() => {
                Some(format!("{to:?} is no address for a header"))
            }
            _ => None,
        }
    }

    /// What becomes of the right answer.
    pub(crate) fn strike(&self, right: impl FnOnce() -> Reply) -> Effect {
        let errors = |status, reason: &str| Reply::error(status, reason);
        Effect::Reply(match self {
            Fault::TooManyRequests => errors(429, "Too many requests"),
            Fault::Status(status) => errors(*status, reason(*status)),
            Fault::Maintenance => {
                errors(503, "Undergoing maintenance").header("X-Maintenance-Mode", "all,0")
            }
            Fault::LinodeBusy => errors(400, "Linode busy."),
            Fault::Html(status) => html(*status),
            Fault::Slow(wait) => return Effect::After(*wait, right()),
            Fault::Dribble(wait) => return Effect::Dribble(*wait, right()),
            Fault::CutOff => return Effect::CutOff(right()),
            Fault::BrokenJson => {
                let body = right().into_body();
                let half = body.slice(..body.len() / 2);
                Reply::bytes(200, "application/json", half)
            }
            Fault::OtherJson => Reply::json(200, json!([["unexpected", 1], ["two", null]])),
            Fault::Redirect(to) => Reply::status(302).header("Location", to),
            Fault::Reset => return Effect::End(End::Reset),
            Fault::Close => return Effect::End(End::Close),
            Fault::Garbage => return Effect::End(End::Garbage),
            Fault::Hang => return Effect::End(End::Hang),
        })
    }
}

/// What is said of a text that is no fault.
const SPELLINGS: &str = "a status such as 503 or 429, maintenance, busy, html:400, slow:MILLISECONDS, dribble:MILLISECONDS, cut-off, \
                         broken-json, other-json, redirect:URL, reset, close, garbage, hang";

/// Reads a fault as the program `linode-testkit` takes it.
///
/// ```
/// use std::time::Duration;
/// use linode_testkit::Fault;
///
/// assert_eq!("429".parse(), Ok(Fault::TooManyRequests));
/// assert_eq!("slow:200".parse(), Ok(Fault::Slow(Duration::from_millis(200))));
/// assert!("fast".parse::<Fault>().is_err());
/// ```
impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, rest) = text.split_once(':').unwrap_or((text, ""));
        let number = || rest.parse::<u64>().ok();
        let status = |text: &str| text.parse::<u16>().ok();
        let fault = match (name, rest.is_empty()) {
            ("429", true) => Some(Fault::TooManyRequests),
            ("maintenance", true) => Some(Fault::Maintenance),
            ("busy", true) => Some(Fault::LinodeBusy),
            ("cut-off", true) => Some(Fault::CutOff),
            ("broken-json", true) => Some(Fault::BrokenJson),
            ("other-json", true) => Some(Fault::OtherJson),
            ("reset", true) => Some(Fault::Reset),
            ("close", true) => Some(Fault::Close),
            ("garbage", true) => Some(Fault::Garbage),
            ("hang", true) => Some(Fault::Hang),
            ("html", false) => status(rest).map(Fault::Html),
            ("slow", false) => number().map(|wait| Fault::Slow(Duration::from_millis(wait))),
            ("dribble", false) => number().map(|wait| Fault::Dribble(Duration::from_millis(wait))),
            ("redirect", false) => Some(Fault::Redirect(rest.to_owned())),
            (_, true) => status(name).map(Fault::Status),
            _ => None,
        };
        let fault = fault.filter(|fault| fault.problem().is_none());
        fault.ok_or_else(|| format!("{text:?} is no fault: there is {SPELLINGS}"))
    }
}

fn reason(status: u16) -> &'static str {
    let known = StatusCode::from_u16(status).ok();
    known
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Failed")
}

fn html(status: u16) -> Reply {
    let reason = reason(status);
    let page = format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    Reply::bytes(status, "text/html", page).header("Server", "nginx")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replied(fault: Fault) -> Reply {
        match fault.strike(|| Reply::json(200, json!({"id": 1}))) {
            Effect::Reply(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_error_is_worded_as_the_api_words_it() {
        let reply = replied(Fault::Status(502));
        assert_eq!(reply.code(), 502);
        assert_eq!(
            reply.into_body(),
            r#"{"errors":[{"reason":"Bad Gateway"}]}"#
        );
        assert_eq!(
            replied(Fault::LinodeBusy).into_body(),
            r#"{"errors":[{"reason":"Linode busy."}]}"#
        );
    }

    #[test]
    fn a_fault_is_read_from_a_text() {
        let table = [
            ("504", Fault::Status(504)),
            ("html:400", Fault::Html(400)),
            (
                "redirect:http://a/b",
                Fault::Redirect("http://a/b".to_owned()),
            ),
            ("cut-off", Fault::CutOff),
        ];
        for (text, fault) in table {
            assert_eq!(text.parse(), Ok(fault), "{text}");
        }
        for text in [
            "",
            "42",
            "1000",
            "slow",
            "slow:x",
            "503:1",
            "html:199",
            "hang:1",
            "redirect:a\nb",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }

    #[test]
    fn broken_json_is_half_of_the_right_one() {
        assert_eq!(replied(Fault::BrokenJson).into_body(), r#"{"id"#);
    }
}
