//! What a rule is for: an operation, one address of it, everything, or an address that is not in the document.

use linode_witness::{Document, key};

use crate::Received;

/// What a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// Every operation.
    Everywhere,
    /// Whatever arrives, in the document or not.
    Anything,
    /// An operation, and the arguments in its path if they were given.
    Operation {
        key: String,
        arguments: Option<Vec<String>>,
    },
    /// Any method and path, as they come.
    Beside(String),
}

impl Address {
    /// The operation that a text such as `GET /images/{imageId}` or `GET /images/private%2F1` means.
    pub(crate) fn operation(document: &Document, text: &str) -> Result<Self, String> {
        let (method, path) = text.trim().split_once(' ').ok_or_else(|| {
            format!("{text:?} is no operation: a method and a path, as `GET /linode/instances`")
        })?;
        let key = key(method, path.trim());
        if document.operation(&key).is_some() {
            return Ok(Address::Operation {
                key,
                arguments: None,
            });
        }
        let method = method.to_ascii_uppercase();
        let Some(operation) = document.route(&method, path.trim()) else {
            return Err(unknown(document, &method, path.trim()));
        };
        let arguments = operation.arguments(path.trim()).unwrap_or_default();
        Ok(Address::Operation {
            key: operation.key(),
            arguments: Some(arguments.into_iter().map(|(_, value)| value).collect()),
        })
    }

    /// Whether a request goes there.
    pub(crate) fn holds(&self, key: Option<&str>, received: &Received) -> bool {
        match self {
            Address::Everywhere => key.is_some(),
            Address::Anything => true,
            Address::Operation {
                key: wanted,
                arguments,
            } => {
                let given = received.arguments.iter().map(|(_, value)| value);
                key == Some(wanted)
                    && arguments
                        .as_ref()
                        .is_none_or(|these| these.iter().eq(given))
            }
            Address::Beside(wanted) => {
                wanted.split_once(' ') == Some((received.method(), received.path()))
            }
        }
    }
}

/// What is said of an operation that the document lacks, with those that look most like it.
fn unknown(document: &Document, method: &str, path: &str) -> String {
    let mut alike: Vec<_> = document
        .operations()
        .map(|operation| {
            let same = operation.path().bytes().zip(path.bytes());
            let same = same.take_while(|(one, other)| one == other).count();
            let text = format!("{} {}", operation.method(), operation.path());
            (usize::MAX - same, operation.method() != method, text)
        })
        .collect();
    alike.sort();
    let alike: Vec<_> = alike.into_iter().take(3).map(|(_, _, text)| text).collect();
    format!(
        "the document has no operation {method} {path}; it has {}",
        alike.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document::parse(
            "{paths: {/images: {get: {}, post: {}}, '/images/{imageId}': {get: {}}, /tags: {get: {}}}}",
        )
        .unwrap()
    }

    #[test]
    fn an_operation_is_known_by_any_spelling() {
        let document = document();
        let of = |text: &str| Address::operation(&document, text).unwrap();
        assert_eq!(of("GET /images/{imageId}"), of("get /images/{id}"));
        assert_eq!(of("GET /v4/images/{imageId}"), of("GET /images/{}"));
        assert_eq!(
            of("GET /images/private%2F1"),
            Address::Operation {
                key: "GET /images/{}".to_owned(),
                arguments: Some(vec!["private/1".to_owned()])
            }
        );
    }

    #[test]
    fn what_is_not_in_the_document_is_told_with_what_is() {
        let problem = Address::operation(&document(), "PUT /images").unwrap_err();
        assert_eq!(
            problem,
            "the document has no operation PUT /images; it has GET /images, GET /images/{imageId}, POST /images"
        );
        assert!(
            Address::operation(&document(), "images")
                .unwrap_err()
                .contains("a method and a path")
        );
    }
}
