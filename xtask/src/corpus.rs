//! `corpus`: every document of a folder generated and accounted for, and each crate built.
//!
//! ```
//! use xtask::corpus::{Arguments, run};
//! use xtask::workspace::Workspace;
//!
//! let nowhere = Arguments { folder: "no/such/folder".into(), ..Arguments::default() };
//! assert!(run(&Workspace::here(), &nowhere).is_err());
//! ```

mod account;
mod build;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use linode_codegen::{Files, Options};
use serde::Serialize;

use self::build::Builder;
use crate::outcome::{Failure, Outcome};
use crate::pipeline::{Model, understand};
use crate::report::Report;
use crate::workspace::{Workspace, given};

/// What a document's file name ends in.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];

/// Which documents, and what to do with them.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// The folder with the documents: YAML or JSON, one a file.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Have each crate checked by the compiler and Clippy, and documented: no warning passes.
    #[arg(long)]
    pub build: bool,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// What became of all documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Corpus {
    /// Whether every document is all right.
    pub ok: bool,
    /// How long their generation took together, in milliseconds.
    pub ms: u64,
    /// The documents, releases in order.
    pub files: Vec<Entry>,
}

/// What became of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Entry {
    /// The file's name.
    pub file: String,
    /// The release of the API.
    pub release: String,
    /// Operations in the crate.
    pub operations: usize,
    /// Whether the crate has everything of the document, no numbered name, and, with `--build`, builds without a warning.
    pub ok: bool,
    /// Why it is not.
    pub error: Option<String>,
    /// Names that end in a number which is not in the document.
    pub numbered_names: usize,
    /// Schemas that became untyped JSON.
    pub fallbacks: usize,
    /// How long it took from the bytes to the files, in milliseconds.
    pub ms: u64,
    /// Parameters of the operations.
    pub parameters: usize,
    /// Paginated lists.
    pub paginated_lists: usize,
    /// Places with a filter marker.
    pub markers: usize,
    /// Types.
    pub types: usize,
    /// Lines of Rust.
    pub lines: usize,
    /// What was wrong with the document and repaired, and what the model cannot say of it.
    pub diagnostics: usize,
    /// How long the build took, in milliseconds.
    pub build_ms: Option<u64>,
}

/// Runs it. Exit code 1 if a document is not all right.
///
/// # Errors
///
/// [`Failure::Unreadable`] for a folder that can't be read, [`Failure::Usage`] for one without documents.
///
/// ```
/// use xtask::{corpus, workspace::Workspace};
/// let arguments = corpus::Arguments { folder: Workspace::here().path("crates/core"), ..Default::default() };
/// assert!(corpus::run(&Workspace::here(), &arguments).is_err_and(|failure| failure.to_string().contains("no document")));
/// ```
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Outcome, Failure> {
    let documents = documents(&arguments.folder)?;
    if documents.is_empty() {
        let ends = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
        return Err(Failure::Usage(format!(
            "{} has no document: no file that ends in {ends}",
            arguments.folder.display()
        )));
    }
    let builder = arguments
        .build
        .then(|| Builder::new(workspace))
        .transpose()?;
    let mut files = Vec::new();
    for file in &documents {
        files.push(entry(workspace, file, builder.as_ref())?);
    }
    let corpus = Corpus {
        ok: files.iter().all(|entry| entry.ok),
        ms: files.iter().map(|entry| entry.ms).sum(),
        files,
    };
    let text = match arguments.json {
        // Numbers, texts and lists always have a JSON form.
        true => serde_json::to_string_pretty(&corpus).unwrap_or_default() + "\n",
        false => corpus.to_string(),
    };
    Ok(match corpus.ok {
        true => Outcome::fine(text),
        false => Outcome::differs(text),
    })
}

/// The documents of a folder, `4.63.1` before `4.117.1`.
fn documents(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |source| Failure::Unreadable {
        path: folder.to_owned(),
        source,
        advice: "give it a folder of OpenAPI documents",
    };
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let ending = path.extension().and_then(|e| e.to_str());
        let ending = ending.map(str::to_ascii_lowercase);
        let is_document = ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
        // A link that leads nowhere is a document that can't be read.
        if is_document && !path.is_dir() {
            documents.push(path);
        }
    }
    documents.sort_by_key(|path| (natural(&name(path)), path.clone()));
    Ok(documents)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A name's runs of digits as numbers.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0u64)];
    let mut in_number = false;
    for c in name.chars() {
        if in_number && !c.is_ascii_digit() {
            parts.push((String::new(), 0));
        }
        in_number = c.is_ascii_digit();
        if let Some((text, number)) = parts.last_mut() {
            match c.to_digit(10) {
                Some(digit) => *number = number.saturating_mul(10).saturating_add(digit.into()),
                None => text.push(c),
            }
        }
    }
    parts
}

/// What became of one document; that it can't be used is no failure of the command.
fn entry(workspace: &Workspace, file: &Path, builder: Option<&Builder>) -> Result<Entry, Failure> {
    let (lock, corrections) = (workspace.lock()?, workspace.corrections()?);
    let mut entry = Entry {
        file: name(file),
        ..Entry::default()
    };
    let core = builder.map_or("../core", |builder| &builder.core);
    let options = Options {
        standalone: true,
        ..Options::new(core)
    };
    let start = Instant::now();
    let generated = given(file).and_then(|source| {
        let mut model = understand(&source, &lock, &corrections)?;
        let files = model.files(&options)?;
        Ok((model, files))
    });
    entry.ms = milliseconds(start);
    let (model, files) = match generated {
        Ok(generated) => generated,
        Err(failure) => {
            entry.error = Some(failure.to_string());
            return Ok(entry);
        }
    };
    entry.fill(&model, &files);
    if let Some(builder) = builder
        && entry.error.is_none()
    {
        let start = Instant::now();
        entry.error = builder.build(&entry.file, &files)?;
        entry.build_ms = Some(milliseconds(start));
    }
    entry.ok = entry.error.is_none();
    Ok(entry)
}

fn milliseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

impl Entry {
    fn fill(&mut self, model: &Model, files: &Files) {
        let report = Report::of(model);
        let inventory = model.document.inventory();
        self.markers = inventory.markers;
        let mut wrong = account::lost(&inventory, model, files);
        if report.numbered_names > 0 {
            let names = report.numbered_name_list.join(", ");
            wrong.push(format!("numbered names: {names}"));
        }
        self.error = (!wrong.is_empty()).then(|| wrong.join("\n"));
        self.release = report.release;
        self.operations = report.operations;
        self.numbered_names = report.numbered_names;
        self.fallbacks = report.fallbacks.len();
        self.parameters = report.parameters;
        self.paginated_lists = report.paginated_lists;
        self.types = report.types;
        self.diagnostics = report.diagnostics.len() + report.notes.len();
        let sources = files.iter().filter(|(path, _)| path.ends_with(".rs"));
        self.lines = sources.map(|(_, text)| text.lines().count()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn releases_sort_by_their_numbers() {
        let mut names = ["a-4.117.1.yaml", "a-4.63.1.yaml", "a-4.3.2.yaml", "a.yaml"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(
            names,
            ["a-4.3.2.yaml", "a-4.63.1.yaml", "a-4.117.1.yaml", "a.yaml"]
        );
    }
}
