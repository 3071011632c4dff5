//! Whether to try again: a function of how an attempt ended, and of nothing else.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};

use crate::error::reasons;
use crate::limit::RateLimit;

/// The reason of an error that goes away by itself.
const BUSY: &str = "Linode busy.";

/// How an attempt ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome<'a> {
    /// With an answer, whatever its status.
    Answer {
        status: StatusCode,
        headers: &'a HeaderMap,
        body: &'a [u8],
    },
    /// Without a whole one.
    Failure(Reach),
}

/// How far a request came to which no whole answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It was not tried to send, and would not be the next time: a file that is gone, a limit that has no room in time.
    Untried,
    /// There can be no connection, however often it is tried: a certificate that is not trusted.
    Barred,
    /// It was not carried out: the connection was never made, or the server said that it took no more.
    Nowhere,
    /// It may have been carried out.
    Unknown,
    /// It may have been carried out, and another attempt would end the same way.
    Pointless,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// That was it.
    Final,
    /// Another attempt, after a wait if the API told one.
    Again { told: Option<Duration> },
}

/// Which requests may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    /// None.
    Never,
    /// Those that do the same if they are made twice.
    IfRepeatable,
    /// All: the one before was not carried out.
    Always,
}

impl Outcome<'_> {
    /// What to do next. `repeatable` says whether the request may be carried out twice.
    pub(crate) fn verdict(&self, repeatable: bool) -> Verdict {
        match self.again() {
            Again::Always => Verdict::Again { told: self.told() },
            Again::IfRepeatable if repeatable => Verdict::Again { told: self.told() },
            _ => Verdict::Final,
        }
    }

    /// Whether the request may have been carried out.
    pub(crate) fn may_have_arrived(&self) -> bool {
        let unsent = matches!(self, Outcome::Failure(Reach::Untried | Reach::Barred));
        !unsent && self.again() != Again::Always
    }

    fn again(&self) -> Again {
        match self {
            Outcome::Failure(Reach::Nowhere) => Again::Always,
            Outcome::Failure(Reach::Unknown) => Again::IfRepeatable,
            Outcome::Failure(Reach::Untried | Reach::Barred | Reach::Pointless) => Again::Never,
            Outcome::Answer {
                status,
                headers,
                body,
            } => match status.as_u16() {
                408 | 429 => Again::Always,
                503 if !headers.contains_key("x-maintenance-mode") => Again::Always,
                400 if is_nginx(headers) || is_busy(body) => Again::Always,
                500 | 502 | 504 => Again::IfRepeatable,
                _ => Again::Never,
            },
        }
    }

    /// How long the API asks to wait.
    fn told(&self) -> Option<Duration> {
        let Outcome::Answer {
            status, headers, ..
        } = self
        else {
            return None;
        };
        let limit = RateLimit::of(headers);
        let reset = limit
            .resets_in()
            .filter(|_| *status == StatusCode::TOO_MANY_REQUESTS);
        limit.retry_after.or(reset)
    }
}

