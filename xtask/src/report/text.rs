//! The report for a person.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use super::{Complaint, Report};

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "release {} of the Linode API\n", self.release)?;
        self.operations(f)?;
        self.lists(f)?;
        self.types(f)?;
        self.losses(f)
    }
}

impl Report {
    fn operations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operations,
            operations_without_id,
            deprecated,
            parameters,
            ..
        } = self;
        writeln!(
            f,
            "operations  {operations}: {deprecated} deprecated, {operations_without_id} without an id"
        )?;
        writeln!(f, "  versions    {}", counts(&self.versions))?;
        writeln!(f, "  answers     {}", counts(&self.answers))?;
        writeln!(f, "  bodies      {}", counts(&self.bodies))?;
        writeln!(
            f,
            "parameters  {parameters}: {}",
            counts(&self.parameters_in)
        )
    }

    fn lists(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            paginated_lists,
            filterable_fields,
            markers,
            markers_without_field,
            ..
        } = self;
        let (fields, unused) = (filterable_fields.len(), markers_without_field.len());
        writeln!(
            f,
            "lists       {paginated_lists}: {fields} filterable fields"
        )?;
        writeln!(
            f,
            "  markers     {markers}: {} reach a list, {unused} reach none",
            markers.saturating_sub(unused)
        )
    }

    fn types(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            types,
            records,
            request_types,
            enums,
            unions,
            merged_shapes,
            ..
        } = self;
        let Self {
            answer_fields,
            answer_fields_always_present: always,
            ..
        } = self;
        writeln!(
            f,
            "types       {types}: {records} records ({request_types} of them bodies of one operation), {enums} enums, {unions} unions"
        )?;
        writeln!(
            f,
            "  merged      {merged_shapes} occurrences of objects with a shape met before"
        )?;
        writeln!(
            f,
            "  answers     {answer_fields} fields, {always} of them always there"
        )?;
        writeln!(
            f,
            "  numbered    {} names end in a number that is not in the document",
            self.numbered_names
        )
    }

    /// What is not in the crate as the document has it: each with its place.
    fn losses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fallbacks = |of: &[linode_spec::api::Fallback]| {
            of.iter()
                .map(|it| format!("{}: {}", it.pointer, it.reason))
                .collect::<Vec<_>>()
        };
        let unknown: Vec<String> = self
            .unknown_keys
            .iter()
            .map(|it| format!("{}: `{}` of a {}", it.pointer, it.key, it.kind))
            .collect();
        let complaints: Vec<String> = self.diagnostics.iter().map(complaint).collect();
        section(f, "names with made-up numbers", &self.numbered_name_list)?;
        section(
            f,
            "schemas that became untyped JSON",
            &fallbacks(&self.fallbacks),
        )?;
        section(
            f,
            "markers that reach no list",
            &fallbacks(&self.markers_without_field),
        )?;
        section(f, "what the model can't say", &fallbacks(&self.notes))?;
        section(f, "unknown keys", &unknown)?;
        section(f, "diagnostics", &complaints)?;
        section(f, "corrections without effect", &self.idle_corrections)
    }
}

fn complaint(complaint: &Complaint) -> String {
    let Complaint {
        code,
        severity,
        pointer,
        found,
        done,
        accepted,
    } = complaint;
    let accepted = accepted
        .as_ref()
        .map(|reason| format!(" (accepted: {reason})"))
        .unwrap_or_default();
    format!("{pointer}: {severity}: found {found}; done: {done} [{code}]{accepted}")
}

/// `368 v4, 66 v4beta`
fn counts<K: Display>(counts: &BTreeMap<K, usize>) -> String {
    counts
        .iter()
        .map(|(key, count)| format!("{count} {key}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A heading with its number, and a line for each; an empty one is left out.
fn section(f: &mut fmt::Formatter<'_>, heading: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{heading} ({})", lines.len())?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}
