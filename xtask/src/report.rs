//! `report`: what became of everything in a document.
//!
//! ```no_run
//! use xtask::{report, workspace::Workspace};
//! print!("{}", report::run(&Workspace::here(), None, true)?.text);
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

mod numbered;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use linode_spec::api::{AnswerKind, Api, Content, Fallback, Field, Place, TypeDef, TypeKind};
use linode_spec::diagnostic::{Diagnostic, Severity};
use serde::Serialize;

use crate::outcome::{Failure, Outcome};
use crate::pipeline::{Model, understand};
use crate::workspace::Workspace;

/// The account of one document; its JSON form has the same keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// The release of the API.
    pub release: String,
    /// How many operations there are.
    pub operations: usize,
    /// How many of them have no `operationId`.
    pub operations_without_id: usize,
    /// How many of them are deprecated.
    pub deprecated: usize,
    /// How many of them each version of the API has.
    pub versions: BTreeMap<String, usize>,
    /// How many of them answer with a value, a page, bytes, or nothing.
    pub answers: BTreeMap<&'static str, usize>,
    /// How many of them send fields, other JSON, bytes, or parts.
    pub bodies: BTreeMap<&'static str, usize>,
    /// How many parameters the operations have, all together.
    pub parameters: usize,
    /// How many of them travel in the path, the query, the headers or the cookies.
    pub parameters_in: BTreeMap<&'static str, usize>,
    /// How many operations are paginated lists.
    pub paginated_lists: usize,
    /// The list and the dotted key of everything that a list can be filtered by.
    pub filterable_fields: Vec<(String, String)>,
    /// How many places of the document carry a filter marker.
    pub markers: usize,
    /// The markers that no list can use.
    pub markers_without_field: Vec<Fallback>,
    /// How many types the crate has.
    pub types: usize,
    /// How many of them are objects with known fields.
    pub records: usize,
    /// How many of the records are the whole body of one operation.
    pub request_types: usize,
    /// How many types are sets of known values.
    pub enums: usize,
    /// How many types are one of several.
    pub unions: usize,
    /// How many occurrences of objects fell together with a shape met before.
    pub merged_shapes: usize,
    /// How many fields the records have that answers hold.
    pub answer_fields: usize,
    /// How many of those are always there.
    pub answer_fields_always_present: usize,
    /// How many names end in a number that is not in the document.
    pub numbered_names: usize,
    /// Those names.
    pub numbered_name_list: Vec<String>,
    /// Keys that the loader does not know.
    pub unknown_keys: Vec<UnknownKey>,
    /// Schemas that became untyped JSON.
    pub fallbacks: Vec<Fallback>,
    /// Things that the model cannot say.
    pub notes: Vec<Fallback>,
    /// What was wrong with the document.
    pub diagnostics: Vec<Complaint>,
    /// Corrections that had nothing to correct.
    pub idle_corrections: Vec<String>,
}

/// A key that the loader does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownKey {
    /// The object that has it.
    pub pointer: String,
    /// The key.
    pub key: String,
    /// The kind of that object.
    pub kind: &'static str,
}

/// One thing that was wrong with the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// Its class.
    pub code: &'static str,
    /// `defect` or `note`.
    pub severity: &'static str,
    /// Where.
    pub pointer: String,
    /// What was found there.
    pub found: String,
    /// What was done about it.
    pub done: String,
    /// Why it is accepted, if it is.
    pub accepted: Option<String>,
}

/// Reports on the pinned document or on another one.
///
/// # Errors
///
/// [`Failure::Document`] if the document can't be loaded. Defects are no failure: they are part of the report.
///
/// ```
/// use xtask::{report, workspace::Workspace};
/// assert!(report::run(&Workspace::here(), Some("no/such/file".as_ref()), false).is_err());
/// ```
pub fn run(workspace: &Workspace, spec: Option<&Path>, json: bool) -> Result<Outcome, Failure> {
    let source = workspace.asked(spec, false)?;
    let model = understand(&source, &workspace.lock()?, &workspace.corrections()?)?;
    let report = Report::of(&model);
    if !json {
        return Ok(Outcome::fine(report.to_string()));
    }
    let unwritable = |e: serde_json::Error| Failure::Malformed {
        file: source.file.clone(),
        what: format!("its report has no JSON form: {e}"),
    };
    let text = serde_json::to_string_pretty(&report).map_err(unwritable)?;
    Ok(Outcome::fine(text + "\n"))
}

