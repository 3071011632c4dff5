//! The document: a tree, and the operations in it.
//!
//! ```
//! use linode_witness::Document;
//!
//! assert!(Document::parse("openapi: 3.0.1").is_err(), "a document without paths describes nothing");
//! ```

use serde_json::Map;

use crate::{Json, Operation, Replaced, examples, operation, reference};

/// The methods that a path item can hold.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Why a text is no document.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is neither YAML nor JSON.
    #[error("not YAML: {0}")]
    Yaml(#[from] serde_yaml::Error),
    /// It describes no paths.
    #[error("no object at /paths")]
    NoPaths,
}

/// An OpenAPI document, as the witness reads it.
///
/// ```
/// use linode_witness::Document;
///
/// let document = Document::parse(r#"{"paths": {"/{apiVersion}/tags": {"get": {}, "post": {}}}}"#)?;
/// assert_eq!(document.operations().count(), 2);
/// assert!(document.operation("POST /tags").is_some());
/// assert!(document.operation("PUT /tags").is_none());
/// # Ok::<(), linode_witness::Unreadable>(())
/// ```
#[derive(Debug)]
pub struct Document {
    root: Json,
}

impl Document {
    /// Reads a document, YAML or JSON.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let root: Json = serde_yaml::from_str(text)?;
        if !root.get("paths").is_some_and(Json::is_object) {
            return Err(Unreadable::NoPaths);
        }
        Ok(Self { root })
    }

    /// Every operation.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.path_items().flat_map(move |(path, item)| {
            METHODS.iter().filter_map(move |method| {
                Some(Operation::new(
                    self,
                    method,
                    path,
                    item,
                    item.get(*method)?.as_object()?,
                ))
            })
        })
    }

    /// The operation with a key: its method, and its path without version and without the names of parameters.
    pub fn operation(&self, key: &str) -> Option<Operation<'_>> {
        let (method, _) = key.split_once(' ')?;
        let method = method.to_ascii_lowercase();
        let (path, item) = self
            .path_items()
            .find(|(path, _)| operation::key(&method, path) == key)?;
        Some(Operation::new(
            self,
            &method,
            path,
            item,
            item.get(&method)?.as_object()?,
        ))
    }

    /// The examples that contradict their own schema, for each of which a value is made instead.
    ///
    /// ```
    /// use linode_witness::Document;
    ///
    /// let document = Document::parse(
    ///     r#"{"paths": {"/tags": {"get": {"responses": {"200": {"content": {"application/json": {"schema":
    ///         {"properties": {"count": {"type": "integer", "example": "many"}}}}}}}}}}}"#,
    /// )?;
    /// let replaced = document.replaced_examples();
    /// assert_eq!(replaced.len(), 1);
    /// assert!(replaced[0].pointer.ends_with("/properties/count/example"));
    /// # Ok::<(), linode_witness::Unreadable>(())
    /// ```
    pub fn replaced_examples(&self) -> Vec<Replaced> {
        examples::replaced(self)
    }

    /// The tree.
    pub(crate) fn root(&self) -> &Json {
        &self.root
    }

    /// What a reference names, and where that stands.
    pub(crate) fn resolve(&self, reference: &str) -> Option<(String, &Json)> {
        reference::resolve(&self.root, reference)
    }

    /// The node itself, or what it refers to in the end.
    pub(crate) fn follow<'d>(&'d self, at: String, node: &'d Json) -> (String, &'d Json) {
        reference::follow(&self.root, at, node)
    }

    fn path_items(&self) -> impl Iterator<Item = (&str, &Map<String, Json>)> {
        let paths = self.root.get("paths").and_then(Json::as_object);
        paths
            .into_iter()
            .flatten()
            .filter_map(|(path, item)| Some((path.as_str(), item.as_object()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_codes_may_be_numbers() {
        let document = Document::parse(
            "paths:\n  /a:\n    get:\n      responses:\n        200: {description: ''}\n",
        )
        .unwrap();
        assert!(
            document
                .root()
                .pointer("/paths/~1a/get/responses/200")
                .is_some()
        );
    }

    #[test]
    fn what_is_no_document_is_refused() {
        assert!(matches!(
            Document::parse("a: [").unwrap_err(),
            Unreadable::Yaml(_)
        ));
        assert!(matches!(
            Document::parse("paths: 3").unwrap_err(),
            Unreadable::NoPaths
        ));
    }
}
