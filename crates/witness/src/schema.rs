//! A schema as a pile of layers: what is written at a place, under it what that refers to and what its `allOf` brings in.
//!
//! A keyword is what the topmost layer with it says; properties come from all of them. Nothing is copied.
//!
//! ```
//! use linode_witness::Document;
//!
//! // The type is in one part, the example in another, and they contradict each other.
//! let document = Document::parse(
//!     r#"{"paths": {"/tags": {"get": {"responses": {"200": {"content": {"application/json": {"schema":
//!         {"allOf": [{"type": "integer"}, {"example": "many"}]}}}}}}}}}"#,
//! )?;
//! assert_eq!(document.replaced_examples().len(), 1);
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use serde_json::Map;

use crate::reference::step;
use crate::{Document, Json};

/// Keywords that offer a choice.
const CHOICES: [&str; 2] = ["oneOf", "anyOf"];

/// A schema with everything that adds to it.
#[derive(Clone, Debug)]
pub(crate) struct Schema<'d> {
    document: &'d Document,
    layers: Vec<Layer<'d>>,
}

#[derive(Clone, Debug)]
struct Layer<'d> {
    at: String,
    keywords: &'d Map<String, Json>,
    /// The layer's choice has been made; the rest of it holds for every branch.
    chosen: bool,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Array,
    Boolean,
    Choice,
    Integer,
    Number,
    Object,
    String,
}

/// What an object may hold beside its properties.
#[derive(Debug)]
pub(crate) enum Others<'d> {
    Described(Schema<'d>),
    Free,
    None,
    /// The document says nothing of them.
    Unsaid,
}

/// A branch of a choice, and the names that a tag may know it by.
#[derive(Debug)]
pub(crate) struct Branch<'d> {
    pub(crate) labels: Vec<String>,
    pub(crate) schema: Schema<'d>,
}

impl<'d> Schema<'d> {
    /// The schema written at a place.
    pub(crate) fn new(document: &'d Document, at: &str, node: &'d Json) -> Self {
        let mut schema = Self {
            document,
            layers: Vec::new(),
        };
        schema.add(at, node);
        schema
    }

    /// Where it stands.
    pub(crate) fn at(&self) -> &str {
        self.layers.first().map_or("", |layer| &layer.at)
    }

    /// What it describes.
    pub(crate) fn kind(&self) -> Kind {
        if self
            .layers
            .iter()
            .any(|layer| !layer.chosen && choice(layer.keywords).is_some())
        {
            return Kind::Choice;
        }
        let kind = self.types().iter().find_map(|name| match *name {
            "array" => Some(Kind::Array),
            "boolean" => Some(Kind::Boolean),
            "integer" => Some(Kind::Integer),
            "number" => Some(Kind::Number),
            "object" => Some(Kind::Object),
            "string" => Some(Kind::String),
            _ => None,
        });
        kind.unwrap_or_else(|| self.implied_kind())
    }

    /// What the topmost layer that has the keyword says, and where.
    pub(crate) fn keyword(&self, name: &str) -> Option<(String, &'d Json)> {
        self.layers
            .iter()
            .find_map(|layer| Some((format!("{}/{name}", layer.at), layer.keywords.get(name)?)))
    }

