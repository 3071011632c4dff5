//! The examples that contradict their own schema.
//!
//! ```
//! use linode_witness::Document;
//!
//! let document = Document::parse("paths: {}")?;
//! assert!(document.replaced_examples().is_empty());
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use std::collections::{BTreeSet, HashSet};

use crate::conform::{Rule, problems};
use crate::operation::Content;
use crate::schema::{Others, Schema};
use crate::{Document, Json};

/// An example for which another value is made, because it contradicts its own schema.
///
/// ```
/// let replaced = linode_witness::Replaced { pointer: "/components/schemas/A/example".into(), reason: "…".into() };
/// assert_eq!(replaced.to_string(), "/components/schemas/A/example: …");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// JSON pointer of the example.
    pub pointer: String,
    /// What it contradicts.
    pub reason: String,
}

impl std::fmt::Display for Replaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.pointer, self.reason)
    }
}

/// Whether an example can be answered or sent as it is.
pub(crate) fn agrees(schema: &Schema<'_>, example: &Json, rule: Rule) -> bool {
    problems(schema, example, rule, "").is_empty()
}

/// Every example that any operation can reach and that contradicts its own schema, in the order of their pointers.
pub(crate) fn replaced(document: &Document) -> Vec<Replaced> {
    let mut search = Search {
        seen: HashSet::new(),
        found: BTreeSet::new(),
    };
    for operation in document.operations() {
        for parameter in operation.parameters() {
            search.schema(&parameter.schema);
        }
        for content in operation
            .body()
            .into_iter()
            .chain(operation.answer().content)
        {
            search.content(&content);
        }
    }
    search.found.into_iter().collect()
}

struct Search {
    /// Places seen: a schema is looked at once, however often it is used.
    seen: HashSet<String>,
    found: BTreeSet<Replaced>,
}

impl Search {
    fn content(&mut self, content: &Content<'_>) {
        if let Some((at, example)) = &content.example {
            self.example(&content.schema, at, example, Rule::Answer);
        }
        self.schema(&content.schema);
    }

    fn schema(&mut self, schema: &Schema<'_>) {
        if !self.seen.insert(schema.at().to_owned()) {
            return;
        }
        if let Some((at, example)) = schema.keyword("example") {
            self.example(schema, &at, example, Rule::Example);
        }
        for (_, property) in schema.properties() {
            self.schema(&property);
        }
        for branch in schema.branches() {
            self.schema(&branch.schema);
        }
        if schema.keyword("items").is_some() {
            self.schema(&schema.items());
        }
        if let Others::Described(others) = schema.others() {
            self.schema(&others);
        }
    }

    fn example(&mut self, schema: &Schema<'_>, at: &str, example: &Json, rule: Rule) {
        let problems = problems(schema, example, rule, "");
        if !problems.is_empty() {
            let reason = problems.join("; ").trim_start().to_owned();
            self.found.insert(Replaced {
                pointer: at.to_owned(),
                reason,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_example_is_listed_once_and_a_media_type_s_too() {
        let document = Document::parse(
            "{components: {schemas: {A: {properties: {n: {type: integer, example: x}, ok: {type: string, example: y}}}}},
              paths: {/a: {
                get: {responses: {200: {content: {application/json: {example: {z: 1}, schema: {$ref: '#/components/schemas/A'}}}}}},
                put: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}",
        )
        .unwrap();
        let pointers: Vec<_> = document
            .replaced_examples()
            .into_iter()
            .map(|replaced| replaced.pointer)
            .collect();
        assert_eq!(
            pointers,
            [
                "/components/schemas/A/properties/n/example",
                "/paths/~1a/get/responses/200/content/application~1json/example"
            ]
        );
    }
}