/// A 400 that the proxy before the API makes of its own: the API never saw the request.
fn is_nginx(headers: &HeaderMap) -> bool {
    let starts = |name, prefix: &str| {
        let value = headers.get(name).map(http::HeaderValue::as_bytes);
        value
            .and_then(|value| value.get(..prefix.len()))
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    starts(header::SERVER, "nginx") && starts(header::CONTENT_TYPE, "text/html")
}

fn is_busy(body: &[u8]) -> bool {
    reasons(body).iter().any(|reason| reason.reason == BUSY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY_BODY: &str = r#"{"errors": [{"reason": "Linode busy."}]}"#;

    /// Status, headers, body; whether it is tried again if it may be repeated, and if it may not.
    type Row = (
        u16,
        &'static [(&'static str, &'static str)],
        &'static str,
        bool,
        bool,
    );

    const TABLE: &[Row] = &[
        (200, &[], "", false, false),
        (204, &[], "", false, false),
        (302, &[("location", "/")], "", false, false),
        (
            400,
            &[],
            r#"{"errors": [{"reason": "Label is too long"}]}"#,
            false,
            false,
        ),
        (400, &[], BUSY_BODY, true, true),
        (400, &[], "null", false, false),
        (
            400,
            &[("server", "nginx"), ("content-type", "text/html")],
            "<html>",
            true,
            true,
        ),
        (
            400,
            &[
                ("server", "nginx/1.2"),
                ("content-type", "Text/HTML; charset=utf-8"),
            ],
            "",
            true,
            true,
        ),
        (
            400,
            &[("server", "nginx"), ("content-type", "application/json")],
            "{}",
            false,
            false,
        ),
        (
            400,
            &[("server", "apache"), ("content-type", "text/html")],
            "<html>",
            false,
            false,
        ),
        (401, &[], "", false, false),
        (403, &[], "", false, false),
        (404, &[], "", false, false),
        (404, &[], BUSY_BODY, false, false),
        (408, &[], "", true, true),
        (409, &[], "", false, false),
        (422, &[], "", false, false),
        (429, &[], "", true, true),
        (500, &[], "", true, false),
        (501, &[], "", false, false),
        (502, &[], "", true, false),
        (503, &[], "", true, true),
        (503, &[("x-maintenance-mode", "true")], "", false, false),
        (503, &[("x-maintenance-mode", "")], "", false, false),
        (504, &[], "", true, false),
        (505, &[], "", false, false),
    ];

    fn headers(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let headers = headers.iter().map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )
        });
        headers.collect()
    }

    #[test]
    fn an_answer_decides() {
        for (status, names, body, repeatable, other) in TABLE {
            let outcome = Outcome::Answer {
                status: StatusCode::from_u16(*status).expect("a status"),
                headers: &headers(names),
                body: body.as_bytes(),
            };
            let again = |repeatable| outcome.verdict(repeatable) != Verdict::Final;
            assert_eq!(
                (again(true), again(false)),
                (*repeatable, *other),
                "{status} {names:?} {body}"
            );
        }
    }

    #[test]
    fn a_failure_decides() {
        let again =
            |reach, repeatable| Outcome::Failure(reach).verdict(repeatable) != Verdict::Final;
        assert_eq!(
            (again(Reach::Nowhere, true), again(Reach::Nowhere, false)),
            (true, true)
        );
        assert_eq!(
            (again(Reach::Unknown, true), again(Reach::Unknown, false)),
            (true, false)
        );
        for reach in [Reach::Untried, Reach::Barred, Reach::Pointless] {
            assert_eq!((again(reach, true), again(reach, false)), (false, false));
        }
    }

    #[test]
    fn the_api_tells_how_long_to_wait() {
        const NOW: (&str, &str) = ("date", "Wed, 01 Jan 2025 00:00:00 GMT");
        const RESET: (&str, &str) = ("x-ratelimit-reset", "1735689630");
        let told = |status, names: &[(&'static str, &'static str)]| {
            let headers = headers(names);
            let outcome = Outcome::Answer {
                status,
                headers: &headers,
                body: b"",
            };
            match outcome.verdict(true) {
                Verdict::Again { told } => told.map(|told| told.as_secs()),
                Verdict::Final => panic!("{status} is final"),
            }
        };
        let (limited, away) = (
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
        );
        assert_eq!(told(limited, &[NOW, RESET]), Some(30));
        assert_eq!(told(limited, &[NOW, RESET, ("retry-after", "7")]), Some(7));
        assert_eq!(told(limited, &[NOW, ("retry-after", "soon")]), None);
        assert_eq!(told(away, &[("retry-after", "7")]), Some(7));
        // The window of the limit has nothing to do with how long the API is away.
        assert_eq!(told(away, &[NOW, RESET]), None);
    }
}
