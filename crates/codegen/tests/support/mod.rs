//! What the tests of the generator share: documents of their own, and the whole way from one to its files.

// Each test crate uses what it needs of this module.
#![allow(dead_code)]

pub mod bundled;
pub mod workspace;

use std::path::{Path, PathBuf};

use linode_codegen::{Files, Options, generate};
use linode_spec::api::Api;
use linode_spec::correct::Corrections;
use linode_spec::diagnostic::Accepted;
use linode_spec::identity::identify;
use linode_spec::load::load;
use linode_spec::name::{Lock, Names, name};
use linode_spec::normalise::normalise;

/// A document that went all the way.
pub struct Generated {
    /// Its model.
    pub api: Api,
    /// The names of everything in it.
    pub names: Names,
    /// What a lock keeps of them.
    pub lock: Lock,
    /// The crate.
    pub files: Files,
    /// What was wrong with the document, and what the model can't say of it, a line each.
    pub told: Vec<String>,
}

/// The crate of a document's text, with the names that a lock holds.
pub fn generated_with(file: &str, text: &str, lock: &Lock) -> Generated {
    corrected(file, text, lock, &Corrections::default())
}

/// The same, with corrections of which each must have an effect.
fn corrected(file: &str, text: &str, lock: &Lock, corrections: &Corrections) -> Generated {
    let document = load(file, text.as_bytes(), &Accepted::default(), false)
        .unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut api = identify(normalise(&document), lock);
    let account = &api.account;
    let defects = document.diagnostics.iter().map(ToString::to_string);
    let untyped = account
        .fallbacks
        .iter()
        .map(|it| format!("{}: untyped: {}", it.pointer, it.reason));
    let notes = account.notes.iter().chain(&account.markers_without_field);
    let notes = notes.map(|it| format!("{}: {}", it.pointer, it.reason));
    let told = defects.chain(untyped).chain(notes).collect();
    let (mut names, lock) = name(&api, lock).unwrap_or_else(|e| panic!("{file}: {e}"));
    let idle = corrections.apply(&mut api, &mut names);
    assert!(idle.is_empty(), "{file}: {idle:?}");
    let files = generate(&api, &names, &Options::new(core_crate()))
        .unwrap_or_else(|e| panic!("{file}: {e}"));
    Generated {
        api,
        names,
        lock,
        files,
        told,
    }
}

/// The crate of a document's text.
pub fn generated(file: &str, text: &str) -> Generated {
    generated_with(file, text, &Lock::default())
}

/// The crate of a fixture, with the corrections that it may have in `tests/corrections`.
pub fn fixture(name: &str) -> Generated {
    let file = fixtures().join(format!("../corrections/{name}.yaml"));
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let corrections = Corrections::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
    corrected(name, &fixture_text(name), &Lock::default(), &corrections)
}

/// The text of a fixture.
pub fn fixture_text(name: &str) -> String {
    let path = fixtures().join(format!("{name}.yaml"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The names of all fixtures, sorted.
pub fn fixture_names() -> Vec<String> {
    let entries = std::fs::read_dir(fixtures()).expect("the fixtures are beside the tests");
    let paths = entries.map(|entry| entry.expect("a folder that can be listed").path());
    let mut names: Vec<String> = paths
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// The root of the project.
pub fn project() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the root of the project")
}

/// The text of the pinned document.
pub fn pinned() -> String {
    std::fs::read_to_string(project().join("spec/linode.yaml")).expect("the pinned document")
}

/// Where generated crates find the runtime.
pub fn core_crate() -> String {
    project().join("crates/core").display().to_string()
}
