//! What a document has, listed without the model: what the model is held against.

use openapiv3::{OpenAPI, Parameter as Described, ReferenceOr};
use serde_json::Value as Json;

use super::Document;
use crate::api::Place;
use crate::tree::Here;

/// The vendor key that marks a property as filterable.
const FILTERABLE: &str = "x-linode-filterable";

/// Everything in a document that may not get lost.
///
/// ```
/// use linode_spec::diagnostic::Accepted;
/// use linode_spec::load::load;
///
/// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths:\n  /a/{b}:\n    get:\n      \
///     parameters: [{name: b, in: path, required: true, schema: {type: string}}]\n      responses: {200: {description: ''}}\n";
/// let inventory = load("a.yaml", yaml.as_bytes(), &Accepted::default(), false)?.inventory();
/// assert_eq!(inventory.operations, ["/paths/~1a~1{b}/get"]);
/// assert_eq!(inventory.parameters[0].name, "b");
/// assert_eq!(inventory.markers, 0);
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The pointer of each operation.
    pub operations: Vec<String>,
    /// The parameters of each operation, those of its path included.
    pub parameters: Vec<Listed>,
    /// How many places carry a filter marker.
    pub markers: usize,
}

/// A parameter of an operation.
///
/// ```
/// use linode_spec::api::Place;
/// use linode_spec::load::Listed;
/// let page = Listed { operation: "/paths/~1a/get".into(), pointer: "/paths/~1a/get/parameters/0".into(), name: "page".into(), place: Place::Query };
/// assert_eq!(page.name, "page");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The pointer of the operation.
    pub operation: String,
    /// The pointer of the parameter, or of the reference to it.
    pub pointer: String,
    /// Its name.
    pub name: String,
    /// Where it travels.
    pub place: Place,
}

impl Document {
    /// What the document has, listed without the model.
    ///
    /// ```
    /// use linode_spec::load::Document;
    /// fn operations(document: &Document) -> usize {
    ///     document.inventory().operations.len()
    /// }
    /// ```
    pub fn inventory(&self) -> Inventory {
        let mut inventory = Inventory {
            markers: markers(&self.openapi),
            ..Inventory::default()
        };
        for (template, item) in &self.openapi.paths.paths {
            let ReferenceOr::Item(item) = item else {
                continue;
            };
            let paths = Here::ROOT.key("paths");
            let path = paths.key(template).to_string();
            for (method, operation) in item.iter() {
                let pointer = format!("{path}/{method}");
                let own = operation.parameters.iter().enumerate();
                let own = own.map(|(i, p)| (format!("{pointer}/parameters/{i}"), p));
                let shared = item.parameters.iter().enumerate();
                let shared = shared.map(|(i, p)| (format!("{path}/parameters/{i}"), p));
                let listed = own.chain(shared).filter_map(|(at, parameter)| {
                    let (name, place) = self.described(parameter)?;
                    Some(Listed {
                        operation: pointer.clone(),
                        pointer: at,
                        name,
                        place,
                    })
                });
                inventory.parameters.extend(listed);
                inventory.operations.push(pointer);
            }
        }
        inventory
    }

    fn described(&self, parameter: &ReferenceOr<Described>) -> Option<(String, Place)> {
        let described = match parameter {
            ReferenceOr::Item(parameter) => parameter,
            ReferenceOr::Reference { reference } => self.parameter(reference)?,
        };
        let place = match described {
            Described::Path { .. } => Place::Path,
            Described::Query { .. } => Place::Query,
            Described::Header { .. } => Place::Header,
            Described::Cookie { .. } => Place::Cookie,
        };
        Some((described.parameter_data_ref().name.clone(), place))
    }
}

/// How many objects of the document have the marker, wherever they stand.
fn markers(openapi: &OpenAPI) -> usize {
    fn count(value: &Json) -> usize {
        match value {
            Json::Object(map) => {
                let own = usize::from(map.get(FILTERABLE) == Some(&Json::Bool(true)));
                own + map.values().map(count).sum::<usize>()
            }
            Json::Array(items) => items.iter().map(count).sum(),
            _ => 0,
        }
    }
    // What was read from JSON or YAML has a JSON form.
    serde_json::to_value(openapi).map_or(0, |value| count(&value))
}