    /// A keyword that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&'d str> {
        self.keyword(name)?.1.as_str()
    }

    /// A keyword that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.keyword(name)?.1.as_f64()
    }

    /// Whether a keyword is set.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.keyword(name)
            .is_some_and(|(_, value)| value == &Json::Bool(true))
    }

    /// Whether null is among its values.
    pub(crate) fn nullable(&self) -> bool {
        self.flag("nullable")
            || self.types().contains(&"null")
            || self
                .enumeration()
                .is_some_and(|values| values.contains(&Json::Null))
            || self
                .layers
                .iter()
                .filter_map(|layer| choice(layer.keywords))
                .any(|(_, branches)| branches.iter().any(is_null))
    }

    /// The values that it lists.
    pub(crate) fn enumeration(&self) -> Option<&'d Vec<Json>> {
        self.keyword("enum")?.1.as_array()
    }

    /// Properties of all layers, in order.
    pub(crate) fn properties(&self) -> Vec<(&'d str, Schema<'d>)> {
        let mut found: Vec<(&'d str, Schema<'d>)> = Vec::new();
        for layer in &self.layers {
            for (name, node) in layer
                .keywords
                .get("properties")
                .and_then(Json::as_object)
                .into_iter()
                .flatten()
            {
                let at = format!("{}/properties/{}", layer.at, step(name));
                match found.iter_mut().find(|(known, _)| known == name) {
                    Some((_, schema)) => schema.add(&at, node),
                    None => found.push((name, Schema::new(self.document, &at, node))),
                }
            }
        }
        found
    }

    /// The names of the properties that have to be there, of all layers.
    pub(crate) fn required(&self) -> Vec<&'d str> {
        let lists = self
            .layers
            .iter()
            .filter_map(|layer| layer.keywords.get("required")?.as_array());
        lists.flatten().filter_map(Json::as_str).collect()
    }

    /// What an array holds.
    pub(crate) fn items(&self) -> Schema<'d> {
        self.inner("items")
    }

    /// What an object may hold beside its properties.
    pub(crate) fn others(&self) -> Others<'d> {
        match self.keyword("additionalProperties") {
            None => Others::Unsaid,
            Some((_, Json::Bool(false))) => Others::None,
            Some((_, Json::Object(keywords))) if !keywords.is_empty() => {
                Others::Described(self.inner("additionalProperties"))
            }
            Some(_) => Others::Free,
        }
    }

    /// The branches of its choice; what stands beside the choice holds for each of them.
    pub(crate) fn branches(&self) -> Vec<Branch<'d>> {
        let open = self
            .layers
            .iter()
            .position(|layer| !layer.chosen && choice(layer.keywords).is_some());
        let Some((index, (keyword, branches))) =
            open.and_then(|index| Some((index, choice(self.layers[index].keywords)?)))
        else {
            return Vec::new();
        };
        let mut beside = self.layers.clone();
        beside[index].chosen = true;
        let mapping = self.mapping();
        let branches = branches
            .iter()
            .enumerate()
            .filter(|(_, branch)| !is_null(branch));
        branches
            .map(|(place, branch)| {
                let mut schema = Schema::new(
                    self.document,
                    &format!("{}/{keyword}/{place}", self.layers[index].at),
                    branch,
                );
                let labels = schema.labels(&mapping);
                schema.layers.extend(beside.iter().cloned());
                Branch { labels, schema }
            })
            .collect()
    }

    /// The property that the document says tells the branches apart.
    pub(crate) fn discriminator(&self) -> Option<&'d str> {
        self.keyword("discriminator")?
            .1
            .get("propertyName")?
            .as_str()
    }

    fn add(&mut self, at: &str, node: &'d Json) {
        let Json::Object(keywords) = node else { return };
        if self.layers.iter().any(|layer| layer.at == at) {
            return; // a circle of references adds nothing
        }
        self.layers.push(Layer {
            at: at.to_owned(),
            keywords,
            chosen: false,
        });
        let target = keywords
            .get("$ref")
            .and_then(Json::as_str)
            .and_then(|reference| self.document.resolve(reference));
        if let Some((at, target)) = target {
            self.add(&at, target);
        }
        for (index, part) in keywords
            .get("allOf")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            self.add(&format!("{at}/allOf/{index}"), part);
        }
    }

    fn inner(&self, keyword: &str) -> Schema<'d> {
        let mut schema = Schema {
            document: self.document,
            layers: Vec::new(),
        };
        for layer in &self.layers {
            if let Some(node) = layer.keywords.get(keyword) {
                schema.add(&format!("{}/{keyword}", layer.at), node);
            }
        }
        schema
    }

    fn types(&self) -> Vec<&'d str> {
        match self.keyword("type") {
            Some((_, Json::String(name))) => vec![name],
            Some((_, Json::Array(names))) => names.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The kind of a schema that does not name its type.
    fn implied_kind(&self) -> Kind {
        if self.keyword("properties").is_some() || self.keyword("additionalProperties").is_some() {
            return Kind::Object;
        }
        if self.keyword("items").is_some() {
            return Kind::Array;
        }
        match self
            .enumeration()
            .and_then(|values| values.iter().find(|value| !value.is_null()))
        {
            Some(Json::String(_)) => Kind::String,
            Some(Json::Number(_)) => Kind::Number,
            _ => Kind::Any,
        }
    }

    /// Names for this branch: what a mapping, a vendor key, a title or a component says.
    fn labels(&self, mapping: &[(&'d str, String)]) -> Vec<String> {
        let mapped = mapping
            .iter()
            .filter(|(_, at)| self.layers.iter().any(|layer| &layer.at == at))
            .map(|(tag, _)| (*tag).to_owned());
        let named = ["x-linode-ref-name", "title"]
            .into_iter()
            .filter_map(|keyword| self.text(keyword).map(str::to_owned));
        let components = self
            .layers
            .iter()
            .filter_map(|layer| layer.at.strip_prefix("/components/schemas/"));
        let components = components
            .filter(|name| !name.contains('/'))
            .map(str::to_owned);
        mapped.chain(named).chain(components).collect()
    }

    fn mapping(&self) -> Vec<(&'d str, String)> {
        let mapping = self
            .keyword("discriminator")
            .and_then(|(_, node)| node.get("mapping"))
            .and_then(Json::as_object);
        let targets = mapping.into_iter().flatten();
        targets
            .filter_map(|(tag, target)| {
                Some((tag.as_str(), self.document.resolve(target.as_str()?)?.0))
            })
            .collect()
    }
}

fn choice(keywords: &Map<String, Json>) -> Option<(&'static str, &Vec<Json>)> {
    CHOICES
        .into_iter()
        .find_map(|name| Some((name, keywords.get(name)?.as_array()?)))
}

/// A branch that stands for null, as documents of OpenAPI 3.1 write it.
fn is_null(branch: &Json) -> bool {
    branch.get("type").and_then(Json::as_str) == Some("null")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(schemas: &str) -> Document {
        Document::parse(&format!(
            "{{paths: {{}}, components: {{schemas: {schemas}}}}}"
        ))
        .unwrap()
    }

    fn schema<'d>(document: &'d Document, name: &str) -> Schema<'d> {
        let (at, node) = document
            .resolve(&format!("#/components/schemas/{name}"))
            .unwrap();
        Schema::new(document, &at, node)
    }

    #[test]
    fn siblings_win_over_what_is_referred_to() {
        let document = document(
            "{A: {type: string, readOnly: true}, B: {$ref: '#/components/schemas/A', readOnly: false}}",
        );
        let schema = schema(&document, "B");
        assert_eq!(schema.kind(), Kind::String);
        assert!(!schema.flag("readOnly"));
    }

    #[test]
    fn properties_come_from_every_part() {
        let document = document(
            "{A: {allOf: [{properties: {x: {type: integer}}}, {properties: {x: {nullable: true}, y: {}}}], properties: {z: {}}}}",
        );
        let properties = schema(&document, "A").properties();
        let names: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["z", "x", "y"]);
        assert_eq!(properties[1].1.kind(), Kind::Integer);
        assert!(properties[1].1.nullable());
    }

    #[test]
    fn a_property_called_type_is_data() {
        let document = document("{A: {properties: {type: {type: string}, enum: {type: integer}}}}");
        let schema = schema(&document, "A");
        assert_eq!(schema.kind(), Kind::Object);
        assert!(schema.enumeration().is_none());
    }

    #[test]
    fn branches_keep_what_stands_beside_the_choice() {
        let document = document(
            "{A: {type: object, properties: {id: {type: integer}}, oneOf: [{title: One, properties: {x: {}}}, {type: array, items: {}}, {type: 'null'}]}}",
        );
        let schema = schema(&document, "A");
        assert_eq!(schema.kind(), Kind::Choice);
        assert!(schema.nullable());
        let branches = schema.branches();
        assert_eq!(branches.len(), 2);
        assert_eq!(branches[0].labels, ["One"]);
        assert_eq!(branches[0].schema.properties().len(), 2);
        assert_eq!(branches[1].schema.kind(), Kind::Array);
    }

    #[test]
    fn a_schema_that_is_part_of_itself_ends() {
        let document = document(
            "{A: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {a: {$ref: '#/components/schemas/A'}}}]}}",
        );
        let schema = schema(&document, "A");
        assert_eq!(schema.properties().len(), 1);
        assert_eq!(schema.properties()[0].1.properties().len(), 1);
    }
}
