//! The public surface of the generated crate as a snapshot: what a change does to users shows in the difference of one file.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test -p linode-codegen --test surface`.

mod support;

use std::fs;
use std::path::Path;

use linode_codegen::Files;
use linode_codegen::surface::surface;

#[test]
fn public_surface() {
    let mut files = Files::new();
    read(&support::project().join("generated/src"), "src", &mut files);
    let lines = surface(&files).expect("Rust");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("public_surface", lines.join("\n")));
}

/// The files of a folder and of those below it.
fn read(folder: &Path, name: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("the generated crate") {
        let path = entry.expect("a folder that can be listed").path();
        let name = format!("{name}/{}", path.file_name().unwrap_or_default().display());
        if path.is_dir() {
            read(&path, &name, files);
        } else {
            files.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
}
