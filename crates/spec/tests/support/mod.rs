//! Small documents, written where they are tested, and the pinned one.

// Each test crate uses what it needs of this module.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use linode_spec::api::Api;
use linode_spec::diagnostic::Accepted;
use linode_spec::load::load;
use linode_spec::normalise::normalise;

/// The model of a document with these paths.
pub fn api(paths: &str) -> Api {
    model(
        "small.yaml",
        &format!("openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n{paths}"),
    )
}

/// The model of a document with one GET that answers this schema.
pub fn answering(schema: &str) -> Api {
    api(&format!(
        "  /a:\n    get:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}\n"
    ))
}

/// An object of these properties.
pub fn object(properties: &str) -> String {
    format!("{{type: object, properties: {{{properties}}}}}")
}

/// The model of the pinned document.
pub fn pinned() -> Api {
    let text =
        std::fs::read_to_string(project().join("spec/linode.yaml")).expect("the pinned document");
    model("spec/linode.yaml", &text)
}

/// The model of a document's text.
pub fn model(file: &str, text: &str) -> Api {
    let document = load(file, text.as_bytes(), &Accepted::default(), false)
        .unwrap_or_else(|e| panic!("{e}\n{text}"));
    normalise(&document)
}

/// The root of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