impl Report {
    /// The account of a model.
    ///
    /// ```
    /// use xtask::{pipeline::understand, report::Report, workspace::Workspace};
    /// let workspace = Workspace::here();
    /// let model = understand(&workspace.pinned(false)?, &workspace.lock()?, &workspace.corrections()?)?;
    /// let report = Report::of(&model);
    /// assert_eq!(report.types, report.records + report.enums + report.unions);
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn of(model: &Model) -> Self {
        let Model {
            document,
            api,
            names,
            idle,
            ..
        } = model;
        let account = api.account.clone();
        let numbered_name_list = numbered::names(api, names);
        let mut report = Self {
            release: api.release.clone(),
            merged_shapes: account.merged_shapes,
            markers: account.markers,
            markers_without_field: account.markers_without_field,
            fallbacks: account.fallbacks,
            notes: account.notes,
            numbered_names: numbered_name_list.len(),
            numbered_name_list,
            unknown_keys: document.unknown_keys.iter().map(UnknownKey::of).collect(),
            diagnostics: document.diagnostics.iter().map(Complaint::of).collect(),
            idle_corrections: idle.iter().map(ToString::to_string).collect(),
            ..Self::default()
        };
        report.add_operations(api);
        report.add_types(api);
        report
    }

    fn add_operations(&mut self, api: &Api) {
        let operations = &api.operations;
        self.operations = operations.len();
        self.operations_without_id = operations.iter().filter(|o| o.id.is_none()).count();
        self.deprecated = operations.iter().filter(|o| o.deprecated).count();
        self.versions = tally(operations.iter().flat_map(|o| o.versions.iter().cloned()));
        self.answers = tally(operations.iter().map(|o| answer(&o.answer.kind)));
        self.bodies = tally(operations.iter().map(|o| {
            o.body
                .as_ref()
                .map_or("nothing", |body| content(&body.content))
        }));
        self.parameters = operations.iter().map(|o| o.parameters.len()).sum();
        self.parameters_in = tally(
            operations
                .iter()
                .flat_map(|o| &o.parameters)
                .map(|p| place(p.place)),
        );
        let lists: Vec<_> = operations
            .iter()
            .filter_map(|o| Some((o.key(), o.answer.list()?)))
            .collect();
        self.paginated_lists = lists.len();
        let fields = lists.iter().flat_map(|(key, list)| {
            list.filters
                .iter()
                .map(|field| (key.clone(), field.key.clone()))
        });
        self.filterable_fields = fields.collect();
    }

    fn add_types(&mut self, api: &Api) {
        let used: Vec<&TypeDef> = api
            .types
            .iter()
            .filter(|def| !def.positions.is_empty())
            .collect();
        self.types = used.len();
        self.records = used
            .iter()
            .filter(|def| matches!(def.kind, TypeKind::Record(_)))
            .count();
        self.enums = used
            .iter()
            .filter(|def| matches!(def.kind, TypeKind::Enum(_)))
            .count();
        self.unions = used
            .iter()
            .filter(|def| matches!(def.kind, TypeKind::Union(_)))
            .count();
        self.request_types = used.iter().filter(|def| def.body_of.is_some()).count();
        let fields: Vec<&Field> = used
            .iter()
            .filter(|def| def.in_answers)
            .flat_map(|def| fields(def))
            .collect();
        self.answer_fields = fields.len();
        self.answer_fields_always_present = fields.iter().filter(|field| field.always).count();
    }
}

impl UnknownKey {
    fn of(unknown: &linode_spec::load::UnknownKey) -> Self {
        Self {
            pointer: unknown.pointer.clone(),
            key: unknown.key.clone(),
            kind: unknown.kind,
        }
    }
}

impl Complaint {
    fn of(diagnostic: &Diagnostic) -> Self {
        let severity = match diagnostic.severity {
            Severity::Note => "note",
            Severity::Defect => "defect",
        };
        let Diagnostic {
            code,
            pointer,
            found,
            done,
            accepted,
            ..
        } = diagnostic.clone();
        Self {
            code,
            severity,
            pointer,
            found,
            done,
            accepted,
        }
    }
}

fn fields(def: &TypeDef) -> &[Field] {
    match &def.kind {
        TypeKind::Record(record) => &record.fields,
        TypeKind::Enum(_) | TypeKind::Union(_) => &[],
    }
}

fn answer(kind: &AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Nothing => "nothing",
        AnswerKind::Value(_) => "value",
        AnswerKind::Page(_) => "page",
        AnswerKind::Bytes => "bytes",
    }
}

fn content(content: &Content) -> &'static str {
    match content {
        Content::Fields(_) => "fields",
        Content::Json(_) => "json",
        Content::Bytes => "bytes",
        Content::Multipart(_) => "parts",
    }
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_insert(0) += 1);
    counts
}
