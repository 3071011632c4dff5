//! From a loaded document to the [`Api`].
//!
//! The passes, in order:
//!
//! 1. `flatten`: references followed, `allOf` merged; asked by the others schema by schema;
//! 2. `operations`: paths, versions, security, parameters, bodies, answers, pages;
//! 3. `shapes` and `unions`: each distinct shape becomes one type, seen from the side of answers or of requests;
//! 4. `markers`: filterable fields per list, and the markers that no list can use;
//! 5. `scopes`: what a token can be asked to allow;
//! 6. `positions`: where each type occurs, which is what it is named and known by.
//!
//! ```
//! use linode_spec::diagnostic::Accepted;
//! use linode_spec::load::load;
//! use linode_spec::normalise::normalise;
//!
//! let text = r#"{"openapi": "3.0.1", "info": {"title": "t", "version": "1.2.3"}, "paths": {"/tags": {"get": {
//!     "operationId": "getTags", "responses": {"200": {"description": "", "content": {"application/json": {"schema":
//!         {"type": "object", "properties": {"label": {"type": "string"}}}}}}}}}}}"#;
//! let document = load("small.json", text.as_bytes(), &Accepted::default(), false).unwrap();
//! let api = normalise(&document);
//! assert_eq!(api.operations[0].key(), "GET /tags");
//! assert_eq!(api.types.len(), 1);
//! ```

mod flatten;
mod markers;
mod operations;
mod positions;
mod scopes;
mod secrets;
mod shapes;
mod unions;

pub(crate) use self::flatten::FILTERABLE;
use crate::api::{Account, Api};
use crate::load::Document;

/// The Api model of a document.
pub fn normalise(document: &Document) -> Api {
    let mut shapes = shapes::Shapes::new(document);
    let operations = operations::operations(document, &mut shapes);
    let sites = markers::sites(document);
    let account = Account {
        markers_without_field: markers::unused(&sites, &operations),
        markers: sites.len(),
        fallbacks: shapes.fallbacks.into_iter().collect(),
        notes: shapes.flattener.notes.into_iter().collect(),
        merged_shapes: 0,
    };
    let mut api = Api {
        release: document.release.clone(),
        server: operations::server(document),
        scopes: scopes::scopes(document, &operations),
        operations,
        types: shapes.types,
        account,
    };
    positions::positions(&mut api);
    api
}
