//! [`Fault`]: the ways to fail.

use std::time::Duration;

use http::StatusCode;

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
            Fault::OtherJson => Reply::json(200, json!([[{"unexpected": [1, "two", null]}]])),
            Fault::Redirect(to) => Reply::status(302).header("Location", to),
            Fault::Reset => return Effect::End(End::Reset),
            Fault::Close => return Effect::End(End::Close),
            Fault::Garbage => return Effect::End(End::Garbage),
            Fault::Hang => return Effect::End(End::Hang),
        })
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
    fn broken_json_is_half_of_the_right_one() {
        assert_eq!(replied(Fault::BrokenJson).into_body(), r#"{"id"#);
    }
}
