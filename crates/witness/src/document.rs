//! The document: a tree, and the operations in it.
//!
//! ```
//! use linode_witness::Document;
//!
//! assert!(Document::parse("openapi: 3.0.1").is_err(), "a document without paths describes nothing");
//! ```

use std::collections::HashMap;

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
    /// Every operation, in the order of the document.
    places: Vec<Place>,
    /// The index of a place by its key.
    keys: HashMap<String, usize>,
}

/// Where an operation stands.
#[derive(Debug)]
struct Place {
    path: String,
    method: &'static str,
}

impl Document {
    /// Reads a document, YAML or JSON.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        // JSON is YAML, but a reader of JSON is many times faster.
        let json = text.trim_start().starts_with('{');
        let json = json.then(|| serde_json::from_str(text).ok()).flatten();
        let root: Json = json.map_or_else(|| serde_yaml::from_str(text), Ok)?;
        if !root.get("paths").is_some_and(Json::is_object) {
            return Err(Unreadable::NoPaths);
        }
        let places = places(&root);
        let mut keys = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            keys.entry(operation::key(place.method, &place.path))
                .or_insert(index);
        }
        Ok(Self { root, places, keys })
    }

    /// Every operation.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.places.iter().filter_map(|place| self.at(place))
    }

    /// The operation with a key: its method, and its path without version and without the names of parameters.
    pub fn operation(&self, key: &str) -> Option<Operation<'_>> {
        self.at(&self.places[*self.keys.get(key)?])
    }

    /// The operation that a request goes to, by its method and its path, with or without version. Where a template with
    /// parameters and one without both fit, it is the one without.
    ///
    /// ```
    /// use linode_witness::Document;
    ///
    /// let document = Document::parse(r#"{"paths": {"/tags/{label}": {"get": {}}, "/tags/all": {"get": {}}}}"#)?;
    /// assert_eq!(document.route("GET", "/v4/tags/web").unwrap().path(), "/tags/{label}");
    /// assert_eq!(document.route("GET", "/tags/all").unwrap().path(), "/tags/all");
    /// assert!(document.route("PUT", "/tags/all").is_none());
    /// # Ok::<(), linode_witness::Unreadable>(())
    /// ```
    pub fn route(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let fits = self.places.iter().filter_map(|place| {
            let same = place.method.eq_ignore_ascii_case(method);
            let arguments = same.then(|| operation::arguments(&place.path, path))??;
            Some((arguments.len(), place))
        });
        let (_, place) = fits.min_by_key(|(arguments, _)| *arguments)?;
        self.at(place)
    }

    /// The release that it describes.
    ///
    /// ```
    /// let document = linode_witness::Document::parse(r#"{"info": {"version": "4.176.0"}, "paths": {}}"#)?;
    /// assert_eq!(document.release(), Some("4.176.0"));
    /// # Ok::<(), linode_witness::Unreadable>(())
    /// ```
    pub fn release(&self) -> Option<&str> {
        self.root.pointer("/info/version")?.as_str()
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

    fn at<'d>(&'d self, place: &'d Place) -> Option<Operation<'d>> {
        let item = self.root.get("paths")?.get(&place.path)?.as_object()?;
        let node = item.get(place.method)?.as_object()?;
        Some(Operation::new(self, place.method, &place.path, item, node))
    }
}

/// Every method of every path that holds something.
fn places(root: &Json) -> Vec<Place> {
    let items = root.get("paths").and_then(Json::as_object);
    let items = items.into_iter().flatten();
    let places = items.flat_map(|(path, item)| {
        METHODS
            .into_iter()
            .filter(|method| item.get(method).is_some_and(Json::is_object))
            .map(|method| Place {
                path: path.clone(),
                method,
            })
    });
    places.collect()
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
