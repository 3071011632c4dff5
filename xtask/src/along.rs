//! What goes along with the crate: files of the project that say what the pinned document says, and so are written anew with it.
//!
//! They are the copy of the document that the testkit answers from, and what the README shows of the crate, between two comments.
//!
//! ```
//! use xtask::along::with_blocks;
//!
//! let readme = "before\n<!-- generate: figures -->\nold\n<!-- end -->\nafter\n";
//! let blocks = [("figures", "new\n".to_owned())];
//! assert_eq!(with_blocks(readme, &blocks), "before\n<!-- generate: figures -->\nnew\n<!-- end -->\nafter\n");
//! ```

use std::collections::BTreeMap;

use linode_codegen::Files;
use linode_spec::normalise::normalise;
use linode_spec::stand_in::stand_in;

use crate::generate::up_to_date;
use crate::outcome::Failure;
use crate::pipeline::Model;
use crate::report::Report;
use crate::workspace::{DOCUMENT, EMBEDDED, README, Workspace};

/// The end of a block.
const END: &str = "<!-- end -->\n";

/// The files, as they should be: path from the root → text. `document` is the pinned one, and `crate_files` those of its crate.
///
/// # Errors
///
/// [`Failure::Document`] if the document can't be read, [`Failure::Unreadable`] for a README that can't.
///
/// ```no_run
/// use linode_spec::correct::Corrections;
/// use xtask::{along::along, pipeline::understand, workspace::Workspace};
///
/// let workspace = Workspace::here();
/// let source = workspace.pinned(false)?;
/// let mut model = understand(&source, &workspace.lock()?, &workspace.corrections()?)?;
/// let files = model.files(&linode_codegen::Options::new("../core"))?;
/// assert!(along(&workspace, &source.bytes, &model, &files)?.contains_key("README.md"));
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn along(
    workspace: &Workspace,
    document: &[u8],
    model: &Model,
    crate_files: &Files,
) -> Result<BTreeMap<&'static str, String>, Failure> {
    let described = normalise(&model.document);
    let copy = stand_in(DOCUMENT, document, &described, &model.api)?;
    let mut files = BTreeMap::from([(EMBEDDED, copy)]);
    let readme = workspace.optional(README)?;
    if !readme.is_empty() {
        let blocks = [
            ("run", run(model, crate_files)),
            ("figures", figures(model, crate_files)),
        ];
        files.insert(README, with_blocks(&readme, &blocks));
    }
    Ok(files)
}

/// A text with its blocks as they should be. What is not between two comments is left alone.
///
/// ```
/// use xtask::along::with_blocks;
/// assert_eq!(with_blocks("text\n", &[("figures", "new\n".to_owned())]), "text\n");
/// ```
pub fn with_blocks(text: &str, blocks: &[(&str, String)]) -> String {
    let mut text = text.to_owned();
    for (name, block) in blocks {
        let head = format!("<!-- generate: {name} -->\n");
        let Some(start) = text.find(&head).map(|at| at + head.len()) else {
            continue;
        };
        if let Some(length) = text[start..].find(END) {
            text.replace_range(start..start + length, block);
        }
    }
    text
}

/// The command, and what it prints where there is nothing to do.
fn run(model: &Model, files: &Files) -> String {
    let told = up_to_date(model, files);
    format!("```console\n$ cargo xtask generate\n{told}```\n")
}

/// What `report` and `generate` count.
fn figures(model: &Model, files: &Files) -> String {
    let report = Report::of(model);
    let (operations, lists) = (report.operations, report.paginated_lists);
    let lines: usize = files.values().map(|text| text.lines().count()).sum();
    let rows = [
        (
            "operations in the document / in the crate",
            format!("{operations} / {}", model.names.operations.len()),
            "report",
        ),
        (
            "lists / fields that they can be filtered by, typed",
            format!("{lists} / {}", report.filterable_fields.len()),
            "report",
        ),
        (
            "names that end in a number which is not in the document",
            report.numbered_names.to_string(),
            "report",
        ),
        (
            "fields of answers that are plain `T`, by evidence",
            format!(
                "{} of {}",
                report.answer_fields_always_present, report.answer_fields
            ),
            "report",
        ),
        ("lines of the crate", lines.to_string(), "generate"),
    ];
    let release = &report.release;
    let mut table = format!("| release {release} | figure | command |\n|---|---|---|\n");
    for (what, figure, command) in rows {
        table.push_str(&format!(
            "| {what} | {figure} | `cargo xtask {command}` |\n"
        ));
    }
    table
}
