//! Documents of the API: refused, or brought all the way to the files of a crate, which are Rust.
//!
//! ```
//! linode_fuzz::documents::run(b"openapi: 3.0.1");
//! ```

use linode_codegen::{Options, generate};
use linode_spec::diagnostic::Accepted;
use linode_spec::identity::identify;
use linode_spec::load::load;
use linode_spec::name::{Lock, name};
use linode_spec::normalise::normalise;
use linode_spec::pin::pin;

use crate::assert_presentable;

/// Where it begins.
///
/// ```
/// linode_fuzz::documents::run(linode_fuzz::documents::SEEDS[0]);
/// ```
pub const SEEDS: &[&[u8]] = &[
    br##"{openapi: 3.0.1, info: {title: t, version: 1.2.3}, servers: [{url: 'https://a.example/v4'}], paths: {/a/{id}: {get: {operationId: a,
parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {200: {description: '', content: {application/json:
{schema: {$ref: '#/components/schemas/A'}}}}}}}}, components: {schemas: {A: {type: object, properties: {b: {type: string, enum: [x, y]},
c: {allOf: [{$ref: '#/components/schemas/A/properties/b'}]}}}}}}"##,
    br#"{openapi: 3.0.1, info: {title: t, version: 1.2.3}, paths: {/l: {get: {responses: {200: {description: '', content: {application/json: {schema:
{type: object, properties: {data: {type: array, items: {type: object, properties: {id: {type: integer, x-linode-filterable: true}, type: {type: string}}}},
page: {type: integer}, pages: {type: integer}, results: {type: integer}}}}}}}}, post: {requestBody: {content: {application/json: {schema: {oneOf:
[{type: object, required: [k], properties: {k: {type: string}}}, {type: array, items: {type: number}}]}}}}, responses: {204: {description: ''}}}}}}"#,
    br#"{"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/{apiVersion}/b": {"delete": {"x-linode-cli-action": ["x"], "security": [{"o": ["a:b"]}], "responses": {"default": {"description": ""}}}}}}"#,
    b"a: &a [*a, *a]\npaths: *a",
    b"- - - - ? : {}",
];

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::documents::run(b"");
/// ```
pub fn run(input: &[u8]) {
    let accepted = Accepted::default();
    let document = match load("input", input, &accepted, false) {
        Ok(document) => document,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    if let Ok(pinned) = pin("input", input) {
        let loaded = load("pinned", &pinned.yaml, &accepted, false);
        loaded.unwrap_or_else(|error| panic!("what was pinned is not loaded: {error}"));
    }
    let api = identify(normalise(&document), &Lock::default());
    match name(&api, &Lock::default()) {
        Ok((names, lock)) => {
            let files = generate(&api, &names, &Options::new("../core"));
            files.unwrap_or_else(|error| panic!("the generator wrote no Rust: {error}"));
            let (again, _) = name(&api, &lock).expect("the names of the lock");
            assert_eq!(format!("{again:?}"), format!("{names:?}"));
        }
        Err(error) => assert_presentable(&error),
    }
}
