//! `list`: every operation, as data.
//!
//! ```
//! use xtask::{list::{Arguments, run}, workspace::Workspace};
//!
//! let arguments = Arguments { pattern: Some("list_tags".into()), ..Arguments::default() };
//! let outcome = run(&Workspace::here(), &arguments)?;
//! assert!(outcome.text.starts_with("tags.list_tags "));
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use std::path::PathBuf;

use clap::Args;
use linode_codegen::catalogue::entries;
use serde_json::Value as Json;

use crate::outcome::{Failure, Outcome};
use crate::pipeline::understand;
use crate::workspace::{Workspace, given};

/// Which operations, and how.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// Only operations whose id, name, method and path, summary or tags hold this text, in whatever case.
    pub pattern: Option<String>,
    /// Another document than the pinned one.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// A JSON array instead of text: all that the catalogue of the crate knows of each, with a JSON Schema of its input.
    #[arg(long)]
    pub json: bool,
}

/// Runs it. Where nothing is found, the exit code is 1.
///
/// # Errors
///
/// [`Failure`] if the document can't be used.
///
/// ```
/// use xtask::{list, workspace::Workspace};
///
/// let arguments = list::Arguments { pattern: Some("no such thing".into()), ..Default::default() };
/// assert_eq!(list::run(&Workspace::here(), &arguments)?.code, 1);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Outcome, Failure> {
    let source = match &arguments.spec {
        Some(file) => given(file)?,
        None => workspace.pinned(false)?,
    };
    let model = understand(&source, &workspace.lock()?, &workspace.corrections()?)?;
    let pattern = arguments
        .pattern
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    let mut found = entries(&model.api, &model.names);
    found.retain(|entry| {
        texts(entry)
            .iter()
            .any(|text| text.to_lowercase().contains(&pattern))
    });
    let text = match arguments.json {
        // Plain data always has a JSON form.
        true => serde_json::to_string_pretty(&found).unwrap_or_default() + "\n",
        false => table(&found),
    };
    match found.is_empty() {
        true => Ok(Outcome::differs(text)),
        false => Ok(Outcome::fine(text)),
    }
}

fn text<'a>(entry: &'a Json, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or_default()
}

fn name(entry: &Json) -> String {
    format!("{}.{}", text(entry, "group"), text(entry, "name"))
}

fn address(entry: &Json) -> String {
    format!("{} {}", text(entry, "method"), text(entry, "path"))
}

/// What is searched.
fn texts(entry: &Json) -> Vec<String> {
    let tags = entry["tags"].as_array().into_iter().flatten();
    let tags = tags.filter_map(Json::as_str).map(str::to_owned);
    let own = [
        name(entry),
        address(entry),
        text(entry, "id").to_owned(),
        text(entry, "summary").to_owned(),
    ];
    own.into_iter().chain(tags).collect()
}

/// A line for each: name, method and path, summary.
fn table(entries: &[Json]) -> String {
    let widest = |of: fn(&Json) -> String| {
        entries
            .iter()
            .map(|entry| of(entry).len())
            .max()
            .unwrap_or(0)
    };
    let (names, addresses) = (widest(name), widest(address));
    let line = |entry: &Json| {
        let line = format!(
            "{:names$}  {:addresses$}  {}",
            name(entry),
            address(entry),
            text(entry, "summary")
        );
        line.trim_end().to_owned() + "\n"
    };
    entries.iter().map(line).collect()
}
