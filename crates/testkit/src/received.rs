//! [`Received`]: a request as it arrived, and what was made of it.

use bytes::Bytes;
use linode_witness::Received as Wire;
use percent_encoding::percent_decode_str;

use crate::Json;

/// A request as it arrived, what was wrong with it, and how it was answered.
///
/// ```
/// # fn run(kit: linode_testkit::Testkit) {
/// let received = kit.received();
/// assert_eq!(received[0].line(), "GET /v4/linode/instances?page=1");
/// assert_eq!(received[0].operation(), Some("GET /linode/instances"));
/// assert_eq!(received[0].query("page").as_deref(), Some("1"));
/// assert!(received[0].problems().is_empty());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Received {
    pub(crate) wire: Wire,
    pub(crate) operation: Option<String>,
    pub(crate) arguments: Vec<(String, String)>,
    pub(crate) problems: Vec<String>,
    pub(crate) answered: Option<u16>,
    /// Nothing more will become of it.
    pub(crate) settled: bool,
}

impl Received {
    /// The operation that it is for, as `GET /linode/instances/{linodeId}`; `None` if the document has none.
    ///
    /// ```
    /// fn is_boot(received: &linode_testkit::Received) -> bool {
    ///     received.operation() == Some("POST /linode/instances/{linodeId}/boot")
    /// }
    /// ```
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Method and address: `GET /v4/tags?page=1`.
    ///
    /// ```
    /// fn print(received: &linode_testkit::Received) {
    ///     println!("{}", received.line());
    /// }
    /// ```
    pub fn line(&self) -> String {
        let query = self.wire.query.as_ref().map(|query| format!("?{query}"));
        format!(
            "{} {}{}",
            self.wire.method,
            self.wire.path,
            query.unwrap_or_default()
        )
    }

    /// The method, in capitals.
    ///
    /// ```
    /// fn changes(received: &linode_testkit::Received) -> bool {
    ///     received.method() != "GET"
    /// }
    /// ```
    pub fn method(&self) -> &str {
        &self.wire.method
    }

    /// The path as it came.
    ///
    /// ```
    /// fn is_beta(received: &linode_testkit::Received) -> bool {
    ///     received.path().starts_with("/v4beta/")
    /// }
    /// ```
    pub fn path(&self) -> &str {
        &self.wire.path
    }

    /// A parameter of the path, decoded.
    ///
    /// ```
    /// fn linode(received: &linode_testkit::Received) -> Option<i64> {
    ///     received.argument("linodeId")?.parse().ok()
    /// }
    /// ```
    pub fn argument(&self, name: &str) -> Option<&str> {
        let found = self.arguments.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded.
    ///
    /// ```
    /// fn page(received: &linode_testkit::Received) -> Option<u32> {
    ///     received.query("page")?.parse().ok()
    /// }
    /// ```
    pub fn query(&self, name: &str) -> Option<String> {
        let decode = |text: &str| {
            let text = text.replace('+', " ");
            percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        let pairs = self.wire.query.as_deref()?.split('&');
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .find(|(known, _)| decode(known) == name)
            .map(|(_, value)| decode(value))
    }

    /// A header.
    ///
    /// ```
    /// fn token(received: &linode_testkit::Received) -> Option<&str> {
    ///     received.header("Authorization")?.strip_prefix("Bearer ")
    /// }
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        self.wire.header(&name).first().copied()
    }

    /// The filter of a list.
    ///
    /// ```
    /// fn wants_web(received: &linode_testkit::Received) -> bool {
    ///     received.filter().is_some_and(|filter| filter["label"] == "web")
    /// }
    /// ```
    pub fn filter(&self) -> Option<Json> {
        serde_json::from_str(self.header("x-filter")?).ok()
    }

    /// The body.
    ///
    /// ```
    /// fn size(received: &linode_testkit::Received) -> usize {
    ///     received.body().len()
    /// }
    /// ```
    pub fn body(&self) -> &Bytes {
        &self.wire.body
    }

    /// The body as JSON; null if it is none.
    ///
    /// ```
    /// fn label(received: &linode_testkit::Received) -> Option<String> {
    ///     received.json()["label"].as_str().map(str::to_owned)
    /// }
    /// ```
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.wire.body).unwrap_or_default()
    }

    /// What contradicts the document, each a sentence.
    ///
    /// ```
    /// fn is_right(received: &linode_testkit::Received) -> bool {
    ///     received.problems().is_empty()
    /// }
    /// ```
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The status that was answered; `None` if nothing was.
    ///
    /// ```
    /// fn was_refused(received: &linode_testkit::Received) -> bool {
    ///     received.answered().is_some_and(|status| status >= 400)
    /// }
    /// ```
    pub fn answered(&self) -> Option<u16> {
        self.answered
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A request, written by hand.
    pub(crate) fn received(
        method: &str,
        path: &str,
        query: &str,
        filter: Option<&str>,
    ) -> Received {
        let headers = filter.map(|filter| ("x-filter".to_owned(), filter.to_owned()));
        Received {
            wire: Wire {
                method: method.to_owned(),
                path: path.to_owned(),
                query: (!query.is_empty()).then(|| query.to_owned()),
                headers: Vec::from_iter(headers),
                body: Bytes::new(),
            },
            operation: None,
            arguments: Vec::new(),
            problems: Vec::new(),
            answered: None,
            settled: true,
        }
    }

    #[test]
    fn a_query_is_decoded() {
        let received = received("GET", "/v4/tags", "a%20b=c%26d&e=f+g&h", None);
        assert_eq!(received.query("a b").as_deref(), Some("c&d"));
        assert_eq!(received.query("e").as_deref(), Some("f g"));
        assert_eq!(received.query("h").as_deref(), Some(""));
        assert_eq!(received.query("i"), None);
        assert_eq!(received.line(), "GET /v4/tags?a%20b=c%26d&e=f+g&h");
    }
}
