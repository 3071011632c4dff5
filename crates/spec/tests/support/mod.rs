//! Small documents, written where they are tested, and the pinned one.

// Each test crate uses what it needs of this module.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use linode_spec::api::{AnswerKind, Api, List, Operation, Record, Ty, TypeKind, Union};
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
pub fn pinned() -> &'static Api {
    static PINNED: OnceLock<Api> = OnceLock::new();
    PINNED.get_or_init(|| {
        let text = std::fs::read_to_string(project().join("spec/linode.yaml"));
        model("spec/linode.yaml", &text.expect("the pinned document"))
    })
}

/// The model of release 4.176.0, whose figures are known: pinned, or beside the project.
pub fn of_4_176_0() -> Option<&'static Api> {
    static MODEL: OnceLock<Option<Api>> = OnceLock::new();
    let model = MODEL.get_or_init(|| {
        if pinned().release == "4.176.0" {
            return Some(pinned().clone());
        }
        const FILE: &str = "../shared/spec/linode-4.176.0.yaml";
        match std::fs::read(project().join(FILE)) {
            Ok(text) => {
                let pinned = linode_spec::pin::pin(FILE, &text).unwrap_or_else(|e| panic!("{e}"));
                Some(model(FILE, &String::from_utf8_lossy(&pinned.yaml)))
            }
            Err(error) => {
                println!("{FILE}: skipped: {error}");
                None
            }
        }
    });
    model.as_ref()
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

/// The one operation.
pub fn only(api: &Api) -> &Operation {
    assert_eq!(api.operations.len(), 1);
    &api.operations[0]
}

/// The record of an answer that is one.
pub fn record(api: &Api) -> &Record {
    let AnswerKind::Value(ty) = &only(api).answer.kind else {
        panic!("{:?}", only(api).answer)
    };
    api.record(ty).expect("a record")
}

/// The type of a field of the record that is answered.
pub fn field(api: &Api, name: &str) -> Ty {
    let fields = &record(api).fields;
    fields
        .iter()
        .find(|f| f.name == name)
        .unwrap_or_else(|| panic!("no {name} in {fields:?}"))
        .ty
        .clone()
}

/// The operations that answer a page.
pub fn lists(api: &Api) -> Vec<(&Operation, &List)> {
    api.operations
        .iter()
        .filter_map(|o| Some((o, o.answer.list()?)))
        .collect()
}

/// Every union that is used.
pub fn unions(api: &Api) -> Vec<&Union> {
    let unions = api
        .types
        .iter()
        .filter(|def| !def.positions.is_empty())
        .filter_map(|def| match &def.kind {
            TypeKind::Union(union) => Some(union),
            _ => None,
        });
    unions.collect()
}
